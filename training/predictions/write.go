package predictions

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math"

	"viewfinder/storage/domain"
	"viewfinder/storage/wholefile"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// tasks are written as their place here.
var tasks = []domain.Task{domain.Classification, domain.Tagging, domain.Detection}

// WriteFile writes a file so that it is always whole, old or new.
func WriteFile(path string, f *File) error {
	return wholefile.Fill(path, func(w io.Writer) error { return Write(w, f) })
}

// Write writes the form that Read reads. There is one item for each sample of the input.
func Write(w io.Writer, f *File) error {
	in := f.Input
	n := len(f.Items)
	switch {
	case len(f.Header) > maxHeader || in.Concepts < 1 || in.Concepts > maxConcepts || n > maxSamples:
		return fmt.Errorf("these predictions are too large to be kept: %d samples, %d concepts", n, in.Concepts)
	case in.Task.HasBoxes() && (len(in.Truth) != n || len(in.Found) != n || len(in.Sizes) != n):
		return fmt.Errorf("%d items for %d samples", n, len(in.Truth))
	case !in.Task.HasBoxes() && (len(in.Labels) != n || len(in.Scores) != n*in.Concepts):
		return fmt.Errorf("%d items for %d samples", n, len(in.Labels))
	}
	out := bufio.NewWriterSize(w, 1<<16)
	out.WriteString(magic)
	b := binary.LittleEndian.AppendUint32(nil, uint32(len(f.Header)))
	out.Write(b)
	out.Write(f.Header)
	sum := crc32.New(castagnoli)
	body := io.MultiWriter(out, sum)
	e := encoder{}
	for k, t := range tasks {
		if t == in.Task {
			e.count(k)
		}
	}
	e.count(in.Concepts)
	e.count(n)
	for i := range f.Items {
		e.item(&f.Items[i])
		if in.Task.HasBoxes() {
			e.float(in.Sizes[i][0])
			e.float(in.Sizes[i][1])
			e.boxes(in.Truth[i], false)
			e.boxes(in.Found[i], true)
		} else {
			e.count(len(in.Labels[i]))
			for _, l := range in.Labels[i] {
				e.count(int(l))
			}
			for _, s := range in.Scores[i*in.Concepts : (i+1)*in.Concepts] {
				e.float32(s)
			}
		}
		if len(e.b) > 1<<15 || i == n-1 {
			if _, err := body.Write(e.b); err != nil {
				return err
			}
			e.b = e.b[:0]
		}
	}
	if _, err := body.Write(e.b); err != nil {
		return err
	}
	if err := binary.Write(out, binary.LittleEndian, sum.Sum32()); err != nil {
		return err
	}
	return out.Flush()
}

type encoder struct{ b []byte }

func (e *encoder) count(n int)     { e.b = binary.AppendUvarint(e.b, uint64(n)) }
func (e *encoder) number(n int64)  { e.b = binary.AppendVarint(e.b, n) }
func (e *encoder) float(f float64) { e.b = binary.LittleEndian.AppendUint64(e.b, math.Float64bits(f)) }
func (e *encoder) float32(f float32) {
	e.b = binary.LittleEndian.AppendUint32(e.b, math.Float32bits(f))
}

// Flags of an item.
const (
	flagVal = 1 << iota
	flagSeen
	flagCrop
	flagTest
)

func (e *encoder) item(it *Item) {
	flags := 0
	switch it.Split {
	case domain.SplitVal:
		flags |= flagVal
	case domain.SplitTest:
		flags |= flagTest
	}
	if it.Seen {
		flags |= flagSeen
	}
	if it.Crop != ([4]float64{}) {
		flags |= flagCrop
	}
	e.count(flags)
	e.count(len(it.Name))
	e.b = append(e.b, it.Name...)
	for _, v := range []int64{it.Datapoint, it.Image, it.Source, it.Region, it.Annotated} {
		e.number(v)
	}
	if flags&flagCrop != 0 {
		for _, v := range it.Crop {
			e.float(v)
		}
	}
}

// boxes writes the coordinates of true boxes as they were drawn, those of found ones as the network gave them.
func (e *encoder) boxes(boxes []domain.ScoredBox, found bool) {
	e.count(len(boxes))
	for _, b := range boxes {
		e.count(b.Class)
		for _, v := range []float64{b.XMin, b.YMin, b.XMax, b.YMax} {
			if found {
				e.float32(float32(v))
			} else {
				e.float(v)
			}
		}
		if found {
			e.float32(float32(b.Score))
		}
	}
}

// Settle rounds found boxes and their scores as a file keeps them, so that figures are the same before and after.
func (f *File) Settle() {
	for _, boxes := range f.Input.Found {
		for k := range boxes {
			b := &boxes[k]
			for _, v := range []*float64{&b.XMin, &b.YMin, &b.XMax, &b.YMax, &b.Score} {
				*v = float64(float32(*v))
			}
		}
	}
}
