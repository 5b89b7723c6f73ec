package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sort"
	"strings"
)

// build is one way to build the program.
type build struct {
	system   string // as in GOOS
	headless bool
}

// builds are the binaries that are given on. Both processors of a system link the same modules; the test holds that.
var builds = []build{{"linux", false}, {"linux", true}, {"windows", false}, {"windows", true}, {"darwin", false}, {"darwin", true}}

// module is a Go module of which at least one package is linked into a build.
type module struct {
	path, version string
	root          string    // its folder
	packages      []*folder // those that are linked
	in            []build
}

// folder is what of a package matters for its licence.
type folder struct {
	path  string // import path
	dir   string
	cgo   bool     // C files lie in it or below it
	files []string // embedded ones, relative to dir
}

// linked asks the Go command for all modules that are linked into the builds, in the order of their paths. This module and the standard library are
// left out.
func linked(dir string) ([]*module, error) {
	modules := map[string]*module{}
	folders := map[string]*folder{}
	for _, b := range builds {
		if err := b.list(dir, "amd64", func(p listed) {
			m := modules[p.Module.Path]
			if m == nil {
				m = &module{path: p.Module.Path, version: p.Module.Version, root: p.Module.Dir}
				if p.Module.Replace != nil {
					m.root = p.Module.Replace.Dir
				}
				modules[m.path] = m
			}
			if len(m.in) == 0 || m.in[len(m.in)-1] != b {
				m.in = append(m.in, b)
			}
			f := folders[p.ImportPath]
			if f == nil {
				f = &folder{path: p.ImportPath, dir: p.Dir}
				folders[p.ImportPath] = f
				m.packages = append(m.packages, f)
			}
			f.cgo = f.cgo || len(p.CgoFiles) > 0
			if len(f.files) == 0 {
				f.files = p.EmbedFiles
			}
		}); err != nil {
			return nil, err
		}
	}
	list := make([]*module, 0, len(modules))
	for _, m := range modules {
		sort.Slice(m.packages, func(i, j int) bool { return m.packages[i].path < m.packages[j].path })
		list = append(list, m)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].path < list[j].path })
	return list, nil
}

// listed is what `go list -json` says of a package.
type listed struct {
	ImportPath, Dir      string
	Standard             bool
	CgoFiles, EmbedFiles []string
	Module               *struct {
		Path, Version, Dir string
		Main               bool
		Replace            *struct{ Dir string }
	}
}

// list calls found with each package of other modules that is linked into a build.
func (b build) list(dir, processor string, found func(listed)) error {
	args := []string{"list", "-deps", "-json=ImportPath,Dir,Standard,CgoFiles,EmbedFiles,Module"}
	if b.headless {
		args = append(args, "-tags=headless")
	}
	c := exec.Command("go", append(args, ".")...)
	c.Dir = dir
	// Fyne's window is written with cgo on all three systems. Listing needs no C compiler.
	c.Env = append(os.Environ(), "GOOS="+b.system, "GOARCH="+processor, "CGO_ENABLED=1", "GOWORK=off")
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.Output()
	if err != nil {
		return fmt.Errorf("go %s for %s: %w: %s", strings.Join(args, " "), b.system, err, strings.TrimSpace(errs.String()))
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("reading what go list says: %w", err)
		}
		if p.Standard || p.Module == nil || p.Module.Main {
			continue
		}
		found(p)
	}
}
