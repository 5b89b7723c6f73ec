package runs

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/training"
)

// Least numbers of annotated images (or boxes) of a concept in train.
const (
	leastPerConcept = 2  // below: it cannot be trained
	FewPerConcept   = 10 // below: a warning
)

// Preparation is what a version of a view would be trained on, and whether that is enough.
type Preparation struct {
	View     storage.View          `json:"-"`
	Ready    bool                  `json:"ready"`    // nothing is missing
	Splits   []SplitUse            `json:"splits"`   // train, val
	Concepts []ConceptUse          `json:"concepts"` // in the view's order
	LeftOut  []LeftOut             `json:"left_out"`
	Missing  []string              `json:"missing"`  // sentences: what has to be done before it can be trained
	Options  training.OptionErrors `json:"-"`        // what is wrong with the options
	Warnings []string              `json:"warnings"` // sentences: what will make the network worse than it could be
	Memory   training.MemoryUse    `json:"memory"`   // that the training would take; zero where the options are wrong
}

// SplitUse counts what one split brings.
type SplitUse struct {
	Split   domain.Split `json:"split"`
	Images  int          `json:"images"`  // datapoints: images, or crops in a child view of a detection
	Regions int          `json:"regions"` // boxes, in detection; otherwise as Images
	// WithoutConcept are the images with nothing on them: hard negatives. In detection they count for evaluation only.
	WithoutConcept int `json:"without_concept"`
}

// ConceptUse counts what is annotated with a concept: images, or boxes in detection.
type ConceptUse struct {
	Concept domain.Concept `json:"-"`
	Name    string         `json:"name"`
	Train   int            `json:"train"`
	Val     int            `json:"val"`
}

// LeftOut is what is not used, and why.
type LeftOut struct {
	Reason string `json:"reason"`
	Count  int    `json:"count"`
}

// NotEnoughError: a version cannot be trained yet. Its text names what is missing, the first few of many.
type NotEnoughError struct{ Preparation Preparation }

func (e *NotEnoughError) Error() string {
	missing := e.Preparation.Missing
	for _, wrong := range e.Preparation.Options {
		missing = append(missing[:len(missing):len(missing)], wrong.Error())
	}
	const most = 4 // a view may lack images of 1,000 concepts
	rest := ""
	if len(missing) > most+1 {
		rest = fmt.Sprintf("; and %s more like these", words.Number(len(missing)-most))
		missing = missing[:most]
	}
	return "not ready for training: " + strings.Join(missing, "; ") + rest
}

// Prepare returns what a version of the view would be trained on with these options: per split and concept, what is left out and why,
// what is missing, and warnings. It changes nothing.
func (rs *Runs) Prepare(ctx context.Context, view int64, o training.Options) (Preparation, error) {
	u, err := rs.Usable(ctx, view)
	if err != nil {
		return Preparation{}, err
	}
	return u.With(o), nil
}

// withMemory adds what the training would take, and a warning where that is more than is free.
func (u Preparation) withMemory(o training.Options) Preparation {
	task := u.View.Type
	if o.Validate(task) != nil {
		return u
	}
	var err error
	if u.Memory, err = training.EstimateMemory(task, o, len(u.Concepts), u.Images()); err != nil {
		return u // what is wrong with the options is reported when they are used
	}
	if m := u.Memory; m.Free > 0 && m.Need > m.Free {
		text := fmt.Sprintf("Training needs about %s of memory, and %s is free", words.Bytes(m.Need), words.Bytes(m.Free))
		if m.LargestBatch > 0 {
			text += fmt.Sprintf("; a batch size of %d fits", m.LargestBatch)
		} else {
			text += "; a smaller image size needs less"
		}
		u.Warnings = append(u.Warnings, text)
	}
	return u
}

// Frozen returns what a version was trained on: the images per split and concept in its snapshot, as they were when it was created.
func (rs *Runs) Frozen(ctx context.Context, id int64) (Preparation, error) {
	v, err := rs.Version(ctx, id)
	if err != nil {
		return Preparation{}, err
	}
	run, err := training.ReadRun(rs.RunDir(v))
	if err != nil {
		return Preparation{}, fmt.Errorf("reading what %s was made of: %w", v.Name, err)
	}
	view, err := rs.store.View(ctx, v.ViewID)
	if err != nil {
		return Preparation{}, err
	}
	counter := NewCounter(ConceptsOf(v))
	for _, sample := range run.Samples {
		if view.Type.HasBoxes() {
			counter.AddBoxes(sample)
		} else {
			counter.AddLabels(sample)
		}
	}
	use := counter.Preparation()
	use.View, use.Ready = view, true
	return use, nil
}

