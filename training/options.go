package training

import (
	"viewfinder/storage/domain"
	"viewfinder/training/data"
	"viewfinder/training/nn"
)

// Options decide how a network is trained. The JSON names are those of `--set` too; the table below defines everything else about each.
type Options struct {
	Iterations      int      `json:"iterations"`
	BatchSize       int      `json:"batch_size"`
	Architecture    string   `json:"architecture"`
	Seed            uint64   `json:"seed"`
	Optimizer       string   `json:"optimizer"`
	LearningRate    float64  `json:"learning_rate"`
	Momentum        float64  `json:"momentum"`
	WeightDecay     float64  `json:"weight_decay"`
	DecayNormBias   bool     `json:"decay_norm_bias"`
	ClipNorm        float64  `json:"clip_norm"`
	LabelSmoothing  float64  `json:"label_smoothing"`
	Dropout         float64  `json:"dropout"`
	EMA             float64  `json:"ema"`
	Schedule        string   `json:"schedule"`
	Warmup          float64  `json:"warmup"`
	Resizer         string   `json:"resizer"`
	Augment         []string `json:"augment"`
	Balance         string   `json:"balance"`
	Weights         string   `json:"weights"`
	Learn           string   `json:"learn,omitempty"`
	Pooling         string   `json:"pooling"`
	Freeze          bool     `json:"freeze"`
	Device          string   `json:"device"`
	Threads         int      `json:"threads"`
	EarlyStopping   int      `json:"early_stopping"`
	MetricsInterval string   `json:"metrics_interval"`
	Keep            string   `json:"keep"`
}

// Bounds of the numbers an option takes.
const (
	MaxIterations = 100_000_000
	MaxBatchSize  = 4096
	maxThreads    = 1024
)

// Values of MetricsInterval.
const (
	IntervalAuto  = "auto"
	IntervalEvery = "every_1000"
)

// Values of Keep.
const (
	KeepBest = "best"
	KeepLast = "last"
)

// Values of Learn. "" is what runs have that were made before there was a choice: all weights at one rate, or the head where Freeze is set.
const (
	LearnHead        = "head"
	LearnHeadThenAll = "head_then_all"
	LearnAll         = "all"
)

// Values of Balance.
const (
	BalanceOff      = "off"
	BalanceWeighted = "weighted_loss"
	BalanceSampling = "balanced_sampling"
)

