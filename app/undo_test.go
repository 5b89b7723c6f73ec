package app

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"viewfinder/app/page"
	"viewfinder/widgets"
)

// shows is the name of the image that the annotator shows, "" where the gallery is.
func (w *window) shows(t testing.TB) string {
	t.Helper()
	if _, ok := w.win.Canvas().Focused().(*widgets.Annotator); !ok {
		return ""
	}
	return w.shell.views.Shown()
}

// What Undo takes back does not come again with what is drawn, moved or deleted before it is done.
func TestUndoThenDraw(t *testing.T) {
	if testing.Short() {
		t.Skip("opens a project for each case")
	}
	for name, c := range map[string]struct {
		before, then func(w *window, a *widgets.Annotator)
		want         int
	}{
		"draw": {func(w *window, a *widgets.Annotator) {}, func(w *window, a *widgets.Annotator) { dragOn(a, 400, 200, 460, 280) }, 2},
		"draw two": {func(w *window, a *widgets.Annotator) {}, func(w *window, a *widgets.Annotator) {
			dragOn(a, 400, 200, 460, 280)
			dragOn(a, 500, 200, 560, 280)
		}, 3},
		"nudge what is undone":  {func(w *window, a *widgets.Annotator) {}, func(w *window, a *widgets.Annotator) { w.key(fyne.KeyUp) }, 1},
		"nudge what stays":      {func(w *window, a *widgets.Annotator) { w.key(fyne.KeyUp) }, func(w *window, a *widgets.Annotator) { w.key(fyne.KeyUp) }, 2},
		"delete what is undone": {func(w *window, a *widgets.Annotator) {}, func(w *window, a *widgets.Annotator) { a.DeleteSelected() }, 1},
		"draw after a deletion": {func(w *window, a *widgets.Annotator) { a.DeleteSelected() }, func(w *window, a *widgets.Annotator) { dragOn(a, 400, 200, 460, 280) }, 3},
	} {
		t.Run(name, func(t *testing.T) {
			w := open(t, Options{View: "Things"})
			w.key(fyne.KeyReturn)
			settle()
			a := w.annotator(t)
			dragOn(a, 200, 200, 260, 280)
			dragOn(a, 300, 200, 360, 280) // the last action, unless c.before does more
			settle()
			c.before(w, a)
			settle()
			first := datapoints(t, w, "Things")[0].Regions
			w.shortcut(&fyne.ShortcutUndo{})
			c.then(w, a)
			settle()
			list := datapoints(t, w, "Things")[0].Regions
			if len(list) != c.want || len(a.Marks()) != c.want {
				t.Errorf("%d boxes are saved and %d shown, not %d", len(list), len(a.Marks()), c.want)
			}
			if name == "nudge what stays" && *list[1].Box != *first[1].Box {
				t.Errorf("the nudged box is at %v: the first nudge was undone, the second not, which is %v", *list[1].Box, *first[1].Box)
			}
		})
	}
}

// Undo and Redo lead to the image that they change, across images and views, to the beginning of the session.
func TestUndoLeadsToTheImage(t *testing.T) {
	w := open(t, Options{View: "Things"})
	w.key(fyne.KeyReturn)
	settle()
	names := []string{w.shows(t)}
	for range 3 {
		w.typed('w')
		w.key(fyne.KeyPageDown)
		settle()
		names = append(names, w.shows(t))
	}
	for range 5 {
		w.key(fyne.KeyPageDown)
	}
	settle()
	for i := 2; i >= 0; i-- {
		w.shortcut(&fyne.ShortcutUndo{})
		settle()
		if got := w.shows(t); got != names[i] {
			t.Errorf("undoing shows %q, not %q", got, names[i])
		}
		if d := datapoints(t, w, "Things")[i]; d.Annotated {
			t.Errorf("%s is still annotated", d.Image.Name)
		}
	}
	if got := w.shell.status.noticed; !strings.HasPrefix(got, "Undone") {
		t.Errorf("it says %q", got)
	}
	w.shell.SetView(w.shell.nodes[0].View.ID) // and from another view
	settle()
	w.shortcut(&fyne.ShortcutRedo{})
	settle()
	if v := w.shell.view; v.Name != "Things" {
		t.Errorf("redoing shows the view %s", v.Name)
	}
	grid, ok := w.win.Canvas().Focused().(*widgets.ImageGrid)
	if !ok || grid.Current() != 0 || grid.SelectedCount() != 1 {
		t.Errorf("redoing selects %v", grid.Selected())
	}
	w.shell.ShowTab(page.Library)
	settle()
	w.shortcut(&fyne.ShortcutRedo{})
	settle()
	if w.shell.tab != page.Views || grid.Current() != 1 {
		t.Errorf("redoing shows the tab %s and image %d", w.shell.tab, grid.Current())
	}
}

