package runs

import (
	"testing"

	"viewfinder/storage"
	"viewfinder/training"
)

// TestStatusNow: what a record and a run folder say together. A trainer that has the folder is never "queued", also before its first event: recorded as
// that, a version would wait for ever, and be started again after it was stopped.
func TestStatusNow(t *testing.T) {
	for _, c := range []struct {
		recorded, folder storage.Status
		alive            bool
		want             storage.Status
	}{
		{storage.StatusPreparing, storage.StatusQueued, true, storage.StatusPreparing},
		{storage.StatusQueued, storage.StatusQueued, true, storage.StatusPreparing},
		{storage.StatusQueued, storage.StatusTraining, true, storage.StatusTraining},
		{storage.StatusQueued, storage.StatusStopped, false, storage.StatusQueued},
		{storage.StatusStopped, storage.StatusQueued, false, storage.StatusStopped},
		{storage.StatusPreparing, storage.StatusStopped, false, storage.StatusStopped},
		{storage.StatusQueued, storage.StatusReady, false, storage.StatusReady},
	} {
		if got := statusNow(c.recorded, training.State{Status: c.folder, Alive: c.alive}); got != c.want {
			t.Errorf("recorded %s, folder %s, alive %t: %s, want %s", c.recorded, c.folder, c.alive, got, c.want)
		}
	}
}
