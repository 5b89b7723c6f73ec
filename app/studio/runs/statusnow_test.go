package runs

import (
	"testing"

	"viewfinder/storage/domain"
	"viewfinder/training"
)

// TestStatusNow: what a record and a run folder say together. A trainer that has the folder is never "queued", also before its first event: recorded as
// that, a version would wait for ever, and be started again after it was stopped.
func TestStatusNow(t *testing.T) {
	for _, c := range []struct {
		recorded, folder domain.Status
		alive            bool
		want             domain.Status
	}{
		{domain.StatusPreparing, domain.StatusQueued, true, domain.StatusPreparing},
		{domain.StatusQueued, domain.StatusQueued, true, domain.StatusPreparing},
		{domain.StatusQueued, domain.StatusTraining, true, domain.StatusTraining},
		{domain.StatusQueued, domain.StatusStopped, false, domain.StatusQueued},
		{domain.StatusStopped, domain.StatusQueued, false, domain.StatusStopped},
		{domain.StatusPreparing, domain.StatusStopped, false, domain.StatusStopped},
		{domain.StatusQueued, domain.StatusReady, false, domain.StatusReady},
	} {
		if got := statusNow(c.recorded, training.State{Status: c.folder, Alive: c.alive}); got != c.want {
			t.Errorf("recorded %s, folder %s, alive %t: %s, want %s", c.recorded, c.folder, c.alive, got, c.want)
		}
	}
}
