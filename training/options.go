package training

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"viewfinder/storage/domain"
)

// Options decide how a network is trained. The JSON names are those of `--set` too; OptionDocs explains each.
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
	MinSize       = 32
	MaxSize       = 2048
	SizeStep      = 16
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

// Values of Balance.
const (
	BalanceOff      = "off"
	BalanceWeighted = "weighted_loss"
	BalanceSampling = "balanced_sampling"
)

// Resizer is what the option of that name says: how a picture becomes the network's input.
type Resizer struct {
	Height, Width int
	Pad           bool // the aspect is kept, the rest is black
}

// ParseResizer reads "96x128" (height x width, squashed) or "96x128:pad" (aspect kept).
func ParseResizer(s string) (Resizer, error) {
	size, mode, has := strings.Cut(strings.TrimSpace(s), ":")
	hs, ws, ok := strings.Cut(size, "x")
	h, errH := strconv.Atoi(hs)
	w, errW := strconv.Atoi(ws)
	if !ok || errH != nil || errW != nil || has && mode != "pad" {
		return Resizer{}, fmt.Errorf("resizer %q: write height x width, such as 96x96, or 96x96:pad to keep the aspect ratio", s)
	}
	for _, n := range []int{h, w} {
		if n < MinSize || n > MaxSize || n%SizeStep != 0 {
			return Resizer{}, fmt.Errorf("resizer %q: height and width go from %d to %d in steps of %d", s, MinSize, MaxSize, SizeStep)
		}
	}
	return Resizer{Height: h, Width: w, Pad: has}, nil
}

// String writes it as ParseResizer reads it.
func (r Resizer) String() string {
	s := fmt.Sprintf("%dx%d", r.Height, r.Width)
	if r.Pad {
		s += ":pad"
	}
	return s
}

// Validate says, in words for the user, everything that is wrong with the options; nil if nothing is.
func (o Options) Validate(task domain.Task) error {
	var bad []string
	say := func(ok bool, format string, args ...any) {
		if !ok {
			bad = append(bad, fmt.Sprintf(format, args...))
		}
	}
	for _, name := range optionNames() {
		if err := o.withinLimits(name); err != nil {
			say(false, "%v", err)
		}
	}
	if names := architectureNames(task); !slices.Contains(names, o.Architecture) {
		say(false, "architecture %q is not known for %s; there are: %s", o.Architecture, task, strings.Join(names, ", "))
	}
	say(o.LabelSmoothing == 0 || task == domain.Classification, "label_smoothing is for classification only: set it to 0")
	say(o.Dropout == 0 || task != domain.Detection, "dropout is for classification and tagging only: set it to 0")
	say(o.Warmup >= 0 && (o.Warmup < 1 || o.Warmup <= float64(o.Iterations) && o.Warmup == math.Trunc(o.Warmup)),
		"warmup is %v: below 1 it is a share of the iterations, from 1 on a whole number of them, at most all", o.Warmup)
	if _, err := ParseResizer(o.Resizer); err != nil {
		say(false, "%v", err)
	}
	for i, a := range o.Augment {
		say(slices.Contains(augmentations, a), "augment %q is not known; there are: %s", a, strings.Join(augmentations, ", "))
		say(!slices.Contains(o.Augment[:i], a), "augment names %q twice", a)
	}
	for _, name := range []string{"optimizer", "schedule", "balance", "device", "metrics_interval", "keep"} {
		v, _ := o.Get(name)
		allowed := optionValues(name)
		say(slices.Contains(allowed, v), "%s is %q: it is one of %s", name, v, strings.Join(allowed, ", "))
	}
	say(o.EarlyStopping >= 0, "early_stopping is %d: 0 is off, else the number of evaluations without improvement to wait for", o.EarlyStopping)
	say(!o.Freeze || o.Weights != "", "freeze keeps the backbone as it is: give weights to start from, or it would stay random")
	if len(bad) > 0 {
		return fmt.Errorf("training options: %s", strings.Join(bad, "; "))
	}
	return nil
}

// Set changes the option called name (its JSON name) to what the text says; a list is separated by commas ("none" or "" is the empty one),
// a share may be written as "5%". Whether the value makes sense is Validate's business.
func (o *Options) Set(name, value string) error {
	f := o.field(name)
	if f == nil {
		return fmt.Errorf("there is no option %q; there are: %s", name, strings.Join(optionNames(), ", "))
	}
	value = strings.TrimSpace(value)
	var err error
	switch p := f.(type) {
	case *int:
		var n int
		if n, err = strconv.Atoi(value); err == nil {
			*p = n
		}
	case *uint64:
		var n uint64
		if n, err = strconv.ParseUint(value, 10, 64); err == nil {
			*p = n
		}
	case *float64:
		var v float64
		number, percent := strings.CutSuffix(value, "%")
		if v, err = strconv.ParseFloat(strings.TrimSpace(number), 64); err == nil {
			if percent {
				v /= 100
			}
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("option %s: %q is not a number", name, value)
			}
			*p = v
		}
	case *bool:
		switch strings.ToLower(value) {
		case "true", "yes", "on", "1":
			*p = true
		case "false", "no", "off", "0":
			*p = false
		default:
			return fmt.Errorf("option %s: %q is neither true nor false", name, value)
		}
	case *string:
		if name == "metrics_interval" && value == "1000" {
			value = IntervalEvery
		}
		*p = value
	case *[]string:
		*p = []string{}
		if value != "" && value != "none" && value != "off" {
			for _, s := range strings.Split(value, ",") {
				*p = append(*p, strings.TrimSpace(s))
			}
		}
	}
	if err != nil {
		return fmt.Errorf("option %s: %q is not a number of the kind it takes", name, value)
	}
	return nil
}

// Get returns the option's value as Set would take it.
func (o Options) Get(name string) (string, error) {
	switch p := o.field(name).(type) {
	case *int:
		return strconv.Itoa(*p), nil
	case *uint64:
		return strconv.FormatUint(*p, 10), nil
	case *float64:
		return strconv.FormatFloat(*p, 'g', -1, 64), nil
	case *bool:
		return strconv.FormatBool(*p), nil
	case *string:
		return *p, nil
	case *[]string:
		return strings.Join(*p, ","), nil
	}
	return "", fmt.Errorf("there is no option %q", name)
}

// field returns a pointer to the option's field, nil if there is no such option.
func (o *Options) field(name string) any {
	switch name {
	case "iterations":
		return &o.Iterations
	case "batch_size":
		return &o.BatchSize
	case "architecture":
		return &o.Architecture
	case "seed":
		return &o.Seed
	case "optimizer":
		return &o.Optimizer
	case "learning_rate":
		return &o.LearningRate
	case "momentum":
		return &o.Momentum
	case "weight_decay":
		return &o.WeightDecay
	case "decay_norm_bias":
		return &o.DecayNormBias
	case "clip_norm":
		return &o.ClipNorm
	case "label_smoothing":
		return &o.LabelSmoothing
	case "dropout":
		return &o.Dropout
	case "ema":
		return &o.EMA
	case "schedule":
		return &o.Schedule
	case "warmup":
		return &o.Warmup
	case "resizer":
		return &o.Resizer
	case "augment":
		return &o.Augment
	case "balance":
		return &o.Balance
	case "weights":
		return &o.Weights
	case "freeze":
		return &o.Freeze
	case "device":
		return &o.Device
	case "threads":
		return &o.Threads
	case "early_stopping":
		return &o.EarlyStopping
	case "metrics_interval":
		return &o.MetricsInterval
	case "keep":
		return &o.Keep
	}
	return nil
}
