package storage

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// MaxNameLength is the longest name, in characters (code points), of projects, views, concepts and versions.
const MaxNameLength = 100

const maxImageName = 1000 // characters kept of an image's name

// cleanName trims and checks the name of something that a person named; what says what it is, in a message.
func cleanName(what, name string) (string, error) {
	if !utf8.ValidString(name) {
		return "", rulef("The name of the %s is not valid text (UTF-8).", what)
	}
	name = norm.NFC.String(strings.TrimSpace(name))
	if n := utf8.RuneCountInString(name); n > MaxNameLength {
		return "", rulef("The name of the %s has %d characters; at most %d are possible.", what, n, MaxNameLength)
	}
	visible := false
	for _, r := range name {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return "", rulef("The name of the %s holds a control character (such as a tab or a line break); leave it out.", what)
		}
		if unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) {
			visible = true
		}
	}
	if !visible {
		return "", rulef("Give the %s a name.", what)
	}
	return name, nil
}

// nameKey folds a name, so that names that differ only in letter case are the same.
func nameKey(name string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(name)))
}

// cleanImageName makes an image's name safe to show and to store: file systems allow more than text does.
func cleanImageName(name string) string {
	name = strings.ToValidUTF8(name, "\ufffd")
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '\ufffd'
		}
		return r
	}, norm.NFC.String(name))
	if utf8.RuneCountInString(name) > maxImageName {
		runes := []rune(name)
		name = string(runes[len(runes)-maxImageName:]) // the end says more than the folders before it
	}
	return name
}

// sortKey folds an image's name and puts before each run of digits one control character that says how long the
// number is, so that plain comparison sorts naturally (frame 2 before frame 10; numbers of one length that are padded with zeros
// in different ways sort by their padding) while the text stays searchable;
// see likePattern.
func sortKey(name string) string {
	key := nameKey(name)
	var b strings.Builder
	b.Grow(len(key) + 4)
	for i := 0; i < len(key); {
		if !isDigit(key[i]) {
			b.WriteByte(key[i])
			i++
			continue
		}
		end := i
		for end < len(key) && isDigit(key[end]) {
			end++
		}
		significant := len(strings.TrimLeft(key[i:end], "0"))
		b.WriteByte(byte(min(max(significant, 1), 31)))
		b.WriteString(key[i:end])
		i = end
	}
	return b.String()
}

// likePattern is the LIKE pattern (escape character \) that finds text in sort keys.
func likePattern(text string) string {
	text = nameKey(cleanImageName(text))
	var b strings.Builder
	b.WriteByte('%')
	for i := 0; i < len(text); i++ {
		c := text[i]
		if i > 0 && isDigit(c) && !isDigit(text[i-1]) {
			b.WriteByte('_') // the length of the number
		}
		if c == '%' || c == '_' || c == '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	b.WriteByte('%')
	return b.String()
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
