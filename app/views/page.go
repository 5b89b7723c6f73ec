// Package views is the Views tab: the tree of views, the gallery, the annotator, and the concepts.
package views

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"viewfinder/app/keys"
	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/editing"
	"viewfinder/app/studio/session"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// Preferences are what a person chose for annotating, kept by the window.
type Preferences struct {
	GoOn    func() bool // classification: on to the next image once a concept is given
	SetGoOn func(bool)  // remembers it
	Keys    *keys.Map
	// Folded reports whether the details at the right are folded away; SetFolded remembers it.
	Folded    bool
	SetFolded func(bool)
}

// Page is the Views tab: it makes the parts of it, and does what takes more than one of them.
type Page struct {
	*commands
	prefs Preferences
	keys  *keys.Map

	content   fyne.CanvasObject
	tree      *widgets.ViewTree
	middle    *fyne.Container
	right     fyne.CanvasObject // the details, which can be folded away
	gallery   *gallery
	editor    *editor
	panel     *panel
	assistant *assistant
	kept      remembered
	keeping   *time.Timer // until what is kept is written

	current   int64 // the view that the gallery shows
	visible   bool
	returning func(last int64) // whom leaving the annotator goes back to; nil: the gallery
	loading   int              // how many loads were begun: an older one's answer is dropped
	pending   *time.Timer
	suggested int // datapoints that the assistant suggests something for, as is shown
}

var (
	_ page.Page    = (*Page)(nil)
	_ page.Escaper = (*Page)(nil)
	_ page.Keyer   = (*Page)(nil)
)

const (
	leftWidth  = 206
	rightWidth = 258
)

// New makes the page.
func New(s page.Shell, project Project, prefs Preferences) *Page {
	p := &Page{prefs: prefs, keys: prefs.Keys, kept: remembered{Views: map[int64]galleryState{}}}
	m := newModel(s, project)
	w := newWriter(s, project, p.saved)
	m.memory = newMemory(s.Context(), project, w, m.hear, s.Fail)
	p.commands = &commands{model: m, writer: w, put: p.put}
	p.assistant = newAssistant(m, w)
	p.gallery = newGallery(p.commands, p.keys, galleryActions{
		open: p.open, load: func() { p.load(true) }, keep: p.keep, focus: p.focus, toSearch: p.toSearch, order: p.ensureNext, useful: p.openUseful,
		imports: func() { p.Import(nil) }, paste: p.Paste, newView: func(t domain.Task) { p.newViewOf(0, t) }, suggest: p.Suggest, fold: p.foldDetails, help: p.showKeys, similar: p.showSimilar,
		find: p.findConcept,
	})
	p.editor = newEditor(p.commands, p.keys, editorActions{
		back: p.back, useful: p.openUseful, fold: p.foldDetails, help: p.showKeys, focus: p.focus, blank: p.assistant.shown, similar: p.showSimilar, find: p.findConcept,
		goOn: func() bool { return prefs.GoOn != nil && prefs.GoOn() },
	})
	p.panel = newPanel(p.commands, p.editor, panelActions{focus: p.focus, menu: p.conceptMenu, move: p.moveConcept})
	p.tree = widgets.NewViewTree()
	p.tree.OnPick = func(id int64) {
		p.returning = nil
		p.back()
		s.SetView(id)
	}
	p.tree.OnMenu = p.viewMenu
	add := widgets.NewIconButton(icons.Add, "New view: a recognition task over the project's images", func() { p.newView(0) })
	head := look.PadXY(10, 6, look.Row(4, look.Section("Views"), layout.NewSpacer(), add))
	left := look.Width(leftWidth, container.NewBorder(head, nil, nil, nil, container.NewVScroll(look.PadXY(6, 0, p.tree))))
	p.middle = container.NewStack(p.gallery.content, p.editor.content)
	p.right = look.Frame(nil, nil, look.VLine(), nil, look.Sheet(look.Width(rightWidth, p.panel.content)))
	p.content = look.Frame(nil, nil, look.Frame(nil, nil, nil, look.VLine(), look.Sheet(left)), p.right, p.middle)
	if prefs.Folded {
		p.right.Hide()
	}
	return p
}

