package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const top = "../../.."

// TestUpToDate: the file in the repository is what `make notices` would write now. It fails as soon as a linked module is missing, is another version, or has
// another licence.
func TestUpToDate(t *testing.T) {
	committed, err := os.ReadFile(filepath.Join(top, "THIRD_PARTY_NOTICES"))
	if err != nil {
		t.Fatal(err)
	}
	made, err := notices(top)
	if err != nil {
		t.Fatal(err)
	}
	if made == string(committed) {
		return
	}
	missing, extra := difference(made, string(committed)), difference(string(committed), made)
	t.Errorf("THIRD_PARTY_NOTICES is out of date; run `make notices`.\nnot in it: %q\nno longer true: %q", missing, extra)
}

// difference is up to five lines of a that b lacks.
func difference(a, b string) (lines []string) {
	has := map[string]bool{}
	for _, l := range strings.Split(b, "\n") {
		has[l] = true
	}
	for _, l := range strings.Split(a, "\n") {
		if !has[l] && len(lines) < 5 {
			lines = append(lines, l)
		}
	}
	return lines
}

// TestProcessors: a build for ARM links the same modules as one for x86, so that listing one of them is enough.
func TestProcessors(t *testing.T) {
	if testing.Short() {
		t.Skip("asks the Go command twelve times")
	}
	for _, b := range builds {
		modules := func(processor string) (list []string) {
			if err := b.list(top, processor, func(p listed) { list = append(list, p.Module.Path) }); err != nil {
				t.Fatal(err)
			}
			slices.Sort(list)
			return slices.Compact(list)
		}
		if x86, arm := modules("amd64"), modules("arm64"); !slices.Equal(x86, arm) {
			t.Errorf("%+v: amd64 links %v, arm64 %v", b, x86, arm)
		}
	}
}

// TestCollect: what makes a component unfit to be given on is an error that names it.
func TestCollect(t *testing.T) {
	const mit = "Permission is hereby granted, free of charge, to any person obtaining a copy\nof this software and associated documentation files"
	for name, c := range map[string]struct {
		files map[string]string
		wrong string
		kinds string
	}{
		"top":         {map[string]string{"LICENSE": mit}, "", "MIT"},
		"british":     {map[string]string{"Licence.md": mit}, "", "MIT"},
		"package":     {map[string]string{"LICENSE": mit, "inner/pkg/COPYING": "Apache License\n   Version 2.0"}, "", "MIT Apache-2.0"},
		"c":           {map[string]string{"LICENSE": mit, "inner/pkg/c/deep/LICENSE.txt": "SQLite Is Public Domain"}, "", "MIT blessing"},
		"elsewhere":   {map[string]string{"LICENSE": mit, "other/COPYING": "GNU GENERAL PUBLIC LICENSE Version 2"}, "", "MIT"},
		"third party": {map[string]string{"LICENSE": mit, "THIRD_PARTY_LICENSES/x": "The FreeType Project LICENSE"}, "", "MIT FTL"},
		"missing":     {map[string]string{"README": mit}, "example.org/m v1.0.0 has no licence file", ""},
		"source":      {map[string]string{"license.go": mit}, "has no licence file", ""},
		"unknown":     {map[string]string{"LICENSE": "All rights reserved."}, "no licence is recognised in LICENSE", ""},
		"copyleft":    {map[string]string{"LICENSE": mit, "inner/LICENSE": "GNU LESSER GENERAL PUBLIC LICENSE\n  Version 3"}, "inner/LICENSE is under GPL", ""},
		"mozilla":     {map[string]string{"LICENSE": "Mozilla Public License Version 2.0"}, "under MPL-2.0", ""},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			write := func(file, text string) {
				path := filepath.Join(root, filepath.FromSlash(file))
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			for file, text := range c.files {
				write(file, text)
			}
			write("inner/pkg/a.go", "package pkg")
			m := &module{path: "example.org/m", version: "v1.0.0", root: root, in: builds,
				packages: []*folder{{path: "example.org/m/inner/pkg", dir: filepath.Join(root, "inner", "pkg"), cgo: true}}}
			// The supplements need a module with the text of the Apache License.
			apache := &module{path: "github.com/spf13/cobra", root: t.TempDir(), in: builds}
			apache.packages = []*folder{{path: apache.path, dir: apache.root}}
			if err := os.WriteFile(filepath.Join(apache.root, "LICENSE.txt"), []byte("Apache License Version 2.0"), 0o644); err != nil {
				t.Fatal(err)
			}
			list, err := collect(top, []*module{m, apache})
			if c.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), c.wrong) {
					t.Errorf("the error is %v, not about %q", err, c.wrong)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(list[0].kinds, " "); got != c.kinds {
				t.Errorf("licences %q, not %q", got, c.kinds)
			}
			if names := render(list); !strings.Contains(names, "example.org/m v1.0.0\n    "+strings.Join(list[0].kinds, ", ")+"; in all builds; texts [") {
				t.Errorf("the file does not name the module:\n%s", names[:1500])
			}
		})
	}
}

