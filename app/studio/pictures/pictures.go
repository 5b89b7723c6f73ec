// Package pictures shows the images of a project, and image files: decoded in full, as thumbnails, and which of them are near-duplicates.
package pictures

import (
	"context"
	"fmt"
	"image"
	"sync"

	"viewfinder/app/studio/lru"
	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/training/picture"
)

// picturesLimit bounds the decoded pictures kept in memory, in bytes: three of 50 megapixels, or hundreds of a phone's previews.
const picturesLimit = 640 << 20

// Pictures supplies the images of a project decoded, as thumbnails, and as groups of near-duplicates.
type Pictures struct {
	store      *storage.Project
	session    *session.Session
	decoder    *decoder
	thumbnails *thumbnails
}

// New shows the images of the project of a session.
func New(s *session.Session, store *storage.Project) *Pictures {
	p := &Pictures{store: store, session: s}
	p.decoder = newDecoder(p)
	p.thumbnails = newThumbnails(p)
	s.BeforeClose(p.decoder.jobs.close)
	s.BeforeClose(p.thumbnails.jobs.close)
	return p
}

// decoder decodes whole images and keeps the last ones: an annotator goes back and forth.
type decoder struct {
	pictures *Pictures
	cache    *lru.Cache[int64, *image.RGBA]
	jobs     *workers // for DecodedImageAsync

	mu       sync.Mutex
	pending  map[int64]*decoding // what is being decoded
	wanted   []storage.Image     // what Prefetch asked for and nobody began
	fetching bool
}

// decoding is one image on its way; whoever wants the same waits for it.
type decoding struct {
	done    chan struct{}
	picture *image.RGBA
	err     error
}

func newDecoder(p *Pictures) *decoder {
	return &decoder{
		pictures: p,
		cache:    lru.New[int64, *image.RGBA](picturesLimit),
		jobs:     newWorkers(1),
		pending:  map[int64]*decoding{},
	}
}

// DecodedImage is an image decoded in full, upright (EXIF orientation applied) and opaque. The result is shared: do not change it. The
// last ones are kept, so that coming back to an image costs nothing.
func (p *Pictures) DecodedImage(ctx context.Context, img storage.Image) (*image.RGBA, error) {
	return p.decoder.get(ctx, img)
}

// DecodedImageAsync returns the picture if it is in memory; otherwise nil, and f is called with it later, on a goroutine of the
// studio, unless ctx ends first.
func (p *Pictures) DecodedImageAsync(ctx context.Context, img storage.Image, f func(*image.RGBA, error)) *image.RGBA {
	if picture, ok := p.decoder.cache.Get(img.ID); ok {
		return picture
	}
	p.decoder.jobs.add(ctx, func(ctx context.Context) {
		picture, err := p.decoder.get(ctx, img)
		if ctx.Err() == nil {
			f(picture, err)
		}
	})
	return nil
}

// Prefetch decodes these images in the background, the first first, so that Picture has them at once: the neighbours of the image
// that is shown. It replaces what was asked for before and not begun.
func (p *Pictures) Prefetch(images ...storage.Image) {
	s := p.decoder
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wanted = append(s.wanted[:0:0], images...)
	if !s.fetching && len(s.wanted) > 0 {
		s.fetching = true
		p.session.Background(func(ctx context.Context) { s.fetch(ctx) })
	}
}

// DatapointImage is what a datapoint shows: the image, or the part of it that its source region holds.
func (p *Pictures) DatapointImage(ctx context.Context, d storage.Datapoint) (*image.RGBA, error) {
	whole, err := p.DecodedImage(ctx, d.Image)
	if err != nil || d.SourceBox == nil {
		return whole, err
	}
	b := d.SourceBox
	return picture.Crop(whole, b.XMin, b.YMin, b.XMax, b.YMax), nil
}

// fetch works through what Prefetch asked for.
func (s *decoder) fetch(ctx context.Context) {
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
		// A broken image shows its error when it is opened.
		_, _ = s.get(ctx, next)
	}
}

func (s *decoder) get(ctx context.Context, img storage.Image) (*image.RGBA, error) {
	if picture, ok := s.cache.Get(img.ID); ok {
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
		d.picture, d.err = s.pictures.Decode(img)
		if d.err == nil {
			s.cache.Put(img.ID, d.picture, int64(len(d.picture.Pix)))
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

// Decode reads an image of the project from disk.
func (p *Pictures) Decode(img storage.Image) (*image.RGBA, error) {
	f, err := p.store.OpenImage(img)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", img.Name, err)
	}
	defer f.Close()
	decoded, _, err := picture.Decode(f, img.Name, picture.Limits{})
	return decoded, err
}
