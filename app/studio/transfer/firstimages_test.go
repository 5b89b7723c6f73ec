package transfer_test

import (
	"archive/zip"
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"testing"

	"viewfinder/app/studio/studiotest"
	"viewfinder/app/studio/transfer"
)

// TestFirstImages: before anything is imported, a source's first nine images are there at reduced size, with their boxes; one that cannot be read says why.
// The same from a ZIP archive.
func TestFirstImages(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "set")
	table := "file,concepts,xmin,ymin,xmax,ymax\n"
	for i := range 11 {
		name := fmt.Sprintf("a%02d.png", i)
		studiotest.Paint(t, filepath.Join(dir, name), color.RGBA{R: 200, A: 255}, 640, 320, uint64(i))
		table += name + ",bolt,0.25,0.5,0.5,1\n"
	}
	table += "a00.png,nut,0,0,0.25,0.25\n"
	for name, text := range map[string]string{"labels.csv": table, "a01.png": "no image at all"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	packed := filepath.Join(root, "set.zip")
	out := studiotest.Must(os.Create(packed))(t)
	z := zip.NewWriter(out)
	for _, entry := range studiotest.Must(os.ReadDir(dir))(t) {
		w := studiotest.Must(z.Create("set/" + entry.Name()))(t)
		if _, err := w.Write(studiotest.Must(os.ReadFile(filepath.Join(dir, entry.Name())))(t)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, packed} {
		f := studiotest.Must(transfer.Recognise(t.Context(), path, ""))(t)
		if f.Images != 11 || f.Marked != 11 || f.Boxes != 12 || len(f.First) != 9 {
			t.Fatalf("%s: %d images, %d annotated, %d boxes, %d shown", path, f.Images, f.Marked, f.Boxes, len(f.First))
		}
		first, broken := f.First[0], f.First[1]
		if first.Picture == nil || first.Picture.Rect.Dx() != transfer.FirstSide || first.Picture.Rect.Dy() != transfer.FirstSide/2 || len(first.Boxes) != 2 {
			t.Fatalf("%s: %+v", path, first)
		}
		if b := first.Boxes[0]; b.Concept != "bolt" || b.XMin != 0.25 || b.YMin != 0.5 || b.XMax != 0.5 || b.YMax != 1 {
			t.Errorf("%s: %+v", path, b)
		}
		if broken.Picture != nil || broken.Reason == "" {
			t.Errorf("%s: a file that is no image: %+v", path, broken)
		}
	}
}
