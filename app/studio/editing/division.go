package editing

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"viewfinder/storage"
)

// division divides groups of images between train and val so that each label has its share in val, as far as groups allow: iterative
// stratification (Sechidis, Tsoumakas, Vlahavas: On the Stratification of Multi-Label Data, 2011), with groups in the place of examples. The rarest label is dealt
// out first, its largest groups first, each to the side that lacks most of it.
type division struct {
	groups  []*divided
	groupOf []int // of each image
	labels  []int64
	share   float64
}

// divided is a group.
type divided struct {
	name   string
	images []int         // places in the list
	counts map[int64]int // images by label
	draw   uint64        // order among equals, by the group's name
	placed bool
	val    bool
}

// labelsOf are the labels that an image counts for.
func labelsOf(one storage.Placement, view int64) []int64 {
	switch {
	case view == 0:
		return nil
	case !one.Annotated:
		return []int64{labelNotAnnotated}
	case len(one.Concepts) == 0:
		return []int64{labelWithout}
	}
	return one.Concepts
}

func newDivision(all []storage.Placement, name func(storage.Placement) string, r SplitRule) *division {
	d := &division{groupOf: make([]int, len(all)), share: r.Val}
	index := map[string]int{}
	seen := map[int64]bool{}
	for i, one := range all {
		key := name(one)
		at, there := index[key]
		if !there {
			at = len(d.groups)
			index[key] = at
			sum := sha256.Sum256([]byte(key))
			shown := key
			if r.Groups == "" {
				shown = one.Name
			}
			d.groups = append(d.groups, &divided{name: shown, counts: map[int64]int{}, draw: binary.LittleEndian.Uint64(sum[:])})
		}
		g := d.groups[at]
		d.groupOf[i] = at
		g.images = append(g.images, i)
		g.counts[labelAll]++
		if r.Stratify {
			for _, label := range labelsOf(one, r.View) {
				g.counts[label]++
				if !seen[label] {
					seen[label] = true
					d.labels = append(d.labels, label)
				}
			}
		}
	}
	return d
}

// run places every group.
func (d *division) run() {
	total := map[int64]int{}
	for _, g := range d.groups {
		for label, n := range g.counts {
			total[label] += n
		}
	}
	// How many more images of a label each side should get.
	lack := map[bool]map[int64]float64{true: {}, false: {}}
	for label, n := range total {
		lack[true][label], lack[false][label] = d.share*float64(n), (1-d.share)*float64(n)
	}
	// The rarest first; "all" comes last and deals out what carries no label.
	slices.SortFunc(d.labels, func(a, b int64) int { return cmp.Or(cmp.Compare(total[a], total[b]), cmp.Compare(a, b)) })
	for _, label := range append(d.labels, labelAll) {
		var carry []*divided
		for _, g := range d.groups {
			if !g.placed && g.counts[label] > 0 {
				carry = append(carry, g)
			}
		}
		slices.SortFunc(carry, func(a, b *divided) int {
			return cmp.Or(cmp.Compare(b.counts[label], a.counts[label]), cmp.Compare(a.draw, b.draw), cmp.Compare(a.name, b.name))
		})
		for _, g := range carry {
			g.placed = true
			g.val = d.better(g, label, lack)
			for l, n := range g.counts {
				lack[g.val][l] -= float64(n)
			}
		}
	}
	d.leaveSome()
}

// better reports whether a group should go to val: to the side whose lack of the label it fills better, in its share of the side.
func (d *division) better(g *divided, label int64, lack map[bool]map[int64]float64) bool {
	// What is missing on each side once the group is there, relative to the side's size: the squares of both, so that a large group goes where it
	// does less harm.
	miss := func(val bool, l int64, n float64) float64 {
		inVal, inTrain := lack[true][l], lack[false][l]
		if val {
			inVal -= n
		} else {
			inTrain -= n
		}
		return inVal*inVal/d.share + inTrain*inTrain/(1-d.share)
	}
	for _, l := range []int64{label, labelAll} {
		n := float64(g.counts[l])
		toVal, toTrain := miss(true, l, n), miss(false, l, n)
		if toVal != toTrain {
			return toVal < toTrain
		}
	}
	return false
}

// leaveSome gives val its smallest group where it would get none, and train where it would get none: a split without images measures nothing.
func (d *division) leaveSome() {
	if len(d.groups) < 2 {
		return
	}
	for _, val := range []bool{true, false} {
		if slices.ContainsFunc(d.groups, func(g *divided) bool { return g.val == val }) {
			continue
		}
		smallest := slices.MinFunc(d.groups, func(a, b *divided) int {
			return cmp.Or(cmp.Compare(len(a.images), len(b.images)), cmp.Compare(a.draw, b.draw))
		})
		smallest.val = val
	}
}
