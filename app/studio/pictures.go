package studio

import (
	"context"
	"fmt"
	"image"
	"sync"

	"viewfinder/training/picture"
)

// picturesLimit bounds the decoded pictures kept in memory, in bytes: three of 50 megapixels, or hundreds of a phone's previews.
const picturesLimit = 640 << 20

// pictures decodes whole images and keeps the last ones: an annotator goes back and forth.
type pictures struct {
	project *Project
	cache   *lru[int64, *image.RGBA]
	jobs    *workers // for PictureAsync

	mu       sync.Mutex
	pending  map[int64]*decoding // what is being decoded
	wanted   []Image             // what Prefetch asked for and nobody began
	fetching bool
}

// decoding is one image on its way; whoever wants the same waits for it.
type decoding struct {
	done    chan struct{}
	picture *image.RGBA
	err     error
}

func newPictures(p *Project) *pictures {
	return &pictures{
		project: p,
		cache:   newLRU[int64, *image.RGBA](picturesLimit),
		jobs:    newWorkers(1),
		pending: map[int64]*decoding{},
	}
}

// Picture is an image decoded in full, upright (EXIF orientation applied) and opaque. The result is shared: do not change it. The
// last ones are kept, so that coming back to an image costs nothing.
func (p *Project) Picture(ctx context.Context, img Image) (*image.RGBA, error) {
	return p.pictures.get(ctx, img)
}

// PictureAsync returns the picture if it is in memory; otherwise nil, and f is called with it later, on a goroutine of the
// studio, unless ctx ends first.
func (p *Project) PictureAsync(ctx context.Context, img Image, f func(*image.RGBA, error)) *image.RGBA {
	if picture, ok := p.pictures.cache.get(img.ID); ok {
		return picture
	}
	p.pictures.jobs.add(ctx, func(ctx context.Context) {
		picture, err := p.pictures.get(ctx, img)
		if ctx.Err() == nil {
			f(picture, err)
		}
	})
	return nil
}

// Prefetch decodes these images in the background, the first first, so that Picture has them at once: the neighbours of the image
// that is shown. It replaces what was asked for before and not begun.
func (p *Project) Prefetch(images ...Image) {
	s := p.pictures
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wanted = append(s.wanted[:0:0], images...)
	if !s.fetching && len(s.wanted) > 0 {
		s.fetching = true
		p.Background(func(ctx context.Context) { s.fetch(ctx) })
	}
}

// DatapointPicture is what a datapoint shows: the image, or the part of it that its source region holds.
func (p *Project) DatapointPicture(ctx context.Context, d Datapoint) (*image.RGBA, error) {
	whole, err := p.Picture(ctx, d.Image)
	if err != nil || d.SourceBox == nil {
		return whole, err
	}
	b := d.SourceBox
	return picture.Crop(whole, b.XMin, b.YMin, b.XMax, b.YMax), nil
}

// fetch works through what Prefetch asked for.
func (s *pictures) fetch(ctx context.Context) {
	for {
		s.mu.Lock()
		if len(s.wanted) == 0 || ctx.Err() != nil {
			s.fetching = false
			s.mu.Unlock()
			return
		}
		next := s.wanted[0]
		s.wanted = s.wanted[1:]
		s.mu.Unlock()
		// A broken image says so when it is shown.
		_, _ = s.get(ctx, next)
	}
}

func (s *pictures) get(ctx context.Context, img Image) (*image.RGBA, error) {
	if picture, ok := s.cache.get(img.ID); ok {
		return picture, nil
	}
	s.mu.Lock()
	d, others := s.pending[img.ID]
	if !others {
		d = &decoding{done: make(chan struct{})}
		s.pending[img.ID] = d
	}
	s.mu.Unlock()
	if !others {
		d.picture, d.err = s.project.decode(img)
		if d.err == nil {
			s.cache.put(img.ID, d.picture, int64(len(d.picture.Pix)))
		}
		s.mu.Lock()
		delete(s.pending, img.ID)
		s.mu.Unlock()
		close(d.done)
	}
	select {
	case <-d.done:
		return d.picture, d.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// decode reads an image of the project from disk.
func (p *Project) decode(img Image) (*image.RGBA, error) {
	f, err := p.store.OpenImage(img)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", img.Name, err)
	}
	defer f.Close()
	decoded, _, err := picture.Decode(f, img.Name, picture.Limits{})
	return decoded, err
}
