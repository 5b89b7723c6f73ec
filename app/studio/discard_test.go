package studio

import (
	"context"
	"testing"
)

// A version whose creating was cancelled is gone, whether its trainer has begun or not.
func TestDiscard(t *testing.T) {
	ctx := context.Background()
	p, v := colourProject(t, 8, 4)
	version := must(p.Train(ctx, TrainRequest{View: v.ID, Options: tiny(5000)}))(t)
	waiting := must(p.Train(ctx, TrainRequest{View: v.ID, Options: tiny(5)}))(t)
	for _, id := range []int64{waiting.ID, version.ID} {
		if err := p.Discard(ctx, id); err != nil {
			t.Fatal(err)
		}
	}
	if left := must(p.Versions(ctx, 0))(t); len(left) != 0 {
		t.Errorf("%d versions were left behind", len(left))
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := p.Train(cancelled, TrainRequest{View: v.ID, Options: tiny(5)}); err == nil {
		t.Error("a cancelled creating succeeded")
	}
	if left := must(p.Versions(ctx, 0))(t); len(left) != 0 {
		t.Errorf("%d versions were left by a cancelled creating", len(left))
	}
}
