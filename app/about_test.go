package app

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"viewfinder/app/product"
	"viewfinder/app/studio/runs"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// TestAbout: the dialog is reached by its key with a project and on the welcome page, says version, build and licence, and shows the texts to be read by keys.
func TestAbout(t *testing.T) {
	unraced(t)
	w := open(t, Options{View: "Things"})
	w.texts = product.Texts{License: "our licence", Notices: strings.Repeat("of others\n", 5000)}
	press := func() bool {
		w.win.Canvas().(fyne.Shortcutable).TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyF1, Modifier: fyne.KeyModifierControl})
		return w.win.Canvas().Overlays().Top() != nil
	}
	if !press() {
		t.Fatal("Ctrl+F1 opens nothing")
	}
	w.key(fyne.KeyEscape)
	if w.win.Canvas().Overlays().Top() != nil {
		t.Error("Escape does not close it")
	}
	w.showWelcome()
	if !press() {
		t.Error("Ctrl+F1 opens nothing on the welcome page")
	}
	w.key(fyne.KeyEscape)

	a := newAbout(w)
	a.copy()
	text := w.app.Clipboard().Content()
	for _, words := range []string{"Viewfinder\nVersion " + product.Version, "Commit ", "CPU kernels " + runs.Kernels(), "Licence MIT License", product.Copyright} {
		if !strings.Contains(text, words) {
			t.Errorf("%q is missing in %q", words, text)
		}
	}
	w.win.SetContent(a.content)
	for part, want := range map[string]string{"licence": w.texts.License, "notices": w.texts.Notices} {
		a.parts.SetSelected(part)
		a.show(part)
		if w.win.Canvas().Focused() != a.readers[part] {
			t.Errorf("%s: the keys are %T's", part, w.win.Canvas().Focused())
		}
		if a.copy(); w.app.Clipboard().Content() != want {
			t.Errorf("%s: copied %.40q", part, w.app.Clipboard().Content())
		}
	}
	if n := a.readers["notices"].Lines(); n != 5000 {
		t.Errorf("%d lines of notices", n)
	}
}

// opener is an app that notes what it is asked to open.
type opener struct {
	fyne.App
	opened []string
}

func (o *opener) OpenURL(u *url.URL) error {
	o.opened = append(o.opened, u.Path)
	return nil
}

// TestAboutFolders: the folders of the project and of the program are named, those that exist can be opened.
func TestAboutFolders(t *testing.T) {
	unraced(t)
	config, home := t.TempDir(), t.TempDir()
	t.Setenv("VIEWFINDER_CONFIG", config)
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	t.Setenv("XDG_DOCUMENTS_DIR", "")
	w := open(t, Options{View: "Things"})
	a := newAbout(w)
	a.loadPlaces()
	until(t, "the folders", func() bool { return len(a.places.Objects) > 0 })
	o := &opener{App: w.app}
	fyne.SetCurrentApp(o)
	t.Cleanup(func() { fyne.SetCurrentApp(w.app) })
	project := w.shell.project.Dir()
	want := map[string]bool{project: true, filepath.Join(project, "cache"): true, config: true, filepath.Join(home, "Viewfinder"): false}
	if len(a.places.Objects) != len(want) {
		t.Fatalf("%d folders", len(a.places.Objects))
	}
	for _, row := range a.places.Objects {
		var dir string
		var button *widgets.Pressable
		for _, part := range row.(*fyne.Container).Objects {
			switch part := part.(type) {
			case *widgets.Pressable:
				button = part
			case *look.Styled:
				dir, _, _ = strings.Cut(part.Text(), "  (made when")
			}
		}
		there, known := want[dir]
		if !known || button == nil {
			t.Errorf("there is a row of %q", dir)
			continue
		}
		before := len(o.opened)
		test.Tap(button)
		if opened := len(o.opened) > before; opened != there || opened && !strings.HasSuffix(o.opened[before], filepath.ToSlash(dir)) {
			t.Errorf("%s: pressed, %v was opened", dir, o.opened[before:])
		}
	}
}
