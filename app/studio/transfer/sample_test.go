package transfer_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"viewfinder/app/studio"
	"viewfinder/app/studio/evaluate"
	"viewfinder/app/studio/sample"
	"viewfinder/app/studio/session"
	"viewfinder/app/studio/studiotest"
	"viewfinder/storage/domain"
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
	sampleVersions(ctx, t, p, m)
	if node := tree[0]; node.Counts.Total().NotAnnotated() == 0 {
		t.Error("nothing is left to annotate")
	}
	for _, name := range []string{"ORIGIN.md", "LICENSE-trashnet.txt", "LICENSE-bccd.txt"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	// It opens where there is something to see in each tab.
	if versions := studiotest.Must(p.Versions(ctx, 0))(t); len(versions) > 0 {
		if text := studiotest.Must(p.Remembered(ctx, session.RememberedGallery))(t); text != fmt.Sprintf(`{"view": %d}`, versions[0].ViewID) {
			t.Errorf("it opens on %s, the versions are of view %d", text, versions[0].ViewID)
		}
	} else {
		t.Error("it has no versions")
	}
	second := studiotest.Must(studio.Sample(ctx, dir))(t)
	defer second.Close()
	if second.Dir() != dir+" 2" {
		t.Errorf("the second copy lies in %s", second.Dir())
	}
}

// sampleVersions: the versions are ready, of the photos as they are annotated, with curves, and their networks have the figures that their trainings told; the
// same options train them again.
func sampleVersions(ctx context.Context, t *testing.T, p *studio.Project, m sample.Manifest) {
	t.Helper()
	versions := studiotest.Must(p.Versions(ctx, 0))(t)
	if len(versions) != 2 || len(m.Versions) != 2 {
		t.Fatalf("%d versions of %d", len(versions), len(m.Versions))
	}
	for i, v := range versions { // the newest first
		want := m.Versions[len(versions)-1-i]
		use := studiotest.Must(p.Prepare(ctx, v.ViewID, training.DefaultOptions(domain.Classification, "")))(t)
		if v.Name != want.Name || v.Status != domain.StatusReady || v.Images != use.Images() || v.Duration() <= 0 {
			t.Errorf("%s is %s, of %d images, want %s of %d", v.Name, v.Status, v.Images, want.Name, use.Images())
		}
		h := studiotest.Must(p.RunHistory(ctx, v.ID))(t)
		if len(h.Points[training.CurveValAccuracy]) != 10 || !h.OnlyKept {
			t.Errorf("%s has %d points of its accuracy, and a choice of weights: %v", v.Name, len(h.Points[training.CurveValAccuracy]), !h.OnlyKept)
		}
		e := studiotest.Must(p.EvaluateStored(ctx, v.ID, evaluate.EvaluateRequest{Split: domain.SplitVal}, nil))(t)
		if got := e.Judge.Figures(evaluate.DefaultJudgeSettings(e.View.Type)).Accuracy.Value; v.HeadlineName == "" || math.Abs(got-v.Headline) > 0.026 { // other kernels may decide one photo of 40 otherwise
			t.Errorf("%s is right on %v of val, and its training told %v", v.Name, got, v.Headline)
		}
		if packed := studiotest.Must(p.Pack(ctx, v.ID))(t); len(packed) != len(want.Files) {
			t.Errorf("%s packs into %d files of %d", v.Name, len(packed), len(want.Files))
		} else {
			for name, data := range want.Files {
				if !bytes.Equal(packed[name], data) {
					t.Errorf("%s packs into another %s", v.Name, name)
				}
			}
		}
	}
	if versions[0].Headline < versions[1].Headline {
		t.Errorf("from the built-in backbone %v, from nothing %v", versions[0].Headline, versions[1].Headline)
	}
}
