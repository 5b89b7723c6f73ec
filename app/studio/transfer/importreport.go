package transfer

import (
	"fmt"
	"strings"

	"viewfinder/storage"
	"viewfinder/storage/interchange"
	"viewfinder/storage/wholefile"
	"viewfinder/storage/words"
)

// ImportProblem is a record, or part of one, that an import left out or changed, with file, line and reason.
type ImportProblem = interchange.Problem

// maxImportProblems bounds what a report lists; all are counted.
const maxImportProblems = 10_000

// ImportReport is what an import did.
type ImportReport struct {
	Format     string          `json:"format"`
	Views      []storage.View  `json:"-"`          // those that got annotations
	ViewNames  []string        `json:"views"`      // their names
	Images     int             `json:"images"`     // records with an image that can be read
	Added      int             `json:"added"`      // images that are new in the project
	Duplicates int             `json:"duplicates"` // images that the project (or the import itself) had already, by content
	Annotated  int             `json:"annotated"`  // datapoints that got an annotation
	Same       []ImportSame    `json:"same"`       // the first 10,000 of the duplicates
	Skipped    int             `json:"skipped"`    // problems: what was left out or changed
	Problems   []ImportProblem `json:"problems"`   // the first 10,000 of them
	Notes      []string        `json:"notes"`      // decisions that concern a whole source
	Unread     int             `json:"unread"`     // label files that were not read; the problems list them
	// NotAnnotated are images that stay not annotated since all that a source has of them was refused; Partly those that lost some of it.
	NotAnnotated int     `json:"not_annotated"`
	Partly       int     `json:"partly_annotated"`
	Cancelled    bool    `json:"cancelled"`
	Seconds      float64 `json:"seconds"`

	labelled int // images for which a source has an annotation that could be taken
}

func newReport() ImportReport {
	return ImportReport{ViewNames: []string{}, Problems: []ImportProblem{}, Same: []ImportSame{}, Notes: []string{}}
}

// count counts what became of a record's annotations.
func (r *ImportReport) count(record interchange.Record) {
	taken := record.HasAnnotation || len(record.Views) > 0
	if taken {
		r.labelled++
	}
	switch {
	case record.Refused == 0:
	case taken:
		r.Partly++
	default:
		r.NotAnnotated++
	}
}

// take keeps a source's header.
func (r *ImportReport) take(h interchange.Header) {
	r.Notes = append(r.Notes, h.Notes...)
	r.Unread += h.Lost.Files
}

// Missing is the warning that no annotation was imported although there are some in the sources; "" where all is well.
func (r *ImportReport) Missing() string {
	if r.labelled > 0 || r.Cancelled {
		return ""
	}
	switch {
	case r.Unread > 0:
		return "no annotation came in: " + words.Count(r.Unread, "label file") + " could not be read"
	case r.NotAnnotated > 0:
		return "no annotation came in: every box or concept was refused"
	case r.Images == 0 && r.Skipped > 0:
		return "no image came in: all that the sources have was skipped"
	}
	return ""
}

// ImportSame is an image of a source that the project has already, by content.
type ImportSame struct {
	File string `json:"file"` // in the source
	Name string `json:"name"` // of the project's image
}

func (r *ImportReport) duplicate(file, name string) {
	r.Duplicates++
	if len(r.Same) < maxImportProblems {
		r.Same = append(r.Same, ImportSame{File: file, Name: name})
	}
}

func (r *ImportReport) problem(p ImportProblem) {
	r.Skipped++
	if len(r.Problems) < maxImportProblems {
		r.Problems = append(r.Problems, p)
	}
}

// Sentence describes in one line what was done.
func (r *ImportReport) Sentence() string {
	parts := []string{words.Count(r.Added, "image") + " added"}
	if r.Duplicates > 0 {
		parts = append(parts, fmt.Sprintf("%d duplicates", r.Duplicates))
	}
	if r.Annotated > 0 {
		parts = append(parts, fmt.Sprintf("%d annotated", r.Annotated))
	}
	text := strings.Join(append(parts, r.losses()...), ", ")
	if r.Cancelled {
		text += "; cancelled: what was imported so far is kept"
	}
	return text
}

// losses are the parts of the sentence on what was not imported.
func (r *ImportReport) losses() (parts []string) {
	if r.Unread > 0 {
		parts = append(parts, words.Count(r.Unread, "label file")+" not read")
	}
	if r.NotAnnotated > 0 {
		parts = append(parts, words.Count(r.NotAnnotated, "image")+" left not annotated because the annotations were refused")
	}
	if r.Partly > 0 {
		parts = append(parts, words.Count(r.Partly, "image")+" annotated in part, to be reviewed")
	}
	if r.Skipped > 0 {
		parts = append(parts, words.Count(r.Skipped, "problem"))
	}
	return parts
}

// Text is the report in full, a line for each problem.
func (r *ImportReport) Text() string { return r.text(r.Sentence()) }

func (r *ImportReport) text(sentence string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", sentence)
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "%s\n", n)
	}
	for _, p := range r.Problems {
		fmt.Fprintf(&b, "%s\n", p)
	}
	if rest := r.Skipped - len(r.Problems); rest > 0 {
		fmt.Fprintf(&b, "and %d more\n", rest)
	}
	for _, s := range r.Same {
		fmt.Fprintf(&b, "%s: duplicate of %s, not added again\n", s.File, s.Name)
	}
	if rest := r.Duplicates - len(r.Same); rest > 0 {
		fmt.Fprintf(&b, "and %d more duplicates\n", rest)
	}
	return b.String()
}

// Save writes the report's text to a file.
func (r *ImportReport) Save(path string) error { return saveReport(path, r.Sentence(), r) }

func saveReport(path, sentence string, r *ImportReport) error {
	if err := wholefile.Write(path, []byte(r.text(sentence))); err != nil {
		return fmt.Errorf("saving the report: %w", err)
	}
	return nil
}
