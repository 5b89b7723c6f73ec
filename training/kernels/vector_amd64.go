//go:build cgo

package kernels

import (
	"golang.org/x/sys/cpu"

	"viewfinder/training/kernels/vectors"
)

func vectorKernels() []*vector {
	var found []*vector
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512DQ {
		found = append(found, newVector("avx512", vectors.AVX512()))
	}
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		found = append(found, newVector("avx2", vectors.AVX2()))
	}
	return found
}
