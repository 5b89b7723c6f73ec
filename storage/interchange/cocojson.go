package interchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"viewfinder/storage/domain"
)

// maxCOCOBytes admits the whole of COCO's train2017 (450 MB), which is
// read as a stream.
const maxCOCOBytes = 1 << 30

// cocoFile is one file's content without what is not kept.
type cocoFile struct {
	folder   *Folder
	name     string
	problem  Report
	concepts conceptList
	images   []cocoImage
	byID     map[string]int
	category map[string]string // id to name
	above    map[string]bool   // names of categories that others name as the one above
	marks    []cocoKept
	texts    map[string]string // ids of images and categories, each once
	hasBox   bool              // an annotation has a bbox or a segmentation
	ours     bool              // written by this program: an image without a box is a negative
	other    int               // annotations without a category, such as captions
}

type cocoImage struct {
	ID        json.RawMessage `json:"id"`
	FileName  string          `json:"file_name"`
	Width     jsonNumber      `json:"width"`
	Height    jsonNumber      `json:"height"`
	Annotated *bool           `json:"annotated,omitempty"`
	Reviewed  bool            `json:"reviewed,omitempty"`
	line      int
}

type cocoMark struct {
	ID           json.RawMessage  `json:"id"`
	Image        json.RawMessage  `json:"image_id"`
	Category     json.RawMessage  `json:"category_id"`
	BBox         cocoNumbers      `json:"bbox,omitempty"` // x, y, width, height
	Segmentation cocoSegmentation `json:"segmentation"`
	Crowd        jsonNumber       `json:"iscrowd"`
	Segments     []cocoMark       `json:"segments_info,omitempty"` // of a panoptic file
	line         int
}

// cocoKept is what is kept of a cocoMark until the images are known: a file may
// hold millions.
type cocoKept struct {
	id, image, category string // as jsonID makes them
	corners             [4]float64
	err                 error // why there are none
	line                int32
	crowd               bool
}

// cocoNumbers are numbers in whatever way they are written; nil where one of
// them is none, and given is how many there were.
type cocoNumbers struct {
	values []float64
	given  int
	bad    bool
}

func (n *cocoNumbers) UnmarshalJSON(b []byte) error {
	*n = cocoNumbers{}
	if values, ok := plainNumbers(b, make([]float64, 0, 4)); ok {
		n.values, n.given = values, len(values)
		return nil
	}
	var list []jsonNumber
	if text := strings.TrimSpace(string(b)); text == "null" {
		return nil
	}
	if json.Unmarshal(b, &list) != nil {
		var quoted string
		if json.Unmarshal(b, &quoted) != nil || json.Unmarshal([]byte(quoted), &list) != nil { // a list in quotes, as tables have it
			n.bad = true
			return nil
		}
	}
	n.given = len(list)
	for _, v := range list {
		n.bad = n.bad || !v.Valid
		n.values = append(n.values, v.Value)
	}
	return nil
}

type cocoCategory struct {
	ID            json.RawMessage `json:"id"`
	Name          string          `json:"name"`
	Supercategory string          `json:"supercategory,omitempty"`
}

func (c *cocoFile) load(ctx context.Context) error {
	f, err := c.folder.open(c.name, maxCOCOBytes)
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
	lines := &lineCounter{r: lenient(skipMark(r))}
	d := json.NewDecoder(lines)
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errors.New("it is not a JSON object")
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
				c.takeMark(mark)
			})
		case "categories":
			err = elements(ctx, d, c, lines, c.addCategory)
		case "info":
			var raw json.RawMessage
			err = d.Decode(&raw)
			var info struct {
				Description string `json:"description"`
			}
			c.ours = json.Unmarshal(raw, &info) == nil && info.Description == cocoOurs
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
	if _, err := d.Token(); err != nil {
		return c.broken(lines, d, err)
	}
	c.dropRoots()
	return nil
}

// dropRoots leaves out categories that no annotation uses and that others
// name as their supercategory, as Roboflow and CVAT write them: they are not concepts.
func (c *cocoFile) dropRoots() {
	used := map[string]bool{}
	for _, m := range c.marks {
		used[c.category[m.category]] = true
	}
	c.concepts.keep(func(name string) bool { return used[name] || !c.above[name] })
}

