package app

import (
	"context"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"viewfinder/app/library"
	"viewfinder/app/page"
	"viewfinder/app/project"
	"viewfinder/app/studio"
	"viewfinder/app/studio/editing"
	"viewfinder/app/studio/session"
	"viewfinder/app/trainings"
	"viewfinder/app/views"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// shell is the window around an open project: header, the three tabs, status bar. It is what the pages know as page.Shell.
type shell struct {
	*window
	project     *studio.Project
	ctx         context.Context
	cancel      context.CancelFunc
	unsubscribe func() // ends the subscription

	view  studio.View
	nodes []editing.ViewNode
	tab   page.Tab
	pages map[page.Tab]page.Page
	views *views.Page
	lib   *library.Page
	train *trainings.Page

	content fyne.CanvasObject
	header  *header
	stack   *fyne.Container
	status  *statusBar
	dead    bool
}

var _ page.Shell = (*shell)(nil)

func newShell(w *window, p *studio.Project) *shell {
	s := &shell{window: w, project: p, pages: map[page.Tab]page.Page{}}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.header = newHeader(s)
	s.status = newStatusBar(s)
	s.stack = container.NewStack()
	s.content = widgets.NewHints(s.status.hint).Around(look.Frame(s.header.content, s.status.content, nil, nil, s.stack))
	s.views = views.New(s, p, views.Preferences{
		GoOn: w.settings.goOn, SetGoOn: func(on bool) { w.settings.GoOn = &on; w.settings.save() }, Keys: w.keys,
		Folded: w.settings.Folded, SetFolded: func(on bool) { w.settings.Folded = on; w.settings.save() },
	})
	s.header.search.Objects = []fyne.CanvasObject{s.views.Search()}
	s.lib = library.New(s, p)
	s.train = trainings.New(s, p, trainings.Preferences{PauseOnBattery: func() bool { return w.settings.PauseOnBattery },
		SetPauseOnBattery: func(on bool) { w.settings.PauseOnBattery = on; w.settings.save() }, Ended: w.trainingEnded})
	s.pages[page.Views], s.pages[page.Library], s.pages[page.Training] = s.views, s.lib, s.train
	for _, t := range []page.Tab{page.Views, page.Library, page.Training} {
		c := s.pages[t].Content()
		c.Hide()
		s.stack.Add(c)
	}
	s.unsubscribe = p.Subscribe(func(c session.Change) { fyne.Do(func() { s.changed(c) }) })
	return s
}

// start reads the views and shows the first page; then is called after that.
func (s *shell) start(o Options, then func()) {
	var nodes []editing.ViewNode
	var restore func() (view int64)
	s.Do("read the project's views", func(ctx context.Context) (err error) {
		restore = s.views.Recall(ctx)
		nodes, err = s.project.Tree(ctx)
		return err
	}, func() {
		s.view.ID = restore()
		s.setNodes(nodes)
		for _, n := range nodes {
			if o.View == n.Name {
				s.view = n.View
			}
		}
		s.header.showViews()
		tab := page.Tab(o.Tab)
		if tab == "" {
			tab = page.Views
		}
		s.ShowTab(tab)
		s.status.refresh()
		s.header.refreshHistory()
		s.RefreshBadges()
		if o.Image != "" {
			s.views.OpenNamed(o.Image)
		}
		then()
	})
}

func (s *shell) close() {
	s.dead = true
	s.unsubscribe()
	s.cancel()
	for _, p := range s.pages {
		p.Close()
	}
	s.closing.Add(1)
	go func() { // what was done last may still be on its way to the disk
		defer s.closing.Done()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second) // one that does not answer must not hold the program for ever
		defer cancel()
		s.views.Wait(ctx)
		if err := s.project.Close(); err != nil {
			slog.Warn("closing the project", "error", err)
		}
	}()
}

