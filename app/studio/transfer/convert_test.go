package transfer_test

import (
	"archive/zip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"viewfinder/app/studio/studiotest"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage"
	"viewfinder/storage/domain"
)

// convert converts and returns the report and the files of the target by name.
func convert(t *testing.T, r transfer.ConvertRequest) (*transfer.ConvertReport, map[string]string, error) {
	t.Helper()
	r.Target = filepath.Join(t.TempDir(), "out")
	report, err := transfer.Convert(context.Background(), r, nil)
	files := map[string]string{}
	filepath.WalkDir(r.Target, func(p string, d os.DirEntry, walkErr error) error {
		if walkErr == nil && !d.IsDir() {
			text, _ := os.ReadFile(p)
			files[filepath.ToSlash(p[len(r.Target)+1:])] = string(text)
		}
		return nil
	})
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(r.Target), "*")); err != nil && len(left) > 0 {
		t.Errorf("%v was left", left)
	}
	return report, files, err
}

func TestConvert(t *testing.T) {
	source := brought(t, map[string]string{
		"train/images/a.jpg": photo(t, 64, 48, 6, 40), "train/labels/a.txt": "0 0.25 0.5 0.25 0.5\n", "valid/images/b.jpg": photo(t, 64, 48, 1, 80), "valid/labels/b.txt": "",
		"valid/images/c.jpg": photo(t, 64, 48, 1, 120), "valid/images/bad.jpg": "no image", "data.yaml": "names: [bolt]\ntrain: train/images\nval: valid/images\n", "odd.mat": "x",
	})
	report, files, err := convert(t, transfer.ConvertRequest{Source: source, To: "voc"})
	if err != nil || report.Images != 2 || report.Annotated != 2 || report.LeftOut != 1 || report.Unread != 1 || report.Format != "yolo" || report.Missing() != "" {
		t.Fatalf("%+v %v", report, err)
	}
	if got := report.Sentence(); got != "Converted 2 images from yolo to voc, 2 annotated, 1 not annotated and left out or apart, 1 label file not read, 2 problems" {
		t.Error(got)
	}
	// The fractions are of the upright picture, 48 x 64.
	if xml := files["Annotations/a.xml"]; !strings.Contains(xml, "<width>48</width>") || !strings.Contains(xml, "<xmin>6</xmin>") || !strings.Contains(xml, "<ymax>48</ymax>") {
		t.Error(xml)
	}
	if files["ImageSets/Main/val.txt"] != "b\n" || files["JPEGImages/a.jpg"] == "" {
		t.Errorf("%v", files)
	}
	saved := filepath.Join(t.TempDir(), "report.txt")
	if err := report.Save(saved); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(saved); !strings.Contains(string(text), "Converted 2 images") || !strings.Contains(string(text), "bad.jpg") {
		t.Errorf("%s", text)
	}

	_, files, err = convert(t, transfer.ConvertRequest{Source: source, To: "coco", Images: transfer.LeaveImages, Apart: true})
	if err != nil || len(files) != 3 || !strings.Contains(files["annotations/instances_train.json"], `"bbox":[6,16,12,32]`) || files["not annotated.txt"] != "not annotated/c.jpg\n" {
		t.Errorf("%v %v", files, err)
	}
}

// TestConvertLinks: linked images are the source's own files.
func TestConvertLinks(t *testing.T) {
	source := brought(t, map[string]string{"cat/a.jpg": photo(t, 16, 16, 1, 9), "dog/b.jpg": photo(t, 16, 16, 1, 99)})
	target := filepath.Join(t.TempDir(), "out")
	if _, err := transfer.Convert(t.Context(), transfer.ConvertRequest{Source: source, Target: target, To: "csv", Images: transfer.LinkImages}, nil); err != nil {
		t.Fatal(err)
	}
	a, errA := os.Stat(filepath.Join(source, "cat", "a.jpg"))
	b, errB := os.Stat(filepath.Join(target, "images", "cat", "a.jpg"))
	if errA != nil || errB != nil || !os.SameFile(a, b) {
		t.Errorf("not linked: %v %v", errA, errB)
	}
}

