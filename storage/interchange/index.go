package interchange

import (
	"path"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// index is what lies below a source's root: one walk, at most maxFiles files
// and maxDepth deep.
type index struct {
	files  []string          // in order of names
	dirs   []string          // the upper first
	folded map[string]string // a path in lower case to the path; "" where there are several
	stems  map[string][]string
}

// fold makes names equal that differ in the case of their letters, or in how
// accents are written (macOS).
func fold(s string) string { return strings.ToLower(norm.NFC.String(s)) }

// indexed walks the tree on its first call.
func (t *sourceTree) indexed() *index {
	if t.index != nil {
		return t.index
	}
	x := &index{folded: map[string]string{}, stems: map[string][]string{}}
	t.index = x
	x.walk(t, "", 0)
	return x
}

func (x *index) walk(t *sourceTree, dir string, depth int) {
	entries, err := list(t.root, dir)
	if err != nil || depth > maxDepth {
		return
	}
	for _, e := range entries {
		if e.err != nil || len(x.files) >= maxFiles {
			continue
		}
		p := path.Join(dir, e.name)
		key := fold(p)
		if _, twice := x.folded[key]; twice {
			p2 := x.folded[key]
			if p2 != p {
				x.folded[key] = ""
			}
		} else {
			x.folded[key] = p
		}
		if e.dir {
			x.dirs = append(x.dirs, p)
			x.walk(t, p, depth+1)
			continue
		}
		x.files = append(x.files, p)
		if isImageName(e.name) {
			stem := fold(strings.TrimSuffix(e.name, path.Ext(e.name)))
			x.stems[stem] = append(x.stems[stem], p)
		}
	}
}
