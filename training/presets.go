package training

import (
	"math"

	"viewfinder/storage/domain"
	"viewfinder/training/data"
)

// Preset is a name for options that go together; what it sets are ordinary options, which can be changed one by one afterwards.
type Preset struct {
	Name        string `json:"name"`
	Title       string `json:"title"`
	Explanation string `json:"explanation"`
}

// Names of the presets.
const (
	PresetQuick    = "quick"
	PresetBalanced = "balanced"
	PresetThorough = "thorough"
)

// Presets lists the presets, the quickest first.
func Presets() []Preset {
	return []Preset{
		{PresetQuick, "Quick look", "Each image about ten times: enough to see whether the concepts can be told apart at all."},
		{PresetBalanced, "Balanced", "What suits the architecture; with many images, each at least thirty times."},
		{PresetThorough, "Thorough", "Three times as long, with images moved, zoomed and recoloured so that fewer are learned by heart."},
	}
}

// Bounds of a preset's iterations.
const (
	quickPasses, quickLeast, quickMost = 10, 50, 500
	balancedPasses, balancedMost       = 30, 50_000
	thoroughTimes                      = 3
)

// PresetOptions are the preset's options for a task, an architecture ("" = the task's default one) and a number of train images (0 where it is
// not known yet). ok is false where there is no preset of that name.
func PresetOptions(name string, task domain.Task, architecture string, train int) (o Options, ok bool) {
	o = DefaultOptions(task, architecture)
	passes := func(n int) int { return int(math.Ceil(float64(n) * float64(train) / float64(o.BatchSize))) }
	balanced := min(max(o.Iterations, passes(balancedPasses)), balancedMost)
	switch name {
	case PresetQuick:
		o.Iterations = min(max(passes(quickPasses), quickLeast), quickMost)
	case PresetBalanced:
		o.Iterations = balanced
	case PresetThorough:
		o.Iterations = thoroughTimes * balanced
		o.Augment = withAugmentations(o.Augment, data.Zoom, data.Shift, data.Colour)
	default:
		return o, false
	}
	return o, true
}

// withAugmentations adds names to a list, each once, in the order of data.Augmentations.
func withAugmentations(list []string, names ...string) []string {
	has := map[string]bool{}
	for _, n := range append(append([]string(nil), list...), names...) {
		has[n] = true
	}
	var out []string
	for _, n := range data.Augmentations {
		if has[n] {
			out = append(out, n)
		}
	}
	return out
}
