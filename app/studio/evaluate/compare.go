package evaluate

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/training/metrics"
)

// Comparison are versions of a view side by side, judged on the same samples.
type Comparison struct {
	Versions []runs.Version
	View     storage.View
	Items    []EvaluatedItem  // sample i of each of Judges
	Judges   []*metrics.Judge // of each version
	Figures  []*metrics.Figures
	Rows     []CompareRow
	Differ   []Disagreement
	Options  []OptionDifference

	classes []map[int64]int // of each version its concepts by id
}

// CompareRow is one figure of all versions.
type CompareRow struct {
	Figure  string           // "Accuracy", "F1 (mean)", "F1 of glass" …
	Values  []metrics.Figure // with its interval where Interval is not empty
	Known   []bool           // false: the version does not know the concept
	Against []CompareAgainst // the first version, for rows that are tested; empty otherwise. Against[0] is the zero value.
}

// CompareAgainst compares a version's figure with the first one's.
type CompareAgainst struct {
	Difference float64
	P          float64 // p-value: the probability of at least this difference if there were none
	Method     string  // "McNemar's test" or "paired bootstrap"
	Words      string  // "3.1 points better, statistically significant (p = 0.012)"
}

// Disagreement is a sample on which the versions' predictions differ.
type Disagreement struct {
	Sample     int
	Truth      string   // what is annotated
	Predicted  []string // the prediction of each version, in words
	Right      []bool   // whether each version's prediction is right
	Confidence []float64
}

// OptionDifference is an option that is not the same in all versions.
type OptionDifference struct {
	Option string // its name in options and JSON
	Values []string
}

// Compare evaluates versions of one view on the same images, as far as a kept evaluation is not up to date, and compares them.
func (j *Judging) Compare(ctx context.Context, versions []int64, r EvaluateRequest, progress session.Progress) (*Comparison, error) {
	if len(versions) < 2 {
		return nil, &storage.RuleError{Message: "at least two versions are needed for a comparison"}
	}
	c := &Comparison{}
	var evaluations []*StoredEvaluation
	for i, id := range versions {
		if slices.Contains(versions[:i], id) {
			return nil, &storage.RuleError{Message: "a version cannot be compared with itself"}
		}
		v, view, err := j.predict.Predictor(ctx, id)
		if err != nil {
			return nil, err
		}
		if i > 0 && view.ID != c.View.ID {
			return nil, &storage.RuleError{Message: fmt.Sprintf("%s is of the view %s, %s of %s: only versions of one view can be compared", c.Versions[0].Name, c.View.Name, v.Name, view.Name)}
		}
		e, err := j.UpToDate(ctx, id, r, progress)
		if err != nil {
			return nil, err
		}
		c.Versions, c.View = append(c.Versions, v), view
		evaluations = append(evaluations, e)
	}
	if err := c.align(evaluations); err != nil {
		return nil, err
	}
	var err error
	if c.Options, err = optionDifferences(c.Versions); err != nil {
		return nil, err
	}
	c.At(nil)
	return c, nil
}

// UpToDate is the kept evaluation of a request, or a new one where there is none or annotations changed.
func (j *Judging) UpToDate(ctx context.Context, version int64, r EvaluateRequest, progress session.Progress) (*StoredEvaluation, error) {
	e, err := j.FindEvaluation(ctx, version, r)
	if err != nil {
		return nil, err
	}
	if e != nil && r.Folder == "" {
		f, err := j.Freshness(ctx, e)
		if err != nil {
			return nil, err
		}
		if !f.OutOfDate {
			return e, nil
		}
	}
	return j.EvaluateStored(ctx, version, r, progress)
}

type itemKey struct {
	datapoint, region int64
	name              string
}

func (i EvaluatedItem) identity() itemKey { return itemKey{i.Datapoint, i.Region, i.Name} }

