package command

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
)

// queueDoc is the queue in JSON.
type queueDoc struct {
	Paused   bool         `json:"paused"`
	Versions []versionDoc `json:"versions"` // that of a training that runs first
}

// queue is `viewfinder queue`.
func (s *session) queue() *cobra.Command {
	var pause, proceed bool
	var order []string
	c := &cobra.Command{
		Use:   "queue PROJECT",
		Short: "Show, reorder, pause or continue the training queue",
		Long: `Lists the version that is training and those that are queued. --pause stops the training, saving its state, and starts nothing more;
--continue resumes it and the queue. --order sets the order of the queue; versions that it does not name follow.`,
		Example: `  viewfinder queue waste
  viewfinder queue waste --order v5,v4
  viewfinder queue waste --pause`,
		Args: exactly(1, "a project"),
		RunE: func(c *cobra.Command, args []string) error {
			if pause && proceed {
				return wrongCall(c, "--pause and --continue exclude one another")
			}
			with := s.with
			if !pause && !proceed && len(order) == 0 {
				with = s.reading
			}
			ctx := c.Context()
			return with(ctx, args[0], func(p *studio.Project) error {
				var err error
				switch {
				case pause:
					err = p.PauseQueue(ctx)
				case proceed:
					err = p.ContinueQueue(ctx)
				case len(order) > 0:
					var ids []int64
					for _, name := range order {
						v, err := p.FindVersion(ctx, name)
						if err != nil {
							return err
						}
						ids = append(ids, v.ID)
					}
					err = p.OrderQueue(ctx, ids)
				default:
					err = p.Sync(ctx)
				}
				if err != nil {
					return err
				}
				return s.printQueue(c, p)
			})
		},
	}
	c.Flags().BoolVar(&pause, "pause", false, "stop the training, saving its state, and start nothing more")
	c.Flags().BoolVar(&proceed, "continue", false, "continue a paused queue")
	c.Flags().StringSliceVar(&order, "order", nil, "names or ids of the queued versions, in this order")
	return s.facts(c)
}

func (s *session) printQueue(c *cobra.Command, p *studio.Project) error {
	doc := queueDoc{Versions: []versionDoc{}}
	var err error
	if doc.Paused, err = p.QueuePaused(c.Context()); err != nil {
		return err
	}
	queue, err := p.Queue(c.Context())
	if err != nil {
		return err
	}
	names, err := viewNames(c.Context(), p)
	if err != nil {
		return err
	}
	for _, v := range queue {
		doc.Versions = append(doc.Versions, versionDocOf(p, v, names[v.ViewID]))
	}
	return s.print(doc, func() {
		if doc.Paused {
			s.printf("Paused: nothing is started until `viewfinder queue %s --continue`", c.Flags().Arg(0))
		}
		if len(doc.Versions) == 0 {
			s.printf("Nothing is training and nothing is queued")
		}
		for _, d := range doc.Versions {
			s.printf("%s of %s: %s", d.Name, d.View, d.state())
		}
	})
}

// threads is `viewfinder threads`.
func (s *session) threads() *cobra.Command {
	return s.facts(&cobra.Command{
		Use:   "threads PROJECT VERSION N",
		Short: "Set the number of processor cores a training uses (0: all)",
		Long: `Changes how many processor cores the training of a version uses, even while it runs. The resulting weights
are bit-identical with any number.`,
		Example: "  viewfinder threads waste v3 1",
		Args:    exactly(3, versionArgs+" and a number of cores"),
		RunE: func(c *cobra.Command, args []string) error {
			n, err := strconv.Atoi(args[2])
			if err != nil || n < 0 {
				return wrongCall(c, "%q is not a number of processor cores (0: all)", args[2])
			}
			report := func(name string) error {
				return s.done(nil, "%s uses %s", name, cores(n))
			}
			return s.withOrRun(c.Context(), args[0], args[1], func(dir string) error {
				state, err := runs.InspectRun(dir)
				if err == nil && state.Status == "ready" {
					err = errors.New(args[1] + " is ready: it is not training")
				}
				if err == nil {
					err = runs.SetRunThreads(dir, n)
				}
				if err != nil {
					return err
				}
				return report(args[1])
			}, func(p *studio.Project) error {
				v, err := p.FindVersion(c.Context(), args[1])
				if err != nil {
					return err
				}
				if err := p.SetThreads(c.Context(), v.ID, n); err != nil {
					return err
				}
				return report(v.Name)
			})
		},
	})
}

func cores(n int) string {
	switch n {
	case 0:
		return "all processor cores"
	case 1:
		return "one processor core"
	}
	return fmt.Sprintf("%d processor cores", n)
}

// use is `viewfinder use`.
func (s *session) use() *cobra.Command {
	return s.facts(&cobra.Command{
		Use:   "use PROJECT VERSION best|last",
		Short: "Choose between the weights of the best and the last iteration",
		Long: `A version uses the weights of the iteration whose headline figure was best on val, unless it was trained with --set keep=last.
This command changes that afterwards; both are kept, and the figures are computed again.`,
		Example: "  viewfinder use waste v3 last",
		Args:    exactly(3, versionArgs+" and best or last"),
		RunE: func(c *cobra.Command, args []string) error {
			if args[2] != "best" && args[2] != "last" {
				return wrongCall(c, "%q is neither best nor last", args[2])
			}
			return s.with(c.Context(), args[0], func(p *studio.Project) error {
				v, err := p.FindVersion(c.Context(), args[1])
				if err != nil {
					return err
				}
				if err := p.UseWeights(c.Context(), v.ID, args[2], s.progress()); err != nil {
					return err
				}
				return s.syncAndPrint(c, p, v.ID)
			})
		},
	})
}
