//go:build cgo

package kernels

// #include "vector.h"
import "C"

import "golang.org/x/sys/cpu"

func vectors() []*vector {
	var found []*vector
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512DQ {
		found = append(found, newVector("avx512", C.vf_avx512()))
	}
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		found = append(found, newVector("avx2", C.vf_avx2()))
	}
	return found
}
