package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
	"viewfinder/app/studio/predict"
	"viewfinder/storage/words"
)

// predict is `viewfinder predict`.
func (s *session) predict() *cobra.Command {
	var request predict.PredictRequest
	var explain string
	c := &cobra.Command{
		Use:   "predict PROJECT VERSION IMAGE_OR_FOLDER...",
		Short: "Predict image files",
		Long: `Prints a version's predictions for image files, and for all images in folders and below: each concept with its confidence; for a detection the
boxes, in fractions of the image. A file that cannot be used is named and skipped; the command then ends with 1.

With --explain, a PNG with the class activation map is written into a folder for each image and each predicted concept (classification: the most
probable one). The list then says which file shows what.`,
		Example: `  viewfinder predict waste v3 photo.jpg
  viewfinder predict waste v3 ~/Pictures --max 1
  viewfinder predict blood v1 slides/ --threshold 0.3 --json
  viewfinder predict waste v3 ~/Pictures --explain why/`,
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
				if explain != "" {
					return s.explain(c.Context(), p, v.ID, args[2:], request, explain)
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
	c.Flags().Float64Var(&request.Threshold, "threshold", 0, "confidence threshold of tags and boxes (default 0.5)")
	c.Flags().IntVar(&request.Max, "max", 0, "list at most this many concepts or boxes per image (default: all)")
	c.Flags().StringVar(&explain, "explain", "", "write class activation maps as images into this folder")
	return s.facts(c)
}

// explain writes the images of predict --explain.
func (s *session) explain(ctx context.Context, p *studio.Project, version int64, paths []string, r predict.PredictRequest, dir string) error {
	list, err := p.Explain(ctx, version, paths, r, dir, s.progress())
	if err != nil {
		return err
	}
	bad := 0
	err = s.print(list, func() {
		for _, e := range list {
			if e.Error == "" {
				s.printf("%s: %s: %s", oneLine(e.File), oneLine(e.Concept), oneLine(e.Overlay))
			}
		}
	})
	for _, e := range list {
		if e.Error != "" {
			bad++
			s.complain("%s: %s", e.File, e.Error)
		}
	}
	if err == nil && bad > 0 {
		err = fmt.Errorf("%s could not be used", words.Count(bad, "file"))
	}
	return err
}

// unusable is the error for the files that could not be used.
func unusable(list []predict.Prediction) error {
	bad := 0
	for _, p := range list {
		if p.Error != "" {
			bad++
		}
	}
	if bad == 0 {
		return nil
	}
	return fmt.Errorf("%s of %d could not be used", words.Count(bad, "file"), len(list))
}

func (s *session) printPredictions(list []predict.Prediction) {
	for _, p := range list {
		if p.Error != "" {
			s.complain("%s: %s", p.File, p.Error)
			continue
		}
		var parts []string
		for _, c := range p.Concepts {
			parts = append(parts, c.Concept+" "+words.Percent(c.Score))
		}
		for _, b := range p.Boxes {
			parts = append(parts, fmt.Sprintf("%s %s at %.3f,%.3f,%.3f,%.3f", b.Concept, words.Percent(b.Score), b.XMin, b.YMin, b.XMax, b.YMax))
		}
		if len(parts) == 0 {
			parts = []string{"nothing"}
		}
		s.printf("%s: %s", oneLine(p.File), strings.Join(parts, ", "))
	}
}
