package interchange

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"viewfinder/storage/domain"
)

// Studio is the name of this format.
const Studio Format = "studio"

// studioFormat is the Studio import file's definition.
var studioFormat = Definition{
	Name: Studio, Title: "Studio import file",
	Summary:  "the Studio import file, one JSON object a line",
	Files:    "a `.jsonl` file: a header with the tree of views, then one object an image; the images beside it or in `images/`",
	Holds:    Holds{Tasks: domain.Tasks(), Boxes: true, Splits: true, Negatives: true, Unannotated: true, Reviewed: true, SeveralViews: true},
	Sniff:    func(_, head string) bool { return studioHeaded(head) },
	importer: studioImporter{},
	naming:   keepFolders,
	exporter: func() exporter { return &studioExporter{} },
}

// studioImporter reads the Studio import file: one JSON object a line, first a
// header with name, splits and the tree of views (name, type, concepts,
// conditions as a list, OR, of lists, AND, of the parent's concepts, children),
// then one object an image:
//
//	{"data": "images/1.jpg", "splits": ["train"], "annotations": [
//	  {"concepts": [{"name": "RBC"}], "bbox": {"xmin": 0.1, "xmax": 0.2, "ymin": 0.3, "ymax": 0.4}}]}
//
// A concept is a name or an object with a name; where several views have a
// concept of that name, "view" selects one (the view's name, or its
// path from the root joined by "/"). The concepts of views below a detection
// stand in the annotation whose bbox is their crop.
//
// Extensions of this program, which others may ignore: concepts' "color" and "key"; an
// image's and an annotation's "annotated" and "reviewed", lists of views, so
// that "annotated without concept" is kept (for an annotation: of its crop);
// an annotation's "id", and "source", the id of the annotation whose crop it
// lies in; an image's "width" and "height". Views named in a list without a
// tree ("children") find their parent by the concepts in their conditions.
type studioImporter struct{}

func (studioImporter) Recognises(f *Folder) (bool, error) {
	name, err := studioFile(f)
	return err == nil && name != "", nil
}

// studioFile returns the file to read: the one named, or the only one in the
// folder whose first line is a Studio header.
func studioFile(f *Folder) (string, error) {
	if f.File != "" {
		if !studioHeaded(f.head(f.File)) {
			return "", fmt.Errorf("%s does not begin with a Studio header (one line of JSON with \"views\")", f.File)
		}
		return f.File, nil
	}
	for _, name := range atMost(f.filesHere(".jsonl", ".ndjson", ".txt", ".json"), 100) {
		if studioHeaded(f.head(name)) {
			return name, nil
		}
	}
	return "", errors.New("the folder holds no Studio import file (.jsonl, .txt, .json)")
}

// atMost is the first n of names.
func atMost(names []string, n int) []string { return names[:min(n, len(names))] }

// studioHeaded looks at the first line only, which may be longer than what
// is looked at.
func studioHeaded(head string) bool {
	line, _, whole := strings.Cut(head, "\n")
	line = strings.TrimSpace(line)
	if !strings.HasPrefix(line, "{") {
		return false
	}
	if !whole && len(head) >= headBytes {
		return strings.Contains(line, `"views"`) && !strings.Contains(line, `"annotations"`)
	}
	var h struct {
		Views []json.RawMessage `json:"views"`
	}
	return json.Unmarshal([]byte(line), &h) == nil && h.Views != nil
}

func (studioImporter) Read(ctx context.Context, f *Folder, yield Yield, problem Report) (Header, error) {
	name, err := studioFile(f)
	if err != nil {
		return Header{}, err
	}
	file, err := f.open(name, maxTextBytes)
	if err != nil {
		return Header{}, fmt.Errorf("%s: %w", name, err)
	}
	defer file.Close()
	return ReadStudio(ctx, file, name, func(image string) (string, error) { return f.findImage(image, "", "images") }, yield, problem)
}

