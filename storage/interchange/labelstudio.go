package interchange

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"viewfinder/storage/domain"
)

// LabelStudio is the name of this format.
const LabelStudio Format = "labelstudio"

// labelStudioFormat is Label Studio's definition.
var labelStudioFormat = Definition{
	Name: LabelStudio, Title: "Label Studio",
	Summary:  "Label Studio's JSON, JSON-MIN or CSV",
	Files:    "`project-….json` or `.csv` beside the images, which are found by their names without the upload's prefix; written are `tasks.json`, whose field `split` names the split, `images/` and `label_config.xml`, the labelling interface to paste. The images show with LOCAL_FILES_SERVING_ENABLED, the folder above the export as LOCAL_FILES_DOCUMENT_ROOT and the export as local storage",
	Loses:    "shapes: polygons and ellipses become the boxes around them, brushes and key points are named; all annotations of a task but the first; predictions; comments",
	Proved:   "MatthiasDR96/cutting_line_detection, whose images lie at addresses that are not imported: each task is named",
	Holds:    Holds{Tasks: domain.Tasks(), Boxes: true, Splits: true, Negatives: true, Unannotated: true},
	Sniff:    looksLikeLabelStudio,
	importer: labelStudioImporter{},
	naming:   keepFolders,
	exporter: func() exporter { return &labelStudioExporter{} },
}

// labelStudioImporter reads tasks with their annotations: boxes in per cent of
// the image, choices for the whole image. A task without an annotation is not
// annotated, one that was skipped (was_cancelled) neither; of several
// annotations the one that is the ground truth counts, else the first.
type labelStudioImporter struct{}

func looksLikeLabelStudio(name, head string) bool {
	if looksLikeLabelStudioTable(name, head) {
		return true
	}
	text := strings.TrimSpace(head)
	if !strings.EqualFold(path.Ext(name), ".json") || !strings.HasPrefix(text, "[") {
		return false
	}
	full := strings.Contains(text, `"data"`) && (strings.Contains(text, `"annotations"`) || strings.Contains(text, `"completions"`) || strings.Contains(text, `"predictions"`))
	small := strings.Contains(text, `"annotator"`) || strings.Contains(text, `"annotation_id"`) || strings.Contains(text, `"lead_time"`) || strings.Contains(text, `"rectanglelabels"`)
	return full || small
}

func (labelStudioImporter) Recognises(f *Folder) (bool, error) {
	return f.recognisesFiles(looksLikeLabelStudio, ".json", ".csv"), nil
}

func (labelStudioImporter) Read(ctx context.Context, f *Folder, yield Yield, problem Report) (Header, error) {
	name := f.File
	if name == "" {
		name = f.firstFile(looksLikeLabelStudio, ".json", ".csv")
	}
	several := 0
	read := func() ([]Record, error) {
		return readList(ctx, f, name, problem, func(r *Record, data []byte, problem Report) error {
			n, err := labelStudioRecord(r, data, problem)
			if n > 1 {
				several++
			}
			return err
		})
	}
	if strings.EqualFold(path.Ext(name), ".csv") {
		read = func() ([]Record, error) { return labelStudioTable(ctx, f, name, problem) }
	}
	records, err := read()
	if err != nil {
		return Header{}, err
	}
	found := newLocated(f, problem, dirOf(name), path.Join(dirOf(name), "images"))
	for _, r := range records {
		found.add(r)
	}
	h, err := found.yield(ctx, labelStudioNames(f, path.Join(dirOf(name), labelStudioConfig)), yield, name)
	if several > 0 {
		h.Notes = append(h.Notes, fmt.Sprintf("%s more than one annotation, of which one was read", counted(several, "task has", "tasks have")))
	}
	return h, err
}

type labelStudioTask struct {
	Data        map[string]json.RawMessage `json:"data"`
	Annotations []labelStudioAnnotation    `json:"annotations"`
	Completions []labelStudioAnnotation    `json:"completions"` // before 1.0
	FileUpload  string                     `json:"file_upload"`
}

type labelStudioAnnotation struct {
	Result    []labelStudioResult `json:"result"`
	Cancelled bool                `json:"was_cancelled"`
	Truth     bool                `json:"ground_truth"`
}

type labelStudioResult struct {
	Type   string                     `json:"type"`
	Value  map[string]json.RawMessage `json:"value"`
	Width  jsonNumber                 `json:"original_width"`
	Height jsonNumber                 `json:"original_height"`
}

