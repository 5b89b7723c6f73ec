package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"viewfinder/storage/domain"
)

var meta = ImageMeta{Name: "a.png", Format: "png", Width: 3, Height: 2}

func imageFiles(t *testing.T, p *Project) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(p.Dir(), "images", "*", "*"))
	ok(t, err)
	return files
}

func TestDuplicatesAreFoundByContent(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	v, c := addView(t, p, "V", domain.Tagging, 0, "A")
	a, added, err := p.AddImage(ctx, strings.NewReader("content"), meta)
	if err != nil || !added {
		t.Fatal(added, err)
	}
	ok(t, p.Annotate(ctx, v.ID, a.ID, 0, whole(c...)))
	other := meta
	other.Name = "b.png"
	b, added, err := p.AddImage(ctx, strings.NewReader("content"), other)
	if err != nil || added || b.ID != a.ID || b.Name != "a.png" {
		t.Fatal(b, added, err)
	}
	if files := imageFiles(t, p); len(files) != 1 {
		t.Fatal(files)
	}
	// One in the trash comes back, with its annotation.
	ok(t, p.DeleteImages(ctx, []int64{a.ID}))
	if b, added, err = p.AddImage(ctx, strings.NewReader("content"), meta); err != nil || !added || b.ID != a.ID || !b.DeletedAt.IsZero() {
		t.Fatal(b, added, err)
	}
	if d := must[Datapoint](t)(p.Datapoint(ctx, Key{v.ID, a.ID, 0})); len(d.Regions) != 1 || d.Regions[0].Concepts[0] != c[0] {
		t.Fatalf("%+v", d)
	}
	// A file that somebody deleted is put back.
	ok(t, os.Remove(p.ImagePath(a)))
	if _, err := p.OpenImage(a); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
	_, _, err = p.AddImage(ctx, strings.NewReader("content"), meta)
	ok(t, err)
	ok(t, must[*os.File](t)(p.OpenImage(a)).Close())
	// Emptying the trash deletes rows and files.
	ok(t, p.DeleteImages(ctx, []int64{a.ID}))
	if n := must[int](t)(p.EmptyTrash(ctx)); n != 1 || len(imageFiles(t, p)) != 0 {
		t.Fatal(n, imageFiles(t, p))
	}
	if _, err := p.Undo(ctx); !errors.Is(err, ErrNothingToUndo) {
		t.Fatal(err)
	}
	if report := must[Report](t)(p.Check(ctx, false, nil)); len(report.Problems) > 0 || report.Images != 0 {
		t.Fatalf("%+v", report)
	}
}

func TestBadImages(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	with := func(change func(*ImageMeta)) ImageMeta { m := meta; change(&m); return m }
	broken := errors.New("the stick was pulled out")
	for _, test := range []struct {
		name string
		ctx  context.Context
		r    io.Reader
		meta ImageMeta
		want func(error) bool
	}{
		{"empty", ctx, strings.NewReader(""), meta, isRule},
		{"no name", ctx, strings.NewReader("x"), with(func(m *ImageMeta) { m.Name = "" }), isRule},
		{"a path as format", ctx, strings.NewReader("x"), with(func(m *ImageMeta) { m.Format = "../x" }), isRule},
		{"no size", ctx, strings.NewReader("x"), with(func(m *ImageMeta) { m.Width = 0 }), isRule},
		{"a split of its own", ctx, strings.NewReader("x"), with(func(m *ImageMeta) { m.Split = "holdout" }), isRule},
		{"a reader that fails", ctx, io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)), meta, func(err error) bool { return errors.Is(err, broken) }},
		{"cancelled", cancelled, strings.NewReader("x"), meta, func(err error) bool { return errors.Is(err, context.Canceled) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, _, err := p.AddImage(test.ctx, test.r, test.meta); !test.want(err) {
				t.Fatalf("error %v", err)
			}
			if files := imageFiles(t, p); len(files) != 0 {
				t.Fatal(files)
			}
		})
	}
	odd := with(func(m *ImageMeta) { m.Name = "новый\nкот\xff 猫.png" })
	img, _, err := p.AddImage(ctx, strings.NewReader("x"), odd)
	if err != nil || img.Name != "новый\ufffdкот\ufffd 猫.png" {
		t.Fatalf("%q %v", img.Name, err)
	}
}

