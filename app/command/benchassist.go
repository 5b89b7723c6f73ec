//go:build measure

package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"viewfinder/app/bench"
	"viewfinder/app/studio"
	"viewfinder/storage/words"
)

// benchAssist is `viewfinder bench assist`, for those who work on the assistant: it is not among the commands that --help lists.
func (s *session) benchAssist() *cobra.Command {
	var view string
	r := bench.AssistRequest{}
	c := &cobra.Command{
		Use:    "assist PROJECT",
		Short:  "Measure how much of the annotating the assistant takes over",
		Hidden: true,
		Long: `Takes an annotated classification or tagging view, hides its annotations, and has a simulated hand make them again: it accepts right
suggestions and corrects wrong ones. Says how many images needed one key alone, in the beginning and after it, how many keys an image took,
and what accepting all from a confidence on would have brought at the end of the beginning.`,
		Args: exactly(1, "a project"),
		RunE: func(c *cobra.Command, args []string) error {
			return s.reading(c.Context(), args[0], func(p *studio.Project) error {
				v, err := viewOf(c.Context(), p, view)
				if err != nil {
					return err
				}
				r.View = v.ID
				list, err := bench.Assist(c.Context(), p, r, s.progress())
				if err != nil {
					return err
				}
				return s.print(list, func() { s.printAssist(list, r) })
			})
		},
	}
	c.Flags().StringVar(&view, "view", "", "the view")
	c.Flags().StringVar(&r.Order, "order", bench.AssistRandom, "gallery, random or useful")
	c.Flags().IntVar(&r.Every, "every", 5, "annotations between two heads")
	c.Flags().IntVar(&r.Seeds, "seeds", 3, "number of repetitions, in other orders")
	c.Flags().IntVar(&r.First, "first", 60, "images that count as the beginning")
	c.Flags().Float64Var(&r.Above, "above", 0.9, "the confidence from which on all would be accepted")
	return s.facts(c)
}

func (s *session) printAssist(list []bench.AssistRun, r bench.AssistRequest) {
	rows := [][]string{{"order", "seed", fmt.Sprintf("only Y, first %d", r.First), "only Y after", "keys an image", "without assistant", fmt.Sprintf("above %s", words.RoundPercent(r.Above)), "wrong", "estimated"}}
	var mean bench.AssistRun
	for _, a := range list {
		estimated := "unknown"
		if a.Estimated >= 0 {
			estimated = words.Percent(a.Estimated)
		}
		wrong := "none"
		if a.Above > 0 {
			wrong = words.Percent(float64(a.AboveWrong) / float64(a.Above))
		}
		rows = append(rows, []string{a.Order, fmt.Sprint(a.Seed), words.Percent(a.OnlyY), words.Percent(a.OnlyYAfter), fmt.Sprintf("%.2f", a.Actions), fmt.Sprintf("%.2f", a.ActionsAlone), fmt.Sprint(a.Above), wrong, estimated})
		n := float64(len(list))
		mean.OnlyY, mean.OnlyYAfter, mean.Actions, mean.ActionsAlone = mean.OnlyY+a.OnlyY/n, mean.OnlyYAfter+a.OnlyYAfter/n, mean.Actions+a.Actions/n, mean.ActionsAlone+a.ActionsAlone/n
	}
	rows = append(rows, []string{"mean", "", words.Percent(mean.OnlyY), words.Percent(mean.OnlyYAfter), fmt.Sprintf("%.2f", mean.Actions), fmt.Sprintf("%.2f", mean.ActionsAlone)})
	s.table(rows)
}