// align keeps the samples that all versions judged.
func (c *Comparison) align(evaluations []*StoredEvaluation) error {
	places := make([]map[itemKey]int, len(evaluations))
	for k, e := range evaluations {
		places[k] = make(map[itemKey]int, len(e.Items))
		for i, item := range e.Items {
			places[k][item.identity()] = i
		}
		class := map[int64]int{}
		for i, concept := range e.Concepts {
			class[concept.ID] = i
		}
		c.classes = append(c.classes, class)
	}
	chosen := make([][]int, len(evaluations))
items:
	for _, item := range evaluations[0].Items {
		at := make([]int, len(evaluations))
		for k := range places {
			i, there := places[k][item.identity()]
			if !there {
				continue items
			}
			at[k] = i
			item.Seen = item.Seen || evaluations[k].Items[i].Seen
		}
		c.Items = append(c.Items, item)
		for k, i := range at {
			chosen[k] = append(chosen[k], i)
		}
	}
	if len(c.Items) == 0 {
		return &storage.RuleError{Message: "these versions have no annotated concepts in common"}
	}
	for k, e := range evaluations {
		j, err := e.Judge.Subset(chosen[k])
		if err != nil {
			return fmt.Errorf("comparing %s: %w", c.Versions[k].Name, err)
		}
		c.Judges = append(c.Judges, j)
	}
	return nil
}

// At judges anew with the thresholds of each version; nil = the defaults.
func (c *Comparison) At(settings []metrics.Settings) {
	if settings == nil {
		for _, j := range c.Judges {
			settings = append(settings, metrics.DefaultSettings(j.Task()))
		}
	}
	c.Figures = nil
	for k, j := range c.Judges {
		c.Figures = append(c.Figures, j.Figures(settings[k]))
	}
	c.rows(settings)
	c.differences(settings)
}

func (c *Comparison) rows(settings []metrics.Settings) {
	c.Rows = nil
	tested := func(name, figure string, value func(f *metrics.Figures) metrics.Figure) {
		row := c.row(name, value)
		for k := range c.Judges {
			row.Against = append(row.Against, c.against(figure, settings, k))
		}
		c.Rows = append(c.Rows, row)
	}
	plain := func(f float64) metrics.Figure { return metrics.Figure{Value: f} }
	add := func(name string, value func(f *metrics.Figures) float64) {
		c.Rows = append(c.Rows, c.row(name, func(f *metrics.Figures) metrics.Figure { return plain(value(f)) }))
	}
	switch c.View.Type {
	case domain.Classification:
		tested("Accuracy", domain.HeadlineAccuracy, func(f *metrics.Figures) metrics.Figure { return f.Accuracy })
	case domain.Detection:
		tested("mAP@0.5", domain.HeadlineMAP50, func(f *metrics.Figures) metrics.Figure { return plain(f.MAP50) })
		add("mAP@0.5:0.95", func(f *metrics.Figures) float64 { return f.MAP5095 })
	default:
		add("Accuracy", func(f *metrics.Figures) float64 { return f.Accuracy.Value })
	}
	tested("F1 (mean)", domain.HeadlineF1, func(f *metrics.Figures) metrics.Figure { return plain(f.Macro.F1) })
	add("Precision (mean)", func(f *metrics.Figures) float64 { return f.Macro.Precision })
	add("Recall (mean)", func(f *metrics.Figures) float64 { return f.Macro.Recall })
	add("Average precision (mean)", func(f *metrics.Figures) float64 { return f.Macro.AveragePrecision })
	for _, concept := range c.concepts() {
		row := CompareRow{Figure: "F1 of " + concept.Name}
		for k, f := range c.Figures {
			i, known := c.classes[k][concept.ID]
			row.Known = append(row.Known, known)
			if known {
				row.Values = append(row.Values, plain(f.Concepts[i].F1))
			} else {
				row.Values = append(row.Values, metrics.Figure{})
			}
		}
		c.Rows = append(c.Rows, row)
	}
}

func (c *Comparison) row(name string, value func(f *metrics.Figures) metrics.Figure) CompareRow {
	row := CompareRow{Figure: name}
	for _, f := range c.Figures {
		row.Values, row.Known = append(row.Values, value(f)), append(row.Known, true)
	}
	return row
}

// concepts are those of all versions.
func (c *Comparison) concepts() []domain.Concept {
	var all []domain.Concept
	for _, v := range c.Versions {
		for _, concept := range runs.ConceptsOf(v) {
			if !slices.ContainsFunc(all, func(o domain.Concept) bool { return o.ID == concept.ID }) {
				all = append(all, concept)
			}
		}
	}
	return all
}

