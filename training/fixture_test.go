package training

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"viewfinder/storage/domain"
	"viewfinder/training/data"
)

// picturesIn writes n small noisy pictures, a third each of them mainly red, green and blue, with a bright square whose place is returned.
func picturesIn(t testing.TB, dir string, n int) (paths []string, squares []domain.Box) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		img := image.NewRGBA(image.Rect(0, 0, 48, 48))
		x0, y0 := r.IntN(24), r.IntN(24)
		for y := range 48 {
			for x := range 48 {
				c := color.RGBA{uint8(r.IntN(120)), uint8(r.IntN(120)), uint8(r.IntN(120)), 255}
				switch i % 3 {
				case 0:
					c.R += 60
				case 1:
					c.G += 60
				case 2:
					c.B += 60
				}
				if x >= x0 && x < x0+20 && y >= y0 && y < y0+20 {
					c.R, c.G, c.B = c.R/2+120, c.G/2+120, c.B/2+120
				}
				img.SetRGBA(x, y, c)
			}
		}
		path := filepath.Join(dir, fmt.Sprintf("%03d.png", i))
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(f, img); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
		squares = append(squares, domain.Box{XMin: float64(x0) / 48, YMin: float64(y0) / 48, XMax: float64(x0+20) / 48, YMax: float64(y0+20) / 48})
	}
	return paths, squares
}

// quick are options under which a training takes a second or two.
func quick(task domain.Task) Options {
	o := DefaultOptions(task, "small_cnn")
	o.Iterations, o.BatchSize, o.Resizer, o.Threads = 20, 4, "32x32", 2
	o.Augment = []string{data.FlipHorizontal, data.Shift}
	return o
}

// newRun writes a run folder of the task on 24 pictures, a quarter of them val, beside the folder that is returned.
func newRun(t testing.TB, task domain.Task, change func(*Run)) string {
	t.Helper()
	root := t.TempDir()
	_, squares := picturesIn(t, filepath.Join(root, "images"), 24)
	r := &Run{ID: "r1", Name: "test", Task: task, Options: quick(task)}
	for i, n := range []string{"red", "green", "blue"} {
		r.Concepts = append(r.Concepts, ConceptRef{ID: fmt.Sprint(i + 1), Name: n})
	}
	for i := range 24 {
		s := Sample{Image: fmt.Sprintf("../images/%03d.png", i), Split: SplitTrain, Key: fmt.Sprint("key", i)}
		if i%4 == 3 {
			s.Split = SplitVal
		}
		switch {
		case task.ExactlyOne():
			s.Labels = []int{i % 3}
		case task.AnyNumber() && i%6 != 5:
			s.Labels = []int{i % 3}
			if i%2 == 0 {
				s.Labels = append(s.Labels, (i+1)%3)
			}
		case task.HasBoxes() && i%6 != 5:
			s.Boxes = []domain.LabelledBox{{Box: squares[i], Class: i % 3}}
		}
		r.Samples = append(r.Samples, s)
	}
	if change != nil {
		change(r)
	}
	dir := filepath.Join(root, "run")
	if err := WriteRun(dir, r); err != nil {
		t.Fatal(err)
	}
	return dir
}

func set(o func(*Options)) func(*Run) { return func(r *Run) { o(&r.Options) } }

func readModel(t testing.TB, dir string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, ModelFile))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func mustInspect(t testing.TB, dir string) State {
	t.Helper()
	s, err := Inspect(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
