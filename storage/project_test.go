package storage

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"testing"

	"viewfinder/storage/domain"
)

// hardName is a folder's name with what paths and addresses of databases trip over; Windows has no question marks in names.
var hardName = map[bool]string{false: "Tri des déchets %23? #1", true: "Tri des déchets %23 #1"}[runtime.GOOS == "windows"]

// newProject makes a project in a folder of its own.
func newProject(t testing.TB) *Project {
	t.Helper()
	p, err := Create(context.Background(), filepath.Join(t.TempDir(), hardName), "Test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// addImages adds n images with made-up contents, named frame_1.png and so on.
func addImages(t testing.TB, p *Project, n int) []Image {
	t.Helper()
	images := make([]Image, n)
	ok(t, p.Batch(context.Background(), "Import", func(b *Batch) (err error) {
		for i := range images {
			name := fmt.Sprintf("frame_%d.png", i+1)
			if images[i], _, err = b.AddImage(bytes.NewReader([]byte("content of "+name)), ImageMeta{Name: name, Format: "png", Width: 64, Height: 48}); err != nil {
				return err
			}
		}
		return nil
	}))
	return images
}

func addView(t testing.TB, p *Project, name string, typ domain.Task, parent int64, concepts ...string) (View, []int64) {
	t.Helper()
	v := must[View](t)(p.AddView(context.Background(), View{Name: name, Type: typ, ParentID: parent}))
	var ids []int64
	for _, c := range concepts {
		ids = append(ids, must[domain.Concept](t)(p.AddConcept(context.Background(), domain.Concept{ViewID: v.ID, Name: c})).ID)
	}
	return v, ids
}

func whole(concepts ...int64) []domain.Region { return []domain.Region{{Concepts: concepts}} }

func box(concept int64, xmin, ymin, xmax, ymax float64) domain.Region {
	return domain.Region{Box: &domain.Box{XMin: xmin, YMin: ymin, XMax: xmax, YMax: ymax}, Concepts: []int64{concept}}
}

func TestMainPath(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	images := addImages(t, p, 12)
	v, c := addView(t, p, "Waste", domain.Classification, 0, "Glass", "Paper")
	ok(t, p.Annotate(ctx, v.ID, images[0].ID, 0, whole(c[0])))
	ok(t, p.SetConcepts(ctx, []Key{{v.ID, images[1].ID, 0}, {v.ID, images[2].ID, 0}}, c[1:]))
	counts := must[Counts](t)(p.Counts(ctx, v.ID))
	if got := counts.Total(); got.All != 12 || got.Annotated != 3 {
		t.Fatalf("counts %+v", got)
	}
	all := must[[]Datapoint](t)(p.Datapoints(ctx, Query{View: v.ID}))
	if len(all) != 12 || all[1].Image.Name != "frame_2.png" || all[9].Image.Name != "frame_10.png" {
		t.Fatalf("order: %v", all)
	}
	if len(all[0].Regions) != 1 || all[0].Regions[0].Concepts[0] != c[0] || !all[0].Annotated {
		t.Fatalf("first: %+v", all[0])
	}
	label, _ := p.CanUndo()
	if label != "Set concept Paper on 2 images" {
		t.Fatal(label)
	}
	for range 6 {
		if _, err := p.Undo(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.Undo(ctx); err != ErrNothingToUndo {
		t.Fatal(err)
	}
	for range 6 {
		if _, err := p.Redo(ctx); err != nil {
			t.Fatal(err)
		}
	}
	counts = must[Counts](t)(p.Counts(ctx, v.ID))
	if got := counts.Total(); got.All != 12 || got.Annotated != 3 {
		t.Fatalf("counts %+v", got)
	}
	if n := must[int](t)(p.Count(ctx, Query{View: v.ID, Text: "FRAME_1"})); n != 4 {
		t.Fatal(n)
	}
	ver := must[Version](t)(p.CreateVersion(ctx, NewVersion{ViewID: v.ID, Name: "v1", Architecture: "small_cnn"}))
	status := domain.StatusReady
	must[Version](t)(p.UpdateVersion(ctx, ver.ID, VersionUpdate{Status: &status}))
	if m := must[[]Model](t)(p.Models(ctx, v.ID)); len(m) != 1 || m[0].Versions != 1 || !m[0].Current {
		t.Fatalf("%+v", m)
	}
	ok(t, p.Close())
	p2 := must[*Project](t)(Open(ctx, p.Dir()))
	defer p2.Close()
	if n := must[int](t)(p2.Count(ctx, Query{View: v.ID, State: StateAnnotated})); n != 3 {
		t.Fatal(n)
	}
}

// TestRunDirStaysInside: a run folder is deleted with its version, so none is runs itself or above it, whatever the database holds.
func TestRunDirStaysInside(t *testing.T) {
	p := newProject(t)
	runs := filepath.Join(p.Dir(), "runs")
	for _, uid := range []string{"20260102-030405-abcd", "..", ".", "", "/", "../..", "a/..", "../../etc"} {
		if dir := p.RunDir(uid); filepath.Dir(dir) != runs {
			t.Errorf("the run folder of %q is %s", uid, dir)
		}
	}
}

// TestImagePathStaysInside: a file goes with its image, so none lies outside of the folder images, whatever the database holds.
func TestImagePathStaysInside(t *testing.T) {
	p := newProject(t)
	images := filepath.Join(p.Dir(), "images")
	for _, img := range []Image{{SHA256: "../../../secret", Format: "txt"}, {SHA256: "ab/../../../x", Format: "png"}, {SHA256: "ab", Format: "/../../../../x"}, {}} {
		if path := p.ImagePath(img); filepath.Dir(filepath.Dir(path)) != images {
			t.Errorf("the file of %+v is %s", img, path)
		}
	}
	if path := RelativeImagePath(Image{SHA256: "abcd", Format: "jpeg"}); path != "images/ab/abcd.jpg" {
		t.Errorf("a file is %s", path)
	}
}