func TestKindsOf(t *testing.T) {
	for text, want := range map[string]string{
		"// Redistribution and use in\n// source and binary forms, with or without ...":                              "BSD-2-Clause",
		"Redistribution and use in source and binary forms ... Neither the name of X":                                "BSD-3-Clause",
		"Redistribution and use in source and binary forms ... Neither the names of":                                 "BSD-3-Clause",
		"Redistribution and use in source and binary forms ... does not give you the right to use Servicemarks (sm)": "ZPL-2.1",
		"licensed under the Apache License, Version 2.0":                                                             "Apache-2.0",
		"SIL OPEN FONT LICENSE Version 1.1 - 26 February 2007":                                                       "OFL-1.1",
		"GNU General Public License, Version 2.0":                                                                    "", // named, not given
		"GNU GENERAL PUBLIC LICENSE\n   Version 2, June 1991":                                                        "GPL",
		"": "",
	} {
		if got := strings.Join(kindsOf(text), " "); got != want {
			t.Errorf("%q is under %q, not %q", text, got, want)
		}
	}
}

func TestWhere(t *testing.T) {
	of := func(words ...string) (list []build) {
		for _, w := range words {
			system, headless := strings.CutSuffix(w, "-")
			list = append(list, build{system, headless})
		}
		return list
	}
	for want, in := range map[string][]build{
		"all builds":                            builds,
		"builds with the window":                of("linux", "windows", "darwin"),
		"builds for Windows":                    of("windows", "windows-"),
		"builds for Linux, macOS with window":   of("linux", "linux-", "darwin"),
		"builds for Windows headless":           of("windows-"),
		"builds for Linux with window, Windows": of("linux", "windows", "windows-"),
	} {
		if got := where(in); got != want {
			t.Errorf("%v is %q, not %q", in, got, want)
		}
	}
}

// TestRender: a text that two components share, though its lines are broken otherwise, is printed once.
func TestRender(t *testing.T) {
	one := component{name: "b", version: "v1", kinds: []string{"MIT"}, in: builds, texts: []document{{"LICENSE", "one two\nthree"}}}
	two := component{name: "A", note: "a font", kinds: []string{"MIT"}, in: builds, texts: []document{{"COPYING", "one\ntwo three"}, {"NOTICE", "four"}}}
	text := render([]component{one, two})
	if strings.Count(text, "three") != 1 || !strings.Contains(text, "[1]\n    A (COPYING)\n    b v1 (LICENSE)\n") {
		t.Error(text)
	}
	if !strings.Contains(text, "A\n    a font\n    MIT; in all builds; texts [1] [2]\nb v1\n    MIT; in all builds; texts [1]\n") {
		t.Error(text)
	}
}
