package command

import (
	"strings"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage/words"
)

// needsView tells whether a format holds one view, so that it must be known which.
func needsView(format string) bool {
	for _, f := range transfer.ExportableFormats() {
		if string(f.Name) == format {
			return !f.Holds.SeveralViews && len(f.Holds.Tasks) > 0
		}
	}
	return true
}

// export is `viewfinder export`.
func (s *session) export() *cobra.Command {
	var format, view string
	var apart bool
	c := &cobra.Command{
		Use:   "export PROJECT TARGET --format F",
		Short: "Export images and annotations",
		Long: `Writes images and annotations to the folder TARGET, which must not exist or be empty:
` + formatList(transfer.ExportableFormats(), func(f transfer.Format) string { return f.Task() + " (" + f.Title + ")" }) + `Images that are not annotated are left out of formats whose readers would take them for hard negatives.
An export is complete or not there: one that fails or is interrupted leaves nothing in TARGET.`,
		Example: `  viewfinder export waste out/ --format studio
  viewfinder export blood coco/ --format coco --view Cells`,
		Args: exactly(2, "a project and a folder"),
		RunE: func(c *cobra.Command, args []string) error {
			if format == "" {
				return wrongCall(c, "--format is needed: %s", formatNames(transfer.ExportableFormats()))
			}
			return s.reading(c.Context(), args[0], func(p *studio.Project) error {
				request := transfer.ExportRequest{Target: args[1], Format: format, Apart: apart}
				if view != "" || needsView(format) {
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
				for _, note := range report.Notes {
					s.complain("%s", note)
				}
				for _, problem := range report.Problems {
					s.complain("%s", problem)
				}
				return s.print(report, func() {
					s.printf("Exported %s to %s as %s", words.Count(report.Images, "image"), strings.TrimSuffix(report.Target, "/"), report.Format)
				})
			})
		},
	}
	c.Flags().StringVar(&format, "format", "", "the format to write")
	c.Flags().StringVar(&view, "view", "", "the view to export")
	c.Flags().BoolVar(&apart, "not-annotated", false, "copy images that are not annotated to a folder of their own where the format has no place for them (default: left out)")
	return s.facts(c)
}
