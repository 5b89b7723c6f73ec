package predict

import (
	"reflect"
	"testing"

	"viewfinder/app/studio/runs"
	"viewfinder/storage/domain"
)

// What to annotate next is ordered for versions that become ready, once each, and not on battery.
func TestTheNextOrderWaitsForMains(t *testing.T) {
	ready := func(ids ...int64) (list []runs.Version) {
		for _, id := range ids {
			v := runs.Version{}
			v.ID, v.Status = id, domain.StatusReady
			list = append(list, v)
		}
		return list
	}
	var turns nextTurns
	for i, c := range []struct {
		versions []runs.Version
		battery  bool
		due      []runs.Version
		wait     bool
	}{
		{ready(1), false, nil, false}, // was ready before
		{ready(1, 2), true, nil, true},
		{ready(1, 2, 3), true, nil, true},
		{ready(1, 2, 3), false, ready(2, 3), false},
		{ready(1, 2, 3), true, nil, false},                          // nothing waits
		{append(ready(1, 2, 3), runs.Version{}), false, nil, false}, // not ready
	} {
		due, wait := turns.take(c.versions, func() bool { return c.battery })
		if !reflect.DeepEqual(due, c.due) || wait != c.wait {
			t.Errorf("step %d: %v, %v", i, due, wait)
		}
	}
}
