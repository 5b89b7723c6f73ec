package picture

import (
	"image"
	"image/color"
)

// toRGB returns img as opaque RGB with its origin at (0,0). See the package's
// comment for what becomes of alpha, 16 bit and CMYK.
func toRGB(img image.Image) *image.RGBA {
	b := img.Bounds()
	dst := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	switch src := img.(type) {
	case *image.YCbCr:
		fromYCbCr(dst, src, jpegRGB)
		return dst
	case limitedYCbCr:
		fromYCbCr(dst, src.YCbCr, webpRGB)
		return dst
	}
	row := rowReader(img)
	for y := range b.Dy() {
		out := dst.Pix[y*dst.Stride : y*dst.Stride+4*b.Dx()]
		row(out, b.Min.Y+y)
		for i := 3; i < len(out); i += 4 {
			out[i] = 255
		}
	}
	return dst
}

// rowReader returns a function that writes the RGB of the row y of img; the
// fourth byte of each pixel is left to the caller.
func rowReader(img image.Image) func(out []byte, y int) {
	b := img.Bounds()
	switch src := img.(type) {
	case *image.Gray:
		return func(out []byte, y int) {
			for i, v := range src.Pix[src.PixOffset(b.Min.X, y):][:len(out)/4] {
				out[4*i], out[4*i+1], out[4*i+2] = v, v, v
			}
		}
	case *image.Gray16:
		return func(out []byte, y int) {
			in := src.Pix[src.PixOffset(b.Min.X, y):]
			for i := 0; i < len(out); i += 4 {
				v := in[i/2]
				out[i], out[i+1], out[i+2] = v, v, v
			}
		}
	case *image.NRGBA:
		return func(out []byte, y int) { copy(out, src.Pix[src.PixOffset(b.Min.X, y):]) }
	case *image.NRGBA64:
		return func(out []byte, y int) {
			in := src.Pix[src.PixOffset(b.Min.X, y):]
			for i := 0; i < len(out); i += 4 {
				out[i], out[i+1], out[i+2] = in[2*i], in[2*i+2], in[2*i+4]
			}
		}
	case *image.RGBA:
		return func(out []byte, y int) {
			in := src.Pix[src.PixOffset(b.Min.X, y):]
			for i := 0; i < len(out); i += 4 {
				a := uint32(in[i+3])
				for c := range 3 {
					out[i+c] = unmultiply(uint32(in[i+c]), a, 255)
				}
			}
		}
	case *image.RGBA64:
		return func(out []byte, y int) {
			in := src.Pix[src.PixOffset(b.Min.X, y):]
			for i := 0; i < len(out); i += 4 {
				a := uint32(in[2*i+6])<<8 | uint32(in[2*i+7])
				for c := range 3 {
					out[i+c] = unmultiply(uint32(in[2*i+2*c])<<8|uint32(in[2*i+2*c+1]), a, 0xffff)
				}
			}
		}
	case *image.CMYK:
		return func(out []byte, y int) {
			in := src.Pix[src.PixOffset(b.Min.X, y):]
			for i := 0; i < len(out); i += 4 {
				k := 255 - uint32(in[i+3])
				for c := range 3 {
					v := (255-uint32(in[i+c]))*k + 128 // PIL's rounding: v/255 to the nearest
					out[i+c] = uint8((v + v>>8) >> 8)
				}
			}
		}
	case *image.Paletted:
		palette := make([][3]uint8, 256) // an index beyond the palette is black
		for i, c := range src.Palette[:min(len(src.Palette), 256)] {
			palette[i] = opaque(c)
		}
		return func(out []byte, y int) {
			for i, v := range src.Pix[src.PixOffset(b.Min.X, y):][:len(out)/4] {
				copy(out[4*i:], palette[v][:])
			}
		}
	}
	return func(out []byte, y int) {
		for i := 0; i < len(out); i += 4 {
			c := opaque(img.At(b.Min.X+i/4, y))
			copy(out[i:], c[:])
		}
	}
}

// unmultiply undoes the multiplication of v by alpha a, both up to full.
func unmultiply(v, a, full uint32) uint8 {
	if full == 0xffff && a != full && a != 0 {
		return uint8(min((uint64(v)*0xffff+uint64(a/2))/uint64(a), 0xffff) >> 8)
	}
	switch {
	case full == 0xffff:
		return uint8(v >> 8)
	case a == full || a == 0:
		return uint8(v)
	}
	return uint8(min((v*255+a/2)/a, 255))
}

// opaque returns the colour as it is without its alpha.
func opaque(c color.Color) [3]uint8 {
	switch c := c.(type) {
	case color.NRGBA:
		return [3]uint8{c.R, c.G, c.B}
	case color.NRGBA64:
		return [3]uint8{uint8(c.R >> 8), uint8(c.G >> 8), uint8(c.B >> 8)}
	}
	r, g, b, a := c.RGBA()
	return [3]uint8{unmultiply(r, a, 0xffff), unmultiply(g, a, 0xffff), unmultiply(b, a, 0xffff)}
}
