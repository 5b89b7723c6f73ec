package training

import (
	"math/bits"
	"sync"

	"viewfinder/storage/domain"
	"viewfinder/training/machine"
	"viewfinder/training/nn"
)

// MemoryUse is what a training is expected to take at most, in bytes.
type MemoryUse struct {
	Need int64 `json:"need"`
	Free int64 `json:"free"` // now; 0 where the system does not report it
	// LargestBatch is the largest power of two (and at most nn.MaxBatch) for which three quarters of what is free suffice; 0 where Free is 0.
	LargestBatch int `json:"largest_batch"`
}

// What the process takes beside network and images, how often the weights lie in memory while they are judged and written, and how many batches
// of input stand ready at most. With these the estimate was within 12% of the peak of the process in trainings of small_cnn, mobilenet_v2_050, _100
// and resnet18 at 96 to 224 pixels (docs/benchmarks.md).
const (
	processMemory = 140 << 20
	copies        = 5
	batchesAhead  = 5
)

// What features take where the head alone learns: numbers of an image and views of it, at most in the architectures there are with flips.
const (
	headFeatures = 1280
	headViews    = 2
)

type footprints struct{ train, predict nn.Footprint }

// known are footprints by the network and the options that they depend on.
var known sync.Map

type footprintKey struct {
	spec            nn.Spec
	optimizer       string
	momentum        bool
	freeze, average bool
	head            bool
	dropout         bool
}

// EstimateMemory estimates the memory that a training with these options takes, on so many images of so many concepts, in both splits. The options must be
// valid. The first time for a network takes a tenth of a second, see [nn.TrainingFootprint].
func EstimateMemory(task domain.Task, o Options, concepts, images int) (MemoryUse, error) {
	run := Run{Task: task, Options: o, Concepts: make([]ConceptRef, max(1, concepts))}
	spec := run.spec()
	f, err := footprintsOf(spec, &run)
	if err != nil {
		return MemoryUse{}, err
	}
	pixels := int64(spec.Height) * int64(spec.Width) * 3
	u := MemoryUse{Free: machine.ReadMemory().Available}
	kept := min(int64(images)*pixels, memoryBudget())
	if run.headAlone() { // features in float16, of a few views
		kept = int64(images) * headViews * headFeatures * 2
	}
	fixed := processMemory + kept + f.predict.Bytes(evaluationBatch(spec)) + 2*4*pixels*int64(evaluationBatch(spec)) + f.train.Fixed + copies*f.train.Weights
	each := f.train.PerImage + batchesAhead*4*pixels
	if run.headAlone() {
		each = f.train.PerImage
	}
	u.Need = fixed + int64(o.BatchSize)*each
	if most := (u.Free/4*3 - fixed) / max(1, each); u.Free > 0 && most >= 1 {
		u.LargestBatch = min(1<<(bits.Len64(uint64(most))-1), nn.MaxBatch)
	}
	return u, nil
}

func footprintsOf(spec nn.Spec, run *Run) (footprints, error) {
	o := run.Options
	key := footprintKey{spec, o.Optimizer, o.Momentum > 0, o.frozen(), o.EMA > 0, run.headAlone(), o.Dropout > 0}
	if f, ok := known.Load(key); ok {
		return f.(footprints), nil
	}
	var f footprints
	var err error
	if f.train, err = nn.TrainingFootprint(spec, nn.TrainerOptions{
		Optimizer: o.Optimizer, Momentum: o.Momentum, FreezeBackbone: o.frozen(), HeadOnly: run.headAlone(), Dropout: o.Dropout, Average: o.EMA,
	}); err != nil {
		return f, err
	}
	if f.predict, err = nn.PredictionFootprint(spec); err != nil {
		return f, err
	}
	known.Store(key, f)
	return f, nil
}
