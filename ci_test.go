package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// numeric are packages of which .ci/test runs under the race detector only the tests in which several threads work.
var numeric = []string{"viewfinder/training/kernels", "viewfinder/training/nn"}

// TestRaced: .ci/raced names every package that starts goroutines.
func TestRaced(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(".ci", "raced"))
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"-f", "{{.ImportPath}}"}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if !strings.HasPrefix(line, "#") {
			args = append(args, line)
		}
	}
	raced := append(list(t, args...), numeric...)
	found := 0
	for _, line := range list(t, "-f", "{{.ImportPath}} {{.Dir}} {{join .GoFiles \" \"}}", "./...") {
		words := strings.Fields(line)
		pkg, dir := words[0], words[1]
		for _, file := range words[2:] {
			if at := starts(t, filepath.Join(dir, file)); at != "" {
				found++
				if !slices.Contains(raced, pkg) {
					t.Errorf("%s starts goroutines (%s) and is not in .ci/raced", pkg, at)
				}
				break
			}
		}
	}
	if found < 5 {
		t.Errorf("only %d packages start goroutines: the test looks in the wrong place", found)
	}
}

// starts says where a file starts a goroutine: by a go statement, or by a method Go as those of sync.WaitGroup and errgroup.Group. "" = nowhere.
func starts(t *testing.T, path string) (at string) {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			at = files.Position(n.Pos()).String()
		case *ast.CallExpr:
			if s, ok := n.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Go" {
				at = files.Position(n.Pos()).String()
			}
		}
		return at == ""
	})
	return at
}

// TestLong: .ci/long finds the tests that -short leaves out, those that ask a function of their own package among them.
func TestLong(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("it is a script for a Unix shell")
	}
	dir := t.TempDir()
	const source = `package p

func TestDirect(t *testing.T) {
	if testing.Short() {
		t.Skip()
	}
}

func helper(t *testing.T) {
	if testing.Short() {
		t.Skip()
	}
}

func between(t *testing.T) { helper(t) }

func TestByHelper(t *testing.T) { helper(t) }

func TestBetween(t *testing.T) {
	between(t)
}

func TestQuick(t *testing.T) {
	otherhelper(t)
}

func BenchmarkNot(b *testing.B) {
	if testing.Short() {
		b.Skip()
	}
}
`
	if err := os.WriteFile(filepath.Join(dir, "a_test.go"), []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("bash", filepath.Join(".ci", "long"), dir).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	pattern, err := regexp.Compile(strings.TrimSpace(string(out)))
	if err != nil {
		t.Fatal(err)
	}
	for name, long := range map[string]bool{"TestDirect": true, "TestByHelper": true, "TestBetween": true, "TestQuick": false, "BenchmarkNot": false, "TestDirectly": false} {
		if pattern.MatchString(name) != long {
			t.Errorf("%s: %s", name, pattern)
		}
	}
}
