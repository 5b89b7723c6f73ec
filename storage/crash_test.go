package storage

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"viewfinder/storage/domain"
)

// crashDir names the project in which the child process works; see TestKilled.
const crashDir = "VIEWFINDER_TEST_CRASH_DIR"

// TestMain lets the test binary be the child process that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		if err := workUntilKilled(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// workUntilKilled adds, annotates and deletes, and writes a line for each action that was acknowledged.
func workUntilKilled(dir string) error {
	ctx := context.Background()
	p, err := Open(ctx, dir)
	if err != nil {
		return err
	}
	views, err := p.Views(ctx)
	if err != nil {
		return err
	}
	tags, boxes := views[0], views[1]
	concepts, err := p.Concepts(ctx, tags.ID)
	if err != nil {
		return err
	}
	boxConcepts, err := p.Concepts(ctx, boxes.ID)
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		name := fmt.Sprintf("%d-%d", time.Now().UnixNano(), i)
		img, _, err := p.AddImage(ctx, strings.NewReader(strings.Repeat(name, 2000)), ImageMeta{Name: name, Format: "png", Width: 1, Height: 1})
		if err != nil {
			return err
		}
		fmt.Printf("image %d\n", img.ID)
		if err := p.Annotate(ctx, tags.ID, img.ID, 0, whole(concepts[0].ID, concepts[1].ID)); err != nil {
			return err
		}
		fmt.Printf("tags %d\n", img.ID)
		if err := p.Annotate(ctx, boxes.ID, img.ID, 0, []domain.Region{box(boxConcepts[0].ID, 0, 0, 0.5, 0.5), box(boxConcepts[0].ID, 0, 0, 0.6, 0.5), box(boxConcepts[0].ID, 0, 0, 0.7, 0.5)}); err != nil {
			return err
		}
		fmt.Printf("boxes %d\n", img.ID)
		if i%4 == 3 {
			if err := p.DeleteImages(ctx, []int64{img.ID}); err != nil {
				return err
			}
			fmt.Printf("deleted %d\n", img.ID)
			if _, err := p.Undo(ctx); err != nil {
				return err
			}
			fmt.Printf("undone %d\n", img.ID)
		}
	}
}

// TestKilled kills a process that changes a project, again and again: what it acknowledged is there, nothing half.
func TestKilled(t *testing.T) {
	kills := 100
	if testing.Short() {
		kills = 10
	}
	ctx := context.Background()
	p := newProject(t)
	tags, _ := addView(t, p, "Tags", domain.Tagging, 0, "A", "B")
	boxes, bc := addView(t, p, "Boxes", domain.Detection, 0, "C")
	child := must[View](t)(p.AddView(ctx, View{Name: "Crops", ParentID: boxes.ID, Type: domain.Tagging, Conditions: domain.HasConcept(bc[0])}))
	dir := p.Dir()
	ok(t, p.Close())
	last := map[int64]string{} // what was last acknowledged of each image
	actions := 0
	for kill := range kills {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), crashDir+"="+dir)
		out, err := cmd.StdoutPipe()
		ok(t, err)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		ok(t, cmd.Start())
		lines := bufio.NewReader(out)
		wait := 1 + rand.IntN(12)
		for n := 0; ; n++ {
			line, err := lines.ReadString('\n')
			if errors.Is(err, io.EOF) || err != nil {
				break
			}
			if what, id, found := strings.Cut(strings.TrimSpace(line), " "); found {
				last[must[int64](t)(strconv.ParseInt(id, 10, 64))] = what
				actions++
			}
			if n == wait {
				go func() { // anywhere in the next action
					time.Sleep(time.Duration(rand.IntN(6000)) * time.Microsecond)
					cmd.Process.Kill()
				}()
			}
		}
		err = cmd.Wait()
		if stderr.Len() > 0 {
			t.Fatalf("the child failed before it was killed: %v %s", err, stderr.String())
		}
		if kill%10 < 9 && kill != kills-1 {
			continue // the next child opens what this one left
		}
		p := must[*Project](t)(Open(ctx, dir))
		for id, what := range last {
			img := must[Image](t)(p.Image(ctx, id))
			tagged, tagErr := p.Datapoint(ctx, Key{tags.ID, id, 0})
			boxed, boxErr := p.Datapoint(ctx, Key{boxes.ID, id, 0})
			if !img.DeletedAt.IsZero() {
				if what != "deleted" && what != "boxes" { // boxes: the deletion was not acknowledged any more
					t.Fatalf("after kill %d: image %d is in the trash, last was %s", kill, id, what)
				}
				continue
			}
			ok(t, errors.Join(tagErr, boxErr))
			if what != "image" && (len(tagged.Regions) != 1 || len(tagged.Regions[0].Concepts) != 2) {
				t.Fatalf("after kill %d: image %d lost its tags: %+v", kill, id, tagged.Regions)
			}
			if n := len(boxed.Regions); n != 3 && !(n == 0 && (what == "image" || what == "tags")) {
				t.Fatalf("after kill %d: image %d has %d of its 3 boxes, last was %s", kill, id, n, what)
			}
		}
		report := must[Report](t)(p.Check(ctx, false, nil))
		for _, problem := range report.Problems {
			if problem.Kind != ProblemFileOrphan { // a file whose image was not acknowledged
				t.Fatalf("after kill %d: %+v", kill, problem)
			}
		}
		if tmp, _ := filepath.Glob(filepath.Join(dir, "images", "tmp", "*")); len(tmp) > 0 {
			t.Fatal(tmp)
		}
		if kill == kills-1 {
			n := must[int](t)(p.Count(ctx, Query{View: child.ID}))
			t.Logf("%d kills, %d acknowledged actions, %d images, %d crops, %d orphan files", kills, actions, len(last), n, len(report.Problems))
		}
		ok(t, p.Close())
	}
}
