package transfer_test

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"viewfinder/app/studio"
	"viewfinder/app/studio/session"
	"viewfinder/app/studio/studiotest"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage"
	"viewfinder/storage/domain"
)

// pngHeader is the beginning of a PNG that claims to be w x h pixels.
func pngHeader(w, h uint32) []byte {
	chunk := []byte("IHDR")
	chunk = binary.BigEndian.AppendUint32(chunk, w)
	chunk = binary.BigEndian.AppendUint32(chunk, h)
	chunk = append(chunk, 8, 2, 0, 0, 0)
	data := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	data = append(data, chunk...)
	return binary.BigEndian.AppendUint32(data, crc32.ChecksumIEEE(chunk))
}

// TestImportBadFiles: each bad file is named with its reason, and the rest goes on.
func TestImportBadFiles(t *testing.T) {
	root := filepath.Join(t.TempDir(), "pictures")
	good := filepath.Join(root, "ok", "good.png")
	studiotest.Paint(t, good, studiotest.Colours["red"], 60, 40, 1)
	whole, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"изображение.png", "写真.png", "صورة.png", "a b'c\"d;e&f.png", "émoji 🧪.png", "-rf.png", "%s%n.png"}
	for i, name := range names {
		studiotest.Paint(t, filepath.Join(root, "ok", name), studiotest.Colours["blue"], 30, 20, uint64(i))
	}
	bad := map[string]struct {
		data   []byte
		reason string
	}{
		"text.jpg":   {[]byte("Dear Sir or Madam, this is a letter.\n"), "text"},
		"empty.png":  {nil, "empty"},
		"huge.png":   {pngHeader(20000, 20000), "20000 x 20000"},
		"broken.png": {whole[:len(whole)/2], "damaged"},
	}
	for name, file := range bad {
		if err := os.WriteFile(filepath.Join(root, "ok", name), file.data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p := studiotest.Project(t)
	report := studiotest.Import(t, p, transfer.ImportRequest{Sources: []string{root}, Format: "images"})
	if want := 1 + len(names); report.Added != want {
		t.Errorf("%d images were added, want %d", report.Added, want)
	}
	if report.Skipped != len(bad) {
		t.Errorf("%d problems, want %d: %v", report.Skipped, len(bad), report.Problems)
	}
	for name, file := range bad {
		found := false
		for _, problem := range report.Problems {
			if strings.Contains(problem.String(), name) {
				found = true
				if !strings.Contains(problem.Reason, file.reason) {
					t.Errorf("%s: the reason %q does not say %q", name, problem.Reason, file.reason)
				}
			}
		}
		if !found {
			t.Errorf("%s is not in the report: %v", name, report.Problems)
		}
	}
	for _, name := range names {
		if _, err := p.FindImage(context.Background(), name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	save := filepath.Join(t.TempDir(), "report.txt")
	if err := report.Save(save); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(save); err != nil || !strings.Contains(string(text), "broken.png") {
		t.Errorf("the saved report is %q, %v", text, err)
	}
	if check := studiotest.Must(p.Check(context.Background(), false, nil))(t); !check.OK() {
		t.Errorf("the project has problems: %v", check.Problems)
	}
}

func TestImportFoldersTwice(t *testing.T) {
	ctx := context.Background()
	root := studiotest.Folders(t, 4, 2)
	p := studiotest.Project(t)
	var last, calls int
	progress := session.ProgressFunc(func(done, total int, _ string) {
		calls++
		if done > 0 && total != 18 {
			t.Errorf("progress of %d in all, want 18", total)
		}
		last = done
	})
	report, err := p.Import(ctx, transfer.ImportRequest{Sources: []string{root}}, progress)
	if err != nil {
		t.Fatal(err)
	}
	if report.Added != 18 || report.Annotated != 18 || report.Skipped != 0 || report.Format != "folders" || last != 18 {
		t.Errorf("first: %s (%s), progress up to %d", report.Sentence(), report.Format, last)
	}
	v, err := p.FindView(ctx, "colours")
	if err != nil || !v.Type.ExactlyOne() {
		t.Fatalf("the view is %v, %v", v, err)
	}
	counts := studiotest.Must(p.Counts(ctx, v.ID))(t)
	if counts.Train.Annotated != 12 || counts.Val.Annotated != 6 {
		t.Errorf("counts are %+v", counts)
	}
	report = studiotest.Import(t, p, transfer.ImportRequest{Sources: []string{root}})
	if report.Added != 0 || report.Duplicates != 18 || report.Annotated != 0 || report.Skipped != 0 {
		t.Errorf("second: %s", report.Sentence())
	}
	// An annotation that a person changed meanwhile is kept, and reported.
	img := studiotest.Must(p.FindImage(ctx, "red0.png"))(t)
	blue := studiotest.Must(p.FindConcept(ctx, v.ID, "blue"))(t)
	if err := p.SetConcept(ctx, []storage.Key{{View: v.ID, Image: img.ID}}, blue.ID); err != nil {
		t.Fatal(err)
	}
	report = studiotest.Import(t, p, transfer.ImportRequest{Sources: []string{root}, View: v.ID})
	if report.Skipped != 1 || !strings.Contains(report.Problems[0].Reason, "kept") {
		t.Errorf("third: %s, %v", report.Sentence(), report.Problems)
	}
	if d := studiotest.Must(p.Datapoint(ctx, storage.Key{View: v.ID, Image: img.ID}))(t); d.Regions[0].Concepts[0] != blue.ID {
		t.Errorf("the annotation was overwritten: %v", d.Regions)
	}
}

// TestImportUndo: an import is one step of Undo.
func TestImportUndo(t *testing.T) {
	ctx := context.Background()
	p, v := studiotest.ColourProject(t, 2, 1)
	if undo, _ := p.History(); undo == "" {
		t.Fatal("there is nothing to undo after an import")
	}
	if _, err := p.Undo(ctx, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := p.View(ctx, v.ID); err == nil {
		t.Error("the view is still there after Undo")
	}
	if sum := studiotest.Must(p.Summary(ctx, 0))(t); sum.Images != 0 {
		t.Errorf("%d images are still there after Undo", sum.Images)
	}
	if _, err := p.Redo(ctx, 0); err != nil {
		t.Fatal(err)
	}
	if sum := studiotest.Must(p.Summary(ctx, v.ID))(t); sum.Images != 9 || sum.Annotated != 9 {
		t.Errorf("after Redo: %+v", sum)
	}
}

func TestImportCancel(t *testing.T) {
	root := filepath.Join(t.TempDir(), "many")
	for i := range 120 {
		studiotest.Paint(t, filepath.Join(root, "x", strings.Repeat("a", i%7)+string(rune('a'+i%26))+".png"), color.RGBA{uint8(i), 9, 9, 255}, 20, 20, uint64(i))
		studiotest.Paint(t, filepath.Join(root, "y", string(rune('a'+i%26))+strings.Repeat("b", i%11)+".png"), color.RGBA{uint8(i), 90, 9, 255}, 20, 20, uint64(i))
	}
	p := studiotest.Project(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	report, err := p.Import(ctx, transfer.ImportRequest{Sources: []string{root}}, session.ProgressFunc(func(done, _ int, _ string) {
		if done == 10 {
			cancel()
		}
	}))
	if err != nil || !report.Cancelled {
		t.Fatalf("cancelled import: %v, %v", report, err)
	}
	sum := studiotest.Must(p.Summary(context.Background(), 0))(t)
	if sum.Images != report.Added || report.Added < 10 || report.Added > 60 {
		t.Errorf("%d images are there, %d were reported as added", sum.Images, report.Added)
	}
	if check := studiotest.Must(p.Check(context.Background(), false, nil))(t); !check.OK() {
		t.Errorf("the project has problems: %v", check.Problems)
	}
}

func TestImportErrors(t *testing.T) {
	ctx := context.Background()
	p, v := studiotest.ColourProject(t, 2, 1)
	cells := studiotest.Must(p.AddView(ctx, storage.View{Name: "Cells", Type: domain.Detection}))(t)
	root := studiotest.Folders(t, 1, 0)
	for name, request := range map[string]transfer.ImportRequest{
		"nothing there":    {Sources: []string{filepath.Join(t.TempDir(), "none")}},
		"no source":        {},
		"unknown format":   {Sources: []string{root}, Format: "xls"},
		"concepts as box":  {Sources: []string{root}, View: cells.ID},
		"view that's gone": {Sources: []string{root}, View: 999},
	} {
		if _, err := p.Import(ctx, request, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if sum := studiotest.Must(p.Summary(ctx, v.ID))(t); sum.Images != 9 {
		t.Errorf("failed imports left %d images", sum.Images)
	}
}

// TestImportFullDisk: an import onto a full disk says so, keeps what it reported, and leaves a sound project.
func TestImportFullDisk(t *testing.T) {
	small := smallDisk(t, "3m")
	ctx := context.Background()
	p, err := studio.New(ctx, filepath.Join(small, "project"), "Small")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	root := filepath.Join(t.TempDir(), "many")
	for i := range 60 {
		studiotest.Paint(t, filepath.Join(root, "a", string(rune('a'+i%26))+strings.Repeat("x", i/26)+".png"), studiotest.Colours["green"], 200, 150, uint64(i))
	}
	report, err := p.Import(ctx, transfer.ImportRequest{Sources: []string{root}, Format: "images"}, nil)
	if !errors.Is(err, storage.ErrDiskFull) {
		t.Fatalf("the error is %v", err)
	}
	if sum := studiotest.Must(p.Summary(ctx, 0))(t); sum.Images != report.Added {
		t.Errorf("%d images are there, %d were reported as added", sum.Images, report.Added)
	}
	if check := studiotest.Must(p.Check(ctx, false, nil))(t); !check.OK() {
		t.Errorf("the project has problems: %v", check.Problems)
	}
}

// TestImportUnreadableFolder: a folder without rights is a problem of its own, not the end of the rest.
func TestImportUnreadableFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	root := filepath.Join(t.TempDir(), "pictures")
	studiotest.Paint(t, filepath.Join(root, "open", "a.png"), studiotest.Colours["red"], 20, 20, 1)
	studiotest.Paint(t, filepath.Join(root, "shut", "b.png"), studiotest.Colours["red"], 20, 20, 2)
	if err := os.Chmod(filepath.Join(root, "shut"), 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(filepath.Join(root, "shut"), 0o755) })
	report := studiotest.Import(t, studiotest.Project(t), transfer.ImportRequest{Sources: []string{root}})
	if report.Added != 1 || report.Skipped == 0 {
		t.Errorf("%s: %v", report.Sentence(), report.Problems)
	}
}

// TestImportOfDuplicatesMakesNoConcept: a folder of which nothing comes in leaves no empty concept; what was there already is reported by name.
func TestImportOfDuplicatesMakesNoConcept(t *testing.T) {
	ctx := context.Background()
	p, v := studiotest.ColourProject(t, 2, 0)
	root := filepath.Join(t.TempDir(), "more")
	studiotest.Paint(t, filepath.Join(root, "crimson", "same.png"), studiotest.Colours["red"], 48, 40, 0) // red0.png again
	studiotest.Paint(t, filepath.Join(root, "green", "new.png"), studiotest.Colours["green"], 48, 40, 77)
	report := studiotest.Import(t, p, transfer.ImportRequest{Sources: []string{root}, View: v.ID})
	if report.Added != 1 || report.Duplicates != 1 || report.Skipped != 1 {
		t.Fatalf("%s, %v", report.Sentence(), report.Problems)
	}
	if concepts := studiotest.Must(p.Concepts(ctx, v.ID))(t); len(concepts) != 3 {
		t.Fatalf("an empty concept was made: %v", concepts)
	}
	if len(report.Same) != 1 || report.Same[0].File != "crimson/same.png" || !strings.HasSuffix(report.Same[0].Name, "red0.png") ||
		!strings.Contains(report.Text(), "not added again") {
		t.Fatalf("%+v", report.Same)
	}
	if check := studiotest.Must(p.Check(ctx, false, nil))(t); !check.OK() {
		t.Errorf("the project has problems: %v", check.Problems)
	}
}
