package training

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"

	"viewfinder/storage/domain"
	"viewfinder/training/checkpoint"
)

// Reproduction is what came of training a run once more.
type Reproduction struct {
	Same          bool     `json:"same"`                     // all weights that the run uses came out the same, to the bit
	Tensors       int      `json:"tensors"`                  // compared
	Differing     []string `json:"differing,omitempty"`      // names of the tensors that differ, sorted
	MaxDifference float64  `json:"max_difference,omitempty"` // the largest absolute difference of two weights
	Iteration     int      `json:"iteration"`                // whose weights these are, in the run
	Again         int      `json:"again"`                    // and in the training once more
	Device        string   `json:"device"`                   // of the run
	DeviceAgain   string   `json:"device_again"`             // of the training once more
	Warnings      []string `json:"warnings,omitempty"`       // of the training once more: images that are gone, for one
}

// CopyRun writes the run.json of the run in dir into the folder again, if none is there. Images are named from the folder, so it must stand as
// deep as dir does. The error is ErrNotReady where the run has not come to its end.
func CopyRun(dir, again string) error {
	state, err := Inspect(dir)
	if err != nil {
		return err
	}
	if state.Status != domain.StatusReady {
		return ErrNotReady
	}
	if _, err := os.Stat(filepath.Join(again, RunFile)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	run, err := ReadRun(dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(again, 0o755); err != nil {
		return err
	}
	if err := copyInitial(dir, again); err != nil {
		return err
	}
	return WriteRun(again, run)
}

// Reproduce trains what CopyRun wrote, with the run's options and its seed, and compares the weights that both use. Where it is ended by ctx, the
// folder keeps its state and the next call goes on with it.
func Reproduce(ctx context.Context, dir, again string) (*Reproduction, error) {
	if err := CopyRun(dir, again); err != nil {
		return nil, err
	}
	h, err := ReadHistory(dir)
	if err != nil {
		return nil, err
	}
	if state, err := Inspect(again); err != nil || state.Status != domain.StatusReady {
		if err := Execute(ctx, again); err != nil {
			return nil, err
		}
	}
	g, err := ReadHistory(again)
	if err != nil {
		return nil, err
	}
	// The run may use its last weights by the user's choice.
	if h.State.KeptIteration == h.State.Iteration && g.State.KeptIteration != h.State.KeptIteration {
		if err := UseWeights(ctx, again, KeepLast, nil); err != nil {
			return nil, err
		}
		if g, err = ReadHistory(again); err != nil {
			return nil, err
		}
	}
	r := &Reproduction{Iteration: h.State.KeptIteration, Again: g.State.KeptIteration, Device: h.State.Device, DeviceAgain: g.State.Device, Warnings: g.State.Warnings}
	return r, r.compare(filepath.Join(dir, ModelFile), filepath.Join(again, ModelFile))
}

// compare fills in how the tensors of two files differ.
func (r *Reproduction) compare(first, second string) error {
	a, err := checkpoint.ReadFile(first)
	if err != nil {
		return fmt.Errorf("reading the weights: %w", err)
	}
	b, err := checkpoint.ReadFile(second)
	if err != nil {
		return fmt.Errorf("reading the weights: %w", err)
	}
	for name, t := range a.Tensors {
		r.Tensors++
		u, ok := b.Tensors[name]
		if ok && slices.Equal(t.Shape, u.Shape) && sameBits(t.Data, u.Data) {
			continue
		}
		r.Differing = append(r.Differing, name)
		if ok && len(t.Data) == len(u.Data) {
			for i, v := range t.Data {
				r.MaxDifference = math.Max(r.MaxDifference, math.Abs(float64(v)-float64(u.Data[i])))
			}
		}
	}
	for name := range b.Tensors {
		if _, ok := a.Tensors[name]; !ok {
			r.Differing = append(r.Differing, name)
		}
	}
	slices.Sort(r.Differing)
	r.Same = len(r.Differing) == 0
	return nil
}

func sameBits(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) })
}
