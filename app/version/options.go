package version

import (
	"strings"

	"viewfinder/app/studio"
	"viewfinder/widgets"
)

var optionTitles = map[string]string{
	"iterations": "Iterations", "batch_size": "Batch size", "architecture": "Architecture", "seed": "Seed", "optimizer": "Optimizer",
	"learning_rate": "Learning rate", "momentum": "Momentum", "weight_decay": "Weight decay", "decay_norm_bias": "Decay of norms too",
	"clip_norm": "Clip gradient at", "label_smoothing": "Label smoothing", "dropout": "Dropout", "ema": "Weight average", "schedule": "Schedule", "warmup": "Warm-up", "resizer": "Image resizer",
	"augment": "Augmentation", "balance": "Class balancing", "weights": "Initial weights", "freeze": "Freeze backbone", "device": "Device",
	"threads": "Processor cores", "early_stopping": "Early stopping", "metrics_interval": "Metrics interval", "keep": "Keep",
}

// OptionTitle is what people call an option.
func OptionTitle(name string) string {
	if t := optionTitles[name]; t != "" {
		return t
	}
	return Capital(strings.ReplaceAll(name, "_", " "))
}

// Words of values that are not plain.
var valueTitles = map[string]string{
	"sgd": "SGD with momentum", "nesterov": "SGD, Nesterov", "adam": "Adam", "adamw": "AdamW",
	"constant": "Constant", "step": "Step", "cosine": "Cosine", "one_cycle": "One cycle",
	"off": "Off", "weighted_loss": "Weighted loss", "balanced_sampling": "Balanced sampling",
	"auto": "Automatic", "cpu": "Processor (CPU)", "every_1000": "Every 1,000, as Deepomatic does",
	"best": "Best on val", "last": "Last iteration", "true": "Yes", "false": "No",
	"flip_horizontal": "Flip left-right", "flip_vertical": "Flip top-bottom",
}

// ValueTitle is what people call a value that an option accepts.
func ValueTitle(option, value string) string {
	if option == "metrics_interval" && value == "auto" {
		return "Ten times a run"
	}
	if t := valueTitles[value]; t != "" {
		return t
	}
	return Capital(strings.ReplaceAll(value, "_", " "))
}

// Capital begins a text with a capital letter.
func Capital(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' || len(s) > 1 && s[1] >= 'A' && s[1] <= 'Z' { // "mAP@0.5" stays
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}

// OptionValue is an option's value in words.
func OptionValue(o studio.Options, name string) string {
	value, err := o.Get(name)
	if err != nil {
		return ""
	}
	switch name {
	case "architecture":
		return ArchitectureTitle(value)
	case "weights":
		if value == "" {
			return "From scratch"
		}
		return value
	case "resizer":
		if size, pad := strings.CutSuffix(value, ":pad"); pad {
			return strings.ReplaceAll(size, "x", " × ") + ", aspect kept"
		}
		return strings.ReplaceAll(value, "x", " × ")
	case "threads":
		if value == "0" {
			return "All"
		}
	case "augment":
		if value == "" {
			return "None"
		}
		var words []string
		for _, v := range strings.Split(value, ",") {
			words = append(words, ValueTitle(name, v))
		}
		return strings.Join(words, ", ")
	case "clip_norm", "label_smoothing", "dropout", "ema", "early_stopping", "warmup":
		if value == "0" {
			return "Off"
		}
		return value
	}
	for _, c := range value {
		if c != '.' && c != '-' && c != '+' && c != 'e' && (c < '0' || c > '9') {
			return ValueTitle(name, value)
		}
	}
	return value
}

// OptionFacts lists a version's options as names and values, in the panel's order; names leaves out all but these, nil is all.
func OptionFacts(o studio.Options, view studio.ViewType, names ...string) []widgets.Fact {
	var facts []widgets.Fact
	for _, d := range studio.OptionDocs(view, o.Architecture) {
		keep := len(names) == 0
		for _, n := range names {
			keep = keep || n == d.Name
		}
		if keep {
			facts = append(facts, widgets.Fact{Name: OptionTitle(d.Name), Value: OptionValue(o, d.Name)})
		}
	}
	return facts
}
