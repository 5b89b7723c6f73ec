package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestArchitecturePaths: the files and folders that docs/architecture.md sends a newcomer to exist, and so do the rooms in its tree.
func TestArchitecturePaths(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("docs", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	exists := func(path string) {
		if _, err := os.Stat(filepath.FromSlash(path)); err != nil {
			t.Errorf("docs/architecture.md names %s: %v", path, err)
		}
	}
	found := 0
	for _, m := range regexp.MustCompile("`((?:app|training|storage|widgets|icons|\\.ci)/[\\w./-]+)`").FindAllStringSubmatch(string(text), -1) {
		exists(m[1])
		found++
	}
	if found < 20 {
		t.Errorf("only %d paths were found: the pattern fits the page no longer", found)
	}
	_, tree, _ := strings.Cut(string(text), "```\n")
	tree, _, _ = strings.Cut(tree, "```")
	var folders []string // of the lines above, by depth
	for line := range strings.Lines(tree) {
		names := regexp.MustCompile(`^( *)([\w.-]+(?:/[\w-]+)?/)`).FindStringSubmatch(line)
		if names == nil {
			continue
		}
		depth := len(names[1]) / 2
		if depth > len(folders) {
			t.Fatalf("docs/architecture.md: nothing stands above %q", line)
		}
		folders = append(folders[:depth], strings.TrimSuffix(names[2], "/"))
		exists(strings.Join(folders, "/"))
	}
}
