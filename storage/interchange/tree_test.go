package interchange

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode"

	"viewfinder/storage/domain"
)

// tree writes files, name to content, into a new folder.
func tree(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
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

// folderOf opens a folder as importers are given it.
func folderOf(t testing.TB, dir string) *Folder {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return &Folder{tree: &sourceTree{root: root, opened: map[string]bool{}}}
}

// result is what reading a source gave.
type result struct {
	format   Format
	header   Header
	records  []Record
	problems []Problem
	err      error
}

// readAll reads a source; each record's image must open.
func readAll(t testing.TB, path string, format Format) result {
	t.Helper()
	s, err := OpenSource(path, format)
	if err != nil {
		return result{err: err}
	}
	defer s.Close()
	r := result{format: s.Format()}
	r.header, r.err = s.Read(context.Background(), func(rec Record) error {
		f, err := s.Open(rec)
		if err != nil {
			t.Errorf("%s does not open: %v", rec.ImagePath, err)
		} else {
			f.Close()
		}
		r.records = append(r.records, rec)
		return nil
	}, func(p Problem) { r.problems = append(r.problems, p) })
	return r
}

// lines writes the records in short: path|split|concepts or boxes.
func (r result) lines() string {
	var b strings.Builder
	for _, rec := range r.records {
		b.WriteString(rec.ImagePath + "|" + rec.Split + "|")
		switch {
		case !rec.HasAnnotation:
			b.WriteString("-")
		case len(rec.Concepts)+len(rec.Boxes) == 0:
			b.WriteString("none")
		}
		b.WriteString(strings.Join(rec.Concepts, ";"))
		for i, box := range rec.Boxes {
			if i > 0 {
				b.WriteString(";")
			}
			b.WriteString(box.Concept)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// hasProblem reports whether a problem contains all of the words.
func (r result) hasProblem(words ...string) bool {
	for _, p := range r.problems {
		found := true
		for _, w := range words {
			found = found && strings.Contains(p.String(), w)
		}
		if found {
			return true
		}
	}
	return false
}

type sourceTest struct {
	name     string
	files    map[string]string
	at       string // path below the folder; "" is the folder
	format   Format // wanted
	view     domain.Task
	want     string
	problems [][]string // words of each problem that must be there
	err      string     // words of the error, if one is wanted
}

func runSourceTests(t *testing.T, tests []sourceTest) {
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for name := range tt.files {
				if runtime.GOOS == "windows" && strings.ContainsFunc(name, unicode.IsControl) {
					t.Skip("Windows has no control characters in names")
				}
			}
			r := readAll(t, filepath.Join(tree(t, tt.files), filepath.FromSlash(tt.at)), "")
			if tt.err != "" {
				if r.err == nil || !strings.Contains(r.err.Error(), tt.err) {
					t.Fatalf("error %v, want %q", r.err, tt.err)
				}
				return
			}
			if r.err != nil {
				t.Fatal(r.err)
			}
			if r.format != tt.format || r.header.ViewType != tt.view {
				t.Errorf("format %s, view %q; want %s, %q", r.format, r.header.ViewType, tt.format, tt.view)
			}
			if got := r.lines(); got != strings.TrimLeft(tt.want, "\n") {
				t.Errorf("got\n%swant%s", got, tt.want)
			}
			if len(r.problems) != len(tt.problems) {
				t.Errorf("problems %v, want %d", r.problems, len(tt.problems))
			}
			for _, words := range tt.problems {
				if !r.hasProblem(words...) {
					t.Errorf("no problem with %q among %v", words, r.problems)
				}
			}
		})
	}
}
