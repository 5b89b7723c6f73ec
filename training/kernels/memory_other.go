//go:build !linux

package kernels

// adviseHuge is for Linux.
func adviseHuge([]float32) {}
