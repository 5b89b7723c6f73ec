package interchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"viewfinder/storage/domain"
)

// CSV is the name of this format.
const CSV Format = "csv"

// csvFormat is CSV's definition.
var csvFormat = Definition{
	Name: CSV, Title: "CSV",
	Summary: "a table with columns for the file and its concepts",
	Files:   "`labels.csv` with the columns `file`, `concepts`, `split`, `annotated`, `reviewed` and, for boxes, `xmin`, `ymin`, `xmax`, `ymax`, or other common names for these (`filename`, `image_id`, `label`, `class`, `x`, `y`, `w`, `h`, ...); or a column of 0 and 1 for each concept; the images beside it, in `images/` or anywhere below",
	Loses:   "columns of other names",
	Proved:  "Roboflow's without a first line of names in c-palma0/facemask-data (848 images, 4,021 boxes, all read), a table with the column cell_type in Shenggan/BCCD_Dataset (4,886 of 4,888), VoTT's and Roboflow's table of 0 and 1 in openvinotoolkit/datumaro",
	Holds:   Holds{Tasks: domain.Tasks(), Boxes: true, Splits: true, Negatives: true, Unannotated: true, Reviewed: true},
	Known:   ByTable,
	Sniff: func(name, head string) bool {
		_, err := csvHead(name, head)
		return err == nil
	},
	importer: csvImporter{},
	naming:   keepFolders,
	exporter: func() exporter { return &csvExporter{} },
}

// csvImporter reads a table with one row an image, or one row a box.
//
// The separator is a comma, a semicolon or a tab, recognised in the first line, or
// named by a line "sep=;" above it; a byte order mark and UTF-16 are understood,
// other text than UTF-8 is taken for a Windows code page, and a note names it.
// Fields may be quoted; a decimal comma is understood. A record is one line, so
// that a lost quote spoils one record and not the rest. Columns are found by the
// names of the first line (csvcolumns.go), in any letter case. Without such a
// line the columns are recognised by their content.
//
// A cell of concepts is divided at ';' and '|' (written \; and \| where a
// name has them); an empty one means "annotated without concept", unless a
// column "annotated" says no. Boxes are in fractions, or in pixels where a
// coordinate exceeds 2. Images are looked for beside the table, then in
// images/ beside it, then by the end of their path.
type csvImporter struct{}

func (csvImporter) Recognises(f *Folder) (bool, error) {
	names, err := csvFiles(f)
	return err == nil && len(names) > 0, err
}

// csvHead reads the columns out of a table's beginning.
func csvHead(name, head string) (csvColumns, error) {
	switch strings.ToLower(path.Ext(name)) {
	case ".csv", ".tsv", ".txt":
	default:
		return csvColumns{}, errNoTable
	}
	t, err := csvProbe(utf8Text(head), 200)
	switch {
	case err != nil:
		return csvColumns{}, err
	case !t.started:
		return csvColumns{}, errors.New("it is empty")
	case !t.columns.annotates():
		return csvColumns{}, fmt.Errorf("it has a column of files, but none of concepts or boxes among %s; name them in the first line, such as file,concepts,split", quotedList(t.header))
	}
	return t.columns, nil
}

// csvProbe reads a table's columns, and of at most rows rows which columns
// hold 0 and 1 alone.
func csvProbe(text string, rows int) (csvTable, error) {
	t := csvTable{}
	lines := strings.Count(text, "\n")
	err := eachLine(strings.NewReader(text), func(n int, line []byte) error {
		if n > rows || n > 1 && n > lines && lines > 1 { // the last line may be cut off
			return nil
		}
		return t.line(n, line)
	})
	t.columns.keepFlags()
	return t, err
}

var errNoTable = errors.New("it is not a .csv or .tsv file")

func quotedList(names []string) string {
	if len(names) > 12 {
		names = append(slices.Clone(names[:12]), "…")
	}
	return fmt.Sprintf("%.300q", names)
}

