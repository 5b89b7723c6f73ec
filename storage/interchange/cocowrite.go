package interchange

import (
	"bytes"
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

// cocoSet is what goes into one file: its images and its annotations, each already
// JSON, for there may be a million of them.
type cocoSet struct {
	images, annotations []byte
}

type cocoOutImage struct {
	ID        int    `json:"id"`
	FileName  string `json:"file_name"`
	Width     int    `json:"width,omitempty"`
	Height    int    `json:"height,omitempty"`
	Annotated *bool  `json:"annotated,omitempty"` // where there is no box: whether somebody looked
	Reviewed  bool   `json:"reviewed,omitempty"`
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
		set = &cocoSet{}
		e.sets[split] = set
	}
	e.images++
	image := cocoOutImage{ID: e.images, FileName: r.ImagePath[len(split)+1:], Width: r.Width, Height: r.Height, Reviewed: r.Reviewed}
	if len(r.Boxes) == 0 {
		image.Annotated = &r.HasAnnotation
	}
	var text bytes.Buffer
	out := json.NewEncoder(&text)
	out.SetEscapeHTML(false)
	if err := out.Encode(image); err != nil {
		return err
	}
	set.images = append(appendComma(set.images), bytes.TrimSpace(text.Bytes())...)
	for _, b := range r.Boxes {
		e.marks++
		w, h := float64(r.Width), float64(r.Height)
		box := [4]float64{round(b.XMin * w), round(b.YMin * h), round((b.XMax - b.XMin) * w), round((b.YMax - b.YMin) * h)}
		set.annotations = appendMark(appendComma(set.annotations), e.marks, e.images, e.category(b.Concept), box)
	}
	return nil
}

func appendComma(list []byte) []byte {
	if len(list) == 0 {
		return list
	}
	return append(list, ',')
}

// appendMark appends an annotation's object; box is x, y, width and height.
func appendMark(to []byte, id, image, category int, box [4]float64) []byte {
	to = strconv.AppendInt(append(to, `{"id":`...), int64(id), 10)
	to = strconv.AppendInt(append(to, `,"image_id":`...), int64(image), 10)
	to = strconv.AppendInt(append(to, `,"category_id":`...), int64(category), 10)
	to = append(to, `,"bbox":[`...)
	for i, v := range box {
		if i > 0 {
			to = append(to, ',')
		}
		to = strconv.AppendFloat(to, v, 'f', -1, 64)
	}
	to = strconv.AppendFloat(append(to, `],"area":`...), round(box[2]*box[3]), 'f', -1, 64)
	return append(to, `,"iscrowd":0}`...)
}

func (e *cocoExporter) end() error {
	if len(e.sets) == 0 {
		e.sets[Train] = &cocoSet{}
	}
	categories, err := json.Marshal(e.categories)
	if err != nil {
		return err
	}
	for split, set := range e.sets {
		f, err := e.folder.create("annotations/instances_" + split + ".json")
		if err != nil {
			return err
		}
		parts := [][]byte{[]byte(`{"info":{"description":"` + cocoOurs + `"},"images":[`), set.images, []byte(`],"annotations":[`), set.annotations, []byte(`],"categories":`), categories, []byte("}\n")}
		for _, part := range parts {
			if err == nil {
				_, err = f.Write(part)
			}
		}
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	return nil
}
