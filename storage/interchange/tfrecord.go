package interchange

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"viewfinder/storage/domain"
)

// TFRecord is the name of this format.
const TFRecord Format = "tfrecord"

// tfrecordFormat is TFRecord's definition.
var tfrecordFormat = Definition{
	Name: TFRecord, Title: "TFRecord",
	Summary:  "TensorFlow's TFRecord files of images with boxes or classes",
	Files:    "`NAME.tfrecord` (`.tfrecords`, `.record`, `….tfrecord-00000-of-00010`) with examples of `image/encoded`, `image/object/bbox/xmin` and so on, `image/object/class/text` or `label`, `image/class/label`; `….pbtxt` beside them names the classes",
	Loses:    "masks, key points, all other features; examples without an encoded image are named",
	Proved:   "the samples of TensorFlow's Object Detection API in openvinotoolkit/datumaro",
	Holds:    Holds{Tasks: domain.Tasks(), Boxes: true, Splits: true, Negatives: true},
	importer: tfrecordImporter{},
}

// tfrecordImporter reads tf.train.Example messages as TensorFlow's object
// detection writes them and Roboflow exports them. Records are framed by their length
// and masked CRC-32C sums, which are checked; images stay in the file until they are opened.
type tfrecordImporter struct{}

const (
	maxTFRecord  = maxEmbedded + 64<<20
	maxTFFeature = 10_000
)

var tfrecordName = regexp.MustCompile(`(?i)\.(tfrecords?|record)(-\d+-of-\d+)?$`)

func tfrecords(f *Folder) []string {
	if f.File != "" {
		if tfrecordName.MatchString(f.File) {
			return []string{f.File}
		}
		return nil
	}
	var names []string
	entries, _ := f.list("")
	for _, e := range entries {
		if !e.dir && e.err == nil && tfrecordName.MatchString(e.name) {
			names = append(names, e.name)
		}
	}
	return names
}

func (tfrecordImporter) Recognises(f *Folder) (bool, error) { return len(tfrecords(f)) > 0, nil }

func (tfrecordImporter) Read(ctx context.Context, f *Folder, yield Yield, problem Report) (Header, error) {
	names := labelMap(f)
	var declared conceptList
	for id := range 1 << 10 {
		if name, ok := names[int64(id)]; ok {
			declared.add(name)
		}
	}
	set := tfrecordSet{names: names, problem: problem, taken: map[string]bool{}}
	for _, name := range tfrecords(f) {
		file, err := f.openBinary(name)
		if err != nil {
			problem(Problem{File: name, Reason: "was skipped: " + err.Error()})
			continue
		}
		set.file = name
		set.split = cocoSplit(f.at(name))
		at := f.at(name)
		set.open = func(offset int64, size int) func() ([]byte, error) {
			return func() ([]byte, error) { return readAt(f.tree.root, at, offset, size) }
		}
		before := len(set.all)
		err = set.read(ctx, file)
		file.Close()
		if ctx.Err() != nil {
			return Header{}, ctx.Err()
		}
		if err != nil {
			problem(Problem{File: name, Record: fmt.Sprintf("record %d", len(set.all)-before+1), Reason: "the file is damaged from here on; what comes before was read: " + err.Error()})
		}
	}
	if len(set.all) == 0 {
		return Header{}, &emptyError{"there is no example with an image in the TFRecord files"}
	}
	h := taskSeen{declared: declared.names}.header(set.all)
	h.Notes = append(h.Notes, numbered(set.numbers)...)
	return h, yieldAll(ctx, set.all, yield)
}

// openBinary opens a large file and counts it as read.
func (f *Folder) openBinary(name string) (*os.File, error) { return f.open(name, 1<<40) }

// readAt reads a part of a file below the root.
func readAt(root *os.Root, name string, offset int64, size int) ([]byte, error) {
	file, err := root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, reasonOf(err)
	}
	defer file.Close()
	data := make([]byte, size)
	if _, err := file.ReadAt(data, offset); err != nil {
		return nil, reasonOf(err)
	}
	return data, nil
}

var labelMapItem = regexp.MustCompile(`(?s)item\s*:?\s*\{(.*?)\}`)
var labelMapField = regexp.MustCompile(`(?m)\b(id|name|display_name)\s*:\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\d+)`)

// labelMap reads the label maps (.pbtxt) of the folder: names by number.
func labelMap(f *Folder) map[int64]string {
	names := map[int64]string{}
	for _, name := range f.filesHere(".pbtxt") {
		if data, err := f.read(name, maxXMLBytes); err == nil {
			parseLabelMap(names, string(data))
		}
	}
	return names
}

func parseLabelMap(names map[int64]string, text string) {
	for _, item := range labelMapItem.FindAllStringSubmatch(text, maxConcepts) {
		id, name := int64(-1), ""
		for _, m := range labelMapField.FindAllStringSubmatch(item[1], 20) {
			value := m[2]
			switch {
			case m[1] == "id":
				id, _ = strconv.ParseInt(value, 10, 64)
			case name == "" || m[1] == "display_name":
				name = value[1 : len(value)-1]
				if plain, err := strconv.Unquote(`"` + strings.ReplaceAll(strings.ReplaceAll(name, `\'`, `'`), "\n", `\n`) + `"`); err == nil && value[0] == '"' {
					name = plain
				}
			}
		}
		if name, err := conceptName(name); err == nil && id >= 0 {
			names[id] = name
		}
	}
}

