package command

import (
	"errors"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
)

// concept is `viewfinder concept PROJECT list|add|rename|delete`.
func (s *session) concept() *cobra.Command {
	var o struct {
		view, color, key string
		force            bool
	}
	c := &cobra.Command{
		Use:   "concept PROJECT list | add NAME... | rename NAME NEW | delete NAME",
		Short: "List, add, rename or delete the concepts of a view",
		Long: `Concepts belong to a view (--view; not needed where the project has only one). Adding or deleting a concept makes a new
model of the view; renaming changes nothing else.`,
		Example: `  viewfinder concept waste list --view Material
  viewfinder concept waste add Glass Metal Paper --view Material
  viewfinder concept waste add Cork --view Material --color "#cc79a7" --key c
  viewfinder concept waste rename Paper "Paper and cardboard" --view Material`,
		Args: between(1, -1, "a project, and list, add, rename or delete"),
		RunE: func(c *cobra.Command, args []string) error {
			verb, rest := verbOf(args)
			switch verb {
			case "add":
				if len(rest) == 0 {
					return wrongCall(c, "add takes the names of the new concepts")
				}
				if len(rest) > 1 && (o.color != "" || o.key != "") {
					return wrongCall(c, "--color and --key go with one new concept")
				}
			case "list", "rename", "delete":
				if err := verbArgs(c, verb, rest, map[string]int{"list": 0, "rename": 2, "delete": 1}); err != nil {
					return err
				}
			default:
				return wrongCall(c, "unknown action %q: use list, add, rename or delete", verb)
			}
			open := s.with
			if verb == "list" {
				open = s.reading
			}
			return open(c.Context(), args[0], func(p *studio.Project) error {
				v, err := viewOf(c.Context(), p, o.view)
				if err != nil {
					return err
				}
				switch verb {
				case "add":
					return s.addConcepts(c, p, v, rest, o.color, o.key)
				case "rename":
					concept, err := p.FindConcept(c.Context(), v.ID, rest[0])
					if err == nil {
						concept.Name = rest[1]
						err = p.UpdateConcept(c.Context(), concept)
					}
					return s.done(err, "Renamed the concept %s to %s", rest[0], rest[1])
				case "delete":
					return s.deleteConcept(c, p, v, rest[0], o.force)
				}
				concepts, err := conceptDocs(c.Context(), p, v.ID)
				if err != nil {
					return err
				}
				return s.print(concepts, func() {
					rows := [][]string{{"concept", "key", "colour", "train", "val", "test"}}
					for _, c := range concepts {
						rows = append(rows, []string{c.Name, c.Key, c.Color, words.Number(c.Train), words.Number(c.Val), words.Number(c.Test)})
					}
					s.table(rows)
				})
			})
		},
	}
	c.Flags().StringVar(&o.view, "view", "", "the view that the concepts belong to")
	c.Flags().StringVar(&o.color, "color", "", "colour of a new concept, as #rrggbb (default: the next of the palette)")
	c.Flags().StringVar(&o.key, "key", "", "shortcut key of a new concept, one character (default: the next free digit)")
	c.Flags().BoolVar(&o.force, "force", false, "delete the concept even if annotations use it")
	return s.facts(c)
}

func (s *session) addConcepts(c *cobra.Command, p *studio.Project, v studio.View, names []string, color, key string) error {
	docs := []conceptDoc{}
	for _, name := range names {
		added, err := p.AddConcept(c.Context(), domain.Concept{ViewID: v.ID, Name: name, Color: color, Key: key})
		if err != nil {
			return err
		}
		docs = append(docs, conceptDoc{ID: added.ID, Name: added.Name, Color: added.Color, Key: added.Key})
	}
	return s.print(docs, func() {
		for _, d := range docs {
			s.printf("Added the concept %s to %s", d.Name, v.Name)
		}
	})
}

func (s *session) deleteConcept(c *cobra.Command, p *studio.Project, v studio.View, name string, force bool) error {
	concept, err := p.FindConcept(c.Context(), v.ID, name)
	if err != nil {
		return err
	}
	contents, err := p.ConceptContents(c.Context(), concept.ID)
	if err != nil {
		return err
	}
	if !force && contents.Annotations > 0 {
		return errors.New(wouldTake("the concept "+concept.Name, contents))
	}
	return s.done(p.DeleteConcept(c.Context(), concept.ID), "Deleted the concept %s", concept.Name)
}
