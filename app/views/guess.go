package views

import (
	"context"
	"slices"

	"viewfinder/app/studio"
	"viewfinder/storage/domain"
)

// takeGuess takes what the assistant suggests for the image that is open.
func (e *editor) takeGuess() {
	g, ok := e.project.Assisted(e.point)
	if !ok {
		return
	}
	e.guess, e.makers = &g, "the assistant"
	for i, id := range g.Concepts {
		e.suggestions = append(e.suggestions, studio.Suggestion{ID: -1 - int64(i), Concept: id, Confidence: g.Confidence})
	}
}

// assisted hears that the assistant suggests something else. What is suggested for the image that is open stays as long as that is suggested at all, so that a key
// never accepts what came a moment ago.
func (e *editor) assisted() {
	if !e.isOpen() || e.point.ID == 0 || e.stale || e.guess == nil && len(e.suggestions) > 0 {
		return
	}
	g, ok := e.project.Assisted(e.point)
	if ok && e.guess != nil && !slices.Equal(g.Concepts, e.guess.Concepts) && !slices.ContainsFunc(e.guess.Concepts, func(id int64) bool { _, there := e.byID[id]; return !there }) {
		return
	}
	e.suggestions, e.guess = nil, nil
	e.takeGuess()
	e.showSuggestions()
	e.refreshStrip()
}

// decideGuess accepts or rejects all that the assistant suggests for the image, and goes on to the next where it was accepted.
func (e *editor) decideGuess(accept bool) {
	d, g := e.point, *e.guess
	if !accept {
		e.project.RejectAssisted(d)
		e.suggestions, e.guess = nil, nil
		e.takeGuess()
		e.showSuggestions()
		return
	}
	at := e.at
	e.acceptGuesses([]studio.Datapoint{d}, []studio.Predicted{{Key: d.Key(), Concepts: g.Concepts, Confidence: g.Confidence}})
	e.suggestions, e.guess = nil, nil
	e.showSuggestions()
	if at+1 < len(e.ids) {
		e.show(at + 1)
	}
}

// acceptGuesses annotates datapoints with what the assistant suggests for them.
func (c *commands) acceptGuesses(points []studio.Datapoint, list []studio.Predicted) {
	for i, d := range points {
		c.assume(d, []domain.Region{{Concepts: list[i].Concepts}})
	}
	c.writer.add(job{doing: "accept the suggestions", keys: keysOf(points), work: func(ctx context.Context) error {
		return c.project.AcceptAssisted(ctx, list)
	}})
}

// accept accepts what the assistant suggests for what is selected, and goes on to the next image where one was.
func (g *gallery) accept() {
	g.withSelected("accept the suggestions", func(points []studio.Datapoint) {
		var suggested []studio.Datapoint
		var list []studio.Predicted
		for _, d := range points {
			if guess, ok := g.project.Assisted(d); ok {
				suggested = append(suggested, d)
				list = append(list, studio.Predicted{Key: d.Key(), Concepts: guess.Concepts, Confidence: guess.Confidence})
			}
		}
		if len(list) == 0 {
			g.shell.Notify("The assistant suggests nothing for what is selected.")
			return
		}
		g.acceptGuesses(suggested, list)
		if next := g.grid.Current() + 1; len(points) == 1 && next < len(g.ids) {
			g.grid.SelectOnly(next)
			g.grid.ScrollTo(next)
		}
	})
}
