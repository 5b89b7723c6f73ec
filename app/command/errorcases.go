package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
	"viewfinder/app/studio/evaluate"
	"viewfinder/app/studio/runs"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
)

// errorDoc is one decision that `viewfinder mistakes --json` lists.
type errorDoc struct {
	Image      string      `json:"image"`
	ImageID    int64       `json:"image_id,omitempty"`
	Split      string      `json:"split"`
	Annotated  string      `json:"annotated"` // "" = nothing
	Predicted  string      `json:"predicted"` // "" = nothing
	Confidence float64     `json:"confidence"`
	Box        *domain.Box `json:"box,omitempty"`       // annotated
	FoundBox   *domain.Box `json:"found_box,omitempty"` // predicted
	Kind       string      `json:"kind"`
	Score      *float64    `json:"score,omitempty"` // likely errors: how likely, an order
	Words      string      `json:"words,omitempty"`
}

// errorsDoc is what `viewfinder mistakes --json` prints.
type errorsDoc struct {
	Version string     `json:"version"`
	View    string     `json:"view"`
	Split   string     `json:"split"`
	Method  string     `json:"method,omitempty"`
	Count   int        `json:"count"` // of all, also beyond the limit
	List    []errorDoc `json:"list"`
}

// errorCases is `viewfinder mistakes`.
func (s *session) errorCases() *cobra.Command {
	var f evaluationFlags
	var kind, concept string
	var limit, folds, iterations int
	var likely bool
	var kinds []string
	for _, k := range evaluate.ErrorKinds() {
		kinds = append(kinds, string(k))
	}
	c := &cobra.Command{
		Use:   "mistakes PROJECT VERSION",
		Short: "List a version's errors, or likely annotation errors",
		Long: `Lists predictions of a version that are worth a look, or, with --likely-errors, likely annotation errors: by confident learning
(Northcutt, Jiang, Chuang 2021) on predictions for images that the networks were not trained on. These are the images in val; with --split all, all annotated
images are checked, in seconds, those that the version was trained on by colours and textures alone; with --folds K also by K-fold cross-validation:
K versions are trained, each on all images but one part.`,
		Example: `  viewfinder mistakes waste v3 --limit 20
  viewfinder mistakes waste v3 --kind false_negatives --concept glass
  viewfinder mistakes waste v3 --likely-errors --split all
  viewfinder mistakes waste v3 --likely-errors --folds 5`,
		Args: exactly(2, versionArgs),
		RunE: func(c *cobra.Command, args []string) error {
			request, err := f.request(c)
			if err != nil {
				return err
			}
			if !slices.Contains(kinds, kind) {
				return wrongCall(c, "--kind %s is none of %s", kind, strings.Join(kinds, ", "))
			}
			return s.reading(c.Context(), args[0], func(p *studio.Project) error {
				v, err := p.FindVersion(c.Context(), args[1])
				if err != nil {
					return err
				}
				if likely || folds > 0 {
					l, err := p.LikelyErrors(c.Context(), v.ID, evaluate.LikelyRequest{All: request.All, Folds: folds, Iterations: iterations}, s.progress())
					if err != nil {
						return err
					}
					doc := likelyDoc(v, l, limit)
					return s.print(doc, func() { s.printErrors(doc) })
				}
				e, err := s.evaluation(c.Context(), p, v.ID, request, f.again)
				if err != nil {
					return err
				}
				settings, err := f.settings(c, e.View, e.Concepts)
				if err != nil {
					return err
				}
				of := evaluate.NoConcept
				if concept != "" {
					if of = slices.IndexFunc(e.Concepts, func(k domain.Concept) bool { return domain.SameName(k.Name, concept) }); of < 0 {
						return wrongCall(c, "--concept: %s does not know %q", v.Name, concept)
					}
				}
				doc := errorsDocOf(v, e, e.Judge.ErrorCases(settings, evaluate.ErrorKind(kind), of, evaluate.OrderDefault), kind, limit)
				return s.print(doc, func() { s.printErrors(doc) })
			})
		},
	}
	f.register(c)
	c.Flags().StringVar(&kind, "kind", string(evaluate.ConfidentErrors), strings.Join(kinds, ", "))
	c.Flags().StringVar(&concept, "concept", "", "only of this concept")
	c.Flags().IntVar(&limit, "limit", 50, "list at most this many; 0 = all")
	c.Flags().BoolVar(&likely, "likely-errors", false, "list likely annotation errors instead, the likeliest first")
	c.Flags().IntVar(&folds, "folds", 0, "likely errors: K-fold cross-validation: train this many versions and check all annotated images with them, too")
	c.Flags().IntVar(&iterations, "fold-iterations", 0, "likely errors: iterations of each of these trainings (default: the version's)")
	return s.facts(c)
}

func errorDocOf(shown evaluate.Shown, kind string) errorDoc {
	return errorDoc{
		Image: shown.Name, ImageID: shown.Key.Image, Split: string(shown.Split), Annotated: shown.Truth, Predicted: shown.Predicted,
		Confidence: shown.Confidence, Box: shown.TruthBox, FoundBox: shown.FoundBox, Kind: kind,
	}
}

func errorsDocOf(v runs.Version, e *evaluate.StoredEvaluation, cases []evaluate.JudgeCase, kind string, limit int) errorsDoc {
	d := errorsDoc{Version: v.Name, View: e.View.Name, Split: e.Request.Words(), Count: len(cases), List: []errorDoc{}}
	for i, c := range cases {
		if limit > 0 && i == limit {
			break
		}
		d.List = append(d.List, errorDocOf(e.Show(c), kind))
	}
	return d
}

func likelyDoc(v runs.Version, l *evaluate.LikelyErrors, limit int) errorsDoc {
	e := l.Evaluation
	d := errorsDoc{Version: v.Name, View: e.View.Name, Split: e.Request.Words(), Method: l.Method, Count: len(l.List), List: []errorDoc{}}
	for i, one := range l.List {
		if limit > 0 && i == limit {
			break
		}
		doc := errorDocOf(one.Shown, string(one.Kind))
		doc.Score, doc.Words = &one.Score, one.InWords
		d.List = append(d.List, doc)
	}
	return d
}

func (s *session) printErrors(d errorsDoc) {
	if d.Method != "" {
		s.printf("%s", d.Method)
	}
	if d.Count == 0 {
		s.printf("none of %s (%s)", d.View, d.Split)
		return
	}
	s.printf("%s of %s (%s)%s", words.Number(d.Count), d.View, d.Split, map[bool]string{true: fmt.Sprintf(", the first %d", len(d.List))}[len(d.List) < d.Count])
	s.printf("")
	rows := [][]string{{"image", "split", "annotated", "predicted", "confidence"}}
	for _, m := range d.List {
		rows = append(rows, []string{m.Image, m.Split, orNothing(m.Annotated), orNothing(m.Predicted), words.Percent(m.Confidence)})
	}
	s.table(rows)
}

func orNothing(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
