// Package trainings is the Training tab: the queue, the version that is being trained with its steps and curves, and its details.
package trainings

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/app/version"
	"viewfinder/storage/domain"
	"viewfinder/widgets/look"
)

// Page is the Training tab.
type Page struct {
	project Project
	shell   page.Shell
	root    *fyne.Container
	queue   *queue
	watch   *watch
	body    fyne.CanvasObject
	loader  *version.Loader
	cancel  func() // of the subscription
	prefer  Preferences
	power   power // the loader's
	closed  chan struct{}
	ran     map[int64]bool // the loader's: what was being trained when it last read

	chosen int64 // the version that is shown; 0: whichever is being trained
	shown  bool
	badge  string

	running runs.Version // what is being trained
}

var (
	_ page.Page   = (*Page)(nil)
	_ page.Badger = (*Page)(nil)
)

// New makes the page.
func New(s page.Shell, project Project, prefer Preferences) *Page {
	p := &Page{project: project, shell: s, prefer: prefer, closed: make(chan struct{})}
	p.queue = newQueue(p)
	p.watch = newWatch(p)
	left := container.NewStack(look.NewBox(look.ColorPanel, "", 0), look.Width(216, p.queue.content))
	p.body = container.NewBorder(nil, nil, container.NewHBox(left, look.VLine()), nil, p.watch.content)
	p.root = container.NewStack()
	p.loader = version.NewLoader(s.Context(), p.read)
	p.loader.Pause = 100 * time.Millisecond
	// The word beside the tab's name changes while another tab is shown, so the page listens by itself.
	p.cancel = project.Subscribe(func(c session.Change) {
		switch c.Kind {
		case session.ChangeRun, session.ChangeVersions, session.ChangeProject, session.ChangeViews:
			fyne.Do(p.loader.Load)
		}
	})
	p.loader.Load()
	go p.watchPower(s.Context())
	return p
}

// watchPower has the page read again now and then: while a queue is paused nothing else would make it look whether the machine was plugged in.
func (p *Page) watchPower(ctx context.Context) {
	tick := time.NewTicker(powerLook)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.closed:
			return
		case <-tick.C:
			fyne.Do(p.loader.Load)
		}
	}
}

// Content implements page.Page.
func (p *Page) Content() fyne.CanvasObject { return p.root }

// Show implements page.Page.
func (p *Page) Show() {
	p.shown = true
	p.loader.Load()
}

// Hide implements page.Page.
func (p *Page) Hide() { p.shown = false }

// Refresh implements page.Page. What changes trainings comes by the page's own subscription.
func (p *Page) Refresh(c page.Change) {
	if c.View {
		p.loader.Load()
	}
}

// Close implements page.Page.
func (p *Page) Close() {
	close(p.closed)
	p.cancel()
	p.loader.Close()
}

// Badge implements page.Badger: how far the running training is.
func (p *Page) Badge() string { return p.badge }

// Running is the version that is being trained, as far as the page knows; its ID is 0 where there is none.
func (p *Page) Running() runs.Version { return p.running }

// Watch shows a version.
func (p *Page) Watch(id int64) {
	p.chosen = id
	p.loader.Load()
}

// content as read.
type content struct {
	queue []runs.Version // running first, then waiting
	ended []runs.Version // of the last day, newest first
	views map[int64]studio.View
	shown *runs.Version // nil: nothing to show
	run   *runs.RunHistory
	log   []string
	err   error

	paused    bool // the queue
	onBattery bool
	threads   int // of what is shown
	findings  []runs.Finding
	batch     *batch
	over      []runs.Version // ended since the last reading
}

// endedShown is how long and how many versions that have ended stay in the list.
const (
	endedShown = 24 * time.Hour
	endedMost  = 30
)

