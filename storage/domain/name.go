package domain

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Named is a kind of thing that has a name given by a person, as messages call it.
type Named string

// The kinds of things with names.
const (
	NamedProject Named = "project"
	NamedView    Named = "view"
	NamedConcept Named = "concept"
	NamedVersion Named = "version"
)

// MaxLetters is the longest name of such a thing, in letters (code points of the composed form, not bytes).
func (n Named) MaxLetters() int {
	if n == NamedVersion {
		return 80 // names files and columns of tables, too
	}
	return 100
}

// NameFault is why a text is not a valid name.
type NameFault int

// The faults of names.
const (
	NameEmpty   NameFault = iota + 1 // nothing visible is in it
	NameTooLong                      // more than MaxLetters
	NameControl                      // a tab, a line break or another control character is in it
	NameNotText                      // not valid UTF-8
)

// NameError is why a text is refused as the name of a project, view, concept or version.
type NameError struct {
	Of      Named
	Fault   NameFault
	Letters int // how many it has, where it has too many
}

func (e *NameError) Error() string {
	switch e.Fault {
	case NameTooLong:
		return fmt.Sprintf("The name of the %s has %d characters; at most %d are possible.", e.Of, e.Letters, e.Of.MaxLetters())
	case NameControl:
		return fmt.Sprintf("The name of the %s holds a control character (such as a tab or a line break); leave it out.", e.Of)
	case NameNotText:
		return fmt.Sprintf("The name of the %s is not valid text (UTF-8).", e.Of)
	}
	return fmt.Sprintf("Give the %s a name.", e.Of)
}

// Clean is a name as it is stored: without spaces around it, with letters composed (NFC). Its error is a *[NameError].
func (n Named) Clean(name string) (string, error) {
	if !utf8.ValidString(name) {
		return "", &NameError{Of: n, Fault: NameNotText}
	}
	name = norm.NFC.String(strings.TrimSpace(name))
	if letters := utf8.RuneCountInString(name); letters > n.MaxLetters() {
		return "", &NameError{Of: n, Fault: NameTooLong, Letters: letters}
	}
	visible := false
	for _, r := range name {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return "", &NameError{Of: n, Fault: NameControl}
		}
		if unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) {
			visible = true
		}
	}
	if !visible {
		return "", &NameError{Of: n, Fault: NameEmpty}
	}
	return name, nil
}

// Fold is a text without the difference between capital and small letters (Unicode's full case folding), composed (NFC).
func Fold(text string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(text)))
}

// NameKey is equal for two names that count as equal: those that differ only in the case of letters, in how letters are composed, or in the
// spaces around them.
func NameKey(name string) string { return Fold(strings.TrimSpace(name)) }

// SameName reports whether two names count as equal; see [NameKey].
func SameName(a, b string) bool { return a == b || NameKey(a) == NameKey(b) }

// FindName is the index of a name in a list: the exact one, or else the only one that counts as equal; -1 if there is none, or several are.
func FindName(names []string, name string) int {
	found, several := -1, false
	key := NameKey(name)
	for i, n := range names {
		if n == name {
			return i
		}
		if NameKey(n) == key {
			several = several || found >= 0
			found = i
		}
	}
	if several {
		return -1
	}
	return found
}
