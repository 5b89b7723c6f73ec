package command

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
)

// importer is `viewfinder import`.
func (s *session) importer() *cobra.Command {
	var format, view, split, save string
	c := &cobra.Command{
		Use:   "import PROJECT SOURCE...",
		Short: "Import images and annotations",
		Long: `Imports images and annotations from folders and files. The format is recognised when --format is not given:
` + formatList(transfer.ImportableFormats(), func(f transfer.Format) string { return f.Summary }) + `Annotations go into the view that --view names, which is created if it does not exist; without it, into one named after the source. A record or
image that cannot be used is reported and skipped. Images that the project already has are not added twice, and existing annotations
are not overwritten. Interrupting keeps what was imported so far. Label files that were not read are named; where annotations were expected
and none came, the command ends with 1.`,
		Example: `  viewfinder import parts ~/Pictures/parts
  viewfinder import waste ../shared/data/waste --view Material
  viewfinder import blood ../shared/data/cells --format voc --view Cells --report report.txt`,
		Args: between(2, -1, "a project and what to import"),
		RunE: func(c *cobra.Command, args []string) error {
			if format != "" && !slices.Contains(transfer.ImportFormats(), format) {
				return wrongCall(c, "there is no format %q to import: there are %s", format, strings.Join(transfer.ImportFormats(), ", "))
			}
			if err := checkSplit(c, split); err != nil {
				return err
			}
			request := transfer.ImportRequest{Sources: args[1:], Format: format, ViewName: view, Split: domain.Split(split)}
			return s.with(c.Context(), args[0], func(p *studio.Project) error {
				return s.runImport(c, p, request, save)
			})
		},
	}
	c.Flags().StringVar(&format, "format", "", "the sources' format (default: recognised)")
	c.Flags().StringVar(&view, "view", "", "the view for the annotations (default: named after the source)")
	c.Flags().StringVar(&split, "split", "", domain.SplitWords("or")+", for all new images (default: the source's split, otherwise 80 / 20 of each concept, by content)")
	c.Flags().StringVar(&save, "report", "", "save the report of problems to this file")
	return s.facts(c)
}

func (s *session) runImport(c *cobra.Command, p *studio.Project, request transfer.ImportRequest, save string) error {
	if request.ViewName != "" { // an id or another spelling of a view's name will do
		if v, err := p.FindView(c.Context(), request.ViewName); err == nil {
			request.View = v.ID
		}
	}
	report, err := p.Import(c.Context(), request, s.progress())
	s.progress().end()
	if report == nil {
		return err
	}
	s.problems(report.Problems, save)
	if save != "" {
		if saveErr := report.Save(save); saveErr != nil {
			return saveErr
		}
	}
	if err != nil {
		return fmt.Errorf("%w (%s; what was imported is kept)", err, report.Sentence())
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
	if report.Cancelled {
		return fmt.Errorf("%w: what was imported so far is kept", errInterrupted)
	}
	return nil
}

// checkSplit refuses what is no split.
func checkSplit(c *cobra.Command, split string) error {
	switch {
	case split == "", domain.Split(split).Valid():
		return nil
	}
	return wrongCall(c, "there is no split %q: it is %s", split, domain.SplitWords("or"))
}
