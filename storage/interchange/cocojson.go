package interchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"viewfinder/storage/domain"
)

// maxCOCOBytes lets the whole of COCO's train2017 through (450 MB), which is
// read as a stream.
const maxCOCOBytes = 1 << 30

// cocoFile is one file's content without what is not kept.
type cocoFile struct {
	root     *os.Root
	name     string
	problem  Report
	concepts conceptList
	images   []cocoImage
	byID     map[string]int
	category map[string]string // id to name
	marks    []cocoMark
	hasBox   bool
}

type cocoImage struct {
	ID        json.RawMessage `json:"id"`
	FileName  string          `json:"file_name"`
	Width     int             `json:"width,omitempty"`
	Height    int             `json:"height,omitempty"`
	Annotated *bool           `json:"annotated,omitempty"`
	Reviewed  bool            `json:"reviewed,omitempty"`
	line      int
}

type cocoMark struct {
	ID       json.RawMessage `json:"id"`
	Image    json.RawMessage `json:"image_id"`
	Category json.RawMessage `json:"category_id"`
	BBox     []float64       `json:"bbox,omitempty"` // x, y, width, height
	Area     float64         `json:"area"`
	Crowd    int             `json:"iscrowd"`
	line     int
}

type cocoCategory struct {
	ID            json.RawMessage `json:"id"`
	Name          string          `json:"name"`
	Supercategory string          `json:"supercategory,omitempty"`
}

// cocoID makes one key of an id, a number or a string.
func cocoID(raw json.RawMessage) string {
	if len(raw) > 100 {
		raw = raw[:100]
	}
	return strings.Trim(strings.TrimSpace(string(raw)), `"`)
}

func (c *cocoFile) load(ctx context.Context) error {
	f, err := openText(c.root, c.name, maxCOCOBytes)
	if err != nil {
		return err
	}
	defer f.Close()
	return c.parse(ctx, f)
}

// parse reads the file as a stream. Where the JSON itself breaks, what came
// before counts.
func (c *cocoFile) parse(ctx context.Context, r io.Reader) error {
	c.byID, c.category = map[string]int{}, map[string]string{}
	lines := &lineCounter{r: skipMark(r)}
	d := json.NewDecoder(lines)
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errors.New("it is no JSON object")
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return c.broken(lines, d, err)
		}
		switch key {
		case "images":
			err = elements(ctx, d, c, lines, func(image cocoImage, line int) {
				image.line = line
				c.addImage(image)
			})
		case "annotations":
			err = elements(ctx, d, c, lines, func(mark cocoMark, line int) {
				mark.line = line
				c.hasBox = c.hasBox || len(mark.BBox) > 0
				c.marks = append(c.marks, mark)
			})
		case "categories":
			err = elements(ctx, d, c, lines, c.addCategory)
		default:
			var skipped json.RawMessage
			err = d.Decode(&skipped)
		}
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return c.broken(lines, d, err)
		}
	}
	return nil
}

// broken reports broken JSON; it is an error only if nothing was read.
func (c *cocoFile) broken(lines *lineCounter, d *json.Decoder, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("it ends too early")
	}
	if len(c.images) == 0 {
		return fmt.Errorf("it is damaged JSON: %w", err)
	}
	c.problem(Problem{File: c.name, Line: lines.at(d.InputOffset()), Reason: "the file is damaged from here on; what stood before was read: " + err.Error()})
	return nil
}

// elements decodes an array one element at a time, so that an odd one is
// reported and the next is read.
func elements[T any](ctx context.Context, d *json.Decoder, c *cocoFile, lines *lineCounter, take func(T, int)) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	if t != json.Delim('[') {
		return errors.New("a list is missing")
	}
	const most = 4_000_000
	for n := 0; d.More(); n++ {
		if n%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if n >= most {
			return errors.New("a list is too long")
		}
		var v T
		err := d.Decode(&v)
		line := lines.at(d.InputOffset())
		var odd *json.UnmarshalTypeError
		if errors.As(err, &odd) {
			c.problem(Problem{File: c.name, Line: line, Record: fmt.Sprintf("element %d", n+1), Reason: "was skipped: " + jsonError(err).Error()})
			continue
		}
		if err != nil {
			return err
		}
		take(v, line)
	}
	_, err = d.Token()
	return err
}

