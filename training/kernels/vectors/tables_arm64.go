//go:build cgo

package vectors

/*
#cgo CFLAGS: -O3
#cgo !windows LDFLAGS: -lm
#include "vector.h"
*/
import "C"

import "unsafe"

// NEON is the table of functions (a vf_table, see vector.h) for 64-bit ARM.
func NEON() unsafe.Pointer { return unsafe.Pointer(C.vf_neon()) }
