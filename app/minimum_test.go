package app

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/storage/domain"
	"viewfinder/widgets"
)

// least is the size that the window must fit into on any page: a small laptop's screen without its bars.
var least = fyne.NewSize(1024, 700)

// crowded makes a project that is as wide and as full as one can be made: long names, 80 concepts, a version with all the findings there are.
func crowded(t *testing.T) (dir string) {
	t.Helper()
	dir = small(t)
	ctx := t.Context()
	p, err := studio.Open(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := p.Rename(ctx, strings.Repeat("Long ", 15)+"name"); err != nil {
		t.Fatal(err)
	}
	nodes, err := p.Tree(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range nodes {
		if err := p.RenameView(ctx, n.View.ID, fmt.Sprintf("W%s %d", strings.Repeat("ide view ", 8), i)); err != nil {
			t.Fatal(err)
		}
		concepts, err := p.Concepts(ctx, n.View.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range concepts {
			c.Name += strings.Repeat(" of a long name", 4)
			if err := p.UpdateConcept(ctx, c); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

// No page is larger than a small screen, whatever it shows: else the window outgrows the screen, and the status bar is out of sight.
func TestEveryPageFits(t *testing.T) {
	if testing.Short() {
		t.Skip("trains a version")
	}
	w := open(t, Options{Project: crowded(t)})
	fits := func(what string) {
		t.Helper()
		settle()
		if m := w.win.Canvas().Content().MinSize(); m.Width > least.Width || m.Height > least.Height {
			t.Errorf("%s needs %v", what, m)
		}
		if o := w.overlay(); o != nil {
			t.Errorf("%s: a dialog is open", what)
		}
	}
	views := func() {
		w.shell.ShowTab(page.Views)
		fits("the gallery")
		w.win.Canvas().Focused().(*widgets.ImageGrid).SelectAll()
		fits("the gallery with all selected")
		w.key(fyne.KeyReturn)
		fits("the annotator")
		w.key(fyne.KeyEscape)
		w.shell.SetView(w.shell.nodes[1].View.ID)
		fits("the gallery of a detection")
		w.key(fyne.KeyReturn)
		fits("the annotator of a detection")
		w.key(fyne.KeyEscape)
		w.shell.SetView(w.shell.nodes[0].View.ID)
	}
	views()

	o := runs.DefaultOptions(domain.Classification, "small_cnn")
	o.Iterations, o.BatchSize, o.Resizer, o.Threads = 2, 4, "32x32", 1
	v, err := w.shell.project.Train(t.Context(), runs.TrainRequest{View: w.shell.view.ID, Name: strings.Repeat("version ", 10), Options: o})
	if err != nil {
		t.Fatal(err)
	}
	w.shell.ShowTab(page.Training)
	fits("a training that runs")
	until(t, "the version to be ready", func() bool {
		if err := w.shell.project.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		v, err = w.shell.project.Version(t.Context(), v.ID)
		return err != nil || !v.Status.Active()
	})
	if err != nil || v.Status != domain.StatusReady {
		t.Fatal(v.Status, err)
	}
	fits("a training that has ended")
	w.shell.ShowTab(page.Library)
	fits("the Library")
	w.shell.OpenVersion(v.ID)
	settle()
	tabs := found[*container.AppTabs](w.win.Canvas().Content())
	if len(tabs) == 0 {
		t.Fatal("the version's page has no tabs")
	}
	for _, tab := range tabs[0].Items {
		tabs[0].Select(tab)
		fits("a version's " + tab.Text)
	}
	for _, n := range w.shell.nodes {
		for k := range 80 {
			name := fmt.Sprintf("Concept %d with a %s name", k, strings.Repeat("very ", 12))
			if _, err := w.shell.project.AddConcept(t.Context(), domain.Concept{ViewID: n.View.ID, Name: name}); err != nil {
				t.Fatal(err)
			}
		}
	}
	views()
	w.shell.ShowTab(page.Library)
	fits("the Library of a view with 80 concepts")
}

// found lists the objects of a kind that are shown.
func found[T fyne.CanvasObject](o fyne.CanvasObject) (list []T) {
	if !o.Visible() {
		return nil
	}
	if one, ok := o.(T); ok {
		list = append(list, one)
	}
	var parts []fyne.CanvasObject
	switch o := o.(type) {
	case *fyne.Container:
		parts = o.Objects
	case fyne.Widget:
		parts = test.WidgetRenderer(o).Objects()
	}
	for _, part := range parts {
		list = append(list, found[T](part)...)
	}
	return list
}
