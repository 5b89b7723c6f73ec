// Package sample holds the sample project that is inside the program: photos
// of waste and of blood cells with annotations for views of all three types,
// and some images left to annotate. It knows the files only; the studio makes
// a project of them, a fresh one each time.
//
// The files are made by generate out of ../shared/data; ORIGIN.md names where
// the photos come from, and their licences lie beside it.
package sample

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"

	"viewfinder/storage/interchange"
)

//go:embed sample.jsonl ORIGIN.md LICENSE-bccd.txt LICENSE-trashnet.txt images versions
var files embed.FS

// Manifest describes the sample project.
type Manifest struct {
	Name string
	// Views is the tree: parents come before their children.
	Views []interchange.View
	// Images in the order in which they are to be added. ImagePath is what
	// Open takes. Views is what is annotated, parents before children.
	Images []interchange.Record
	// Versions that were trained on it, the oldest first.
	Versions []Version
}

// Version is a model version of the sample project.
type Version struct {
	View    string            `json:"view"` // its name
	Name    string            `json:"name"`
	Options json.RawMessage   `json:"options"`
	Files   map[string][]byte `json:"-"` // of its run folder, by name, as the studio packed them
}

// Name is the sample project's name.
const Name = "Waste and blood cells"

// Read returns the manifest. An error means that the program was built from
// damaged files.
func Read() (Manifest, error) {
	f, err := files.Open("sample.jsonl")
	if err != nil {
		return Manifest{}, fmt.Errorf("reading the sample project: %w", err)
	}
	defer f.Close()
	m := Manifest{Name: Name}
	var bad *interchange.Problem
	header, err := interchange.ReadStudio(context.Background(), f, "sample.jsonl",
		func(image string) (string, error) {
			_, err := fs.Stat(files, image)
			return image, err
		},
		func(r interchange.Record) error {
			m.Images = append(m.Images, r)
			return nil
		},
		func(p interchange.Problem) {
			if bad == nil {
				bad = &p
			}
		})
	if err == nil && bad != nil {
		err = fmt.Errorf("%v", *bad)
	}
	if err != nil {
		return Manifest{}, fmt.Errorf("reading the sample project: %w", err)
	}
	m.Views = header.Views
	if m.Versions, err = readVersions(); err != nil {
		return Manifest{}, fmt.Errorf("reading the sample project: %w", err)
	}
	return m, nil
}

// FromNothing is the name of the version that starts from nothing.
const FromNothing = "From nothing"

// VersionFile describes a version, in its folder below VersionsDir.
const (
	VersionsDir = "versions"
	VersionFile = "version.json"
)

// readVersions reads the trained versions, a folder each, in the order of the folders' names.
func readVersions() ([]Version, error) {
	folders, err := files.ReadDir(VersionsDir)
	if err != nil {
		return nil, err
	}
	var all []Version
	for _, folder := range folders {
		dir := path.Join(VersionsDir, folder.Name())
		if !folder.IsDir() {
			continue
		}
		v := Version{Files: map[string][]byte{}}
		entries, err := files.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			data, err := files.ReadFile(path.Join(dir, e.Name()))
			if err != nil {
				return nil, err
			}
			if e.Name() != VersionFile {
				v.Files[e.Name()] = data
			} else if err := json.Unmarshal(data, &v); err != nil {
				return nil, fmt.Errorf("%s: %w", dir, err)
			}
		}
		all = append(all, v)
	}
	return all, nil
}

// Open opens one of the sample's files: an image by its ImagePath, or
// ORIGIN.md, LICENSE-bccd.txt, LICENSE-trashnet.txt, which should be copied
// beside what is made of the photos. The file can be read and sought.
func Open(name string) (fs.File, error) { return files.Open(path.Clean(name)) }
