//go:build distill

package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"viewfinder/storage/domain"
	"viewfinder/training/checkpoint"
	"viewfinder/training/nn"
	"viewfinder/training/weights"
)

type options struct {
	photos, cache, teacher, out string
	minutes, alone              float64
	size, batch, threads        int
	seed                        uint64
}

func main() {
	var o options
	flag.StringVar(&o.photos, "photos", "", "folder of photos, at any depth; no labels are read")
	flag.StringVar(&o.cache, "cache", "photos.rgb", "file to keep the photos' pixels in")
	flag.StringVar(&o.teacher, "teacher", "", "file or folder of the pretrained network")
	flag.StringVar(&o.out, "out", ".", "folder for the network, its state and the curve")
	flag.Float64Var(&o.minutes, "minutes", 60, "length of the training")
	flag.Float64Var(&o.alone, "alone", 0.15, "share of the time in which the layers learn alone")
	flag.IntVar(&o.size, "size", 128, "side of the crops, pixels")
	flag.IntVar(&o.batch, "batch", 64, "crops of a step")
	flag.IntVar(&o.threads, "threads", 2, "threads")
	flag.Uint64Var(&o.seed, "seed", 1, "of crops and initial weights")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "distill:", err)
		os.Exit(1)
	}
}

// training is the work at hand.
type training struct {
	o       options
	pool    pool
	student *nn.Network
	teacher *nn.Network
	spread  [][]float32
	d       *nn.Distiller
	whole   bool // the second part has begun
	step    int  // of both parts
	before  time.Duration
	started time.Time
	curve   *os.File
}

func run(o options) error {
	photos, err := openPool(o.photos, o.cache)
	if err != nil {
		return err
	}
	from, err := weights.Read(o.teacher)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return err
	}
	spec := nn.Spec{Architecture: from.Architecture, Task: domain.Tagging, Classes: 1, Height: o.size, Width: o.size}
	t := &training{o: o, pool: photos}
	if t.student, err = nn.New(spec, o.seed); err != nil {
		return err
	}
	spec.Picture = from.Picture
	if t.teacher, err = nn.New(spec, 0); err != nil {
		return err
	}
	if _, _, err := t.teacher.LoadState(from.State()); err != nil {
		return err
	}
	if t.curve, err = os.OpenFile(filepath.Join(o.out, "curve.csv"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644); err != nil {
		return err
	}
	defer t.curve.Close()
	if err := t.measureSpread(); err != nil {
		return err
	}
	if err := t.resume(); err != nil {
		return err
	}
	fmt.Printf("%s, %d photos\n", from.Architecture, photos.count)
	if err := t.loop(); err != nil {
		return err
	}
	return t.settle()
}

// measureSpread is the deviation of each channel of the teacher's maps, at least a tenth of the layer's median; of the mean features it is theirs.
func (t *training) measureSpread() error {
	d, err := t.student.Distiller(t.teacher, nn.DistillOptions{Batch: t.o.batch, Threads: t.o.threads})
	if err != nil {
		return err
	}
	defer d.Close()
	sums, squares, counts := make([][]float64, nn.DistillMaps), make([][]float64, nn.DistillMaps), make([]float64, nn.DistillMaps)
	for i := range 4 {
		crops(d.Input(), t.pool, t.o.batch, t.o.size, t.o.seed, uint64(1<<40+i))
		if err := d.Teach(); err != nil {
			return err
		}
		for k := range nn.DistillMaps {
			values, c := d.Map(k + 1)
			if sums[k] == nil {
				sums[k], squares[k] = make([]float64, c), make([]float64, c)
			}
			for at, v := range values {
				sums[k][at%c] += float64(v)
				squares[k][at%c] += float64(v) * float64(v)
			}
			counts[k] += float64(len(values) / c)
		}
	}
	for k := range nn.DistillMaps {
		s := make([]float32, len(sums[k]))
		for c := range s {
			mean := sums[k][c] / counts[k]
			s[c] = float32(math.Sqrt(max(0, squares[k][c]/counts[k]-mean*mean)))
		}
		least := float32(1e-3)
		if k < nn.DistillMaps-1 {
			least = max(1e-6, 0.1*slices.Sorted(slices.Values(s))[len(s)/2])
		}
		for c := range s {
			s[c] = max(s[c], least)
		}
		t.spread = append(t.spread, s)
	}
	return nil
}

// now is the share of the time that has passed.
func (t *training) now() float64 {
	return (t.before + time.Since(t.started)).Minutes() / t.o.minutes
}

// rate is the learning rate at a share of the time.
func (t *training) rate(now float64) float64 {
	cosine := func(x float64) float64 { return 0.5 * (1 + math.Cos(math.Pi*min(1, x))) }
	if now < t.o.alone {
		return 2e-4 + 3e-3*cosine(now/t.o.alone)
	}
	since := now - t.o.alone
	return 1e-6 + 2.5e-3*min(1, since/0.02)*cosine(since/(1-t.o.alone))
}

// begin readies the part of the training that is due.
func (t *training) begin() (err error) {
	if t.d != nil {
		t.d.Close()
	}
	t.d, err = t.student.Distiller(t.teacher, nn.DistillOptions{
		Batch: t.o.batch, Threads: t.o.threads, Alone: !t.whole, WeightDecay: 1e-4, ClipNorm: 5, Spread: t.spread,
	})
	return err
}

