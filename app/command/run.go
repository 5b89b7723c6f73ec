package command

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"viewfinder/app/studio/runs"
)

// run is `viewfinder run`, the trainer.
func (s *session) run() *cobra.Command {
	return &cobra.Command{
		Use:   "run RUN_FOLDER",
		Short: "The training process itself, on a run folder",
		Long: `Trains what the run folder's run.json describes, in this process, and writes everything into the folder. It resumes from the newest
checkpoint if there is one. Interrupting stops it and saves its state.`,
		Example: "  viewfinder run waste/runs/0c9e2f…",
		Args:    exactly(1, "a run folder"),
		RunE: func(c *cobra.Command, args []string) error {
			if !s.terminal { // nobody looks now: what it writes is the run's log.txt
				s.logFrom(slog.LevelInfo)
			}
			told := s.tellRun(c.Context(), args[0])
			err := runs.ExecuteRun(c.Context(), args[0])
			told()
			if errors.Is(err, runs.ErrStopped) || errors.Is(err, context.Canceled) {
				return fmt.Errorf("%w: the training was stopped, its state is saved", errInterrupted)
			}
			return err
		},
	}
}

// tellRun prints the run's events while it trains, if somebody is looking; the function it returns ends that.
func (s *session) tellRun(ctx context.Context, dir string) (end func()) {
	if !s.terminal {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	teller := newTeller(s.progress())
	go func() {
		defer close(done)
		_ = runs.FollowRun(ctx, dir, teller.tell) // ExecuteRun says how it ended
	}()
	return func() {
		cancel()
		<-done
	}
}
