package interchange

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"viewfinder/storage/domain"
)

// document is docs/formats.md, made from the formats' definitions.
func document() string {
	var b strings.Builder
	b.WriteString("# Formats\n\n")
	b.WriteString("<!-- Made from the definitions in storage/interchange; `UPDATE_DOCS=1 go test -run TestDocument ./storage/interchange` writes it anew. -->\n\n")
	b.WriteString("A format is recognised when `--format` is not given. What a format cannot hold is listed when something is exported to it.\n\n")
	b.WriteString("| format | `--format` | read | written | holds |\n|---|---|---|---|---|\n")
	yes := func(is bool) string {
		if is {
			return "yes"
		}
		return ""
	}
	for _, d := range formats {
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s | %s |\n", d.Title, d.Name, yes(d.importer != nil), yes(d.Writes()), held(d))
	}
	for _, d := range formats {
		fmt.Fprintf(&b, "\n## %s (`%s`)\n\n%s.\n\nFiles: %s.\n", d.Title, d.Name, strings.ToUpper(d.Summary[:1])+d.Summary[1:], d.Files)
		if d.Loses != "" {
			fmt.Fprintf(&b, "\nNot kept: %s.\n", d.Loses)
		}
		if d.Proved != "" {
			fmt.Fprintf(&b, "\nTried with real files: %s.\n", d.Proved)
		}
	}
	return b.String()
}

// held puts what a format holds into words.
func held(d Definition) string {
	words := []string{d.Task()}
	for _, part := range []struct {
		is   bool
		word string
	}{
		{d.Holds.Boxes, "boxes"}, {d.Holds.Splits, "splits"}, {d.Holds.Negatives, "annotated without concept"}, {d.Holds.Unannotated, "not annotated"}, {d.Holds.Reviewed, "reviewed"},
	} {
		if part.is {
			words = append(words, part.word)
		}
	}
	return strings.Join(words, ", ")
}

// TestDocument holds docs/formats.md to what the formats say of themselves.
func TestDocument(t *testing.T) {
	file := filepath.Join("..", "..", "docs", "formats.md")
	if os.Getenv("UPDATE_DOCS") != "" {
		if err := os.WriteFile(file, []byte(document()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.ReplaceAll(string(got), "\r\n", "\n") != document() {
		t.Errorf("%s is not what the formats say of themselves; UPDATE_DOCS=1 writes it anew", file)
	}
}

// The README names every format that is read.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range ImportDefinitions() {
		if !strings.Contains(strings.ToLower(string(text)), strings.ToLower(d.Title)) {
			t.Errorf("README.md does not name %q", d.Title)
		}
	}
}

func TestDefinitions(t *testing.T) {
	seen := map[Format]bool{}
	for _, d := range formats {
		if d.Name == "" || d.Title == "" || d.Summary == "" || d.Files == "" || d.importer == nil && d.exporter == nil {
			t.Errorf("%+v lacks something", d)
		}
		if seen[d.Name] {
			t.Errorf("%s stands there twice", d.Name)
		}
		seen[d.Name] = true
		if n := len(d.Holds.Tasks); n > 0 && n < 3 && d.Only == "" {
			t.Errorf("%s does not say why it holds no other tasks", d.Name)
		}
		if strings.HasSuffix(d.Summary, ".") || strings.HasSuffix(d.Files, ".") || strings.Contains(d.Summary, "\n") {
			t.Errorf("%s: %q, %q: one line without a full stop", d.Name, d.Summary, d.Files)
		}
	}
}

// noteFormat is a format that only this test has: a file of its own and a row
// are all that it takes.
var noteFormat = Definition{
	Name: "note", Title: "Note", Summary: "a note", Files: "note.note", Holds: Holds{Tasks: []domain.Task{domain.Tagging}},
	Only: "holds tags and suits tagging", importer: noteImporter{}, exporter: func() exporter { return imagesExporter{} },
}

type noteImporter struct{ imagesImporter }

func (noteImporter) Recognises(f *Folder) (bool, error) {
	_, err := f.stat("note.note")
	return err == nil, nil
}

// TestAddFormat: with its row in the registry, a format is recognised, read,
// written, listed and refused where it does not fit.
func TestAddFormat(t *testing.T) {
	before := formats
	defer func() { formats = before }()
	formats = append(formats[:len(formats):len(formats)], noteFormat)
	r := readAll(t, tree(t, map[string]string{"note.note": "", "a.jpg": ""}), "")
	if r.err != nil || r.format != "note" || len(r.records) != 1 {
		t.Errorf("%+v", r)
	}
	if got := ExportFormats(domain.Tagging); got[len(got)-1] != "note" {
		t.Errorf("written: %v", got)
	}
	if got := Formats(); got[len(got)-1] != "note" {
		t.Errorf("read: %v", got)
	}
	if !strings.Contains(document(), "| Note | `note` | yes | yes | a tagging |") {
		t.Errorf("not in the document:\n%s", document())
	}
	target := filepath.Join(t.TempDir(), "out")
	if _, err := Export(context.Background(), target, "note", Header{ViewType: domain.Detection}, outgoing(nil), ExportOptions{}); err == nil || !strings.Contains(err.Error(), "suits tagging, not detection") {
		t.Errorf("%v", err)
	}
	if _, err := Export(context.Background(), target, "note", Header{ViewType: domain.Tagging}, outgoing([]Record{{ImagePath: "a.jpg", HasAnnotation: true}}), ExportOptions{}); err != nil {
		t.Error(err)
	}
}