// TestConvertStudio goes to the Studio import file and back, whole and by one view.
func TestConvertStudio(t *testing.T) {
	source := brought(t, map[string]string{"a.jpg": photo(t, 64, 48, 1, 9), "a.xml": boltXML})
	studio := filepath.Join(t.TempDir(), "studio")
	if _, err := transfer.Convert(t.Context(), transfer.ConvertRequest{Source: source, Target: studio, To: "studio"}, nil); err != nil {
		t.Fatal(err)
	}
	report, files, err := convert(t, transfer.ConvertRequest{Source: studio, To: "createml"})
	if err != nil || report.Annotated != 1 || !strings.Contains(files["train/annotations.json"], `"coordinates":{"x":18.5,"y":20,"width":21,"height":16}`) {
		t.Errorf("%+v %v %v", report, files, err)
	}
	project := studiotest.Project(t)
	if r := studiotest.Import(t, project, transfer.ImportRequest{Sources: []string{studio}}); r.Annotated != 1 || r.Skipped > 0 {
		t.Errorf("%+v", r)
	}
	two := brought(t, map[string]string{"a.jpg": photo(t, 64, 48, 1, 9), "import.jsonl": `{"name":"x","views":[{"name":"A","type":"tagging","concepts":[{"name":"k"}]},{"name":"B","type":"detection","concepts":[{"name":"m"}]}]}
{"data":"a.jpg","annotations":[{"concepts":[{"name":"k"}]}]}
`})
	if _, _, err := convert(t, transfer.ConvertRequest{Source: two, To: "csv"}); err == nil || !strings.Contains(err.Error(), "A, B") {
		t.Errorf("%v", err)
	}
	if _, _, err := convert(t, transfer.ConvertRequest{Source: two, To: "csv", View: "C"}); err == nil || !strings.Contains(err.Error(), `no view "C"`) {
		t.Errorf("%v", err)
	}
	if _, files, err := convert(t, transfer.ConvertRequest{Source: two, To: "csv", View: "a"}); err != nil || !strings.Contains(files["labels.csv"], "images/a.jpg,k,") {
		t.Errorf("%v %v", files, err)
	}
	if _, _, err := convert(t, transfer.ConvertRequest{Source: two, To: "studio"}); err != nil {
		t.Errorf("%v", err)
	}
}

