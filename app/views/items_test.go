package views

import (
	"slices"
	"testing"
	"time"

	"viewfinder/app/studio"
)

// TestImagesOf: each image once, in its order; a selection of all boxes of a large project does not hold up the window.
func TestImagesOf(t *testing.T) {
	point := func(image int64) studio.Datapoint { return studio.Datapoint{Image: studio.Image{ID: image}} }
	if got := imagesOf([]studio.Datapoint{point(7), point(3), point(7), point(9), point(3)}); !slices.Equal(got, []int64{7, 3, 9}) {
		t.Errorf("images %v", got)
	}
	if got := imagesOf(nil); len(got) != 0 {
		t.Errorf("no datapoints have the images %v", got)
	}
	list := make([]studio.Datapoint, 300_000)
	for i := range list {
		list[i] = point(int64(i))
	}
	begun := time.Now()
	if got := len(imagesOf(list)); got != len(list) {
		t.Errorf("%d images", got)
	}
	if took := time.Since(begun); took > 5*time.Second { // 0.05 s; a search of the list for each takes minutes
		t.Errorf("%d datapoints took %v", len(list), took)
	}
}
