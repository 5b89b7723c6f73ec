//go:build measure

package app

import (
	"strings"
	"testing"
	"time"

	"viewfinder/app/bench"
)

// ms are durations of so many milliseconds.
func ms(all ...int) (list []time.Duration) {
	for _, n := range all {
		list = append(list, time.Duration(n)*time.Millisecond)
	}
	return list
}

// Slow frames are counted as a share of all, over every round; of no frames there is none.
func TestFrames(t *testing.T) {
	f := &frames{gaps: ms(16, 16, 34, 33), work: ms(4, 5, 6, 7)}
	f.join(&frames{gaps: ms(16, 16, 16, 60), work: ms(1, 2, 3, 30)})
	row := f.row("scrolling")
	if row.What != "scrolling: frames over 33 ms" || row.Unit != "%" || row.Median != 25 || row.High != 12.5 {
		t.Errorf("%+v", row)
	}
	for _, want := range []string{"8 frames", "median 16.0 ms", "longest 60 ms", "longest 30 ms"} {
		if !strings.Contains(row.Note, want) {
			t.Errorf("%q is not in %q", want, row.Note)
		}
	}
	if row := (&frames{}).row("nothing"); row.Median != 0 || row.High != 0 || strings.Contains(row.Note, "at work") {
		t.Errorf("%+v", row)
	}
}

// The percentile is one of the times; of none it is 0.
func TestPercentile(t *testing.T) {
	times := ms(5, 1, 4, 2, 3)
	for percent, want := range map[int]float64{0: 1, 50: 3, 99: 5, 100: 5} {
		if got := percentile(times, percent); got != want {
			t.Errorf("%d %%: %v, %v wanted", percent, got, want)
		}
	}
	if percentile(nil, 50) != 0 {
		t.Error("of no times there is one")
	}
}

// What is measured again takes the place of what was measured before.
func TestAddRow(t *testing.T) {
	m := &measuring{frames: map[string]*frames{}}
	m.when = ", alone"
	m.addFrames("zooming", &frames{gaps: ms(16)})
	m.addFrames("zooming", &frames{gaps: ms(40)})
	m.add(bench.Row{What: "memory", Median: 1})
	m.add(bench.Row{What: "memory", Median: 2})
	if len(m.rows) != 2 || m.rows[0].What != "zooming, alone: frames over 33 ms" || m.rows[0].Median != 50 || m.rows[1].Median != 2 {
		t.Errorf("%+v", m.rows)
	}
}
