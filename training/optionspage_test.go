package training

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"viewfinder/storage/domain"
	"viewfinder/training/weights"
)

var update = flag.Bool("update", false, "write docs/options.md anew")

// optionsPage is docs/options.md, from the table.
func optionsPage() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# Training options\n")
	line("As `viewfinder train --set name=value` takes them, and the Train sheet shows them. Made from the table in `training/options.go`")
	line("by `go test ./training -run OptionsPage -update`. Defaults are those where nothing was chosen: with `weights=nothing` the architecture is\n`small_cnn`, everything learns, and size and learning rate are its own.")
	docs := map[domain.Task][]OptionDoc{}
	tasks := []domain.Task{domain.Classification, domain.Tagging, domain.Detection}
	for _, task := range tasks {
		docs[task] = OptionDocs(task, "")
	}
	for i, d := range docs[domain.Classification] {
		line("\n## %s: `%s`\n", d.Title, d.Name)
		line("%s", row(d.Name).help)
		for _, task := range tasks {
			if more := row(d.Name).more[task]; more != "" {
				line("- %s: %s", task, more)
			}
		}
		if d.Tasks != nil {
			line("\n%s%s.", strings.ToUpper(row(d.Name).only()[:1]), row(d.Name).only()[1:])
		}
		line("")
		if d.Limits != "" {
			line("- from %s", d.Limits)
		}
		for _, v := range d.Values {
			line("- `%s`: %s", v, d.Words(v))
		}
		var normal []string
		for _, task := range tasks {
			if other := docs[task][i]; task.ExactlyOne() || other.Default != d.Default {
				normal = append(normal, fmt.Sprintf("%s (%s)", quoted(other.Default), task))
			}
		}
		if len(normal) == 1 {
			normal[0] = quoted(d.Default)
		}
		line("- default: %s", strings.Join(normal, ", "))
		if !d.KeptByPresets {
			line("- set by presets")
		}
	}
	return b.String()
}

func quoted(value string) string {
	if value == "" {
		return "none"
	}
	return "`" + value + "`"
}

// The page of the documentation agrees with the table.
func TestOptionsPage(t *testing.T) {
	if !weights.HasBuiltIn() {
		t.Skip("the page is of a program with the built-in backbone")
	}
	path := filepath.Join("..", "docs", "options.md")
	want := optionsPage()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.ReplaceAll(string(got), "\r\n", "\n") != want {
		t.Error("docs/options.md is not what the table says: go test ./training -run OptionsPage -update")
	}
}