// labelStudioRecord reads one task; n is how many annotations it has.
func labelStudioRecord(r *Record, data []byte, problem Report) (n int, err error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return 0, jsonError(err)
	}
	if _, full := fields["data"]; !full {
		return 1, labelStudioSmall(r, fields, problem)
	}
	var task labelStudioTask
	if err := json.Unmarshal(data, &task); err != nil {
		return 0, jsonError(err)
	}
	if r.ImagePath = imageField(task.Data); r.ImagePath == "" {
		r.ImagePath = task.FileUpload
	}
	if r.ImagePath == "" {
		return 0, errors.New("its \"data\" names no image")
	}
	r.splitOfData(task.Data)
	all := slices.DeleteFunc(append(task.Annotations, task.Completions...), func(a labelStudioAnnotation) bool { return a.Cancelled })
	if len(all) == 0 {
		return 0, nil
	}
	best := all[0]
	for _, a := range all {
		if a.Truth {
			best = a
			break
		}
	}
	r.HasAnnotation = true
	for i, result := range best.Result {
		result.add(r, problem, fmt.Sprintf("%s, result %d", path.Base(r.ImagePath), i+1))
	}
	return len(all), nil
}

// labelStudioConfig is the labelling interface, as a file beside the tasks.
const labelStudioConfig = "label_config.xml"

// labelStudioNames are the labels or choices that the labelling interface has.
func labelStudioNames(f *Folder, name string) []string {
	if _, err := f.stat(name); err != nil {
		return nil
	}
	data, err := f.read(name, maxXMLBytes)
	if err != nil {
		return nil
	}
	return parseLabelStudioNames(data)
}

func parseLabelStudioNames(data []byte) []string {
	var list conceptList
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = charsetReader
	for {
		token, err := d.Token()
		if err != nil {
			return list.names
		}
		t, ok := token.(xml.StartElement)
		if !ok || t.Name.Local != "Label" && t.Name.Local != "Choice" || len(list.names) >= maxConcepts {
			continue
		}
		if name, err := conceptName(attributes(t)["value"]); err == nil {
			list.add(name)
		}
	}
}

// splitOfData takes the split that a task's data name.
func (r *Record) splitOfData(data map[string]json.RawMessage) {
	var text string
	if json.Unmarshal(data["split"], &text) == nil {
		r.Split, _ = splitName(text)
	}
}

// imageField is the value that looks like an image's path or URL.
func imageField(data map[string]json.RawMessage) string {
	text := func(key string) string {
		var s string
		json.Unmarshal(data[key], &s)
		return s
	}
	for _, key := range []string{"image", "img", "image_url", "url", "ocr", "captioning"} {
		if s := text(key); s != "" {
			return s
		}
	}
	for _, key := range sortedKeys(data) {
		s := text(key)
		if plain, _, _ := strings.Cut(s, "?"); isImageName(path.Base(plain)) || strings.Contains(s, "?d=") {
			return s
		}
	}
	return ""
}