// tfrecordSet collects the records of all files.
type tfrecordSet struct {
	file    string
	split   string
	names   map[int64]string
	problem Report
	taken   map[string]bool
	all     []Record
	numbers int // labels without a name
	open    func(offset int64, size int) func() ([]byte, error)
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// maskedCRC is the sum by which records are framed.
func maskedCRC(data []byte) uint32 {
	sum := crc32.Checksum(data, castagnoli)
	return (sum>>15 | sum<<17) + 0xa282ead8
}

// read takes one file's records; an error names the place of the damage.
func (s *tfrecordSet) read(ctx context.Context, r io.Reader) error {
	in := bufio.NewReaderSize(r, 1<<20)
	var head [12]byte
	offset := int64(0)
	for n := 1; ; n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := io.ReadFull(in, head[:]); err == io.EOF {
			return nil
		} else if err != nil {
			return tooEarly(err)
		}
		size := binary.LittleEndian.Uint64(head[:8])
		switch {
		case binary.LittleEndian.Uint32(head[8:]) != maskedCRC(head[:8]):
			return errors.New("the sum of a record's length does not agree (compressed files cannot be read)")
		case size > maxTFRecord:
			return fmt.Errorf("a record exceeds the limit of %d MB", maxTFRecord>>20)
		case len(s.all) >= maxFiles:
			return errors.New("there are too many records")
		}
		data, err := io.ReadAll(io.LimitReader(in, int64(size)+4)) // grows with what is there, not with what is claimed
		if err != nil {
			return err
		}
		if uint64(len(data)) != size+4 {
			return tooEarly(io.ErrUnexpectedEOF)
		}
		body := data[:size]
		if binary.LittleEndian.Uint32(data[size:]) != maskedCRC(body) {
			s.problem(Problem{File: s.file, Record: fmt.Sprintf("record %d", n), Reason: "was skipped: its check sum does not agree"})
		} else {
			s.example(n, body, offset+12)
		}
		offset += 12 + int64(size) + 4
	}
}

// tfFeature is one feature of an example.
type tfFeature struct {
	texts   [][]byte
	offsets []int // of texts, within the example
	numbers []float64
}

// example makes a record of one example, whose bytes stand at offset in the file.
func (s *tfrecordSet) example(n int, data []byte, offset int64) {
	what := fmt.Sprintf("record %d", n)
	features, err := parseExample(data)
	if err != nil {
		s.problem(Problem{File: s.file, Record: what, Reason: "was skipped: " + err.Error()})
		return
	}
	r := Record{File: s.file, Split: s.split}
	for _, key := range []string{"image/encoded", "image", "image_raw", "image/bytes", "encoded", "img"} {
		if f, ok := features[key]; ok && len(f.texts) == 1 && isImage(f.texts[0]) && s.open != nil {
			if size := len(f.texts[0]); size <= maxEmbedded {
				r.embedded = s.open(offset+int64(f.offsets[0]), size)
				break
			}
		}
	}
	if r.embedded == nil && s.open != nil {
		s.problem(Problem{File: s.file, Record: what, Reason: "was skipped: it has no encoded image"})
		return
	}
	own := features.text("image/filename", "filename", "image/source_id", "image_name")
	r.ImagePath = embeddedName(s.file, own, n, s.taken)
	if w, h := features.number("image/width", "width"), features.number("image/height", "height"); wholePixels(w) > 0 && wholePixels(h) > 0 {
		r.Width, r.Height = wholePixels(w), wholePixels(h)
	}
	s.boxes(&r, features)
	if len(r.Boxes) == 0 && r.Refused == 0 {
		for _, c := range s.labels(features, []string{"image/class/text", "class_text", "label_text"}, []string{"image/class/label", "label", "class"}) {
			r.addConcept(c, s.problem, what)
		}
	}
	s.all = append(s.all, r)
}

// labels are the names of classes, by text or else by number.
func (s *tfrecordSet) labels(features tfFeatures, texts, numbers []string) []string {
	var all []string
	for _, key := range texts {
		for _, t := range features[key].texts {
			all = append(all, string(t))
		}
		if len(all) > 0 {
			return all
		}
	}
	for _, key := range numbers {
		for _, v := range features[key].numbers {
			name, ok := s.names[int64(v)]
			if !ok {
				s.numbers++
				name = strconv.FormatFloat(v, 'g', -1, 64)
			}
			all = append(all, name)
		}
		if len(all) > 0 || len(features[key].texts) == 0 {
			continue
		}
		for _, t := range features[key].texts {
			all = append(all, string(t))
		}
	}
	return all
}

