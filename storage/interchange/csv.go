package interchange

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"viewfinder/storage/domain"
)

// CSV is the name of this format.
const CSV Format = "csv"

// csvFormat is CSV's definition.
var csvFormat = Definition{
	Name: CSV, Title: "CSV",
	Summary:  "a table with columns for the file and its concepts",
	Files:    "`labels.csv` with the columns `file`, `concepts`, `split`, `annotated`, `reviewed` and, for boxes, `xmin`, `ymin`, `xmax`, `ymax`; the images beside it or in `images/`",
	Loses:    "columns of other names",
	Holds:    Holds{Tasks: []domain.Task{domain.Classification, domain.Tagging, domain.Detection}, Boxes: true, Splits: true, Negatives: true, Reviewed: true},
	Known:    ByTable,
	importer: csvImporter{},
	exporter: func() exporter { return &csvExporter{} },
}

// csvImporter reads a table with one row an image, or one row a box.
//
// The separator is a comma, a semicolon or a tab, told from the first line; a
// byte order mark and UTF-16 are understood, fields may be quoted. A record is
// one line, so that a lost quote spoils one record and not the rest. Columns
// are found by the names of the first line: file (image, path, filename, …),
// concepts (concept, label, class, tags, …), split (set, subset, …),
// annotated, reviewed, width, height, and xmin, ymin, xmax, ymax. Without such
// a line the columns are file, concepts, split.
//
// A cell of concepts is divided at ';' and '|' (written \; and \| where a
// name has them); an empty one means "annotated without concept", unless a
// column "annotated" says no. Boxes are in fractions, or in pixels where a
// coordinate exceeds 2. Images are looked for beside the table, then in
// images/ beside it.
type csvImporter struct{}

func (csvImporter) Recognises(root *os.Root, file string) bool {
	name, err := csvFile(root, file)
	return err == nil && name != ""
}

// csvFile returns the table to read: the one that was named, or in a folder
// labels.csv, annotations.csv, or the only table there.
func csvFile(root *os.Root, file string) (string, error) {
	if file != "" {
		switch strings.ToLower(path.Ext(file)) {
		case ".csv", ".tsv":
			return file, nil
		}
		return "", fmt.Errorf("%s is not a .csv or .tsv file", file)
	}
	entries, err := list(root, "")
	if err != nil {
		return "", err
	}
	var tables []string
	for _, e := range entries {
		ext := strings.ToLower(path.Ext(e.name))
		if e.dir || e.err != nil || ext != ".csv" && ext != ".tsv" {
			continue
		}
		if stem := strings.ToLower(strings.TrimSuffix(e.name, path.Ext(e.name))); stem == "labels" || stem == "annotations" {
			return e.name, nil
		}
		tables = append(tables, e.name)
	}
	switch len(tables) {
	case 0:
		return "", errors.New("the folder holds no .csv or .tsv file")
	case 1:
		return tables[0], nil
	}
	return "", fmt.Errorf("the folder holds several tables (%s); name the one to import", strings.Join(tables, ", "))
}

// csvColumns are the positions of columns; -1 where there is none.
type csvColumns struct {
	file, concepts, split, annotated, reviewed, width, height int
	box                                                       [4]int
}

var csvNames = map[string]string{
	"file": "file", "filename": "file", "file_name": "file", "image": "file", "images": "file", "image_path": "file", "path": "file",
	"filepath": "file", "file_path": "file", "img": "file", "imagename": "file", "image_name": "file",
	"concepts": "concepts", "concept": "concepts", "label": "concepts", "labels": "concepts", "class": "concepts", "classes": "concepts",
	"class_name": "concepts", "tag": "concepts", "tags": "concepts", "category": "concepts", "categories": "concepts",
	"split": "split", "set": "split", "subset": "split", "dataset": "split", "partition": "split", "fold": "split",
	"annotated": "annotated", "reviewed": "reviewed", "width": "width", "height": "height",
	"xmin": "xmin", "x_min": "xmin", "x1": "xmin", "ymin": "ymin", "y_min": "ymin", "y1": "ymin",
	"xmax": "xmax", "x_max": "xmax", "x2": "xmax", "ymax": "ymax", "y_max": "ymax", "y2": "ymax",
}