// foldDetails folds the details at the right away, or unfolds them.
func (p *Page) foldDetails() {
	folded := p.right.Visible()
	if folded {
		p.right.Hide()
	} else {
		p.right.Show()
	}
	p.content.Refresh()
	if p.prefs.SetFolded != nil {
		p.prefs.SetFolded(folded)
	}
	p.focus()
}

// findConcept asks for a concept's name, beside the concepts.
func (p *Page) findConcept() {
	if !p.right.Visible() {
		p.foldDetails()
	}
	p.panel.find()
}

// Content implements page.Page.
func (p *Page) Content() fyne.CanvasObject { return p.content }

// Show implements page.Page.
func (p *Page) Show() {
	p.visible = true
	p.focus()
}

// Hide implements page.Page.
func (p *Page) Hide() { p.visible, p.returning = false, nil }

// Close implements page.Page. What is still to be saved is saved all the same: see Wait.
func (p *Page) Close() {
	p.assistant.close()
	p.saveKept()
}

// Refresh implements page.Page.
func (p *Page) Refresh(c page.Change) {
	if c.View {
		if id := p.shell.View().ID; id != p.current || !p.gallery.loaded {
			p.current = id
			p.forgetConcepts()
			p.gallery.reset()
			p.gallery.restore(p.kept.Views[id])
			p.project.AssistView(id)
		} else { // the tab is shown again: filters, place and selection stay
			p.editor.reread(nil)
			p.forgetImages(nil)
		}
		if p.editor.isOpen() && p.editor.view.ID != p.shell.View().ID {
			p.returning = nil
			p.back()
		}
		p.load(true)
		return
	}
	switch c.Studio.Kind {
	case session.ChangeRun, session.ChangeVersions, session.ChangeHistory:
	case session.ChangeAssistant:
		if c.Studio.View == p.current {
			p.tell(aboutAssistant)
			p.loadSuggested()
		}
	case session.ChangeAnnotations:
		p.editor.reread(c.Studio.Images)
		p.forgetImages(c.Studio.Images)
		p.loadSoon()
	default:
		p.editor.reread(nil)
		p.forgetImages(nil)
		p.load(true)
	}
}

// saved reads anew what was saved, unless more about it is still to be saved: until now it was shown as it was meant.
func (p *Page) saved(j job) {
	if j.any && p.shell.Context().Err() == nil {
		p.editor.reread(nil)
		return
	}
	var images []int64
	for _, k := range j.keys {
		if !p.writer.waits(k) {
			images = append(images, k.Image)
		}
	}
	if len(images) > 0 && p.shell.Context().Err() == nil {
		p.editor.reread(images)
		p.forgetImages(images)
	}
}

// loadSoon loads counts and list a moment later, once for many changes.
func (p *Page) loadSoon() {
	if p.pending != nil {
		p.pending.Stop()
	}
	p.pending = time.AfterFunc(120*time.Millisecond, func() { fyne.Do(func() { p.load(false) }) })
}

// loadSuggested loads what follows from the assistant's suggestions: their number, and the list where it is theirs.
func (p *Page) loadSuggested() {
	q := p.gallery.query()
	if p.suggested != p.project.AssistantStatus(p.current).Suggestions || q.State == studio.StateSuggested || q.Sort == studio.SortConfidence {
		p.loadSoon()
	}
}

// load reads views, concepts, counts and the gallery's list.
func (p *Page) load(all bool) {
	p.loading++
	n, view, query := p.loading, p.shell.View(), p.gallery.query()
	keepList := !all && p.editor.isOpen()
	var nodes []editing.ViewNode
	var concepts []domain.Concept
	var used []studio.ConceptCount
	var counts studio.Counts
	var ids []int64
	var images []studio.Image
	inProject := 0
	project := p.project
	p.shell.Do("read the view", func(ctx context.Context) (err error) {
		p.writer.wait(ctx)
		if nodes, err = project.Tree(ctx); err != nil {
			return err
		}
		if view.ID == 0 {
			images, inProject, err = project.FirstImages(ctx, mostUnviewed)
			return err
		}
		if concepts, err = project.Concepts(ctx, view.ID); err != nil {
			return err
		}
		if used, err = project.ConceptCounts(ctx, view.ID); err != nil {
			return err
		}
		if counts, err = project.Counts(ctx, view.ID); err != nil || keepList {
			return err
		}
		ids, err = project.AssistedIDs(ctx, query)
		return err
	}, func() {
		if n != p.loading {
			return
		}
		p.gallery.similar.sort(ids)
		p.gallery.total = counts.Total().All
		p.setConcepts(nodes, concepts, used)
		p.showTree()
		p.suggested = project.AssistantStatus(view.ID).Suggestions
		p.gallery.filters.showCounts(counts, p.suggested)
		p.gallery.unviewed.show(images, inProject)
		if !keepList {
			p.gallery.show(ids)
		}
	})
}

