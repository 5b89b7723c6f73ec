package training

import "fmt"

// defaultArchitecture is what a user gets who does not choose.
func defaultArchitecture(task Task) string {
	if task == Detection {
		return "mobilenet_v2_050"
	}
	return "small_cnn"
}

// DefaultOptions returns options that train well for the task and the architecture ("" = the task's default architecture). The recipe for
// classification and tagging is the one of PyTorch's own references (SGD 0.05, momentum 0.9, decay 1e-4, 5 % warm-up, cosine); detection
// uses AdamW, as anchor-free detectors usually do.
func DefaultOptions(task Task, architecture string) Options {
	if architecture == "" {
		architecture = defaultArchitecture(task)
	}
	o := Options{
		Iterations: 600, BatchSize: 32, Architecture: architecture,
		Optimizer: "sgd", LearningRate: 0.05, Momentum: 0.9, WeightDecay: 1e-4, DecayNormBias: true,
		Schedule: "cosine", Warmup: 0.05, Resizer: "96x96",
		Augment: []string{"flip_horizontal"}, Balance: BalanceOff,
		Device: "auto", MetricsInterval: IntervalAuto, Keep: KeepBest,
	}
	batch, size := architectureDefaults(task, architecture)
	if batch > 0 {
		o.BatchSize = batch
	}
	if size > 0 {
		o.Resizer = fmt.Sprintf("%dx%d", size, size)
	}
	if task == Detection {
		o.Iterations, o.BatchSize, o.Resizer = 1000, 16, "240x320"
		o.Optimizer, o.LearningRate, o.DecayNormBias = "adamw", 1e-3, false
		o.Augment = []string{"flip_horizontal", "zoom", "shift"}
	}
	return o
}
