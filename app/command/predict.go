package command

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
)

// predict is `viewfinder predict`.
func (s *session) predict() *cobra.Command {
	var request studio.PredictRequest
	c := &cobra.Command{
		Use:   "predict PROJECT VERSION IMAGE_OR_FOLDER...",
		Short: "Have a version look at image files",
		Long: `Prints what a version sees in image files, and in all images in folders and below: each concept with its score; in a detection the
boxes, in fractions of the image. A file that cannot be used is named and passed over; the command then ends with 1.`,
		Example: `  viewfinder predict waste v3 photo.jpg
  viewfinder predict waste v3 ~/Pictures --max 1
  viewfinder predict blood v1 slides/ --threshold 0.3 --json`,
		Args: between(3, -1, "a project, a version and images"),
		RunE: func(c *cobra.Command, args []string) error {
			if request.Threshold < 0 || request.Threshold > 1 {
				return wrongCall(c, "--threshold %g is not between 0 and 1", request.Threshold)
			}
			return s.reading(c.Context(), args[0], func(p *studio.Project) error {
				v, err := p.FindVersion(c.Context(), args[1])
				if err != nil {
					return err
				}
				list, err := p.Predict(c.Context(), v.ID, args[2:], request, s.progress())
				if err != nil {
					return err
				}
				if err := s.print(list, func() { s.printPredictions(list) }); err != nil {
					return err
				}
				return unusable(list)
			})
		},
	}
	c.Flags().Float64Var(&request.Threshold, "threshold", 0, "least score of a tag or box (default 0.5)")
	c.Flags().IntVar(&request.Max, "max", 0, "most concepts or boxes of an image (default: all)")
	return s.facts(c)
}

// unusable is the error for the files that could not be used.
func unusable(list []studio.Prediction) error {
	bad := 0
	for _, p := range list {
		if p.Error != "" {
			bad++
		}
	}
	if bad == 0 {
		return nil
	}
	return fmt.Errorf("%s of %d could not be used", count(bad, "file"), len(list))
}

func (s *session) printPredictions(list []studio.Prediction) {
	for _, p := range list {
		if p.Error != "" {
			s.complain("%s: %s", p.File, p.Error)
			continue
		}
		var parts []string
		for _, c := range p.Concepts {
			parts = append(parts, c.Concept+" "+percent(c.Score))
		}
		for _, b := range p.Boxes {
			parts = append(parts, fmt.Sprintf("%s %s at %.3f,%.3f,%.3f,%.3f", b.Concept, percent(b.Score), b.XMin, b.YMin, b.XMax, b.YMax))
		}
		if len(parts) == 0 {
			parts = []string{"nothing"}
		}
		s.printf("%s: %s", oneLine(p.File), strings.Join(parts, ", "))
	}
}

// suggest is `viewfinder suggest`.
func (s *session) suggest() *cobra.Command {
	var threshold float64
	c := &cobra.Command{
		Use:   "suggest PROJECT VERSION",
		Short: "Have a version suggest what is in images that are not annotated",
		Long: `Runs a version on the images of its view that are not annotated, and keeps what it predicts as suggestions, in place of those
it made before. A suggestion is never an annotation by itself: in the window, a person accepts, changes or rejects it.`,
		Example: "  viewfinder suggest waste v3 --threshold 0.8",
		Args:    exactly(2, versionArgs),
		RunE: func(c *cobra.Command, args []string) error {
			if threshold < 0 || threshold > 1 {
				return wrongCall(c, "--threshold %g is not between 0 and 1", threshold)
			}
			return s.with(c.Context(), args[0], func(p *studio.Project) error {
				v, err := p.FindVersion(c.Context(), args[1])
				if err != nil {
					return err
				}
				n, err := p.Suggest(c.Context(), v.ID, threshold, s.progress())
				if err != nil {
					return err
				}
				return s.print(map[string]any{"version": v.Name, "suggested": n}, func() { s.printf("%s has suggestions for %s", v.Name, count(n, "image")) })
			})
		},
	}
	c.Flags().Float64Var(&threshold, "threshold", 0, "least score of a suggestion (default 0.5)")
	return s.facts(c)
}
