package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// list runs `go list` with a template and returns its lines.
func list(t *testing.T, args ...string) []string {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list"}, args...)...).Output()
	if err != nil {
		t.Fatalf("go list %v: %v", args, err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// floor says which part of the house a package of this module belongs to.
func floor(pkg string) string {
	rest, ours := strings.CutPrefix(pkg, "viewfinder")
	rest = strings.TrimPrefix(rest, "/")
	if !ours {
		return ""
	}
	if room, below := strings.CutPrefix(rest, "app/studio/"); below {
		return "app/studio/" + strings.Split(room, "/")[0]
	}
	for _, name := range []string{"app/studio", "app/bench", "app/command", "app/report", "widgets/plot", "training/picture", "storage/domain", "app/product", "storage/words", "storage/wholefile", "training/machine", "app", "widgets", "training", "storage", "icons"} {
		if rest == name || strings.HasPrefix(rest, name+"/") {
			return name
		}
	}
	return "main"
}

// mayImport are the arrows of the house: what a floor may import beside itself and storage/domain, the words that all share. app/studio/... is
// the studio and all its rooms.
var mayImport = map[string][]string{
	"main":        {"app", "app/command", "app/product"},
	"app":         {"app/studio/...", "app/bench", "app/report", "app/product", "widgets", "widgets/plot", "icons"},
	"app/command": {"app/studio/...", "app/bench", "app/report", "app/product", "widgets/plot"},
	"app/product": {},
	"app/report":  {"app/studio/...", "widgets/plot"},
	"app/bench":   {"app/studio/...", "storage", "training", "training/picture"},

	// The rooms of the studio: none knows of one above it.
	"app/studio":                {"app/studio/...", "storage", "training", "training/picture"},
	"app/studio/evaluate":       {"app/studio/predict", "app/studio/opinion", "app/studio/runs", "app/studio/transfer", "app/studio/pictures", "app/studio/session", "storage", "training", "training/picture"},
	"app/studio/predict":        {"app/studio/opinion", "app/studio/runs", "app/studio/transfer", "app/studio/pictures", "app/studio/session", "storage", "training", "training/picture"},
	"app/studio/watch":          {"app/studio/predict", "storage"},
	"app/studio/assist":         {"app/studio/session", "storage", "training"},
	"app/studio/opinion":        {"app/studio/runs", "app/studio/session", "app/studio/lru", "training"},
	"app/studio/runs":           {"app/studio/pictures", "app/studio/session", "storage", "training", "training/picture"},
	"app/studio/transfer":       {"app/studio/pictures", "app/studio/session", "app/studio/sample", "storage", "training/picture"},
	"app/studio/pictures":       {"app/studio/session", "app/studio/lru", "storage", "training/picture"},
	"app/studio/editing":        {"app/studio/session", "storage"},
	"app/studio/session":        {"storage"},
	"app/studio/sample":         {"storage", "training/picture"},
	"app/studio/sampleversions": {"app/studio/...", "storage"},
	"app/studio/lru":            {},

	"widgets":           {"widgets/plot", "icons"},
	"widgets/plot":      {},
	"storage":           {},
	"storage/domain":    {},
	"training":          {"training/picture"},
	"training/picture":  {},
	"storage/words":     {},
	"storage/wholefile": {},
	"training/machine":  {},
	"icons":             {},
}

// leaves import nothing of the house, and every floor may import them.
var leaves = []string{"storage/domain", "storage/words", "storage/wholefile", "training/machine"}

// TestArrows: the floors import one another in one direction only, with what is left out of the product as well.
func TestArrows(t *testing.T) {
	for _, line := range list(t, "-tags", "measure", "-f", "{{.ImportPath}}: {{join .Imports \" \"}}", "./...") {
		pkg, imports, _ := strings.Cut(line, ": ")
		if strings.HasSuffix(pkg, "test") {
			continue // holds what several packages' tests share, as a _test file holds what one's do
		}
		from := floor(pkg)
		leaf := slices.Contains(leaves, from)
		for _, imported := range strings.Fields(imports) {
			to := floor(imported)
			if to == "" || to == from {
				continue
			}
			allowed := slices.Concat(mayImport[from], leaves)
			if !leaf && (slices.Contains(allowed, to) || strings.HasPrefix(to, "app/studio") && slices.Contains(allowed, "app/studio/...")) {
				continue
			}
			t.Errorf("%s imports %s: %s may import %v", pkg, imported, from, mayImport[from])
		}
	}
}

// notPages are the folders of app that hold no part of the window: they may say which project they work on. So may the shell, package app itself.
var notPages = []string{"bench", "command", "mainflow", "product", "studio"}

// TestPagesTakeInterfaces: no page names the type of an open project, so that a test can put another in its place.
func TestPagesTakeInterfaces(t *testing.T) {
	files, err := filepath.Glob("app/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || slices.Contains(notPages, filepath.Base(filepath.Dir(file))) {
			continue
		}
		seen++
		parsed := token.NewFileSet()
		source, err := parser.ParseFile(parsed, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range naming(source, "viewfinder/app/studio", "Project") {
			t.Errorf("%s names studio.Project: a page takes an interface of what it asks of a project", parsed.Position(at))
		}
	}
	if seen < 100 {
		t.Errorf("only %d files of pages were found", seen)
	}
}

// naming says where a file names something of a package.
func naming(source *ast.File, pkg, what string) (all []token.Pos) {
	local := ""
	for _, one := range source.Imports {
		if path, err := strconv.Unquote(one.Path.Value); err == nil && path == pkg {
			if local = path[strings.LastIndex(path, "/")+1:]; one.Name != nil {
				local = one.Name.Name
			}
		}
	}
	ast.Inspect(source, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == what {
			if of, ok := s.X.(*ast.Ident); ok && local != "" && of.Name == local {
				all = append(all, s.Pos())
			}
		}
		return true
	})
	return all
}

// TestNaming: a name is found under the package's own name and under another, and nothing else is.
func TestNaming(t *testing.T) {
	for text, want := range map[string]int{
		`import "viewfinder/app/studio"; var a *studio.Project; func f(p []studio.Project) {}`: 2,
		`import other "viewfinder/app/studio"; var a other.Project`:                            1,
		`import "viewfinder/app/studio"; var a studio.View; var Project int`:                   0,
		`import studio "viewfinder/storage"; var a studio.Project`:                             0,
	} {
		source, err := parser.ParseFile(token.NewFileSet(), "a.go", "package a; "+text, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := naming(source, "viewfinder/app/studio", "Project"); len(got) != want {
			t.Errorf("%s: %d times, %d wanted", text, len(got), want)
		}
	}
}

// gui tells whether a package belongs to Fyne, OpenGL or X11.
func gui(pkg string) bool {
	for _, prefix := range []string{"fyne.io/", "github.com/go-gl/", "github.com/fyne-io/gl", "github.com/godbus/", "viewfinder/widgets/look", "viewfinder/icons"} {
		if strings.HasPrefix(pkg, prefix) {
			return true
		}
	}
	return pkg == "viewfinder/widgets" || pkg == "viewfinder/app"
}

// TestHeadless: a build with -tags headless has nothing of a window in it, and neither have the floors below the window in any build.
func TestHeadless(t *testing.T) {
	for _, pkg := range list(t, "-deps", "-tags", "headless", ".") {
		if gui(pkg) {
			t.Errorf("the headless program has %s in it", pkg)
		}
	}
	for _, pkg := range list(t, "-deps", "./app/studio/...", "./app/command/...", "./app/report/...", "./storage/...", "./training/...", "./widgets/plot/...") {
		if gui(pkg) {
			t.Errorf("a floor below the window imports %s", pkg)
		}
	}
}

// TestOneDoor: one file of the main package brings the window in.
func TestOneDoor(t *testing.T) {
	for _, line := range list(t, "-tags", "headless", "-f", "{{join .GoFiles \" \"}}: {{join .Imports \" \"}}", ".") {
		if strings.Contains(line, "viewfinder/app\"") || strings.HasSuffix(line, "viewfinder/app") || strings.Contains(line, "viewfinder/app ") {
			t.Errorf("the window is imported outside of window.go: %s", line)
		}
	}
}

// aliases are the files that give records of storage and training a name for pages and commands, which may not import those.
var aliases = map[string]string{"viewfinder/app/studio": "app/studio/words.go", "viewfinder/app/studio/runs": "app/studio/runs/words.go", "viewfinder/app/studio/evaluate": "app/studio/evaluate/judging.go"}

// TestAliases: the rooms of the studio and what measures them, which may import storage and training, name their records there.
func TestAliases(t *testing.T) {
	var files []string
	for _, pattern := range []string{"app/studio/*/*.go", "app/studio/*.go", "app/bench/*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(found), err)
		}
		files = append(files, found...)
	}
	for pkg, file := range aliases {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, d := range parsed.Decls {
			general, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, s := range general.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					names = append(names, s.Name.Name)
				case *ast.ValueSpec:
					names = append(names, s.Names[0].Name)
				}
			}
		}
		if len(names) < 10 {
			t.Errorf("only %d aliases were found in %s", len(names), file)
		}
		for _, one := range files {
			parsed := token.NewFileSet()
			source, err := parser.ParseFile(parsed, one, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range names {
				for _, at := range naming(source, pkg, name) {
					t.Errorf("%s says %s for a record of storage or training: name it there", parsed.Position(at), name)
				}
			}
		}
	}
}
