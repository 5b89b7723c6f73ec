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
		Short: "Train a version again from its snapshot and compare the weights",
		Long: `Trains again from the snapshot of a version, with its options and its seed, and compares
the weights. With the same program and device they are bit-identical, with any number of threads. The version is not changed. Interrupting
(Ctrl-C) saves the state; calling it again continues there. Ends with 1 if the weights differ.`,
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
					return fmt.Errorf("%w: the repeated training was stopped, its state is saved", errInterrupted)
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
		return fmt.Sprintf("%s is reproduced bit for bit: %s, those of iteration %d", name, words.Count(r.Tensors, "tensor"), r.Iteration)
	}
	text := fmt.Sprintf("%s is not reproduced: %d of %s differ, by at most %.3g (%s …)", name, len(r.Differing), words.Count(r.Tensors, "tensor"), r.MaxDifference, r.Differing[0])
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