func TestImportCanBeCancelled(t *testing.T) {
	p := newProject(t)
	v, _ := addView(t, p, "V", domain.Tagging, 0, "A")
	ctx, cancel := context.WithCancel(context.Background())
	steps := len(p.history.undo)
	err := p.Batch(ctx, "Import images", func(b *Batch) error {
		for i := range 1000 {
			if i == 600 {
				cancel()
			}
			if _, _, err := b.AddImage(strings.NewReader(fmt.Sprint(i)), meta); err != nil {
				return err
			}
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	ctx = context.Background()
	if n := must[int](t)(p.Count(ctx, Query{View: v.ID})); n != 600 {
		t.Fatalf("%d images are there; those before the cancellation are 600", n)
	}
	if len(p.history.undo) != steps+1 {
		t.Fatal("an import is one step")
	}
	if step := must[Step](t)(p.Undo(ctx)); step.Label != "Import images" {
		t.Fatal(step)
	}
	if n := must[int](t)(p.Count(ctx, Query{View: v.ID})); n != 0 {
		t.Fatal(n)
	}
	// Do takes everything back.
	files := len(imageFiles(t, p))
	if err := p.Do(ctx, "All or nothing", func(b *Batch) error {
		if _, _, err := b.AddImage(strings.NewReader("new"), meta); err != nil {
			return err
		}
		return rulef("No.")
	}); !isRule(err) {
		t.Fatal(err)
	}
	if n := len(imageFiles(t, p)); n != files {
		t.Fatalf("%d files more", n-files)
	}
}

func TestStagedInParallel(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	staged := make(chan *Staged)
	for w := range 4 {
		go func() {
			for i := range 25 {
				s, err := p.Stage(ctx, strings.NewReader(fmt.Sprint((w*25+i)%90)), meta) // ten duplicates
				if err != nil {
					t.Error(err)
				}
				staged <- s
			}
		}()
	}
	ok(t, p.Batch(ctx, "Import", func(b *Batch) error {
		for range 100 {
			if s := <-staged; s != nil {
				if _, _, err := b.AddStaged(s); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	counted, err := p.CountImages(ctx)
	if err != nil || counted.All() != 90 || counted.Val == 0 || counted.Val > 45 || counted.Test != 0 {
		t.Fatal(counted, err)
	}
	if files := imageFiles(t, p); len(files) != 90 {
		t.Fatal(len(files))
	}
	n := 0
	ok(t, p.Images(ctx, func(img Image) error {
		n++
		content := must[[]byte](t)(os.ReadFile(p.ImagePath(img)))
		if int64(len(content)) != img.Size {
			t.Error(img)
		}
		if mode := must[os.FileInfo](t)(os.Stat(p.ImagePath(img))).Mode().Perm(); runtime.GOOS != "windows" && mode != 0o644 {
			t.Errorf("%s is %v: others who share the folder cannot read it", img.Name, mode)
		}
		return nil
	}))
	if n != 90 {
		t.Fatal(n)
	}
}

func TestSplits(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	images := addImages(t, p, 5)
	v, _ := addView(t, p, "V", domain.Tagging, 0, "A")
	ids := []int64{images[0].ID, images[1].ID}
	ok(t, p.SetSplit(ctx, ids, domain.SplitVal))
	ok(t, p.SetSplit(ctx, []int64{images[2].ID, images[3].ID, images[4].ID}, domain.SplitTrain))
	if c := must[Counts](t)(p.Counts(ctx, v.ID)); c.Val.All != 2 || c.Train.All != 3 {
		t.Fatalf("%+v", c)
	}
	if got := must[[]Datapoint](t)(p.Datapoints(ctx, Query{View: v.ID, Split: domain.SplitVal})); len(got) != 2 || got[0].Image.Split != domain.SplitVal {
		t.Fatalf("%+v", got)
	}
	ok(t, p.SetSplit(ctx, ids[:1], domain.SplitTest))
	if c := must[Counts](t)(p.Counts(ctx, v.ID)); c.Val.All != 1 || c.Train.All != 3 || c.Test.All != 1 || c.Total().All != 5 {
		t.Fatalf("%+v", c)
	}
	if n := must[ImageCounts](t)(p.CountImages(ctx)); n != (ImageCounts{3, 1, 1}) {
		t.Fatalf("%+v", n)
	}
	if got := must[[]Datapoint](t)(p.Datapoints(ctx, Query{View: v.ID, Split: domain.SplitTest})); len(got) != 1 || got[0].Image.Split != domain.SplitTest {
		t.Fatalf("%+v", got)
	}
	if n := must[int](t)(p.Count(ctx, Query{View: v.ID, Split: domain.SplitTest})); n != 1 {
		t.Fatal(n)
	}
	if n, err := splitNumber(domain.SplitTest); n != splitOfTest || err != nil {
		t.Fatal(n, err)
	}
	for _, q := range []Query{{View: v.ID, ButTest: true}, {View: v.ID, ButTest: true, Text: "frame"}} { // counted by tallies, and by rows
		if n := must[int](t)(p.Count(ctx, q)); n != 4 {
			t.Fatal(n)
		}
		for _, d := range must[[]Datapoint](t)(p.Datapoints(ctx, q)) {
			if d.Image.Split == domain.SplitTest {
				t.Fatalf("%+v", d)
			}
		}
	}
	for _, bad := range []domain.Split{"", "valid", "Test", "2"} {
		if err := p.SetSplit(ctx, ids, bad); !isRule(err) {
			t.Fatal(bad, err)
		}
	}
	var low, high [32]byte
	low[31], high[31] = 50, 51
	if DefaultSplit(low) != domain.SplitVal || DefaultSplit(high) != domain.SplitTrain {
		t.Fatal("the default split")
	}
}

func TestCheckRepairs(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	images := addImages(t, p, 5)
	v, c := addView(t, p, "V", domain.Detection, 0, "A", "B")
	child := must[View](t)(p.AddView(ctx, View{Name: "W", ParentID: v.ID, Type: domain.Tagging, Conditions: domain.HasConcept(c[0])}))
	ok(t, p.Annotate(ctx, v.ID, images[0].ID, 0, []domain.Region{box(c[0], 0, 0, 1, 1)}))
	version := must[Version](t)(p.CreateVersion(ctx, NewVersion{ViewID: v.ID, Name: "v", Status: domain.StatusReady}))
	good := dump(t, p)
	exec := func(sql string) {
		t.Helper()
		_, err := p.conn.ExecContext(ctx, sql)
		ok(t, err)
	}
	kinds := func(r Report) string {
		var kinds []string
		for _, p := range r.Problems {
			kinds = append(kinds, p.Kind)
		}
		return strings.Join(kinds, " ")
	}
	for _, test := range []struct {
		name string
		harm func()
		want string
		same bool // repaired to what it was
		okay bool
	}{
		{"a stray file", func() { ok(t, os.WriteFile(filepath.Join(p.Dir(), "images", "stray.jpg"), []byte("x"), 0o644)) }, ProblemFileOrphan, true, true},
		{"a stray run", func() { ok(t, os.Mkdir(filepath.Join(p.Dir(), "runs", "stray"), 0o755)) }, ProblemRunOrphan, true, true},
		{"wrong counts", func() { exec("UPDATE tallies SET n = n + 1") }, ProblemBookkeeping, true, true},
		{"wrong concepts", func() { exec("UPDATE datapoints SET concept_set = '|9:1|' WHERE annotated = 1") }, ProblemBookkeeping, true, true},
		{"not in the child", func() { exec(fmt.Sprintf("UPDATE datapoints SET present = 0 WHERE view_id = %d", child.ID)) }, ProblemBookkeeping, true, true},
		{"not in the root", func() {
			exec(fmt.Sprintf("UPDATE datapoints SET present = 0 WHERE view_id = %d AND image_id = %d", v.ID, images[3].ID))
		}, ProblemBookkeeping, true, true},
		{"wrong split", func() { exec("UPDATE datapoints SET split = 1 - split") }, ProblemBookkeeping, true, true},
		{"wrong suggestions", func() { exec("UPDATE datapoints SET suggested = 2 WHERE annotated = 0") }, ProblemBookkeeping, true, true},
		{"views in a circle", func() {
			exec(fmt.Sprintf("UPDATE views SET parent_id = %d, conditions = NULL WHERE id = %d", child.ID, v.ID))
		}, ProblemReference, false, true},
		{"a view under itself", func() { exec(fmt.Sprintf("UPDATE views SET parent_id = id WHERE id = %d", child.ID)) }, ProblemReference, false, true},
		{"a box without concept", func() { exec("DELETE FROM region_concepts") }, ProblemRule, false, true},
		{"a file changed", func() { ok(t, os.WriteFile(p.ImagePath(images[1]), []byte("not the same"), 0o644)) }, ProblemFileChanged, false, false},
		{"now it is missing", func() {}, ProblemFileMissing, false, false},
		{"a run is missing", func() { ok(t, os.RemoveAll(p.RunDir(version.UID))) }, ProblemFileMissing + " " + ProblemRunMissing, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.harm()
			found := must[Report](t)(p.Check(ctx, false, nil))
			if !strings.Contains(kinds(found), test.want) || found.OK() {
				t.Fatalf("found %+v", found.Problems)
			}
			repaired := must[Report](t)(p.Check(ctx, true, nil))
			again := must[Report](t)(p.Check(ctx, false, nil))
			if again.OK() != test.okay {
				t.Fatalf("after the repair %+v: %+v", repaired.Problems, again.Problems)
			}
			if test.same {
				sameDump(t, "repaired", good, dump(t, p))
			}
		})
	}
	_, _, err := p.AddImage(ctx, bytes.NewReader([]byte("content of "+images[1].Name)), meta)
	ok(t, err)
	if report := must[Report](t)(p.Check(ctx, false, nil)); len(report.Problems) != 1 {
		t.Fatalf("%+v", report.Problems)
	}
	if v := must[Version](t)(p.Version(ctx, version.ID)); v.Status != domain.StatusFailed || v.Error == "" {
		t.Fatalf("%+v", v)
	}
}
