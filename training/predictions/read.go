package predictions

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"os"

	"viewfinder/storage/domain"
)

func bad(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrFormat, fmt.Sprintf(format, args...))
}

// ReadHeader reads the header of a file alone.
func ReadHeader(path string) ([]byte, error) {
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	header, err := readHeader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return header, nil
}

// open opens a plain file: a pipe would be waited for.
func open(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, fmt.Errorf("%s: %w", path, bad("it is not a regular file, or too large"))
	}
	return os.Open(path)
}

func readHeader(r io.Reader) ([]byte, error) {
	start := make([]byte, len(magic)+4)
	if _, err := io.ReadFull(r, start); err != nil || string(start[:len(magic)]) != magic {
		return nil, bad("it does not start like one")
	}
	size := binary.LittleEndian.Uint32(start[len(magic):])
	if size > maxHeader {
		return nil, bad("its header claims %d bytes", size)
	}
	var header bytes.Buffer // grows with what is there, whatever is claimed
	if n, err := io.CopyN(&header, r, int64(size)); err != nil || n != int64(size) || !json.Valid(header.Bytes()) {
		return nil, bad("its header is truncated or not JSON")
	}
	return header.Bytes(), nil
}

// ReadFile reads a file.
func ReadFile(path string) (*File, error) {
	r, err := open(path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	f, err := Read(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// Read reads what Write wrote. Errors other than of r are ErrFormat.
func Read(r io.Reader) (*File, error) {
	header, err := readHeader(r)
	if err != nil {
		return nil, err
	}
	var all bytes.Buffer
	if f, ok := r.(*os.File); ok {
		if info, err := f.Stat(); err == nil { // open has bounded it
			all.Grow(int(info.Size()) - len(header))
		}
	}
	_, err = all.ReadFrom(io.LimitReader(r, maxFile))
	body := all.Bytes()
	if err != nil {
		return nil, fmt.Errorf("reading stored predictions: %w", err)
	}
	if len(body) < 4 {
		return nil, bad("it is truncated")
	}
	end := len(body) - 4
	if crc32.Checksum(body[:end], castagnoli) != binary.LittleEndian.Uint32(body[end:]) {
		return nil, bad("it is damaged: its checksum does not match")
	}
	f := &File{Header: header}
	d := decoder{b: body[:end]}
	d.file(f)
	if d.err != nil {
		return nil, d.err
	}
	if len(d.b) > 0 {
		return nil, bad("%d bytes are left at its end", len(d.b))
	}
	return f, nil
}

type decoder struct {
	b   []byte
	err error
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = bad(format, args...)
	}
	d.b = nil
}

// count reads a number of things of which each takes at least so many bytes.
func (d *decoder) count(limit, each int) int {
	v, n := binary.Uvarint(d.b)
	if n <= 0 || v > uint64(limit) || each > 0 && v > uint64((len(d.b)-n)/each) {
		d.fail("a number is out of its range")
		return 0
	}
	d.b = d.b[n:]
	return int(v)
}

func (d *decoder) number() int64 {
	v, n := binary.Varint(d.b)
	if n <= 0 {
		d.fail("it is truncated")
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) float() float64 {
	if len(d.b) < 8 {
		d.fail("it is truncated")
		return 0
	}
	v := math.Float64frombits(binary.LittleEndian.Uint64(d.b))
	d.b = d.b[8:]
	if math.IsNaN(v) || math.IsInf(v, 0) {
		d.fail("a value is not a number")
	}
	return v
}

func (d *decoder) float32() float32 {
	if len(d.b) < 4 {
		d.fail("it is truncated")
		return 0
	}
	v := math.Float32frombits(binary.LittleEndian.Uint32(d.b))
	d.b = d.b[4:]
	if v != v || math.IsInf(float64(v), 0) {
		d.fail("a value is not a number")
	}
	return v
}

// leastItem is the fewest bytes that a sample takes.
const leastItem = 7

func (d *decoder) file(f *File) {
	in := &f.Input
	if k := d.count(len(tasks)-1, 0); d.err == nil {
		in.Task = tasks[k]
	}
	in.Concepts = d.count(maxConcepts, 0)
	n := d.count(maxSamples, leastItem)
	if in.Concepts == 0 {
		d.fail("it has no concepts")
	}
	if !in.Task.HasBoxes() && d.err == nil && n > len(d.b)/(leastItem+4*in.Concepts) {
		d.fail("it is truncated")
	}
	if d.err != nil {
		return
	}
	f.Items = make([]Item, n)
	if in.Task.HasBoxes() {
		in.Sizes, in.Truth, in.Found = make([][2]float64, n), make([][]domain.ScoredBox, n), make([][]domain.ScoredBox, n)
	} else {
		in.Labels, in.Scores = make([][]int32, n), make([]float32, n*in.Concepts)
	}
	var names names
	var room []int32
	for i := range f.Items {
		d.item(&f.Items[i], &names)
		if in.Task.HasBoxes() {
			in.Sizes[i] = [2]float64{d.float(), d.float()}
			in.Truth[i], in.Found[i] = d.boxes(in.Concepts, false), d.boxes(in.Concepts, true)
		} else {
			labels := d.count(in.Concepts, 1)
			if labels > len(room) {
				room = make([]int32, max(labels, 4096)) // one piece of memory for many samples
			}
			in.Labels[i], room = room[:labels:labels], room[labels:]
			for k := range in.Labels[i] {
				in.Labels[i][k] = int32(d.count(in.Concepts-1, 0))
			}
			if in.Task.ExactlyOne() && len(in.Labels[i]) != 1 {
				d.fail("sample %d has %d concepts", i, len(in.Labels[i]))
			}
			for k := range in.Concepts {
				in.Scores[i*in.Concepts+k] = d.float32()
			}
		}
		if d.err != nil {
			return
		}
	}
	names.settle(f.Items)
}

// names are the names of all items in one string.
type names struct {
	bytes []byte
	ends  []int
}

func (n *names) settle(items []Item) {
	all, from := string(n.bytes), 0
	for i := range items {
		items[i].Name = all[from:n.ends[i]]
		from = n.ends[i]
	}
}

func (d *decoder) item(it *Item, n *names) {
	flags := d.count(flagVal|flagSeen|flagCrop|flagTest, 0)
	it.Split, it.Seen = domain.SplitTrain, flags&flagSeen != 0
	switch flags & (flagVal | flagTest) {
	case flagVal:
		it.Split = domain.SplitVal
	case flagTest:
		it.Split = domain.SplitTest
	case flagVal | flagTest:
		d.fail("an item is in two splits")
	}
	size := d.count(1<<16, 1)
	n.bytes = append(n.bytes, d.b[:size]...)
	n.ends = append(n.ends, len(n.bytes))
	d.b = d.b[size:]
	for _, v := range []*int64{&it.Datapoint, &it.Image, &it.Source, &it.Region, &it.Annotated} {
		*v = d.number()
	}
	if flags&flagCrop != 0 {
		for k := range it.Crop {
			it.Crop[k] = d.float()
		}
	}
}

func (d *decoder) boxes(concepts int, found bool) []domain.ScoredBox {
	least := 1 + 4*8
	if found {
		least = 1 + 5*4
	}
	boxes := make([]domain.ScoredBox, d.count(maxSamples, least))
	for k := range boxes {
		b := &boxes[k]
		b.Class = d.count(concepts-1, 0)
		for _, v := range []*float64{&b.XMin, &b.YMin, &b.XMax, &b.YMax} {
			if found {
				*v = float64(d.float32())
			} else {
				*v = d.float()
			}
		}
		if found {
			b.Score = float64(d.float32())
		}
	}
	return boxes
}
