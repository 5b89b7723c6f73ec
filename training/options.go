package training

// Options decide how a network is trained. The JSON names are those of `--set` too.
type Options struct {
	Iterations      int      `json:"iterations"`
	BatchSize       int      `json:"batch_size"`
	Architecture    string   `json:"architecture"`
	Seed            uint64   `json:"seed"`
	Optimizer       string   `json:"optimizer"`        // sgd | nesterov | adam | adamw
	LearningRate    float64  `json:"learning_rate"`    // the schedule's highest
	Momentum        float64  `json:"momentum"`         // sgd, nesterov; beta1 of adam, adamw
	WeightDecay     float64  `json:"weight_decay"`     //
	DecayNormBias   bool     `json:"decay_norm_bias"`  // whether biases and norms decay too
	ClipNorm        float64  `json:"clip_norm"`        // largest norm of the gradient; 0 = any
	LabelSmoothing  float64  `json:"label_smoothing"`  // classification
	Schedule        string   `json:"schedule"`         // constant | step | cosine | one_cycle
	Warmup          float64  `json:"warmup"`           // below 1: a share of the iterations; from 1 on: a number of them
	Resizer         string   `json:"resizer"`          // HxW, HxW:pad
	Augment         []string `json:"augment"`          // flip_horizontal, flip_vertical, zoom, shift, rotation, colour, cutout
	Balance         string   `json:"balance"`          // off | weighted_loss | balanced_sampling
	Weights         string   `json:"weights"`          // "" = from scratch; a .safetensors file or a run folder
	Freeze          bool     `json:"freeze"`           // only the head learns
	Device          string   `json:"device"`           // auto | cpu
	Threads         int      `json:"threads"`          // 0 = all physical cores
	EarlyStopping   int      `json:"early_stopping"`   // evaluations without improvement; 0 = off
	MetricsInterval string   `json:"metrics_interval"` // auto | every_1000
	Keep            string   `json:"keep"`             // best | last: whose weights the version uses
}

// OptionDoc explains one option to the user.
type OptionDoc struct {
	Name        string
	Default     string
	Explanation string   // one line
	Values      []string // the words it accepts, where it accepts only some
}

// DefaultOptions returns options that train well for the task and the architecture ("" = the task's default architecture).
func DefaultOptions(task Task, architecture string) Options {
	return Options{Architecture: architecture}
}

// Set changes the option called name (its JSON name) to what the text says; a list is separated by commas.
func (o *Options) Set(name, value string) error { return nil }

// Get returns the option's value as Set would take it.
func (o Options) Get(name string) (string, error) { return "", nil }

// Validate says, in words for the user, what is wrong with the options; nil if nothing is.
func (o Options) Validate(task Task) error { return nil }

// OptionDocs lists every option in the order of the panel, with the defaults for the task and architecture.
func OptionDocs(task Task, architecture string) []OptionDoc { return nil }

// MetricIterations lists the iterations at which the four whole-set curves are computed.
func MetricIterations(iterations int, interval string) []int { return nil }
