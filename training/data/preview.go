package data

import "image"

// Preview shows what becomes of a picture: brought to the frame, then augmented as the given draw of the seed.
func Preview(src *image.RGBA, f Frame, augment []string, seed uint64, draw int) (*image.RGBA, error) {
	a, err := NewAugmenter(augment, f)
	if err != nil {
		return nil, err
	}
	fitted, _ := Fit(src, nil, f)
	in, out := make([]byte, f.bytes()), make([]byte, f.bytes())
	rgb(in, fitted)
	a.Pixels(a.Draw(seed, draw, 0), out, in)
	dst := image.NewRGBA(image.Rect(0, 0, f.Width, f.Height))
	for i := range f.Width * f.Height {
		dst.Pix[4*i], dst.Pix[4*i+1], dst.Pix[4*i+2], dst.Pix[4*i+3] = out[3*i], out[3*i+1], out[3*i+2], 255
	}
	return dst, nil
}
