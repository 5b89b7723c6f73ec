package views

import (
	"math/rand/v2"
	"testing"

	"viewfinder/storage/domain"
)

func randomCondition(r *rand.Rand, depth int) domain.Condition {
	if depth == 0 || r.IntN(3) == 0 {
		return domain.Condition{Op: "concept", Concept: 1 + r.Int64N(5)}
	}
	c := domain.Condition{Op: []string{"and", "or"}[r.IntN(2)]}
	for range 1 + r.IntN(3) {
		c.Of = append(c.Of, randomCondition(r, depth-1))
	}
	return c
}

// What the editor shows of a condition, and saves, means the same: tried on all sets of five concepts.
func TestConditionGroupsMeanTheSame(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	same := func(a, b *domain.Condition) bool {
		for set := range 32 {
			var ids []int64
			for i := range 5 {
				if set>>i&1 == 1 {
					ids = append(ids, int64(i+1))
				}
			}
			if a.Matches(ids) != b.Matches(ids) {
				return false
			}
		}
		return true
	}
	deep := 0
	for range 2000 {
		c := randomCondition(r, 4)
		g, ok := groupsOf(&c)
		if !ok {
			deep++
			continue
		}
		if len(g.groups) > maxConditionGroups {
			t.Fatalf("%d groups", len(g.groups))
		}
		if got := g.condition(); !same(&c, got) {
			t.Fatalf("%+v became %+v", c, got)
		}
	}
	if deep > 0 {
		t.Errorf("%d conditions of five concepts cannot be shown: there are at most ten least terms", deep)
	}
	if g, ok := groupsOf(nil); !ok || len(g.groups) != 1 || g.condition() != nil {
		t.Errorf("no condition: %+v", g)
	}
}

// One that would become too many groups is refused, soon.
func TestTooDeepACondition(t *testing.T) {
	c := domain.Condition{Op: "and"}
	for i := range int64(10) {
		c.Of = append(c.Of, domain.Condition{Op: "or", Of: []domain.Condition{
			{Op: "concept", Concept: 2*i + 1}, {Op: "and", Of: []domain.Condition{{Op: "concept", Concept: 2*i + 2}, {Op: "concept", Concept: 2*i + 3}}},
		}})
	}
	if _, ok := groupsOf(&c); ok {
		t.Error("1,024 groups can be shown")
	}
}
