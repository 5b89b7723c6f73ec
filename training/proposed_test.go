//go:build !nobackbone

package training

import (
	"reflect"
	"strings"
	"testing"

	"viewfinder/storage/domain"
	"viewfinder/training/weights"
)

// TestProposedOptions: where nothing is chosen, classification and tagging start from the built-in backbone where the architecture is its own or none was
// named, at the size on which its features are best; everything else starts from nothing, with the options that it always had.
func TestProposedOptions(t *testing.T) {
	for name, c := range map[string]struct {
		task         domain.Task
		architecture string
		train        int
		weights      string
		learn        string
		resizer      string
		reason       string
	}{
		"classification":    {domain.Classification, "", 152, weights.BuiltInName, LearnHead, "288x288", "Starts from the built-in network: with 152 training images its head alone gives the best result in seconds"},
		"one image":         {domain.Classification, "", 1, weights.BuiltInName, LearnHead, "288x288", "with 1 training image its head alone"},
		"tagging":           {domain.Tagging, "", 0, weights.BuiltInName, LearnHead, "288x288", "Starts from the built-in network: its head alone gives the best result in seconds"},
		"its architecture":  {domain.Classification, "mobilenet_v2_035", headUpTo, weights.BuiltInName, LearnHead, "288x288", "with 2,000 training images"},
		"many images":       {domain.Classification, "", headUpTo + 1, weights.BuiltInName, LearnHeadThenAll, "160x160", "2,001 training images, more than 2,000"},
		"another":           {domain.Classification, "small_cnn", 152, "", LearnAll, "96x96", "from nothing"},
		"a wider one":       {domain.Tagging, "mobilenet_v2_050", 152, "", LearnAll, "", "from nothing"},
		"detection":         {domain.Detection, "", 152, "", LearnAll, "240x320", "from nothing"},
		"detection, by its": {domain.Detection, "mobilenet_v2_035", 152, "", LearnAll, "240x320", "from nothing"},
	} {
		o, why := ProposedOptions(c.task, c.architecture, c.train)
		if o.Weights != c.weights || o.Learn != c.learn || o.Resizer != c.resizer && c.weights != "" || !strings.Contains(why, c.reason) {
			t.Errorf("%s: %s at %s from %q: %s", name, o.Learn, o.Resizer, o.Weights, why)
		}
		if c.weights == "" && !reflect.DeepEqual(o, DefaultOptions(c.task, c.architecture)) {
			t.Errorf("%s: from nothing the options are %+v", name, o)
		}
		if err := o.Validate(c.task); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, p := range Presets() {
			o, _ := PresetOf(p.Name, o, c.train)
			if err := o.Validate(c.task); err != nil || o.Weights != c.weights || o.Learn != c.learn {
				t.Errorf("%s, %s: %s from %q: %v", name, p.Name, o.Learn, o.Weights, err)
			}
		}
	}
}
