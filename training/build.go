package training

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"viewfinder/training/checkpoint"
	"viewfinder/training/machine"
	"viewfinder/training/nn"
)

// build makes the network and what trains and evaluates it, with the checkpoint's values where the training is resumed.
func (t *trainer) build(context.Context) error {
	t.threads = RequestedThreads(t.dir, t.o.Threads)
	t.wished.Store(int64(t.threads))
	err := t.fits()
	if err != nil {
		return err
	}
	if t.net, err = nn.New(t.run.spec(), t.o.Seed); err != nil {
		return fmt.Errorf("building the network: %w", err)
	}
	plan := ""
	if t.resumed != nil {
		plan = t.resumed.Metadata[metaPlan]
		err = loadAll(t.net, t.resumed)
	} else if t.o.Weights != "" {
		err = t.startFrom(t.o.Weights)
	}
	if err != nil {
		return err
	}
	if err := t.buildTrainer(plan); err != nil {
		return err
	}
	if t.resumed != nil {
		if err := t.step.LoadSolverState(fromCheckpoint(t.resumed)); err != nil {
			return fmt.Errorf("restoring the optimizer: %w", err)
		}
		t.resumed = nil // its memory is no longer needed
	}
	if t.judged, err = t.judgedNetwork(); err != nil {
		return err
	}
	if t.eval, err = newRunner(t.judged, t.threads); err != nil {
		return err
	}
	t.note(0, NameDevice, device(t.step.Plan(), t.threads))
	return nil
}

func (t *trainer) buildTrainer(plan string) (err error) {
	o := nn.TrainerOptions{
		Batch: t.o.BatchSize, Threads: t.threads,
		Optimizer: t.o.Optimizer, Momentum: t.o.Momentum, WeightDecay: t.o.WeightDecay, NoDecayNormBias: !t.o.DecayNormBias,
		ClipNorm: t.o.ClipNorm, ClassWeights: t.classWeights(), LabelSmoothing: t.o.LabelSmoothing,
		FreezeBackbone: t.o.Freeze, Dropout: t.o.Dropout, Average: t.o.EMA, Seed: t.o.Seed, Plan: plan,
	}
	t.step, err = t.net.Trainer(o)
	if err != nil && plan != "" {
		t.warn(0, fmt.Sprintf("This build computes differently from the one that started the training, so the result will not be bit-identical (%v).", err))
		o.Plan = ""
		t.step, err = t.net.Trainer(o)
	}
	if err != nil {
		return fmt.Errorf("building the network: %w", err)
	}
	if plan != "" && t.step.Plan() != plan {
		t.warn(0, "This computer computes differently from the one that started the training, so the result will not be bit-identical.")
	}
	return nil
}

// startFrom takes the weights of an earlier version's folder or a safetensors file; a relative path starts at the run folder.
func (t *trainer) startFrom(weights string) error {
	path := filepath.FromSlash(weights)
	if !filepath.IsAbs(path) {
		path = filepath.Join(t.dir, path)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, ModelFile)
	}
	file, err := checkpoint.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the initial weights %s are missing; choose others: %w", weights, err)
	}
	if err != nil {
		return fmt.Errorf("reading the initial weights: %w", err)
	}
	taken, left, err := t.net.LoadState(fromCheckpoint(file))
	if err != nil {
		return fmt.Errorf("reading the initial weights: %w", err)
	}
	if len(taken) == 0 {
		return fmt.Errorf("the initial weights %s do not fit %s: none of their %d tensors matches by name and shape; choose weights of the same architecture",
			weights, t.o.Architecture, len(file.Tensors))
	}
	message := fmt.Sprintf("Initial weights: %d of the network's %d tensors were loaded.", len(taken), len(t.net.State()))
	if len(left) > 0 {
		const most = 8
		more := ""
		if len(left) > most {
			more = fmt.Sprintf(" and %d more", len(left)-most)
			left = left[:most]
		}
		message += " Not loaded, so initialised from scratch: " + strings.Join(left, ", ") + more + "."
	}
	t.note(0, NameWeights, message)
	return nil
}

// device says what computes.
func device(plan string, threads int) string {
	if threads == 0 {
		threads = machine.ThisProcessor().Cores
	}
	variant := "go"
	for _, f := range strings.Fields(plan) {
		if v, ok := strings.CutPrefix(f, "kernels="); ok && v != "" {
			variant = v
		}
	}
	word := "threads"
	if threads == 1 {
		word = "thread"
	}
	return fmt.Sprintf("CPU (%s/%s), %d %s, %s kernels", runtime.GOOS, runtime.GOARCH, threads, word, variant)
}
