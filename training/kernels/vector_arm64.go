//go:build cgo

package kernels

import "viewfinder/training/kernels/vectors"

// Every 64-bit ARM has NEON.
func vectorKernels() []*vector { return []*vector{newVector("neon", vectors.NEON())} }
