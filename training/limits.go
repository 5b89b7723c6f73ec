package training

import (
	"fmt"
	"strconv"

	"viewfinder/storage/domain"
)

// limit is what a number may be, both ends with it.
type limit struct{ lo, hi float64 }

// numberLimits are the limits of the options that are numbers of which only some make sense.
var numberLimits = map[string]limit{
	"iterations":      {1, MaxIterations},
	"batch_size":      {1, MaxBatchSize},
	"learning_rate":   {1e-10, 100},
	"momentum":        {0, 0.9999},
	"weight_decay":    {0, 10},
	"clip_norm":       {0, 1e6},
	"label_smoothing": {0, 0.9},
	"dropout":         {0, 0.9},
	"ema":             {0, 0.99999},
	"threads":         {0, maxThreads},
}

// String writes it as "1 to 4096"; that of no limit is "".
func (l limit) String() string {
	if l == (limit{}) {
		return ""
	}
	return plain(l.lo) + " to " + plain(l.hi)
}

func plain(v float64) string {
	if v >= 1e-3 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// withinLimits says that the option called name is out of its limits; nil where it has none.
func (o *Options) withinLimits(name string) error {
	l, ok := numberLimits[name]
	if !ok {
		return nil
	}
	var v float64
	switch p := o.field(name).(type) {
	case *int:
		v = float64(*p)
	case *float64:
		v = *p
	}
	if v >= l.lo && v <= l.hi {
		return nil
	}
	return fmt.Errorf("%s is %s: it goes from %s to %s", name, plain(v), plain(l.lo), plain(l.hi))
}

// Idle says which options have no effect beside the others, and why, in a sentence for the user each.
func (o Options) Idle(task domain.Task) map[string]string {
	idle := map[string]string{}
	if o.Optimizer == "adam" || o.Optimizer == "adamw" {
		idle["momentum"] = "No effect with Adam and AdamW, which keep 0.9 of their own."
	}
	if o.WeightDecay == 0 {
		idle["decay_norm_bias"] = "No effect without weight decay."
	}
	if o.Schedule == "one_cycle" {
		idle["warmup"] = "No effect with One cycle, which rises by itself."
	}
	if task != domain.Classification {
		idle["label_smoothing"] = "For classification only."
	}
	if task == domain.Detection {
		idle["dropout"] = "For classification and tagging only."
	}
	return idle
}
