package data

import (
	"bytes"
	"image"
	"math"

	"viewfinder/storage/domain"
	"viewfinder/training/picture"
)

// source is a file's content and what was decoded of it.
type source struct {
	path     string
	content  []byte
	pictures map[int]*image.RGBA // by reduction; 0 is decoded as before
}

// at is the picture at 1/reduction of its size.
func (s *source) at(reduction int) (*image.RGBA, error) {
	if img, ok := s.pictures[reduction]; ok {
		return img, nil
	}
	var img *image.RGBA
	var err error
	if reduction == 0 {
		img, _, err = picture.DecodeAsBefore(bytes.NewReader(s.content), s.path, picture.Limits{})
	} else {
		img, _, err = picture.DecodeReduced(bytes.NewReader(s.content), s.path, reduction, picture.Limits{})
	}
	if err == nil {
		s.pictures[reduction] = img
	}
	return img, err
}

// whole is the picture at full size, whatever the crop.
func (s *source) whole(*domain.Box) (*image.RGBA, error) { return s.at(1) }

// picture decodes what of the file the frame needs for a crop, or for all of it: no larger, but with some to spare. It depends on nothing
// but the two, so that a sample is the same to the bit wherever and beside whichever others it is decoded.
func (f Frame) picture(s *source, crop *domain.Box) (*image.RGBA, error) {
	if f.Whole {
		return s.at(0)
	}
	info, err := picture.Probe(bytes.NewReader(s.content), s.path, picture.Limits{})
	if err != nil {
		return nil, err
	}
	return s.at(info.Reduction(f.need(info.Width, info.Height, crop)))
}

// spare is how many times larger than in the frame a picture is decoded at least. That it is resized by that much then hides what is
// different about a picture that the decoder made smaller.
const spare = 2

// need is how large a picture of w x h pixels has to be for its crop to fill the frame with some to spare.
func (f Frame) need(w, h int, crop *domain.Box) (int, int) {
	across, down := 1.0, 1.0
	if crop != nil {
		across, down = crop.XMax-crop.XMin, crop.YMax-crop.YMin
	}
	wide, high := float64(f.Width)/across/float64(w), float64(f.Height)/down/float64(h)
	if f.Pad { // the crop touches the frame on two sides only
		wide = math.Min(float64(f.Width)/(across*float64(w)), float64(f.Height)/(down*float64(h)))
		high = wide
	}
	side := func(share float64, full int) int {
		if !(spare*share < 1) { // a crop without area, too
			return full
		}
		return int(math.Ceil(spare * share * float64(full)))
	}
	return side(wide, w), side(high, h)
}
