package kernels

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

const hugePage = 2 << 20 // bytes

// adviseHuge asks for huge pages under x, where whole ones fit: a step goes through all of its memory, and with pages of 4 KiB much
// of its time is looking them up, in a virtual machine twice. What the system makes of it changes no result.
func adviseHuge(x []float32) {
	first := uintptr(unsafe.Pointer(unsafe.SliceData(x)))
	skip := int((hugePage - first%hugePage) % hugePage)
	size := (4*len(x) - skip) / hugePage * hugePage
	if size < hugePage {
		return
	}
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), 4*len(x))
	_ = unix.Madvise(bytes[skip:skip+size], unix.MADV_HUGEPAGE) // advice: memory of small pages will do
}
