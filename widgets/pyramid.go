package widgets

import (
	"encoding/binary"
	"image"
	"math"
	"runtime"
	"sync"
)

// Pyramid is an image ready to be drawn at any size: the image itself and versions of half, a quarter … of its size, so
// that a 50-megapixel photo costs no more to draw than what can be seen of it. Making one takes as long as reading each
// pixel once: do it off the window's thread. A Picture is not changed afterwards and may be shared.
type Pyramid struct {
	levels []*image.RGBA
}

// NewPyramid makes the smaller versions of img, which must not be changed afterwards. An image without pixels gives nil.
func NewPyramid(img *image.RGBA) *Pyramid {
	if img == nil || img.Rect.Empty() {
		return nil
	}
	if img.Rect.Min != (image.Point{}) {
		whole := *img
		whole.Pix = img.Pix[img.PixOffset(img.Rect.Min.X, img.Rect.Min.Y):]
		whole.Rect = image.Rect(0, 0, img.Rect.Dx(), img.Rect.Dy())
		img = &whole
	}
	p := &Pyramid{levels: []*image.RGBA{img}}
	for img.Rect.Dx() > 64 && img.Rect.Dy() > 64 {
		img = half(img)
		p.levels = append(p.levels, img)
	}
	return p
}

// Size is the image's, in pixels.
func (p *Pyramid) Size() (w, h int) {
	if p == nil {
		return 0, 0
	}
	return p.levels[0].Rect.Dx(), p.levels[0].Rect.Dy()
}

// Bytes is what the image takes in memory.
func (p *Pyramid) Bytes() int64 {
	if p == nil {
		return 0
	}
	n := int64(0)
	for _, l := range p.levels {
		n += int64(len(l.Pix))
	}
	return n
}

// half averages two by two pixels; an odd last row or column is left out.
func half(src *image.RGBA) *image.RGBA {
	w, h := src.Rect.Dx()/2, src.Rect.Dy()/2
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	rows(h, func(from, to int) {
		for y := from; y < to; y++ {
			a := src.Pix[2*y*src.Stride:][: 8*w : 8*w]
			b := src.Pix[(2*y+1)*src.Stride:][: 8*w : 8*w]
			d := dst.Pix[y*dst.Stride:][: 4*w : 4*w]
			for x := 0; x < w; x++ {
				i, o := 8*x, 4*x
				d[o] = uint8((uint32(a[i]) + uint32(a[i+4]) + uint32(b[i]) + uint32(b[i+4]) + 2) >> 2)
				d[o+1] = uint8((uint32(a[i+1]) + uint32(a[i+5]) + uint32(b[i+1]) + uint32(b[i+5]) + 2) >> 2)
				d[o+2] = uint8((uint32(a[i+2]) + uint32(a[i+6]) + uint32(b[i+2]) + uint32(b[i+6]) + 2) >> 2)
				d[o+3] = uint8((uint32(a[i+3]) + uint32(a[i+7]) + uint32(b[i+3]) + uint32(b[i+7]) + 2) >> 2)
			}
		}
	})
	return dst
}

// rows shares n rows among the processors.
func rows(n int, f func(from, to int)) {
	workers := min(runtime.GOMAXPROCS(0), 4, (n+63)/64)
	if workers <= 1 {
		f(0, n)
		return
	}
	var wg sync.WaitGroup
	for i := range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			f(n*i/workers, n*(i+1)/workers)
		}()
	}
	wg.Wait()
}

// tone is how the display changes each colour value; nil changes nothing.
type tone *[256]uint8

// newTone makes a tone; brightness and contrast from -1 to 1, both 0 give nil.
func newTone(brightness, contrast float64) tone {
	if brightness == 0 && contrast == 0 {
		return nil
	}
	slope := math.Tan((math.Max(-0.98, math.Min(0.98, contrast)) + 1) * math.Pi / 4)
	var t [256]uint8
	for i := range t {
		v := (float64(i)/255-0.5)*slope + 0.5 + brightness*0.7
		t[i] = uint8(math.Max(0, math.Min(255, math.Round(v*255))))
	}
	return &t
}

