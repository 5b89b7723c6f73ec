package transfer_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"viewfinder/app/studio"
	"viewfinder/app/studio/sample"
	"viewfinder/app/studio/studiotest"
	"viewfinder/training"
)

// TestSample: a fresh copy each time, with all that the manifest says.
func TestSample(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long under the race detector")
	}
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "sample")
	p := studiotest.Must(studio.Sample(ctx, dir))(t)
	defer p.Close()
	m := studiotest.Must(sample.Read())(t)
	if p.Name() != m.Name || p.Dir() != dir {
		t.Errorf("the project is %s in %s", p.Name(), p.Dir())
	}
	if sum := studiotest.Must(p.Summary(ctx, 0))(t); sum.Images != len(m.Images) {
		t.Errorf("%d images, want %d", sum.Images, len(m.Images))
	}
	annotated := map[string]int{}
	for _, r := range m.Images {
		for _, a := range r.Views {
			annotated[a.View]++
		}
	}
	tree := studiotest.Must(p.Tree(ctx))(t)
	if len(tree) != len(m.Views) {
		t.Fatalf("%d views, want %d", len(tree), len(m.Views))
	}
	for i, v := range m.Views {
		node := tree[i]
		if node.Name != v.Name || string(node.Type) != string(v.Type) || node.Counts.Total().Annotated != annotated[v.Path] {
			t.Errorf("%s: %s, %s, %d annotated, want %d", v.Path, node.Name, node.Type, node.Counts.Total().Annotated, annotated[v.Path])
		}
		use := studiotest.Must(p.Prepare(ctx, node.ID, training.DefaultOptions(node.Type, "")))(t)
		if !use.Ready {
			t.Errorf("%s cannot be trained: %q", v.Path, use.Missing)
		}
	}
	if node := tree[0]; node.Counts.Total().NotAnnotated() == 0 {
		t.Error("nothing is left to annotate")
	}
	for _, name := range []string{"ORIGIN.md", "LICENSE-trashnet.txt", "LICENSE-bccd.txt"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	second := studiotest.Must(studio.Sample(ctx, dir))(t)
	defer second.Close()
	if second.Dir() != dir+" 2" {
		t.Errorf("the second copy lies in %s", second.Dir())
	}
}
