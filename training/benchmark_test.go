package training

import (
	"context"
	"testing"

	"viewfinder/storage/domain"
	"viewfinder/training/nn"
)

func TestBenchmarkData(t *testing.T) {
	if testing.Short() {
		t.Skip("decodes a hundred photos")
	}
	spec := nn.Spec{Architecture: "small_cnn", Task: domain.Classification, Classes: 3, Height: 32, Width: 32}
	b, err := BenchmarkData(context.Background(), spec, 4, 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	if b.DecodePerSecond <= 0 || b.BatchPerSecond <= 0 || b.BareStepMS <= 0 || b.Share <= 0 {
		t.Errorf("%+v", b)
	}
}
