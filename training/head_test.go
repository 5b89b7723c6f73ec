package training

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"viewfinder/storage/domain"
	"viewfinder/training/data"
	"viewfinder/training/nn"
	"viewfinder/training/weights"
)

// pretrained is a run folder whose network was trained a little.
func pretrained(t *testing.T) string {
	t.Helper()
	dir := newRun(t, domain.Classification, set(func(o *Options) { o.Iterations = 12 }))
	if err := Execute(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// newHeadRun writes the run folder of a head, in a project's folder, whose images' contents are known.
func newHeadRun(t *testing.T, task domain.Task, from string, change func(*Run)) string {
	t.Helper()
	var run *Run
	written := newRun(t, task, func(r *Run) {
		r.Options.Weights, r.Options.Learn = from, LearnHead
		r.Options.Augment = []string{data.FlipHorizontal}
		r.Options.Iterations = 40
		run = r
	})
	project := filepath.Dir(written)
	for _, sub := range []string{"cache", "runs"} {
		if err := os.Mkdir(filepath.Join(project, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for i := range run.Samples {
		s := &run.Samples[i]
		b, err := os.ReadFile(filepath.Join(written, s.Image))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(b)
		s.SHA256, s.Image = hex.EncodeToString(sum[:]), "../"+s.Image
	}
	if change != nil {
		change(run)
	}
	dir := filepath.Join(project, "runs", "a")
	if err := CreateRun(dir, run); err != nil {
		t.Fatal(err)
	}
	return dir
}

func executes(t *testing.T, dir string) {
	t.Helper()
	if err := Execute(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
}

// TestHeadAlone: a head that learns on cached features is part of a whole network, whose figures on the images are those of the training's events, and
// whose backbone is what it started from; it is reproduced without the weights it started from.
func TestHeadAlone(t *testing.T) {
	base := pretrained(t)
	tasks := []domain.Task{domain.Classification, domain.Tagging}
	if testing.Short() {
		tasks = tasks[:1]
	}
	for _, task := range tasks {
		t.Run(string(task), func(t *testing.T) {
			from := filepath.Join(t.TempDir(), "from.safetensors")
			if err := os.WriteFile(from, []byte(readModel(t, base)), 0o644); err != nil {
				t.Fatal(err)
			}
			dir := newHeadRun(t, task, from, func(r *Run) {
				r.Samples[0].Crop = &domain.Box{XMin: 0.1, YMin: 0.1, XMax: 0.9, YMax: 0.8}
				r.Options.Keep = KeepLast
			})
			if err := os.Remove(from); err != nil {
				t.Fatal(err)
			}
			executes(t, dir)
			h, err := ReadHistory(dir)
			if err != nil {
				t.Fatal(err)
			}
			losses, valLosses := h.Points[CurveTrainLoss], h.Points[CurveValLoss]
			if len(losses) != 10 || len(valLosses) != 10 {
				t.Fatalf("%d and %d points of the curves", len(losses), len(valLosses))
			}
			run, err := ReadRun(dir)
			if err != nil {
				t.Fatal(err)
			}
			var val []Sample
			for _, s := range run.Samples {
				if s.Split == SplitVal {
					val = append(val, s)
				}
			}
			e, err := Evaluate(context.Background(), dir, val, EvaluateOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if told := valLosses[9].Value; math.Abs(e.Loss-told) > 2e-3 {
				t.Errorf("the whole network's loss is %g, the head's was %g", e.Loss, told)
			}
			if first, now := losses[0].Value, losses[9].Value; now >= first {
				t.Errorf("the loss went from %g to %g", first, now)
			}
			before, after := readTensors(t, base), readTensors(t, dir)
			for name := range before {
				if !strings.HasPrefix(name, "classifier.") && !slices.Equal(before[name].Data, after[name].Data) {
					t.Errorf("%s moved", name)
				}
			}
			again := filepath.Join(filepath.Dir(filepath.Dir(dir)), "cache", "reproduce-a")
			r, err := Reproduce(context.Background(), dir, again)
			if err != nil || !r.Same {
				t.Errorf("reproducing: %+v, %v", r, err)
			}
			files, err := filepath.Glob(filepath.Join(filepath.Dir(again), "features", "*.features"))
			if err != nil || len(files) != 1 {
				t.Fatalf("features in %v, %v", files, err)
			}
			info, err := os.Stat(files[0])
			if err != nil {
				t.Fatal(err)
			}
			const train, valImages, record = 18, 6, 32 + 2*256 + 4
			if got := int(info.Size()-16) / record; got != 2*train+valImages {
				t.Errorf("%d records are kept of %d images, with %d mirrored", got, train+valImages, train)
			}
			// Other weights of it can be used: they are folded, too.
			if err := UseWeights(context.Background(), dir, KeepBest, nil); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestHeadResumes: a head that was stopped goes on to the weights of one that was not, to the bit.
func TestHeadResumes(t *testing.T) {
	if testing.Short() {
		t.Skip("trains 12,000 iterations")
	}
	resumesToTheBit(t, pretrained(t), func(r *Run) { r.Options.Iterations, r.Options.EMA = 6000, 0.9 })
}

// resumesToTheBit stops a head's training in the midst, and compares what comes of it with one that was not stopped.
func resumesToTheBit(t *testing.T, from string, change func(*Run)) {
	t.Helper()
	whole, parts := newHeadRun(t, domain.Classification, from, change), newHeadRun(t, domain.Classification, from, change)
	executes(t, whole)
	done := make(chan error, 1)
	go func() { done <- Execute(context.Background(), parts) }()
	deadline := time.After(time.Minute)
	for stopped := false; !stopped; {
		select {
		case err := <-done:
			if !errors.Is(err, ErrStopped) {
				t.Fatalf("it ended before it was stopped: %v", err)
			}
			stopped = true
		case <-deadline:
			t.Fatal("it does not stop")
		default:
			if s, err := Inspect(parts); err == nil && s.Iteration > 0 {
				if err := RequestStop(parts); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if s := mustInspect(t, parts); s.Iteration == 0 || s.Iteration >= s.Iterations {
		t.Fatalf("stopped at iteration %d", s.Iteration)
	}
	executes(t, parts)
	a, b := readTensors(t, whole), readTensors(t, parts)
	for name := range a {
		if !sameBits(a[name].Data, b[name].Data) {
			t.Errorf("%s differs", name)
		}
	}
}

// TestChangedImage: an image that was changed after its features were kept is named and left out, one that is gone, too.
func TestChangedImage(t *testing.T) {
	base := pretrained(t)
	dir := newHeadRun(t, domain.Classification, base, nil)
	executes(t, dir)
	images := filepath.Join(filepath.Dir(filepath.Dir(dir)), "images")
	changed := filepath.Join(images, "004.png")
	b, err := os.ReadFile(changed)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(changed, append(b, 0), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(images, "005.png")); err != nil {
		t.Fatal(err)
	}
	again := filepath.Join(filepath.Dir(dir), "b")
	if err := CopyRun(dir, again); err != nil {
		t.Fatal(err)
	}
	executes(t, again)
	warned := strings.Join(mustInspect(t, again).Warnings, "\n")
	for _, want := range []string{"2 of 18 train images", "004.png", "content has changed", "005.png", "missing"} {
		if !strings.Contains(warned, want) {
			t.Errorf("%q is missing: %s", want, warned)
		}
	}
}

// TestNowhereToKeepFeatures: where features cannot be kept, the training warns and goes on.
func TestNowhereToKeepFeatures(t *testing.T) {
	dir := newHeadRun(t, domain.Classification, pretrained(t), nil)
	if err := os.WriteFile(filepath.Join(filepath.Dir(filepath.Dir(dir)), "cache", "features"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	executes(t, dir)
	if warned := strings.Join(mustInspect(t, dir).Warnings, "\n"); !strings.Contains(warned, "features could not be kept") {
		t.Errorf("warned %q", warned)
	}
}

// TestHeadThenAll: the head is fitted to the features, then everything learns, the backbone slower than with one rate for all.
func TestHeadThenAll(t *testing.T) {
	unraced(t)
	base := pretrained(t)
	train := func(learn string) (loss float64, tensors map[string][]float32) {
		dir := newRun(t, domain.Classification, set(func(o *Options) {
			o.Weights, o.Learn, o.Iterations, o.Keep, o.LearningRate, o.MetricsInterval = base, learn, 1, KeepLast, 1e-2, IntervalAuto
		}))
		executes(t, dir)
		h, err := ReadHistory(dir)
		if err != nil {
			t.Fatal(err)
		}
		tensors = map[string][]float32{}
		for name, v := range readTensors(t, dir) {
			tensors[name] = v.Data
		}
		return h.Points[CurveTrainLoss][0].Value, tensors
	}
	before := readTensors(t, base)
	moved := func(tensors map[string][]float32) (sum float64) {
		for i, v := range tensors["features.0.weight"] {
			sum += math.Abs(float64(v - before["features.0.weight"].Data[i]))
		}
		return sum
	}
	_, old := train("")
	all, slower := train(LearnAll)
	warm, both := train(LearnHeadThenAll)
	if warm >= all {
		t.Errorf("a fitted head begins at a loss of %g, the other at %g", warm, all)
	}
	if a, b := moved(old), moved(slower); math.Abs(b/a-fineTuning) > 0.02 {
		t.Errorf("the backbone moved by %g and %g", a, b)
	}
	if moved(both) == 0 {
		t.Error("the backbone stays")
	}
}

// TestDetectorsFromWeights: a detector takes all of another's weights and learns whatever the option is; its frozen backbone stays.
func TestDetectorsFromWeights(t *testing.T) {
	unraced(t)
	base := pretrained(t)
	before := readTensors(t, base)
	for _, learn := range []string{LearnHead, LearnHeadThenAll, LearnAll} {
		dir := newRun(t, domain.Detection, set(func(o *Options) { o.Weights, o.Learn, o.Iterations, o.Keep = base, learn, 2, KeepLast }))
		executes(t, dir)
		after := readTensors(t, dir)
		if same := slices.Equal(before["features.0.weight"].Data, after["features.0.weight"].Data); same != (learn == LearnHead) {
			t.Errorf("%s: the backbone stays: %v", learn, same)
		}
	}
}

// TestHeadOfOtherLabels: the head of a file that names its labels is taken where they are the concepts, in their order.
func TestHeadOfOtherLabels(t *testing.T) {
	unraced(t)
	taken := func(labels []string) bool {
		net, err := nn.New(nn.Spec{Architecture: "mobilenet_v2_035", Task: domain.Classification, Classes: 3, Height: 32, Width: 32}, 5)
		if err != nil {
			t.Fatal(err)
		}
		n := &weights.Network{Architecture: "mobilenet_v2_035", Tensors: map[string]weights.Tensor{}, Labels: labels, Head: true}
		for _, v := range net.State() {
			n.Tensors[v.Name] = weights.Tensor{Shape: v.Shape, Data: v.Data}
		}
		from := filepath.Join(t.TempDir(), "from.safetensors")
		if err := weights.WriteFile(from, n, false); err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(filepath.Dir(newRun(t, domain.Classification, nil)), "again")
		run, err := ReadRun(filepath.Join(filepath.Dir(dir), "run"))
		if err != nil {
			t.Fatal(err)
		}
		run.Options.Architecture, run.Options.Weights, run.Options.Learn, run.Options.Iterations = "mobilenet_v2_035", from, LearnAll, 1
		if err := CreateRun(dir, run); err != nil {
			t.Fatal(err)
		}
		executes(t, dir)
		h, err := ReadHistory(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range h.Messages {
			if m.Name == NameWeights {
				return !strings.Contains(m.Message, "classifier.1.weight")
			}
		}
		t.Fatal("there is no message about the weights")
		return false
	}
	if !taken([]string{"red", "green", "blue"}) {
		t.Error("the head of the same concepts is not taken")
	}
	if taken([]string{"green", "red", "blue"}) {
		t.Error("a head that answers other questions is taken")
	}
}

// TestLearnNeedsWeights: which options go together.
func TestLearnNeedsWeights(t *testing.T) {
	o := DefaultOptions(domain.Classification, "")
	if o.Learn != LearnAll || o.Validate(domain.Classification) != nil {
		t.Errorf("the default is %q: %v", o.Learn, o.Validate(domain.Classification))
	}
	o.Learn = LearnHead
	if o.Validate(domain.Classification) == nil {
		t.Error("a head on a random backbone")
	}
	if err := o.Set("weights", "x.safetensors"); err != nil || o.Validate(domain.Classification) != nil {
		t.Error(err, o.Validate(domain.Classification))
	}
	if err := o.Set("weights", "nothing"); err != nil || o.Weights != "" {
		t.Errorf("nothing is %q, %v", o.Weights, err)
	}
	o.Learn = "" // of an earlier program
	if err := o.Validate(domain.Classification); err != nil {
		t.Error(err)
	}
	o.Learn = "nose"
	if o.Validate(domain.Classification) == nil {
		t.Error("an unknown word")
	}
}

// TestInitialWeightsThatDoNotFit are refused before a folder is written.
func TestInitialWeightsThatDoNotFit(t *testing.T) {
	unraced(t)
	base := pretrained(t)
	run, err := ReadRun(base)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*Options)
		want   string
	}{
		"another architecture": {func(o *Options) { o.Weights, o.Architecture = base, "mobilenet_v2_035" }, "of a small_cnn"},
		"no file":              {func(o *Options) { o.Weights = "../gone.safetensors" }, "missing"},
		"no weights":           {func(o *Options) { o.Weights = filepath.Join(base, RunFile) }, ".json"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "run")
			r := *run
			c.change(&r.Options)
			err := CreateRun(dir, &r)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v", err)
			}
			if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
				t.Error("a folder was written")
			}
		})
	}
	// Two files of the same weights give the same copy.
	one, two := t.TempDir(), t.TempDir()
	for _, dir := range []string{one, two} {
		r := *run
		r.Options.Weights = base
		if err := CreateRun(filepath.Join(dir, "run"), &r); err != nil {
			t.Fatal(err)
		}
	}
	a, err := os.ReadFile(filepath.Join(one, "run", InitialFile))
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(two, "run", InitialFile))
	if err != nil || !bytes.Equal(a, b) {
		t.Error("the copies differ", err)
	}
}
