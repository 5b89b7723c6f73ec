package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
	"viewfinder/storage/words"
)

// create is `viewfinder new`.
func (s *session) create() *cobra.Command {
	var name string
	c := &cobra.Command{
		Use:   "new PROJECT",
		Short: "Create an empty project",
		Long:  "Creates an empty project in the folder PROJECT, which must not exist or must be empty.",
		Example: `  viewfinder new ~/Viewfinder/Parts
  viewfinder new parts --name "Parts of the engine"`,
		Args: exactly(1, "the folder for the project"),
		RunE: func(c *cobra.Command, args []string) error {
			p, err := studio.New(c.Context(), args[0], name)
			if err != nil {
				return err
			}
			doc := map[string]any{"name": p.Name(), "dir": p.Dir()}
			if err := p.Close(); err != nil {
				return err
			}
			return s.print(doc, func() { s.printf("Created the project %s in %s", doc["name"], doc["dir"]) })
		},
	}
	c.Flags().StringVar(&name, "name", "", "the project's name (default: the folder's)")
	return s.facts(c)
}

// infoDoc is what `viewfinder info` prints.
type infoDoc struct {
	Name     string       `json:"name"`
	Dir      string       `json:"dir"`
	Images   int          `json:"images"`
	Views    []viewDoc    `json:"views"`
	Versions []versionDoc `json:"versions"`
}

// viewDoc is a view in JSON.
type viewDoc struct {
	ID             int64        `json:"id"`
	Name           string       `json:"name"`
	Type           string       `json:"type"`
	Parent         string       `json:"parent,omitempty"`
	Condition      string       `json:"condition,omitempty"`
	Datapoints     int          `json:"datapoints"`
	Train          int          `json:"train"`
	Val            int          `json:"val"`
	Test           int          `json:"test"`
	Annotated      int          `json:"annotated"`
	NotAnnotated   int          `json:"not_annotated"`
	WithoutConcept int          `json:"without_concept"`
	Reviewed       int          `json:"reviewed"`
	Suggested      int          `json:"suggested"`
	Concepts       []conceptDoc `json:"concepts"`
	depth          int
}

// conceptDoc is a concept in JSON; train, val and test count the datapoints that carry it.
type conceptDoc struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Color string `json:"color"`
	Key   string `json:"key,omitempty"`
	Train int    `json:"train"`
	Val   int    `json:"val"`
	Test  int    `json:"test"`
}

// info is `viewfinder info`.
func (s *session) info() *cobra.Command {
	return s.facts(&cobra.Command{
		Use:     "info PROJECT",
		Short:   "Describe a project: images, views, concepts, versions",
		Example: "  viewfinder info parts\n  viewfinder info parts --json | jq .images",
		Args:    exactly(1, "a project"),
		RunE: func(c *cobra.Command, args []string) error {
			return s.reading(c.Context(), args[0], func(p *studio.Project) error {
				doc, err := describe(c.Context(), p)
				if err != nil {
					return err
				}
				return s.print(doc, func() { s.printInfo(doc) })
			})
		},
	})
}

func describe(ctx context.Context, p *studio.Project) (infoDoc, error) {
	doc := infoDoc{Name: p.Name(), Dir: p.Dir(), Versions: []versionDoc{}}
	sum, err := p.Summary(ctx, 0)
	if err != nil {
		return doc, err
	}
	doc.Images = sum.Images
	if doc.Views, err = viewDocs(ctx, p); err != nil {
		return doc, err
	}
	doc.Versions, err = versionDocs(ctx, p, 0)
	return doc, err
}

func viewDocs(ctx context.Context, p *studio.Project) ([]viewDoc, error) {
	tree, err := p.Tree(ctx)
	if err != nil {
		return nil, err
	}
	names := map[int64]string{}
	docs := []viewDoc{}
	for _, node := range tree {
		names[node.ID] = node.Name
		total := node.Counts.Total()
		doc := viewDoc{
			ID: node.ID, Name: node.Name, Type: string(node.Type), Parent: names[node.ParentID], Condition: node.Condition,
			Datapoints: total.All, Train: node.Counts.Train.All, Val: node.Counts.Val.All, Test: node.Counts.Test.All, Annotated: total.Annotated,
			NotAnnotated: total.NotAnnotated(), WithoutConcept: total.WithoutConcept, Reviewed: total.Reviewed, Suggested: total.Suggested,
			depth: node.Depth,
		}
		if doc.Concepts, err = conceptDocs(ctx, p, node.ID); err != nil {
			return nil, err
		}
		docs = append(docs, doc)
	}
	return docs, nil
}