// newCSVColumns reads the first line's names; false where it has none.
func newCSVColumns(fields []string) (csvColumns, bool) {
	at := map[string]int{}
	for i, f := range fields {
		if role, ok := csvNames[strings.ToLower(strings.TrimSpace(f))]; ok {
			if _, twice := at[role]; !twice {
				at[role] = i
			}
		}
	}
	get := func(role string) int {
		if i, ok := at[role]; ok {
			return i
		}
		return -1
	}
	c := csvColumns{get("file"), get("concepts"), get("split"), get("annotated"), get("reviewed"), get("width"), get("height"),
		[4]int{get("xmin"), get("ymin"), get("xmax"), get("ymax")}}
	return c, c.file >= 0
}

func (c csvColumns) hasBoxes() bool { return min(c.box[0], c.box[1], c.box[2], c.box[3]) >= 0 }

func cell(fields []string, i int) string {
	if i < 0 || i >= len(fields) {
		return ""
	}
	return strings.TrimSpace(fields[i])
}

func (csvImporter) Read(ctx context.Context, root *os.Root, file string, yield Yield, problem Report) (Header, error) {
	name, err := csvFile(root, file)
	if err != nil {
		return Header{}, err
	}
	data, err := readSmall(root, name, maxTextBytes)
	if err != nil {
		return Header{}, fmt.Errorf("%s: %w", name, err)
	}
	t := csvTable{root: root, name: name, problem: problem, index: map[string]int{}}
	err = eachLine(strings.NewReader(string(data)), func(n int, line []byte) error {
		if n%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		return t.line(n, line)
	})
	if err != nil {
		return Header{}, fmt.Errorf("%s: %w", name, err)
	}
	if len(t.records) == 0 {
		return Header{}, fmt.Errorf("%s names no image that could be found", name)
	}
	for _, r := range t.records {
		if err := ctx.Err(); err != nil {
			return Header{}, err
		}
		if err := yield(*r); err != nil {
			return Header{}, err
		}
	}
	return Header{ViewType: t.viewType(), Concepts: t.concepts.names, Notes: testNote(t.tests)}, nil
}

// csvTable collects the rows of each image.
type csvTable struct {
	root     *os.Root
	name     string
	problem  Report
	started  bool
	sep      byte
	columns  csvColumns
	records  []*Record
	index    map[string]int // image path to record
	concepts conceptList
	tests    int
}

func (t *csvTable) report(n int, record, reason string) {
	t.problem(Problem{File: t.name, Line: n, Record: record, Reason: reason})
}

// line takes one line; only what makes the whole table useless is an error.
func (t *csvTable) line(n int, line []byte) error {
	if line == nil {
		t.report(n, "", "the line was skipped: it is far too long")
		return nil
	}
	text := string(line)
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if !utf8.ValidString(text) {
		t.report(n, "", "the line was skipped: it is not in UTF-8; save the table as UTF-8")
		return nil
	}
	if !t.started {
		t.started = true
		t.sep = separatorOf(text)
		fields, err := splitFields(text, t.sep)
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		var header bool
		if t.columns, header = newCSVColumns(fields); header {
			return nil
		}
		if !isImageName(path.Base(cell(fields, 0))) {
			return fmt.Errorf("line %d: there is no column \"file\"; the first line should name the columns, such as file,concepts,split", n)
		}
		t.columns = csvColumns{0, 1, 2, -1, -1, -1, -1, [4]int{-1, -1, -1, -1}}
	}
	fields, err := splitFields(text, t.sep)
	if err != nil {
		t.report(n, "", "the line was skipped: "+err.Error())
		return nil
	}
	t.row(n, fields)
	return nil
}