// drawInto fills all of dst: the pixel (x, y) of dst shows the image's point ((x-ox)/scale, (y-oy)/scale), where ox, oy
// is the image's corner in dst and scale the size of one of its pixels; outside the image dst is backdrop. It
// averages when the image is made smaller, interpolates when it is made a little larger, and from three times on shows
// the pixels as squares. quick takes the nearest pixel: several times faster, for while something moves.
func (p *Pyramid) drawInto(dst *image.RGBA, ox, oy, scale float64, backdrop [4]uint8, t tone, quick bool) {
	w, h := dst.Rect.Dx(), dst.Rect.Dy()
	if w == 0 || h == 0 {
		return
	}
	if p == nil || scale <= 0 {
		fillRows(dst, 0, h, 0, w, backdrop)
		return
	}
	level := 0
	for level+1 < len(p.levels) && scale*math.Exp2(float64(level)) < 0.55 {
		level++
	}
	src := p.levels[level]
	full := p.levels[0].Rect
	sw, sh := src.Rect.Dx(), src.Rect.Dy()
	stepX := float64(sw) / (float64(full.Dx()) * scale)
	stepY := float64(sh) / (float64(full.Dy()) * scale)
	x0, x1 := span(ox, float64(full.Dx())*scale, w)
	y0, y1 := span(oy, float64(full.Dy())*scale, h)
	smooth := !quick && scale*math.Exp2(float64(level)) < 3
	cols := columns(x0, x1, ox, stepX, sw, smooth)
	rows(h, func(from, to int) {
		for y := from; y < to; y++ {
			if y < y0 || y >= y1 {
				fillRows(dst, y, y+1, 0, w, backdrop)
				continue
			}
			fillRows(dst, y, y+1, 0, x0, backdrop)
			fillRows(dst, y, y+1, x1, w, backdrop)
			out := dst.Pix[y*dst.Stride+4*x0 : y*dst.Stride+4*x1]
			v := (float64(y) + 0.5 - oy) * stepY
			if smooth {
				blendRow(out, src, v, cols)
			} else {
				nearestRow(out, src, v, cols)
			}
			if t != nil {
				for i := 0; i+3 < len(out); i += 4 {
					out[i], out[i+1], out[i+2] = t[out[i]], t[out[i+1]], t[out[i+2]]
				}
			}
		}
	})
}

// span is the whole pixels of 0..n that [origin, origin+size) covers.
func span(origin, size float64, n int) (from, to int) {
	from = max(0, min(n, int(math.Round(origin))))
	to = max(from, min(n, int(math.Round(origin+size))))
	return from, to
}

// column says where a column of the target comes from: the offsets of its two source pixels and the second one's share of 256.
type column struct{ a, b, share int32 }

func columns(from, to int, origin, step float64, n int, smooth bool) []column {
	cols := make([]column, to-from)
	for i := range cols {
		u := (float64(from+i) + 0.5 - origin) * step
		if !smooth {
			a := int32(max(0, min(n-1, int(u)))) * 4
			cols[i] = column{a, a, 0}
			continue
		}
		u -= 0.5
		f := math.Floor(u)
		a := max(0, min(n-1, int(f)))
		b := max(0, min(n-1, int(f)+1))
		cols[i] = column{int32(a) * 4, int32(b) * 4, int32((u - f) * 256)}
	}
	return cols
}

func nearestRow(out []uint8, src *image.RGBA, v float64, cols []column) {
	y := max(0, min(src.Rect.Dy()-1, int(v)))
	line := src.Pix[y*src.Stride:]
	for i, c := range cols {
		binary.LittleEndian.PutUint32(out[4*i:], binary.LittleEndian.Uint32(line[c.a:]))
	}
}

func blendRow(out []uint8, src *image.RGBA, v float64, cols []column) {
	v -= 0.5
	f := math.Floor(v)
	h := src.Rect.Dy()
	ya, yb := max(0, min(h-1, int(f))), max(0, min(h-1, int(f)+1))
	q := uint32((v - f) * 256)
	p := 256 - q
	la, lb := src.Pix[ya*src.Stride:], src.Pix[yb*src.Stride:]
	for i, c := range cols {
		s := uint32(c.share)
		r := 256 - s
		a, b := la[c.a:c.a+4:c.a+4], la[c.b:c.b+4:c.b+4]
		d, e := lb[c.a:c.a+4:c.a+4], lb[c.b:c.b+4:c.b+4]
		o := out[4*i : 4*i+4 : 4*i+4]
		o[0] = uint8(((uint32(a[0])*r+uint32(b[0])*s)*p + (uint32(d[0])*r+uint32(e[0])*s)*q + 1<<15) >> 16)
		o[1] = uint8(((uint32(a[1])*r+uint32(b[1])*s)*p + (uint32(d[1])*r+uint32(e[1])*s)*q + 1<<15) >> 16)
		o[2] = uint8(((uint32(a[2])*r+uint32(b[2])*s)*p + (uint32(d[2])*r+uint32(e[2])*s)*q + 1<<15) >> 16)
		o[3] = 0xff
	}
}

func fillRows(dst *image.RGBA, y0, y1, x0, x1 int, c [4]uint8) {
	v := binary.LittleEndian.Uint32(c[:])
	for y := y0; y < y1; y++ {
		line := dst.Pix[y*dst.Stride+4*x0 : y*dst.Stride+4*x1]
		for i := 0; i+3 < len(line); i += 4 {
			binary.LittleEndian.PutUint32(line[i:], v)
		}
	}
}