// Escape does not lose the keys that were typed for an image on its way.
func TestEscapeAfterTypingAhead(t *testing.T) {
	unraced(t)
	w := open(t, Options{View: "Things"})
	w.key(fyne.KeyReturn)
	w.annotator(t)
	w.typed('w')
	w.key(fyne.KeyEscape)
	settle()
	if !datapoints(t, w, "Things")[0].Annotated {
		t.Error("the key was lost")
	}
	if got := w.shows(t); got != "" {
		t.Errorf("Escape was lost: %s is open", got)
	}
}

// pause is a hand's rest that mostly is long enough for all that was begun.
func pause() {
	for rest := time.After(60 * time.Millisecond); ; {
		select {
		case f := <-pending:
			f()
		case <-rest:
			return
		}
	}
}

// A hand that waits for nothing does the same as one that waits after each key.
func TestQuickHandDoesTheSame(t *testing.T) {
	seeds := uint64(8)
	if testing.Short() {
		seeds = 1
	}
	for seed := range seeds {
		results := map[bool]string{}
		for _, slow := range []bool{true, false} {
			w := open(t, Options{View: []string{"Colour", "Things"}[seed%2]})
			w.key(fyne.KeyReturn)
			settle()
			a := w.annotator(t)
			r := rand.New(rand.NewPCG(seed, 7))
			x := float32(60)
			for range 30 {
				switch n := r.IntN(12); n {
				case 0, 1, 2:
					w.shortcut(&fyne.ShortcutUndo{})
				case 3:
					w.shortcut(&fyne.ShortcutRedo{})
				case 4, 5:
					w.key(fyne.KeyPageDown)
				case 6:
					w.key(fyne.KeyPageUp)
				case 7:
					if seed%2 == 1 {
						settle() // a mouse does not wait for Undo: see TestUndoThenDraw
						a.Select()
						dragOn(a, x, 150, x+24, 190)
						x += 30
						break
					}
					fallthrough
				default:
					a.Select() // a box that is undone and made again is selected only where nobody saw it go
					w.typed([]rune("12vsdwn3")[r.IntN(8)])
				}
				if slow {
					pause()
				}
			}
			settle()
			w.shell.views.Wait(t.Context())
			settle()
			var out strings.Builder
			for _, view := range []string{"Colour", "Things"} {
				for _, d := range datapoints(t, w, view) {
					fmt.Fprint(&out, d.Image.Name, d.Image.Split, d.Annotated, d.Reviewed())
					for _, r := range d.Regions {
						fmt.Fprint(&out, r.Concepts)
						if r.Box != nil {
							fmt.Fprint(&out, *r.Box)
						}
					}
					out.WriteByte('\n')
				}
			}
			results[slow] = out.String() + w.shows(t)
			for err := error(nil); err == nil; { // nothing is left of the session once all is undone
				_, err = w.shell.project.Undo(t.Context(), 0)
			}
			for _, d := range datapoints(t, w, "Things") {
				if d.Annotated || d.Reviewed() {
					t.Errorf("%s is not as it was", d.Image.Name)
				}
			}
		}
		slow, quick := strings.Split(results[true], "\n"), strings.Split(results[false], "\n")
		for i := range slow {
			if slow[i] != quick[i] {
				t.Errorf("seed %d: a slow hand made %s, a quick one %s", seed, slow[i], quick[i])
			}
		}
	}
}
