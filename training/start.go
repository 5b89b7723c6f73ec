package training

import (
	"fmt"

	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/training/nn"
	"viewfinder/training/weights"
)

// Start is what a training may start from, as far as its other options depend on it.
type Start struct {
	Weights      string // as the option has it; "" is nothing
	Title        string
	Architecture string
	Size         int // side of the pictures on which its features are best; 0 where that is not known
}

// ReadStart finds out about what the option weights names; see ReadInitial.
func ReadStart(dir, from string) (Start, error) {
	if from == "" {
		return Start{}, nil
	}
	i, err := ReadInitial(dir, from)
	if err != nil {
		return Start{}, err
	}
	return Start{Weights: from, Title: i.Title, Architecture: i.Architecture, Size: i.Size}, nil
}

// DefaultStart is what a training starts from where nobody chose: in classification and tagging the built-in backbone, where it is of that architecture
// ("" = any) and inside the program; else nothing. Measured, it is at least as good as from nothing after a tenth of the time (docs/transfer.md); for
// detection that is not known.
func DefaultStart(task domain.Task, architecture string) Start {
	if !task.HasBoxes() && weights.HasBuiltIn() {
		if s, err := ReadStart("", weights.BuiltInName); err == nil && (architecture == "" || architecture == s.Architecture) {
			return s
		}
	}
	return Start{Architecture: architecture}
}

// ProposedOptions are the options of a training about which nothing was chosen but its architecture ("" = by rule), on so many train images (0 = not
// known yet); and why, in one line. DefaultOptions are what these are without pretrained weights.
func ProposedOptions(task domain.Task, architecture string, train int) (Options, string) {
	return StartOptions(task, DefaultStart(task, architecture), "", train)
}

// Rules of what learns. Up to so many train images the head alone is taken, since it takes seconds; docs/transfer.md has the figures that it reaches.
const (
	headUpTo = 2000
	tuneRate = 0.01 // learning rate of the head where everything learns; the backbone's is fineTuning of it
	tuneSide = 160  // pixels where everything learns, and
	headSide = 288  // where the head alone does, if nothing is known of the backbone
)

// poolsStatistics reports whether the head of an architecture can stand on statistics of earlier maps, too.
func poolsStatistics(architecture string) bool {
	i, err := nn.Lookup(architecture)
	return err == nil && i.Statistics
}

// LearnBy is what learns by rule, of a network that starts from pretrained weights, with so many train images (0: not known yet); and why.
func LearnBy(task domain.Task, train int) (learn, why string) {
	switch {
	case task.HasBoxes():
		return LearnAll, "a detector's head and neck learn from nothing, and need the backbone to follow"
	case train > headUpTo:
		return LearnHeadThenAll, fmt.Sprintf("%s, more than %s, are worth the time that fine-tuning takes", words.Count(train, "training image"), words.Number(headUpTo))
	case train == 0:
		return LearnHead, "features are computed once, and then it takes seconds"
	}
	return LearnHead, fmt.Sprintf("%s are few: features are computed once, and then it takes seconds", words.Count(train, "training image"))
}

// StartOptions are the options that suit a training that starts from s, in which learn learns ("" = by rule), on so many train images; and why, in one
// line. Without weights they are the defaults.
func StartOptions(task domain.Task, s Start, learn string, train int) (Options, string) {
	o := DefaultOptions(task, s.Architecture)
	if s.Weights == "" {
		return o, "Starts from nothing: all weights are learned from the annotated images"
	}
	o.Weights = s.Weights
	by, why := LearnBy(task, train)
	o.Learn = learn
	if learn == "" {
		o.Learn = by
	} else if learn != by {
		why = "chosen by hand"
	}
	side := tuneSide
	if o.Learn == LearnHead {
		side = headSide
	}
	if s.Size > 0 {
		side = min(max(MinSize, s.Size/SizeStep*SizeStep), side)
	}
	if !task.HasBoxes() {
		o.Resizer = Resizer{Height: side, Width: side}.String()
		if o.Learn != LearnHead {
			o.LearningRate = tuneRate
		}
		if o.Learn != LearnAll && poolsStatistics(s.Architecture) {
			o.Pooling = nn.PoolingStatistics
		}
	}
	if s.Weights == weights.BuiltInName && o.Learn == LearnHead && o.Learn == by {
		with := ""
		if train > 0 {
			with = "with " + words.Count(train, "training image") + " "
		}
		return o, "Starts from the built-in network: " + with + "its head alone gives the best result in seconds"
	}
	title := s.Title
	if info, err := nn.Lookup(s.Architecture); err == nil && info.Title != title {
		title = fmt.Sprintf("%s (%s)", s.Title, info.Title)
	}
	return o, fmt.Sprintf("Starts from %s. %s learns: %s", title, o.Words("learn"), why)
}
