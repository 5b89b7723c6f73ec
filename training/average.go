package training

import (
	"fmt"

	"viewfinder/training/checkpoint"
	"viewfinder/training/nn"
)

// judgedNetwork is what is evaluated and saved: the network that is trained, or with the option ema another one, for the moving average of its
// weights; where the head alone learns, on standardised features, one that takes features as they are.
func (t *trainer) judgedNetwork() (*nn.Network, error) {
	if t.step.Averaged() == nil && t.head == nil {
		return t.net, nil
	}
	net, err := nn.New(t.run.spec(), t.o.Seed)
	if err != nil {
		return nil, fmt.Errorf("building the network of averaged weights: %w", err)
	}
	return net, nil
}

// average brings the judged network to the present.
func (t *trainer) average() error {
	if t.judged == t.net {
		return nil
	}
	if err := t.step.Fetch(); err != nil {
		return err
	}
	now := t.step.Averaged()
	if now == nil {
		now = t.net.State()
	}
	if err := nn.Copy(t.judged, now); err != nil || t.head == nil {
		return err
	}
	t.head.fold(t.judged)
	return nil
}

// loadJudged takes the weights of a checkpoint that are judged: the averaged ones where there are some.
func loadJudged(net *nn.Network, file *checkpoint.File) error {
	averaged := nn.AveragedState(fromCheckpoint(file))
	if len(averaged) == 0 {
		if err := loadAll(net, file); err != nil {
			return err
		}
	} else if _, _, err := net.LoadState(averaged); err != nil {
		return fmt.Errorf("reading the averaged weights: %w", err)
	}
	h, err := headOf(file, net.FeatureSize())
	if h != nil {
		h.fold(net)
	}
	return err
}
