package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
	"viewfinder/app/studio/evaluate"
	"viewfinder/storage/words"
)

// compareDoc is what `viewfinder compare --json` prints.
type compareDoc struct {
	View      string `json:"view"`
	Split     string `json:"split"`
	TestLooks int    `json:"test_looks,omitempty"` // with --split test: versions of the view that were looked at on it
	looks     string
	Versions  []string           `json:"versions"`
	Images    int                `json:"images"`
	Figures   []compareFigureDoc `json:"figures"`
	Options   []compareOptionDoc `json:"options"`
	Differ    []differDoc        `json:"differ"`
}

type compareFigureDoc struct {
	Figure string        `json:"figure"`
	Values []*float64    `json:"values"` // null where a version does not know the concept
	Tests  []*againstDoc `json:"against_first,omitempty"`
}

type againstDoc struct {
	Difference float64 `json:"difference"`
	P          float64 `json:"p"`
	Method     string  `json:"method"`
	Words      string  `json:"words"`
}

type compareOptionDoc struct {
	Option string   `json:"option"`
	Values []string `json:"values"`
}

type differDoc struct {
	Image     string   `json:"image"`
	ImageID   int64    `json:"image_id,omitempty"`
	Annotated string   `json:"annotated"`
	Predicted []string `json:"said"`
	Right     []bool   `json:"right"`
}

// compare is `viewfinder compare`.
func (s *session) compare() *cobra.Command {
	var f evaluationFlags
	var limit int
	c := &cobra.Command{
		Use:   "compare PROJECT VERSION VERSION…",
		Short: "Compare versions on the same images",
		Long: `Evaluates two or more versions of one view on the same images and prints their figures side by side; for the headline figures also whether
the difference from the first version is statistically significant (McNemar's test on accuracy, otherwise the paired bootstrap), the options that differ,
and the images on which the predictions differ.`,
		Example: "  viewfinder compare waste v3 v4\n  viewfinder compare waste v1 v2 v3 --split all --json",
		Args:    between(3, -1, "a project and at least two versions"),
		RunE: func(c *cobra.Command, args []string) error {
			request, err := f.request(c)
			if err != nil {
				return err
			}
			return s.reading(c.Context(), args[0], func(p *studio.Project) error {
				var ids []int64
				for _, name := range args[1:] {
					v, err := p.FindVersion(c.Context(), name)
					if err != nil {
						return err
					}
					ids = append(ids, v.ID)
				}
				compared, err := p.Compare(c.Context(), ids, request, s.progress())
				if err != nil {
					return err
				}
				if c.Flags().Changed("threshold") || c.Flags().Changed("iou") {
					settings, err := f.settings(c, compared.View, nil)
					if err != nil {
						return err
					}
					compared.At(repeated(settings, len(ids)))
				}
				doc := compareDocOf(compared, request, limit)
				if request.Test() {
					looks, err := p.TestLooks(c.Context(), compared.View.ID)
					if err != nil {
						return err
					}
					doc.TestLooks, doc.looks = len(looks), evaluate.LooksWords(looks)
				}
				return s.print(doc, func() { s.printComparison(doc, len(compared.Differ)) })
			})
		},
	}
	f.register(c)
	_ = c.Flags().MarkHidden("concept-threshold") // versions may know different concepts
	c.Flags().IntVar(&limit, "limit", 50, "list at most this many images; 0 = all")
	return s.facts(c)
}

func repeated(s evaluate.JudgeSettings, n int) []evaluate.JudgeSettings {
	list := make([]evaluate.JudgeSettings, n)
	for i := range list {
		list[i] = s
	}
	return list
}

func compareDocOf(c *evaluate.Comparison, r evaluate.EvaluateRequest, limit int) compareDoc {
	d := compareDoc{View: c.View.Name, Split: r.Words(), Images: len(c.Items), Options: []compareOptionDoc{}, Differ: []differDoc{}}
	for _, v := range c.Versions {
		d.Versions = append(d.Versions, v.Name)
	}
	for _, row := range c.Rows {
		figure := compareFigureDoc{Figure: row.Figure}
		for k, v := range row.Values {
			if row.Known[k] {
				figure.Values = append(figure.Values, &v.Value)
			} else {
				figure.Values = append(figure.Values, nil)
			}
		}
		for k, a := range row.Against {
			if k == 0 {
				figure.Tests = append(figure.Tests, nil)
				continue
			}
			figure.Tests = append(figure.Tests, &againstDoc{a.Difference, a.P, a.Method, a.Words})
		}
		d.Figures = append(d.Figures, figure)
	}
	for _, o := range c.Options {
		d.Options = append(d.Options, compareOptionDoc(o))
	}
	for i, one := range c.Differ {
		if limit > 0 && i == limit {
			break
		}
		item := c.Items[one.Sample]
		d.Differ = append(d.Differ, differDoc{item.Name, item.Key.Image, one.Truth, one.Predicted, one.Right})
	}
	return d
}

func (s *session) printComparison(d compareDoc, differ int) {
	s.printf("%s on %s of %s (%s)", fmt.Sprint(len(d.Versions))+" versions", words.Count(d.Images, "image"), d.View, d.Split)
	if d.TestLooks > 0 {
		s.printf("%s", d.looks)
	}
	s.printf("")
	rows := [][]string{append([]string{""}, d.Versions...)}
	for _, f := range d.Figures {
		row := []string{f.Figure}
		for _, v := range f.Values {
			if v == nil {
				row = append(row, "-")
			} else {
				row = append(row, words.Percent(*v))
			}
		}
		rows = append(rows, row)
	}
	for _, o := range d.Options {
		rows = append(rows, append([]string{o.Option}, o.Values...))
	}
	s.table(rows)
	s.printf("")
	for _, f := range d.Figures {
		for k, t := range f.Tests {
			if t != nil {
				s.printf("%s of %s beside %s: %s", f.Figure, d.Versions[k], d.Versions[0], t.Words)
			}
		}
	}
	s.printf("")
	s.printf("Their predictions differ on %s", words.Count(differ, "image"))
	if len(d.Differ) == 0 {
		return
	}
	rows = [][]string{append([]string{"image", "annotated"}, d.Versions...)}
	for _, one := range d.Differ {
		rows = append(rows, append([]string{one.Image, one.Annotated}, one.Predicted...))
	}
	s.table(rows)
}
