package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// component is something in a binary that has a licence of its own.
type component struct {
	name, version string
	note          string // what it is, where the name does not say it
	kinds         []string
	in            []build
	texts         []document
}

// document is a licence's text, or a notice that has to go with it.
type document struct {
	file string // as it is called where it comes from
	text string
}

// licenceFile matches the names of licences and of notices that must be kept with what they belong to.
var licenceFile = regexp.MustCompile(`(?i)^((un)?licen[cs]e|copying|copyright|notice|patents|ofl)([-_.].*)?$`)

// folderOfLicences matches folders that hold nothing else.
var folderOfLicences = regexp.MustCompile(`(?i)^third[-_]party[-_]licen[cs]es$`)

// collect reads the licences of the modules, adds what supplements.go knows beside them, and checks all.
func collect(dir string, modules []*module) ([]component, error) {
	var list []component
	var wrong []error
	for _, m := range modules {
		c := component{name: m.path, version: m.version, in: m.in}
		files, err := m.licences()
		if err != nil {
			return nil, err
		}
		for _, file := range append(files, furtherFiles[m.path]...) {
			d, err := read(m.root, file)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", m.path, err)
			}
			c.texts = append(c.texts, d)
		}
		list = append(list, c)
	}
	more, err := supplements(dir, modules)
	if err != nil {
		return nil, err
	}
	list = append(list, more...)
	for i := range list {
		if err := list[i].check(); err != nil {
			wrong = append(wrong, err)
		}
	}
	return list, errors.Join(wrong...)
}

// licences are the files, relative to the module's folder, in the folders of linked packages and above them; also in folders without Go files below packages
// that compile C, and beside embedded files.
func (m *module) licences() ([]string, error) {
	dirs := map[string]bool{}
	upward := func(dir string) {
		for {
			dirs[dir] = true
			if dir == m.root || dir == filepath.Dir(dir) {
				return
			}
			dir = filepath.Dir(dir)
		}
	}
	for _, p := range m.packages {
		upward(p.dir)
		for _, file := range p.files {
			upward(filepath.Dir(filepath.Join(p.dir, filepath.FromSlash(file))))
		}
		if p.cgo {
			if err := filepath.WalkDir(p.dir, func(path string, e fs.DirEntry, err error) error {
				if err != nil || !e.IsDir() || path == p.dir {
					return err
				}
				if programs, _ := filepath.Glob(filepath.Join(path, "*.go")); len(programs) > 1 { // one may be there so that the folder is vendored
					return filepath.SkipDir
				}
				dirs[path] = true
				return nil
			}); err != nil {
				return nil, err
			}
		}
	}
	var files []string
	for d := range dirs {
		entries, err := os.ReadDir(d)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			switch {
			case e.IsDir() && folderOfLicences.MatchString(e.Name()):
				inner, err := os.ReadDir(filepath.Join(d, e.Name()))
				if err != nil {
					return nil, err
				}
				for _, f := range inner {
					files = append(files, filepath.Join(d, e.Name(), f.Name()))
				}
			case !e.IsDir() && licenceFile.MatchString(e.Name()) && filepath.Ext(e.Name()) != ".go":
				files = append(files, filepath.Join(d, e.Name()))
			}
		}
	}
	for i, f := range files {
		rel, err := filepath.Rel(m.root, f)
		if err != nil {
			return nil, err
		}
		files[i] = filepath.ToSlash(rel)
	}
	// Those of the top first: they are the module's own.
	sort.Slice(files, func(i, j int) bool {
		a, b := strings.Count(files[i], "/"), strings.Count(files[j], "/")
		return a < b || a == b && files[i] < files[j]
	})
	return files, nil
}

func read(root, file string) (document, error) {
	data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
	if err != nil {
		return document{}, err
	}
	return document{file, tidy(string(data))}, nil
}

// tidy breaks lines as Unix does and leaves out what cannot be seen.
func tidy(text string) string {
	text = strings.TrimPrefix(strings.ReplaceAll(text, "\r\n", "\n"), "\ufeff")
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t\r\f")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// check names the component's licences, and says what is wrong with them.
func (c *component) check() error {
	if len(c.texts) == 0 {
		return fmt.Errorf("%s %s has no licence file: look it up and add it to supplements.go", c.name, c.version)
	}
	for _, d := range c.texts {
		for _, k := range kindsOf(d.text) {
			if !allowed[k] && !slices.Contains(tolerated[c.name], k) {
				return fmt.Errorf("%s %s: %s is under %s, which nobody has allowed (licenses.go)", c.name, c.version, d.file, k)
			}
			if allowed[k] && !slices.Contains(c.kinds, k) {
				c.kinds = append(c.kinds, k)
			}
		}
	}
	if len(c.kinds) == 0 {
		return fmt.Errorf("%s %s: no licence is recognised in %s (licenses.go)", c.name, c.version, c.texts[0].file)
	}
	return nil
}
