package interchange

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const (
	maxParquetFooter   = 64 << 20 // bytes
	maxParquetElements = 400_000  // of all lists in a footer: columns times groups of rows, and more
	maxParquetDepth    = 32
)

// checkParquetFooter walks over the description at a Parquet file's end, which is a struct in Thrift's compact protocol
// (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md), and refuses one whose lists claim more elements than it has bytes: the
// library makes room for what a list claims before it reads the first element, gigabytes for a file of a few thousand bytes.
func checkParquetFooter(r io.ReaderAt, size int64) error {
	var end [8]byte
	if size < 12 {
		return errors.New("it is too short")
	}
	if _, err := r.ReadAt(end[:], size-8); err != nil {
		return err
	}
	length := int64(binary.LittleEndian.Uint32(end[:4]))
	if length > size-12 || length > maxParquetFooter {
		return fmt.Errorf("its footer claims %d bytes", length)
	}
	footer := make([]byte, length)
	if _, err := r.ReadAt(footer, size-8-length); err != nil {
		return err
	}
	w := compactWalk{left: footer, elements: maxParquetElements}
	return w.structure(maxParquetDepth)
}

// The types of Thrift's compact protocol.
const (
	compactTrue = iota + 1
	compactFalse
	compactI8
	compactI16
	compactI32
	compactI64
	compactDouble
	compactBinary
	compactList
	compactSet
	compactMap
	compactStruct
	compactUUID
)

// compactWalk goes over values in Thrift's compact protocol.
type compactWalk struct {
	left     []byte
	elements int // how many more elements of lists, sets and maps may come
}

func (w *compactWalk) skip(n uint64) error {
	if n > uint64(len(w.left)) {
		return io.ErrUnexpectedEOF
	}
	w.left = w.left[n:]
	return nil
}

func (w *compactWalk) byte() (byte, error) {
	if len(w.left) == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	b := w.left[0]
	w.left = w.left[1:]
	return b, nil
}

func (w *compactWalk) number() (uint64, error) {
	n, size := binary.Uvarint(w.left)
	if size <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	w.left = w.left[size:]
	return n, nil
}

// count takes n elements off those that may come; each needs a byte at least.
func (w *compactWalk) count(n uint64) error {
	if n > uint64(len(w.left)) || n > uint64(w.elements) {
		return fmt.Errorf("a list in its footer claims %d elements", n)
	}
	w.elements -= int(n)
	return nil
}

func (w *compactWalk) structure(depth int) error {
	for {
		head, err := w.byte()
		if err != nil || head == 0 {
			return err
		}
		if head>>4 == 0 { // the field's number follows
			if _, err := w.number(); err != nil {
				return err
			}
		}
		if kind := head & 0xf; kind != compactTrue && kind != compactFalse { // which stand in the head
			if err := w.value(kind, depth-1); err != nil {
				return err
			}
		}
	}
}

func (w *compactWalk) value(kind byte, depth int) error {
	if depth <= 0 {
		return errors.New("its footer is nested too deeply")
	}
	switch kind {
	case compactTrue, compactFalse, compactI8:
		return w.skip(1)
	case compactI16, compactI32, compactI64:
		_, err := w.number()
		return err
	case compactDouble:
		return w.skip(8)
	case compactUUID:
		return w.skip(16)
	case compactBinary:
		n, err := w.number()
		if err != nil {
			return err
		}
		return w.skip(n)
	case compactStruct:
		return w.structure(depth)
	case compactList, compactSet:
		head, err := w.byte()
		if err != nil {
			return err
		}
		n := uint64(head >> 4)
		if n == 0xf {
			if n, err = w.number(); err != nil {
				return err
			}
		}
		return w.values(n, depth, head&0xf)
	case compactMap:
		n, err := w.number()
		if err != nil || n == 0 {
			return err
		}
		kinds, err := w.byte()
		if err != nil {
			return err
		}
		return w.values(n, depth, kinds>>4, kinds&0xf)
	}
	return fmt.Errorf("its footer has a value of the unknown type %d", kind)
}

// values walks over n elements, each of one value of every kind.
func (w *compactWalk) values(n uint64, depth int, kinds ...byte) error {
	if err := w.count(n); err != nil {
		return err
	}
	for range n {
		for _, kind := range kinds {
			if err := w.value(kind, depth-1); err != nil {
				return err
			}
		}
	}
	return nil
}
