package domain

import (
	"math"
	"strconv"
	"testing"
)

// Every threshold that a person can write with two digits is reached by the score that is exactly that, whether the score was kept in float32 or
// in float64, and not by the float32 below it.
func TestReaches(t *testing.T) {
	for percent := range 101 {
		threshold, err := strconv.ParseFloat("0."+strconv.Itoa(100 + percent)[1:], 64)
		if percent == 100 {
			threshold = 1
		}
		if err != nil {
			t.Fatal(err)
		}
		exact := float32(threshold)
		below := math.Nextafter32(exact, -1)
		if !Reaches(float64(exact), threshold) || !Reaches(threshold, threshold) {
			t.Errorf("a score of exactly %v does not reach its threshold", threshold)
		}
		if Reaches(float64(below), threshold) {
			t.Errorf("%v reaches %v", below, threshold)
		}
	}
	if Reaches(math.NaN(), 0) || Reaches(1, math.NaN()) {
		t.Error("NaN reaches something")
	}
	if Reaches(0.49, 0.5) || !Reaches(0, 0) || !Reaches(1, 1) || Reaches(0.999, 1) {
		t.Error("not a comparison of score and threshold")
	}
}
