package interchange

import (
	"fmt"
	"strings"
)

// ownerOf finds the view whose concepts the conditions of a view without a
// parent name; -1 where there are none.
func (p *studioParser) ownerOf(conditions [][]studioNaming) int {
	for _, and := range conditions {
		for _, c := range and {
			for i, v := range p.views {
				if v.has(c.Name) && (c.View == "" || c.View == v.Name || c.View == v.Path) {
					return i
				}
			}
		}
	}
	return -1
}

func (v View) has(concept string) bool {
	for _, c := range v.Concepts {
		if c.Name == concept {
			return true
		}
	}
	return false
}

// conditions turns lists, OR, of lists, AND, into a tree.
func (p *studioParser) conditions(lists [][]studioNaming, parent int) (*Condition, error) {
	var or Condition
	or.Op = "or"
	for _, list := range lists {
		and := Condition{Op: "and"}
		for _, c := range list {
			if parent < 0 || !p.views[parent].has(strings.TrimSpace(c.Name)) {
				return nil, fmt.Errorf("its condition names the concept %q, which its parent does not have", c.Name)
			}
			and.Of = append(and.Of, Condition{Op: "concept", Concept: strings.TrimSpace(c.Name)})
		}
		switch len(and.Of) {
		case 0:
		case 1:
			or.Of = append(or.Of, and.Of[0])
		default:
			or.Of = append(or.Of, and)
		}
	}
	switch len(or.Of) {
	case 0:
		return nil, nil
	case 1:
		return &or.Of[0], nil
	}
	return &or, nil
}
