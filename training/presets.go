package training

import (
	"math"
	"slices"

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
		{PresetQuick, "Quick look", "About ten epochs: enough to see whether the concepts can be distinguished at all."},
		{PresetBalanced, "Balanced", "The architecture's defaults; with many images, at least thirty epochs."},
		{PresetThorough, "Thorough", "Three times as long, with more augmentation against overfitting."},
	}
}

// Bounds of a preset's iterations: how often each image is seen, and how many iterations that may be.
const (
	quickEpochs, quickLeast, quickMost = 10, 50, 500
	balancedEpochs, balancedMost       = 30, 50_000
	thoroughTimes                      = 3
)

// PresetOf are the preset's options where o are the defaults, such as those of StartOptions, for a number of train images (0 where it is not known yet).
// ok is false where there is no preset of that name.
func PresetOf(name string, o Options, train int) (Options, bool) {
	if !slices.ContainsFunc(Presets(), func(p Preset) bool { return p.Name == name }) {
		return o, false
	}
	defaults := o
	for i := range table {
		if r := &table[i]; r.preset != nil {
			r.put(&o, r.preset(name, defaults, train))
		}
	}
	return o, true
}

func presetIterations(name string, defaults Options, train int) any {
	epochs := func(n int) int { return int(math.Ceil(float64(n) * float64(train) / float64(defaults.BatchSize))) }
	balanced := min(max(defaults.Iterations, epochs(balancedEpochs)), balancedMost)
	switch name {
	case PresetQuick:
		return min(max(epochs(quickEpochs), quickLeast), quickMost)
	case PresetThorough:
		return thoroughTimes * balanced
	}
	return balanced
}

func presetAugment(name string, defaults Options, _ int) any {
	if name == PresetThorough {
		return withAugmentations(defaults.Augment, data.Zoom, data.Shift, data.Colour)
	}
	return defaults.Augment
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
