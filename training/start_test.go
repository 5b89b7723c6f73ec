package training

import (
	"strings"
	"testing"

	"viewfinder/storage/domain"
)

// TestStartOptions: what learns and how large pictures are follow from the number of images and the backbone; all such options are valid.
func TestStartOptions(t *testing.T) {
	file := Start{Weights: "net.tflite", Title: "net.tflite", Architecture: "mobilenet_v2_100", Size: bestSide(224)}
	for name, c := range map[string]struct {
		task    domain.Task
		start   Start
		learn   string
		train   int
		learns  string
		resizer string
		reason  string
	}{
		"few images":        {domain.Classification, file, "", 288, LearnHead, "288x288", "The head alone learns: 288 training images are few"},
		"not counted yet":   {domain.Tagging, file, "", 0, LearnHead, "288x288", "seconds"},
		"many images":       {domain.Classification, file, "", 5000, LearnHeadThenAll, "160x160", "5,000 training images, more than 2,000"},
		"by hand":           {domain.Classification, file, LearnAll, 100, LearnAll, "160x160", "Everything learns: chosen by hand"},
		"a small backbone":  {domain.Classification, Start{Weights: "../v1", Title: "v1", Architecture: "small_cnn", Size: 100}, "", 100, LearnHead, "96x96", "from v1 (Small CNN)"},
		"an unknown file":   {domain.Classification, Start{Weights: "x.safetensors", Title: "x", Architecture: "resnet18"}, "", 100, LearnHead, "288x288", "from x (ResNet-18)"},
		"a detector":        {domain.Detection, file, "", 50, LearnAll, "240x320", "backbone"},
		"nothing":           {domain.Classification, Start{Architecture: "resnet18"}, "", 100, LearnAll, "96x96", "from nothing"},
		"nothing, by title": {domain.Detection, Start{}, "", 100, LearnAll, "240x320", "from nothing"},
	} {
		o, why := StartOptions(c.task, c.start, c.learn, c.train)
		if o.Learn != c.learns || o.Resizer != c.resizer || o.Weights != c.start.Weights || !strings.Contains(why, c.reason) {
			t.Errorf("%s: %s at %s from %q: %s", name, o.Learn, o.Resizer, o.Weights, why)
		}
		if err := o.Validate(c.task); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
