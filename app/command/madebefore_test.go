package command

import (
	"archive/zip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// TestProjectMadeBefore: a project that an earlier program made (views of the three tasks, a child view, annotations of every kind, two trained
// versions without their weights) is opened unchanged, and every fact that the earlier program printed of it is printed the same. testdata/made-before.json
// holds what that program printed, PROJECT standing for the folder. Facts that came later may be added to a document; none may go or change.
func TestProjectMadeBefore(t *testing.T) {
	dir := unzipped(t, "testdata/made-before.zip")
	raw, err := os.ReadFile("testdata/made-before.json")
	if err != nil {
		t.Fatal(err)
	}
	var before map[string]any
	if err := json.Unmarshal(raw, &before); err != nil {
		t.Fatal(err)
	}
	if len(before) < 40 {
		t.Fatalf("only %d documents are compared", len(before))
	}
	for line, want := range before {
		args := append(strings.Fields(line), "--json")
		for i, a := range args {
			args[i] = strings.ReplaceAll(a, "PROJECT", dir)
		}
		r := call(args...)
		if r.code != Done {
			t.Errorf("viewfinder %s: code %d, %s", line, r.code, r.err)
			continue
		}
		var got any
		if err := json.Unmarshal([]byte(strings.ReplaceAll(r.out, dir, "PROJECT")), &got); err != nil {
			t.Fatal(err)
		}
		if at := differs(got, want, ""); at != "" {
			t.Errorf("viewfinder %s: %s", line, at)
		}
	}
}

// differs names the first fact of want that got has not, or has otherwise; "" where there is none.
func differs(got, want any, at string) string {
	switch want := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return at + " is no object any more"
		}
		for k, v := range want {
			if d := differs(g[k], v, at+"/"+k); d != "" {
				return d
			}
		}
		return ""
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(want) {
			return at + " has another number of elements"
		}
		for i, v := range want {
			if d := differs(g[i], v, at+"/"+string(rune('0'+i%10))); d != "" {
				return d
			}
		}
		return ""
	}
	if !reflect.DeepEqual(got, want) {
		b, _ := json.Marshal([]any{got, want})
		return at + ": now and before: " + string(b)
	}
	return ""
}

// unzipped unpacks an archive of the repository and returns the folder within that it has.
func unzipped(t *testing.T, archive string) string {
	t.Helper()
	z, err := zip.OpenReader(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	root := t.TempDir()
	for _, f := range z.File {
		to := filepath.Join(root, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		w, err := os.Create(to)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(w, r); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(root, "project")
}
