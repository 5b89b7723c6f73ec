package training

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"viewfinder/storage/wholefile"
)

// Limits of run.json: it may come from anywhere.
const (
	maxRunBytes  = 2 << 30
	MaxConcepts  = 10_000
	MaxSamples   = 10_000_000
	maxBoxes     = 10_000 // a sample
	maxNameBytes = 4096
)

// Names of the files in a run folder.
const (
	RunFile        = "run.json"
	EventsFile     = "events.jsonl"
	ModelFile      = "model.safetensors"
	EvaluationFile = "evaluation.json"
	LogFile        = "log.txt"
	CheckpointsDir = "checkpoints"
	lockFile       = "lock"
	stopFile       = "stop"
	cacheDir       = "cache"
)

// ErrRun is the error of a run.json that cannot be trained; the message gives the reason.
var ErrRun = errors.New("this training cannot be run")

func badRun(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrRun, fmt.Sprintf(format, args...))
}

// WriteRun checks the run and writes run.json into the folder, which it makes if needed.
func WriteRun(dir string, r *Run) error {
	if r.Format == 0 {
		r.Format = FormatVersion
	}
	if err := r.Validate(); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making the training's folder: %w", err)
	}
	return writeJSON(filepath.Join(dir, RunFile), r)
}

// writeJSON writes v so that the file is always whole.
func writeJSON(path string, v any) error {
	return wholefile.Fill(path, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", " ")
		return e.Encode(v)
	})
}

// ReadRun reads and checks run.json. The error wraps ErrRun where the content is wrong and fs.ErrNotExist where there is none.
func ReadRun(dir string) (*Run, error) {
	path := filepath.Join(dir, RunFile)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is not a training's folder: it has no %s: %w", dir, RunFile, err)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the training: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxRunBytes {
		return nil, badRun("%s is not a regular file, or too large", path)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the training: %w", err)
	}
	r, err := parseRun(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

func parseRun(b []byte) (*Run, error) {
	var r Run
	d := json.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(&r); err != nil {
		return nil, badRun("its JSON cannot be read near byte %d: %v", d.InputOffset(), err)
	}
	if err := r.Validate(); err != nil {
		return nil, err
	}
	return &r, nil
}

// Validate returns what is wrong with the run; the error wraps ErrRun.
func (r *Run) Validate() error {
	switch {
	case r.Format > FormatVersion:
		return badRun("it was made by a newer version of Viewfinder (format %d; this one supports %d); update Viewfinder", r.Format, FormatVersion)
	case r.Format < 1:
		return badRun("its format is %d", r.Format)
	case !r.Task.Valid():
		return badRun("its task %q is none of classification, tagging, detection", r.Task)
	case len(r.ID) > maxNameBytes || len(r.Name) > maxNameBytes:
		return badRun("its id or name is too long")
	case len(r.Concepts) == 0:
		return badRun("it has no concepts; add some to the view")
	case len(r.Concepts) < r.Task.LeastConcepts():
		return badRun("a classification needs at least two concepts and it has one")
	case len(r.Concepts) > MaxConcepts:
		return badRun("it has %d concepts and at most %d are possible", len(r.Concepts), MaxConcepts)
	case len(r.Samples) > MaxSamples:
		return badRun("it has %d samples and at most %d are possible", len(r.Samples), MaxSamples)
	}
	for i, c := range r.Concepts {
		if len(c.Name) > maxNameBytes || len(c.ID) > maxNameBytes {
			return badRun("concept %d has too long a name", i+1)
		}
	}
	for i := range r.Samples {
		if err := r.validateSample(&r.Samples[i]); err != nil {
			return badRun("sample %d (%s): %v", i+1, r.Samples[i].Image, err)
		}
	}
	if err := r.Options.Validate(r.Task); err != nil {
		return fmt.Errorf("%w: %w", ErrRun, err)
	}
	return nil
}

func (r *Run) validateSample(s *Sample) error {
	switch {
	case s.Image == "" || len(s.Image) > maxNameBytes || strings.ContainsRune(s.Image, 0):
		return errors.New("its image path is empty or invalid")
	case s.Split != SplitTrain && s.Split != SplitVal:
		return fmt.Errorf("its split %q is neither train nor val", s.Split)
	case s.Crop != nil && !s.Crop.Valid():
		return errors.New("its crop is not a rectangle within the image")
	case r.Task.ExactlyOne() && len(s.Labels) != 1:
		return fmt.Errorf("it has %d concepts and a classification's sample has exactly one", len(s.Labels))
	case r.Task.HasBoxes() && len(s.Labels) > 0:
		return errors.New("a detection's sample has boxes, not labels")
	case !r.Task.HasBoxes() && len(s.Boxes) > 0:
		return errors.New("only a detection's sample has boxes")
	case len(s.Boxes) > maxBoxes:
		return fmt.Errorf("it has %d boxes and at most %d are possible", len(s.Boxes), maxBoxes)
	}
	for _, c := range s.Labels {
		if c < 0 || c >= len(r.Concepts) {
			return fmt.Errorf("its concept %d is not one of the %d", c, len(r.Concepts))
		}
	}
	for _, b := range s.Boxes {
		if b.Class < 0 || b.Class >= len(r.Concepts) {
			return fmt.Errorf("a box's concept %d is not one of the %d", b.Class, len(r.Concepts))
		}
		if !b.Valid() {
			return errors.New("a box is not a rectangle within 0..1")
		}
	}
	return nil
}
