package editing

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
)

// TestDivision: each concept gets its share, groups stay whole, and it comes out the same each time.
func TestDivision(t *testing.T) {
	var all []storage.Placement
	for i := range 1000 {
		one := storage.Placement{Image: int64(i + 1), Name: fmt.Sprintf("film %d/%04d.jpg", i/10, i), SHA256: fmt.Sprintf("%064x", i*7919), Annotated: i%10 < 8}
		if one.Annotated {
			one.Concepts = []int64{1}
			if i%100 == 0 {
				one.Concepts = []int64{2}
			}
			if i%4 == 0 {
				one.Concepts = append(one.Concepts, 3)
			}
		}
		all = append(all, one)
	}
	for _, groups := range []string{"", GroupDigits, `^film \d+`} {
		t.Run(groups, func(t *testing.T) {
			r := SplitRule{View: 1, Val: 0.2, Stratify: true, Groups: groups}
			name, err := groupNamer(groups)
			if err != nil {
				t.Fatal(err)
			}
			d := newDivision(all, name, r)
			d.run()
			val, total := map[int64]float64{}, map[int64]float64{}
			for i, one := range all {
				for _, label := range append([]int64{0}, labelsOf(one, 1)...) {
					total[label]++
					if d.groups[d.groupOf[i]].split == domain.SplitVal {
						val[label]++
					}
				}
			}
			allowed := 0.011
			want := 1000
			if groups != "" {
				want, allowed = 100, 0.11 // ten films in a hundred carry concept 2
			}
			if len(d.groups) != want {
				t.Fatalf("%d groups, want %d", len(d.groups), want)
			}
			for label, n := range total {
				if share := val[label] / n; math.Abs(share-0.2) > max(allowed, 1/n) {
					t.Errorf("label %d: %.3f of %.0f are in val", label, share, n)
				}
			}
			again := newDivision(all, name, r)
			again.run()
			for i := range d.groups {
				if d.groups[i].split != again.groups[i].split {
					t.Fatal("another time it came out differently")
				}
			}
		})
	}
}

func TestGroupNames(t *testing.T) {
	for name, want := range map[string]string{
		"a/frame_0012.jpg": "a/frame_#", "frame12b.png": "frame#b", "2024-05-06 13.jpg": "2024-05-06 #", "cat.jpg": "cat", "7.jpg": "#", ".jpg": ".jpg", "瓶12.png": "瓶#",
	} {
		if got := withoutLastNumber(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if _, err := groupNamer("(a"); session.AsRule(err) == nil || !strings.Contains(err.Error(), "regular expression") {
		t.Error(err)
	}
}
