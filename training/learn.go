package training

// fineTuning is what the backbone's learning rate is of the head's where it is pretrained: it is to forget little of what it knows.
const fineTuning = 0.2

// headAlone reports whether the head learns on features that are computed once. A detector's head learns from maps, image by image.
func (r *Run) headAlone() bool { return r.Options.Learn == LearnHead && !r.Task.HasBoxes() }

func (t *trainer) headAlone() bool { return t.run.headAlone() }

// frozen reports whether the backbone stays as the initial weights have it.
func (o Options) frozen() bool { return o.Learn == LearnHead || o.Freeze }

// backboneRate is what the learning rate is multiplied by for the backbone; 0 is as it is.
func (o Options) backboneRate() float64 {
	if o.Weights != "" && (o.Learn == LearnHeadThenAll || o.Learn == LearnAll) {
		return fineTuning
	}
	return 0
}
