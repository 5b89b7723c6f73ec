package command

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
	"viewfinder/app/studio/evaluate"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
)

// evaluationFlags are the flags of all commands that judge a version's predictions.
type evaluationFlags struct {
	split, folder, text string
	threshold, iou      float64
	concepts            []string
	again               bool
}

func (f *evaluationFlags) register(c *cobra.Command) {
	c.Flags().StringVar(&f.split, "split", "val", "val, train, test, or all (train and val)")
	c.Flags().StringVar(&f.folder, "folder", "", "annotated images from outside of the project instead, in any format that can be imported")
	c.Flags().StringVar(&f.text, "text", "", "only images with this in their name")
	c.Flags().Float64Var(&f.threshold, "threshold", 0, "confidence threshold (default 0.5 for tags, 0.3 for boxes; a classification always predicts one concept)")
	c.Flags().Float64Var(&f.iou, "iou", evaluate.DefaultIoU, "boxes: minimum IoU with an annotated box to count as a match")
	c.Flags().StringArrayVar(&f.concepts, "concept-threshold", nil, "CONCEPT=T: a threshold of its own for a concept; can be repeated")
	c.Flags().BoolVar(&f.again, "again", false, "run the version again even if its stored predictions are up to date")
}

// request checks the flags and says what to evaluate on.
func (f *evaluationFlags) request(c *cobra.Command) (evaluate.EvaluateRequest, error) {
	r := evaluate.EvaluateRequest{Split: domain.Split(f.split), All: f.split == "all"}
	if r.All {
		r.Split = ""
	} else if err := checkSplit(c, f.split); err != nil {
		return r, err
	}
	for flag, value := range map[string]float64{"threshold": f.threshold, "iou": f.iou} {
		if !(value >= 0 && value <= 1) {
			return r, wrongCall(c, "--%s %g is not between 0 and 1", flag, value)
		}
	}
	switch {
	case f.folder != "" && (f.text != "" || c.Flags().Changed("split")):
		return r, wrongCall(c, "--folder names other images: it does not go with --split and --text")
	case f.folder != "":
		folder, err := filepath.Abs(f.folder)
		return evaluate.EvaluateRequest{Folder: folder}, err
	case f.text != "":
		return evaluate.EvaluateRequest{Filter: &studio.Query{Text: f.text, Split: r.Split}}, nil
	}
	return r, nil
}

// settings are where the flags put the sliders, for these concepts.
func (f *evaluationFlags) settings(c *cobra.Command, view studio.View, concepts []domain.Concept) (evaluate.JudgeSettings, error) {
	s := evaluate.DefaultJudgeSettings(view.Type)
	if c.Flags().Changed("threshold") {
		s.Threshold = f.threshold
	}
	s.IoU = f.iou
	for _, text := range f.concepts {
		name, value, ok := cutLast(text, "=")
		t, err := strconv.ParseFloat(value, 64)
		if !ok || err != nil || !(t >= 0 && t <= 1) {
			return s, wrongCall(c, "--concept-threshold %s: write CONCEPT=T, T between 0 and 1", text)
		}
		at := -1
		for i, concept := range concepts {
			if domain.SameName(concept.Name, name) {
				at = i
			}
		}
		if at < 0 {
			return s, wrongCall(c, "--concept-threshold: %s does not know %q", view.Name, name)
		}
		if s.Concepts == nil {
			s.Concepts = map[int]float64{}
		}
		s.Concepts[at] = t
	}
	return s, nil
}

// cutLast cuts around the last separator: a concept's name may have one.
func cutLast(s, separator string) (before, after string, ok bool) {
	i := strings.LastIndex(s, separator)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(separator):], true
}

// evaluation runs a version, or opens what is kept.
func (s *session) evaluation(ctx context.Context, p *studio.Project, version int64, r evaluate.EvaluateRequest, again bool) (*evaluate.StoredEvaluation, error) {
	if again {
		return p.EvaluateStored(ctx, version, r, s.progress())
	}
	return p.UpToDate(ctx, version, r, s.progress())
}

// evaluate is `viewfinder evaluate`.
func (s *session) evaluate() *cobra.Command {
	var f evaluationFlags
	var curves int
	c := &cobra.Command{
		Use:   "evaluate PROJECT VERSION",
		Short: "Evaluate a version: compare its predictions with the annotations",
		Long: `Runs a version on annotated images, as they are annotated now, and prints the figures of its Performance page: the headline figure with
its 95% interval, those of each concept, means, calibration, and the confusion matrix (rows: annotated, columns: predicted). The predictions are kept
in its folder, so that other thresholds, and the page, need no second run; when annotations change, it is run again automatically.
--split test judges it on images that nothing was trained on or chosen by. How many versions of a view were looked at like that is counted and reported:
the best of many on the test split looks better than it is.`,
		Example: `  viewfinder evaluate waste v3
  viewfinder evaluate waste v3 --split train
  viewfinder evaluate waste v3 --split test
  viewfinder evaluate waste v3 --threshold 0.6 --concept-threshold glass=0.8
  viewfinder evaluate waste v3 --folder photos-of-tuesday
  viewfinder evaluate waste v3 --json | jq .accuracy`,
		Args: exactly(2, versionArgs),
		RunE: func(c *cobra.Command, args []string) error {
			request, err := f.request(c)
			if err != nil {
				return err
			}
			return s.reading(c.Context(), args[0], func(p *studio.Project) error {
				v, err := p.FindVersion(c.Context(), args[1])
				if err != nil {
					return err
				}
				e, err := s.evaluation(c.Context(), p, v.ID, request, f.again)
				if err != nil {
					return err
				}
				settings, err := f.settings(c, e.View, e.Concepts)
				if err != nil {
					return err
				}
				doc := evaluationDocOf(v, e, settings, curves)
				if err := doc.addLooks(c.Context(), p, v, request); err != nil {
					return err
				}
				return s.print(doc, func() { s.printEvaluation(doc) })
			})
		},
	}
	f.register(c)
	c.Flags().IntVar(&curves, "curves", 0, "with --json: precision-recall curves of at most so many points a concept")
	return s.facts(c)
}

