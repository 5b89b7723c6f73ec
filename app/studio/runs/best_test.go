package runs

import (
	"math"
	"testing"

	"viewfinder/storage"
)

// The best on val come first, the newer of equal ones before the older; those without a figure last.
func TestBestOnVal(t *testing.T) {
	var list []Version // the newest first, as the Library has them
	for _, v := range []storage.Version{
		{Name: "v6", HeadlineName: "accuracy", Headline: math.NaN()},
		{Name: "v5", HeadlineName: "accuracy", Headline: 0.7},
		{Name: "v4"},
		{Name: "v3", HeadlineName: "accuracy", Headline: 0.9},
		{Name: "v2", HeadlineName: "accuracy", Headline: 0.9},
		{Name: "v1", HeadlineName: "accuracy"},
	} {
		list = append(list, Version{Version: v})
	}
	BestOnVal(list)
	got := ""
	for _, v := range list {
		got += v.Name + " "
	}
	if got != "v3 v2 v5 v1 v6 v4 " {
		t.Error(got)
	}
}
