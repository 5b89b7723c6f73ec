package command

import (
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"viewfinder/app/report"
	"viewfinder/app/studio"
)

// report is `viewfinder report`.
func (s *session) report() *cobra.Command {
	return s.facts(&cobra.Command{
		Use:   "report PROJECT VERSION FILE",
		Short: "Write a version's report as one HTML or PDF file",
		Long: `Writes a version's figures by concept, its confusion matrix, its curves, its most confident errors as images, and how it was trained
into one self-contained file (.html or .pdf) without scripts. The version
is evaluated on val first, unless that was done before.`,
		Example: `  viewfinder report waste v3 waste-v3.pdf
  viewfinder report waste v3 waste-v3.html`,
		Args: exactly(3, "a project, a version and a file"),
		RunE: func(c *cobra.Command, args []string) error {
			switch strings.ToLower(filepath.Ext(args[2])) {
			case ".html", ".htm", ".pdf":
			default:
				return wrongCall(c, "a report is a .html or a .pdf file, not %q", args[2])
			}
			return s.reading(c.Context(), args[0], func(p *studio.Project) error {
				v, err := p.FindVersion(c.Context(), args[1])
				if err != nil {
					return err
				}
				if err := report.Write(c.Context(), p, v.ID, args[2], s.progress()); err != nil {
					return err
				}
				return s.print(map[string]any{"version": v.Name, "file": args[2]}, func() { s.printf("Wrote %s", args[2]) })
			})
		},
	})
}
