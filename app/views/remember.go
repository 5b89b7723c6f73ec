package views

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"fyne.io/fyne/v2"

	"viewfinder/app/studio"
	"viewfinder/app/studio/session"
)

// remembered is what the Views page keeps in the project: where a person was in each view.
type remembered struct {
	View  int64                  `json:"view"`
	Cell  float32                `json:"cell"` // the size of the thumbnails
	Views map[int64]galleryState `json:"views"`
}

// galleryState is what the gallery of a view shows, and where.
type galleryState struct {
	State   string `json:"state,omitempty"`
	Split   int    `json:"split,omitempty"`
	Concept int64  `json:"concept,omitempty"`
	Order   int    `json:"order,omitempty"`
	Text    string `json:"text,omitempty"`
	At      int64  `json:"at,omitempty"` // the current datapoint
}

// Recall reads where a person was when the project was last open; Restore shows it. It is called off the window's thread.
func (p *Page) Recall(ctx context.Context) (restore func() (view int64)) {
	text, err := p.project.Remembered(ctx, session.RememberedGallery)
	var r remembered
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &r)
	}
	if err != nil {
		slog.Warn("where you were in the gallery cannot be read", "error", err)
	}
	return func() int64 {
		if r.Views != nil {
			p.kept.Views = r.Views
		}
		if r.Cell > 0 {
			p.gallery.size.SetValue(float64(r.Cell))
		}
		return r.View
	}
}

// ShowGallery has the gallery of a view show what is in a state and carries a concept (0: any), now or when the view is next the current one.
func (p *Page) ShowGallery(view int64, state studio.State, concept int64) {
	p.kept.Views[view] = galleryState{State: string(state), Concept: concept}
	if p.current != view {
		return
	}
	if p.editor.isOpen() {
		p.back()
	}
	p.gallery.restore(p.kept.Views[view])
	p.gallery.grid.SetOffset(0)
	p.load(true)
	p.keep()
}

// keep remembers what the gallery shows, at once in memory, and in the project once a hand rests.
func (p *Page) keep() {
	if p.current == 0 || !p.gallery.loaded || p.gallery.filters.quiet {
		return
	}
	p.kept.View, p.kept.Cell = p.current, p.gallery.grid.CellSize()
	p.kept.Views[p.current] = p.gallery.state()
	if p.keeping != nil {
		p.keeping.Stop()
	}
	p.keeping = time.AfterFunc(700*time.Millisecond, func() { fyne.Do(p.saveKept) })
}

// saveKept writes what is remembered, after what is being saved.
func (p *Page) saveKept() {
	if p.keeping == nil {
		return
	}
	p.keeping.Stop()
	p.keeping = nil
	data, err := json.Marshal(p.kept)
	if err != nil {
		slog.Warn("where you are in the gallery cannot be written", "error", err)
		return
	}
	project := p.project
	p.writer.add(job{doing: "remember where you are", work: func(ctx context.Context) error {
		if err := project.Remember(ctx, session.RememberedGallery, string(data)); err != nil {
			slog.Warn("where you are in the gallery cannot be kept", "error", err) // not worth a dialog
		}
		return nil
	}})
}

func (g *gallery) state() galleryState {
	f := g.filters
	s := galleryState{State: f.state.Selected(), Split: max(0, f.split.SelectedIndex()), Concept: f.chosen, Order: max(0, f.order.SelectedIndex()), Text: f.text}
	s.At = g.current()
	return s
}

// restore has the next list be what a person left.
func (g *gallery) restore(s galleryState) {
	f := g.filters
	f.quiet = true
	defer func() { f.quiet = false }()
	f.state.SetSelected(s.State)
	f.split.SetSelectedIndex(min(max(0, s.Split), len(f.split.Options)-1))
	f.order.SetSelectedIndex(min(max(0, s.Order), len(f.order.Options)-1))
	f.chosen, f.text = s.Concept, s.Text
	g.search.SetText(s.Text)
	if s.At != 0 {
		g.choose(s.At)
	}
}
