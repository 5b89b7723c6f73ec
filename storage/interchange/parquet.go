package interchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/parquet-go/parquet-go"

	"viewfinder/storage/domain"
)

// Parquet is the name of this format.
const Parquet Format = "parquet"

// parquetFormat is Parquet's definition.
var parquetFormat = Definition{
	Name: Parquet, Title: "Parquet",
	Summary:  "Parquet tables of images with labels or objects, as dataset hubs write them",
	Files:    "`….parquet` (`train-00000-of-00002.parquet`, or in `data/`) with a column of images (`bytes` and `path`), columns `label`, `labels` or the like, and `objects` with `bbox` and `category`; names of classes from the table's own description",
	Loses:    "masks, captions, all other columns. Boxes are x, y, width and height in pixels, as is usual there, unless they can only be two corners",
	Holds:    Holds{Tasks: domain.Tasks(), Boxes: true, Splits: true, Negatives: true},
	importer: parquetImporter{},
}

// parquetImporter reads the tables column by column; images stay in the file
// until they are opened.
type parquetImporter struct{}

func parquetFiles(f *Folder) []string {
	if f.File != "" {
		if strings.EqualFold(path.Ext(f.File), ".parquet") {
			return []string{f.File}
		}
		return nil
	}
	names := f.filesHere(".parquet")
	if inner, _ := f.list("data"); len(names) == 0 && len(inner) > 0 {
		for _, n := range f.sub("data").filesHere(".parquet") {
			names = append(names, path.Join("data", n))
		}
	}
	return names
}

func (parquetImporter) Recognises(f *Folder) (bool, error) {
	var first error
	for _, name := range sample(parquetFiles(f)) {
		file, err := openText(f.tree.root, f.at(name), 1<<40)
		if err == nil {
			var t *parquetTable
			if t, err = openParquet(file, name); err == nil && t.image < 0 {
				err = errors.New("it has no column of images")
			}
			file.Close()
		}
		if err == nil {
			return true, nil
		}
		if first == nil {
			first = &fileError{file: name, err: err}
		}
	}
	return false, first
}

func (parquetImporter) Read(ctx context.Context, f *Folder, yield Yield, problem Report) (Header, error) {
	var all []Record
	var declared conceptList
	numbers := 0
	taken := map[string]bool{}
	var notes []string
	for _, name := range parquetFiles(f) {
		if err := ctx.Err(); err != nil {
			return Header{}, err
		}
		file, err := f.openBinary(name)
		if err != nil {
			problem(Problem{File: name, Reason: "was skipped: " + err.Error()})
			continue
		}
		t, err := openParquet(file, name)
		if err == nil {
			t.problem, t.taken = problem, taken
			t.split = cocoSplit(f.at(name))
			var some []Record
			if some, err = t.records(); err == nil {
				at := f.at(name)
				images := &parquetImages{root: f.tree.root, name: at, image: t.image}
				for i := range some {
					some[i].embedded = func() ([]byte, error) { return images.read(int64(i)) }
				}
				all = append(all, some...)
				for _, c := range t.names() {
					declared.add(c)
				}
				numbers += t.numbers
				if t.note != "" && !slices.Contains(notes, t.note) {
					notes = append(notes, t.note)
				}
			}
		}
		file.Close()
		if err != nil {
			problem(Problem{File: name, Reason: "was skipped: " + err.Error()})
		}
	}
	if len(all) == 0 {
		return Header{}, &emptyError{"there is no row with an image in the Parquet files"}
	}
	h := taskSeen{declared: declared.names}.header(all)
	h.Notes = append(append(h.Notes, notes...), numbered(numbers)...)
	return h, yieldAll(ctx, all, yield)
}

// guarded turns a library's panic over a damaged file into an error.
func guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w (%.100s)", errDamaged, fmt.Sprint(p))
		}
	}()
	return f()
}

// parquetTable is one file.
type parquetTable struct {
	name      string
	file      *parquet.File
	paths     []string // of the leaf columns, such as "objects.list.element.bbox.list.element", in lower case
	image     int      // column of the images' bytes; -1 for none
	imagePath int      // column of their names; -1
	label     int      // column of the concepts; -1
	width     int
	height    int
	boxes     int // column of boxes' numbers; -1
	category  int // column of their concepts; -1
	split     string
	classes   map[string][]string // names of classes, by a feature's path
	problem   Report
	taken     map[string]bool
	numbers   int
	note      string
}

// plainPath drops what Parquet's lists add to a column's path.
func plainPath(parts []string) string {
	var kept []string
	for _, p := range parts {
		switch p {
		case "list", "element", "item", "array", "bag", "array_element":
		default:
			kept = append(kept, strings.ToLower(p))
		}
	}
	return strings.Join(kept, ".")
}

