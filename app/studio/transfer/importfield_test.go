package transfer_test

import (
	"archive/zip"
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"viewfinder/app/studio/studiotest"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage"
)

// photo is a JPEG of w x h pixels as stored, with EXIF's orientation; shade makes it another image.
func photo(t *testing.T, w, h int, orientation, shade byte) string {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, w, h))
	for i := range picture.Pix {
		picture.Pix[i] = shade
	}
	picture.SetGray(0, 0, color.Gray{255 - shade})
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		t.Fatal(err)
	}
	exif := []byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(rune(orientation)) + "\x00\x00\x00\x00\x00\x00")
	segment := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	data := b.Bytes()
	return string(data[:2]) + string(segment) + string(data[2:])
}

// brought writes files into a new folder.
func brought(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "input")
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const boltXML = `<annotation><filename>x</filename><size><width>64</width><height>48</height></size><object><name>bolt</name><bndbox><xmin>8</xmin><ymin>12</ymin><xmax>29</xmax><ymax>28</ymax></bndbox></object></annotation>`

// TestImportTurnedPhoto: boxes that were drawn on a photo as it is stored come in turned with it.
func TestImportTurnedPhoto(t *testing.T) {
	ctx := context.Background()
	p := studiotest.Project(t)
	report := studiotest.Import(t, p, transfer.ImportRequest{Sources: []string{brought(t, map[string]string{"a.jpg": photo(t, 64, 48, 6, 100), "a.xml": boltXML})}, ViewName: "boxes"})
	if len(report.Problems) > 0 || report.Annotated != 1 {
		t.Fatalf("%+v", report)
	}
	points := studiotest.Must(p.Datapoints(ctx, storage.Query{View: studiotest.Must(p.FindView(ctx, "boxes"))(t).ID}))(t)
	b := points[0].Regions[0].Box
	for i, v := range []float64{b.XMin - 0.416667, b.YMin - 0.125, b.XMax - 0.75, b.YMax - 0.453125} {
		if math.Abs(v) > 1e-4 {
			t.Errorf("side %d of %+v is off by %g", i, b, v)
		}
	}
}

// TestImportLost: what was refused or not read leaves no negative, is counted and reported.
func TestImportLost(t *testing.T) {
	ctx := context.Background()
	p := studiotest.Project(t)
	report := studiotest.Import(t, p, transfer.ImportRequest{Sources: []string{brought(t, map[string]string{
		"a.jpg": photo(t, 64, 48, 1, 10), "a.xml": strings.ReplaceAll(boltXML, "29", "8"),
		"b.jpg": photo(t, 64, 48, 1, 20), "b.xml": strings.Replace(boltXML, "</object>", "</object><object><name>nut</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>1</xmax><ymax>9</ymax></bndbox></object>", 1),
		"c.jpg": photo(t, 64, 48, 1, 30), "c.xml": boltXML,
	})}, ViewName: "boxes"})
	if report.Added != 3 || report.Annotated != 2 || report.NotAnnotated != 1 || report.Partly != 1 || report.Missing() != "" {
		t.Errorf("%+v", report)
	}
	if s := report.Sentence(); !strings.Contains(s, "1 image left not annotated") || !strings.Contains(s, "1 image annotated in part") {
		t.Error(s)
	}
	v := studiotest.Must(p.FindView(ctx, "boxes"))(t)
	for _, d := range studiotest.Must(p.Datapoints(ctx, storage.Query{View: v.ID}))(t) {
		if d.Annotated != (len(d.Regions) > 0) {
			t.Errorf("%s: annotated %v with %d regions", d.Image.Name, d.Annotated, len(d.Regions))
		}
	}
	for want, files := range map[string]map[string]string{
		"1 label file could not be read": {"a.jpg": photo(t, 64, 48, 1, 40), "a.txt": "0 .5 .5 .1 .1\n"},
		"was refused":                    {"a.jpg": photo(t, 64, 48, 1, 50), "a.xml": strings.ReplaceAll(boltXML, "29", "8")},
	} {
		report := studiotest.Import(t, studiotest.Project(t), transfer.ImportRequest{Sources: []string{brought(t, files)}})
		if !strings.Contains(report.Missing(), want) || report.Added != 1 || len(report.Problems) == 0 {
			t.Errorf("missing %q, want %q: %+v", report.Missing(), want, report)
		}
	}
	found := studiotest.Must(transfer.Recognise(ctx, brought(t, map[string]string{"a.jpg": photo(t, 64, 48, 1, 60), "a.txt": "0 .5 .5 .1 .1\n"}), ""))(t)
	if len(found.Unread) != 1 || !strings.Contains(found.Unread[0], "looks like YOLO") {
		t.Errorf("%+v", found)
	}
}

// TestImportTopFolder: a ZIP of a whole folder is read as the folder is.
func TestImportTopFolder(t *testing.T) {
	ctx := context.Background()
	archive := zipFile(t, filepath.Join(t.TempDir(), "my-project.zip"), func(w *zip.Writer) {
		for name, content := range map[string]string{"data.yaml": "train: train/images\nnames: [bolt]\n", "train/images/a.jpg": photo(t, 64, 48, 1, 70), "train/labels/a.txt": "0 .5 .5 .2 .2\n"} {
			zipAdd(t, w, zip.FileHeader{Name: "my-project/" + name}, []byte(content))
		}
	})
	sources := []string{archive}
	if field := filepath.Join("..", "..", "..", "..", "shared", "field", "zip-with-top-folder", "my-project.zip"); exists(field) {
		sources = append(sources, field)
	}
	for _, source := range sources {
		p := studiotest.Project(t)
		if found := studiotest.Must(transfer.Recognise(ctx, source, ""))(t); found.Format != "yolo" || found.Images != 1 {
			t.Errorf("%+v", found)
		}
		report := studiotest.Import(t, p, transfer.ImportRequest{Sources: []string{source}})
		v := studiotest.Must(p.FindView(ctx, "my-project"))(t)
		if !v.Type.HasBoxes() || report.Annotated != 1 {
			t.Errorf("%s: %+v, %+v", source, v, report)
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
