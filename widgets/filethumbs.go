package widgets

import (
	"image"
	"sync"

	"fyne.io/fyne/v2"
)

// fileThumbs reads the thumbnails of files one after the other, what was asked for last first, off the window's thread.
type fileThumbs struct {
	read  func(path string, px int) (image.Image, error)
	there func(path string) // on the window's thread

	mu      sync.Mutex
	known   map[string]image.Image // nil: it is no image, or on its way
	wanted  []wantedThumb
	running bool
	closed  bool
}

type wantedThumb struct {
	path string
	px   int
}

func newFileThumbs(read func(string, int) (image.Image, error), there func(string)) *fileThumbs {
	return &fileThumbs{read: read, there: there, known: map[string]image.Image{}}
}

// get is a file's thumbnail, nil as long as it isn't there.
func (t *fileThumbs) get(path string, px int) image.Image {
	if t.read == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if img, ok := t.known[path]; ok || t.closed {
		return img
	}
	t.known[path] = nil
	t.wanted = append(t.wanted, wantedThumb{path, px})
	if !t.running {
		t.running = true
		go t.run()
	}
	return nil
}

func (t *fileThumbs) run() {
	for {
		t.mu.Lock()
		n := len(t.wanted)
		if n == 0 || t.closed {
			t.running = false
			t.mu.Unlock()
			return
		}
		next := t.wanted[n-1]
		t.wanted = t.wanted[:n-1]
		t.mu.Unlock()
		img, err := t.read(next.path, next.px)
		if err != nil || img == nil {
			continue
		}
		t.mu.Lock()
		t.known[next.path] = img
		t.mu.Unlock()
		fyne.Do(func() {
			t.mu.Lock()
			closed := t.closed
			t.mu.Unlock()
			if !closed {
				t.there(next.path)
			}
		})
	}
}

// forget gives the memory back, as another folder is shown.
func (t *fileThumbs) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.known)
	t.wanted = nil
}

func (t *fileThumbs) close() {
	t.forget()
	t.mu.Lock()
	t.closed = true
	t.mu.Unlock()
}
