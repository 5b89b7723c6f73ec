package editing

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
)

// GroupDigits as a rule's Groups takes names that differ in their last number only for frames of one film: film2/frame_0001.jpg and
// film2/frame_0002.jpg are one group.
const GroupDigits = "digits"

// SplitRule is how images are split between train, val and test.
type SplitRule struct {
	View     int64   // whose concepts are counted; 0: the project's images alone
	Images   []int64 // only these; nil: all of the view
	Val      float64 // the share that goes to val, above 0 and below 1
	Test     float64 // the share that goes to test, from 0 on; with Val below 1. Images that are in test stay there, and count
	Stratify bool    // the share holds for each concept, not only for the whole
	// Groups keeps images together that belong together: "" each image for itself, GroupDigits, or a regular expression that finds in a name what the
	// names of a group have in common (its first pair of parentheses, or all of what it finds). A name in which it finds nothing is a group of its own.
	Groups string
}

// SplitLine is how many images carry a concept in each split, before and after.
type SplitLine struct {
	Concept int64               `json:"concept,omitempty"`
	Name    string              `json:"name"` // of the concept; "without concept", "not annotated", "all"
	Before  storage.ImageCounts `json:"-"`
	After   storage.ImageCounts `json:"-"`
}

// SplitGroup is a group of images that stay together.
type SplitGroup struct {
	Name   string       `json:"name"`
	Images int          `json:"images"`
	Split  domain.Split `json:"split"`
}

// SplitPlan is what a rule would do. Nothing is changed before ApplySplit.
type SplitPlan struct {
	Images int                      // concerned
	Groups []SplitGroup             // in order of appearance
	Lines  []SplitLine              // all, then each concept of the view, then without concept, then not annotated, where there are any
	To     map[domain.Split][]int64 // images that move
	Val    float64                  // the share that val gets
	Test   float64                  // the share that test has then
	rule   SplitRule
}

// Moves is how many images move.
func (p *SplitPlan) Moves() (n int) {
	for _, images := range p.To {
		n += len(images)
	}
	return n
}

// leastTrain is the least share that is left to train.
const leastTrain = 0.01

// Labels of images that carry no concept.
const (
	labelAll          = 0
	labelWithout      = -1
	labelNotAnnotated = -2
)

// groupNamer makes the function that returns an image's group. The error is what is wrong with the expression.
func groupNamer(groups string) (func(storage.Placement) string, error) {
	switch groups {
	case "":
		return func(p storage.Placement) string { return p.SHA256 }, nil
	case GroupDigits:
		return func(p storage.Placement) string { return withoutLastNumber(p.Name) }, nil
	}
	expression, err := regexp.Compile(groups)
	if err != nil {
		return nil, &storage.RuleError{Message: fmt.Sprintf("%q is not a regular expression: %v", groups, err)}
	}
	return func(p storage.Placement) string {
		found := expression.FindStringSubmatch(p.Name)
		switch {
		case found == nil || found[0] == "":
			return p.Name + " " + p.SHA256
		case len(found) > 1 && found[1] != "":
			return found[1]
		}
		return found[0]
	}, nil
}

