package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"viewfinder/app/studio/transfer"
	"viewfinder/storage/words"
)

// convert is `viewfinder convert`.
func (s *session) convert() *cobra.Command {
	var r transfer.ConvertRequest
	var images, save string
	c := &cobra.Command{
		Use:   "convert SOURCE TARGET --format F",
		Short: "Convert annotated images from one format to another, without a project",
		Long: `Reads images and annotations in SOURCE (a folder, a file or a ZIP archive, in any format that import reads) and writes them to the folder TARGET,
which must not exist or be empty:
` + formatList(transfer.ExportableFormats(), func(f transfer.Format) string { return f.ExportTask() + " (" + f.Title + ")" }) + `What cannot be read is reported and skipped, as in an import, and so are what the format cannot hold and images whose names had to change. Label files that
were not read are named; where annotations were expected and none came, the command ends with 1. The result is complete or not there.`,
		Example: `  viewfinder convert ~/Downloads/voc coco/ --format coco
  viewfinder convert labels.json yolo/ --format yolo --images link`,
		Args: exactly(2, "what to convert and a folder"),
		RunE: func(c *cobra.Command, args []string) error {
			r.Source, r.Target = args[0], args[1]
			switch {
			case r.To == "":
				return wrongCall(c, "--format is needed: %s", formatNames(transfer.ExportableFormats()))
			case !slices.ContainsFunc(transfer.ExportableFormats(), func(f transfer.Format) bool { return string(f.Name) == r.To }):
				return wrongCall(c, "there is no export format %q: there are %s", r.To, formatNames(transfer.ExportableFormats()))
			case r.From != "" && !slices.Contains(transfer.ImportFormats(), r.From):
				return wrongCall(c, "there is no format %q to import: there are %s", r.From, strings.Join(transfer.ImportFormats(), ", "))
			case !slices.Contains(transfer.ImageModes(), images):
				return wrongCall(c, "--images is %s", strings.Join(transfer.ImageModes(), ", "))
			}
			r.Images = transfer.ImageModeOf(images)
			return s.runConvert(c.Context(), r, save)
		},
	}
	c.Flags().StringVar(&r.To, "format", "", "the format to write")
	c.Flags().StringVar(&r.From, "from", "", "the source's format (default: recognised)")
	c.Flags().StringVar(&r.View, "view", "", "the view of a Studio import file that has several")
	c.Flags().StringVar(&images, "images", "copy", "what becomes of the images: copy, link (hard links: no space, but a change in place changes both) or none")
	c.Flags().BoolVar(&r.Apart, "not-annotated", false, "put images that are not annotated into a folder of their own where the format has no place for them (default: left out)")
	c.Flags().StringVar(&save, "report", "", "save the report of problems to this file")
	return s.facts(c)
}

func (s *session) runConvert(ctx context.Context, r transfer.ConvertRequest, save string) error {
	report, err := transfer.Convert(ctx, r, s.progress())
	s.progress().end()
	s.problems(report.Problems, save)
	if save != "" {
		if saveErr := report.Save(save); saveErr != nil {
			return saveErr
		}
	}
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("%w: nothing was written", errInterrupted)
	}
	if err != nil {
		return err
	}
	for _, note := range report.Notes {
		s.complain("%s", note)
	}
	if err := s.print(report, func() { s.printf("%s in %s", report.Sentence(), words.Seconds(report.Seconds)) }); err != nil {
		return err
	}
	if missing := report.Missing(); missing != "" {
		return errors.New(missing)
	}
	return nil
}

// problems prints the first of an import's problems, or all where no file takes them.
func (s *session) problems(list []transfer.ImportProblem, save string) {
	for i, problem := range list {
		if i == 20 && save != "" {
			s.complain("… the rest is in %s", save)
			return
		}
		s.complain("%s", problem)
	}
}
