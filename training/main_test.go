package training

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"testing"
)

// TestMain lets the test binary be the trainer that Launch starts: `<binary> run DIR`.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "run" {
		slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, nil)))
		if err := Execute(context.Background(), os.Args[2]); err != nil && !errors.Is(err, ErrStopped) {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}
