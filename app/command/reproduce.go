package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/storage/words"
)

// reproduce is `viewfinder reproduce`.
func (s *session) reproduce() *cobra.Command {
	return s.facts(&cobra.Command{
		Use:   "reproduce PROJECT VERSION",
		Short: "Train a version once more as it was frozen, and say whether the weights are the same",
		Long: `Trains what a version was trained on, as it was frozen when it was created, with its options and its seed, once more beside it, and compares
the weights. On the same program and device they are the same to the bit, with any number of threads. The version stays as it is. Interrupting
(Ctrl-C) keeps the state; calling it again goes on there. It ends with 1 where the weights differ.`,
		Example: "  viewfinder reproduce waste v3",
		Args:    exactly(2, versionArgs),
		RunE: func(c *cobra.Command, args []string) error {
			return s.reading(c.Context(), args[0], func(p *studio.Project) error {
				v, err := p.FindVersion(c.Context(), args[1])
				if err != nil {
					return err
				}
				dir, err := p.PrepareReproduction(c.Context(), v.ID)
				if err != nil {
					return err
				}
				told := s.tellRun(c.Context(), dir)
				r, err := p.Reproduce(c.Context(), v.ID)
				told()
				if errors.Is(err, runs.ErrStopped) || errors.Is(err, context.Canceled) {
					return fmt.Errorf("%w: the training once more was stopped, its state is kept", errInterrupted)
				}
				if err != nil {
					return err
				}
				if err := s.print(r, func() { s.printf("%s", reproduced(v.Name, r)) }); err != nil {
					return err
				}
				if !r.Same {
					return errors.New("the weights are not the same")
				}
				return nil
			})
		},
	})
}

// reproduced says in words what came of it.
func reproduced(name string, r *runs.Reproduction) string {
	if r.Same {
		return fmt.Sprintf("%s came out the same, to the bit: %s, those of iteration %d", name, words.Count(r.Tensors, "tensor"), r.Iteration)
	}
	text := fmt.Sprintf("%s came out different: %d of %s, by at most %.3g (%s …)", name, len(r.Differing), words.Count(r.Tensors, "tensor"), r.MaxDifference, r.Differing[0])
	if r.Iteration != r.Again {
		text += fmt.Sprintf("; the best iteration was %d, now %d", r.Iteration, r.Again)
	}
	if r.Device != r.DeviceAgain {
		text += fmt.Sprintf("; trained on %s, now on %s", r.Device, r.DeviceAgain)
	}
	if len(r.Warnings) > 0 {
		text += "; " + strings.Join(r.Warnings, "; ")
	}
	return text
}
