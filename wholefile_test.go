package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// besideWholefile are the files of the product that write or rename without package wholefile, and why.
var besideWholefile = map[string]string{
	"storage/wholefile/wholefile.go":     "it is that package",
	"training/journal.go":                "room kept for the last events of a full disk",
	"training/yieldcpu.go":               "an empty file, of which only the time counts",
	"app/clip/clip.go":                   "a new file in a temporary folder of its own",
	"app/version/versiontest/shell.go":   "of tests",
	"app/product/notices/main.go":        "writes into the repository",
	"app/studio/sampleversions/main.go":  "writes into the repository",
	"app/studio/sample/generate/main.go": "writes into the repository",
	"icons/draw/main.go":                 "writes into the repository",
}

// TestOneAtomicWrite: what users keep is written by package wholefile, synced and in one step; nothing else calls os.WriteFile or os.Rename.
func TestOneAtomicWrite(t *testing.T) {
	seen := map[string]bool{}
	for _, line := range list(t, "-f", "{{.Dir}} {{join .GoFiles \" \"}} {{join .IgnoredGoFiles \" \"}}", "./...") {
		words := strings.Fields(line)
		for _, name := range words[1:] {
			path, err := filepath.Rel(mustAbs(t, "."), filepath.Join(words[0], name))
			if err != nil {
				t.Fatal(err)
			}
			path = filepath.ToSlash(path)
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, path, nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			if onlyMeasures(file) {
				continue
			}
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				pkg, ok := call.X.(*ast.Ident)
				if !ok || pkg.Name != "os" || !slices.Contains([]string{"WriteFile", "Rename"}, call.Sel.Name) {
					return true
				}
				seen[path] = true
				if besideWholefile[path] == "" {
					t.Errorf("%s: os.%s; use package wholefile, or say in besideWholefile why not", files.Position(n.Pos()), call.Sel.Name)
				}
				return true
			})
		}
	}
	for path := range besideWholefile {
		if !seen[path] {
			t.Errorf("besideWholefile names %s, which writes nothing", path)
		}
	}
}

func mustAbs(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

// onlyMeasures reports whether a file belongs only to builds that measure the program.
func onlyMeasures(file *ast.File) bool {
	for _, group := range file.Comments {
		for _, c := range group.List {
			if c.Pos() < file.Package && strings.HasPrefix(c.Text, "//go:build") && strings.Contains(c.Text, "measure") && !strings.Contains(c.Text, "!measure") {
				return true
			}
		}
	}
	return false
}
