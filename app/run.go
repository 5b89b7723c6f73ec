// Package app is the window: the welcome page, and around an open project the shell with its three tabs. It holds no rules and no SQL;
// what it may do to a project is a call on package studio.
package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"viewfinder/app/keys"
	"viewfinder/app/page"
	"viewfinder/app/product"
	"viewfinder/app/studio"
	"viewfinder/icons"
	"viewfinder/widgets/look"
)

// Options says what the window shows first.
type Options struct {
	Project string // the project's folder; "" = the welcome page
	Sample  bool   // a fresh copy of the sample project instead
	Tab     string // views, library or training; "" = views
	View    string // name or id of the view to show
	Image   string // name of an image to open in the annotator
	Texts   product.Texts
}

// Run opens the window and returns when it was closed.
func Run(o Options) error {
	switch page.Tab(o.Tab) {
	case "", page.Views, page.Library, page.Training:
	default:
		return fmt.Errorf("there is no tab %q: use views, library or training", o.Tab)
	}
	w := firstWindow()
	w.texts = o.Texts
	w.start(o)
	w.run()
	return nil
}

// firstWindow makes the program's window.
func firstWindow() *window {
	setMetadata()
	a := app.NewWithID("viewfinder")
	a.SetIcon(icons.App)
	return newWindow(a)
}

// run shows the window and returns when it was closed and all of it is on the disk.
func (w *window) run() {
	openFileDoor(w.settings)
	w.win.ShowAndRun()
	w.closed.Store(true)
	w.closeProject()
	w.closing.Wait()
	w.settings.wait()
}

// window is the program's one window: what it shows is the welcome page or a project's shell.
type window struct {
	app      fyne.App
	win      fyne.Window
	settings *settings
	texts    product.Texts
	keys     *keys.Map
	heard    []fyne.Shortcut // combinations that the canvas passes on
	closing  sync.WaitGroup  // projects that are being closed
	first    Options         // what to show in the first project opened
	welcome  *welcome
	shell    *shell
	opening  bool
	busies   int // dialogs that Escape must not take away
	closed   atomic.Bool
	asking   bool     // what is to become of a training, or of what takes long
	long     []string // titles of what takes long and is not finished
	away     bool     // another program has the focus
}

func newWindow(a fyne.App) *window {
	w := &window{app: a, win: a.NewWindow("Viewfinder"), settings: readSettings()}
	w.keys = keys.New(w.settings.Keys)
	look.SetVariant(w.settings.variant())
	look.Apply(a)
	a.Lifecycle().SetOnExitedForeground(func() { w.away = true })
	a.Lifecycle().SetOnEnteredForeground(func() { w.away = false })
	w.win.SetPadded(false)
	w.win.SetIcon(icons.App)
	w.win.Resize(w.settings.windowSize())
	w.win.SetMaster()
	w.win.SetCloseIntercept(w.close)
	w.win.SetOnDropped(func(at fyne.Position, files []fyne.URI) {
		if paths := localPaths(files); len(paths) > 0 {
			w.dropped(paths)
		}
	})
	w.shortcuts()
	return w
}

// start shows what the command line asked for.
func (w *window) start(o Options) {
	w.first = o
	w.showWelcome()
	switch {
	case o.Sample:
		w.openSample()
	case o.Project != "":
		w.open(o.Project)
	}
}

func (w *window) close() {
	if w.closed.Load() {
		return
	}
	w.askLong(func() { w.askTraining(w.leave) })
}

// ended is the app once its window is closed: what is still to be shown is dropped. Once the window's loop has ended, fyne.Do would run what it is
// given at once, on whatever goroutine calls, and several would change the same widgets side by side.
type ended struct{ fyne.App }

// Driver implements fyne.App.
func (a ended) Driver() fyne.Driver { return silent{a.App.Driver()} }

type silent struct{ fyne.Driver }

// DoFromGoroutine implements fyne.Driver: there is no thread of the window's any more.
func (silent) DoFromGoroutine(func(), bool) {}

// leave closes the window.
func (w *window) leave() {
	if w.closed.Swap(true) {
		return
	}
	w.settings.setWindowSize(w.win.Canvas().Size())
	w.settings.save()
	fyne.SetCurrentApp(ended{w.app})
	w.win.Close()
}

func (w *window) showWelcome() {
	w.closeProject()
	w.welcome = newWelcome(w)
	w.win.SetTitle("Viewfinder")
	w.win.SetContent(w.welcome.content)
	w.welcome.load()
}

// open opens the project in a folder.
func (w *window) open(dir string) {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	w.opens("Opening "+filepath.Base(dir)+" …", "open the project", func(ctx context.Context) (*studio.Project, error) { return studio.Open(ctx, dir) }, nil,
		answer{"Open read-only", func() { w.openToRead(dir) }})
}

// openToRead opens the project in a folder to be looked at: another window may have it open, or the folder may not be written to.
func (w *window) openToRead(dir string) {
	w.opens("Opening "+filepath.Base(dir)+" …", "open the project read-only", func(ctx context.Context) (*studio.Project, error) { return studio.OpenToRead(ctx, dir) }, nil)
}

func (w *window) openSample() {
	w.opens("Unpacking the sample project …", "unpack the sample project", func(ctx context.Context) (*studio.Project, error) { return studio.Sample(ctx, "") }, nil)
}

// create makes a project and then imports sources into it, if there are any.
func (w *window) create(dir, name string, sources []string) {
	w.opens("Making "+name+" …", "make the project", func(ctx context.Context) (*studio.Project, error) { return studio.New(ctx, dir, name) }, func(s *shell) {
		if len(sources) > 0 {
			s.importSources(sources)
		}
	})
}

// opens opens a project off the window's thread and shows it. The one that is open stays until the other is. instead is offered where the project is there,
// but cannot be changed.
func (w *window) opens(busy, doing string, open func(context.Context) (*studio.Project, error), then func(*shell), instead ...answer) {
	if w.opening {
		return
	}
	w.opening = true
	done := w.busy(busy)
	go func() {
		w.closing.Wait() // it may be the one that is to be opened again
		p, err := open(context.Background())
		if w.closed.Load() {
			if err == nil {
				p.Close()
			}
			return
		}
		fyne.Do(func() {
			w.opening = false
			done()
			if err != nil {
				if !errors.Is(err, studio.ErrLocked) && !errors.Is(err, studio.ErrNoPermission) {
					instead = nil
				}
				showError(w.win, doing, err, instead...)
				return
			}
			w.show(p, then)
		})
	}()
}

func (w *window) show(p *studio.Project, then func(*shell)) {
	w.closeProject()
	p.Attend()
	w.welcome = nil
	w.shell = newShell(w, p)
	w.win.SetTitle(w.shell.header.projectName() + " – Viewfinder")
	w.win.SetContent(w.shell.content)
	first := w.first
	w.first = Options{}
	w.shell.start(first, func() {
		if then != nil {
			then(w.shell)
		}
	})
}

func (w *window) closeProject() {
	if w.shell != nil {
		w.shell.close()
		w.shell = nil
	}
}

// dropped takes files and folders that were dropped on the window: into the open project, or into a new one.
func (w *window) dropped(paths []string) {
	if w.shell != nil {
		if d, ok := w.shell.pages[w.shell.tab].(page.Dropper); ok && d.Dropped(paths) {
			return
		}
		w.shell.importSources(paths)
		return
	}
	w.newProject(paths)
}

func localPaths(files []fyne.URI) []string {
	var paths []string
	for _, f := range files {
		if f.Scheme() == "file" {
			paths = append(paths, f.Path())
		}
	}
	return paths
}
