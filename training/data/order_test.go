package data

import (
	"reflect"
	"sort"
	"testing"

	"viewfinder/storage/domain"
)

func sequence(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = 10 * i
	}
	return s
}

func TestEverySampleOnceAnEpoch(t *testing.T) {
	samples := sequence(7)
	o := NewOrder(3, samples)
	var first []int
	for epoch := range 4 {
		var got []int
		for k := range 7 {
			got = append(got, o.At(uint64(7*epoch+k)))
		}
		if epoch == 0 {
			first = append(first, got...)
		} else if reflect.DeepEqual(first, got) {
			t.Errorf("epoch %d has the order of the first", epoch)
		}
		sort.Ints(got)
		if !reflect.DeepEqual(got, samples) {
			t.Errorf("epoch %d: %v", epoch, got)
		}
	}
}

func TestOrderIsAFunctionOfThePosition(t *testing.T) {
	for name, make := range map[string]func() *Order{
		"plain":    func() *Order { return NewOrder(5, sequence(11)) },
		"balanced": func() *Order { return NewBalancedOrder(5, [][]int{{1, 2, 3, 4, 5}, {6}, nil, {7, 8}}) },
	} {
		a := make()
		var forward []int
		for p := range uint64(100) {
			forward = append(forward, a.At(p))
		}
		b := make()
		for p := 99; p >= 0; p-- {
			if got := b.At(uint64(p)); got != forward[p] {
				t.Fatalf("%s: position %d is %d asked for from behind, %d from the front", name, p, got, forward[p])
			}
		}
	}
}

func TestBalancedOrderShowsGroupsEquallyOften(t *testing.T) {
	o := NewBalancedOrder(1, [][]int{{0, 1, 2, 3, 4, 5, 6, 7}, {100}, {}, {200, 201}})
	counts := map[int]int{}
	single := map[int]int{}
	for p := range uint64(240) {
		s := o.At(p)
		counts[s/100]++
		single[s]++
	}
	if counts[0] != 80 || counts[1] != 80 || counts[2] != 80 {
		t.Errorf("groups were shown %v times", counts)
	}
	if single[0] != 10 || single[7] != 10 || single[200] != 40 {
		t.Errorf("samples were shown %v times", single)
	}
}

func TestSeedsDiffer(t *testing.T) {
	a, b := NewOrder(1, sequence(50)), NewOrder(2, sequence(50))
	same := 0
	for p := range uint64(50) {
		if a.At(p) == b.At(p) {
			same++
		}
	}
	if same > 10 {
		t.Errorf("%d of 50 positions are the same with another seed", same)
	}
}

func TestGroups(t *testing.T) {
	items := []Item{{Labels: []int{0}}, {Labels: []int{0, 2}}, {}, {Boxes: []domain.Box32{{Class: 1}, {Class: 1}}}}
	want := [][]int{{0, 1}, {3}, {1}, {2}}
	if got := Groups(items, []int{0, 1, 2, 3}, 3); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
