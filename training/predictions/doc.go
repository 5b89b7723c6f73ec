// Package predictions stores a network's predictions for many samples, beside the truth, in one compact file, so that they can be judged
// again at once, without the network and without the images.
//
// A file is the line "VFPRED 1", the length of the header (uint32, little-endian) and the header, which is the caller's JSON; then the body and its
// CRC-32 (Castagnoli). The body is counts, then for each sample its item, truth and prediction; scores and found boxes
// are float32. A file may come from anywhere: sizes are checked before anything is made of them.
package predictions

import (
	"errors"

	"viewfinder/storage/domain"
	"viewfinder/training/metrics"
)

// ErrFormat is the error of a file that is not in this format, or is damaged.
var ErrFormat = errors.New("the stored predictions cannot be read")

// Item names a sample.
type Item struct {
	Name      string
	Datapoint int64 // its id, 0: from outside of the project
	Image     int64
	Source    int64      // the region of the parent view that cuts it out; 0: whole image
	Region    int64      // the region of the datapoint that was judged; 0: all of it
	Annotated int64      // when it was annotated, in milliseconds since 1970
	Crop      [4]float64 // xmin, ymin, xmax, ymax in fractions of the image; all 0: the whole image
	Split     domain.Split
	Seen      bool // the network was trained on it
}

// File is the content of a file.
type File struct {
	Header []byte // JSON
	Items  []Item
	Input  metrics.Input
}

// Limits of what is accepted from a file.
const (
	maxHeader   = 64 << 20
	maxFile     = 4 << 30
	maxConcepts = 10_000
	maxSamples  = 10_000_000
	magic       = "VFPRED 1\n"
)
