package training

import (
	"slices"
	"testing"

	"viewfinder/storage/domain"
	"viewfinder/training/nn"
)

// Every preset of every task and architecture gives options that can be trained with, from the quickest to the longest.
func TestPresets(t *testing.T) {
	for _, task := range domain.Tasks() {
		for _, a := range nn.Architectures() {
			for _, train := range []int{0, 1, 205, 100_000} {
				last := 0
				for _, p := range Presets() {
					o, ok := PresetOf(p.Name, DefaultOptions(task, a.Name), train)
					if !ok || o.Architecture != a.Name {
						t.Fatalf("%s of %s: %v %q", p.Name, a.Name, ok, o.Architecture)
					}
					if err := o.Validate(task); err != nil {
						t.Errorf("%s of %s, %d images: %v", p.Name, a.Name, train, err)
					}
					if o.Iterations <= last {
						t.Errorf("%s of %s, %d images: %d iterations, the one before had %d", p.Name, a.Name, train, o.Iterations, last)
					}
					last = o.Iterations
				}
			}
		}
	}
	if _, ok := PresetOf("best", DefaultOptions(domain.Classification, ""), 10); ok {
		t.Error("a preset that doesn't exist is known")
	}
}

func TestPresetValues(t *testing.T) {
	for _, c := range []struct {
		name              string
		task              domain.Task
		train, iterations int
		augment           string
	}{
		{PresetQuick, domain.Classification, 288, 90, ""},
		{PresetQuick, domain.Classification, 3, 50, ""},
		{PresetBalanced, domain.Classification, 288, 600, ""},
		{PresetBalanced, domain.Classification, 3200, 3000, ""},
		{PresetThorough, domain.Classification, 288, 1800, "colour"},
		{PresetThorough, domain.Detection, 205, 3000, "colour"},
		{PresetThorough, domain.Tagging, 10_000_000, 150_000, "shift"},
	} {
		o, _ := PresetOf(c.name, DefaultOptions(c.task, ""), c.train)
		if o.Iterations != c.iterations || c.augment != "" && !slices.Contains(o.Augment, c.augment) {
			t.Errorf("%s of %d images: %d iterations, want %d; augmentation %v", c.name, c.train, o.Iterations, c.iterations, o.Augment)
		}
	}
}
