package app

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/session"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage/domain"
	"viewfinder/training"
	"viewfinder/widgets"
	"viewfinder/widgets/threadtest"
)

// pending is what belongs on the window's thread; tests run it.
var pending = make(chan func(), 65536)

func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "run" {
		if err := training.Execute(context.Background(), os.Args[2]); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	config, err := os.MkdirTemp("", "viewfinder-config")
	if err != nil {
		panic(err)
	}
	os.Setenv("VIEWFINDER_CONFIG", config)
	code := m.Run()
	os.RemoveAll(config)
	os.Exit(code)
}

// unraced leaves a test to the run without the race detector, which takes ten times as long here: what it does, it does on the window's thread alone, and
// opening, closing and annotating are tested under it by others.
func unraced(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("runs without the race detector")
	}
}

// until runs what belongs on the window's thread until a condition holds.
func until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(60 * time.Second)
	for !holds() {
		select {
		case f := <-pending:
			f()
		case <-time.After(2 * time.Millisecond):
		case <-deadline:
			t.Fatalf("waited a minute for: %s", what)
		}
	}
}

// settle runs what belongs on the window's thread until nothing has come for a while.
func settle() {
	for {
		select {
		case f := <-pending:
			f()
		case <-time.After(250 * time.Millisecond):
			return
		}
	}
}

