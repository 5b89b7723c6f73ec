package editing

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"viewfinder/storage"
	"viewfinder/storage/domain"
)

// division divides groups of images between the splits so that each label has its share in each, as far as groups allow: iterative
// stratification (Sechidis, Tsoumakas, Vlahavas: On the Stratification of Multi-Label Data, 2011), with groups in the place of examples. The rarest label is dealt
// out first, its largest groups first, each to the split that lacks most of it.
type division struct {
	groups  []*divided
	groupOf []int // of each image
	labels  []int64
	share   map[domain.Split]float64 // of the splits that get any
}

// divided is a group.
type divided struct {
	name   string
	images []int         // places in the list
	counts map[int64]int // images by label
	draw   uint64        // order among equals, by the group's name
	placed bool
	fixed  bool // it has images of the test split, and stays there
	split  domain.Split
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
	d := &division{groupOf: make([]int, len(all)), share: map[domain.Split]float64{domain.SplitTrain: 1 - r.Val - r.Test, domain.SplitVal: r.Val}}
	if r.Test > 0 {
		d.share[domain.SplitTest] = r.Test
	}
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
		if one.Split == domain.SplitTest {
			g.fixed, g.placed, g.split = true, true, domain.SplitTest
		}
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

// run places every group. Groups of the test split stay there: what was kept from training does not become part of it. They count for the test
// split's share, if it has one; else they are left aside.
func (d *division) run() {
	total := map[int64]int{}
	for _, g := range d.groups {
		if g.fixed && d.share[domain.SplitTest] == 0 {
			continue
		}
		for label, n := range g.counts {
			total[label] += n
		}
	}
	// How many more images of a label each split should get.
	lack := map[domain.Split]map[int64]float64{}
	for split, share := range d.share {
		lack[split] = map[int64]float64{}
		for label, n := range total {
			lack[split][label] = share * float64(n)
		}
	}
	take := func(g *divided) {
		for label, n := range g.counts {
			if side := lack[g.split]; side != nil {
				side[label] -= float64(n)
			}
		}
	}
	for _, g := range d.groups {
		if g.fixed {
			take(g)
		}
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
			g.split = d.best(g, label, lack)
			take(g)
		}
	}
	d.leaveSome()
}

// best is the split that a group should go to: where it leaves least missing of the label, or else of all images. Among equals the first in their
// order.
func (d *division) best(g *divided, label int64, lack map[domain.Split]map[int64]float64) domain.Split {
	// What is missing in every split once the group is in one, relative to the split's size: the squares of all, so that a large group goes where
	// it does less harm.
	miss := func(to domain.Split, l int64) float64 {
		sum := 0.0
		for _, split := range domain.Splits() {
			if share := d.share[split]; share > 0 {
				left := lack[split][l]
				if split == to {
					left -= float64(g.counts[l])
				}
				sum += left * left / share
			}
		}
		return sum
	}
	best := domain.SplitTrain
	for _, split := range domain.Splits()[1:] {
		if d.share[split] == 0 {
			continue
		}
		for _, l := range []int64{label, labelAll} {
			if now, so := miss(split, l), miss(best, l); now != so {
				if now < so {
					best = split
				}
				break
			}
		}
	}
	return best
}

// leaveSome gives each split that should have a share and got no group the smallest one of the split that has most: a split without images measures
// nothing.
func (d *division) leaveSome() {
	for _, split := range domain.Splits() {
		if d.share[split] == 0 || slices.ContainsFunc(d.groups, func(g *divided) bool { return g.split == split }) {
			continue
		}
		in := map[domain.Split][]*divided{}
		for _, g := range d.groups {
			if !g.fixed {
				in[g.split] = append(in[g.split], g)
			}
		}
		from := domain.Splits()[0]
		for _, other := range domain.Splits() {
			if len(in[other]) > len(in[from]) {
				from = other
			}
		}
		if len(in[from]) < 2 {
			continue
		}
		slices.MinFunc(in[from], func(a, b *divided) int {
			return cmp.Or(cmp.Compare(len(a.images), len(b.images)), cmp.Compare(a.draw, b.draw))
		}).split = split
	}
}
