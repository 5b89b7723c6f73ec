//go:build window

package mainflow

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// shared copies the first n files of folders of ../shared/data into one folder; the test is left out where they are not there.
func shared(t *testing.T, n int, folders ...string) (dir string, from map[string]string) {
	t.Helper()
	dir, from = filepath.Join(t.TempDir(), "images"), map[string]string{}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for i, folder := range folders {
		files, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "data", folder, "*.jpg"))
		if err != nil || len(files) == 0 {
			t.Skipf("../shared/data/%s is not here", folder)
		}
		for _, file := range files[:min(len(files), (n*(i+1))/len(folders)-(n*i)/len(folders))] {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			name := filepath.Base(file)
			from[name] = filepath.Base(folder)
			if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir, from
}

// annotating makes a project of images with one view, and opens its first image in the window.
func (d *desk) annotating(images, view, kind string, concepts ...string) {
	d.t.Helper()
	d.project = filepath.Join(d.home, "project")
	commands := [][]string{{"new", d.project}, {"view", d.project, "add", view, "--type", kind}, {"import", d.project, images, "--format", "images"}}
	for _, c := range concepts {
		commands = append(commands, []string{"concept", d.project, "add", c, "--view", view})
	}
	for _, c := range commands {
		if out, err := d.command(c...); err != nil {
			d.t.Fatalf("%v: %v\n%s", c, err, out)
		}
	}
	d.open(d.project, "--view", view)
	d.still()
	d.shows("the first image", func() { d.keys("Return") })
}

// region is a region as the Studio import file has it.
type region struct {
	Concepts []struct{ Name string }
	BBox     struct{ XMin, XMax, YMin, YMax float64 }
}

// exported is what the project says of each image, by the name without its ending.
func (d *desk) exported(view string) map[string][]region {
	d.t.Helper()
	to := filepath.Join(d.t.TempDir(), "out")
	if out, err := d.command("export", d.project, to, "--format", "studio", "--view", view); err != nil {
		d.t.Fatalf("export: %v\n%s", err, out)
	}
	files, err := filepath.Glob(filepath.Join(to, "*.json*"))
	if err != nil || len(files) != 1 {
		d.t.Fatalf("exported %v, %v", files, err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		d.t.Fatal(err)
	}
	exported := map[string][]region{}
	for line := range bytes.Lines(data) {
		var image struct {
			Data        string
			Annotations []region
		}
		if err := json.Unmarshal(line, &image); err != nil {
			d.t.Fatal(err)
		}
		if image.Data != "" {
			exported[bare(image.Data)] = image.Annotations
		}
	}
	return exported
}

func bare(name string) string {
	name = filepath.Base(name)
	return strings.TrimSuffix(name, filepath.Ext(name))
}

// drag draws from one point of the screen to another.
func (d *desk) drag(x0, y0, x1, y1 int) {
	d.t.Helper()
	for _, step := range [][]any{{"mousemove", x0, y0}, {"mousedown", 1}, {"mousemove", (x0 + x1) / 2, (y0 + y1) / 2}, {"mousemove", x1, y1}, {"mouseup", 1}} {
		var args []string
		for _, a := range step {
			args = append(args, fmt.Sprint(a))
		}
		if out, err := exec.Command("xdotool", args...).CombinedOutput(); err != nil {
			d.t.Fatalf("xdotool %v: %v: %s", args, err, out)
		}
		time.Sleep(60 * time.Millisecond)
	}
}

// TestAnnotateWaste gives 50 photos their concepts by keys alone, takes one back on the way, and finds in the database what was meant.
func TestAnnotateWaste(t *testing.T) {
	concepts := []string{"cardboard", "glass", "metal", "paper", "plastic", "trash"}
	var folders []string
	for _, c := range concepts {
		folders = append(folders, filepath.Join("waste", c))
	}
	images, from := shared(t, 50, folders...)
	d := newDesk(t)
	d.annotating(images, "Material", "classification", concepts...)
	var names []string
	for name := range from {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { // as the gallery sorts: glass9 before glass10
		return cmp.Or(cmp.Compare(from[a], from[b]), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
	key := func(name string) string { return fmt.Sprint(1 + slices.Index(concepts, from[name])) }
	var keys []string
	for i, name := range names {
		if i == 20 { // a slip, taken back: Undo leads to its image again
			keys = append(keys, fmt.Sprint(1+(slices.Index(concepts, from[name])+1)%len(concepts)), "ctrl+z")
		}
		keys = append(keys, key(name))
	}
	d.keys(keys...)
	d.until("all 50 are annotated", time.Minute, func() bool { v := d.view("Material"); return v != nil && v.Annotated == len(names) })
	d.kill()
	exported := d.exported("Material")
	for _, name := range names {
		if r := exported[bare(name)]; len(r) != 1 || len(r[0].Concepts) != 1 || r[0].Concepts[0].Name != from[name] {
			t.Errorf("%s is %+v, %s was meant", name, r, from[name])
		}
	}
}

// TestAnnotateCells draws a box on each of 20 images, says by a key what it is, and finds in the database what was meant.
func TestAnnotateCells(t *testing.T) {
	images, from := shared(t, 20, filepath.Join("cells", "JPEGImages"))
	d := newDesk(t)
	concepts := []string{"RBC", "WBC"}
	d.annotating(images, "Cells", "detection", concepts...)
	names := slices.Sorted(maps.Keys(from))
	edges := func(i int) [4]int { return [4]int{400 + 7*i, 240 + 5*i, 470 + 13*i, 300 + 9*i} }
	for i := range names {
		e := edges(i)
		d.drag(e[0], e[1], e[2], e[3])
		d.keys(fmt.Sprint(1+i%2), "Next")
	}
	d.until("all 20 are annotated", time.Minute, func() bool { v := d.view("Cells"); return v != nil && v.Annotated == len(names) })
	d.kill()
	exported := d.exported("Cells")
	at := func(i, edge int) float64 { // in fractions of the image
		r := exported[bare(names[i])]
		if len(r) != 1 {
			t.Fatalf("%s has %d boxes", names[i], len(r))
		}
		return []float64{r[0].BBox.XMin, r[0].BBox.YMin, r[0].BBox.XMax, r[0].BBox.YMax}[edge]
	}
	last := len(names) - 1
	for i, name := range names {
		for edge := range 4 { // from the first and the last box follows where all the others must be
			axis := edge % 2
			low, high := float64(edges(0)[axis]), float64(edges(last)[axis+2])
			want := at(0, axis) + (at(last, axis+2)-at(0, axis))*(float64(edges(i)[edge])-low)/(high-low)
			if pixels := math.Abs(at(i, edge)-want) * []float64{640, 480}[axis]; pixels > 1.6 {
				t.Errorf("%s: edge %d is %.1f pixels from where it was drawn", name, edge, pixels)
			}
		}
		if got := exported[bare(name)][0].Concepts[0].Name; got != concepts[i%2] {
			t.Errorf("%s: the box is %s, %s was meant", name, got, concepts[i%2])
		}
	}
}
