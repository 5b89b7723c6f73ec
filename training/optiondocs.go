package training

import (
	"slices"

	"viewfinder/storage/domain"
	"viewfinder/training/data"
)

// OptionDoc explains one option to the user.
type OptionDoc struct {
	Name        string
	Default     string
	Explanation string   // one line
	Limits      string   // of a number, "1 to 4096"; "" where it has none
	Values      []string // the words it accepts, where it accepts only some
}

var augmentations = data.Augmentations

// optionTable holds the options in the order of the panel.
var optionTable = []OptionDoc{
	{Name: "iterations", Explanation: "Number of passes; one pass is the forward of one batch and the back-propagation of its error."},
	{Name: "batch_size", Explanation: "Images per pass: more make each pass steadier and slower."},
	{Name: "architecture", Explanation: "The network: larger ones can learn more and take longer."},
	{Name: "seed", Explanation: "Start of all chance; the same seed gives the same weights to the bit."},
	{Name: "optimizer", Explanation: "How weights follow the gradient: sgd with momentum, nesterov (its look-ahead form), adam, adamw (decay decoupled).", Values: []string{"sgd", "nesterov", "adam", "adamw"}},
	{Name: "learning_rate", Explanation: "Highest step size of the schedule: too high diverges, too low learns slowly."},
	{Name: "momentum", Explanation: "How much of the former direction is kept (sgd and nesterov; adam and adamw keep their own 0.9)."},
	{Name: "weight_decay", Explanation: "Pull of the weights towards zero, against overfitting."},
	{Name: "decay_norm_bias", Explanation: "Whether biases and normalisation weights are pulled towards zero too."},
	{Name: "clip_norm", Explanation: "Largest norm of the whole gradient, longer ones are shortened; 0 is off."},
	{Name: "label_smoothing", Explanation: "Share of the truth given to the other concepts, against overconfidence (classification)."},
	{Name: "dropout", Explanation: "Share of the last features left out by chance in each pass, against overfitting; 0 is off (classification, tagging)."},
	{Name: "ema", Explanation: "Decay of a moving average of the weights, which is judged and kept instead of the last step's: 0.99 to 0.9999; 0 is off."},
	{Name: "schedule", Explanation: "Course of the learning rate: constant, step (a tenth after half and after three quarters), cosine (down to 0), one_cycle (up for 30%, then down).", Values: []string{"constant", "step", "cosine", "one_cycle"}},
	{Name: "warmup", Explanation: "Iterations over which the learning rate rises from 0: below 1 a share of all, from 1 on a number (one_cycle brings its own)."},
	{Name: "resizer", Explanation: "Size the network sees, height x width 32 to 2048 in steps of 16; with :pad the aspect ratio is kept and the rest is black."},
	{Name: "augment", Explanation: "Changes made by chance to each training image, so that the network sees more than there is.", Values: data.Augmentations},
	{Name: "balance", Explanation: "Against rare concepts being ignored: weigh their errors more, or show them as often as the others.", Values: []string{BalanceOff, BalanceWeighted, BalanceSampling}},
	{Name: "weights", Explanation: "What to start from: nothing (from scratch), a .safetensors file, or an earlier version."},
	{Name: "freeze", Explanation: "Keep the backbone as the weights bring it and train only the head."},
	{Name: "device", Explanation: "Where to compute.", Values: []string{"auto", "cpu"}},
	{Name: "threads", Explanation: "Processor cores to use; 0 is all. The result is the same with any number."},
	{Name: "early_stopping", Explanation: "End after this many evaluations in which val did not get better; 0 is off."},
	{Name: "metrics_interval", Explanation: "When the curves over whole sets are computed: auto is ten times a run, every_1000 as Deepomatic does.", Values: []string{IntervalAuto, IntervalEvery}},
	{Name: "keep", Explanation: "Weights the version uses: those of the iteration whose first performance figure was best on val, or the last.", Values: []string{KeepBest, KeepLast}},
}

// OptionDocs lists every option in the order of the panel, with the defaults for the task and the architecture ("" = the task's default).
func OptionDocs(task domain.Task, architecture string) []OptionDoc {
	docs := slices.Clone(optionTable)
	d := DefaultOptions(task, architecture)
	for i := range docs {
		docs[i].Default, _ = d.Get(docs[i].Name)
		docs[i].Limits = numberLimits[docs[i].Name].String()
		if docs[i].Name == "architecture" {
			docs[i].Values = architectureNames(task)
		}
	}
	return docs
}

func optionNames() []string {
	names := make([]string, len(optionTable))
	for i, d := range optionTable {
		names[i] = d.Name
	}
	return names
}

func optionValues(name string) []string {
	for _, d := range optionTable {
		if d.Name == name {
			return d.Values
		}
	}
	return nil
}