// changed hears, on the window's thread, that the project changed.
func (s *shell) changed(c session.Change) {
	if s.dead {
		return
	}
	switch c.Kind {
	case session.ChangeHistory:
		s.header.refreshHistory()
		return
	case session.ChangeAssistant:
	case session.ChangeRun, session.ChangeVersions:
		s.status.refresh()
		if c.Kind == session.ChangeRun {
			s.RefreshBadges()
		}
	case session.ChangeViews, session.ChangeProject:
		s.reload(c)
		s.status.refresh()
		s.header.refreshHistory()
		return
	default:
		s.status.refresh()
		s.header.refreshHistory()
	}
	s.tell(page.Change{Data: true, Studio: c})
}

func (s *shell) tell(c page.Change) {
	if p := s.pages[s.tab]; p != nil {
		p.Refresh(c)
	}
}

// reload reads the views anew, since one may be gone, renamed, or the first; then tells the page.
func (s *shell) reload(c session.Change) {
	var nodes []editing.ViewNode
	s.Do("read the project's views", func(ctx context.Context) (err error) {
		nodes, err = s.project.Tree(ctx)
		return err
	}, func() {
		before := s.view
		s.setNodes(nodes)
		s.header.showViews()
		s.win.SetTitle(s.header.projectName() + " – Viewfinder")
		s.header.refreshName()
		s.tell(page.Change{View: s.view.ID != before.ID, Data: true, Studio: c})
	})
}

// setNodes keeps the current view if it is still there, and else takes the first.
func (s *shell) setNodes(nodes []editing.ViewNode) {
	s.nodes = nodes
	id := s.view.ID
	s.view = studio.View{}
	for i, n := range nodes {
		if i == 0 || n.View.ID == id {
			s.view = n.View
		}
	}
}

// Window implements page.Shell.
func (s *shell) Window() fyne.Window { return s.win }

// View implements page.Shell.
func (s *shell) View() studio.View { return s.view }

// Filter implements page.Shell.
func (s *shell) Filter() (studio.Query, bool) { return s.views.Filter() }

// ShowGallery implements page.Shell.
func (s *shell) ShowGallery(view int64, state studio.State, concept int64) {
	s.views.ShowGallery(view, state, concept)
	s.SetView(view)
	s.ShowTab(page.Views)
}

// SetView implements page.Shell.
func (s *shell) SetView(id int64) {
	if s.view.ID == id {
		return
	}
	for _, n := range s.nodes {
		if n.View.ID == id {
			s.view = n.View
			s.header.showViews()
			s.status.refresh()
			s.tell(page.Change{View: true, Data: true})
			return
		}
	}
	// A view made a moment ago, which the tree does not have yet.
	var nodes []editing.ViewNode
	s.Do("read the project's views", func(ctx context.Context) (err error) {
		nodes, err = s.project.Tree(ctx)
		return err
	}, func() {
		s.setNodes(nodes)
		for _, n := range nodes {
			if n.View.ID == id {
				s.view = n.View
			}
		}
		s.header.showViews()
		s.status.refresh()
		s.tell(page.Change{View: true, Data: true})
	})
}

// ShowTab implements page.Shell.
func (s *shell) ShowTab(t page.Tab) {
	next := s.pages[t]
	if next == nil {
		return
	}
	if t != s.tab {
		if p := s.pages[s.tab]; p != nil {
			p.Content().Hide()
			p.Hide()
		}
		s.tab = t
		s.win.Canvas().Unfocus()
		next.Content().Show()
		s.header.tabs.SetSelected(string(t))
		if t == page.Views {
			s.header.search.Show()
		} else {
			s.header.search.Hide()
		}
		next.Refresh(page.Change{View: true, Data: true})
	}
	next.Show()
}

// OpenCases implements page.Shell.
func (s *shell) OpenCases(view int64, ids []int64, at int, back func(last int64)) {
	s.SetView(view)
	s.ShowTab(page.Views)
	s.views.OpenIDs(view, ids, at, func(last int64) {
		s.ShowTab(page.Library)
		back(last)
	})
}

