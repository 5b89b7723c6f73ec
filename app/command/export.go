package command

import (
	"strings"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
)

// export is `viewfinder export`.
func (s *session) export() *cobra.Command {
	var format, view string
	c := &cobra.Command{
		Use:   "export PROJECT TARGET --format F",
		Short: "Write images and annotations out",
		Long: `Writes images and annotations to the folder TARGET, which must not exist or be empty:
  folders            a classification, one folder a concept
  csv                a view, as a table
  coco, yolo, voc    a detection
  studio             all views with their conditions, or those that --view needs, as a Studio import file
  images             the images alone
What is in TARGET at the end is complete: an export that fails or is interrupted leaves nothing there.`,
		Example: `  viewfinder export waste out/ --format studio
  viewfinder export blood coco/ --format coco --view Cells`,
		Args: exactly(2, "a project and a folder"),
		RunE: func(c *cobra.Command, args []string) error {
			if format == "" {
				return wrongCall(c, "--format is needed: folders, csv, coco, yolo, voc, studio or images")
			}
			return s.reading(c.Context(), args[0], func(p *studio.Project) error {
				request := studio.ExportRequest{Target: args[1], Format: format}
				whole := format == "studio" || format == "images"
				if view != "" || !whole {
					v, err := viewOf(c.Context(), p, view)
					if err != nil {
						return err
					}
					request.View = v.ID
				}
				report, err := p.Export(c.Context(), request, s.progress())
				if err != nil {
					return err
				}
				for _, problem := range report.Problems {
					s.complain("%s", problem)
				}
				return s.print(report, func() {
					s.printf("Exported %s to %s as %s", count(report.Images, "image"), strings.TrimSuffix(report.Target, "/"), report.Format)
				})
			})
		},
	}
	c.Flags().StringVar(&format, "format", "", "the format to write")
	c.Flags().StringVar(&view, "view", "", "the view to export")
	return s.facts(c)
}
