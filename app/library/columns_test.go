package library

import (
	"testing"
	"time"

	"viewfinder/app/studio/runs"
	"viewfinder/storage"
)

// TestOrder: the newest version stands first until a person chooses another order; figures begin with the best, names with the first.
func TestOrder(t *testing.T) {
	h := newTableHead(func() {})
	old := runs.Version{Version: storage.Version{Name: "b", Images: 900, HeadlineName: "accuracy", Headline: 0.5, CreatedAt: time.Unix(100, 0)}}
	fresh := runs.Version{Version: storage.Version{Name: "a", Images: 20, HeadlineName: "accuracy", Headline: 0.9, CreatedAt: time.Unix(200, 0)}}
	if less := h.less(); !less(fresh, old) || less(old, fresh) {
		t.Error("the newest is not the first")
	}
	for i, c := range tableColumns {
		if c.less == nil {
			continue
		}
		h.by, h.down = -1, false
		h.sort(i)
		less := h.less()
		switch c.title {
		case "Performance on val", "Date", "Version":
			if !less(fresh, old) {
				t.Errorf("by %s: the other way round", c.title)
			}
		case "Images":
			if !less(fresh, old) {
				t.Error("by Images: it does not begin with the fewest")
			}
		}
	}
}
