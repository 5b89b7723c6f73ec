package try

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"viewfinder/app/clip"
	"viewfinder/app/studio/predict"
	"viewfinder/app/studio/runs"
	"viewfinder/app/version/versiontest"
	"viewfinder/storage/domain"
)

func TestMain(m *testing.M) { versiontest.Main(m) }

func picture(t *testing.T, tint color.NRGBA) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 48, 36))
	for i := range img.Pix {
		img.Pix[i] = []uint8{tint.R, tint.G, tint.B, 255}[i%4]
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// write puts images into a folder, and a file that is none.
func write(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i, name := range names {
		if err := os.WriteFile(filepath.Join(dir, name), picture(t, color.NRGBA{R: uint8(200 - 20*i), G: 30, B: uint8(20 * i)}), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "no picture.jpg"), []byte("words"), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestEmptyStates: before the version is read, while it is not ready, and when its network cannot be loaded.
func TestEmptyStates(t *testing.T) {
	s := versiontest.New(t, 0)
	tr := New(s, s.Project())
	defer tr.Close()
	tr.Selected()
	if tr.Dropped([]string{"x"}) {
		t.Error("takes files before it knows its version")
	}
	v := runs.Version{}
	v.ID, v.Name, v.Status = 99, "v1", domain.StatusTraining
	tr.Set(v, s.View())
	tr.Selected()
	if tr.opening || tr.Dropped([]string{"x"}) {
		t.Error("a version in training cannot be tried")
	}
	v.Status = domain.StatusReady
	tr.Set(v, s.View())
	tr.Selected()
	s.Until("the failure", func() bool { return tr.failure != nil })
	if len(tr.items) != 0 {
		t.Error("there are pictures")
	}
}

func TestTry(t *testing.T) {
	if testing.Short() {
		t.Skip("it trains")
	}
	s := versiontest.New(t, 6)
	v := s.TrainNow("v1", 20)
	if v.Status != domain.StatusReady {
		t.Fatalf("the version is %s: %s", v.Status, v.Error)
	}
	tr := New(s, s.Project())
	defer tr.Close()
	s.Window().SetContent(tr.Content())
	tr.Set(v, s.View())
	dir := write(t, "a.png", "b.png", "c.png")
	if !tr.Dropped([]string{dir}) {
		t.Fatal("a folder was refused")
	}
	s.Until("all pictures to be looked at", func() bool { return tr.looked == 4 && tr.stop == nil })
	if len(tr.items) != 4 || tr.items[3].prediction.Error == "" || len(tr.items[0].prediction.Concepts) != 2 {
		t.Fatalf("%d pictures", len(tr.items))
	}
	if bars := tr.panel.bars.Bars(); len(bars) == 0 {
		t.Error("nothing is shown of them")
	}
	cell := tr.grid.item(0, 136)
	s.Until("the thumbnail", func() bool { cell = tr.grid.item(0, 136); return cell.Thumbnail != nil })
	if len(cell.Chips) != 1 {
		t.Errorf("%+v", cell)
	}
	opened(t, s, tr)
	exported(t, s, tr)
	tr.adopt()
	s.Until("the pictures to be added", func() bool { return len(s.Notes) > 0 || len(s.Failures) > 0 })
	if len(s.Failures) > 0 || !strings.Contains(strings.Join(s.Notes, " "), "3 images added, 3 with suggestions") {
		t.Errorf("notes %q, failures %v", s.Notes, s.Failures)
	}
	tr.clear()
	if len(tr.items) != 0 || tr.single.item != nil {
		t.Error("pictures are left")
	}
}

// opened opens an image, has it explained, and goes to the next.
func opened(t *testing.T, s *versiontest.Shell, tr *Try) {
	t.Helper()
	tr.openItem(0)
	s.Until("the picture", func() bool { return tr.single.explanation != nil })
	before := tr.single.canvas.Frame(300, 200)
	plain := slices.Clone(before.(*image.RGBA).Pix)
	tr.single.explain(tr.single.item.prediction.Concepts[0].Concept)
	s.Until("the map", func() bool { return !tr.single.heat })
	s.Settle()
	if after := tr.single.canvas.Frame(300, 200).(*image.RGBA); bytes.Equal(plain, after.Pix) {
		t.Error("nothing is highlighted")
	}
	if !tr.single.key(fyne.KeyRight, 0) || tr.single.at != 1 {
		t.Error("the right arrow does not go on")
	}
	s.Until("the next picture", func() bool { return tr.single.explanation != nil && !tr.single.heat })
	if tr.single.why == "" {
		t.Error("the next picture is not explained")
	}
	tr.openItem(3)
	s.Until("the broken picture", func() bool { return tr.items[3].prediction.Error != "" })
	if !tr.single.key(fyne.KeyEscape, 0) || tr.single.item != nil {
		t.Error("Escape does not go back to the grid")
	}
}

func exported(t *testing.T, s *versiontest.Shell, tr *Try) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "out.csv")
	tr.exportTo(path, "csv")
	s.Until("the export", func() bool { return len(s.Notes) > 0 || len(s.Failures) > 0 })
	b, err := os.ReadFile(path)
	if err != nil || strings.Count(string(b), "\n") != 8 { // a head, two concepts each, one that cannot be used
		t.Errorf("%v, %q", err, b)
	}
	s.Notes = nil
}

// TestPaste: pixels become a file that goes again; words are taken as the names of files.
func TestPaste(t *testing.T) {
	s := versiontest.New(t, 0)
	tr := New(s, s.Project())
	v := runs.Version{}
	v.ID, v.Name, v.Status = 99, "v1", domain.StatusReady
	tr.Set(v, s.View())
	held := clip.Read
	defer func() { clip.Read = held }()
	clip.Read = func() ([]byte, string, error) { return picture(t, color.NRGBA{R: 90}), "", nil }
	tr.paste()
	s.Until("the pasted picture", func() bool { return len(tr.items) == 1 })
	pasted := tr.items[0].path
	if _, err := os.Stat(pasted); err != nil {
		t.Fatal(err)
	}
	dir := write(t, "a b.png")
	file := filepath.Join(dir, "a b.png")
	clip.Read = func() ([]byte, string, error) {
		return nil, (&url.URL{Scheme: "file", Path: file}).String() + "\r\n/nowhere.png\n", nil
	}
	tr.paste()
	s.Until("the named picture", func() bool { return len(tr.items) == 2 })
	clip.Read = func() ([]byte, string, error) { return nil, "hello", nil }
	tr.paste()
	s.Until("a refusal", func() bool {
		return slices.ContainsFunc(s.Failures, func(err error) bool { return strings.Contains(err.Error(), "neither an image") })
	})
	clip.Read = func() ([]byte, string, error) { return nil, "", errors.New("no clipboard") }
	tr.paste()
	s.Until("a failure", func() bool { return strings.Contains(s.Failures[len(s.Failures)-1].Error(), "no clipboard") })
	tr.Close()
	s.Until("the pasted file to go", func() bool { _, err := os.Stat(pasted); return errors.Is(err, os.ErrNotExist) })
}

// TestThreshold: boxes and tags below it are not shown.
func TestThreshold(t *testing.T) {
	s := versiontest.New(t, 0)
	tr := New(s, s.Project())
	defer tr.Close()
	tr.view.Type = domain.Detection
	tr.items = []*item{{path: "x", name: "x", prediction: &predict.Prediction{Boxes: []predict.PredictedBox{
		{XMax: 0.5, YMax: 0.5, Concept: "RBC", Score: 0.9}, {XMin: 0.5, XMax: 1, YMax: 1, Concept: "RBC", Score: 0.4}, {XMax: 1, YMax: 1, Concept: "WBC", Score: 0.2}}}}}
	tr.grid.thumbs["x"] = image.NewRGBA(image.Rect(0, 0, 2, 2))
	for _, c := range []struct {
		threshold float64
		boxes     int
		bars      []string
	}{{0.5, 1, []string{"RBC 1"}}, {0.3, 2, []string{"RBC 2"}}, {0.1, 3, []string{"RBC 2", "WBC 1"}}, {1, 0, nil}} {
		tr.setThreshold(c.threshold)
		if got := len(tr.grid.item(0, 100).Boxes); got != c.boxes {
			t.Errorf("at %g: %d boxes, want %d", c.threshold, got, c.boxes)
		}
		var bars []string
		for _, b := range tr.panel.bars.Bars() {
			bars = append(bars, b.Name+" "+b.Text)
		}
		if !slices.Equal(bars, c.bars) {
			t.Errorf("at %g: %v, want %v", c.threshold, bars, c.bars)
		}
	}
}
