package views

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"viewfinder/storage/domain"
	"viewfinder/widgets"
)

// conceptsToFind is from how many concepts on the field that finds one is always there; below, its key shows it.
const conceptsToFind = 12

// findConcepts are the concepts that a typed text can mean, the likeliest first: those of that name, those that begin with it, those of which a word
// begins with it, those that hold it, each in the order of the view. An empty text means all.
func findConcepts(concepts []domain.Concept, text string) []domain.Concept {
	typed := domain.NameKey(text)
	if typed == "" {
		return concepts
	}
	var by [4][]domain.Concept
	for _, c := range concepts {
		name := domain.NameKey(c.Name)
		at := strings.Index(name, typed)
		switch {
		case at < 0:
		case name == typed:
			by[0] = append(by[0], c)
		case at == 0:
			by[1] = append(by[1], c)
		case beginsWord(name, typed):
			by[2] = append(by[2], c)
		default:
			by[3] = append(by[3], c)
		}
	}
	var found []domain.Concept
	for _, list := range by {
		found = append(found, list...)
	}
	return found
}

// beginsWord reports whether a word of name begins with text.
func beginsWord(name, text string) bool {
	before := ' '
	for i, r := range name {
		if !unicode.IsLetter(before) && !unicode.IsDigit(before) && strings.HasPrefix(name[i:], text) {
			return true
		}
		before = r
	}
	return false
}

// conceptFinder is the field above the concepts that finds one by its name: what is typed leaves those that it can mean, Up and Down choose among them, Enter
// takes the chosen one, Escape leaves.
type conceptFinder struct {
	widget.Entry
	found []domain.Concept // what is listed
	at    int              // the chosen one's place in found
	do    finderActions
}

type finderActions struct {
	list  func() // shows what was found, and which is chosen
	take  func(domain.Concept)
	leave func() // gives the focus back
}

func newConceptFinder(do finderActions) *conceptFinder {
	f := &conceptFinder{do: do}
	f.ExtendBaseWidget(f)
	f.SetPlaceHolder("Find a concept ( / )")
	f.OnChanged = func(string) {
		f.at = 0
		do.list()
	}
	return f
}

// among finds among these concepts.
func (f *conceptFinder) among(concepts []domain.Concept) []domain.Concept {
	f.found = findConcepts(concepts, f.Text)
	f.at = max(0, min(f.at, len(f.found)-1))
	return f.found
}

// chosen is what Enter takes: nothing before something is typed or chosen.
func (f *conceptFinder) chosen() (c domain.Concept, ok bool) {
	if f.at >= len(f.found) || f.at == 0 && strings.TrimSpace(f.Text) == "" {
		return c, false
	}
	return f.found[f.at], true
}

// finding reports whether less than everything may be listed.
func (f *conceptFinder) finding() bool { return strings.TrimSpace(f.Text) != "" }

// clear finds nothing any more.
func (f *conceptFinder) clear() {
	f.at = 0
	if f.Text == "" {
		f.do.list()
		return
	}
	f.SetText("")
}

// TypedKey implements fyne.Focusable.
func (f *conceptFinder) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape:
		f.clear()
		f.do.leave()
	case fyne.KeyUp:
		f.at = max(0, f.at-1)
		f.do.list()
	case fyne.KeyDown:
		f.at = min(f.at+1, max(0, len(f.found)-1))
		f.do.list()
	case fyne.KeyReturn, fyne.KeyEnter:
		c, ok := f.chosen()
		if !ok && f.finding() {
			return // no concept of that name: what is typed stays
		}
		f.clear()
		f.do.leave()
		if ok {
			f.do.take(c)
		}
	default:
		f.Entry.TypedKey(e)
	}
}

// TypedShortcut implements fyne.Shortcutable: what is not for a text is the window's.
func (f *conceptFinder) TypedShortcut(s fyne.Shortcut) {
	if !typedInto(&f.Entry, s) {
		widgets.HandOn(f, s)
	}
}
