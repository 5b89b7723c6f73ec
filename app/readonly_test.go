package app

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"viewfinder/app/studio"
	"viewfinder/app/version/versiontest"
	"viewfinder/widgets"
	"viewfinder/widgets/threadtest"
)

// TestOpenReadOnly: a project that another window or command has open can be looked at; its name says that it is not to be changed, and a change says so, too.
func TestOpenReadOnly(t *testing.T) {
	dir := small(t)
	holder, err := studio.Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { holder.Close() })
	w := newWindow(threadtest.Use(test.NewTempApp(t), pending))
	w.win.Resize(fyne.NewSize(1280, 800))
	w.start(Options{Project: dir})
	until(t, "the refusal", func() bool { return w.win.Canvas().Overlays().Top() != nil && !w.opening })
	for _, b := range found[*widgets.Button](w.win.Canvas().Overlays().Top()) {
		if b.Text == "Open read-only" {
			b.OnTapped()
		}
	}
	until(t, "the project to open", func() bool { return w.shell != nil && w.shell.view.ID != 0 })
	settle()
	t.Cleanup(func() {
		w.closeProject()
		w.closing.Wait()
	})
	if title := w.win.Title(); !strings.Contains(title, "(read-only)") || !strings.Contains(w.shell.header.name.Text(), "(read-only)") {
		t.Errorf("the window's title is %q, the header's %q", title, w.shell.header.name.Text())
	}
	w.shell.Do("rename the project", func(ctx context.Context) error { return w.shell.project.Rename(ctx, "Other") }, nil)
	until(t, "the reason", func() bool { return w.win.Canvas().Overlays().Top() != nil })
	if text := versiontest.Texts(w.win.Canvas().Overlays().Top()); !strings.Contains(text, "read-only") || !strings.Contains(text, "Nothing was changed") {
		t.Errorf("a change answers %q", text)
	}
	if undo, _ := holder.History(); undo != "" || holder.Name() == "Other" {
		t.Errorf("something was changed: %q, %q", undo, holder.Name())
	}
}