// evaluateVersion evaluates on the val split with the thresholds that are the default.
func (s *session) evaluateVersion(ctx context.Context, p *studio.Project, id int64, r evaluate.EvaluateRequest) (evaluationDoc, error) {
	v, err := p.Version(ctx, id)
	if err != nil {
		return evaluationDoc{}, err
	}
	e, err := s.evaluation(ctx, p, id, r, false)
	if err != nil {
		return evaluationDoc{}, err
	}
	return evaluationDocOf(v, e, evaluate.DefaultJudgeSettings(e.View.Type), 0), nil
}

func (s *session) printEvaluation(d evaluationDoc) {
	s.printf("%s on %s of %s (%s)", d.Version, words.Count(d.Images, "image"), d.View, d.Split)
	s.printf("")
	s.printf("%s: %s", domain.FigureTitle(d.Headline.Name), d.Headline.Words)
	if d.TestLooks > 0 {
		s.printf("%s", d.looks)
	}
	s.printf("")
	if d.Task == string(domain.Detection) {
		s.printf("mAP@0.5 %s, mAP@0.5:0.95 %s, of %s", words.Percent(d.MAP50), words.Percent(d.MAP5095), words.Count(*d.Boxes, "box"))
		for _, z := range d.BySize {
			if z.Boxes > 0 {
				s.printf("  %s (%s): mAP@0.5 %s, mAP@0.5:0.95 %s, recall %s", z.Size, words.Number(z.Boxes), words.Percent(z.MAP50), words.Percent(z.MAP5095), words.Percent(z.Recall))
			}
		}
	} else {
		s.printf("accuracy %s, average precision %s, loss %.4f", words.Percent(d.Accuracy), words.Percent(d.AveragePrecision), *d.Loss)
	}
	if d.Undecided != nil && *d.Undecided > 0 {
		s.printf("%s without a prediction: below the threshold", words.Count(*d.Undecided, "image"))
	}
	s.printf("calibration error %s", words.Percent(d.Calibration.ECE))
	s.printf("")
	rows := [][]string{{"concept", "precision", "recall", "F1", "average precision", "annotated", "right", "wrong", "missed"}}
	for i, c := range d.Concepts {
		k := d.figures.Concepts[i]
		rows = append(rows, []string{c.Concept, plain(k.Precision), plain(k.Recall), words.Percent(c.F1), words.Percent(c.AveragePrecision),
			words.Number(c.Support), words.Number(c.TruePositives), words.Number(c.FalsePositives), words.Number(c.FalseNegatives)})
	}
	for _, m := range []struct {
		name string
		meansDoc
	}{{"mean", d.meansDoc}, {"mean, weighted", d.Weighted}, {"all decisions", d.Micro}} {
		rows = append(rows, []string{m.name, words.Percent(m.Precision), words.Percent(m.Recall), words.Percent(m.F1), words.Percent(m.AveragePrecision), "", "", "", ""})
	}
	s.table(rows)
	if len(d.ConfusionMatrix) > 0 {
		s.printf("")
		s.printConfusion(d)
	}
	for _, l := range d.LeftOut {
		s.complain("left out: %s, %s", words.Count(l.Count, "image"), l.Reason)
	}
	for _, skipped := range d.Skipped {
		s.complain("left out: %s", skipped)
	}
}

// plain is a figure with its interval, "87% ± 3"; "-" where there is nothing to compute it from.
func plain(f evaluate.Measured) string {
	if f.Of == 0 {
		return "-"
	}
	return f.Short()
}

func (s *session) printConfusion(d evaluationDoc) {
	name := func(i int) string {
		if i < len(d.Concepts) {
			return d.Concepts[i].Concept
		}
		if d.Task == string(domain.Classification) {
			return "below threshold"
		}
		return "nothing"
	}
	heading := []string{"annotated \\ predicted"}
	for i := range d.ConfusionMatrix {
		heading = append(heading, name(i))
	}
	rows := [][]string{heading}
	for i, counts := range d.ConfusionMatrix {
		if i == len(d.Concepts) && d.Task == string(domain.Classification) {
			continue // nothing is annotated as "below threshold"
		}
		row := []string{name(i)}
		for _, n := range counts {
			row = append(row, fmt.Sprint(n))
		}
		rows = append(rows, row)
	}
	s.table(rows)
}