// put shows what was done to a datapoint, wherever it is shown.
func (p *Page) put(d studio.Datapoint) {
	p.memory.keep(d)
	p.editor.put(d)
}

// back shows the gallery, at the image that the annotator showed last.
func (p *Page) back() {
	if !p.editor.isOpen() {
		return
	}
	id := p.editor.close()
	p.gallery.content.Show()
	p.gallery.choose(id)
	p.load(true)
	if back := p.returning; back != nil {
		p.returning = nil
		back(id)
		return
	}
	p.focus()
}

// open shows the annotator on the gallery's list.
func (p *Page) open(i int) { p.annotate(p.view(), p.ids, i) }

// annotate shows the annotator on a list of datapoints.
func (p *Page) annotate(v studio.View, ids []int64, at int) {
	p.gallery.content.Hide()
	p.editor.open(v, ids, at)
	p.panel.refresh()
	p.focus()
}

// toSearch shows the gallery where the annotator is open, and gives the focus back to the search, which the gallery takes.
func (p *Page) toSearch() {
	if p.editor.isOpen() {
		p.back()
		fyne.Do(func() { p.shell.Window().Canvas().Focus(p.gallery.search) })
	}
}

func (p *Page) focus() {
	c := p.shell.Window().Canvas()
	if !p.visible || c.Overlays().Top() != nil {
		return
	}
	if p.editor.isOpen() {
		c.Focus(p.editor.annotator)
	} else if p.gallery.grid.Visible() {
		c.Focus(p.gallery.grid)
	}
}

// Escape implements page.Escaper.
func (p *Page) Escape() bool {
	if p.editor.isOpen() {
		p.editor.press("back")
		return true
	}
	return false
}

// TypedKey implements page.Keyer: keys nobody has the focus for go where they would be looked for.
func (p *Page) TypedKey(e *fyne.KeyEvent) {
	p.focus()
	if p.editor.isOpen() {
		p.editor.annotator.TypedKey(e)
	} else {
		p.gallery.grid.TypedKey(e)
	}
}

// TypedRune implements page.Keyer.
func (p *Page) TypedRune(r rune) {
	if p.editor.isOpen() {
		p.editor.annotator.TypedRune(r)
	} else {
		p.gallery.grid.TypedRune(r)
	}
}

// FocusSearch puts the cursor into the gallery's search.
func (p *Page) FocusSearch() {
	p.returning = nil
	p.back()
	p.shell.Window().Canvas().Focus(p.gallery.search)
}

// Wait returns once everything done here is saved.
func (p *Page) Wait(ctx context.Context) { p.writer.wait(ctx) }

// Filter is what the gallery shows, and whether that is less than all of the view.
func (p *Page) Filter() (studio.Query, bool) { return p.gallery.query(), p.gallery.filters.isSet() }

// EmptyCells is how many cells of the filmstrip in sight show no image yet, for tests.
func (p *Page) EmptyCells() int {
	n := 0
	from, to := p.editor.strip.InSight()
	for i := from; i < to; i++ {
		if p.editor.stripItem(i, 96).Thumbnail == nil {
			n++
		}
	}
	return n
}

// Shown is the name of the image that the annotator shows, "" for none.
func (p *Page) Shown() string {
	if !p.editor.isOpen() {
		return ""
	}
	return p.editor.point.Image.Name
}

// SuggestedBy says which versions made the suggestions for the image that is shown.
func (p *Page) SuggestedBy() string { return p.opened.makers }

// SetCertain has only suggestions from a confidence on shown.
func (p *Page) SetCertain(from float64) { p.panel.suggestions.slider.SetValue(from) }