// judge completes the counts by what is missing.
func (u *Usable) judge(o training.Options) Preparation {
	use := u.use
	use.View = u.view
	unit := "annotated image"
	if u.view.Type.HasBoxes() {
		unit = "box"
	}
	if n, least := len(use.Concepts), u.view.Type.LeastConcepts(); n < least {
		use.Missing = append(use.Missing, fmt.Sprintf("%s has %s; at least %d %s needed", u.view.Name, words.Count(n, "concept"), least, areOrIs(least)))
	}
	for _, c := range use.Concepts {
		switch {
		case c.Train < leastPerConcept:
			use.Missing = append(use.Missing, fmt.Sprintf("%s has %s in train; at least %d are needed", c.Name, words.Count(c.Train, unit), leastPerConcept))
		case c.Train < FewPerConcept:
			use.Warnings = append(use.Warnings, fmt.Sprintf("Only %s of %s in train; a few dozen give a better network", words.Count(c.Train, unit), c.Name))
		}
		if c.Val == 0 && use.split(domain.SplitVal).Images > 0 {
			use.Warnings = append(use.Warnings, fmt.Sprintf("%s has no %s in val, so its accuracy cannot be measured", c.Name, unit))
		}
	}
	if use.split(domain.SplitVal).Images == 0 {
		use.Warnings = append(use.Warnings, "No annotated image is in val, so the network cannot be evaluated on images it has not seen; move some to val")
	}
	use.Warnings = append(use.Warnings, unbalanced(use.Concepts, o.Balance)...)
	wrong := o.Validate(u.view.Type)
	errors.As(wrong, &use.Options)
	use.Ready = len(use.Missing) == 0 && wrong == nil
	return use
}

// unbalanced warns where one concept has ten times as many examples as another and nothing is done about it.
func unbalanced(concepts []ConceptUse, balance string) []string {
	if len(concepts) < 2 || (balance != "" && balance != training.BalanceOff) {
		return nil
	}
	low, high := concepts[0], concepts[0]
	for _, c := range concepts {
		if c.Train < low.Train {
			low = c
		}
		if c.Train > high.Train {
			high = c
		}
	}
	if low.Train == 0 || high.Train < 10*low.Train {
		return nil
	}
	return []string{fmt.Sprintf("%s has %d times as many examples as %s; class balancing helps", high.Name, high.Train/low.Train, low.Name)}
}

// Images counts those of the splits that a training uses.
func (u Preparation) Images() (n int) {
	for _, s := range u.Splits {
		n += s.Images
	}
	return n
}

func (u Preparation) split(s domain.Split) SplitUse {
	for _, use := range u.Splits {
		if use.Split == s {
			return use
		}
	}
	return SplitUse{Split: s}
}

func areOrIs(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// Counter counts samples while a snapshot is taken.
type Counter struct {
	concepts []ConceptUse
	splits   map[domain.Split]*SplitUse
	leftOut  []LeftOut
}

func NewCounter(concepts []domain.Concept) *Counter {
	c := &Counter{splits: map[domain.Split]*SplitUse{}}
	for _, s := range domain.Splits() {
		c.splits[s] = &SplitUse{Split: s}
	}
	for _, concept := range concepts {
		c.concepts = append(c.concepts, ConceptUse{Concept: concept, Name: concept.Name})
	}
	return c
}

func (c *Counter) add(s training.Sample, class int) {
	switch s.Split {
	case training.SplitTrain:
		c.concepts[class].Train++
	case training.SplitVal:
		c.concepts[class].Val++
	}
}

func (c *Counter) AddLabels(s training.Sample) {
	use := c.splits[domain.Split(s.Split)]
	use.Images++
	use.Regions++
	if len(s.Labels) == 0 {
		use.WithoutConcept++
	}
	for _, class := range s.Labels {
		c.add(s, class)
	}
}

func (c *Counter) AddBoxes(s training.Sample) {
	use := c.splits[domain.Split(s.Split)]
	use.Regions += len(s.Boxes)
	for _, b := range s.Boxes {
		c.add(s, b.Class)
	}
	if len(s.Boxes) > 0 {
		use.Images++
		return
	}
	use.WithoutConcept++
	if s.Split == training.SplitTrain {
		c.LeaveOut("background images (annotated without a box): used for evaluation, not for training")
		return
	}
	use.Images++
}

func (c *Counter) LeaveOut(reason string) { c.leaveOutN(reason, 1) }

func (c *Counter) leaveOutN(reason string, n int) {
	if n <= 0 {
		return
	}
	for i := range c.leftOut {
		if c.leftOut[i].Reason == reason {
			c.leftOut[i].Count += n
			return
		}
	}
	c.leftOut = append(c.leftOut, LeftOut{reason, n})
}

// Preparation are the counts of the splits that a training uses.
func (c *Counter) Preparation() Preparation {
	p := Preparation{Concepts: c.concepts, LeftOut: c.leftOut}
	for _, s := range domain.Splits() {
		if s.ForTraining() {
			p.Splits = append(p.Splits, *c.splits[s])
		}
	}
	return p
}
