//go:build measure

package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"viewfinder/app/bench"
	"viewfinder/app/studio"
	"viewfinder/storage/words"
)

// benchNext is `viewfinder bench next`, for those who work on the order: it is not among the commands that --help lists.
func (s *session) benchNext() *cobra.Command {
	var view string
	r := bench.NextRequest{}
	c := &cobra.Command{
		Use:    "next PROJECT",
		Short:  "Measure whether active learning pays off",
		Hidden: true,
		Long: `Takes an annotated classification view, hides its labels, and reveals them in rounds: chosen by "most useful first", and at random.
After each round a small network is trained from scratch and evaluated on val.`,
		Args: exactly(1, "a project"),
		RunE: func(c *cobra.Command, args []string) error {
			return s.reading(c.Context(), args[0], func(p *studio.Project) error {
				v, err := viewOf(c.Context(), p, view)
				if err != nil {
					return err
				}
				r.View = v.ID
				rounds, err := bench.Next(c.Context(), p, r, s.progress())
				if err != nil {
					return err
				}
				return s.print(rounds, func() { s.printNext(rounds) })
			})
		},
	}
	c.Flags().StringVar(&view, "view", "", "the classification")
	c.Flags().IntVar(&r.First, "first", 60, "labels at the beginning")
	c.Flags().IntVar(&r.Rounds, "rounds", 5, "number of rounds")
	c.Flags().IntVar(&r.PerRound, "per-round", 30, "labels added in each round")
	c.Flags().IntVar(&r.Seeds, "seeds", 3, "number of repetitions")
	c.Flags().IntVar(&r.Iterations, "iterations", 150, "of each training")
	c.Flags().StringVar(&r.Resizer, "resizer", "64x64", "size of the network's input")
	return s.facts(c)
}

func (s *session) printNext(rounds []bench.NextRound) {
	rows := [][]string{{"seed", "labels", "useful first", "random"}}
	useful, random, n := 0.0, 0.0, 0
	first := 0
	if len(rounds) > 0 {
		first = rounds[0].Labels
	}
	for _, r := range rounds {
		rows = append(rows, []string{fmt.Sprint(r.Seed), fmt.Sprint(r.Labels), words.Percent(r.Useful), words.Percent(r.Random)})
		if r.Labels > first { // before the first round both are the same
			useful, random, n = useful+r.Useful, random+r.Random, n+1
		}
	}
	if n > 0 {
		rows = append(rows, []string{"mean", "", words.Percent(useful / float64(n)), words.Percent(random / float64(n))})
	}
	s.table(rows)
}