func (p *Page) read(ctx context.Context) func() {
	type asked struct {
		chosen        int64
		shown, pauses bool
	}
	a, ok := version.Ask(ctx, func() asked { return asked{p.chosen, p.shown, p.prefer.pausesOnBattery()} })
	if !ok {
		return nil
	}
	var c content
	c.err = c.read(ctx, p.project, a.chosen, a.shown)
	if c.err == nil {
		c.over, p.ran = ended(ctx, p.project, p.ran, c.queue)
	}
	if c.err == nil {
		var err error
		if c.onBattery, err = p.power.look(ctx, p.project, a.pauses); err != nil {
			slog.Warn("the queue was not paused or continued for the battery", "error", err)
		}
	}
	if c.err != nil && ctx.Err() == nil {
		slog.Error("trainings not read", "error", c.err)
	}
	return func() { p.set(c, a.shown) }
}

func (c *content) read(ctx context.Context, p Project, chosen int64, all bool) (err error) {
	if c.queue, err = p.Queue(ctx); err != nil || !all {
		return err
	}
	if c.paused, err = p.QueuePaused(ctx); err != nil {
		return err
	}
	views, err := p.Views(ctx)
	if err != nil {
		return err
	}
	c.views = map[int64]studio.View{}
	for _, v := range views {
		c.views[v.ID] = v
	}
	versions, err := p.Versions(ctx, 0)
	if err != nil {
		return err
	}
	var latest *runs.Version
	for i, v := range versions {
		if v.Status.Active() {
			continue
		}
		if latest == nil || v.EndedAt.After(latest.EndedAt) {
			latest = &versions[i]
		}
		recent := !v.EndedAt.IsZero() && time.Since(v.EndedAt) < endedShown
		// What can be resumed stays until somebody decides.
		if (recent || v.Status == domain.StatusInterrupted || v.ID == chosen) && len(c.ended) < endedMost {
			c.ended = append(c.ended, v)
		}
	}
	switch {
	case chosen != 0:
		v, err := p.Version(ctx, chosen)
		if err == nil {
			c.shown = &v
		} // deleted meanwhile: the one below
	}
	if c.shown == nil {
		switch {
		case len(c.queue) > 0:
			c.shown = &c.queue[0]
		case len(c.ended) > 0:
			c.shown = &c.ended[0]
		case latest != nil:
			c.shown = latest
			c.ended = append(c.ended, *latest)
		default:
			return nil
		}
	}
	if c.run, err = p.RunHistory(ctx, c.shown.ID); err != nil {
		return err
	}
	if c.log, err = p.Log(ctx, c.shown.ID, 14); err != nil {
		return err
	}
	c.threads = p.Threads(*c.shown)
	if c.batch, err = readBatch(ctx, p, c.shown.ID); err != nil {
		slog.Debug("last batch not read", "error", err)
	}
	if c.findings, err = p.Advice(ctx, c.shown.ID); err != nil {
		slog.Debug("no advice", "error", err)
	}
	return nil
}

func (p *Page) set(c content, all bool) {
	badge := ""
	p.running = runs.Version{}
	for _, v := range c.over {
		if p.prefer.Ended != nil {
			p.prefer.Ended(v)
		}
	}
	for _, v := range c.queue {
		if v.Running() {
			p.running = v
			badge = fmt.Sprintf("● %d%%", int(100*version.Done(v.Run)))
			break
		}
	}
	if badge != p.badge {
		p.badge = badge
		p.shell.RefreshBadges()
	}
	if !all {
		return
	}
	switch {
	case c.err != nil:
		p.put(failure("The trainings could not be read", c.err, p.loader.Load))
	case c.shown == nil:
		p.put(p.empty())
	default:
		if p.chosen == 0 && c.shown.Status.Active() {
			p.chosen = c.shown.ID // stays when it has ended, so that one sees how it ended
		}
		p.queue.set(c)
		p.watch.set(c)
		p.put(p.body)
	}
}

func (p *Page) put(o fyne.CanvasObject) {
	if len(p.root.Objects) == 1 && p.root.Objects[0] == o {
		return
	}
	p.root.Objects = []fyne.CanvasObject{o}
	p.root.Refresh()
}
