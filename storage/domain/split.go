package domain

import "slices"

// Split is what an image is used for. The words stand in project files, run folders and exports.
type Split string

// The splits.
const (
	SplitTrain Split = "train" // the network learns from it
	SplitVal   Split = "val"   // the network is judged on it while it learns, and the best iteration and the thresholds are chosen by it
	SplitTest  Split = "test"  // neither: it tells afterwards how good a version is
)

// Splits lists the splits in the order in which people see them.
func Splits() []Split { return []Split{SplitTrain, SplitVal, SplitTest} }

// Valid reports whether s is one of the splits.
func (s Split) Valid() bool { return slices.Contains(Splits(), s) }

// ForTraining tells whether a training may use the images of s at all, to learn from them or to choose by them.
func (s Split) ForTraining() bool { return s == SplitTrain || s == SplitVal }

// Next is the split after s in their order, and the first after the last.
func (s Split) Next() Split {
	all := Splits()
	return all[(slices.Index(all, s)+1)%len(all)]
}

// SplitWords lists the splits for a sentence, with the word before the last: "train, val or test".
func SplitWords(last string) string {
	var text string
	all := Splits()
	for i, s := range all {
		switch {
		case i == 0:
		case i == len(all)-1:
			text += " " + last + " "
		default:
			text += ", "
		}
		text += string(s)
	}
	return text
}
