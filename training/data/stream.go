package data

import (
	"context"
	"image"
	"sync"

	"viewfinder/storage/domain"
	"viewfinder/training/parallel"
	"viewfinder/training/picture"
)

// Len is the number of samples.
func (s *Set) Len() int { return len(s.Items) }

// Transform leads from sample i to the frame.
func (s *Set) Transform(i int) picture.Transform { return s.Transforms[i] }

// FillBatch writes samples from, from+1, … (count of them) to dst, normalised and not augmented.
func (s *Set) FillBatch(from, count int, dst []float32, fail func(i int, err error)) {
	n := s.Frame.bytes()
	buf := s.Buffer()
	for k := range count {
		p, err := s.pixels(from+k, buf)
		if err != nil {
			fail(from+k, err)
			continue
		}
		Normalise(dst[k*n:(k+1)*n], p)
	}
}

// Stream supplies samples that are decoded on demand and not kept.
type Stream struct {
	Frame      Frame
	Items      []Item
	transforms []picture.Transform
}

// NewStream makes one.
func NewStream(items []Item, f Frame) *Stream {
	return &Stream{Frame: f, Items: items, transforms: make([]picture.Transform, len(items))}
}

// Len is the number of samples.
func (s *Stream) Len() int { return len(s.Items) }

// Transform leads from sample i to the frame, once FillBatch was asked for it.
func (s *Stream) Transform(i int) picture.Transform { return s.transforms[i] }

// FillBatch writes samples from, from+1, … (count of them) to dst, normalised, decoding on all processors and each picture once.
func (s *Stream) FillBatch(from, count int, dst []float32, fail func(i int, err error)) {
	n := s.Frame.bytes()
	groups := byImage(s.Items[from : from+count])
	var mu sync.Mutex
	parallel.Each(len(groups), func(g int) {
		first := s.Items[from+groups[g][0]]
		buf := make([]byte, n)
		err := withImage(context.Background(), first.Image, first.SHA256, func(file *source) error {
			for _, k := range groups[g] {
				img, err := s.Frame.picture(file, s.Items[from+k].Crop)
				if err != nil {
					return err
				}
				s.transforms[from+k] = fill(dst[k*n:(k+1)*n], img, s.Items[from+k].Crop, s.Frame, buf)
			}
			return nil
		})
		if err == nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		for _, k := range groups[g] {
			fail(from+k, err)
		}
	})
}

// Pictures supplies pictures that are in memory already.
type Pictures struct {
	Frame      Frame
	Images     []*image.RGBA
	transforms []picture.Transform
}

// NewPictures makes one.
func NewPictures(images []*image.RGBA, f Frame) *Pictures {
	return &Pictures{Frame: f, Images: images, transforms: make([]picture.Transform, len(images))}
}

// Len is the number of pictures.
func (p *Pictures) Len() int { return len(p.Images) }

// Transform leads from picture i to the frame, once FillBatch was asked for it.
func (p *Pictures) Transform(i int) picture.Transform { return p.transforms[i] }

// FillBatch writes pictures from, from+1, … (count of them) to dst, normalised.
func (p *Pictures) FillBatch(from, count int, dst []float32, _ func(i int, err error)) {
	n := p.Frame.bytes()
	parallel.Each(count, func(k int) {
		p.transforms[from+k] = fill(dst[k*n:(k+1)*n], p.Images[from+k], nil, p.Frame, make([]byte, n))
	})
}

// fill writes the crop of the picture as the network's input.
func fill(dst []float32, img *image.RGBA, crop *domain.Box, f Frame, buf []byte) picture.Transform {
	fitted, t := Fit(img, crop, f)
	rgb(buf, fitted)
	Normalise(dst, buf)
	return t
}
