package views

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// readSuggestions reads what is suggested for the image that is shown; keys wait, since they may be meant for that.
func (e *editor) readSuggestions() {
	d := e.point
	if d.Suggested == 0 || e.doubt {
		e.suggestions = nil
		e.showSuggestions()
		if !e.doubt {
			e.page.assistant.shown(d)
		}
		return
	}
	turn, key, project := e.turn, d.Key(), e.page.shell.Project()
	e.typist.reading++
	go func() {
		ctx := e.page.shell.Context()
		list, err := project.Suggestions(ctx, key)
		by := makers(ctx, project, list)
		fyne.Do(func() {
			e.typist.reading--
			if turn == e.turn && e.isOpen() && err == nil {
				e.suggestions, e.makers = list, by
				e.showSuggestions()
			}
			e.typist.release()
		})
	}()
}

// makers says in words which versions made suggestions: "v3", "v2 and v3".
func makers(ctx context.Context, project *studio.Project, list []studio.Suggestion) string {
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
	for _, s := range e.suggestions {
		c, ok := e.page.byID[s.Concept]
		if !ok || !domain.Reaches(s.Confidence, e.page.certain) {
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
	e.page.panel.showSuggestions()
}

// decide accepts or rejects the suggestion that is pointed out, or accepts all that are shown.
func (e *editor) decide(accept, all bool) {
	if e.point.ID == 0 {
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
		e.page.shell.Notify(e.noSuggestion())
		return
	}
	project, view, key := e.page.shell.Project(), e.view.ID, e.point.Key()
	do, doing := project.RejectSuggestions, "reject the suggestion"
	if accept {
		do, doing = project.AcceptSuggestions, "accept the suggestion"
	}
	turn, at := e.turn, e.at
	e.typist.loading = true // the next key is meant for what is there then
	e.page.writer.add(job{doing: doing, keys: []studio.Key{key}, work: func(ctx context.Context) error {
		return do(ctx, view, ids)
	}, after: func(err error) {
		if turn != e.turn || !e.isOpen() {
			return
		}
		if err == nil && accept && e.view.Type == studio.ViewClassification && e.page.prefs.GoOn != nil && e.page.prefs.GoOn() && at+1 < len(e.ids) {
			e.show(at + 1)
			return
		}
		e.renew()
	}})
}

func (e *editor) noSuggestion() string {
	if n := len(e.suggestions); n > 0 {
		return fmt.Sprintf("No suggestion here is as certain as %.0f%%; %s below.", 100*e.page.certain, words.Count(n, "is", "are"))
	}
	return "Nothing is suggested for this image."
}

// suggestionPanel is where suggestions are decided on by the mouse, and how certain those must be that are shown.
type suggestionPanel struct {
	page    *Page
	content *fyne.Container
	title   *look.Paragraph
	least   *look.Styled
	slider  *widget.Slider
}

func newSuggestionPanel(p *Page) *suggestionPanel {
	n := &suggestionPanel{page: p, title: look.MutedWrapped(""), least: look.Small("")}
	n.slider = widget.NewSlider(0, 1)
	n.slider.Step = 0.01
	n.slider.OnChanged = func(v float64) {
		p.certain = v
		p.editor.showSuggestions()
		n.slider.Refresh()
	}
	press := func(text string, name string) fyne.CanvasObject {
		return widget.NewButton(text, func() { p.editor.press(name); p.focus() })
	}
	n.content = container.NewVBox(look.Section("Suggestions"), n.title, container.NewBorder(nil, nil, n.least, nil, look.Track(n.slider)),
		container.NewGridWithColumns(3, press("Accept", "accept"), press("Reject", "reject"), press("All", "accept_all")))
	n.content.Hide()
	return n
}

// showSuggestions shows how many are to be decided on.
func (n *panel) showSuggestions() {
	if n == nil {
		return
	}
	s, e := n.suggestions, n.page.editor
	if !e.isOpen() || len(e.suggestions) == 0 {
		if s.content.Visible() {
			s.content.Hide()
			n.details.Refresh()
		}
		return
	}
	said := words.Number(len(e.shown)) + " of " + words.Count(len(e.suggestions), "suggestion is shown", "suggestions are shown")
	if e.makers != "" {
		said += ", made by " + e.makers
	}
	s.title.SetText(said)
	s.least.SetText(fmt.Sprintf("from %3.0f%% on", 100*n.page.certain))
	if !s.content.Visible() {
		s.content.Show()
		n.details.Refresh()
	}
}

// SuggestedBy says which versions made the suggestions for the image that is shown.
func (p *Page) SuggestedBy() string { return p.editor.makers }

// SetCertain has only suggestions from a confidence on shown.
func (p *Page) SetCertain(from float64) { p.panel.suggestions.slider.SetValue(from) }
