package command

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
)

// evaluationDoc is what `viewfinder evaluate --json` prints: the figures at its top level.
type evaluationDoc struct {
	Version    string  `json:"version"`
	View       string  `json:"view"`
	Split      string  `json:"split"`
	Seconds    float64 `json:"seconds"`
	ImagesPerS float64 `json:"images_per_s"`
	*studio.Evaluation
}

// evaluate is `viewfinder evaluate`.
func (s *session) evaluate() *cobra.Command {
	var split string
	var threshold float64
	c := &cobra.Command{
		Use:   "evaluate PROJECT VERSION",
		Short: "Compare a version's decisions with the annotations",
		Long: `Runs a version on the annotated images of a split, as they are annotated now, and prints its figures: the headline figures,
those of each concept, and the confusion matrix (rows: annotated, columns: predicted).`,
		Example: `  viewfinder evaluate waste v3
  viewfinder evaluate waste v3 --split train
  viewfinder evaluate waste v3 --json | jq .accuracy`,
		Args: exactly(2, versionArgs),
		RunE: func(c *cobra.Command, args []string) error {
			request := studio.EvaluateRequest{Split: studio.Split(split), Threshold: threshold, All: split == "all"}
			if !request.All {
				if err := checkSplit(c, split); err != nil {
					return err
				}
			}
			if threshold < 0 || threshold > 1 {
				return wrongCall(c, "--threshold %g is not between 0 and 1", threshold)
			}
			return s.reading(c.Context(), args[0], func(p *studio.Project) error {
				v, err := p.FindVersion(c.Context(), args[1])
				if err != nil {
					return err
				}
				doc, err := s.evaluateVersion(c.Context(), p, v.ID, request)
				if err != nil {
					return err
				}
				return s.print(doc, func() { s.printEvaluation(doc) })
			})
		},
	}
	c.Flags().StringVar(&split, "split", "val", "val, train, or all")
	c.Flags().Float64Var(&threshold, "threshold", 0, "least score of a yes (default 0.5)")
	return s.facts(c)
}

// evaluateVersion evaluates and times it.
func (s *session) evaluateVersion(ctx context.Context, p *studio.Project, id int64, r studio.EvaluateRequest) (evaluationDoc, error) {
	doc := evaluationDoc{Split: string(r.Split)}
	v, err := p.Version(ctx, id)
	if err != nil {
		return doc, err
	}
	names, err := viewNames(ctx, p)
	if err != nil {
		return doc, err
	}
	doc.Version, doc.View = v.Name, names[v.ViewID]
	begin := time.Now()
	if doc.Evaluation, err = p.Evaluate(ctx, id, r, s.progress()); err != nil {
		return doc, err
	}
	doc.Seconds = time.Since(begin).Seconds()
	doc.ImagesPerS = float64(doc.Images) / max(doc.Seconds, 1e-9)
	return doc, nil
}

func (s *session) printEvaluation(d evaluationDoc) {
	s.printf("%s on %s of %s (%s)", d.Version, count(d.Images, "image"), d.View, d.Split)
	s.printf("")
	switch string(d.Task) {
	case string(studio.ViewDetection):
		s.printf("mAP@0.5 %s, mAP@0.5:0.95 %s, precision %s, recall %s, F1 %s", percent(d.MAP50), percent(d.MAP5095), percent(d.Precision), percent(d.Recall), percent(d.F1))
	default:
		s.printf("accuracy %s, precision %s, recall %s, F1 %s, average precision %s, loss %.4f", percent(d.Accuracy), percent(d.Precision),
			percent(d.Recall), percent(d.F1), percent(d.AveragePrecision), d.Loss)
	}
	s.printf("")
	rows := [][]string{{"concept", "precision", "recall", "F1", "average precision", "annotated", "right", "wrong", "missed"}}
	for _, c := range d.Concepts {
		rows = append(rows, []string{c.Concept, percent(c.Precision), percent(c.Recall), percent(c.F1), percent(c.AveragePrecision),
			thousands(c.Support), thousands(c.TruePositives), thousands(c.FalsePositives), thousands(c.FalseNegatives)})
	}
	s.table(rows)
	if len(d.ConfusionMatrix) > 0 {
		s.printf("")
		s.printConfusion(d)
	}
	for _, skipped := range d.Skipped {
		s.complain("left out: %s", skipped)
	}
}

func (s *session) printConfusion(d evaluationDoc) {
	name := func(i int) string {
		if i < len(d.Concepts) {
			return d.Concepts[i].Concept
		}
		return "nothing"
	}
	heading := []string{"annotated \\ predicted"}
	for i := range d.ConfusionMatrix {
		heading = append(heading, name(i))
	}
	rows := [][]string{heading}
	for i, counts := range d.ConfusionMatrix {
		row := []string{name(i)}
		for _, n := range counts {
			row = append(row, fmt.Sprint(n))
		}
		rows = append(rows, row)
	}
	s.table(rows)
}
