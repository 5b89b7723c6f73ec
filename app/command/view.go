package command

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
)

// view is `viewfinder view PROJECT list|add|rename|delete`.
func (s *session) view() *cobra.Command {
	var o struct {
		kind, parent string
		any, all     []string
		force        bool
	}
	c := &cobra.Command{
		Use:   "view PROJECT list | add NAME | rename NAME NEW | delete NAME",
		Short: "List, add, rename or delete views",
		Long: `A view is a recognition task over the project's images, of one of three types:
  classification  each image (or crop) carries exactly one concept
  tagging         any number of concepts, or none
  detection       concepts are located with boxes
A child view (--parent) applies to what its parent passes on: with --any, the images or regions with at least one of the named
concepts, with --all those with all of them, with both those that satisfy both, with neither everything annotated.`,
		Example: `  viewfinder view waste list
  viewfinder view waste add Material --type classification
  viewfinder view waste add "Kind of glass" --type classification --parent Material --any Glass
  viewfinder view waste rename Material "Waste type"
  viewfinder view waste delete Material --force`,
		Args: between(1, -1, "a project, and list, add, rename or delete"),
		RunE: func(c *cobra.Command, args []string) error {
			verb, rest := verbOf(args)
			ctx := c.Context()
			switch verb {
			case "list", "add", "rename", "delete":
			default:
				return wrongCall(c, "unknown action %q: use list, add, rename or delete", verb)
			}
			if err := verbArgs(c, verb, rest, map[string]int{"list": 0, "add": 1, "rename": 2, "delete": 1}); err != nil {
				return err
			}
			if verb == "add" {
				if !domain.Task(o.kind).Valid() {
					return wrongCall(c, "a new view needs --type classification, tagging or detection")
				}
				if o.parent == "" && len(o.any)+len(o.all) > 0 {
					return wrongCall(c, "--any and --all go with --parent")
				}
			}
			open := s.with
			if verb == "list" {
				open = s.reading
			}
			return open(ctx, args[0], func(p *studio.Project) error {
				switch verb {
				case "add":
					return s.addView(c, p, rest[0], o.kind, o.parent, o.any, o.all)
				case "rename":
					v, err := p.FindView(ctx, rest[0])
					if err == nil {
						err = p.RenameView(ctx, v.ID, rest[1])
					}
					return s.done(err, "Renamed the view %s to %s", rest[0], rest[1])
				case "delete":
					return s.deleteView(c, p, rest[0], o.force)
				}
				views, err := viewDocs(ctx, p)
				if err != nil {
					return err
				}
				return s.print(views, func() { s.printViews(views) })
			})
		},
	}
	c.Flags().StringVar(&o.kind, "type", "", "type of a new view: classification, tagging or detection")
	c.Flags().StringVar(&o.parent, "parent", "", "the parent of a new view")
	c.Flags().StringArrayVar(&o.any, "any", nil, "a concept of the parent; any one of several is enough")
	c.Flags().StringArrayVar(&o.all, "all", nil, "a concept of the parent; all of several are required")
	c.Flags().BoolVar(&o.force, "force", false, "delete the view even if it has annotations or versions")
	return s.facts(c)
}

// verbOf splits PROJECT VERB REST; the verb is list if there is none.
func verbOf(args []string) (verb string, rest []string) {
	if len(args) < 2 {
		return "list", nil
	}
	return args[1], args[2:]
}

// verbArgs refuses a wrong number of arguments after a verb.
func verbArgs(c *cobra.Command, verb string, rest []string, want map[string]int) error {
	if n := want[verb]; len(rest) != n {
		return wrongCall(c, "%s takes %s, not %d", verb, words.Count(n, "argument"), len(rest))
	}
	return nil
}

// done prints a sentence, or with --json {"ok": true}, unless there was an error.
func (s *session) done(err error, format string, args ...any) error {
	if err != nil {
		return err
	}
	return s.print(map[string]bool{"ok": true}, func() { s.printf(format, args...) })
}

func (s *session) addView(c *cobra.Command, p *studio.Project, name, kind, parent string, anyOf, allOf []string) error {
	ctx := c.Context()
	v := studio.View{Name: name, Type: domain.Task(kind)}
	if parent != "" {
		over, err := p.FindView(ctx, parent)
		if err != nil {
			return err
		}
		v.ParentID = over.ID
		for _, group := range []struct {
			op    string
			names []string
		}{{"or", anyOf}, {"and", allOf}} {
			if len(group.names) == 0 {
				continue
			}
			part := domain.Condition{Op: group.op}
			for _, name := range group.names {
				concept, err := p.FindConcept(ctx, over.ID, name)
				if err != nil {
					return err
				}
				part.Of = append(part.Of, domain.Condition{Op: "concept", Concept: concept.ID})
			}
			if v.Conditions == nil {
				v.Conditions = &part
			} else {
				v.Conditions = &domain.Condition{Op: "and", Of: []domain.Condition{*v.Conditions, part}}
			}
		}
	}
	added, err := p.AddView(ctx, v)
	if err != nil {
		return err
	}
	return s.print(map[string]any{"id": added.ID, "name": added.Name, "type": added.Type}, func() {
		s.printf("Added the %s view %s", added.Type, added.Name)
	})
}

func (s *session) deleteView(c *cobra.Command, p *studio.Project, name string, force bool) error {
	v, err := p.FindView(c.Context(), name)
	if err != nil {
		return err
	}
	contents, err := p.ViewContents(c.Context(), v.ID)
	if err != nil {
		return err
	}
	if !force && contents.Annotations+contents.Versions+contents.Views > 0 {
		return errors.New(wouldTake("the view "+v.Name, contents))
	}
	return s.done(p.DeleteView(c.Context(), v.ID), "Deleted the view %s", v.Name)
}

// wouldTake says what deleting something takes along, and how to do it nevertheless.
func wouldTake(what string, c studio.Contents) string {
	return fmt.Sprintf("deleting %s would also delete %s, %s and %s; use --force to do so",
		what, words.Count(c.Annotations, "annotation"), words.Count(c.Versions, "version"), words.Count(c.Views, "child view"))
}