func (c *cocoFile) addImage(image cocoImage) {
	id := cocoID(image.ID)
	if _, twice := c.byID[id]; twice || id == "" || len(c.images) >= maxFiles {
		c.problem(Problem{File: c.name, Line: image.line, Record: image.FileName, Reason: fmt.Sprintf("the image was skipped: its id %q is missing or not its own", id)})
		return
	}
	if image.Width <= 0 || image.Height <= 0 || image.Width > maxSide || image.Height > maxSide {
		image.Width, image.Height = 0, 0
	}
	c.byID[id] = len(c.images)
	c.images = append(c.images, image)
}

func (c *cocoFile) addCategory(category cocoCategory, line int) {
	name, err := conceptName(category.Name)
	if err == nil && len(c.category) >= maxConcepts {
		err = errors.New("there are too many")
	}
	if err != nil {
		c.problem(Problem{File: c.name, Line: line, Record: "category " + cocoID(category.ID), Reason: "was skipped: " + err.Error()})
		return
	}
	c.concepts.add(name)
	c.category[cocoID(category.ID)] = name
}

// records joins images and annotations. ImagePath still is the name that the
// file gives.
func (c *cocoFile) records(split string) []Record {
	all := make([]Record, len(c.images))
	for i, image := range c.images {
		all[i] = Record{File: c.name, Line: image.line, ImagePath: image.FileName, Split: split, Width: image.Width, Height: image.Height,
			HasAnnotation: image.Annotated == nil || *image.Annotated, Reviewed: image.Reviewed}
	}
	for _, m := range c.marks {
		i, ok := c.byID[cocoID(m.Image)]
		if !ok {
			c.reportMark(m, "", fmt.Sprintf("was skipped: there is no image with the id %q", cocoID(m.Image)))
			continue
		}
		r := &all[i]
		if note := c.addMark(r, m); note != "" {
			c.reportMark(m, r.ImagePath, note)
		}
	}
	return all
}

func (c *cocoFile) reportMark(m cocoMark, image, reason string) {
	record := "annotation " + cocoID(m.ID)
	if image != "" {
		record = image + ", " + record
	}
	c.problem(Problem{File: c.name, Line: m.line, Record: record, Reason: reason})
}

// addMark adds one annotation to its image's record; the note says what was
// wrong.
func (c *cocoFile) addMark(r *Record, m cocoMark) string {
	concept, ok := c.category[cocoID(m.Category)]
	switch {
	case !ok:
		return fmt.Sprintf("was skipped: there is no category with the id %q", cocoID(m.Category))
	case m.Crowd != 0:
		return "was skipped: it marks a crowd, not one thing"
	case len(r.Boxes)+len(r.Concepts) >= maxRegions:
		return "was skipped: the image has too many"
	}
	if !c.hasBox {
		r.HasAnnotation = true
		if !contains(r.Concepts, concept) {
			r.Concepts = append(r.Concepts, concept)
		}
		return ""
	}
	if len(m.BBox) != 4 {
		return fmt.Sprintf("was skipped: its bbox has %d numbers instead of 4", len(m.BBox))
	}
	b, note, err := newBox(m.BBox[0], m.BBox[1], m.BBox[0]+m.BBox[2], m.BBox[1]+m.BBox[3], r.Width, r.Height, concept)
	if err != nil {
		return err.Error()
	}
	r.HasAnnotation = true
	r.Boxes = append(r.Boxes, b)
	return note
}

// viewType widens what earlier files gave by this one.
func (c *cocoFile) viewType(before domain.Task) domain.Task {
	if c.hasBox || before == domain.Detection || len(c.marks) == 0 && before == "" {
		return domain.Detection
	}
	perImage := map[string]int{}
	for _, m := range c.marks {
		perImage[cocoID(m.Image)]++
	}
	for _, image := range c.images {
		if perImage[cocoID(image.ID)] != 1 {
			return domain.Tagging
		}
	}
	if before == domain.Tagging {
		return domain.Tagging
	}
	return domain.Classification
}

// skipMark drops a UTF-8 byte order mark.
func skipMark(r io.Reader) io.Reader {
	head := make([]byte, 3)
	n, _ := io.ReadFull(r, head)
	return io.MultiReader(strings.NewReader(string(decodeText(head[:n]))), r)
}
