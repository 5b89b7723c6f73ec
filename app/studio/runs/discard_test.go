package runs_test

import (
	"context"
	"testing"

	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/studiotest"
)

// A version whose creating was cancelled is gone, whether its trainer has begun or not.
func TestDiscard(t *testing.T) {
	ctx := context.Background()
	p, v := studiotest.ColourProject(t, 8, 4)
	version := studiotest.Must(p.Train(ctx, runs.TrainRequest{View: v.ID, Options: studiotest.Tiny(5000)}))(t)
	waiting := studiotest.Must(p.Train(ctx, runs.TrainRequest{View: v.ID, Options: studiotest.Tiny(5)}))(t)
	for _, id := range []int64{waiting.ID, version.ID} {
		if err := p.Discard(ctx, id); err != nil {
			t.Fatal(err)
		}
	}
	if left := studiotest.Must(p.Versions(ctx, 0))(t); len(left) != 0 {
		t.Errorf("%d versions were left behind", len(left))
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := p.Train(cancelled, runs.TrainRequest{View: v.ID, Options: studiotest.Tiny(5)}); err == nil {
		t.Error("a cancelled creating succeeded")
	}
	if left := studiotest.Must(p.Versions(ctx, 0))(t); len(left) != 0 {
		t.Errorf("%d versions were left by a cancelled creating", len(left))
	}
}
