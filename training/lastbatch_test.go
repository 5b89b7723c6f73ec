package training

import (
	"context"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"viewfinder/storage/domain"
)

// The last batch is what the network saw, with the truth and its predictions, for each task.
func TestLastBatch(t *testing.T) {
	for _, task := range []domain.Task{domain.Classification, domain.Tagging, domain.Detection} {
		if testing.Short() && !task.HasBoxes() {
			continue // one is enough for a short test
		}
		dir := newRun(t, task, nil)
		if l, p, err := ReadLastBatch(dir); l != nil || p != nil || err != nil {
			t.Errorf("before: %v, %v", l, err)
		}
		if err := Execute(context.Background(), dir); err != nil {
			t.Fatal(err)
		}
		l, picture, err := ReadLastBatch(dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(l.Tiles) != 4 || l.Width != 32 || l.Height != 32 || l.Iteration < 1 || len(l.Concepts) != 3 {
			t.Errorf("%s: %d tiles of %d x %d at %d", task, len(l.Tiles), l.Width, l.Height, l.Iteration)
		}
		for i, tile := range l.Tiles {
			if l.Image(picture, i).Bounds() != image.Rect(32*i, 0, 32*i+32, 32) {
				t.Errorf("%s: tile %d at %v", task, i, l.Image(picture, i).Bounds())
			}
			switch {
			case task.ExactlyOne() && (len(tile.Truth) != 1 || len(tile.Predicted) != 1 || tile.Right != (tile.Truth[0] == tile.Predicted[0]) || tile.Score < 1./3):
				t.Errorf("%+v", tile)
			case task.HasBoxes() && len(tile.Boxes) != 1:
				t.Errorf("%+v", tile)
			case task.ExactlyOne():
				r, g, b, _ := mean(l.Image(picture, i))
				if most := []float64{r, g, b}; most[tile.Truth[0]] != max(r, g, b) {
					t.Errorf("a %s picture looks like %v", l.Concepts[tile.Truth[0]], most)
				}
			}
		}
	}
}

func mean(m image.Image) (r, g, b, n float64) {
	for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y++ {
		for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x++ {
			rr, gg, bb, _ := m.At(x, y).RGBA()
			r, g, b, n = r+float64(rr), g+float64(gg), b+float64(bb), n+1
		}
	}
	return r / n, g / n, b / n, n
}

func TestSameBoxes(t *testing.T) {
	box := func(x float64, class int) domain.ScoredBox {
		return domain.ScoredBox{Box: domain.Box{XMin: x, XMax: x + 0.2, YMax: 0.2}, Class: class, Score: 0.9}
	}
	for _, c := range []struct {
		truth, found []domain.ScoredBox
		want         bool
	}{
		{nil, nil, true}, {[]domain.ScoredBox{box(0, 1)}, nil, false}, {nil, []domain.ScoredBox{box(0, 1)}, false},
		{[]domain.ScoredBox{box(0, 1), box(0.5, 2)}, []domain.ScoredBox{box(0.52, 2), box(0.01, 1)}, true},
		{[]domain.ScoredBox{box(0, 1)}, []domain.ScoredBox{box(0, 2)}, false}, {[]domain.ScoredBox{box(0, 1)}, []domain.ScoredBox{box(0.15, 1)}, false},
		{[]domain.ScoredBox{box(0, 1), box(0.5, 1)}, []domain.ScoredBox{box(0, 1), box(0.01, 1)}, false},
	} {
		if got := sameBoxes(c.truth, c.found); got != c.want {
			t.Errorf("%v, found %v: %v", c.truth, c.found, got)
		}
	}
}

// A damaged last batch is reported, and breaks nothing.
func FuzzLastBatch(f *testing.F) {
	f.Add([]byte(`{"iteration":1,"width":32,"height":32,"concepts":["a"],"tiles":[{"truth":[0],"said":[5]}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if l, picture, err := parseLastBatch(b); err == nil {
			for i := range l.Tiles {
				l.Image(picture, i)
			}
		}
	})
}

// A running training changes to fewer cores and back and ends with the same weights; so does one that is resumed.
func TestThreadsOfARunningTraining(t *testing.T) {
	long := func(o *Options) { o.Iterations, o.Threads = 150, 2 }
	want, _ := undisturbed(t, domain.Classification, long)
	dir := newRun(t, domain.Classification, set(long))
	if err := RequestThreads(dir, 2); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- Execute(context.Background(), dir) }()
	await(t, dir, func(s State) bool { return s.Iteration > 1 || s.Status == domain.StatusReady })
	if err := RequestThreads(dir, 1); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if readModel(t, dir) != want {
		t.Error("other weights with another number of cores")
	}
	h, err := ReadHistory(dir)
	if err != nil {
		t.Fatal(err)
	}
	warned := false
	for _, e := range h.Messages {
		warned = warned || e.Name == NameThreads && strings.Contains(e.Message, "one core")
	}
	if !warned {
		t.Log("the training was over before it looked") // on a quick machine
	}
	if err := RequestThreads(dir, -1); err == nil {
		t.Error("-1 cores")
	}
	for text, want := range map[string]int{"3\n": 3, "x": 7, "-2": 7, "99999": 7, "": 7, strings.Repeat("1", 100): 7} {
		if err := os.WriteFile(filepath.Join(dir, threadsFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := RequestedThreads(dir, 7); got != want {
			t.Errorf("%q is %d cores", text, got)
		}
	}
}

// What is dear is shown seldom: never more than one percent of the time goes into it.
func TestLastBatchIsCheap(t *testing.T) {
	if share := 1. / lastBatchCost; share >= 0.01 {
		t.Errorf("it may take %.1f%% of the time", 100*share)
	}
	tr := &trainer{}
	tr.shown.last, tr.shown.gap = time.Now(), time.Hour
	tr.showBatch(nil) // not due: nothing is touched
}
