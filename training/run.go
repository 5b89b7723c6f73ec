package training

import (
	"viewfinder/storage/domain"
	"viewfinder/training/nn"
)

// FormatVersion is what this program writes into run.json; a folder with a higher one is refused.
const FormatVersion = 1

// The splits as the samples of a run have them. A run knows no other: images of the test split never come into one.
const (
	SplitTrain = string(domain.SplitTrain)
	SplitVal   = string(domain.SplitVal)
)

// Sample is one datapoint of the snapshot.
type Sample struct {
	// Image is the file's path relative to the run folder, with slashes ("../../images/ab/abcd.jpg"), or an absolute one.
	Image string `json:"image"`
	// SHA256 is the file's content in hexadecimal; empty = not checked.
	SHA256 string `json:"sha256,omitempty"`
	// Crop is the part of the image that is the sample, in fractions of the upright image; nil = all of it.
	Crop *domain.Box `json:"crop,omitempty"`
	// Split is SplitTrain or SplitVal in a run; what is predicted may have others.
	Split string `json:"split"`
	// Labels are indices into the run's concepts: exactly one for classification, any number for tagging (none = a hard negative).
	Labels []int `json:"labels,omitempty"`
	// Boxes are the objects, for detection. A sample of the train split without any is left out of the training but evaluated.
	Boxes []domain.LabelledBox `json:"boxes,omitempty"`
	// Key is whatever the caller knows the datapoint by; it comes back with predictions.
	Key string `json:"key,omitempty"`
}

// ConceptRef names a concept as it was when the training was created.
type ConceptRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Run is the content of run.json: everything that decides what is trained.
type Run struct {
	Format   int          `json:"format"`
	ID       string       `json:"id"`
	Name     string       `json:"name"`
	Task     domain.Task  `json:"task"`
	Concepts []ConceptRef `json:"concepts"`
	Options  Options      `json:"options"`
	Samples  []Sample     `json:"samples"`
	// Picture is how the backbone that it starts from expects its input picture; the zero value is the program's own way.
	Picture nn.Picture `json:"picture,omitzero"`
	// Decoding is how image files become pixels; it never changes for a run, so that a resume and every later prediction see what the
	// training saw. Empty: whole, by Go's decoder, as in run folders of versions that knew no other.
	Decoding string `json:"decoding,omitempty"`
}

// DecodingReduced decodes JPEGs by package picture/jpeg, no larger than the network needs them.
const DecodingReduced = "reduced"
