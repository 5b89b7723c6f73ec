package weights

import "encoding/binary"

// flat reads a FlatBuffer (the binary format's description, 2014): tables are known by their position, fields by their number. Every position is
// checked against the buffer; the first that is outside, or a walk that is too long, ends in err, after which all answers are zero.
type flat struct {
	data  []byte
	steps int // positions followed so far
	err   error
}

// maxFlatSteps bounds the work on a buffer whose vectors point at the same tables again and again; MobileNetV2 takes 20,000.
const maxFlatSteps = 1 << 22

// at is n bytes from a position on.
func (f *flat) at(position, n int) []byte {
	f.steps++
	switch {
	case f.err != nil:
	case f.steps > maxFlatSteps:
		f.err = refuse("its tables point at one another without end")
	case position < 0 || n < 0 || position > len(f.data)-n:
		f.err = refuse("it points at byte %d of %d; the file may be truncated", position, len(f.data))
	default:
		return f.data[position : position+n]
	}
	return make([]byte, min(max(n, 0), 8))
}

func (f *flat) u32(position int) int { return int(binary.LittleEndian.Uint32(f.at(position, 4))) }
func (f *flat) i32(position int) int {
	return int(int32(binary.LittleEndian.Uint32(f.at(position, 4))))
}
func (f *flat) u16(position int) int { return int(binary.LittleEndian.Uint16(f.at(position, 2))) }

// field is the position of a table's field; 0: it has none.
func (f *flat) field(table, n int) int {
	if table == 0 {
		return 0
	}
	vtable := table - f.i32(table)
	if 4+2*n >= f.u16(vtable) {
		return 0
	}
	offset := f.u16(vtable + 4 + 2*n)
	if offset == 0 || f.err != nil {
		return 0
	}
	return table + offset
}

// ref is what a field that holds an offset points at.
func (f *flat) ref(table, n int) int {
	position := f.field(table, n)
	if position == 0 {
		return 0
	}
	return position + f.u32(position)
}

// vector is the position of a vector's first element, of size bytes each, and how many it has.
func (f *flat) vector(table, n, size int) (position, count int) {
	if position = f.ref(table, n); position == 0 {
		return 0, 0
	}
	count = f.u32(position)
	if count > len(f.data)/size {
		f.at(position, len(f.data)+1)
		return 0, 0
	}
	f.at(position+4, count*size)
	if f.err != nil {
		return 0, 0
	}
	return position + 4, count
}

// tables are the positions that a vector of tables points at.
func (f *flat) tables(table, n int) []int {
	position, count := f.vector(table, n, 4)
	all := make([]int, count)
	for k := range all {
		all[k] = position + 4*k + f.u32(position+4*k)
	}
	return all
}

// ints is a vector of int32.
func (f *flat) ints(table, n int) []int {
	position, count := f.vector(table, n, 4)
	all := make([]int, count)
	for k := range all {
		all[k] = f.i32(position + 4*k)
	}
	return all
}

// bytes is a vector of bytes.
func (f *flat) bytes(table, n int) []byte {
	position, count := f.vector(table, n, 1)
	return f.at(position, count)[:min(count, len(f.data))]
}

// small is a field of one byte, with a sign; number is one of four.
func (f *flat) small(table, n int) int {
	position := f.field(table, n)
	if position == 0 {
		return 0
	}
	return int(int8(f.at(position, 1)[0]))
}

func (f *flat) number(table, n, otherwise int) int {
	position := f.field(table, n)
	if position == 0 {
		return otherwise
	}
	return f.i32(position)
}
