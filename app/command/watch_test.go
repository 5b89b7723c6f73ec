package command

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// testWatch watches a folder with a trained version of the colours until both images have gone where they belong, and ends as Ctrl+C does.
func testWatch(t *testing.T, project string) {
	in := colourFolders(t, 1, 0)
	dir := t.TempDir()
	list, sorted, aside := filepath.Join(dir, "out.csv"), filepath.Join(dir, "sorted"), filepath.Join(dir, "aside")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan result, 1)
	go func() {
		done <- callWith(ctx, "watch", project, "v1", in, "--csv", list, "--sort-into", sorted, "--below", "0.01", aside, "--json")
	}()
	wait := time.Now().Add(30 * time.Second)
	for {
		files, _ := filepath.Glob(filepath.Join(sorted, "*", "*.png"))
		if len(files) == 3 {
			break
		}
		if time.Now().After(wait) {
			cancel()
			t.Fatalf("sorted: %q; %+v", files, <-done)
		}
		time.Sleep(10 * time.Millisecond)
	}
	cancel()
	r := <-done
	doc := readJSON[watchedDoc](t, r.out)
	if r.code != Done || doc.Images != 3 || doc.Before != 0 || doc.Waiting != 0 || doc.Version != "v1" {
		t.Errorf("%d, %s, %s", r.code, r.out, r.err)
	}
	text, err := os.ReadFile(list)
	if err != nil || strings.Count(string(text), "\n") != 4 || !strings.Contains(string(text), "blue") {
		t.Errorf("%s, %v", text, err)
	}
}