// against tests version k against the first: McNemar's test on accuracy, otherwise the paired bootstrap.
func (c *Comparison) against(figure string, settings []metrics.Settings, k int) CompareAgainst {
	if k == 0 {
		return CompareAgainst{P: 1}
	}
	var a CompareAgainst
	if figure == domain.HeadlineAccuracy {
		a.Method = "McNemar's test"
		first, second := c.right(0, settings[0]), c.right(k, settings[k])
		onlyFirst, onlySecond := 0, 0
		for i := range first {
			switch {
			case first[i] && !second[i]:
				onlyFirst++
			case second[i] && !first[i]:
				onlySecond++
			}
		}
		a.Difference = float64(onlySecond-onlyFirst) / float64(len(first))
		a.P = metrics.McNemar(onlyFirst, onlySecond)
	} else {
		a.Method = "paired bootstrap"
		d := metrics.PairedBootstrap(figure, c.Judges[0], c.Judges[k], settings[0], settings[k])
		a.Difference, a.P = d.Value, d.P
	}
	a.Words = differenceWords(a.Difference, a.P)
	return a
}

func differenceWords(difference, p float64) string {
	if difference == 0 {
		return "the same"
	}
	better := "better"
	if difference < 0 {
		better, difference = "worse", -difference
	}
	chance := fmt.Sprintf("not significant (p = %.2g)", p)
	if p < 0.05 {
		chance = fmt.Sprintf("statistically significant (p = %.2g)", p)
	}
	return fmt.Sprintf("%.1f points %s, %s", 100*difference, better, chance)
}

// right reports for each sample whether all predictions on it are right.
func (c *Comparison) right(k int, s metrics.Settings) []bool {
	list := make([]bool, len(c.Items))
	for i := range list {
		list[i] = !slices.ContainsFunc(c.Judges[k].Decisions(s, i), func(d metrics.Case) bool { return !d.Right() })
	}
	return list
}

func (c *Comparison) differences(settings []metrics.Settings) {
	c.Differ = nil
	for i := range c.Items {
		d := Disagreement{Sample: i}
		same := true
		for k, j := range c.Judges {
			cases := j.Decisions(settings[k], i)
			truth, predicted, right, confidence := c.describe(k, cases)
			d.Truth = truth
			d.Predicted, d.Right, d.Confidence = append(d.Predicted, predicted), append(d.Right, right), append(d.Confidence, confidence)
			same = same && predicted == d.Predicted[0]
		}
		if !same {
			c.Differ = append(c.Differ, d)
		}
	}
	// First those that one version got right and another wrong, the most confident first.
	weight := func(d Disagreement) float64 {
		w := slices.Max(d.Confidence)
		if slices.Contains(d.Right, true) && slices.Contains(d.Right, false) {
			w += 2
		}
		return w
	}
	sort.SliceStable(c.Differ, func(a, b int) bool { return weight(c.Differ[a]) > weight(c.Differ[b]) })
}

// describe words the truth and the predictions of version k on a sample.
func (c *Comparison) describe(k int, cases []metrics.Case) (truth, predicted string, right bool, confidence float64) {
	concepts := c.Versions[k].Concepts
	right = true
	var truths, names []string
	hits, wrong, missed := 0, 0, 0
	for _, d := range cases {
		right = right && d.Right()
		if d.Predicted != metrics.None {
			names = append(names, concepts[d.Predicted].Name)
			confidence = max(confidence, d.Confidence)
		}
		if d.Truth != metrics.None {
			truths = append(truths, concepts[d.Truth].Name)
		}
		switch {
		case d.Right():
			hits++
		case d.Predicted != metrics.None:
			wrong++
		}
		if !d.Right() && d.Truth != metrics.None {
			missed++
		}
	}
	truth = strings.Join(truths, ", ")
	if c.View.Type.HasBoxes() {
		return words.Count(len(truths), "box"), fmt.Sprintf("%d right, %d wrong, %d missed", hits, wrong, missed), right, confidence
	}
	if len(truths) == 0 {
		truth = "without concept"
	}
	if predicted = strings.Join(names, ", "); predicted == "" {
		if predicted = "without concept"; c.View.Type.ExactlyOne() {
			predicted = "below threshold"
		}
	}
	return truth, predicted, right, confidence
}
