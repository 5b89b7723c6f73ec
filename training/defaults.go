package training

import (
	"viewfinder/storage/domain"
	"viewfinder/training/nn"
)

// defaultArchitecture is what a user gets who does not choose.
func defaultArchitecture(task domain.Task) string {
	if task.HasBoxes() {
		return "mobilenet_v2_050"
	}
	return "small_cnn"
}

// DefaultOptions returns options that train well for the task and the architecture ("" = the task's default architecture; one that is not known
// gets the general ones). The recipe for classification and tagging is SGD 0.05 with momentum 0.9, decay 1e-4, 5% warm-up and a cosine, as
// published for these networks; detection uses AdamW, as centre-based detectors usually do, and changes colours too: of the few images that people
// draw boxes on, a network learns by heart which ones were forgotten.
func DefaultOptions(task domain.Task, architecture string) Options {
	if architecture == "" {
		architecture = defaultArchitecture(task)
	}
	r := recipe{task: task, architecture: architecture}
	var err error
	if r.net, err = nn.Lookup(architecture); err != nil {
		r.net = nn.Architectures()[0]
	}
	var o Options
	for i := range table {
		table[i].put(&o, table[i].normal(r))
	}
	return o
}
