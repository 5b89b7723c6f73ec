package try

import (
	"context"
	"errors"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio"
	"viewfinder/app/studio/predict"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/app/version/versiontest"
	"viewfinder/storage/domain"
)

// fakeNetwork is a project and a made-up network that finds what its test wants, at once or when it is let go on.
type fakeNetwork struct {
	says    predict.Prediction
	failure error
	adopted []string
	above   float64
	closed  chan struct{}
	hold    chan struct{} // where it is not nil, each file waits for it
}

func (n *fakeNetwork) Network(context.Context, int64) (network, error) {
	if n.failure != nil {
		return nil, n.failure
	}
	return n, nil
}

func (n *fakeNetwork) Adopt(_ context.Context, _ int64, files []string, threshold float64, _ session.Progress) (predict.Adopted, error) {
	n.adopted, n.above = files, threshold
	return predict.Adopted{Added: len(files), Suggested: 1, There: 2, NotInView: 3, Problems: []string{"x.jpg: gone"}}, n.failure
}

func (n *fakeNetwork) Files(ctx context.Context, files []string, each func(i int, p predict.Prediction)) error {
	for i, f := range files {
		if n.hold != nil {
			select {
			case <-n.hold:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		p := n.says
		if p.File = f; strings.HasPrefix(filepath.Base(f), "no") {
			p = predict.Prediction{File: f, Error: "not a readable image"}
		}
		each(i, p)
	}
	return nil
}

func (n *fakeNetwork) Explain(context.Context, *image.RGBA) (*predict.Explanation, error) {
	if n.failure != nil {
		return nil, n.failure
	}
	return &predict.Explanation{Prediction: n.says}, nil
}

func (n *fakeNetwork) Close() { close(n.closed) }

// tried is the sub-tab on a made-up network, with images that were looked at.
func tried(t *testing.T, kind domain.Task, n *fakeNetwork, names ...string) (*versiontest.Shell, *Try) {
	t.Helper()
	s := versiontest.New(t, 0)
	n.closed = make(chan struct{})
	tr := newTry(s, n)
	t.Cleanup(tr.Close)
	s.Window().SetContent(tr.Content())
	v := runs.Version{}
	v.ID, v.Name, v.Status = 1, "v1", domain.StatusReady
	v.Concepts = []studio.FrozenConcept{{Name: "cat", Color: "#ff0000"}, {Name: "dog"}, {Name: "owl"}}
	view := s.View()
	view.Type = kind
	tr.Set(v, view)
	tr.Selected()
	s.Until("the network", func() bool { return tr.network != nil || tr.failure != nil })
	if len(names) > 0 {
		if !tr.Dropped([]string{write(t, names...)}) {
			t.Fatal("refused")
		}
		s.Until("the pictures", func() bool { return len(tr.items) == len(names)+1 })
	}
	return s, tr
}

var catOrDog = predict.Prediction{Concepts: []predict.PredictedConcept{{Concept: "cat", Score: 0.75}, {Concept: "dog", Score: 0.25}}}

// Pictures are looked at, counted, opened one after the other, exported, added to the project and taken away.
func TestPictures(t *testing.T) {
	n := &fakeNetwork{says: catOrDog}
	s, tr := tried(t, domain.Classification, n, "a.png", "b.png")
	s.Until("all to be looked at", func() bool { return tr.looked == 3 && tr.stop == nil })
	text := versiontest.Texts(tr.Content())
	for _, want := range []string{"Predictions", "1 file cannot be used.", "3 images"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in %q", want, text)
		}
	}
	if bars := tr.panel.bars.Bars(); len(bars) != 1 || bars[0].Name != "cat" || bars[0].Text != "2" {
		t.Errorf("%+v", bars)
	}
	s.Until("a thumbnail", func() bool { return tr.grid.item(0, 100).Thumbnail != nil })
	s.Until("the file that is none", func() bool { tr.grid.item(2, 100); return tr.items[2].failed })
	tr.openItem(0)
	s.Until("the picture", func() bool { return tr.single.explanation != nil })
	if bars := tr.panel.bars.Bars(); len(bars) != 2 || bars[0].Quiet || !bars[1].Quiet {
		t.Errorf("%+v", bars)
	}
	for key, want := range map[fyne.KeyName]bool{fyne.KeyF: true, fyne.KeyUp: true, fyne.KeyB: false} {
		if tr.single.key(key, 0) != want || tr.single.key(key, fyne.KeyModifierControl) {
			t.Errorf("%s", key)
		}
	}
	tr.single.key(fyne.KeyRight, 0)
	if tr.single.at != 1 {
		t.Errorf("picture %d is open", tr.single.at)
	}
	tr.single.key(fyne.KeyLeft, 0)
	tr.single.key(fyne.KeyLeft, 0) // no further than the first
	s.Until("the first", func() bool { return tr.single.at == 0 && tr.single.explanation != nil })
	tr.panel.show.SetChecked(true)
	s.Until("the map", func() bool { return tr.single.why == "cat" && !tr.single.heat })
	tr.panel.concept.SetSelected("owl")
	tr.single.setShade(0.3)
	s.Until("another map", func() bool { return tr.single.why == "owl" && !tr.single.heat })
	tr.panel.show.SetChecked(false)
	if tr.single.why != "" {
		t.Errorf("%q is explained", tr.single.why)
	}
	tr.adopt()
	s.Until("the answer", func() bool { return len(s.Notes) == 1 })
	if len(n.adopted) != 1 || n.above != everyConcept || !strings.Contains(s.Notes[0], "1 image added, 1 with suggestions, 2 were there already, 3 do not belong to the view; 1 file could not be added: x.jpg: gone.") {
		t.Errorf("%v above %g: %q", n.adopted, n.above, s.Notes)
	}
	if !tr.single.key(fyne.KeyEscape, 0) || tr.single.item != nil {
		t.Error("Escape does not lead back to all")
	}
	tr.adopt()
	s.Until("the answer", func() bool { return len(s.Notes) == 2 })
	if len(n.adopted) != 2 {
		t.Errorf("%v", n.adopted)
	}
	for _, format := range []string{"csv", "json"} {
		path := filepath.Join(t.TempDir(), "out."+format)
		notes := len(s.Notes)
		tr.exportTo(path, format)
		s.Until("the file", func() bool { return len(s.Notes) > notes })
		if b, err := os.ReadFile(path); err != nil || !strings.Contains(string(b), "a.png") || !strings.Contains(string(b), "cat") {
			t.Errorf("%s: %q, %v", format, b, err)
		}
	}
	tr.exportTo(filepath.Join(t.TempDir(), "no", "such", "folder.csv"), "csv")
	s.Until("the failure", func() bool { return len(s.Failures) == 1 })
	n.failure = errors.New("disk full")
	tr.adopt()
	s.Until("the failure", func() bool { return len(s.Failures) == 2 })
	tr.clear()
	if text := versiontest.Texts(tr.Content()); !strings.Contains(text, "Drop an image or a folder here") {
		t.Errorf("%q", text)
	}
	tr.adopt()
	s.Until("why not", func() bool { return strings.Contains(strings.Join(s.Notes, " "), "no image here") })
	tr.Close()
	<-n.closed
}

// Looking can be cancelled, and goes on with what is added then; the menus of the bar are there.
func TestCancelLooking(t *testing.T) {
	n := &fakeNetwork{says: catOrDog, hold: make(chan struct{}, 1)}
	s, tr := tried(t, domain.Tagging, n, "a.png", "b.png")
	n.hold <- struct{}{}
	s.Until("the first", func() bool { return tr.looked == 1 })
	if text := versiontest.Texts(tr.bar.content); !strings.Contains(text, "1 of 3") {
		t.Errorf("%q", text)
	}
	s.Press("Cancel")
	s.Until("it to end", func() bool { return tr.stop == nil })
	if text := versiontest.Texts(tr.bar.content); !strings.Contains(text, "1 of 3 images predicted, then cancelled") {
		t.Errorf("%q", text)
	}
	s.Press("Export …")
	if !s.Open() {
		t.Error("no menu")
	}
	s.Escape()
	s.Press("Add …")
	s.Press("Images …")
	if !s.Open() {
		t.Error("no chooser")
	}
	s.Escape()
	tr.chooseFolder()
	s.Escape()
	tr.exportAs("csv")
	s.Escape()
	close(n.hold)
	tr.add([]string{tr.items[1].path})
	s.Until("the picture", func() bool { return tr.single.item == tr.items[1] && tr.single.explanation != nil })
	tr.look()
	s.Until("the rest", func() bool { return tr.looked == 3 && tr.stop == nil })
	if bars := tr.panel.bars.Bars(); len(bars) != 2 || !bars[1].Quiet { // a tag below the threshold
		t.Errorf("%+v", bars)
	}
	if len(s.Failures) > 0 {
		t.Error(s.Failures)
	}
}

// A network that cannot be loaded is asked for again; an image that cannot be looked at says why.
func TestNetworkFails(t *testing.T) {
	n := &fakeNetwork{says: catOrDog, failure: errors.New("out of memory")}
	s, tr := tried(t, domain.Detection, n)
	if tr.failure == nil || tr.threshold != detectionThreshold {
		t.Fatalf("%v, threshold %g", tr.failure, tr.threshold)
	}
	n.failure = nil
	tr.open()
	s.Until("the network", func() bool { return tr.network != nil })
	n.says = predict.Prediction{Boxes: []predict.PredictedBox{{XMax: 0.5, YMax: 0.5, Concept: "owl", Score: 0.2}}}
	tr.Dropped([]string{write(t, "a.png")})
	s.Until("the pictures", func() bool { return len(tr.items) == 2 && tr.looked == 2 && tr.stop == nil })
	if text := versiontest.Texts(tr.panel.content); !strings.Contains(text, "Nothing was predicted for 1 image.") {
		t.Errorf("%q", text)
	}
	tr.openItem(0)
	s.Until("it", func() bool { return tr.single.explanation != nil })
	if text := versiontest.Texts(tr.panel.content); !strings.Contains(text, "Nothing is predicted above this threshold.") {
		t.Errorf("%q", text)
	}
	versiontest.All[*widget.Slider](s)[0].SetValue(0.1)
	if bars := tr.panel.bars.Bars(); len(bars) != 1 || bars[0].Text != "1" {
		t.Errorf("%+v", bars)
	}
	tr.openItem(1)
	s.Until("why not", func() bool { return tr.items[1].prediction.Error != "" })
	if tr.color("no such concept") == tr.color("cat") {
		t.Error("an unknown concept has a known one's colour")
	}
}
