package storage

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"viewfinder/storage/domain"
)

const maxImageName = 1000 // characters kept of an image's name

// cleanName is [domain.Named.Clean] with what is wrong as a rule that was broken.
func cleanName(of domain.Named, name string) (string, error) {
	name, err := of.Clean(name)
	if err != nil {
		return "", rulef("%v", err)
	}
	return name, nil
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
		name = string(runes[len(runes)-maxImageName:]) // the end distinguishes more than the folders before it
	}
	return name
}

// sortKey folds an image's name and puts before each run of digits one control character that says how long the
// number is, so that plain comparison sorts naturally (frame 2 before frame 10; numbers of one length that are padded with zeros
// in different ways sort by their padding) while the text stays searchable;
// see likePattern.
func sortKey(name string) string {
	key := domain.Fold(name)
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
	text = domain.Fold(cleanImageName(text))
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