func openParquet(r io.ReaderAt, name string) (t *parquetTable, err error) {
	err = guarded(func() error {
		size, err := sizeOf(r)
		if err != nil {
			return err
		}
		if err := checkParquetFooter(r, size); err != nil {
			return fmt.Errorf("it is not a readable Parquet file: %w", err)
		}
		file, err := parquet.OpenFile(r, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
		if err != nil {
			return fmt.Errorf("it is not a readable Parquet file: %w", err)
		}
		if file.NumRows() < 0 || file.NumRows() > maxFiles || len(file.Schema().Columns()) > 5000 {
			return errors.New("it has too many rows or columns")
		}
		t = &parquetTable{name: name, file: file, problem: func(Problem) {}, taken: map[string]bool{}}
		t.choose()
		return nil
	})
	return t, err
}

func sizeOf(r io.ReaderAt) (int64, error) {
	switch f := r.(type) {
	case *os.File:
		info, err := f.Stat()
		if err != nil {
			return 0, err
		}
		return info.Size(), nil
	case interface{ Size() int64 }:
		return f.Size(), nil
	}
	return 0, errors.New("its size is not known")
}

// choose finds the columns.
func (t *parquetTable) choose() {
	for _, c := range t.file.Schema().Columns() {
		t.paths = append(t.paths, plainPath(c))
	}
	find := func(names ...string) int {
		for _, n := range names {
			if i := slices.Index(t.paths, n); i >= 0 {
				return i
			}
		}
		return -1
	}
	t.image = find("image.bytes", "img.bytes", "jpg.bytes", "png.bytes", "picture.bytes", "pixel_values.bytes", "image", "img", "jpg", "png", "image_bytes", "bytes")
	if t.image < 0 { // any other structure of bytes and a path
		for i, p := range t.paths {
			if base, ok := strings.CutSuffix(p, ".bytes"); ok && !strings.Contains(base, ".") && !uncertainFolders.MatchString(base) && !isLabelFolder(base) {
				t.image = i
				break
			}
		}
	}
	base := ""
	if t.image >= 0 {
		base = strings.TrimSuffix(t.paths[t.image], ".bytes")
	}
	t.imagePath = find(base+".path", "file_name", "filename", "image_path", "path", "__key__")
	t.label = find("label", "labels", "class", "category", "fine_label", "label_name", "class_name", "target", "cls", "tags", "classes")
	t.width, t.height = find("width", "image_width"), find("height", "image_height")
	for _, group := range []string{"objects", "object", "annotations", "faces", "litter", "annotation", "ground_truth"} {
		if t.boxes = find(group+".bbox", group+".bboxes", group+".boxes"); t.boxes >= 0 {
			t.category = find(group+".category", group+".categories", group+".label", group+".labels", group+".category_id", group+".class", group+".class_label", group+".category_name", group+".name")
			break
		}
	}
	if t.boxes < 0 {
		if t.boxes = find("bbox", "bboxes", "boxes"); t.boxes >= 0 {
			t.category = t.label
			t.label = -1
		}
	}
	t.classes = map[string][]string{}
	if text, ok := t.file.Lookup("huggingface"); ok && len(text) < maxXMLBytes {
		var meta struct {
			Info struct {
				Features json.RawMessage `json:"features"`
			} `json:"info"`
		}
		if json.Unmarshal([]byte(text), &meta) == nil {
			t.readFeatures("", meta.Info.Features, 0)
		}
	}
}

// readFeatures finds the names of classes in a description of the columns.
func (t *parquetTable) readFeatures(at string, raw json.RawMessage, depth int) {
	var fields map[string]json.RawMessage
	if depth > 8 {
		return
	}
	if json.Unmarshal(raw, &fields) != nil {
		var list []json.RawMessage // a list is written as one of its element
		if json.Unmarshal(raw, &list) == nil && len(list) == 1 {
			t.readFeatures(at, list[0], depth+1)
		}
		return
	}
	var kind string
	json.Unmarshal(fields["_type"], &kind)
	if kind == "ClassLabel" {
		var names []string
		if json.Unmarshal(fields["names"], &names) == nil && len(names) <= maxConcepts {
			t.classes[at] = names
		}
		return
	}
	for name, inner := range fields {
		path := at
		if name != "feature" {
			path = strings.TrimPrefix(at+"."+strings.ToLower(name), ".")
		}
		t.readFeatures(path, inner, depth+1)
	}
}

// names are those of the classes that the records use.
func (t *parquetTable) names() []string {
	column := t.label
	if t.boxes >= 0 {
		column = t.category
	}
	if column < 0 {
		return nil
	}
	var list conceptList
	for _, n := range t.classes[t.paths[column]] {
		if n, err := conceptName(n); err == nil {
			list.add(n)
		}
	}
	return list.names
}

// records makes a record of each row.
func (t *parquetTable) records() (all []Record, err error) {
	err = guarded(func() error {
		rows := int(t.file.NumRows())
		columns := map[int][][]parquet.Value{}
		for _, i := range []int{t.imagePath, t.label, t.width, t.height, t.boxes, t.category} {
			if i < 0 || columns[i] != nil {
				continue
			}
			values, err := t.column(i, rows)
			if err != nil {
				return fmt.Errorf("its column %s: %w", t.paths[i], err)
			}
			columns[i] = values
		}
		cell := func(column, row int) []parquet.Value {
			if column < 0 || row >= len(columns[column]) {
				return nil
			}
			return columns[column][row]
		}
		corners := t.areCorners(rows, cell)
		for row := range rows {
			r := Record{File: t.name, Line: row + 1, Split: t.split}
			own := ""
			if v := cell(t.imagePath, row); len(v) == 1 {
				own = text(v[0])
			}
			r.ImagePath = embeddedName(t.name, own, row, t.taken)
			if w, h := cell(t.width, row), cell(t.height, row); len(w) == 1 && len(h) == 1 && wholePixels(number64(w[0])) > 0 && wholePixels(number64(h[0])) > 0 {
				r.Width, r.Height = wholePixels(number64(w[0])), wholePixels(number64(h[0]))
			}
			t.objects(&r, cell(t.boxes, row), cell(t.category, row), corners)
			if t.label >= 0 && t.boxes < 0 {
				r.HasAnnotation = t.file.Schema() != nil && t.repeated(t.label) // an empty list says: none of them
				for _, v := range cell(t.label, row) {
					r.addConcept(t.concept(t.label, v), t.problem, path.Base(r.ImagePath))
				}
			}
			all = append(all, r)
		}
		return nil
	})
	return all, err
}

// repeated reports whether a column is a list.
func (t *parquetTable) repeated(column int) bool {
	leaf, ok := t.file.Schema().Lookup(t.file.Schema().Columns()[column]...)
	return ok && leaf.MaxRepetitionLevel > 0
}

// column reads a column's values by row, without nulls.
func (t *parquetTable) column(index, rows int) ([][]parquet.Value, error) {
	all := make([][]parquet.Value, 0, rows)
	buffer := make([]parquet.Value, 1024)
	total := 0
	for _, group := range t.file.RowGroups() {
		pages := group.ColumnChunks()[index].Pages()
		err := func() error {
			defer pages.Close()
			for {
				page, err := pages.ReadPage()
				if err == io.EOF {
					return nil
				}
				if err != nil {
					return err
				}
				values := page.Values()
				for {
					n, err := values.ReadValues(buffer)
					for _, v := range buffer[:n] {
						if v.RepetitionLevel() == 0 {
							all = append(all, nil)
						}
						if len(all) == 0 || len(all) > maxFiles {
							return errDamaged
						}
						if total++; total > 50_000_000 {
							return errors.New("it has too many values")
						}
						if !v.IsNull() && len(all[len(all)-1]) < 4*maxRegions+4 {
							all[len(all)-1] = append(all[len(all)-1], v.Clone())
						}
					}
					if err == io.EOF || n == 0 {
						break
					}
					if err != nil {
						return err
					}
				}
				parquet.Release(page)
			}
		}()
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// areCorners reports whether boxes are two corners: where width and height would
// reach beyond the image, or some box would be none.
func (t *parquetTable) areCorners(rows int, cell func(column, row int) []parquet.Value) bool {
	if t.boxes < 0 {
		return false
	}
	beyond, backward := false, false
	for row := range rows {
		w, h := cell(t.width, row), cell(t.height, row)
		v := cell(t.boxes, row)
		for i := 0; i+3 < len(v); i += 4 {
			x, y, a, b := number64(v[i]), number64(v[i+1]), number64(v[i+2]), number64(v[i+3])
			backward = backward || a <= x || b <= y
			if len(w) == 1 && len(h) == 1 {
				beyond = beyond || x+a > number64(w[0])+1 || y+b > number64(h[0])+1
			}
		}
	}
	if beyond && !backward {
		t.note = "the boxes of " + t.name + " were read as two corners: as width and height they would reach beyond the images"
		return true
	}
	if !backward && !beyond && t.width < 0 {
		t.note = "the boxes of " + t.name + " were read as x, y, width and height; nothing in the table tells whether they are two corners"
	}
	return false
}

// objects adds a row's boxes.
func (t *parquetTable) objects(r *Record, boxes, categories []parquet.Value, corners bool) {
	if t.boxes < 0 {
		return
	}
	r.HasAnnotation = true
	n := max(len(boxes)/4, len(categories))
	for i := range min(n, maxRegions+1) {
		what := fmt.Sprintf("%s, object %d", path.Base(r.ImagePath), i+1)
		if 4*i+3 >= len(boxes) || i >= len(categories) && t.category >= 0 {
			r.refuse(t.problem, r.Line, what, "was skipped: its box or its category is missing")
			continue
		}
		concept := "object"
		if t.category < 0 && t.note == "" {
			t.note = "the boxes of " + t.name + " have no category: their concept is called \"object\""
		}
		if t.category >= 0 {
			concept = t.concept(t.category, categories[i])
		}
		x, y, a, b := number64(boxes[4*i]), number64(boxes[4*i+1]), number64(boxes[4*i+2]), number64(boxes[4*i+3])
		if !corners {
			a, b = x+a, y+b
		}
		r.addPixels(x, y, a, b, concept, t.problem, r.Line, what)
	}
}

// concept is the name of a class.
func (t *parquetTable) concept(column int, v parquet.Value) string {
	if k := v.Kind(); k == parquet.ByteArray || k == parquet.FixedLenByteArray {
		return text(v)
	}
	n := number64(v)
	if names := t.classes[t.paths[column]]; n >= 0 && n < float64(len(names)) && n == float64(int(n)) {
		return names[int(n)]
	}
	if v.Kind() == parquet.Boolean {
		return strconv.FormatBool(v.Boolean())
	}
	t.numbers++
	return strconv.FormatFloat(n, 'g', -1, 64)
}

func text(v parquet.Value) string {
	if k := v.Kind(); k == parquet.ByteArray || k == parquet.FixedLenByteArray {
		return string(v.ByteArray())
	}
	return ""
}

func number64(v parquet.Value) float64 {
	switch v.Kind() {
	case parquet.Boolean:
		if v.Boolean() {
			return 1
		}
	case parquet.Int32:
		return float64(v.Int32())
	case parquet.Int64:
		return float64(v.Int64())
	case parquet.Float:
		return float64(v.Float())
	case parquet.Double:
		return v.Double()
	case parquet.ByteArray:
		n, _ := parseNumber(text(v))
		return n
	}
	return 0
}

// parquetImages reads images out of one file, best in the order of rows.
type parquetImages struct {
	root  *os.Root
	name  string
	image int

	mutex sync.Mutex
	first int64 // row of the page that was read last
	page  [][]byte
}

// read returns the bytes of a row's image.
func (p *parquetImages) read(row int64) (data []byte, err error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if row >= p.first && row < p.first+int64(len(p.page)) {
		return p.taken(row)
	}
	err = guarded(func() error { return p.load(row) })
	if err != nil {
		return nil, err
	}
	return p.taken(row)
}

func (p *parquetImages) taken(row int64) ([]byte, error) {
	data := p.page[row-p.first]
	switch {
	case len(data) == 0:
		return nil, errors.New("the row has no image inside, only a path")
	case len(data) > maxEmbedded:
		return nil, fmt.Errorf("the image exceeds the limit of %d MB", maxEmbedded>>20)
	}
	return data, nil
}

// load reads the page that has a row.
func (p *parquetImages) load(row int64) error {
	f, err := p.root.Open(filepath.FromSlash(p.name))
	if err != nil {
		return reasonOf(err)
	}
	defer f.Close()
	t, err := openParquet(f, p.name)
	if err != nil {
		return err
	}
	start := int64(0)
	for _, group := range t.file.RowGroups() {
		if row >= start+group.NumRows() {
			start += group.NumRows()
			continue
		}
		pages := group.ColumnChunks()[p.image].Pages()
		defer pages.Close()
		if err := pages.SeekToRow(row - start); err != nil {
			return err
		}
		page, err := pages.ReadPage()
		if err != nil {
			return tooEarly(err)
		}
		defer parquet.Release(page)
		p.first, p.page = row, nil
		values := page.Values()
		buffer := make([]parquet.Value, 16)
		held := 0
		for held < 64<<20 { // bytes kept ahead
			n, err := values.ReadValues(buffer)
			for _, v := range buffer[:n] {
				var data []byte
				if k := v.Kind(); !v.IsNull() && k == parquet.ByteArray {
					data = slices.Clone(v.ByteArray())
				}
				held += len(data)
				p.page = append(p.page, data)
			}
			if err == io.EOF || n == 0 {
				break
			}
			if err != nil {
				return err
			}
		}
		if len(p.page) == 0 {
			return errDamaged
		}
		return nil
	}
	return errors.New("there is no such row")
}