// csvFiles returns the tables to read: the one that was named, or in a folder
// labels.csv or annotations.csv, or the only table of images there, or one a split. None and no error: nothing here looks like
// a table of images.
func csvFiles(f *Folder) ([]string, error) {
	if f.File != "" {
		if ext := strings.ToLower(path.Ext(f.File)); ext != ".csv" && ext != ".tsv" {
			return nil, nil
		}
		if _, err := csvHead(f.File, f.head(f.File)); err != nil {
			return nil, &fileError{file: f.File, line: 1, err: err}
		}
		return []string{f.File}, nil
	}
	var good, splits []string
	var first error
	for _, name := range atMost(f.filesHere(".csv", ".tsv"), 200) {
		_, err := csvHead(name, f.head(name))
		stem := strings.Trim(fold(stemOf(name)), "_")
		usual := stem == "labels" || stem == "annotations"
		switch {
		case err == nil && usual:
			return []string{name}, nil
		case err == nil:
			good = append(good, name)
			if cocoSplit(name) != "" {
				splits = append(splits, name)
			}
		case usual || first == nil:
			first = &fileError{file: name, line: 1, err: err}
		}
	}
	switch {
	case len(splits) > 0:
		return splits, nil // beside such as sample_submission.csv
	case len(good) == 1:
		return good, nil
	case len(good) > 1:
		return nil, &fileError{file: good[0], err: fmt.Errorf("the folder holds several tables (%s); name the one to import", strings.Join(good, ", "))}
	}
	return nil, first
}

