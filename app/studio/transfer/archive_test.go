package transfer_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"viewfinder/app/studio/studiotest"
	"viewfinder/app/studio/transfer"
)

// zipFile writes a ZIP archive of these contents.
func zipFile(t *testing.T, path string, add func(w *zip.Writer)) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	add(w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func zipAdd(t *testing.T, w *zip.Writer, h zip.FileHeader, content []byte) {
	t.Helper()
	h.Method = zip.Deflate
	f, err := w.CreateHeader(&h)
	if err == nil {
		_, err = f.Write(content)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestImportArchive: a ZIP of folders of concepts comes in as the folders would; what is hostile in it is named and left out.
func TestImportArchive(t *testing.T) {
	ctx := context.Background()
	root := studiotest.Folders(t, 2, 1)
	outside := filepath.Join(t.TempDir(), "archives")
	if err := os.MkdirAll(outside, 0o755); err != nil {
		t.Fatal(err)
	}
	file := zipFile(t, filepath.Join(outside, "waste.zip"), func(w *zip.Writer) {
		if err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			relative, _ := filepath.Rel(root, path)
			content, err := os.ReadFile(path)
			zipAdd(t, w, zip.FileHeader{Name: "waste/" + filepath.ToSlash(relative)}, content)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		zipAdd(t, w, zip.FileHeader{Name: "../../escaped.png"}, []byte("x"))
		zipAdd(t, w, zip.FileHeader{Name: `..\escaped.png`}, []byte("x"))
		zipAdd(t, w, zip.FileHeader{Name: "/escaped.png"}, []byte("x"))
		zipAdd(t, w, zip.FileHeader{Name: "waste/more.zip"}, []byte("PK"))
		zipAdd(t, w, zip.FileHeader{Name: "waste/bomb.png"}, make([]byte, 64<<20))
		zipAdd(t, w, zip.FileHeader{Name: "waste/secret.png", Flags: 1}, []byte("x"))
		link := zip.FileHeader{Name: "waste/link.png"}
		link.SetMode(os.ModeSymlink | 0o777)
		zipAdd(t, w, link, []byte("/etc/passwd"))
		zipAdd(t, w, zip.FileHeader{Name: "__MACOSX/waste/._a.png"}, []byte("x"))
	})
	found := studiotest.Must(transfer.Recognise(ctx, file, ""))(t)
	if found.Format != "folders" || found.Images != 9 || len(found.Concepts) != 3 || found.Path != file {
		t.Fatalf("%+v", found)
	}
	if len(found.LeftOut) != 7 { // reported before anything is imported
		t.Errorf("%d files are reported as left out: %v", len(found.LeftOut), found.LeftOut)
	}
	p := studiotest.Project(t)
	report := studiotest.Import(t, p, transfer.ImportRequest{Sources: []string{file}})
	if report.Added != 9 || report.Annotated != 9 || report.Skipped != 7 {
		t.Fatalf("%s: %v", report.Sentence(), report.Problems)
	}
	if v := studiotest.Must(p.FindView(ctx, "waste"))(t); studiotest.Must(p.Counts(ctx, v.ID))(t).Val.All != 3 {
		t.Error("the splits of the archive's folders were lost")
	}
	for _, place := range []string{outside, filepath.Dir(outside), p.Dir(), filepath.Join(p.Dir(), "cache")} {
		if stray, _ := filepath.Glob(filepath.Join(place, "*escaped*")); len(stray) > 0 {
			t.Error("it led out:", stray)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(p.Dir(), "cache", "unpacked-*")); len(left) > 0 {
		t.Error("left behind:", left)
	}
	// Broken archives are an error in words.
	for name, content := range map[string][]byte{"text.zip": []byte("Dear Sir"), "empty.zip": nil} {
		bad := filepath.Join(outside, name)
		if err := os.WriteFile(bad, content, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Import(ctx, transfer.ImportRequest{Sources: []string{bad}}, nil); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if r, err := p.Import(cancelled, transfer.ImportRequest{Sources: []string{file}}, nil); err != nil && !errors.Is(err, context.Canceled) || r == nil || !r.Cancelled {
		t.Errorf("cancelled: %v %v", r, err)
	}
}