// boxes adds an example's boxes, which are fractions of the image.
func (s *tfrecordSet) boxes(r *Record, features tfFeatures) {
	var sides [4][]float64
	there := false
	for i, name := range []string{"xmin", "ymin", "xmax", "ymax"} {
		f, ok := features["image/object/bbox/"+name]
		there = there || ok
		sides[i] = f.numbers
	}
	if !there {
		return
	}
	r.HasAnnotation = true
	labels := s.labels(features, []string{"image/object/class/text"}, []string{"image/object/class/label"})
	most := max(len(sides[0]), len(sides[1]), len(sides[2]), len(sides[3]), len(labels))
	for i := range min(most, maxRegions+1) {
		what := fmt.Sprintf("%s, box %d", path.Base(r.ImagePath), i+1)
		if i >= len(sides[0]) || i >= len(sides[1]) || i >= len(sides[2]) || i >= len(sides[3]) || i >= len(labels) {
			r.refuse(s.problem, 0, what, "was skipped: a side or the class of it is missing")
			continue
		}
		x0, y0, x1, y1 := sides[0][i], sides[1][i], sides[2][i], sides[3][i]
		if max(x0, y0, x1, y1) > 2 { // pixels
			r.addPixels(x0, y0, x1, y1, labels[i], s.problem, 0, what)
		} else {
			r.addFractions(x0, y0, x1, y1, labels[i], s.problem, 0, what)
		}
	}
}

type tfFeatures map[string]tfFeature

func (f tfFeatures) text(keys ...string) string {
	for _, k := range keys {
		if t := f[k].texts; len(t) == 1 {
			return string(t[0])
		}
	}
	return ""
}

func (f tfFeatures) number(keys ...string) float64 {
	for _, k := range keys {
		if n := f[k].numbers; len(n) == 1 {
			return n[0]
		}
	}
	return 0
}

// eachField calls take with a message's fields; at is where the value of a
// field with a length begins.
func eachField(data []byte, take func(number protowire.Number, kind protowire.Type, value []byte, at int) error) error {
	for at := 0; at < len(data); {
		number, kind, n := protowire.ConsumeTag(data[at:])
		if n < 0 {
			return protowire.ParseError(n)
		}
		at += n
		n = protowire.ConsumeFieldValue(number, kind, data[at:])
		if n < 0 {
			return protowire.ParseError(n)
		}
		value, start := data[at:at+n], at
		if kind == protowire.BytesType {
			inner, _ := protowire.ConsumeBytes(value)
			start = at + n - len(inner)
			value = inner
		}
		if err := take(number, kind, value, start); err != nil {
			return err
		}
		at += n
	}
	return nil
}

// parseExample reads a tf.train.Example: features by name.
func parseExample(data []byte) (tfFeatures, error) {
	all := tfFeatures{}
	err := eachField(data, func(number protowire.Number, kind protowire.Type, features []byte, base int) error {
		if number != 1 || kind != protowire.BytesType {
			return nil
		}
		return eachField(features, func(number protowire.Number, kind protowire.Type, entry []byte, at int) error {
			if number != 1 || kind != protowire.BytesType {
				return nil
			}
			if len(all) >= maxTFFeature {
				return errors.New("it has too many features")
			}
			return parseFeature(all, entry, base+at)
		})
	})
	if err != nil {
		return nil, fmt.Errorf("it is not an example: %w", err)
	}
	return all, nil
}

// parseFeature reads an entry of the features' map.
func parseFeature(all tfFeatures, entry []byte, base int) error {
	key := ""
	var f tfFeature
	err := eachField(entry, func(number protowire.Number, kind protowire.Type, value []byte, at int) error {
		switch {
		case kind != protowire.BytesType:
		case number == 1 && len(value) <= maxPathBytes:
			key = string(value)
		case number == 2:
			return eachField(value, func(list protowire.Number, kind protowire.Type, values []byte, inner int) error {
				if kind != protowire.BytesType {
					return nil
				}
				return f.take(list, values, base+at+inner)
			})
		}
		return nil
	})
	all[key] = f
	return err
}

// take reads a list of bytes (1), floats (2) or whole numbers (3), packed or not.
func (f *tfFeature) take(list protowire.Number, data []byte, base int) error {
	return eachField(data, func(number protowire.Number, kind protowire.Type, value []byte, at int) error {
		switch {
		case number != 1 || len(f.texts)+len(f.numbers) > maxFiles:
		case list == 1 && kind == protowire.BytesType:
			f.texts = append(f.texts, value)
			f.offsets = append(f.offsets, base+at)
		case list == 2 && (kind == protowire.BytesType || kind == protowire.Fixed32Type):
			for ; len(value) >= 4; value = value[4:] {
				f.numbers = append(f.numbers, float64(math.Float32frombits(binary.LittleEndian.Uint32(value))))
			}
		case list == 3 && (kind == protowire.BytesType || kind == protowire.VarintType):
			for len(value) > 0 {
				v, n := protowire.ConsumeVarint(value)
				if n < 0 {
					return protowire.ParseError(n)
				}
				f.numbers = append(f.numbers, float64(int64(v)))
				value = value[n:]
			}
		}
		return nil
	})
}
