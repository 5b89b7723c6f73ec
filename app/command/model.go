package command

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"viewfinder/app/product"
	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
)

// exportedModelDoc is what `viewfinder model export --json` prints.
type exportedModelDoc struct {
	Version string `json:"version"`
	File    string `json:"file"`
	Bytes   int64  `json:"bytes"`
}

// model is `viewfinder model export`.
func (s *session) model() *cobra.Command {
	var o runs.ModelExport
	c := s.facts(&cobra.Command{
		Use:   "model export PROJECT VERSION FILE",
		Short: "Export a version's network as a file",
		Long: `Writes the network of a version that is ready or was stopped to FILE, which must not exist yet. Its extension names the format:

` + modelFormats() + `
An ONNX file takes a decoded image of any size and does everything else inside, so that other programs get the same predictions.`,
		Example: "  viewfinder model export waste v3 waste-v3.onnx\n" +
			"  viewfinder model export waste v3 waste-v3.zip\n" +
			"  viewfinder model export waste v3 waste-v3.onnx --form tensor --precision float16\n" +
			"  viewfinder model export waste v3 waste-v3.safetensors",
		Args: between(1, -1, "export, a project, a version and a file"),
		RunE: func(c *cobra.Command, args []string) error {
			if args[0] != "export" {
				return wrongCall(c, "unknown action %q: use export", args[0])
			}
			if err := verbArgs(c, args[0], args[1:], map[string]int{"export": 3}); err != nil {
				return err
			}
			o.Program = product.ReadBuild().Version
			if err := runs.CheckModelExport(args[3], o); err != nil {
				return wrongCall(c, "%w", err)
			}
			return s.reading(c.Context(), args[1], func(p *studio.Project) error {
				v, err := p.FindVersion(c.Context(), args[2])
				if err != nil {
					return err
				}
				n, err := p.ExportModel(c.Context(), v.ID, args[3], false, o)
				if err != nil {
					return err
				}
				return s.print(exportedModelDoc{v.Name, args[3], n}, func() { s.printf("Wrote the network of %s to %s", v.Name, args[3]) })
			})
		},
	})
	c.Flags().StringVar(&o.Form, "form", "", "ONNX: picture (default), or tensor: takes the finished tensor, batches too")
	c.Flags().StringVar(&o.Precision, "precision", "", "ONNX and bundle: weights as float32 (default), float16 or int8")
	c.Flags().BoolVar(&o.Raw, "raw", false, "ONNX of a detector, with --form tensor: leave decoding and non-maximum suppression out")
	return c
}

// modelFormats lists the formats for the help.
func modelFormats() string {
	var b strings.Builder
	for _, f := range runs.ModelFormats() {
		fmt.Fprintf(&b, "  %-14s%s\n", f.Extension, f.Help)
	}
	return b.String()
}