func (t *csvTable) row(n int, fields []string) {
	name := cell(fields, t.columns.file)
	dir := path.Dir(t.name)
	if dir == "." {
		dir = ""
	}
	image, err := findImage(t.root, name, dir, path.Join(dir, "images"))
	if err != nil {
		t.report(n, name, "the line was skipped: "+err.Error())
		return
	}
	split, isTest, ok := splitName(cell(fields, t.columns.split))
	if !ok {
		t.report(n, name, fmt.Sprintf("the split %q is neither train nor val; the image falls by its content", cell(fields, t.columns.split)))
	}
	var concepts []string
	for _, c := range splitConcepts(cell(fields, t.columns.concepts)) {
		c, err := conceptName(c)
		if err != nil {
			t.report(n, name, "a concept was left out: "+err.Error())
			continue
		}
		concepts = append(concepts, c)
	}
	i, again := t.index[image]
	if !again {
		i = len(t.records)
		t.index[image] = i
		r := &Record{File: t.name, Line: n, ImagePath: image, Split: split, HasAnnotation: t.columns.concepts >= 0}
		if no(cell(fields, t.columns.annotated)) && len(concepts) == 0 {
			r.HasAnnotation = false
		}
		r.Reviewed = yes(cell(fields, t.columns.reviewed))
		r.Width, r.Height = pixels(cell(fields, t.columns.width)), pixels(cell(fields, t.columns.height))
		t.records = append(t.records, r)
		if isTest {
			t.tests++
		}
	}
	r := t.records[i]
	if again && split != "" && split != r.Split {
		t.report(n, name, fmt.Sprintf("the image stands in two splits; %q, named first, was kept", r.Split))
	}
	if t.columns.hasBoxes() {
		t.box(n, name, r, fields, concepts)
		return
	}
	for _, c := range concepts {
		t.concepts.add(c)
		if !contains(r.Concepts, c) {
			r.Concepts = append(r.Concepts, c)
		}
	}
}

// box adds the row's box; a row without coordinates and concept says only
// that the image was annotated.
func (t *csvTable) box(n int, name string, r *Record, fields, concepts []string) {
	var v [4]float64
	empty := 0
	for i, column := range t.columns.box {
		s := cell(fields, column)
		if s == "" {
			empty++
			continue
		}
		var err error
		if v[i], err = strconv.ParseFloat(s, 64); err != nil {
			t.report(n, name, fmt.Sprintf("the box was skipped: %q is no number", s))
			return
		}
	}
	switch {
	case empty == 4 && len(concepts) == 0:
		return
	case empty > 0:
		t.report(n, name, "the box was skipped: a coordinate is missing")
		return
	case len(concepts) != 1:
		t.report(n, name, fmt.Sprintf("the box was skipped: it has %d concepts instead of one", len(concepts)))
		return
	case len(r.Boxes) >= maxRegions:
		t.report(n, name, "the box was skipped: the image has too many")
		return
	}
	w, h := r.Width, r.Height
	if max(v[0], v[1], v[2], v[3]) <= 2 {
		w, h = 1, 1
	}
	b, note, err := newBox(v[0], v[1], v[2], v[3], w, h, concepts[0])
	if err != nil {
		note = err.Error()
	}
	if note != "" {
		t.report(n, name, note)
	}
	if err == nil {
		t.concepts.add(b.Concept)
		r.Boxes = append(r.Boxes, b)
	}
}

// viewType follows from what the table holds: boxes mean detection; an image
// with no concept or with several means tagging; else classification.
func (t *csvTable) viewType() domain.Task {
	if t.columns.hasBoxes() {
		return domain.Detection
	}
	if t.columns.concepts < 0 {
		return ""
	}
	for _, r := range t.records {
		if r.HasAnnotation && len(r.Concepts) != 1 {
			return domain.Tagging
		}
	}
	return domain.Classification
}