// table holds the options in the order of the panel. Default values, Set and Get, Validate, Idle, presets, the flags of `viewfinder train`, the
// Train sheet and docs/options.md are made from it: an option is its field above, its row here, and the code in which it has its effect.
var table = []option{
	{
		name: "iterations", title: "Iterations", basic: true,
		help:   "Number of iterations; one is the forward pass of one batch and the back-propagation of its error.",
		at:     func(o *Options) any { return &o.Iterations },
		normal: func(r recipe) any { return pick(r.task.HasBoxes(), 1000, 600) }, preset: presetIterations,
		limits: limit{1, MaxIterations},
	}, {
		name: "batch_size", title: "Batch size", basic: true, summary: true,
		help:   "Images per iteration: more make each iteration steadier and slower.",
		at:     func(o *Options) any { return &o.BatchSize },
		normal: func(r recipe) any { return pick(r.task.HasBoxes(), 16, r.net.DefaultBatchSize) },
		limits: limit{1, MaxBatchSize},
	}, {
		name: "architecture", title: "Architecture", keptByPresets: true, summary: true,
		help:   "The network: larger ones can learn more and take longer.",
		at:     func(o *Options) any { return &o.Architecture },
		normal: func(r recipe) any { return r.architecture },
		values: architectureValues(),
	}, {
		name: "seed", title: "Seed", keptByPresets: true, summary: true,
		help:   "Seed of all random choices: the same seed gives the same weights to the bit.",
		at:     func(o *Options) any { return &o.Seed },
		normal: always(uint64(0)),
	}, {
		name: "optimizer", title: "Optimizer", summary: true,
		help:   "How the gradient changes the weights: SGD with momentum, its Nesterov form, Adam, or AdamW (decoupled weight decay).",
		at:     func(o *Options) any { return &o.Optimizer },
		normal: func(r recipe) any { return pick(r.task.HasBoxes(), nn.OptimizerAdamW, r.net.DefaultOptimizer) },
		values: []value{{"sgd", "SGD with momentum"}, {"nesterov", "SGD, Nesterov"}, {"adam", "Adam"}, {"adamw", "AdamW"}},
	}, {
		name: "learning_rate", title: "Learning rate", summary: true,
		help: "Highest value of the schedule: too high diverges, too low learns slowly.",
		at:   func(o *Options) any { return &o.LearningRate },
		normal: func(r recipe) any {
			return pick(r.task.HasBoxes(), r.net.DetectionLearningRate, r.net.DefaultLearningRate)
		},
		limits: limit{1e-10, 100},
	}, {
		name: "momentum", title: "Momentum",
		help:   "Share of the previous update that is kept in the next.",
		at:     func(o *Options) any { return &o.Momentum },
		normal: always(0.9),
		limits: limit{0, 0.9999},
		idle: func(o Options) string {
			return when(o.Optimizer == "adam" || o.Optimizer == "adamw", "No effect with Adam and AdamW, which use 0.9.")
		},
	}, {
		name: "weight_decay", title: "Weight decay",
		help: "Pulls the weights towards zero, against overfitting.",
		at:   func(o *Options) any { return &o.WeightDecay },
		normal: func(r recipe) any {
			return pick(r.task.HasBoxes(), r.net.DetectionWeightDecay, r.net.DefaultWeightDecay)
		},
		limits: limit{0, 10},
		idle: func(o Options) string {
			return when(o.Learn == LearnHead, "No effect where the head alone learns: cross-validation on train chooses it.")
		},
	}, {
		name: "decay_norm_bias", title: "Weight decay on biases and norms",
		help:   "Apply the weight decay to biases and normalization weights as well.",
		at:     func(o *Options) any { return &o.DecayNormBias },
		normal: always(true),
		idle:   func(o Options) string { return when(o.WeightDecay == 0, "No effect without weight decay.") },
	}, {
		name: "clip_norm", title: "Max gradient norm", zero: "Off",
		help:   "A gradient with a larger norm is scaled down to it; 0 is off.",
		at:     func(o *Options) any { return &o.ClipNorm },
		normal: always(0.0),
		limits: limit{0, 1e6},
	}, {
		name: "label_smoothing", title: "Label smoothing", zero: "Off", tasks: []domain.Task{domain.Classification},
		help:   "Share of each label that is spread over all concepts, against overconfidence; 0 is off.",
		at:     func(o *Options) any { return &o.LabelSmoothing },
		normal: always(0.0),
		limits: limit{0, 0.9},
	}, {
		name: "dropout", title: "Dropout", zero: "Off", tasks: []domain.Task{domain.Classification, domain.Tagging},
		help:   "Share of the last features that each iteration drops at random, against overfitting; 0 is off.",
		at:     func(o *Options) any { return &o.Dropout },
		normal: always(0.0),
		limits: limit{0, 0.9},
	}, {
		name: "ema", title: "EMA of the weights", zero: "Off",
		help:   "Decay of an exponential moving average of the weights, which is evaluated and kept instead of the weights themselves: 0.99 to 0.9999; 0 is off.",
		at:     func(o *Options) any { return &o.EMA },
		normal: always(0.0),
		limits: limit{0, 0.99999},
	}, {
		name: "schedule", title: "Schedule", summary: true,
		help:   "Learning rate over the iterations: constant; step (a tenth after half, a hundredth after three quarters); cosine (down to 0); one cycle (up for 30%, then down).",
		at:     func(o *Options) any { return &o.Schedule },
		normal: always("cosine"),
		values: []value{{"constant", "Constant"}, {"step", "Step"}, {"cosine", "Cosine"}, {"one_cycle", "One cycle"}},
	}, {
		name: "warmup", title: "Warm-up", zero: "Off",
		help:   "Iterations over which the learning rate rises from 0: below 1 a share of all, from 1 on a number.",
		at:     func(o *Options) any { return &o.Warmup },
		normal: func(r recipe) any { return pick(r.task.HasBoxes(), 0.03, 0.05) },
		fault:  warmupFault,
		idle: func(o Options) string {
			return when(o.Schedule == "one_cycle", "No effect with One cycle, which has its own.")
		},
	}, {
		name: "resizer", title: "Image resizer", summary: true,
		help: "Input size of the network, height x width from 32 to 2,048 in steps of 16; with :pad the aspect ratio is kept and the rest is black.",
		at:   func(o *Options) any { return &o.Resizer },
		normal: func(r recipe) any {
			return pick(r.task.HasBoxes(), "240x320", Resizer{Height: r.net.DefaultSize, Width: r.net.DefaultSize}.String())
		},
		fault: func(o Options) string { return resizerFault(o.Resizer) }, words: resizerWords,
	}, {
		name: "augment", title: "Augmentation", zero: "None", summary: true,
		help: "Random changes to each training image, so that the network sees more variety than there is.",
		at:   func(o *Options) any { return &o.Augment },
		normal: func(r recipe) any {
			return pick(r.task.HasBoxes(), []string{data.FlipHorizontal, data.FlipVertical, data.Zoom, data.Shift, data.Colour}, []string{data.FlipHorizontal})
		},
		preset: presetAugment, values: augmentationValues(),
	}, {
		name: "balance", title: "Class balancing", summary: true,
		help: "Keeps rare concepts from being ignored: weigh their errors more, or show them as often as the others.",
		more: map[domain.Task]string{
			domain.Classification: "Weighted loss weighs each image by the inverse of its concept's frequency (weight in PyTorch's CrossEntropyLoss).",
			domain.Tagging:        "Weighted loss weighs only the images that have the concept, by the ratio of images without it to images with it (pos_weight in PyTorch's BCEWithLogitsLoss).",
			domain.Detection:      "Weighted loss weighs where a concept is found by the inverse of its frequency, not the sizes of boxes.",
		},
		at:     func(o *Options) any { return &o.Balance },
		normal: always(BalanceOff),
		values: []value{{BalanceOff, "Off"}, {BalanceWeighted, "Weighted loss"}, {BalanceSampling, "Balanced sampling"}},
	}, {
		name: "weights", title: "Start from", zero: "Nothing", kind: KindWeights, keptByPresets: true, summary: true,
		help:   "What the training starts from: the built-in backbone, an earlier version, a file of weights, or nothing.",
		at:     func(o *Options) any { return &o.Weights },
		normal: always(""), spellings: map[string]string{"nothing": "", "none": ""},
	}, {
		name: "learn", title: "Learn", keptByPresets: true, summary: true, absent: true,
		help:   "What of a pretrained network learns: the head alone, on features that are computed once; the head and then everything, the backbone slower; or everything at once.",
		at:     func(o *Options) any { return &o.Learn },
		normal: always(LearnAll), values: []value{{LearnHead, "The head alone"}, {LearnHeadThenAll, "The head, then everything"}, {LearnAll, "Everything"}},
		fault: func(o Options) string {
			return when(o.Weights == "" && (o.Learn == LearnHead || o.Learn == LearnHeadThenAll), "needs pretrained weights to start from, otherwise the backbone would stay random")
		},
	}, {
		name: "pooling", title: "Pooling", absent: true, tasks: []domain.Task{domain.Classification, domain.Tagging},
		help:   "Input of the head: the mean of the backbone's last feature map, or also statistics of maps at several depths, which capture materials and textures.",
		at:     func(o *Options) any { return &o.Pooling },
		normal: always(nn.PoolingMean),
		values: []value{{nn.PoolingMean, "Mean of the last map"}, {nn.PoolingStatistics, "Statistics at several depths"}},
		fault: func(o Options) string {
			return when(o.Pooling == nn.PoolingStatistics && !poolsStatistics(o.Architecture), "needs a MobileNet-V2 architecture; set it to mean")
		},
	}, {
		name: "freeze", title: "Freeze backbone", keptByPresets: true, retired: true,
		help:   "Keep the backbone as the initial weights have it and train only the head.",
		at:     func(o *Options) any { return &o.Freeze },
		normal: always(false),
		fault: func(o Options) string {
			return when(o.Freeze && o.Weights == "", "needs initial weights, otherwise the backbone would stay random")
		},
	}, {
		name: "device", title: "Device", keptByPresets: true, sameWeights: true,
		help:   "Device to train on.",
		at:     func(o *Options) any { return &o.Device },
		normal: always("auto"),
		values: []value{{"auto", "Automatic"}, {"cpu", "CPU"}},
	}, {
		name: "threads", title: "Threads", zero: "All cores", keptByPresets: true, sameWeights: true,
		help:   "CPU threads; 0 uses all cores. The result is the same with any number.",
		at:     func(o *Options) any { return &o.Threads },
		normal: always(0),
		limits: limit{0, maxThreads},
	}, {
		name: "early_stopping", title: "Early stopping", zero: "Off", keptByPresets: true,
		help:   "End after this many evaluations without improvement on val; 0 is off.",
		at:     func(o *Options) any { return &o.EarlyStopping },
		normal: always(0),
		fault: func(o Options) string {
			return when(o.EarlyStopping < 0, "must be 0 (off) or the number of evaluations without improvement to wait for")
		},
	}, {
		name: "metrics_interval", title: "Metrics interval", keptByPresets: true, summary: true,
		help:   "When the curves over whole sets are computed: ten times a run, or every 1,000 iterations.",
		at:     func(o *Options) any { return &o.MetricsInterval },
		normal: always(IntervalAuto), spellings: map[string]string{"1000": IntervalEvery},
		values: []value{{IntervalAuto, "Ten times a run"}, {IntervalEvery, "Every 1,000 iterations"}},
	}, {
		name: "keep", title: "Weights to keep", keptByPresets: true, sameWeights: true, summary: true,
		help:   "Weights that the version uses: those of the iteration with the best figure on val, or the last.",
		at:     func(o *Options) any { return &o.Keep },
		normal: always(KeepBest),
		values: []value{{KeepBest, "Best on val"}, {KeepLast, "Last iteration"}},
	},
}
