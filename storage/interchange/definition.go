package interchange

import (
	"fmt"
	"slices"
	"strings"

	"viewfinder/storage/domain"
)

// Definition describes a format completely. It stands in the
// format's own file; the lists of the window, of the command line and of
// docs/formats.md are made from it.
type Definition struct {
	Name    Format
	Title   string // in the window, such as "Pascal VOC"
	Summary string // one line of the command's help
	Files   string // what lies where, for the documentation
	Loses   string // what of its files is not read, for the documentation; "" for nothing
	Proved  string // the public repositories with whose files reading it was tried, for the documentation; "" for none
	Holds   Holds
	// Only is the reason why the format suits no other tasks than Holds.Tasks, and
	// Instead what does, where a person asks for it.
	Only, Instead string
	// Known is by what the format is recognised; the most certain kinds are asked first.
	Known Known
	// Sniff reports whether a file is one of this format's, by its name and the
	// beginning of its text, and Unread why such a file may stay unread ("" for
	// the usual reasons): that is how label files are named that nobody read.
	Sniff  func(name, head string) bool
	Unread string

	// Exports are the tasks that are written, where its tools read fewer than
	// Holds.Tasks; nil: the same.
	Exports []domain.Task

	naming   naming          // what images keep of their names
	importer Importer        // nil: cannot be read
	exporter func() exporter // nil: cannot be written
}

// Holds is what a format can hold.
type Holds struct {
	Tasks        []domain.Task // the tasks of a view that it holds
	Boxes        bool          // boxes with their concepts
	Splits       bool          // which image is in which split
	Negatives    bool          // "annotated without concept" as something else than "not annotated"
	Unannotated  bool          // images that are not annotated, so that no program takes them for negatives
	Reviewed     bool          // that an annotation was reviewed
	SeveralViews bool          // the whole tree of views, with their conditions and crops
}

// Known is what a format is recognised by.
type Known int

// What a format is recognised by, most certain first.
const (
	ByContent Known = iota // words in its files that no other format has
	ByTable                // a table, whose columns must be guessed
	ByFolders              // the names of folders alone
	ByNothing              // it takes whatever no other format took
)

// byCertainty returns the formats that can be read in the order in which they
// are asked whether they recognise a source.
func byCertainty() []*Definition {
	var list []*Definition
	for i := range formats {
		if formats[i].importer != nil {
			list = append(list, &formats[i])
		}
	}
	slices.SortStableFunc(list, func(a, b *Definition) int { return int(a.Known - b.Known) })
	return list
}

// Lookup returns the definition of a format.
func Lookup(name Format) (Definition, bool) {
	for _, d := range formats {
		if d.Name == name {
			return d, true
		}
	}
	return Definition{}, false
}

// ImportDefinitions returns the formats that can be read, in the order of the
// documentation.
func ImportDefinitions() []Definition {
	return slices.DeleteFunc(slices.Clone(formats), func(d Definition) bool { return d.importer == nil })
}

// ExportDefinitions returns the formats that can be written, in the order of
// the documentation.
func ExportDefinitions() []Definition {
	return slices.DeleteFunc(slices.Clone(formats), func(d Definition) bool { return d.exporter == nil })
}

// Formats returns the names of the formats that can be read.
func Formats() []Format { return namesOf(ImportDefinitions()) }

// ExportFormats returns the formats that can hold a view of type t, in the
// order of the documentation.
func ExportFormats(t domain.Task) []Format {
	return namesOf(slices.DeleteFunc(ExportDefinitions(), func(d Definition) bool { return d.suits(t) != nil }))
}

func namesOf(list []Definition) []Format {
	names := make([]Format, len(list))
	for i, d := range list {
		names[i] = d.Name
	}
	return names
}

// Writes reports whether the format can be exported.
func (d Definition) Writes() bool { return d.exporter != nil }

// Task describes the views that the format can hold: "a classification
// or a tagging", "any view", "all views", "the images alone".
func (d Definition) Task() string {
	switch {
	case d.Holds.SeveralViews:
		return "all views with their conditions, or one with those above it"
	case len(d.Holds.Tasks) == 0:
		return "the images alone"
	}
	return taskWords(d.Holds.Tasks)
}

// ExportTask is Task for what can be exported to the format.
func (d Definition) ExportTask() string {
	if d.Exports != nil {
		return taskWords(d.Exports)
	}
	return d.Task()
}

func taskWords(tasks []domain.Task) string {
	if len(tasks) == 3 {
		return "any view"
	}
	words := make([]string, len(tasks))
	for i, t := range tasks {
		words[i] = "a " + string(t)
	}
	return strings.Join(words, " or ")
}

// NamesImages reports whether the format has files that name the images, so that
// these may lie elsewhere.
func (d Definition) NamesImages() bool { return d.Holds.SeveralViews || d.Holds.Boxes }

// suits reports whether the format holds the annotations of views of type t.
func (d Definition) suits(t domain.Task) error {
	tasks := d.Holds.Tasks
	if d.Exports != nil {
		tasks = d.Exports
	}
	if d.Holds.SeveralViews || len(tasks) == 0 || slices.Contains(tasks, t) {
		return nil
	}
	err := fmt.Sprintf("the format %s %s, not %s", d.Name, d.Only, t)
	if d.Instead != "" {
		err += "; use " + d.Instead
	}
	return fmt.Errorf("%s", err)
}
