package interchange

import (
	"encoding/json"
	"errors"
	"strconv"
)

// cocoExporter writes annotations/instances_train.json and instances_val.json
// beside train/ and val/, as cocoImporter reads them; a file per split that
// occurs. Categories are numbered from 1 in the view's order.
type cocoExporter struct {
	folder     *exportFolder
	categories []cocoCategory
	ids        map[string]int
	sets       map[string]*cocoSet
	marks      int
	images     int
}

// cocoSet is what goes into one file.
type cocoSet struct {
	Info        map[string]string `json:"info"`
	Images      []cocoOutImage    `json:"images"`
	Annotations []cocoOutMark     `json:"annotations"`
	Categories  []cocoCategory    `json:"categories"`
}

type cocoOutImage struct {
	ID        json.RawMessage `json:"id"`
	FileName  string          `json:"file_name"`
	Width     int             `json:"width,omitempty"`
	Height    int             `json:"height,omitempty"`
	Annotated *bool           `json:"annotated,omitempty"` // where there is no box: whether somebody looked
	Reviewed  bool            `json:"reviewed,omitempty"`
}

type cocoOutMark struct {
	ID       json.RawMessage `json:"id"`
	Image    json.RawMessage `json:"image_id"`
	Category json.RawMessage `json:"category_id"`
	BBox     []float64       `json:"bbox"` // x, y, width, height
	Area     float64         `json:"area"`
	Crowd    int             `json:"iscrowd"`
}

func (e *cocoExporter) begin(f *exportFolder, h Header) error {
	e.folder, e.ids, e.sets = f, map[string]int{}, map[string]*cocoSet{}
	for _, c := range h.Concepts {
		e.category(c)
	}
	return nil
}

func (e *cocoExporter) category(name string) int {
	if id, ok := e.ids[name]; ok {
		return id
	}
	id := len(e.ids) + 1
	e.ids[name] = id
	e.categories = append(e.categories, cocoCategory{ID: number(id), Name: name})
	return id
}

func number(n int) json.RawMessage { return json.RawMessage(strconv.Itoa(n)) }

func (e *cocoExporter) place(r Record) string { return e.split(r) }

func (e *cocoExporter) split(r Record) string {
	if r.Split == "" {
		return Train
	}
	return r.Split
}

func (e *cocoExporter) add(r Record, problem func(string)) error {
	if len(r.Boxes) > 0 && (r.Width <= 0 || r.Height <= 0) {
		return errors.New("the size of " + r.ImagePath + " is not known")
	}
	split := e.split(r)
	set := e.sets[split]
	if set == nil {
		set = &cocoSet{Info: map[string]string{"description": cocoOurs}, Images: []cocoOutImage{}, Annotations: []cocoOutMark{}}
		e.sets[split] = set
	}
	e.images++
	image := cocoOutImage{ID: number(e.images), FileName: r.ImagePath[len(split)+1:], Width: r.Width, Height: r.Height, Reviewed: r.Reviewed}
	if len(r.Boxes) == 0 {
		image.Annotated = &r.HasAnnotation
	}
	set.Images = append(set.Images, image)
	for _, b := range r.Boxes {
		e.marks++
		w, h := float64(r.Width), float64(r.Height)
		box := []float64{round(b.XMin * w), round(b.YMin * h), round((b.XMax - b.XMin) * w), round((b.YMax - b.YMin) * h)}
		set.Annotations = append(set.Annotations, cocoOutMark{ID: number(e.marks), Image: image.ID, Category: number(e.category(b.Concept)), BBox: box, Area: round(box[2] * box[3])})
	}
	return nil
}

func (e *cocoExporter) end() error {
	if len(e.sets) == 0 {
		e.sets[Train] = &cocoSet{Images: []cocoOutImage{}, Annotations: []cocoOutMark{}}
	}
	for split, set := range e.sets {
		set.Categories = e.categories
		f, err := e.folder.create("annotations/instances_" + split + ".json")
		if err != nil {
			return err
		}
		out := json.NewEncoder(f)
		out.SetEscapeHTML(false)
		if err := errors.Join(out.Encode(set), f.Close()); err != nil {
			return err
		}
	}
	return nil
}
