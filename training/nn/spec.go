package nn

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"viewfinder/storage/domain"
)

// Limits on what a network can be built for; a run folder comes from outside, so its figures are checked against them.
const (
	MaxClasses = 10_000
	MinSide    = 16   // pixels
	MaxSide    = 4096 // pixels
	MaxBatch   = 4096
)

// Spec describes the network to build.
type Spec struct {
	Architecture string      `json:"architecture"` // a name in Architectures
	Task         domain.Task `json:"task"`
	Classes      int         `json:"classes"` // number of concepts
	Height       int         `json:"height"`  // of the input, pixels
	Width        int         `json:"width"`   // of the input, pixels
	// Stride is the detector's: pixels of the input to one cell of its maps, 4, 8 or 16; 0 stands for 8.
	Stride int `json:"stride,omitempty"`
	// Picture is how the network expects its input picture.
	Picture Picture `json:"picture,omitzero"`
	// Pooling is what a classifier's last layer stands on: PoolingMean, which "" stands for, or PoolingStatistics, of an architecture that Info.Statistics says has it.
	Pooling string `json:"pooling,omitempty"`
}

// Picture is how a network that was trained elsewhere expects its input picture; the zero value is the program's own way, (value/255 - mean) / deviation
// with the mean and deviation of package data. The network does it itself, with what is in Input: maps, boxes and activation maps are upright.
type Picture struct {
	// Turned: by 180 degrees, and so are all kernels: then padding as TensorFlow does it, at the right and bottom, is padding as it is done here.
	Turned bool `json:"turned,omitempty"`
	// Scale and Shift, if Scale isn't 0, are what each channel of Input is multiplied by and what is added then.
	Scale [3]float32 `json:"scale,omitzero"`
	Shift [3]float32 `json:"shift,omitzero"`
}

// Sentinel errors; the messages around them name the value and its place.
var (
	// ErrUnknownArchitecture: no architecture has that name.
	ErrUnknownArchitecture = errors.New("unknown architecture")
	// ErrSpec: the figures of a Spec or of options are out of range.
	ErrSpec = errors.New("invalid network")
	// ErrNotFinite: the loss (or the gradient's norm) became infinite or not a number. Nothing was updated by the step
	// that returns it.
	ErrNotFinite = errors.New("the loss is no longer a finite number")
	// ErrTargets: a step's targets don't fit the network (a label out of range, a wrong count).
	ErrTargets = errors.New("invalid targets")
)

// Validate reports what is wrong with s, or nil.
func (s Spec) Validate() error {
	a, err := find(s.Architecture)
	if err != nil {
		return err
	}
	if !slices.Contains(domain.Tasks(), s.Task) {
		return fmt.Errorf("%w: task %q is none of classification, tagging, detection", ErrSpec, s.Task)
	}
	if s.Classes < 1 || s.Classes > MaxClasses {
		return fmt.Errorf("%w: %d classes (1 to %d are possible)", ErrSpec, s.Classes, MaxClasses)
	}
	switch s.Pooling {
	case "", PoolingMean:
	case PoolingStatistics:
		if !a.Statistics && !s.Task.HasBoxes() {
			return fmt.Errorf("%w: %s has no statistics of earlier maps to pool; choose %s", ErrSpec, s.Architecture, PoolingMean)
		}
	default:
		return fmt.Errorf("%w: pooling %q is none of %s, %s", ErrSpec, s.Pooling, PoolingMean, PoolingStatistics)
	}
	if s.Classes < s.Task.LeastConcepts() {
		return fmt.Errorf("%w: classification needs at least 2 classes", ErrSpec)
	}
	for _, side := range []int{s.Height, s.Width} {
		if side < MinSide || side > MaxSide {
			return fmt.Errorf("%w: %dx%d pixels (each side must be %d to %d)", ErrSpec, s.Height, s.Width, MinSide, MaxSide)
		}
		if s.Task.HasBoxes() && side%16 != 0 {
			return fmt.Errorf("%w: %dx%d pixels (a detector's sides must be multiples of 16)", ErrSpec, s.Height, s.Width)
		}
	}
	if s.Task.HasBoxes() && !slices.Contains(a.strides, s.stride()) {
		return fmt.Errorf("%w: stride %d (%s offers %s)", ErrSpec, s.Stride, s.Architecture, joinInts(a.strides))
	}
	return nil
}

func (s Spec) stride() int {
	if s.Stride == 0 {
		return 8
	}
	return s.Stride
}

func joinInts(v []int) string {
	parts := make([]string, len(v))
	for i, n := range v {
		parts[i] = fmt.Sprint(n)
	}
	return strings.Join(parts, ", ")
}

// Targets is what a batch should have led to; the field of the network's task is read.
type Targets struct {
	Labels []int32          // classification: the class of each picture
	Tags   []float32        // tagging: [batch][classes], 0 or 1
	Boxes  [][]domain.Box32 // detection: the boxes of each picture
}

// Tensor is a named array of a network's or an optimizer's state. Data is laid out in C order over Shape; a scalar has an
// empty Shape and one element.
type Tensor struct {
	Name      string
	Shape     []int
	Data      []float32
	Trainable bool // false for running statistics
	// Integer marks what PyTorch keeps as int64 (num_batches_tracked); the values are whole numbers below 2^24.
	Integer bool
}

// Elements is the number of elements that t's shape asks for.
func (t Tensor) Elements() int {
	n := 1
	for _, d := range t.Shape {
		n *= d
	}
	return n
}
