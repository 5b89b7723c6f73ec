package interchange

import (
	"fmt"

	"viewfinder/storage/domain"
)

// Format names a format, in the words of `viewfinder import --format`.
type Format string

// Split is one of these, or "" where a source does not tell.
const (
	Train = string(domain.SplitTrain)
	Val   = string(domain.SplitVal)
	Test  = string(domain.SplitTest)
)

// Box is a rectangle with its concept. In records that come from an importer
// it lies in fractions of the image where Pixels is false, and in pixels where
// the format gives pixels without the image's size. Use Fractions.
type Box struct {
	domain.Box
	Pixels  bool
	Concept string
}

// Record is one image of a source with its annotations.
type Record struct {
	File string // where the record stands: a path below the root, with slashes
	Line int    // line within File, from 1; 0 where lines mean nothing
	// ImagePath is the image's path below the source's root, with slashes. It
	// has been checked to stay below it; open it with Source.Open, which also
	// keeps symbolic links from leaving it.
	ImagePath string
	Split     string // "", Train, Val or Test
	// Width and Height in pixels, where the source gives them; else 0.
	Width, Height int
	// HasAnnotation tells "annotated without concept" from "not annotated".
	HasAnnotation bool
	Concepts      []string // of the whole image: classification and tagging
	Boxes         []Box    // detection
	Reviewed      bool
	// Refused is how many boxes or other annotations of the image the source
	// has that could not be taken. An image that has none besides is not
	// annotated, for something is there.
	Refused int
	// Views is filled by the Studio format only: the annotations of each view.
	// HasAnnotation, Concepts and Boxes then are empty.
	Views []ViewAnnotation

	embedded func() ([]byte, error) // reads an image that lies inside a file
}

// ViewAnnotation is one annotated datapoint of a view of the Studio format.
type ViewAnnotation struct {
	View     string   // the view's path: names from the root joined by "/"
	Source   string   // the region of the parent that is annotated; "" for the whole image
	Reviewed bool     //
	Regions  []Region // empty: annotated without concept
}

// Region is one region of a ViewAnnotation.
type Region struct {
	ID       string      // unique within the record; names the crop in child views
	Box      *domain.Box // nil: the whole datapoint; fractions of the image
	Concepts []string
}

// View is one view of the Studio format's header.
type View struct {
	Path       string // names from the root joined by "/"; parents come first
	Parent     string // path of the parent; "" for a root view
	Name       string
	Type       domain.Task
	Concepts   []Concept
	Conditions *Condition // on the parent's concepts; nil: everything
}

// Concept is a concept with its colour and shortcut key, either of which may be empty.
type Concept struct {
	Name  string `json:"name"`
	Color string `json:"color,omitempty"`
	Key   string `json:"key,omitempty"`
}

// Condition is a tree of "and" and "or" over concepts of the parent view.
type Condition struct {
	Op      string      `json:"op"` // "and", "or" or "concept"
	Concept string      `json:"concept,omitempty"`
	Of      []Condition `json:"of,omitempty"`
}

// Header describes a source as a whole: its task, concepts, views and notes.
type Header struct {
	Format Format
	Name   string
	// ViewType that the annotations suit; "" for plain images and the Studio
	// format. For CSV it follows from the records.
	ViewType domain.Task
	// Concepts in the source's own order where it declares them (COCO, YOLO,
	// folders); records may bring others.
	Concepts []string
	Views    []View // Studio format only
	// Notes are sentences about decisions that concern the whole source.
	Notes []string
	// Lost counts what was not imported.
	Lost Lost
}

// Problem is a record, or a part of one, that was left out or changed.
type Problem struct {
	File   string `json:"file"`             // path below the root, with slashes
	Line   int    `json:"line,omitempty"`   // 0 where lines mean nothing
	Record string `json:"record,omitempty"` // what in the file: an image's name, an object
	Reason string `json:"reason"`
}

func (p Problem) String() string {
	where := p.File
	if p.Line > 0 {
		where = fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	if p.Record != "" && p.Record != p.File {
		where += " (" + p.Record + ")"
	}
	return where + ": " + p.Reason
}

// Limits of what is accepted from a source.
const (
	maxTextBytes = 256 << 20 // a table or a JSON file
	maxXMLBytes  = 4 << 20   // one image's annotation
	maxLineBytes = 1 << 20
	maxConcept   = 200 // bytes of a concept's name
	maxPathBytes = 4096
	maxDepth     = 32      // of folders, of XML elements
	maxFiles     = 2 << 20 // in one source
	maxRegions   = 10_000  // of one image
	maxConcepts  = 10_000
	maxSide      = 1 << 20 // pixels
)

// refuse reports an annotation of the image that cannot be taken, and counts it.
func (r *Record) refuse(problem Report, line int, what, reason string) {
	r.Refused++
	problem(Problem{File: r.File, Line: line, Record: what, Reason: reason})
}

// settle makes an image of which everything was refused "not annotated": it is
// no verified negative. What is left of others is to be reviewed.
func (r *Record) settle(lost *Lost) {
	if r.Refused == 0 {
		return
	}
	lost.Refused += r.Refused
	r.Reviewed = false
	if len(r.Boxes)+len(r.Concepts)+len(r.Views) > 0 {
		lost.Partly++
		return
	}
	r.HasAnnotation = false
	lost.NotAnnotated++
}
