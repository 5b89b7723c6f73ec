package transfer

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"viewfinder/app/studio/session"
)

// FuzzUnpack: whatever an archive holds, nothing is written beside the folder it is unpacked into.
func FuzzUnpack(f *testing.F) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range []string{"a/b.png", "../c.png", "d.txt"} {
		if out, err := w.Create(name); err == nil {
			io.WriteString(out, strings.Repeat(name, 50))
		}
	}
	w.Close()
	f.Add(b.Bytes())
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		file := filepath.Join(dir, "fuzz.zip")
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
		in := filepath.Join(dir, "in")
		u, err := unpack(context.Background(), file, in, false, session.ProgressOr(nil))
		if err == nil {
			u.Close()
		}
		if entries, _ := os.ReadDir(dir); len(entries) > 2 {
			t.Fatalf("something was written beside: %v", entries)
		}
		if entries, _ := os.ReadDir(in); len(entries) > 0 {
			t.Fatalf("something was left: %v", entries)
		}
	})
}
