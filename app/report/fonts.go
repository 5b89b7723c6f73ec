package report

import (
	"os"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

// The fonts in a PDF: Go's own (Latin with accents, Greek, Cyrillic), which every build carries; and for words that they lack, if this
// machine has one, a font with Chinese, Japanese and Korean.
const (
	ownFont   = "go"
	otherFont = "other"
)

// others are where systems have a font of many scripts in a form that can be embedded.
var others = []string{
	"/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
	"/usr/share/fonts/google-droid-sans-fonts/DroidSansFallbackFull.ttf",
	"/Library/Fonts/Arial Unicode.ttf",
	"/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
	`C:\Windows\Fonts\simhei.ttf`,
	`C:\Windows\Fonts\malgun.ttf`,
	`C:\Windows\Fonts\ARIALUNI.TTF`,
}

// fonts says which words can be written.
type fonts struct {
	own, other *sfnt.Font
	data       []byte // other's, until it is needed
	buffer     sfnt.Buffer
}

func addFonts(d *fpdf.Fpdf) *fonts {
	d.AddUTF8FontFromBytes(ownFont, "", goregular.TTF)
	d.AddUTF8FontFromBytes(ownFont, "B", gobold.TTF)
	f := &fonts{}
	f.own, _ = sfnt.Parse(goregular.TTF) // it is in the program: the tests would find it broken
	for _, path := range others {
		data, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		if font, err := sfnt.Parse(data); err == nil {
			f.other, f.data = font, data
			break
		}
	}
	return f
}

// use sets the font that can write s best, and returns s with a box for each character that it cannot.
func (f *fonts) use(d *fpdf.Fpdf, size float64, bold bool, s string) string {
	style := ""
	if bold {
		style = "B"
	}
	font, name := f.own, ownFont
	if f.other != nil && f.lacks(f.own, s) > f.lacks(f.other, s) {
		font, name, style = f.other, otherFont, ""
		if f.data != nil {
			d.AddUTF8FontFromBytes(otherFont, "", f.data)
			f.data = nil
		}
	}
	d.SetFont(name, style, size)
	return strings.Map(func(r rune) rune {
		switch {
		case r < ' ' || r == 0x7f:
			return ' '
		case r > 0xffff || !f.has(font, r): // the library knows the first 65,536 characters
			return '□'
		}
		return r
	}, s)
}

// fit is use with what does not fit into a width cut off.
func (f *fonts) fit(d *fpdf.Fpdf, size float64, bold bool, width float64, s string) string {
	s = f.use(d, size, bold, s)
	room := width - 2*d.GetCellMargin()
	if d.GetStringWidth(s) <= room {
		return s
	}
	runes := []rune(s)
	low, high := 0, len(runes)
	for low < high {
		half := (low + high + 1) / 2
		if d.GetStringWidth(string(runes[:half])+"…") <= room {
			low = half
		} else {
			high = half - 1
		}
	}
	return string(runes[:low]) + "…"
}

func (f *fonts) has(font *sfnt.Font, r rune) bool {
	if font == nil {
		return false
	}
	at, err := font.GlyphIndex(&f.buffer, r)
	return err == nil && at != 0
}

// lacks counts the characters that a font cannot write.
func (f *fonts) lacks(font *sfnt.Font, s string) int {
	n := 0
	for _, r := range s {
		if r > 0xffff || !f.has(font, r) {
			n++
		}
	}
	return n
}