// labelStudioSmall reads a task of JSON-MIN: the fields of its data, and
// below the names of the labelling's controls their values.
func labelStudioSmall(r *Record, fields map[string]json.RawMessage, problem Report) error {
	if r.ImagePath = imageField(fields); r.ImagePath == "" {
		return errors.New("it names no image")
	}
	r.splitOfData(fields)
	known := []string{"id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "image", "img", "image_url", "url", "comment", "agreement", "sentiment_id", "split"}
	for _, key := range sortedKeys(fields) {
		if slices.Contains(known, key) {
			continue
		}
		what := fmt.Sprintf("%s, %s", path.Base(r.ImagePath), key)
		var values []map[string]json.RawMessage
		var choice string
		var choices struct {
			Choices []string `json:"choices"`
		}
		switch raw := fields[key]; {
		case json.Unmarshal(raw, &values) == nil && values != nil:
			r.HasAnnotation = true
			for i, v := range values {
				result := labelStudioResult{Value: v}
				json.Unmarshal(v["original_width"], &result.Width)
				json.Unmarshal(v["original_height"], &result.Height)
				result.add(r, problem, fmt.Sprintf("%s %d", what, i+1))
			}
		case json.Unmarshal(raw, &choice) == nil && choice != "" && (strings.Contains(key, "choice") || strings.Contains(key, "class") || strings.Contains(key, "label")):
			r.addConcept(choice, problem, what)
		case json.Unmarshal(raw, &choices) == nil:
			for _, c := range choices.Choices {
				r.addConcept(c, problem, what)
			}
		}
	}
	if _, looked := fields["annotation_id"]; looked {
		r.HasAnnotation = true
	}
	return nil
}

// add adds one result to the record.
func (s labelStudioResult) add(r *Record, problem Report, what string) {
	var labels []string
	kind := ""
	for _, key := range []string{"rectanglelabels", "polygonlabels", "ellipselabels", "brushlabels", "keypointlabels", "labels", "choices", "hypertextlabels"} {
		if raw, ok := s.Value[key]; ok {
			kind = key
			var one string
			if json.Unmarshal(raw, &labels) != nil && json.Unmarshal(raw, &one) == nil {
				labels = []string{one}
			}
			break
		}
	}
	if kind == "choices" {
		for _, l := range labels {
			r.addConcept(l, problem, what)
		}
		return
	}
	if kind == "" && s.Type != "" && s.Type != "rectangle" && s.Type != "polygon" && s.Type != "ellipse" {
		return // a text, a rating: nothing about what is seen
	}
	if len(labels) == 0 {
		r.refuse(problem, r.Line, what, "the region was skipped: it has no label")
		return
	}
	corners, err := s.corners(kind)
	if err != nil {
		r.refuse(problem, r.Line, what, "the region was skipped: "+err.Error())
		return
	}
	if w, h := wholePixels(s.Width.Value), wholePixels(s.Height.Value); w > 0 && h > 0 {
		r.Width, r.Height = w, h
	}
	if len(labels) > 1 {
		problem(Problem{File: r.File, Line: r.Line, Record: what, Reason: fmt.Sprintf("the region has %d labels; the first was read", len(labels))})
	}
	r.addFractions(corners[0]/100, corners[1]/100, corners[2]/100, corners[3]/100, labels[0], problem, r.Line, what)
}

// corners are those of the box around the region, in per cent.
func (s labelStudioResult) corners(kind string) (c [4]float64, err error) {
	get := func(key string) (float64, bool) {
		var n jsonNumber
		json.Unmarshal(s.Value[key], &n)
		return n.Value, n.Valid
	}
	x, okX := get("x")
	y, okY := get("y")
	if w, ok := get("width"); ok && okX && okY && kind != "keypointlabels" {
		h, ok := get("height")
		if !ok {
			return c, errors.New("its height is missing")
		}
		angle, _ := get("rotation")
		return s.turned(x, y, w, h, angle), nil
	}
	if rx, ok := get("radiusX"); ok && okX && okY {
		ry, _ := get("radiusY")
		return [4]float64{x - rx, y - ry, x + rx, y + ry}, nil
	}
	var points [][]jsonNumber
	if json.Unmarshal(s.Value["points"], &points) == nil && len(points) > 0 {
		var flat []float64
		for _, p := range points {
			if len(p) < 2 || !p[0].Valid || !p[1].Valid {
				return c, errors.New("a point of it is not two numbers")
			}
			flat = append(flat, p[0].Value, p[1].Value)
		}
		return around(flat)
	}
	return c, fmt.Errorf("a region of the kind %q has no box", strings.TrimSuffix(kind, "labels"))
}

// turned is the box around a box that is turned about its upper left corner,
// by degrees clockwise, as Label Studio does; per cent are of another length across than down.
func (s labelStudioResult) turned(x, y, w, h, degrees float64) [4]float64 {
	if degrees == 0 {
		return [4]float64{x, y, x + w, y + h}
	}
	width, height := s.Width.Value, s.Height.Value
	if width <= 0 || height <= 0 {
		width, height = 1, 1
	}
	return turnedAtCorner(x, y, w, h, degrees, width, height)
}

// looksLikeLabelStudioTable tells Label Studio's CSV from other tables: its
// cells hold JSON.
func looksLikeLabelStudioTable(name, head string) bool {
	if !strings.EqualFold(path.Ext(name), ".csv") {
		return false
	}
	line, _, _ := strings.Cut(head, "\n")
	return strings.Contains(line, "annotation_id") || strings.Contains(line, "lead_time") ||
		strings.Contains(head, `""rectanglelabels""`) || strings.Contains(head, `""polygonlabels""`) || strings.Contains(head, `""choices""`)
}

// labelStudioTable reads the CSV: the columns of JSON-MIN's fields, lists and
// objects as JSON in a cell.
func labelStudioTable(ctx context.Context, f *Folder, name string, problem Report) ([]Record, error) {
	data, err := f.read(name, maxTextBytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return parseLabelStudioTable(ctx, name, string(data), problem)
}

func parseLabelStudioTable(ctx context.Context, name, text string, problem Report) ([]Record, error) {
	var all []Record
	var columns []string
	err := eachLine(strings.NewReader(text), func(n int, line []byte) error {
		if len(strings.TrimSpace(string(line))) == 0 || ctx.Err() != nil {
			return ctx.Err()
		}
		cells, err := splitFields(string(line), ',')
		if err != nil {
			problem(Problem{File: name, Line: n, Reason: "the line was skipped: " + err.Error()})
			return nil
		}
		if columns == nil {
			columns = cells
			return nil
		}
		fields := map[string]json.RawMessage{}
		for i, c := range columns {
			c, value := strings.TrimSpace(c), cell(cells, i)
			switch {
			case value == "" || c == "":
			case (value[0] == '[' || value[0] == '{') && json.Valid([]byte(value)):
				fields[c] = json.RawMessage(value)
			default:
				fields[c], _ = json.Marshal(value)
			}
		}
		r := Record{File: name, Line: n}
		if err := labelStudioSmall(&r, fields, problem); err != nil {
			problem(Problem{File: name, Line: n, Reason: "the line was skipped: " + err.Error()})
			return nil
		}
		if len(all) >= maxFiles {
			return errors.New("it names too many images")
		}
		all = append(all, r)
		return nil
	})
	return all, err
}
