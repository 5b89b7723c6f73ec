package look

import (
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"
)

// Okabe and Ito's palette (https://jfly.uni-koeln.de/color/), black left out since images are dark more often than not
// and the order chosen so that the first ones are far apart; then Paul Tol's "muted" ones that are not near them.
var concepts = []color.NRGBA{
	rgb(0xe69f00), // orange
	rgb(0x56b4e9), // sky blue
	rgb(0x009e73), // bluish green
	rgb(0xcc79a7), // reddish purple
	rgb(0xf0e442), // yellow
	rgb(0x0072b2), // blue
	rgb(0xd55e00), // vermillion
	rgb(0x882255), // wine
	rgb(0x999933), // olive
	rgb(0x44aa99), // teal
	rgb(0x332288), // indigo
	rgb(0xddcc77), // sand
}

// Curves need contrast against a panel rather than an image: yellow is darkened on light, blue lifted on dark.
var (
	curvesLight = []color.NRGBA{rgb(0x0072b2), rgb(0xd55e00), rgb(0x009e73), rgb(0xaa4499), rgb(0xb97f00), rgb(0x3a8fc4), rgb(0x882255), rgb(0x6f6f26)}
	curvesDark  = []color.NRGBA{rgb(0x56b4e9), rgb(0xff8a3d), rgb(0x2fd0a0), rgb(0xe39ac6), rgb(0xf0e442), rgb(0x4a90d9), rgb(0xdd7799), rgb(0xcccc66)}
)

// Concepts is how many concept colours there are before they repeat.
func Concepts() int { return len(concepts) }

// Concept is the i-th concept colour; i wraps round.
func Concept(i int) color.NRGBA { return concepts[wrap(i, len(concepts))] }

// Curve is the i-th curve colour of the current variant; i wraps round.
func Curve(i int) color.NRGBA {
	if IsDark() {
		return curvesDark[wrap(i, len(curvesDark))]
	}
	return curvesLight[wrap(i, len(curvesLight))]
}

func wrap(i, n int) int { return ((i % n) + n) % n }

// Readable is black or white, whichever can be read better on bg (contrast by WCAG 2's relative luminance).
func Readable(bg color.Color) color.NRGBA {
	l := luminance(bg)
	if (l+0.05)*(l+0.05) > 0.05*1.05 { // contrast with black > contrast with white
		return rgb(0x000000)
	}
	return rgb(0xffffff)
}

// luminance is WCAG 2's relative luminance, 0 to 1 (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance).
func luminance(c color.Color) float64 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return 0.2126*linear[n.R] + 0.7152*linear[n.G] + 0.0722*linear[n.B]
}

// linear is the sRGB curve: a channel's byte as light, 0 to 1.
var linear = func() (t [256]float64) {
	for i := range t {
		if v := float64(i) / 255; v <= 0.04045 {
			t[i] = v / 12.92
		} else {
			t[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return t
}()

// ParseColor reads "#rrggbb"; anything else is refused.
func ParseColor(s string) (color.NRGBA, bool) {
	s = strings.TrimSpace(s)
	if len(s) != 7 || s[0] != '#' {
		return color.NRGBA{}, false
	}
	v, err := strconv.ParseUint(s[1:], 16, 32)
	if err != nil {
		return color.NRGBA{}, false
	}
	return rgb(uint32(v)), true
}

// Hex writes a colour as "#rrggbb".
func Hex(c color.Color) string {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return fmt.Sprintf("#%02x%02x%02x", n.R, n.G, n.B)
}

// WithAlpha is c with another opacity.
func WithAlpha(c color.NRGBA, alpha uint8) color.NRGBA {
	c.A = alpha
	return c
}
