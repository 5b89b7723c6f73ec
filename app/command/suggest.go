package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
	"viewfinder/app/studio/predict"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
)

// suggestDoc is what `viewfinder suggest --json` prints.
type suggestDoc struct {
	Version   string `json:"version"`
	Suggested int    `json:"suggested"` // images that got suggestions
	Accepted  int    `json:"accepted"`  // suggestions that became annotations
	Images    int    `json:"images"`    // of how many images
}

// suggestFlags are the flags of `viewfinder suggest`.
type suggestFlags struct {
	threshold   float64
	acceptAbove float64
	accept      bool // acceptAbove was given
	split, text string
	clear       bool
}

// suggest is `viewfinder suggest`.
func (s *session) suggest() *cobra.Command {
	var f suggestFlags
	c := &cobra.Command{
		Use:   "suggest PROJECT VERSION",
		Short: "Suggest annotations for images that are not annotated",
		Long: `Runs a version on the images of its view that are not annotated, and keeps its predictions as suggestions, replacing those
it made before. A suggestion is never an annotation by itself: a person accepts, changes or rejects it in the window, or accepts all above a
confidence with --accept-above. When interrupted, the suggestions made so far are kept.`,
		Example: `  viewfinder suggest waste v3 --threshold 0.8
  viewfinder suggest waste v3 --split train --text bottle
  viewfinder suggest waste v3 --accept-above 0.95 --json
  viewfinder suggest waste v3 --clear`,
		Args: exactly(2, versionArgs),
		RunE: func(c *cobra.Command, args []string) error {
			f.accept = c.Flags().Changed("accept-above")
			switch {
			case f.threshold < 0 || f.threshold > 1:
				return wrongCall(c, "--threshold %g is not between 0 and 1", f.threshold)
			case f.acceptAbove < 0 || f.acceptAbove > 1:
				return wrongCall(c, "--accept-above %g is not between 0 and 1", f.acceptAbove)
			case f.clear && f.accept:
				return wrongCall(c, "--clear and --accept-above exclude one another")
			}
			if err := checkSplit(c, f.split); err != nil {
				return err
			}
			return s.with(c.Context(), args[0], func(p *studio.Project) error { return s.suggestWith(c.Context(), p, args[1], f) })
		},
	}
	c.Flags().Float64Var(&f.threshold, "threshold", 0, "minimum confidence of a suggestion (default 0.5)")
	c.Flags().Float64Var(&f.acceptAbove, "accept-above", 0, "accept suggestions of at least this confidence, 0 to 1")
	c.Flags().StringVar(&f.split, "split", "", "only images of "+domain.SplitWords("or"))
	c.Flags().StringVar(&f.text, "text", "", "only images with this in their name")
	c.Flags().BoolVar(&f.clear, "clear", false, "remove the version's suggestions instead")
	return s.facts(c)
}

func (s *session) suggestWith(ctx context.Context, p *studio.Project, name string, f suggestFlags) error {
	v, err := p.FindVersion(ctx, name)
	if err != nil {
		return err
	}
	doc := suggestDoc{Version: v.Name}
	if f.clear {
		if err := p.ClearSuggestions(ctx, v.ViewID, v.ID); err != nil {
			return err
		}
		return s.print(doc, func() { s.printf("Removed the suggestions of %s", v.Name) })
	}
	q := studio.Query{View: v.ViewID, Split: domain.Split(f.split), Text: f.text}
	doc.Suggested, err = p.SuggestFor(ctx, v.ID, predict.SuggestRequest{Query: q, Threshold: f.threshold}, s.progress())
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("%w; the suggestions for %s are kept", err, words.Count(doc.Suggested, "image"))
	}
	if err != nil {
		return err
	}
	if f.accept {
		if doc.Accepted, doc.Images, err = p.AcceptAbove(ctx, q, f.acceptAbove); err != nil {
			return err
		}
	}
	return s.print(doc, func() {
		s.printf("%s has suggestions for %s", v.Name, words.Count(doc.Suggested, "image"))
		if f.accept {
			s.printf("Accepted %s of %s", words.Count(doc.Accepted, "suggestion"), words.Count(doc.Images, "image"))
		}
	})
}
