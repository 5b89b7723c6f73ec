//go:build window

package mainflow

import (
	"fmt"
	"os/exec"
	"testing"
	"time"
)

// click presses the first button at a place of the screen.
func (d *desk) click(x, y int) {
	d.t.Helper()
	if out, err := exec.Command("xdotool", "mousemove", fmt.Sprint(x), fmt.Sprint(y), "click", "1").CombinedOutput(); err != nil {
		d.t.Fatalf("xdotool click: %v: %s", err, out)
	}
}

// TestFromACellToACorrectionInThreeKeys opens the image behind a cell of the confusion matrix, gives it another concept and comes back: Return, a
// digit, Escape.
func TestFromACellToACorrectionInThreeKeys(t *testing.T) {
	d := newDesk(t)
	d.open("--sample", "--view", "Material", "--tab", "library")
	d.until("the sample project is there", time.Minute, func() bool { return d.findProject() && d.view("Material") != nil })
	d.kill()
	out, err := d.command("train", d.project, "--view", "Material", "--name", "short", "--architecture", "small_cnn", "--iterations", "12",
		"--batch-size", "8", "--set", "resizer=32x32")
	if err != nil {
		t.Fatalf("train: %v\n%s", err, out)
	}
	var figures struct {
		Matrix [][]int `json:"confusion_matrix"`
	}
	if !d.read(&figures, "evaluate", d.project, "short") {
		t.Fatal("the version could not be evaluated")
	}
	truth, predicted := -1, -1 // the largest confusion
	for i, row := range figures.Matrix {
		for j, n := range row {
			if i != j && n > 0 && (truth < 0 || n > figures.Matrix[truth][predicted]) {
				truth, predicted = i, j
			}
		}
	}
	if truth < 0 {
		t.Fatal("after 12 iterations it makes no error")
	}
	before := d.view("Material")
	count := func(v *viewFacts, c int) int { return v.Concepts[c].Train + v.Concepts[c].Val }

	d.open(d.project, "--view", "Material", "--tab", "library")
	d.still()
	d.shows("the version's performance", func() { d.click(1106, 219) }) // Evaluate, in the version's line
	d.shows("the confusion matrix", func() { d.click(118, 286) })
	d.shows("a cell's images", func() { d.click(149, 452) }) // a cell of the first rows, whichever
	keys := []string{"Home"}
	for range figures.Matrix {
		keys = append(keys, "Up")
	}
	for range truth {
		keys = append(keys, "Down")
	}
	for range predicted {
		keys = append(keys, "Right")
	}
	d.keys(keys...)
	d.still()

	start := time.Now()
	d.shows("the image", func() { d.keys("Return") })
	d.keys(fmt.Sprint(predicted+1), "Escape")
	d.until("the correction", 20*time.Second, func() bool {
		v := d.view("Material")
		return v != nil && count(v, truth) == count(before, truth)-1 && count(v, predicted) == count(before, predicted)+1
	})
	t.Logf("%s is %s now, %.1f s after the first key", before.Concepts[truth].Name, before.Concepts[predicted].Name, time.Since(start).Seconds())
	if v := d.view("Material"); v.Annotated != before.Annotated {
		t.Errorf("%d are annotated, not %d", v.Annotated, before.Annotated)
	}
	d.keys("ctrl+z") // beside the matrix, too
	d.until("the correction undone", 20*time.Second, func() bool {
		v := d.view("Material")
		return v != nil && count(v, truth) == count(before, truth) && count(v, predicted) == count(before, predicted)
	})
}
