package descriptor

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"
)

// paint makes a picture of a function of its pixels.
func paint(w, h int, at func(x, y int) color.RGBA) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, at(x, y))
		}
	}
	return img
}

func noise(w, h int, seed uint64) *image.RGBA {
	r := rand.New(rand.NewPCG(seed, 1))
	return paint(w, h, func(x, _ int) color.RGBA {
		return color.RGBA{uint8(r.IntN(256)), uint8(r.IntN(200)), uint8(x * 255 / w), 255}
	})
}

func distance(a, b []float32) float64 {
	sum := 0.0
	for i := range a {
		sum += float64((a[i] - b[i]) * (a[i] - b[i]))
	}
	return math.Sqrt(sum)
}

// Each histogram's shares add to 1, and each direction's to at most that, in pictures of any size.
func TestSharesAddUp(t *testing.T) {
	sum := 0
	for _, size := range Blocks() {
		sum += size
	}
	if sum != Size {
		t.Fatalf("the blocks are %d numbers of %d", sum, Size)
	}
	for _, size := range [][2]int{{1, 1}, {3, 900}, {5000, 2}, {40, 40}, {256, 192}, {700, 500}} {
		d := Describe(noise(size[0], size[1], 1))
		if len(d) != Size {
			t.Fatalf("%v: %d numbers", size, len(d))
		}
		at := 0
		histogram := func(n int) {
			total := 0.0
			for _, v := range d[at : at+n] {
				total += float64(v) * float64(v)
			}
			if math.Abs(total-1) > 1e-5 {
				t.Errorf("%v: the histogram at %d adds to %v", size, at, total)
			}
			at += n
		}
		for range 6 {
			histogram(bins)
		}
		histogram(togetherSize)
		for range 9 {
			histogram(kinds)
		}
		for range 2 * scales {
			histogram(strengths)
			total := 0.0
			for k := range directions {
				total += float64(d[at+k])
				if k > 0 && d[at+k] > d[at+k-1] {
					t.Errorf("%v: directions do not fall at %d", size, at)
				}
			}
			if total > 1+1e-5 {
				t.Errorf("%v: directions add to %v", size, total)
			}
			at += directions
		}
	}
}

// A picture looks the same turned and mirrored, and unlike another texture or colour.
func TestTurnedLooksTheSame(t *testing.T) {
	const n = 128
	stripes := func(width int, c color.RGBA) *image.RGBA {
		return paint(n, n, func(x, _ int) color.RGBA {
			if x/width%2 == 0 {
				return color.RGBA{230, 230, 230, 255}
			}
			return c
		})
	}
	red, blue := color.RGBA{200, 30, 30, 255}, color.RGBA{30, 30, 200, 255}
	src := stripes(8, red)
	turned := paint(n, n, func(x, y int) color.RGBA { return src.RGBAAt(y, n-1-x) })
	mirrored := paint(n, n, func(x, y int) color.RGBA { return src.RGBAAt(n-1-x, y) })
	d := Describe(src)
	for name, same := range map[string]*image.RGBA{"turned": turned, "mirrored": mirrored} {
		if away := distance(d, Describe(same)); away > 0.1 {
			t.Errorf("%s: %v away", name, away)
		}
	}
	for name, other := range map[string]*image.RGBA{"finer": stripes(2, red), "blue": stripes(8, blue)} {
		if away := distance(d, Describe(other)); away < 0.5 {
			t.Errorf("%s: only %v away", name, away)
		}
	}
}

// Colours as OpenCV 4.6 converts them (COLOR_RGB2HSV, COLOR_RGB2LAB on bytes), give or take its rounding.
func TestColours(t *testing.T) {
	for _, c := range []struct{ rgb, hsv, lab [3]uint8 }{
		{[3]uint8{255, 0, 0}, [3]uint8{0, 255, 255}, [3]uint8{136, 208, 195}},
		{[3]uint8{0, 255, 0}, [3]uint8{60, 255, 255}, [3]uint8{224, 42, 211}},
		{[3]uint8{0, 0, 255}, [3]uint8{120, 255, 255}, [3]uint8{82, 207, 20}},
		{[3]uint8{128, 128, 128}, [3]uint8{0, 0, 128}, [3]uint8{137, 128, 128}},
		{[3]uint8{200, 120, 40}, [3]uint8{15, 204, 200}, [3]uint8{148, 153, 182}},
		{[3]uint8{10, 20, 30}, [3]uint8{105, 170, 30}, [3]uint8{15, 128, 120}},
	} {
		var hsv, lab [3]uint8
		hsv[0], hsv[1], hsv[2] = toHSV(c.rgb[0], c.rgb[1], c.rgb[2])
		lab[0], lab[1], lab[2] = toLab(c.rgb[0], c.rgb[1], c.rgb[2])
		for k := range 3 {
			if abs(hsv[k], c.hsv[k]) > 1 || abs(lab[k], c.lab[k]) > 1 {
				t.Errorf("%v: %v and %v, not %v and %v", c.rgb, hsv, lab, c.hsv, c.lab)
				break
			}
		}
	}
}

func abs(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }

// A bright point has eight darker neighbours, a flat plane none, an edge some next to each other, and a chequered ground no simple pattern.
func TestPatterns(t *testing.T) {
	const n = 9
	plane := func(at func(x, y int) uint8) []uint8 {
		p := make([]uint8, n*n)
		for i := range p {
			p[i] = at(i%n, i/n)
		}
		return p
	}
	for _, c := range []struct {
		name  string
		plane []uint8
		want  map[int]int
	}{
		{"flat", plane(func(_, _ int) uint8 { return 7 }), map[int]int{8: 25}},
		// A lone point has no neighbour as bright; around it all are at least as bright.
		{"point", plane(func(x, y int) uint8 {
			if x == 4 && y == 4 {
				return 200
			}
			return 7
		}), map[int]int{0: 1, 8: 24}},
		// The column on the bright side of the edge sees five neighbours as bright as itself.
		{"edge", plane(func(x, _ int) uint8 {
			if x >= 4 {
				return 200
			}
			return 7
		}), map[int]int{5: 5, 8: 20}},
		// A bright square sees its diagonals only, which are interpolated half way to its darker sides.
		{"chequered", plane(func(x, y int) uint8 { return uint8((x + y) % 2 * 200) }), map[int]int{0: 12, 8: 13}},
	} {
		got := patterns(c.plane, n, n, 1)
		for kind, count := range got {
			if count != c.want[kind] {
				t.Errorf("%s: %v, not %v", c.name, got, c.want)
				break
			}
		}
	}
	simple := 0
	for _, k := range kindOf {
		if k <= neighbours {
			simple++
		}
	}
	if simple != 58 {
		t.Errorf("%d patterns of 256 are uniform, not 58", simple)
	}
}

func BenchmarkDescribe(b *testing.B) {
	img := noise(640, 480, 1)
	for b.Loop() {
		Describe(img)
	}
}