// OpenVersion implements page.Shell.
func (s *shell) OpenVersion(id int64) {
	s.ShowTab(page.Library)
	s.lib.Open(id)
}

// WatchTraining implements page.Shell.
func (s *shell) WatchTraining(id int64) {
	s.ShowTab(page.Training)
	s.train.Watch(id)
}

// Train implements page.Shell.
func (s *shell) Train(from int64) {
	if s.view.ID == 0 {
		s.Notify("Create a view first: it defines what is to be recognised.")
		return
	}
	library.ShowTrain(s, s.project, from)
}

// Notify implements page.Shell.
func (s *shell) Notify(text string) { s.status.notify(text) }

// Fail implements page.Shell.
func (s *shell) Fail(doing string, err error) {
	if !s.dead {
		showError(s.win, doing, err)
	}
}

// Confirm implements page.Shell.
func (s *shell) Confirm(title, text, action string, dangerous bool, do func()) {
	confirm(s.win, title, text, action, dangerous, do, s.focusPage)
}

// Context implements page.Shell.
func (s *shell) Context() context.Context { return s.ctx }

// Do implements page.Shell.
func (s *shell) Do(doing string, work func(ctx context.Context) error, then func()) {
	ctx := s.ctx
	go func() {
		err := work(ctx)
		if ctx.Err() != nil {
			return
		}
		fyne.Do(func() {
			switch {
			case s.dead:
			case err != nil:
				s.Fail(doing, err)
			case then != nil:
				then()
			}
		})
	}()
}

// Long implements page.Shell.
func (s *shell) Long(title string, work func(ctx context.Context, p session.Progress) error, then func(err error)) {
	ctx, cancel := context.WithCancel(s.ctx)
	d := newProgressDialog(s.win, title, cancel)
	s.busies++
	s.long = append(s.long, title)
	go func() {
		err := work(ctx, quietProgress(d.update))
		cancel()
		fyne.Do(func() {
			s.busies--
			i := slices.Index(s.long, title)
			s.long = slices.Delete(s.long, i, i+1)
			d.close()
			if s.dead {
				return
			}
			then(err)
		})
	}()
}

// quietProgress passes progress on to the window's thread at most twenty times a second, and always the last.
func quietProgress(f func(done, total int, what string)) session.Progress {
	var last atomic.Int64
	return session.ProgressFunc(func(done, total int, what string) {
		now := time.Now().UnixMilli()
		before := last.Load()
		if now-before < 50 && done < total || !last.CompareAndSwap(before, now) {
			return
		}
		fyne.Do(func() { f(done, total, what) })
	})
}

// RefreshBadges implements page.Shell.
func (s *shell) RefreshBadges() { s.header.refreshBadges() }

// importSources shows what was dropped or chosen in the import sheet of the Views page.
func (s *shell) importSources(paths []string) {
	s.ShowTab(page.Views)
	s.views.Import(paths)
}

// exportView shows the export sheet of the Views page for the view in sight.
func (s *shell) exportView() {
	s.ShowTab(page.Views)
	s.views.Export(0)
}

// Saving implements what the Views page tells of what is still to be saved.
func (s *shell) Saving(pending int) { s.status.saving(pending) }

func (s *shell) undo(redo bool) {
	if u, ok := s.pages[s.tab].(page.Undoer); ok && u.TakeBack(redo) {
		return
	}
	s.views.Undo(redo)
}

func (s *shell) setTheme(v look.Variant) {
	look.SetVariant(v)
	s.settings.setVariant(v)
	s.header.refreshTheme()
}

// divide opens the sheet that divides the current view's images into train and val.
func (s *shell) divide() {
	if s.view.ID == 0 {
		s.Notify("Create a view first: it defines what is to be recognised.")
		return
	}
	project.ShowSplit(s, s.project, s.view, nil)
}
