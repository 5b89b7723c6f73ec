package interchange

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"viewfinder/storage/domain"
)

// StudioWriter writes the Studio import file that studioImporter describes.
type StudioWriter struct {
	w      *bufio.Writer
	json   *json.Encoder
	owners map[string]int // how many views have a concept of that name
	types  map[string]domain.Task
}

// NewStudioWriter writes the header: its name and its tree of views.
func NewStudioWriter(w io.Writer, h Header) (*StudioWriter, error) {
	s := &StudioWriter{w: bufio.NewWriter(w), owners: map[string]int{}, types: map[string]domain.Task{}}
	s.json = json.NewEncoder(s.w)
	s.json.SetEscapeHTML(false)
	for _, v := range h.Views {
		s.types[v.Path] = v.Type
		for _, c := range v.Concepts {
			s.owners[c.Name]++
		}
	}
	head := studioHeader{Name: h.Name, Splits: []string{Train, Val, Test}, Views: studioTree(h.Views, "", 0)}
	if err := s.json.Encode(head); err != nil {
		return nil, fmt.Errorf("writing the header: %w", err)
	}
	return s, nil
}

// studioTree nests the views below parent.
func studioTree(views []View, parent string, depth int) []studioView {
	tree := []studioView{}
	for _, v := range views {
		if v.Parent != parent || depth > maxDepth {
			continue
		}
		s := studioView{Name: v.Name, Type: string(v.Type), Concepts: v.Concepts, Conditions: [][]studioNaming{}}
		if s.Concepts == nil {
			s.Concepts = []Concept{}
		}
		if v.Conditions != nil {
			for _, and := range alternatives(*v.Conditions) {
				var list []studioNaming
				for _, c := range and {
					list = append(list, studioNaming{Name: c})
				}
				s.Conditions = append(s.Conditions, list)
			}
		}
		s.Children = studioTree(views, v.Path, depth+1)
		tree = append(tree, s)
	}
	return tree
}

// alternatives multiplies a condition out into lists of concepts of which one
// list must hold whole. Beyond a thousand alternatives the rest is dropped.
func alternatives(c Condition) [][]string {
	const most = 1000
	switch c.Op {
	case "concept":
		return [][]string{{c.Concept}}
	case "or":
		var all [][]string
		for _, of := range c.Of {
			all = append(all, alternatives(of)...)
		}
		return all[:min(len(all), most)]
	}
	all := [][]string{nil}
	for _, of := range c.Of {
		var next [][]string
		for _, left := range all {
			for _, right := range alternatives(of) {
				if len(next) < most {
					next = append(next, append(append([]string{}, left...), right...))
				}
			}
		}
		all = next
	}
	if len(c.Of) == 0 {
		return nil
	}
	return all
}

// Write writes one image's line: r's ImagePath as data, and r.Views.
func (s *StudioWriter) Write(r Record) error {
	image := studioImage{Width: r.Width, Height: r.Height, Annotations: []studioAnnotation{}}
	image.Data, _ = json.Marshal(r.ImagePath)
	if r.Split != "" {
		image.Splits, _ = json.Marshal([]string{r.Split})
	}
	at := map[string]int{} // region id to annotation
	for _, v := range r.Views {
		owner := (*studioAnnotation)(nil)
		if i, ok := at[v.Source]; ok && v.Source != "" {
			owner = &image.Annotations[i]
		}
		if v.Source != "" && owner == nil {
			return fmt.Errorf("writing %s: an annotation of the view %q lies in a region %q that is not written", r.ImagePath, v.View, v.Source)
		}
		marks := &image.Annotated
		reviewed := &image.Reviewed
		if owner != nil {
			marks, reviewed = &owner.Annotated, &owner.Reviewed
		}
		if len(v.Regions) == 0 || s.types[v.View].AnyNumber() && !anyConcept(v.Regions) {
			*marks = append(*marks, v.View)
		}
		if v.Reviewed {
			*reviewed = append(*reviewed, v.View)
		}
		if owner != nil && len(v.Regions) == 1 && v.Regions[0].Box == nil {
			owner.Concepts = append(owner.Concepts, s.naming(v.View, v.Regions[0].Concepts)...)
			continue
		}
		for _, region := range v.Regions {
			if region.Box == nil && len(region.Concepts) == 0 {
				continue // the mark stands for it
			}
			a := studioAnnotation{ID: region.ID, Source: v.Source, Concepts: s.naming(v.View, region.Concepts)}
			if b := region.Box; b != nil {
				a.BBox = &studioBox{b.XMin, b.XMax, b.YMin, b.YMax}
			}
			if region.ID != "" {
				at[region.ID] = len(image.Annotations)
			}
			image.Annotations = append(image.Annotations, a)
		}
	}
	if err := s.json.Encode(image); err != nil {
		return fmt.Errorf("writing %s: %w", r.ImagePath, err)
	}
	return nil
}

func anyConcept(regions []Region) bool {
	for _, r := range regions {
		if len(r.Concepts) > 0 {
			return true
		}
	}
	return false
}

// naming adds the view to concepts that other views have too.
func (s *StudioWriter) naming(view string, concepts []string) []studioNaming {
	all := []studioNaming{}
	for _, c := range concepts {
		n := studioNaming{Name: c}
		if s.owners[c] > 1 {
			n.View = view
		}
		all = append(all, n)
	}
	return all
}

// Close writes what is still buffered.
func (s *StudioWriter) Close() error {
	if err := s.w.Flush(); err != nil {
		return fmt.Errorf("writing the Studio import file: %w", err)
	}
	return nil
}

// studioExporter writes import.jsonl beside images/.
type studioExporter struct {
	file *exportFile
	out  *StudioWriter
}

func (e *studioExporter) begin(f *exportFolder, h Header) (err error) {
	if e.file, err = f.create("import.jsonl"); err != nil {
		return err
	}
	e.out, err = NewStudioWriter(e.file, h)
	return err
}

func (e *studioExporter) place(Record) string { return "images" }

func (e *studioExporter) add(r Record, _ func(string)) error { return e.out.Write(r) }

func (e *studioExporter) end() error {
	if err := e.out.Close(); err != nil {
		return err
	}
	return e.file.Close()
}
