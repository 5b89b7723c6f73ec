//go:build cgo

package kernels

// #include "vector.h"
import "C"

// Every 64-bit ARM has NEON.
func vectors() []*vector { return []*vector{newVector("neon", C.vf_neon())} }
