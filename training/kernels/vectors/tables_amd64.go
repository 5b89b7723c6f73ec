//go:build cgo

package vectors

/*
#cgo CFLAGS: -O3
#cgo !windows LDFLAGS: -lm
#include "vector.h"
*/
import "C"

import "unsafe"

// AVX2 is the table of functions (a vf_table, see vector.h) for processors with AVX2 and FMA.
func AVX2() unsafe.Pointer { return unsafe.Pointer(C.vf_avx2()) }

// AVX512 is that for processors with AVX-512 F, VL and DQ.
func AVX512() unsafe.Pointer { return unsafe.Pointer(C.vf_avx512()) }
