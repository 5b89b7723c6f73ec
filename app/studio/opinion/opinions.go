// Package opinion predicts concepts from the colours and textures of images alone: a second opinion beside a network's.
package opinion

import "viewfinder/app/studio/lru"

// Opinions describes images by colours and textures, and learns concepts from these descriptions alone.
type Opinions struct {
	// descriptions are the descriptors of images (see Describe), by path and crop.
	descriptions *lru.Cache[string, []float32]
}

// New knows no image yet.
func New() *Opinions {
	return &Opinions{descriptions: lru.New[string, []float32](descriptionsLimit)}
}
