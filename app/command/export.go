package command

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
)

// needsView reports whether a format holds one view, so that it must be known which.
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
	var format, view, split, state, images string
	var apart bool
	c := &cobra.Command{
		Use:   "export PROJECT TARGET --format F",
		Short: "Export images and annotations",
		Long: `Writes images and annotations to the folder TARGET, which must not exist or be empty:
` + formatList(transfer.ExportableFormats(), func(f transfer.Format) string { return f.ExportTask() + " (" + f.Title + ")" }) + `Images that are not annotated are left out of formats whose readers would take them for hard negatives; --not-annotated puts them apart.
Images keep their names and folders where these are free; "renamed images.txt" lists the others. --images link makes hard links, which take
no space: a program that changes such an image in place changes the project's. --images none writes annotations alone.
An export is complete or not there: one that fails or is interrupted leaves nothing in TARGET.`,
		Example: `  viewfinder export waste out/ --format studio
  viewfinder export blood coco/ --format coco --view Cells
  viewfinder export blood review/ --format labelstudio --view Cells --state not_reviewed`,
		Args: exactly(2, "a project and a folder"),
		RunE: func(c *cobra.Command, args []string) error {
			if format == "" {
				return wrongCall(c, "--format is needed: %s", formatNames(transfer.ExportableFormats()))
			}
			if !slices.Contains(transfer.ImageModes(), images) {
				return wrongCall(c, "--images is %s", strings.Join(transfer.ImageModes(), ", "))
			}
			if err := checkSplit(c, split); err != nil {
				return err
			}
			return s.reading(c.Context(), args[0], func(p *studio.Project) error {
				request := transfer.ExportRequest{Target: args[1], Format: format, Apart: apart, Images: transfer.ImageModeOf(images)}
				request.Only = transfer.Only(split, state)
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
	c.Flags().StringVar(&split, "split", "", "export the images of this split alone: "+domain.SplitWords("or"))
	c.Flags().StringVar(&state, "state", "", "export these images alone: annotated, not_annotated, without_concept, reviewed, not_reviewed or suggested")
	c.Flags().StringVar(&images, "images", "copy", "what becomes of the images: copy, link or none")
	c.Flags().BoolVar(&apart, "not-annotated", false, "copy images that are not annotated to a folder of their own where the format has no place for them (default: left out)")
	return s.facts(c)
}
