//go:build window

package mainflow

import (
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// shot keeps an image of the screen in the folder that VIEWFINDER_SHOTS names; without that, none.
func (d *desk) shot(name string) {
	d.t.Helper()
	dir := os.Getenv("VIEWFINDER_SHOTS")
	if dir == "" {
		return
	}
	if out, err := exec.Command("import", "-window", "root", "-quality", "85", filepath.Join(dir, name+".jpg")).CombinedOutput(); err != nil {
		d.t.Fatalf("import: %v: %s", err, out)
	}
}

// sorted makes a folder of images, one folder for each concept: stripes that lie, stripes that stand.
func sorted(t *testing.T, each int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "Stripes")
	chance := rand.New(rand.NewPCG(1, 2))
	for stands, concept := range []string{"lying", "standing"} {
		if err := os.MkdirAll(filepath.Join(dir, concept), 0o755); err != nil {
			t.Fatal(err)
		}
		for i := range each {
			img := image.NewRGBA(image.Rect(0, 0, 160, 120))
			width, hue := 6+chance.IntN(10), uint8(chance.IntN(200))
			for y := range 120 {
				for x := range 160 {
					along := []int{y, x}[stands]
					v := uint8(40+chance.IntN(40)) + uint8(120*(along/width%2))
					img.Set(x, y, color.RGBA{v, hue, 255 - v, 255})
				}
			}
			f, err := os.Create(filepath.Join(dir, concept, fmt.Sprintf("%s%d.jpg", concept, i)))
			if err != nil {
				t.Fatal(err)
			}
			if err := jpeg.Encode(f, img, nil); err != nil {
				t.Fatal(err)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

// begin makes a project by keys from the welcome page, and imports a folder with one folder for each concept into it.
func (d *desk) begin(name, images string) (view string) {
	d.t.Helper()
	view = filepath.Base(images)
	d.open()
	d.still()
	d.shot("1-welcome")
	d.shows("the sheet for a new project", func() { d.keys("ctrl+n") })
	d.keys("ctrl+a")
	d.write(name)
	d.keys("Return")
	d.until("the project is made", time.Minute, d.findProject)
	d.until("the window has the project", time.Minute, func() bool { return d.titled(name) })
	d.still()
	d.shot("2-empty project")
	d.shows("the import sheet", func() { d.keys("ctrl+i") })
	d.write(images)
	d.shows("what is in the folder", func() { d.keys("Return") })
	d.shot("3-import")
	d.keys("Return")
	d.until("the images are there", 2*time.Minute, func() bool { v := d.view(view); return v != nil && v.Annotated > 0 && v.Annotated == v.Datapoints })
	d.still()
	d.shot("4-images")
	return view
}

// train opens the sheet and creates a version of a name with the options of a preset: 0 is the first.
func (d *desk) train(name string, preset int) {
	d.t.Helper()
	d.shows("the training sheet", func() { d.keys("ctrl+t") })
	d.keys("ctrl+a")
	d.write(name)
	var architectures []struct{ Name string }
	if !d.read(&architectures, "architectures") {
		d.t.Fatal("there are no architectures")
	}
	d.keys("Tab") // the link to the table of architectures
	d.keys("Tab")
	d.keys("space")                             // Small CNN, which starts from nothing: there is no head to learn alone
	for range len(architectures) + 1 + preset { // the other cards, what it starts from, then the presets
		d.keys("Tab")
	}
	d.keys("space")
	d.still()
	d.shot("5-train")
	d.until("the version is made", time.Minute, func() bool {
		if d.version(name).UID == "" {
			d.keys("ctrl+Return") // again while the sheet still counts what will be used
		}
		return d.version(name).UID != ""
	})
}

// leave quits the window while a training runs: asked, a person lets it go on, which Return does.
func (d *desk) leave(picture string) {
	d.t.Helper()
	d.shows("the question what is to become of the training", func() { d.keys("ctrl+q") })
	d.shot(picture)
	d.keys("Return")
	ended := make(chan error, 1)
	go func() { ended <- d.window.Wait() }()
	select {
	case <-ended:
		d.window = nil
	case <-time.After(20 * time.Second):
		d.t.Fatalf("the window is still there 20 s after it was quit\n%s", d.printed.String())
	}
}

// TestFromNothingToAReadyVersion goes by keys alone from the welcome page to a version that is ready: a new project, a folder imported, a
// version created, the window left while it trains, and opened again.
func TestFromNothingToAReadyVersion(t *testing.T) {
	d := newDesk(t)
	view := d.begin("From nothing", sorted(t, 40))
	if v := d.view(view); len(v.Concepts) != 2 || v.Annotated != 80 {
		t.Fatalf("imported %+v", v)
	}
	d.train("first", 0)
	d.until("it trains", time.Minute, func() bool { v := d.version("first"); return v.Iteration > 0 || v.Status == "ready" })
	d.leave("7-quit")
	d.until("it is ready, with no window", 3*time.Minute, func() bool { return d.version("first").Status == "ready" })
	d.open(d.project, "--tab", "library")
	d.still()
	if v := d.version("first"); v.Iterations != 50 || v.HeadlineName != "accuracy" || v.Headline < 0.9 {
		t.Errorf("the version is %+v; the quick look has 50 iterations, and stripes are easy", v)
	}
}

// TestShowOneTraining takes the images of docs/one-training.md: one real training, its window closed and opened again in the middle.
func TestShowOneTraining(t *testing.T) {
	if os.Getenv("VIEWFINDER_SHOTS") == "" {
		t.Skip("VIEWFINDER_SHOTS names no folder for its pictures")
	}
	images, err := filepath.Abs(filepath.Join("..", "..", "..", "shared", "data", "waste"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(images); err != nil {
		t.Skip("../shared/data/waste is not here")
	}
	d := newDesk(t)
	d.begin("Waste sorting", images)
	d.train("v1", 1)
	at := func(share float64) func() bool {
		return func() bool {
			v := d.version("v1")
			return v.Status == "ready" || v.Iterations > 0 && float64(v.Iteration) >= share*float64(v.Iterations)
		}
	}
	d.keys("ctrl+3")
	d.until("a fifth is done", 20*time.Minute, at(0.2))
	d.still()
	d.shot("6-training")
	d.until("half is done", 20*time.Minute, at(0.4))
	d.leave("7-quit")
	d.until("more than half is done, with no window", 20*time.Minute, at(0.6))
	d.open(d.project, "--tab", "training")
	d.still()
	d.shot("8-opened again")
	d.until("it is ready", 30*time.Minute, at(1.1))
	d.still()
	d.shot("9-ready")
	d.shows("the Library", func() { d.keys("ctrl+2") })
	d.shot("10-library")
}