func (csvImporter) Read(ctx context.Context, f *Folder, yield Yield, problem Report) (Header, error) {
	names, err := csvFiles(f)
	if err != nil && f.File == "" && len(f.filesHere(".csv", ".tsv")) != 1 {
		return Header{}, err
	}
	if len(names) == 0 { // the user chose this format
		if names = f.filesHere(".csv", ".tsv"); f.File != "" {
			names = []string{f.File}
		}
		if len(names) == 0 {
			return Header{}, &emptyError{"the folder holds no .csv or .tsv file"}
		}
	}
	t := csvTable{folder: f, problem: problem, index: map[string]int{}}
	for _, name := range names {
		if err := t.read(ctx, name); err != nil {
			return Header{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	if len(t.records) == 0 {
		return Header{}, &emptyError{fmt.Sprintf("%s names no image that could be found", strings.Join(names, ", "))}
	}
	for _, r := range t.records {
		if err := ctx.Err(); err != nil {
			return Header{}, err
		}
		if err := yield(*r); err != nil {
			return Header{}, err
		}
	}
	return Header{ViewType: t.viewType(), Concepts: t.concepts.names, Notes: t.notes}, nil
}

// csvTable collects the rows of each image.
type csvTable struct {
	folder            *Folder
	name              string
	problem           Report
	started           bool
	sep               byte
	header            []string
	columns           csvColumns
	flags             []csvFlag // of a table with a column for each concept
	records           []*Record
	index             map[string]int // image path to record
	concepts          conceptList
	notes             []string
	fractions, pixels int    // boxes in each
	split             string // from the table's name
}

// read reads one table.
func (t *csvTable) read(ctx context.Context, name string) error {
	data, err := t.folder.read(name, maxTextBytes)
	if err != nil {
		return err
	}
	page := ""
	if data, page = codePage(data); page != "" {
		t.notes = append(t.notes, fmt.Sprintf("%s is not in UTF-8; it was read as %s: save it as UTF-8 if letters are wrong", name, page))
	}
	t.name, t.started, t.sep = name, false, 0
	t.split = cocoSplit(name)
	if probe, err := csvProbe(string(data), maxFiles); err == nil {
		t.flags = probe.columns.flags
	}
	err = eachLine(bytes.NewReader(data), func(n int, line []byte) error {
		if n%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		return t.line(n, line)
	})
	if t.fractions > 0 && t.pixels > 0 {
		t.notes = append(t.notes, fmt.Sprintf("%s has boxes in pixels and boxes in fractions; each was read as what it is", name))
	}
	return err
}

func (t *csvTable) report(n int, record, reason string) {
	if t.problem != nil {
		t.problem(Problem{File: t.name, Line: n, Record: record, Reason: reason})
	}
}

// line takes one line; only what makes the whole table useless is an error.
func (t *csvTable) line(n int, line []byte) error {
	if line == nil {
		t.report(n, "", "the line was skipped: it exceeds the limit for a line")
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
		if rest, ok := strings.CutPrefix(strings.ToLower(text), "sep="); ok && n == 1 { // for Excel
			if rest == "" || len(rest) > 1 && rest[1] != '"' {
				rest = "\t"
			}
			t.sep = rest[0]
			return nil
		}
		t.started = true
		if t.sep == 0 {
			t.sep = separatorOf(text)
		}
		fields, err := splitFields(text, t.sep)
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		var header bool
		if t.columns, header = newCSVColumns(fields); header {
			t.header = fields
			if t.folder != nil {
				t.columns.flags = t.flags
				for _, f := range t.flags {
					if name, err := conceptName(f.concept); err == nil {
						t.concepts.add(name)
					}
				}
			}
			return nil
		}
		if t.columns, err = headless(fields); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	fields, err := splitFields(text, t.sep)
	if t.folder == nil { // only the columns are asked for
		if err == nil {
			t.columns.seeFlags(fields)
		}
		return nil
	}
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
	image, err := t.folder.findImage(name, dir, path.Join(dir, "images"))
	if err != nil {
		t.report(n, name, "the line was skipped: "+err.Error())
		return
	}
	split, ok := splitName(cell(fields, t.columns.split))
	if !ok {
		t.report(n, name, fmt.Sprintf("the split %q is none of train, val and test; the image is split by its content", cell(fields, t.columns.split)))
	} else if split == "" {
		split = t.split
	}
	var concepts []string
	for _, c := range t.columns.named(fields) {
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
		r := &Record{File: t.name, Line: n, ImagePath: image, Split: split, HasAnnotation: t.columns.annotates()}
		if no(cell(fields, t.columns.annotated)) && len(concepts) == 0 {
			r.HasAnnotation = false
		}
		r.Reviewed = yes(cell(fields, t.columns.reviewed))
		r.Width, r.Height = pixels(cell(fields, t.columns.width)), pixels(cell(fields, t.columns.height))
		if r.Width == 0 || r.Height == 0 {
			r.Width, r.Height = 0, 0
		}
		t.records = append(t.records, r)
	}
	r := t.records[i]
	if again && split != "" && split != r.Split {
		t.report(n, name, fmt.Sprintf("the image is listed in two splits; %q, listed first, was kept", r.Split))
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

// box adds the row's box; a row without coordinates and concept states only
// that the image was annotated.
func (t *csvTable) box(n int, name string, r *Record, fields, concepts []string) {
	v, state, err := t.columns.corners(fields)
	switch {
	case err != nil:
		r.refuse(t.take, n, name, "the box was skipped: "+err.Error())
		return
	case state == noCoordinate && len(concepts) == 0:
		return
	case state != allCoordinates:
		r.refuse(t.take, n, name, "the box was skipped: a coordinate is missing")
		return
	case len(concepts) != 1:
		r.refuse(t.take, n, name, fmt.Sprintf("the box was skipped: it has %d concepts instead of one", len(concepts)))
		return
	}
	before := len(r.Boxes)
	if max(v[0], v[1], v[2], v[3]) <= 2 {
		t.fractions++
		r.addFractions(v[0], v[1], v[2], v[3], concepts[0], t.take, n, name)
	} else {
		t.pixels++
		r.addPixels(v[0], v[1], v[2], v[3], concepts[0], t.take, n, name)
	}
	if len(r.Boxes) > before {
		t.concepts.add(concepts[0])
	}
}

// take is report for a whole problem.
func (t *csvTable) take(p Problem) { t.report(p.Line, p.Record, p.Reason) }

// viewType follows from what the table holds: boxes mean detection; an image
// with no concept or with several means tagging; else classification.
func (t *csvTable) viewType() domain.Task {
	if t.columns.hasBoxes() {
		return domain.Detection
	}
	if !t.columns.annotates() {
		return ""
	}
	for _, r := range t.records {
		if r.HasAnnotation && len(r.Concepts) != 1 {
			return domain.Tagging
		}
	}
	return domain.Classification
}