// withoutLastNumber is a name without its ending and without the last run of digits in its last part, if there is one.
func withoutLastNumber(name string) string {
	folder, base := "", name
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		folder, base = name[:i+1], name[i+1:]
	}
	if i := strings.LastIndexByte(base, '.'); i > 0 {
		base = base[:i]
	}
	end := strings.LastIndexFunc(base, isDigit) + 1
	if end == 0 {
		return folder + base
	}
	return folder + strings.TrimRightFunc(base[:end], isDigit) + "#" + base[end:]
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// PlanSplit returns what a rule would do, without doing it. The plan is the same every time for the same images: it depends on their content and the names of their groups.
func (e *Editor) PlanSplit(ctx context.Context, r SplitRule) (*SplitPlan, error) {
	if math.IsNaN(r.Val) || r.Val <= 0 || r.Val >= 1 {
		return nil, &storage.RuleError{Message: "The share of val must be above 0% and below 100%."}
	}
	if math.IsNaN(r.Test) || r.Test < 0 || r.Val+r.Test > 1-leastTrain {
		return nil, &storage.RuleError{Message: "The share of test must be 0% or more, and leave 1% at least to train."}
	}
	name, err := groupNamer(r.Groups)
	if err != nil {
		return nil, err
	}
	all, err := e.store.Placements(ctx, r.View, r.Images)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, &storage.RuleError{Message: "There are no images to split."}
	}
	d := newDivision(all, name, r)
	d.run()
	plan := &SplitPlan{Images: len(all), To: map[domain.Split][]int64{}, rule: r}
	for _, g := range d.groups {
		plan.Groups = append(plan.Groups, SplitGroup{Name: g.name, Images: len(g.images), Split: g.split})
	}
	after := storage.ImageCounts{}
	for i, one := range all {
		to := d.groups[d.groupOf[i]].split
		*after.Of(to)++
		if to != one.Split {
			plan.To[to] = append(plan.To[to], one.Image)
		}
	}
	plan.Val, plan.Test = float64(after.Val)/float64(len(all)), float64(after.Test)/float64(len(all))
	return plan, e.splitLines(ctx, plan, all, d)
}

// splitLines counts before and after.
func (e *Editor) splitLines(ctx context.Context, plan *SplitPlan, all []storage.Placement, d *division) error {
	byLabel := map[int64]*SplitLine{}
	for i, one := range all {
		for _, label := range append([]int64{labelAll}, labelsOf(one, plan.rule.View)...) {
			line := byLabel[label]
			if line == nil {
				line = &SplitLine{Concept: max(0, label)}
				byLabel[label] = line
			}
			*line.Before.Of(one.Split)++
			*line.After.Of(d.groups[d.groupOf[i]].split)++
		}
	}
	add := func(label int64, name string) {
		if line := byLabel[label]; line != nil {
			line.Name = name
			plan.Lines = append(plan.Lines, *line)
		}
	}
	add(labelAll, "all")
	if plan.rule.View != 0 {
		concepts, err := e.store.Concepts(ctx, plan.rule.View)
		if err != nil {
			return err
		}
		for _, c := range concepts {
			add(c.ID, c.Name)
		}
	}
	add(labelWithout, "without concept")
	add(labelNotAnnotated, "not annotated")
	return nil
}

// ApplySplit moves the images as planned, as one step of Undo.
func (e *Editor) ApplySplit(ctx context.Context, plan *SplitPlan, progress session.Progress) error {
	label := fmt.Sprintf("Divide %s: %.0f%% val", words.Count(plan.Images, "image"), 100*plan.rule.Val)
	if plan.rule.Test > 0 {
		label += fmt.Sprintf(", %.0f%% test", 100*plan.rule.Test)
	}
	total := plan.Moves()
	tell := session.ProgressOr(progress)
	err := e.store.Do(ctx, label, func(b *storage.Batch) error {
		done := 0
		for _, to := range domain.Splits() {
			for images := plan.To[to]; len(images) > 0; {
				n := min(len(images), 500)
				if err := b.SetSplit(images[:n], to); err != nil {
					return err
				}
				images = images[n:]
				done += n
				tell.Update(done, total, "")
			}
		}
		return nil
	})
	if err == nil && total > 0 {
		e.session.Changed(session.Change{Kind: session.ChangeImages})
	}
	return err
}

// LargestGroups are the n largest groups, largest first.
func (p *SplitPlan) LargestGroups(n int) []SplitGroup {
	groups := slices.Clone(p.Groups)
	slices.SortStableFunc(groups, func(a, b SplitGroup) int { return cmp.Compare(b.Images, a.Images) })
	return groups[:min(n, len(groups))]
}
