package backend

import (
	"time"

	"viewfinder/training/kernels"
)

// Buffer is a handle of Len float32 of a device's memory: those from Offset on of the piece numbered ID. The zero value is no buffer.
type Buffer struct {
	ID          uint32
	Offset, Len int
}

// None reports whether b is no buffer: an optional input that isn't there, a result that nobody wants.
func (b Buffer) None() bool { return b.Len == 0 }

// Part is the handle of n float32 of b from the given one on.
func (b Buffer) Part(from, n int) Buffer { return Buffer{b.ID, b.Offset + from, n} }

// Op is one call of a kernel. Which inputs and results a kernel has, in which order and of which lengths, stands where the kernel is
// declared; optional ones may be the zero Buffer.
type Op struct {
	Kernel  Kernel
	In, Out []Buffer
	Scratch Buffer // of the length that Device.Scratch asks for
	// Guard, if there is one, is read before: where any of its values isn't finite, the operation does nothing. So a step whose
	// loss is lost leaves weights and statistics as they were, without the host's having to look in between.
	Guard Buffer
}

// Device computes. It is for one goroutine at a time, apart from Close.
type Device interface {
	Memory
	Kernels

	// Record readies a list of operations, to be run in this order. Their buffers must stay until the program is closed.
	Record(ops []Op) (Program, error)
	// SetGate has f called between parts of a program, where it may wait, so that a long run leaves the device to others for a
	// moment, within milliseconds. Results don't depend on it.
	SetGate(f func())
	// Peak measures what the device does at best: floating point operations, and bytes moved, a second.
	Peak() (flops, bytes float64)
	// Close gives back all that the device holds.
	Close()
}

// Memory is a device's memory.
type Memory interface {
	// Allocate makes a buffer of n zeros that starts at a multiple of Alignment.
	Allocate(n int) (Buffer, error)
	// Alignment is the number of float32 to whose multiples the parts of a buffer that operations work on should be aligned.
	Alignment() int
	// Share makes a buffer for memory that the host keeps as well. A device that computes in the host's memory uses it as it is:
	// then Upload and Download between the two have nothing to do. Any other has memory of its own, undefined until the first
	// Upload.
	Share(host []float32) (Buffer, error)
	// Free gives a buffer of Allocate or Share back.
	Free(b Buffer)
	// Upload copies from, as long as the buffer, to the device. Download copies the other way, after what was run before.
	Upload(to Buffer, from []float32) error
	Download(from Buffer, to []float32) error
}

// Kernels describes a device's kernels.
type Kernels interface {
	// Variant names the kernels in use, in one word: results are the same to the bit for equal variants only.
	Variant() string
	// Resolve fills in the forms in which a convolution is computed, where they are left to a rule. They are written into a run's plan.
	Resolve(s kernels.ConvShape) kernels.ConvShape
	// Has reports whether the device has a kernel that others can stand in for: NormedConvolution and NormedConvolutionGradients.
	Has(k Kernel) bool
	// PackedLen is how many float32 Pack writes for a convolution.
	PackedLen(s kernels.ConvShape) int
	// Scratch is how many float32 of scratch an operation needs. Of its buffers only the lengths are read.
	Scratch(op Op) (int, error)
}

// Program is a recorded list of operations.
type Program interface {
	// Run computes all of it once.
	Run() error
	// Measure has the runs that follow add the time of each operation to elapsed, which is as long as the list; nil ends that.
	Measure(elapsed []time.Duration)
	Close()
}

// Threaded is a Device that works on a number of threads. Results don't depend on it; 0 stands for one for each physical core.
type Threaded interface {
	Threads() int
	SetThreads(threads int)
}