// TestConvertRefuses: nothing is left of what cannot be done.
func TestConvertRefuses(t *testing.T) {
	source := brought(t, map[string]string{"a.jpg": photo(t, 64, 48, 1, 9), "a.txt": "0 .5 .5 .5 .5\n"})
	if _, _, err := convert(t, transfer.ConvertRequest{Source: source, To: "coco"}); err == nil || !strings.Contains(err.Error(), "no annotation to convert") || !strings.Contains(err.Error(), "a.txt") {
		t.Errorf("%v", err)
	}
	report, files, err := convert(t, transfer.ConvertRequest{Source: source, To: "images"})
	if err != nil || len(files) != 1 || report.Missing() == "" {
		t.Errorf("%v %v %v", report, files, err)
	}
	if _, err := transfer.Convert(t.Context(), transfer.ConvertRequest{Source: source, Target: filepath.Join(source, "out"), To: "images"}, nil); err == nil || !strings.Contains(err.Error(), "outside") {
		t.Errorf("%v", err)
	}
	tags := brought(t, map[string]string{"cat/a.jpg": photo(t, 16, 16, 1, 9), "dog/b.jpg": photo(t, 16, 16, 1, 99)})
	if _, _, err := convert(t, transfer.ConvertRequest{Source: tags, To: "coco"}); err == nil || !strings.Contains(err.Error(), "suits detection") {
		t.Errorf("%v", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := transfer.Convert(cancelled, transfer.ConvertRequest{Source: tags, Target: filepath.Join(t.TempDir(), "out"), To: "csv"}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestConvertArchive(t *testing.T) {
	file := filepath.Join(t.TempDir(), "set.zip")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for name, content := range map[string]string{"set/a.jpg": photo(t, 64, 48, 1, 9), "set/a.xml": boltXML, "../evil.xml": "x"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(content))
	}
	if err := errors.Join(z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	report, files, err := convert(t, transfer.ConvertRequest{Source: file, To: "labelme"})
	if err != nil || report.Annotated != 1 || report.Skipped != 1 || files["train/set/a.json"] == "" {
		t.Errorf("%+v %v %v", report, files, err)
	}
}

// TestTeachableMachine: a project of Teachable Machine is a ZIP archive of images by class.
func TestTeachableMachine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "hands.tm")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for name, content := range map[string]string{"manifest.json": `{"type":"image"}`, "Rock/0.jpg": photo(t, 32, 32, 1, 9), "Rock/1.jpg": photo(t, 32, 32, 1, 19), "Paper/0.jpg": photo(t, 32, 32, 1, 99)} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(content))
	}
	if err := errors.Join(z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	p := studiotest.Project(t)
	r := studiotest.Import(t, p, transfer.ImportRequest{Sources: []string{file}})
	if r.Annotated != 3 || r.Skipped > 0 || r.Views[0].Name != "hands" || r.Views[0].Type != domain.Classification {
		t.Errorf("%+v", r)
	}
}

// TestExportOnly: an export of a split, a state, a concept, a name or a selection has these images alone.
func TestExportOnly(t *testing.T) {
	ctx := context.Background()
	p, v := studiotest.ColourProject(t, 3, 1) // three concepts
	concepts := studiotest.Must(p.Concepts(ctx, v.ID))(t)
	all := studiotest.Must(p.Datapoints(ctx, storage.Query{View: v.ID}))(t)
	first := all[0]
	name := filepath.Base(first.Image.Name)
	for what, tt := range map[string]struct {
		only storage.Query
		want int
	}{
		"all":           {storage.Query{}, 12},
		"val":           {storage.Query{Split: domain.SplitVal}, 3},
		"annotated":     {storage.Query{State: storage.StateAnnotated}, 12},
		"reviewed":      {storage.Query{State: storage.StateReviewed}, 0},
		"concept":       {storage.Query{Concept: concepts[0].ID}, 4},
		"concept, val":  {storage.Query{Concept: concepts[0].ID, Split: domain.SplitVal}, 1},
		"name":          {storage.Query{Text: first.Image.Name}, 1},
		"two of them":   {storage.Query{Images: []int64{first.Image.ID, all[5].Image.ID}}, 2},
		"one, no match": {storage.Query{Images: []int64{first.Image.ID}, State: storage.StateNotAnnotated}, 0},
	} {
		request := transfer.ExportRequest{Target: filepath.Join(t.TempDir(), "out"), Format: "csv", View: v.ID, Only: tt.only}
		preview := studiotest.Must(p.PreviewExport(ctx, request))(t)
		report := studiotest.Must(p.Export(ctx, request, nil))(t)
		if report.Images != tt.want || preview.Images != tt.want || preview.LeftOut != 0 || len(preview.Lost) > 0 {
			t.Errorf("%s: %d images of %d (%s), preview %+v", what, report.Images, tt.want, name, preview)
		}
	}
	if _, err := p.Export(ctx, transfer.ExportRequest{Target: filepath.Join(t.TempDir(), "out"), Format: "images", Only: storage.Query{State: storage.StateReviewed}}, nil); err == nil {
		t.Error("a state without a view: no error")
	}
	if _, err := p.Export(ctx, transfer.ExportRequest{Target: filepath.Join(t.TempDir(), "out"), Format: "csv", View: v.ID, Only: storage.Query{State: "odd"}}, nil); err == nil {
		t.Error("an odd state: no error")
	}
}