func (t *training) loop() error {
	t.started = time.Now()
	if t.d == nil {
		if err := t.begin(); err != nil {
			return err
		}
	}
	next := make(chan []float32, 1)
	ready := func(step int) {
		go func() {
			b := make([]float32, t.o.batch*t.o.size*t.o.size*3)
			crops(b, t.pool, t.o.batch, t.o.size, t.o.seed, uint64(step))
			next <- b
		}()
	}
	ready(t.step)
	told, saved, sum, steps := time.Now(), time.Now(), 0.0, 0
	for {
		now := t.now()
		if now >= 1 {
			return t.save()
		}
		if !t.whole && now >= t.o.alone {
			t.whole = true
			if err := t.begin(); err != nil {
				return err
			}
			sum, steps = 0, 0
		}
		batch := <-next
		ready(t.step + 1)
		copy(t.d.Input(), batch)
		loss, err := t.d.Step(t.rate(now))
		if errors.Is(err, nn.ErrNotFinite) {
			fmt.Println(err)
		} else if err != nil {
			return err
		}
		t.step++
		sum, steps = sum+loss, steps+1
		if since := time.Since(told); since > 20*time.Second {
			part := map[bool]string{false: "alone", true: "whole"}[t.whole]
			line := fmt.Sprintf("%.1f,%d,%.0f,%s,%.2e,%.4f", now*t.o.minutes, t.step*t.o.batch, float64(steps*t.o.batch)/since.Seconds(), part, t.rate(now), sum/float64(steps))
			fmt.Println(line)
			if _, err := fmt.Fprintln(t.curve, line); err != nil {
				return err
			}
			told, sum, steps = time.Now(), 0, 0
		}
		if time.Since(saved) > 2*time.Minute {
			if err := t.save(); err != nil {
				return err
			}
			saved = time.Now()
		}
	}
}

const stateFile = "state.safetensors"

// save writes all that going on needs.
func (t *training) save() error {
	var all []checkpoint.Tensor
	if err := t.d.Fetch(); err != nil {
		return err
	}
	for _, s := range t.student.State() {
		all = append(all, checkpoint.Tensor{Name: s.Name, Shape: s.Shape, Data: s.Data, Integer: s.Integer})
	}
	for _, s := range t.d.SolverState() {
		all = append(all, checkpoint.Tensor{Name: solverPrefix + s.Name, Shape: s.Shape, Data: s.Data})
	}
	passed := t.before + time.Since(t.started)
	return checkpoint.WriteFile(filepath.Join(t.o.out, stateFile), all, map[string]string{
		"step": strconv.Itoa(t.step), "passed": passed.String(), "whole": strconv.FormatBool(t.whole),
	})
}

const solverPrefix = "distill."

// resume goes on from what save wrote, if it is there.
func (t *training) resume() error {
	file, err := checkpoint.ReadFile(filepath.Join(t.o.out, stateFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if t.step, err = strconv.Atoi(file.Metadata["step"]); err != nil {
		return err
	}
	if t.before, err = time.ParseDuration(file.Metadata["passed"]); err != nil {
		return err
	}
	t.whole = file.Metadata["whole"] == "true"
	state := map[string]nn.Tensor{}
	for name, s := range file.Tensors {
		state[name] = nn.Tensor{Name: name, Shape: s.Shape, Data: s.Data, Integer: s.Integer}
	}
	if _, _, err := t.student.LoadState(state); err != nil {
		return err
	}
	if err := t.begin(); err != nil {
		return err
	}
	solver := map[string]nn.Tensor{}
	for _, s := range t.d.SolverState() {
		saved, ok := state[solverPrefix+s.Name]
		if !ok {
			return fmt.Errorf("%s lacks %q", stateFile, s.Name)
		}
		saved.Name = s.Name
		solver[s.Name] = saved
	}
	return t.d.LoadSolverState(solver)
}

// settle estimates the batch norms' statistics anew and writes the network.
func (t *training) settle() error {
	if !t.whole {
		t.whole = true
		if err := t.begin(); err != nil {
			return err
		}
	}
	defer t.d.Close()
	const batches = 64
	var s nn.Statistics
	loss := 0.0
	for i := range batches {
		crops(t.d.Input(), t.pool, t.o.batch, t.o.size, t.o.seed, uint64(1<<41+i))
		one, err := t.d.Observe(&s)
		if err != nil {
			return err
		}
		loss += one / batches
	}
	if err := t.d.Settle(&s); err != nil {
		return err
	}
	fmt.Printf("after %d crops: loss %.4f on %d others\n", t.step*t.o.batch, loss, batches*t.o.batch)
	n := &weights.Network{
		Architecture: t.student.Spec().Architecture, Tensors: map[string]weights.Tensor{}, Size: 224, Title: "Built-in backbone", Licence: "MIT",
		Source: fmt.Sprintf("distilled by this project from %d crops of %d photos", t.step*t.o.batch, t.pool.count),
	}
	for _, v := range t.student.State() {
		if !v.Integer && v.Name != "classifier.1.weight" && v.Name != "classifier.1.bias" {
			n.Tensors[v.Name] = weights.Tensor{Shape: v.Shape, Data: v.Data}
		}
	}
	return weights.WriteFile(filepath.Join(t.o.out, "backbone.safetensors"), n, true)
}
