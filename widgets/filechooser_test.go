package widgets

import (
	"errors"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"viewfinder/widgets/look"
)

// chooserStand is a chooser on a made-up folder: sub/, b.png, C.JPG, notes.txt, .hidden.png.
type chooserStand struct {
	*fileChooser
	t      *testing.T
	dir    string
	win    fyne.Window
	mu     sync.Mutex
	chosen []string
	read   []string // thumbnails
}

func newChooserStand(t *testing.T, r FileRequest) *chooserStand {
	t.Helper()
	look.Apply(newApp(t))
	s := &chooserStand{t: t, dir: t.TempDir()}
	for _, name := range []string{"b.png", "C.JPG", "notes.txt", ".hidden.png", "sub/deep.png"} {
		path := filepath.Join(s.dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte("x"), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	s.win = test.NewTempWindow(t, look.Plain(""))
	s.win.Resize(fyne.NewSize(1000, 700))
	door := FileDoor{Thumbnail: func(path string, px int) (image.Image, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.read = append(s.read, filepath.Base(path))
		if strings.HasSuffix(path, ".txt") {
			return nil, errors.New("no image")
		}
		return image.NewRGBA(image.Rect(0, 0, 8, 8)), nil
	}}
	if r.Start == "" {
		r.Start = s.dir
	}
	s.fileChooser = newFileChooser(s.win, door, r, func(paths []string) { s.chosen = paths })
	s.show()
	s.until("the folder", func() bool { return s.fileChooser.dir != "" })
	t.Cleanup(s.d.Close)
	return s
}

// until waits until something holds; the test itself is the window's thread.
func (s *chooserStand) until(what string, holds func() bool) {
	s.t.Helper()
	end := time.After(5 * time.Second)
	for !holds() {
		select {
		case do := <-pending:
			do()
		case <-time.After(time.Millisecond): // what a goroutine wrote is looked at again
		case <-end:
			s.t.Fatalf("%s did not come: in %s, %q", what, s.fileChooser.dir, s.says.Text())
		}
	}
}

func (s *chooserStand) names() (names []string) {
	for _, e := range s.entries {
		names = append(names, e.name)
	}
	return names
}

var imageEndings = []string{".png", ".jpg"}

// Several images are chosen; folders are entered and left; thumbnails come; files of other endings and hidden ones are not shown.
func TestChooserSeveralFiles(t *testing.T) {
	s := newChooserStand(t, FileRequest{Title: "Images", Action: "Add", Several: true, Endings: imageEndings})
	if got := s.names(); !slices.Equal(got, []string{"sub", "b.png", "C.JPG"}) {
		t.Fatalf("it shows %v", got)
	}
	if !s.take.Disabled() || !strings.Contains(s.says.Text(), "2 files of .png, .jpg") {
		t.Errorf("nothing is selected, it says %q", s.says.Text())
	}
	s.until("the thumbnails", func() bool { return s.item(1, 64).Thumbnail != nil && s.item(2, 64).Thumbnail != nil })
	if s.item(0, 64).Thumbnail != nil || s.item(0, 64).Icon == nil {
		t.Error("a folder has a thumbnail, or no icon")
	}
	s.grid.OnOpen(0)
	s.until("the folder below", func() bool { return slices.Equal(s.names(), []string{"deep.png"}) })
	s.grid.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	s.until("the folder above", func() bool { return s.fileChooser.dir == s.dir })
	s.grid.SelectAll() // folders are not chosen
	if s.says.Text() != "2 files" || s.take.Disabled() {
		t.Errorf("it says %q", s.says.Text())
	}
	s.take.Tapped(nil)
	if want := []string{filepath.Join(s.dir, "b.png"), filepath.Join(s.dir, "C.JPG")}; !slices.Equal(s.chosen, want) {
		t.Errorf("chosen %v, not %v", s.chosen, want)
	}
	if s.win.Canvas().Overlays().Top() != nil {
		t.Error("it stays")
	}
}

// A path is typed or pasted; what is not to be had is reported, and stays to be corrected.
func TestChooserTakesPaths(t *testing.T) {
	s := newChooserStand(t, FileRequest{Action: "Open", Endings: imageEndings})
	for text, says := range map[string]string{
		"nowhere": "There is no " + filepath.Join(s.dir, "nowhere"), filepath.Join(s.dir, "notes.txt"): "Only files of .png, .jpg",
		filepath.Join(s.dir, "b.png") + "\n" + filepath.Join(s.dir, "C.JPG"): "One file is asked for",
	} {
		s.typed(text)
		s.until(says, func() bool { return strings.Contains(s.says.Text(), says) })
	}
	s.typed("sub")
	s.until("the folder", func() bool { return s.path.Text == filepath.Join(s.dir, "sub") })
	fyne.CurrentApp().Clipboard().SetContent("file://" + filepath.ToSlash(filepath.Join(s.dir, "b.png")) + "\n")
	s.grid.TypedShortcut(&fyne.ShortcutPaste{Clipboard: fyne.CurrentApp().Clipboard()})
	s.until("the file", func() bool { return slices.Equal(s.chosen, []string{filepath.Join(s.dir, "b.png")}) })
}

// One file where one is asked for, also where several are selected; a letter goes to it.
func TestChooserOneFile(t *testing.T) {
	s := newChooserStand(t, FileRequest{Action: "Open"})
	s.grid.TypedRune('n')
	if s.says.Text() != "notes.txt" {
		t.Errorf("it says %q", s.says.Text())
	}
	s.grid.SelectAll()
	if got := s.picked(); len(got) > 1 {
		t.Errorf("picked %v", got)
	}
	s.grid.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.chosen != nil || s.win.Canvas().Overlays().Top() != nil {
		t.Errorf("chosen %v", s.chosen)
	}
}

// The folder that is shown is chosen, or the selected one in it; one that cannot be found begins at the nearest above.
func TestChooserFolder(t *testing.T) {
	s := newChooserStand(t, FileRequest{Action: "Choose", Folder: true})
	if s.says.Text() != s.dir {
		t.Errorf("it says %q", s.says.Text())
	}
	s.grid.SelectOnly(0)
	s.choose()
	if want := []string{filepath.Join(s.dir, "sub")}; !slices.Equal(s.chosen, want) {
		t.Errorf("chosen %v", s.chosen)
	}
	s = newChooserStand(t, FileRequest{Action: "Choose", Folder: true, Start: filepath.Join(s.dir, "sub", "gone", "further")})
	if filepath.Base(s.fileChooser.dir) != "sub" {
		t.Errorf("it begins at %s", s.fileChooser.dir)
	}
}

// A file to be written gets its ending; one that exists is replaced only when that is asked for twice.
func TestChooserSave(t *testing.T) {
	s := newChooserStand(t, FileRequest{Action: "Save", Save: "new.png", Endings: []string{".png"}})
	s.name.SetText("b")
	s.choose()
	s.until("the question", func() bool { return s.take.Text == "Replace" })
	if s.chosen != nil {
		t.Fatal("it was replaced unasked")
	}
	s.name.SetText("sub.png")
	if s.take.Text != "Save" {
		t.Error("another name is not asked for anew")
	}
	if err := os.Mkdir(filepath.Join(s.dir, "sub.png"), 0o755); err != nil {
		t.Fatal(err)
	}
	s.choose()
	s.until("that it is a folder", func() bool { return strings.Contains(s.says.Text(), "is a folder") })
	s.name.SetText("b.png")
	s.choose()
	s.until("the question", func() bool { return s.take.Text == "Replace" })
	s.choose()
	if want := []string{filepath.Join(s.dir, "b.png")}; !slices.Equal(s.chosen, want) {
		t.Errorf("chosen %v", s.chosen)
	}
	if data, err := os.ReadFile(s.chosen[0]); err != nil || string(data) != "x" {
		t.Error("the chooser itself touched the file")
	}
}

// The system's chooser comes first; where there is none, or it fails, the own one is shown; who thinks better of it chooses nothing.
func TestAskFilesThroughTheSystem(t *testing.T) {
	look.Apply(newApp(t))
	w := test.NewTempWindow(t, look.Plain(""))
	before := Files
	t.Cleanup(func() { Files = before })
	var mu sync.Mutex
	var answer []string
	var failure error
	var asked []FileRequest
	var recent []string
	Files = FileDoor{Recent: func() []string { return recent }, Chose: func(dir string) { recent = append([]string{dir}, recent...) },
		System: func(r FileRequest) ([]string, error) {
			mu.Lock()
			defer mu.Unlock()
			asked = append(asked, r)
			return answer, failure
		}}
	file := filepath.Join(t.TempDir(), "a.png")
	ask := func(paths []string, err error, folder bool) (chosen []string) {
		mu.Lock()
		answer, failure = paths, err
		n := len(asked)
		mu.Unlock()
		AskFiles(w, FileRequest{Title: "T", Action: "Open", Folder: folder}, func(paths []string) { chosen = paths })
		s := &chooserStand{t: t, fileChooser: &fileChooser{says: look.Plain("")}}
		s.until("the question", func() bool { mu.Lock(); defer mu.Unlock(); return len(asked) > n })
		s.until("the answer", func() bool { return chosen != nil || paths == nil && err == nil || w.Canvas().Overlays().Top() != nil })
		return chosen
	}
	if got := ask([]string{file}, nil, false); !slices.Equal(got, []string{file}) || !slices.Equal(recent, []string{filepath.Dir(file)}) {
		t.Errorf("chosen %v, recent %v", got, recent)
	}
	if got := ask(nil, nil, false); got != nil || w.Canvas().Overlays().Top() != nil || asked[1].Start != filepath.Dir(file) {
		t.Errorf("chosen %v, asked %+v", got, asked[1])
	}
	for _, err := range []error{ErrNoChooser, errors.New("the bus is gone")} {
		if got := ask(nil, err, true); got != nil || w.Canvas().Overlays().Top() == nil {
			t.Errorf("%v: chosen %v, no chooser", err, got)
		}
		CloseTop(w.Canvas())
	}
}

func TestPastedPaths(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	for text, want := range map[string][]string{
		"/a/b.png": {"/a/b.png"}, "  '/a b/c.png'\n\"/d/../e\"\r\n": {"/a b/c.png", "/e"}, "file:///a%20b/%C3%A9.png": {"/a b/é.png"},
		"~/x": {home + "/x"}, "~": {home}, "relative/x\n": nil, "": nil, "file://elsewhere/a": nil, "~other/x": nil, "file:///%zz": nil, "/a\x00b": nil,
	} {
		if got := pastedPaths(text); !slices.Equal(got, want) {
			t.Errorf("%q gives %q, not %q", text, got, want)
		}
	}
}

func FuzzPastedPaths(f *testing.F) {
	for _, s := range []string{"/a", "'~/b'", "file:///c%20d", "\"", "file:", "~\n/x\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range pastedPaths(text) {
			if !filepath.IsAbs(p) || p != filepath.Clean(p) || strings.ContainsRune(p, 0) {
				t.Errorf("%q gives %q", text, p)
			}
		}
	})
}
