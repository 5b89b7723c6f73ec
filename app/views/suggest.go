package views

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"viewfinder/app/studio"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
)

// readSuggestions reads what is suggested for the image that is shown; keys wait, since they may be meant for that.
func (e *editor) readSuggestions() {
	d := e.point
	if d.Suggested == 0 || e.stale {
		e.suggestions, e.guess = nil, nil
		if !e.stale {
			e.takeGuess()
		}
		e.showSuggestions()
		if !e.stale {
			e.to.blank(d)
		}
		return
	}
	turn, key, project := e.turn, d.Key(), e.project
	e.typist.reading++
	go func() {
		ctx := e.shell.Context()
		list, err := project.Suggestions(ctx, key)
		by := makers(ctx, project, list)
		fyne.Do(func() {
			e.typist.reading--
			if turn == e.turn && e.isOpen() && err == nil {
				e.suggestions, e.guess, e.makers = list, nil, by
				e.showSuggestions()
			}
			e.typist.release()
		})
	}()
}

// makers says in words which versions made suggestions: "v3", "v2 and v3".
func makers(ctx context.Context, project Project, list []studio.Suggestion) string {
	var ids []int64
	for _, s := range list {
		ids = append(ids, s.Version)
	}
	names := slices.Compact(slices.Sorted(maps.Values(project.VersionNames(ctx, ids))))
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}

// showSuggestions shows those that are as certain as was asked for.
func (e *editor) showSuggestions() {
	var list []widgets.Suggestion
	if g := e.guess; g != nil && len(g.Concepts) == 0 && domain.Reaches(g.Confidence, e.certain) {
		list = append(list, widgets.Suggestion{ID: -1, Label: withoutConcept, Color: colorOf(domain.Concept{}), Confidence: g.Confidence})
	}
	for _, s := range e.suggestions {
		c, ok := e.byID[s.Concept]
		if !ok || !domain.Reaches(s.Confidence, e.certain) {
			continue
		}
		shown := widgets.Suggestion{ID: s.ID, Label: c.Name, Color: colorOf(c), Confidence: s.Confidence}
		if s.Box != nil {
			shown.Box = within(*s.Box, e.point.SourceBox)
		}
		list = append(list, shown)
	}
	e.shown = list
	e.annotator.SetSuggestions(list)
	e.tell(aboutSuggestions)
}

// decide accepts or rejects the suggestion that is pointed out, or accepts all that are shown.
func (e *editor) decide(accept, all bool) {
	if e.point.ID == 0 {
		return
	}
	if e.guess != nil && len(e.shown) > 0 {
		e.decideGuess(accept)
		return
	}
	var ids []int64
	if s, ok := e.annotator.Suggestion(); ok {
		ids = []int64{s.ID}
	}
	if all {
		ids = nil
		for _, s := range e.shown {
			ids = append(ids, s.ID)
		}
	}
	if len(ids) == 0 {
		e.shell.Notify(e.noSuggestion())
		return
	}
	view, key := e.view.ID, e.point.Key()
	do, doing := e.project.RejectSuggestions, "reject the suggestion"
	if accept {
		do, doing = e.project.AcceptSuggestions, "accept the suggestion"
	}
	turn, at := e.turn, e.at
	e.typist.loading = true // the next key is meant for what is there then
	e.writer.add(job{doing: doing, keys: []studio.Key{key}, work: func(ctx context.Context) error {
		return do(ctx, view, ids)
	}, after: func(err error) {
		if turn != e.turn || !e.isOpen() {
			return
		}
		if err == nil && accept && e.view.Type.ExactlyOne() && e.to.goOn() && at+1 < len(e.ids) {
			e.show(at + 1)
			return
		}
		e.renew()
	}})
}

func (e *editor) noSuggestion() string {
	if n := len(e.suggestions); n > 0 {
		return fmt.Sprintf("No suggestion here reaches %.0f%%; %s below.", 100*e.certain, words.Count(n, "is", "are"))
	}
	return "Nothing is suggested for this image."
}

// setCertain has only suggestions from a confidence on shown.
func (e *editor) setCertain(from float64) {
	e.certain = from
	e.showSuggestions()
}
