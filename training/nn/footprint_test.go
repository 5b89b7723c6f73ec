package nn

import (
	"fmt"
	"math"
	"testing"

	"viewfinder/storage/domain"
)

// The line through batches of one and two foretells what a trainer for 24 images takes.
func TestTrainingFootprint(t *testing.T) {
	for _, name := range []string{"small_cnn", "mobilenet_v2_050", "resnet18"} {
		for _, task := range []domain.Task{domain.Classification, domain.Detection} {
			t.Run(fmt.Sprintf("%s/%s", name, task), func(t *testing.T) {
				spec := Spec{Architecture: name, Task: task, Classes: 6, Height: 96, Width: 128}
				o := TrainerOptions{Momentum: 0.9}
				f, err := TrainingFootprint(spec, o)
				if err != nil {
					t.Fatal(err)
				}
				n, err := New(spec, 0)
				if err != nil {
					t.Fatal(err)
				}
				o.Batch, o.Threads = 24, 1
				trainer, err := n.Trainer(o)
				if err != nil {
					t.Fatal(err)
				}
				defer trainer.Close()
				actual := float64(trainer.Memory())
				for _, v := range n.State() {
					actual += 4 * float64(len(v.Data))
				}
				if off := math.Abs(float64(f.Bytes(24))/actual - 1); off > 0.1 {
					t.Errorf("%d bytes foretold, %.0f taken: %.0f%% off", f.Bytes(24), actual, 100*off)
				}
			})
		}
	}
	if _, err := TrainingFootprint(Spec{Architecture: "none"}, TrainerOptions{}); err == nil {
		t.Error("an unknown network has a footprint")
	}
}
