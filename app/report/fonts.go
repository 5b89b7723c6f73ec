package report

import (
	"os"

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

// run is words of one font.
type run struct {
	font, style, text string
}

// runs splits a text by the fonts that can write it. What none can becomes a box.
func (f *fonts) runs(d *fpdf.Fpdf, bold bool, s string) []run {
	style := ""
	if bold {
		style = "B"
	}
	var list []run
	add := func(font, style string, r rune) {
		if n := len(list); n > 0 && list[n-1].font == font {
			list[n-1].text += string(r)
			return
		}
		list = append(list, run{font, style, string(r)})
	}
	for _, r := range s {
		switch {
		case r < ' ' || r == 0x7f:
			add(ownFont, style, ' ')
		case f.has(f.own, r):
			add(ownFont, style, r)
		case r <= 0xffff && f.has(f.other, r): // the library knows the first 65,536 characters
			if f.data != nil {
				d.AddUTF8FontFromBytes(otherFont, "", f.data)
				f.data = nil
			}
			add(otherFont, "", r)
		default:
			add(ownFont, style, '□')
		}
	}
	return list
}

// width is how wide runs are at a size.
func width(d *fpdf.Fpdf, size float64, runs []run) float64 {
	total := 0.0
	for _, r := range runs {
		d.SetFont(r.font, r.style, size)
		total += d.GetStringWidth(r.text)
	}
	return total
}

// fit is the runs of a text, with what does not fit into a width cut off.
func (f *fonts) fit(d *fpdf.Fpdf, size float64, bold bool, room float64, s string) []run {
	whole := f.runs(d, bold, s)
	if width(d, size, whole) <= room {
		return whole
	}
	letters := []rune(s)
	low, high := 0, len(letters)
	for low < high {
		half := (low + high + 1) / 2
		if width(d, size, f.runs(d, bold, string(letters[:half])+"…")) <= room {
			low = half
		} else {
			high = half - 1
		}
	}
	return f.runs(d, bold, string(letters[:low])+"…")
}

func (f *fonts) has(font *sfnt.Font, r rune) bool {
	if font == nil {
		return false
	}
	at, err := font.GlyphIndex(&f.buffer, r)
	return err == nil && at != 0 && r <= 0xffff
}
