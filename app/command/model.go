package command

import (
	"github.com/spf13/cobra"

	"viewfinder/app/studio"
)

// exportedModelDoc is what `viewfinder model export --json` prints.
type exportedModelDoc struct {
	Version string `json:"version"`
	File    string `json:"file"`
	Bytes   int64  `json:"bytes"`
}

// model is `viewfinder model export`.
func (s *session) model() *cobra.Command {
	return s.facts(&cobra.Command{
		Use:   "model export PROJECT VERSION FILE",
		Short: "Write a version's network out as a file",
		Long: `Writes the network of a version that is ready or was stopped to FILE, which must end in .safetensors and not exist yet. Its tensors have
torchvision's names; its metadata tell architecture, task, concepts in their order, and resizer.`,
		Example: "  viewfinder model export waste v3 waste-v3.safetensors",
		Args:    between(1, -1, "export, a project, a version and a file"),
		RunE: func(c *cobra.Command, args []string) error {
			if args[0] != "export" {
				return wrongCall(c, "there is no %q of models: it is export", args[0])
			}
			if err := verbArgs(c, args[0], args[1:], map[string]int{"export": 3}); err != nil {
				return err
			}
			if err := studio.CheckModelFile(args[3]); err != nil {
				return wrongCall(c, "%w", err)
			}
			return s.reading(c.Context(), args[1], func(p *studio.Project) error {
				v, err := p.FindVersion(c.Context(), args[2])
				if err != nil {
					return err
				}
				n, err := p.ExportModel(c.Context(), v.ID, args[3], false)
				if err != nil {
					return err
				}
				return s.print(exportedModelDoc{v.Name, args[3], n}, func() { s.printf("Wrote the network of %s to %s", v.Name, args[3]) })
			})
		},
	})
}
