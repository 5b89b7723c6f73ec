// Package opinion says what images look like by colours and textures, and what can be told from that alone: a second opinion beside a network's.
package opinion

import "viewfinder/app/studio/lru"

// Opinions says what images look like by colours and textures, and what can be learnt from that alone.
type Opinions struct {
	// descriptions are what images look like in numbers (see Describe), by path and crop.
	descriptions *lru.Cache[string, []float32]
}

// New knows no image yet.
func New() *Opinions {
	return &Opinions{descriptions: lru.New[string, []float32](descriptionsLimit)}
}
