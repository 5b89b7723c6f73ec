// Package data turns samples into batches: it decodes each picture once, keeps it at the training size, augments it as a function of seed,
// iteration and index alone, and prepares batches ahead of the network.
package data

import "viewfinder/training/picture"

// Item is one sample.
type Item struct {
	Image  string // path of the file
	SHA256 string // of its content, hexadecimal; "" = not checked
	Crop   *Rect  // nil = the whole picture
	Labels []int
	Boxes  []Box // in fractions of the sample
}

// Rect is a rectangle in fractions of a picture.
type Rect struct{ XMin, YMin, XMax, YMax float64 }

// Box is an object in a sample, in fractions of it.
type Box struct {
	XMin, YMin, XMax, YMax float32
	Class                  int
}

// area is the share of the sample that the box covers.
func (b Box) area() float32 { return max(0, b.XMax-b.XMin) * max(0, b.YMax-b.YMin) }

// Frame says how a picture becomes the network's input.
type Frame struct {
	Height, Width int
	Pad           bool // aspect kept, the rest black; else squashed
}

// bytes is the size of one sample's pixels: RGB.
func (f Frame) bytes() int { return f.Height * f.Width * 3 }

// identity is the transform of a squashed picture.
func (f Frame) identity() picture.Transform {
	return picture.Transform{Width: f.Width, Height: f.Height, FrameWidth: f.Width, FrameHeight: f.Height}
}
