package training

import (
	"viewfinder/storage/domain"
	"viewfinder/training/data"
	"viewfinder/training/nn"
)

// defaultArchitecture is what a user gets who does not choose.
func defaultArchitecture(task domain.Task) string {
	if task == domain.Detection {
		return "mobilenet_v2_050"
	}
	return "small_cnn"
}

// DefaultOptions returns options that train well for the task and the architecture ("" = the task's default architecture; one that is not known
// gets the general ones). The recipe for classification and tagging is SGD 0.05 with momentum 0.9, decay 1e-4, 5% warm-up and a cosine, as
// published for these networks; detection uses AdamW, as centre-based detectors usually do, and changes colours too: of the few images that people
// draw boxes on, a network learns by heart which ones were forgotten.
func DefaultOptions(task domain.Task, architecture string) Options {
	if architecture == "" {
		architecture = defaultArchitecture(task)
	}
	o := Options{
		Iterations: 600, BatchSize: 32, Architecture: architecture,
		Optimizer: nn.OptimizerSGD, LearningRate: 0.05, Momentum: 0.9, WeightDecay: 1e-4, DecayNormBias: true,
		Schedule: "cosine", Warmup: 0.05, Resizer: "96x96",
		Augment: []string{data.FlipHorizontal}, Balance: BalanceOff,
		Device: "auto", MetricsInterval: IntervalAuto, Keep: KeepBest,
	}
	info, err := nn.Lookup(architecture)
	if err == nil {
		o.BatchSize = info.DefaultBatchSize
		o.Resizer = Resizer{Height: info.DefaultSize, Width: info.DefaultSize}.String()
		o.Optimizer, o.LearningRate, o.WeightDecay = info.DefaultOptimizer, info.DefaultLearningRate, info.DefaultWeightDecay
	}
	if task == domain.Detection {
		o.Iterations, o.BatchSize, o.Resizer = 1000, 16, "240x320"
		o.Optimizer, o.LearningRate, o.WeightDecay = nn.OptimizerAdamW, info.DetectionLearningRate, info.DetectionWeightDecay
		if err != nil {
			o.LearningRate, o.WeightDecay = 2e-3, 5e-2
		}
		o.Warmup = 0.03
		o.Augment = []string{data.FlipHorizontal, data.FlipVertical, data.Zoom, data.Shift, data.Colour}
	}
	return o
}
