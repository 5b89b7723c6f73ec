package pictures

import "viewfinder/storage"

// Holds reports whether an image is decoded in memory.
func (p *Pictures) Holds(image int64) bool {
	_, ok := p.decoder.cache.Get(image)
	return ok
}

// ForgetThumbnails empties the memory of thumbnails.
func (p *Pictures) ForgetThumbnails() { p.thumbnails.cache.Clear() }

// ThumbnailFile is where an import's thumbnail lies.
func (p *Pictures) ThumbnailFile(d storage.Datapoint) string {
	return p.thumbnails.file(d, importThumbnail)
}
