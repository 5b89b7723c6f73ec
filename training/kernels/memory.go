package kernels

import "unsafe"

const cacheLine = 64 // bytes

// aligned allocates n floats that start at the beginning of a cache line.
func aligned(n int) []float32 {
	const per = cacheLine / 4
	b := make([]float32, n+per)
	skip := int(uintptr(unsafe.Pointer(&b[0]))%cacheLine) / 4
	if skip != 0 {
		skip = per - skip
	}
	adviseHuge(b)
	return b[skip : skip+n : skip+n]
}

// from is x[at:], or nil where x is nil.
func from(x []float32, at int) []float32 {
	if x == nil {
		return nil
	}
	return x[at:]
}

// Aligned allocates n float32 that start at the beginning of a cache line (64 bytes). Any []float32 will do for a
// kernel; one from here spares it loads across two lines.
func Aligned(n int) []float32 { return aligned(n) }

func roundUp(n, to int) int { return (n + to - 1) / to * to }

func ceilDiv(a, b int) int { return (a + b - 1) / b }

// ints sees floats of working memory as integers.
func ints(x []float32) []int32 {
	return unsafe.Slice((*int32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

// Ints sees floats of scratch as integers.
func Ints(x []float32) []int32 { return ints(x) }

// Bytes sees floats of scratch as n bytes.
func Bytes(x []float32, n int) []uint8 {
	return unsafe.Slice((*uint8)(unsafe.Pointer(unsafe.SliceData(x[:(n+3)/4]))), n)
}

// doubles sees floats of working memory as half as many float64.
func doubles(x []float32) []float64 {
	return unsafe.Slice((*float64)(unsafe.Pointer(unsafe.SliceData(x))), len(x)/2)
}
