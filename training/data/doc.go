// Package data turns samples into batches: it decodes each picture once, keeps it at the training size, augments it as a function of seed,
// iteration and index alone, and prepares batches ahead of the network.
package data

import (
	"viewfinder/storage/domain"
	"viewfinder/training/picture"
)

// Item is one sample.
type Item struct {
	Image  string      // path of the file
	SHA256 string      // of its content, hexadecimal; "" = not checked
	Crop   *domain.Box // nil = the whole picture
	Labels []int
	Boxes  []domain.Box32 // in fractions of the sample
}

// Frame is how a picture becomes the network's input.
type Frame struct {
	Height, Width int
	Pad           bool // aspect kept, the rest black; else squashed
	Whole         bool // files are decoded at full size by Go's decoder, as it was before JPEGs were decoded no larger than needed
}

// bytes is the size of one sample's pixels: RGB.
func (f Frame) bytes() int { return f.Height * f.Width * 3 }

// identity is the transform of a squashed picture.
func (f Frame) identity() picture.Transform {
	return picture.Transform{Width: f.Width, Height: f.Height, FrameWidth: f.Width, FrameHeight: f.Height}
}
