package training

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"viewfinder/storage/domain"
	"viewfinder/storage/wholefile"
	"viewfinder/training/checkpoint"
	"viewfinder/training/nn"
)

// told are the files of a run folder that Pack takes as they are: what the training told, and its figures.
var told = []string{EventsFile, EvaluationFile, LastBatchFile}

// Pack is what a training that is ready has come to, in little space, by the names of the run folder's files: what it told, its figures, and of its network
// the tensors in which it differs from what it started from. Place makes a run folder of it again.
func Pack(dir string) (map[string][]byte, error) {
	state, err := Inspect(dir)
	if err != nil {
		return nil, err
	}
	run, err := ReadRun(dir)
	if err != nil {
		return nil, err
	}
	if state.Status != domain.StatusReady {
		return nil, ErrNotReady
	}
	files := map[string][]byte{}
	for _, name := range told {
		if files[name], err = os.ReadFile(filepath.Join(dir, name)); err != nil {
			return nil, fmt.Errorf("packing %s: %w", run.Name, err)
		}
	}
	net, err := checkpoint.ReadFile(filepath.Join(dir, ModelFile))
	if err != nil {
		return nil, fmt.Errorf("packing %s: %w", run.Name, err)
	}
	initial, err := readInitialFile(filepath.Join(dir, InitialFile))
	if errors.Is(err, fs.ErrNotExist) {
		initial = &Initial{}
	} else if err != nil {
		return nil, fmt.Errorf("packing %s: %w", run.Name, err)
	}
	var own []checkpoint.Tensor
	for _, name := range slices.Sorted(maps.Keys(net.Tensors)) {
		one := net.Tensors[name]
		if was, ok := initial.state[name]; !ok || !slices.Equal(was.Shape, one.Shape) || !slices.Equal(was.Data, one.Data) {
			one.Name = name
			own = append(own, one)
		}
	}
	var b bytes.Buffer
	if err := checkpoint.Write(&b, own, map[string]string{checkpoint.IterationKey: net.Metadata[checkpoint.IterationKey]}); err != nil {
		return nil, fmt.Errorf("packing %s: %w", run.Name, err)
	}
	files[ModelFile] = b.Bytes()
	return files, nil
}

// Place makes the folder of a training that is ready, of a run with the samples, concepts and options of the one that files were packed from. The error
// says what is missing; then the folder is not to be used.
func Place(dir string, r *Run, files map[string][]byte) error {
	if err := CreateRun(dir, r); err != nil {
		return err
	}
	own, err := checkpoint.Read(bytes.NewReader(files[ModelFile]), int64(len(files[ModelFile])))
	if err != nil {
		return fmt.Errorf("reading the network of %s: %w", r.Name, err)
	}
	iteration, err := strconv.Atoi(own.Metadata[checkpoint.IterationKey])
	if err != nil || iteration < 1 {
		return fmt.Errorf("reading the network of %s: %w: it does not tell its iteration", r.Name, checkpoint.ErrFormat)
	}
	all := map[string]nn.Tensor{}
	if r.Options.Weights != "" {
		initial, err := readInitialFile(filepath.Join(dir, InitialFile))
		if err != nil {
			return fmt.Errorf("reading the initial weights: %w", err)
		}
		maps.Copy(all, initial.state)
	}
	maps.Copy(all, fromCheckpoint(own))
	net, err := nn.New(r.spec(), r.Options.Seed)
	if err != nil {
		return fmt.Errorf("building the network: %w", err)
	}
	taken, left, err := net.LoadState(all)
	if err != nil {
		return fmt.Errorf("reading the network of %s: %w", r.Name, err)
	}
	if len(left) > 0 || len(taken) != len(net.State()) {
		return fmt.Errorf("the network of %s is not whole: %d of %d tensors are there", r.Name, len(taken), len(net.State()))
	}
	if err := saveModel(dir, r, net, iteration); err != nil {
		return err
	}
	for _, name := range slices.Backward(told) { // the events last: with them it is ready
		if err := wholefile.Write(filepath.Join(dir, name), files[name]); err != nil {
			return fmt.Errorf("writing the folder of %s: %w", r.Name, err)
		}
	}
	return nil
}