func conceptDocs(ctx context.Context, p *studio.Project, view int64) ([]conceptDoc, error) {
	concepts, err := p.Concepts(ctx, view)
	if err != nil {
		return nil, err
	}
	counts, err := p.ConceptCounts(ctx, view)
	if err != nil {
		return nil, err
	}
	byID := map[int64]studio.ConceptCount{}
	for _, n := range counts {
		byID[n.Concept] = n
	}
	docs := []conceptDoc{}
	for _, c := range concepts {
		docs = append(docs, conceptDoc{ID: c.ID, Name: c.Name, Color: c.Color, Key: c.Key, Train: byID[c.ID].Train, Val: byID[c.ID].Val, Test: byID[c.ID].Test})
	}
	return docs, nil
}

func (s *session) printInfo(doc infoDoc) {
	s.printf("%s: %s in %s", doc.Name, words.Count(doc.Images, "image"), doc.Dir)
	s.printViews(doc.Views)
	if len(doc.Versions) > 0 {
		s.printf("")
		s.printVersions(doc.Versions)
	}
}

// bySplit says how many are in each split; test where there are any.
func bySplit(train, val, test int) string {
	text := words.Number(train) + " train, " + words.Number(val) + " val"
	if test > 0 {
		text += ", " + words.Number(test) + " test"
	}
	return text
}

func (s *session) printViews(views []viewDoc) {
	for _, v := range views {
		indent := strings.Repeat("  ", v.depth)
		s.printf("")
		s.printf("%s%s (%s): %s of %s annotated, %s", indent, v.Name, v.Type,
			words.Number(v.Annotated), words.Number(v.Datapoints), bySplit(v.Train, v.Val, v.Test))
		if v.Condition != "" {
			s.printf("%s  where %s", indent, v.Condition)
		}
		for _, c := range v.Concepts {
			s.printf("%s  %s: %s", indent, c.Name, bySplit(c.Train, c.Val, c.Test))
		}
		if v.WithoutConcept > 0 {
			s.printf("%s  without concept: %s", indent, words.Number(v.WithoutConcept))
		}
	}
}

// problemDoc is something that `viewfinder check` found, in JSON.
type problemDoc struct {
	Kind     string `json:"kind"`
	What     string `json:"what"`
	Detail   string `json:"detail"`
	Repaired bool   `json:"repaired"`
	Repair   string `json:"repair,omitempty"`
}

// check is `viewfinder check`.
func (s *session) check() *cobra.Command {
	var repair bool
	c := &cobra.Command{
		Use:   "check PROJECT",
		Short: "Verify every file, reference and run of a project",
		Long: `Verifies the hash of every image, every reference in the database, and every run folder. Ends with 1 if something is
wrong and was not repaired.`,
		Example: "  viewfinder check parts\n  viewfinder check parts --repair",
		Args:    exactly(1, "a project"),
		RunE: func(c *cobra.Command, args []string) error {
			return s.with(c.Context(), args[0], func(p *studio.Project) error {
				report, err := p.Check(c.Context(), repair, s.progress())
				if err != nil {
					return err
				}
				return s.printCheck(report)
			})
		},
	}
	c.Flags().BoolVar(&repair, "repair", false, "repair what can be repaired")
	return s.facts(c)
}

func (s *session) printCheck(report studio.CheckReport) error {
	problems, left := []problemDoc{}, 0
	for _, p := range report.Problems {
		problems = append(problems, problemDoc{p.Kind, p.What, p.Detail, p.Repaired, p.Repair})
		if !p.Repaired {
			left++
		}
	}
	doc := map[string]any{"ok": left == 0, "images": report.Images, "regions": report.Regions, "versions": report.Versions, "problems": problems}
	err := s.print(doc, func() {
		for _, p := range problems {
			state := "not repaired"
			if p.Repaired {
				state = "repaired"
			}
			line := fmt.Sprintf("%s: %s: %s (%s", p.Kind, p.What, p.Detail, state)
			if p.Repair != "" {
				line += ": " + p.Repair
			}
			s.printf("%s)", line)
		}
		s.printf("Checked %s, %s, %s: %s", words.Count(report.Images, "image"), words.Count(report.Regions, "region"), words.Count(report.Versions, "version"),
			map[bool]string{true: "no problems found", false: words.Count(left, "problem") + " left"}[left == 0])
	})
	if err == nil && left > 0 {
		return errors.New("the project has problems that were not repaired")
	}
	return err
}
