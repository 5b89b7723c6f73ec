package training

import (
	"context"
	"fmt"
	"runtime"
	"strings"

	"viewfinder/training/machine"
	"viewfinder/training/nn"
)

// build makes the network and what trains and evaluates it, with the checkpoint's values where the training is resumed.
func (t *trainer) build(ctx context.Context) error {
	if err := t.network(); err != nil {
		return err
	}
	var err error
	switch {
	case t.headAlone():
		err = t.readyHead(ctx)
	case t.o.Learn == LearnHeadThenAll && t.resumed == nil && !t.run.Task.HasBoxes():
		err = t.warmHead(ctx)
	}
	if err != nil {
		return err
	}
	plan := ""
	if t.resumed != nil {
		plan = t.resumed.Metadata[metaPlan]
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
	if t.headAlone() {
		t.eval, err = newHeadRunner(t.judged, t.threads)
	} else {
		t.eval, err = newRunner(t.judged, t.threads)
	}
	if err != nil {
		return err
	}
	t.note(0, NameDevice, device(t.step.Plan(), t.threads))
	return nil
}

// network makes the network with its initial weights, or the checkpoint's.
func (t *trainer) network() error {
	if t.net != nil {
		return nil
	}
	t.threads = RequestedThreads(t.dir, t.o.Threads)
	t.wished.Store(int64(t.threads))
	if !t.headAlone() {
		if err := t.fits(); err != nil {
			return err
		}
	}
	net, err := nn.New(t.run.spec(), t.o.Seed)
	if err != nil {
		return fmt.Errorf("building the network: %w", err)
	}
	t.net = net
	switch {
	case t.resumed != nil:
		return loadAll(net, t.resumed)
	case t.o.Weights != "":
		return t.startFrom(t.o.Weights)
	}
	return nil
}

func (t *trainer) buildTrainer(plan string) (err error) {
	o := nn.TrainerOptions{
		Batch: t.o.BatchSize, Threads: t.threads,
		Optimizer: t.o.Optimizer, Momentum: t.o.Momentum, WeightDecay: t.o.WeightDecay, NoDecayNormBias: !t.o.DecayNormBias,
		ClipNorm: t.o.ClipNorm, ClassWeights: t.classWeights(), LabelSmoothing: t.o.LabelSmoothing,
		FreezeBackbone: t.o.frozen(), BackboneRate: t.o.backboneRate(), Dropout: t.o.Dropout, Average: t.o.EMA, Seed: t.o.Seed, Plan: plan,
	}
	if t.head != nil {
		o.HeadOnly, o.WeightDecay, o.NoDecayNormBias = true, t.head.decay, true
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

// device describes the device that computes, for the log.
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