// ReadStudio reads a Studio import file from r. name is the file's, for
// problems; locate turns the image's name in a record into the ImagePath or
// gives the reason why there is none.
func ReadStudio(ctx context.Context, r io.Reader, name string, locate func(image string) (string, error), yield Yield, problem Report) (Header, error) {
	p := studioParser{name: name, problem: problem}
	seen := map[string]int{}
	err := eachLine(r, func(n int, line []byte) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if n == 1 {
			return p.header(decodeText(line))
		}
		if line == nil {
			p.report(n, "", "the line was skipped: it exceeds the limit for a line")
			return nil
		}
		if len(bytes.TrimSpace(line)) == 0 {
			return nil
		}
		record, image, err := p.image(n, line)
		if err == nil {
			record.ImagePath, err = locate(image)
		}
		if err == nil && seen[record.ImagePath] > 0 {
			err = fmt.Errorf("the image is already listed in line %d", seen[record.ImagePath])
		}
		if err != nil {
			p.report(n, image, "the line was skipped: "+err.Error())
			return nil
		}
		if len(seen) >= maxFiles {
			return errors.New("it names more than two million images; import it in parts")
		}
		seen[record.ImagePath] = n
		return yield(record)
	})
	h := Header{Name: p.title, Views: p.views}
	if err == nil && len(p.views) == 0 {
		err = errors.New("the file is empty")
	}
	if err == nil && len(seen) == 0 {
		err = errors.New("the file names no image that could be read")
	}
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return h, err
}

// studioParser holds the views while images are read.
type studioParser struct {
	name    string
	problem Report
	title   string
	views   []View
	parent  []int // index of each view's parent; -1 for roots
}

func (p *studioParser) report(n int, record, reason string) {
	p.problem(Problem{File: p.name, Line: n, Record: record, Reason: reason})
}

type studioHeader struct {
	Name   string       `json:"name"`
	Splits []string     `json:"splits"`
	Views  []studioView `json:"views"`
}

type studioView struct {
	Name       string           `json:"name"`
	Type       string           `json:"type"`
	Concepts   []Concept        `json:"concepts"`
	Conditions [][]studioNaming `json:"conditions"`
	Children   []studioView     `json:"children,omitempty"`
}

// studioNaming names a concept: a string, or an object with name and view.
type studioNaming struct {
	Name string `json:"name"`
	View string `json:"view,omitempty"`
}

func (s *studioNaming) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &s.Name)
	}
	type plain studioNaming
	return json.Unmarshal(b, (*plain)(s))
}

// header reads the first line.
func (p *studioParser) header(line []byte) error {
	var h studioHeader
	if err := json.Unmarshal(line, &h); err != nil {
		return fmt.Errorf("the header is not a JSON object: %w", jsonError(err))
	}
	if len(h.Views) == 0 {
		return errors.New("the header names no view")
	}
	p.title = strings.TrimSpace(h.Name)
	return p.tree(h.Views, -1, 0)
}

func (p *studioParser) tree(views []studioView, parent, depth int) error {
	if depth > maxDepth {
		return errors.New("views are nested too deeply")
	}
	for _, s := range views {
		v := View{Name: strings.TrimSpace(s.Name), Type: domain.Task(strings.ToLower(strings.TrimSpace(s.Type)))}
		switch {
		case v.Name == "" || len(v.Name) > maxConcept:
			return errors.New("a view has no name, or one that is too long")
		case !v.Type.Valid():
			return fmt.Errorf("the view %q has the type %q; types are classification, tagging and detection", v.Name, s.Type)
		case len(p.views) >= maxConcepts || len(s.Concepts) > maxConcepts:
			return errors.New("there are too many views or concepts")
		}
		var names conceptList
		for _, c := range s.Concepts {
			name, err := conceptName(c.Name)
			if err != nil {
				return fmt.Errorf("the view %q: %w", v.Name, err)
			}
			if names.add(name) == len(v.Concepts) {
				c.Name = name
				v.Concepts = append(v.Concepts, c)
			}
		}
		above := parent
		if above < 0 {
			above = p.ownerOf(s.Conditions)
		}
		v.Path = v.Name
		if above >= 0 {
			v.Parent = p.views[above].Path
			v.Path = v.Parent + "/" + v.Name
		}
		for _, other := range p.views {
			if other.Path == v.Path {
				return fmt.Errorf("there are two views %q", v.Path)
			}
		}
		var err error
		if v.Conditions, err = p.conditions(s.Conditions, above); err != nil {
			return fmt.Errorf("the view %q: %w", v.Name, err)
		}
		p.views, p.parent = append(p.views, v), append(p.parent, above)
		if err := p.tree(s.Children, len(p.views)-1, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// jsonError drops Go's own terms from the decoder's error.
func jsonError(err error) error {
	var t *json.UnmarshalTypeError
	if errors.As(err, &t) {
		return fmt.Errorf("%q is not what it should be, but a %s", t.Field, t.Value)
	}
	return err
}