// cocoOurs is the description by which files of this program are known.
const cocoOurs = "exported by Viewfinder"

// takeMark keeps an annotation, or those of a panoptic file's segments.
func (c *cocoFile) takeMark(mark cocoMark) {
	if len(mark.Segments) > 0 {
		for _, s := range atMostMarks(mark.Segments) {
			s.Image, s.line = mark.Image, mark.line
			c.takeMark(s)
		}
		return
	}
	category := jsonID(mark.Category)
	if category == "" {
		c.other++
		return
	}
	c.hasBox = c.hasBox || mark.BBox.given > 0 || mark.BBox.bad || mark.Segmentation.has
	kept := cocoKept{id: jsonID(mark.ID), image: c.once(jsonID(mark.Image)), category: c.once(category), line: int32(mark.line), crowd: mark.Crowd.Valid && mark.Crowd.Value != 0}
	kept.corners, kept.err = mark.corners()
	c.marks = append(c.marks, kept)
}

// once returns the text that equal ones share.
func (c *cocoFile) once(text string) string {
	if shared, ok := c.texts[text]; ok {
		return shared
	}
	if c.texts == nil {
		c.texts = map[string]string{}
	}
	c.texts[text] = text
	return text
}

func atMostMarks(marks []cocoMark) []cocoMark { return marks[:min(len(marks), maxRegions)] }

// broken reports broken JSON; it is an error only if nothing was read.
func (c *cocoFile) broken(lines *lineCounter, d *json.Decoder, err error) error {
	if len(c.images) == 0 {
		return fmt.Errorf("it is damaged JSON: %w", tooEarly(err))
	}
	c.problem(Problem{File: c.name, Line: lines.at(d.InputOffset()), Reason: "the file is damaged from here on; what stood before was read, and images without a box are not annotated: " + tooEarly(err).Error()})
	for i := range c.images { // their boxes may be lost
		if c.images[i].Annotated == nil {
			no := false
			c.images[i].Annotated = &no
		}
	}
	return nil
}