// small makes a project of 24 images: a classification of them by folders, and a detection without annotations.
func small(t testing.TB) (dir string) {
	t.Helper()
	root := t.TempDir()
	for i, name := range []string{"red", "green", "blue"} {
		if err := os.MkdirAll(filepath.Join(root, "source", name), 0o755); err != nil {
			t.Fatal(err)
		}
		for n := range 8 {
			img := image.NewRGBA(image.Rect(0, 0, 96, 72))
			for j := range img.Pix {
				img.Pix[j] = uint8(40 + (j*5+n*31)%60)
				if j%4 == i {
					img.Pix[j] += 120
				}
				if j%4 == 3 {
					img.Pix[j] = 255
				}
			}
			var b bytes.Buffer
			if err := png.Encode(&b, img); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(root, "source", name, fmt.Sprintf("%s%d.png", name, n)), b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	dir = filepath.Join(root, "project")
	ctx := t.Context()
	p, err := studio.New(ctx, dir, "Colours")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Import(ctx, transfer.ImportRequest{Sources: []string{filepath.Join(root, "source")}, ViewName: "Colour"}, nil); err != nil {
		t.Fatal(err)
	}
	v, err := p.AddView(ctx, studio.View{Name: "Things", Type: domain.Detection})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"cup", "plate"} {
		if _, err := p.AddConcept(ctx, domain.Concept{ViewID: v.ID, Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// open shows a window on a small project.
func open(t testing.TB, o Options) *window {
	t.Helper()
	if o.Project == "" {
		o.Project = small(t)
	}
	a := threadtest.Use(test.NewTempApp(t), pending)
	w := newWindow(a)
	w.win.Resize(fyne.NewSize(1280, 800))
	w.start(o)
	until(t, "the project to open", func() bool { return w.shell != nil && w.shell.view.ID != 0 })
	settle()
	t.Cleanup(func() {
		w.closeProject()
		w.closing.Wait()
		for len(pending) > 0 {
			<-pending
		}
	})
	return w
}

// key types a key, as the focused widget gets it.
func (w *window) key(name fyne.KeyName) {
	if f := w.win.Canvas().Focused(); f != nil {
		f.TypedKey(&fyne.KeyEvent{Name: name})
	}
}

func (w *window) typed(r rune) {
	if f := w.win.Canvas().Focused(); f != nil {
		f.TypedRune(r)
	}
}

// overlay is the dialog on top, nil for none.
func (w *window) overlay() fyne.CanvasObject { return w.win.Canvas().Overlays().Top() }

func TestWelcomeListsRecent(t *testing.T) {
	unraced(t)
	w := open(t, Options{})
	dir := w.shell.project.Dir()
	w.showWelcome()
	until(t, "the list", func() bool { return w.welcome != nil && len(w.welcome.list.Objects) > 0 })
	list, err := session.Recent()
	if err != nil || list[0].Dir != dir {
		t.Errorf("recent: %v, %v", list, err)
	}
}

func TestOpeningWhatIsNoProject(t *testing.T) {
	a := threadtest.Use(test.NewTempApp(t), pending)
	w := newWindow(a)
	w.start(Options{Project: t.TempDir()})
	until(t, "the dialog", func() bool { return !w.opening && w.overlay() != nil })
	if w.shell != nil || w.welcome == nil {
		t.Error("the welcome page is gone")
	}
}

// A project open elsewhere is refused in words, and the welcome page stays.
func TestOpeningTwice(t *testing.T) {
	w := open(t, Options{})
	err := explain("open the project", func() error {
		_, err := studio.Open(t.Context(), w.shell.project.Dir())
		return err
	}())
	if err.do == "" || err.safe != "Nothing was changed." {
		t.Errorf("%+v", err)
	}
}

// Undo is not offered before there is something to take back, not even until the views are read.
func TestNothingToUndoAtFirst(t *testing.T) {
	unraced(t)
	w := open(t, Options{})
	for _, h := range []*header{newHeader(w.shell), w.shell.header} {
		pressed := false
		h.undo.OnPress = func() { pressed = true }
		h.redo.OnPress = h.undo.OnPress
		h.undo.Tapped(nil)
		h.redo.Tapped(nil)
		if pressed || h.undo.Hint != "Nothing to undo" {
			t.Errorf("can be pressed: %v, says %q", pressed, h.undo.Hint)
		}
	}
}

func TestTabsAndShortcuts(t *testing.T) {
	unraced(t)
	w := open(t, Options{})
	for tab, name := range map[page.Tab]string{page.Library: "tab_library", page.Training: "tab_training", page.Views: "tab_views"} {
		w.commands()[name]()
		settle()
		if w.shell.tab != tab || !w.shell.pages[tab].Content().Visible() {
			t.Errorf("%s shows %s", name, w.shell.tab)
		}
	}
}

// Looking at another tab in between changes neither the filters nor what is selected.
func TestViewsStayAsTheyWere(t *testing.T) {
	unraced(t)
	w := open(t, Options{})
	grid, ok := w.win.Canvas().Focused().(*widgets.ImageGrid)
	if !ok {
		t.Fatalf("%T has the focus", w.win.Canvas().Focused())
	}
	w.shell.views.FocusSearch()
	for _, r := range "red" {
		w.typed(r)
	}
	settle()
	until(t, "the eight that are red", func() bool { return grid.Length() == 8 })
	grid.SelectOnly(5)
	w.commands()["tab_training"]()
	settle()
	w.commands()["tab_views"]()
	settle()
	if grid.Length() != 8 || grid.Current() != 5 || grid.SelectedCount() != 1 {
		t.Errorf("%d images, the selected one is %d", grid.Length(), grid.Current())
	}
	w.shell.SetView(w.shell.nodes[1].View.ID)
	settle()
	if grid.Length() != 24 {
		t.Errorf("another view shows %d images", grid.Length())
	}
}

func TestOptionsAreChecked(t *testing.T) {
	if err := Run(Options{Tab: "elsewhere"}); err == nil {
		t.Error("an unknown tab is taken")
	}
}

func TestFolderNames(t *testing.T) {
	for name, want := range map[string]string{"Waste": "Waste", " a/b:c ": "a_b_c", "": "project", "..": "project", "日本語": "日本語", "end.": "end"} {
		if got := folderName(name); got != want {
			t.Errorf("%q became %q, not %q", name, got, want)
		}
	}
}

// A project that is opened again shows the view, the filters, the place and the size of the thumbnails that were left.
func TestReopenedWhereItWasLeft(t *testing.T) {
	unraced(t)
	dir := small(t)
	w := open(t, Options{Project: dir})
	grid := w.win.Canvas().Focused().(*widgets.ImageGrid)
	w.shell.views.FocusSearch()
	for _, r := range "red" {
		w.typed(r)
	}
	until(t, "the eight that are red", func() bool { return grid.Length() == 8 })
	settle()
	grid.SelectOnly(5)
	grid.SetCellSize(200)
	w.shell.SetView(w.shell.nodes[1].View.ID)
	settle()
	if grid.Length() != 24 {
		t.Errorf("another view shows %d images", grid.Length())
	}
	w.shell.SetView(w.shell.nodes[0].View.ID)
	settle()
	if grid.Length() != 8 || grid.Current() != 5 {
		t.Errorf("back in the view: %d images, the current one is %d", grid.Length(), grid.Current())
	}
	w.shell.SetView(w.shell.nodes[1].View.ID)
	settle()
	grid.SelectOnly(7)
	w.closeProject()
	w.closing.Wait()
	w = open(t, Options{Project: dir})
	grid = w.win.Canvas().Focused().(*widgets.ImageGrid)
	if w.shell.view.Name != "Things" || grid.Current() != 7 || grid.Length() != 24 {
		t.Errorf("reopened: view %s, %d images, the current one is %d", w.shell.view.Name, grid.Length(), grid.Current())
	}
	w.shell.SetView(w.shell.nodes[0].View.ID)
	settle()
	if grid.Length() != 8 || grid.Current() != 5 {
		t.Errorf("reopened, the other view: %d images, the current one is %d", grid.Length(), grid.Current())
	}
}

// A name that a rule refuses stays in the dialog, with the reason beside it; Cancel changes nothing.
func TestRefusedNamesStay(t *testing.T) {
	unraced(t)
	w := open(t, Options{})
	w.shell.renameProject()
	w.win.Canvas().Focused().(*widgets.Entry).SetText(strings.Repeat("x", 400))
	w.key(fyne.KeyReturn)
	settle()
	e, ok := w.win.Canvas().Focused().(*widgets.Entry)
	if w.overlay() == nil || !ok || len(e.Text) != 400 {
		t.Fatalf("%T has the focus", w.win.Canvas().Focused())
	}
	e.SetText("Better")
	w.key(fyne.KeyReturn)
	settle()
	if w.overlay() != nil || w.shell.project.Name() != "Better" {
		t.Errorf("the project is called %s", w.shell.project.Name())
	}
}

// Whatever is shown, a link to images leads to the gallery of their view, with these images alone.
func TestShowGallery(t *testing.T) {
	if testing.Short() {
		t.Skip("opens a project for each page")
	}
	dir := small(t)
	w := open(t, Options{Project: dir, View: "Colour"})
	w.key(fyne.KeyReturn) // in the annotator
	settle()
	views, err := w.shell.project.Views(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // away from each view, and within it
		for _, v := range views {
			for _, state := range []studio.State{studio.StateNotAnnotated, studio.StateAnnotated, studio.StateAnnotated} {
				w.shell.ShowTab(page.Library)
				settle()
				w.shell.ShowGallery(v.ID, state, 0)
				settle()
				w.shell.views.Wait(t.Context())
				settle()
				q, filtered := w.shell.Filter()
				if w.shell.tab != page.Views || w.shell.view.ID != v.ID || !filtered || q.View != v.ID || q.State != state {
					t.Errorf("%s %s: the tab is %s, the view %s, the query %+v", v.Name, state, w.shell.tab, w.shell.view.Name, q)
				}
			}
		}
	}
}
