// Package cpu is the backend that computes on the processor, by package kernels, in the host's own memory.
package cpu

import (
	"fmt"
	"sync"
	"unsafe"

	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

// Device is the processor as a backend.Device. Sharing memory costs nothing: operations read and write it where it is.
type Device struct {
	pool   *kernels.Pool
	mu     sync.Mutex
	memory map[uint32][]float32
	last   uint32
}

var (
	_ backend.Device   = (*Device)(nil)
	_ backend.Threaded = (*Device)(nil)
)

// New makes a device of so many threads; 0 stands for one for each physical core.
func New(threads int) *Device {
	return &Device{pool: kernels.NewPool(threads), memory: map[uint32][]float32{}}
}

// alignment is a cache line of 64 bytes, in float32.
const alignment = 16

// Alignment is that of a cache line.
func (d *Device) Alignment() int { return alignment }

// Allocate makes a buffer of n zeros.
func (d *Device) Allocate(n int) (backend.Buffer, error) { return d.Share(kernels.Aligned(n)) }

// Share makes host a buffer.
func (d *Device) Share(host []float32) (backend.Buffer, error) {
	if len(host) == 0 {
		return backend.Buffer{}, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last++
	d.memory[d.last] = host
	return backend.Buffer{ID: d.last, Len: len(host)}, nil
}

// Free forgets a buffer.
func (d *Device) Free(b backend.Buffer) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.memory, b.ID)
}

// floats is the memory of a buffer, nil of none.
func (d *Device) floats(b backend.Buffer) ([]float32, error) {
	if b.None() {
		return nil, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	memory := d.memory[b.ID]
	if b.Offset < 0 || b.Offset+b.Len > len(memory) {
		return nil, fmt.Errorf("buffer %d has %d values where %d to %d are needed", b.ID, len(memory), b.Offset, b.Offset+b.Len)
	}
	return memory[b.Offset : b.Offset+b.Len : b.Offset+b.Len], nil
}

// Upload copies from to a buffer, unless they are the same memory.
func (d *Device) Upload(to backend.Buffer, from []float32) error {
	memory, err := d.floats(to)
	return move(memory, from, err)
}

// Download copies a buffer to to, unless they are the same memory.
func (d *Device) Download(from backend.Buffer, to []float32) error {
	memory, err := d.floats(from)
	return move(to, memory, err)
}

func move(to, from []float32, err error) error {
	if err == nil && len(to) != len(from) {
		err = fmt.Errorf("%d values where there are %d", len(to), len(from))
	}
	if err == nil && unsafe.SliceData(to) != unsafe.SliceData(from) {
		copy(to, from)
	}
	return err
}

// Variant names the kernels for this processor.
func (d *Device) Variant() string { return kernels.Variant() }

// Resolve fills in a convolution's forms.
func (d *Device) Resolve(s kernels.ConvShape) kernels.ConvShape { return s.Resolve() }

// PackedLen is how many float32 Pack writes.
func (d *Device) PackedLen(s kernels.ConvShape) int { return s.PackedLen() }

// Has reports whether the fused kernels take a shape.
func (d *Device) Has(k backend.Kernel) bool {
	switch k := k.(type) {
	case backend.NormedConvolution:
		return k.Shape.FusesNorm()
	case backend.NormedConvolutionGradients:
		return k.Shape.FusesNorm()
	}
	return true
}

// SetGate has f called before each part of an operation.
func (d *Device) SetGate(f func()) { d.pool.SetGate(f) }

// Threads is the number of threads.
func (d *Device) Threads() int { return d.pool.Threads() }

// SetThreads changes it.
func (d *Device) SetThreads(threads int) { d.pool.SetThreads(threads) }

// Peak measures floating point operations and bytes copied a second.
func (d *Device) Peak() (flops, bytes float64) {
	return kernels.MeasurePeak(d.pool), kernels.MeasureBandwidth(d.pool)
}

// Close ends the threads and forgets all buffers.
func (d *Device) Close() {
	d.pool.Close()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.memory = map[uint32][]float32{}
}