// elements decodes an array one element at a time, so that an odd one is
// reported and the next is read.
func elements[T any](ctx context.Context, d *json.Decoder, c *cocoFile, lines *lineCounter, take func(T, int)) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	if t == nil { // null: an empty list
		return nil
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
			c.skipped(v)
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

// skipped records that an annotation which cannot be read belongs to an image,
// which then is not a negative.
func (c *cocoFile) skipped(v any) {
	if mark, ok := v.(cocoMark); ok && len(mark.Image) > 0 {
		c.marks = append(c.marks, cocoKept{image: c.once(jsonID(mark.Image)), line: reportedAlready})
	}
}

// reportedAlready stands instead of the line of an annotation that cannot be read.
const reportedAlready = -1

func (c *cocoFile) addImage(image cocoImage) {
	id := jsonID(image.ID)
	if _, twice := c.byID[id]; twice || id == "" || len(c.images) >= maxFiles {
		c.problem(Problem{File: c.name, Line: image.line, Record: image.FileName, Reason: fmt.Sprintf("the image was skipped: its id %q is missing or not its own", id)})
		return
	}
	if wholePixels(image.Width.Value) == 0 || wholePixels(image.Height.Value) == 0 {
		image.Width, image.Height = jsonNumber{}, jsonNumber{}
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
		c.problem(Problem{File: c.name, Line: line, Record: "category " + jsonID(category.ID), Reason: "was skipped: " + err.Error()})
		return
	}
	c.concepts.add(name)
	if above := strings.TrimSpace(category.Supercategory); above != "" && above != name {
		if c.above == nil {
			c.above = map[string]bool{}
		}
		c.above[above] = true
	}
	c.category[jsonID(category.ID)] = name
}

// notes lists what the file has that is not imported.
func (c *cocoFile) notes() []string {
	var notes []string
	if c.other > 0 {
		notes = append(notes, fmt.Sprintf("%s has %s without a category, such as captions, which were not read", c.name, counted(c.other, "annotation", "annotations")))
	}
	if len(c.marks) == 0 && !c.ours {
		notes = append(notes, c.name+" has no annotation of a category: its images are not annotated")
	}
	return notes
}

// records joins images and annotations, which it lets go. ImagePath still is the name that the
// file gives.
func (c *cocoFile) records(split string) []Record {
	all := make([]Record, len(c.images))
	annotated := len(c.marks) > 0 || c.ours
	for i, image := range c.images {
		all[i] = Record{File: c.name, Line: image.line, ImagePath: image.FileName, Split: split,
			Width: wholePixels(image.Width.Value), Height: wholePixels(image.Height.Value),
			HasAnnotation: annotated, Reviewed: image.Reviewed}
		if image.Annotated != nil {
			all[i].HasAnnotation = *image.Annotated
		}
	}
	for _, m := range c.marks {
		i, ok := c.byID[m.image]
		if !ok {
			if m.line != reportedAlready {
				c.reportMark(m, "", fmt.Sprintf("was skipped: there is no image with the id %q", m.image))
			}
			continue
		}
		r := &all[i]
		note, taken := "", false
		if m.line != reportedAlready {
			note, taken = c.addMark(r, m)
		}
		if !taken {
			r.Refused++
		}
		if note != "" {
			c.reportMark(m, r.ImagePath, note)
		}
	}
	c.marks, c.images, c.texts = nil, nil, nil
	return all
}

func (c *cocoFile) reportMark(m cocoKept, image, reason string) {
	record := "annotation " + m.id
	if image != "" {
		record = image + ", " + record
	}
	c.problem(Problem{File: c.name, Line: int(m.line), Record: record, Reason: reason})
}

// addMark adds one annotation to its image's record; note is what was
// wrong.
func (c *cocoFile) addMark(r *Record, m cocoKept) (note string, taken bool) {
	concept, ok := c.category[m.category]
	switch {
	case !ok:
		return fmt.Sprintf("was skipped: there is no category with the id %q", m.category), false
	case m.crowd:
		return "was skipped: it marks a crowd (iscrowd), not one object", false
	case len(r.Boxes)+len(r.Concepts) >= maxRegions:
		return "was skipped: the image has too many", false
	}
	if !c.hasBox {
		r.HasAnnotation = true
		if !contains(r.Concepts, concept) {
			r.Concepts = append(r.Concepts, concept)
		}
		return "", true
	}
	if m.err != nil {
		return "was skipped: " + m.err.Error(), false
	}
	corners := m.corners
	b, note, err := newBox(corners[0], corners[1], corners[2], corners[3], r.Width, r.Height, concept)
	if err != nil {
		return err.Error(), false
	}
	r.HasAnnotation = true
	r.Boxes = append(r.Boxes, b)
	return note, true
}

// corners are those of the bbox, or else of the box around the segmentation.
func (m cocoMark) corners() (corners [4]float64, err error) {
	b := m.BBox
	switch {
	case b.bad:
		return corners, errors.New("its bbox is not a list of numbers")
	case b.given == 4:
		v := b.values
		return [4]float64{v[0], v[1], v[0] + v[2], v[1] + v[3]}, nil
	case m.Segmentation.has:
		return m.Segmentation.box()
	case b.given == 0:
		return corners, errors.New("it has neither a bbox nor a segmentation")
	}
	return corners, fmt.Errorf("its bbox has %d numbers instead of 4", b.given)
}

// viewType widens what earlier files gave by this one.
func (c *cocoFile) viewType(before domain.Task) domain.Task {
	switch {
	case c.hasBox || before.HasBoxes():
		return domain.Detection
	case len(c.marks) == 0 && c.other > 0:
		return before
	case len(c.marks) == 0 && before == "":
		if len(c.category) == 0 {
			return ""
		}
		return domain.Detection
	}
	perImage := map[string]int{}
	for _, m := range c.marks {
		perImage[m.image]++
	}
	for _, image := range c.images {
		if perImage[jsonID(image.ID)] != 1 {
			return domain.Tagging
		}
	}
	if before.AnyNumber() {
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
