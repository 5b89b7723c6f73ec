package data

// ImageNet's statistics, by which every network here expects its input: (value/255 - mean) / deviation.
var (
	Mean      = [3]float32{0.485, 0.456, 0.406}
	Deviation = [3]float32{0.229, 0.224, 0.225}
)

// levels holds the normalised value of each byte in each channel.
var levels = func() (l [3][256]float32) {
	for c := range l {
		for v := range l[c] {
			l[c][v] = (float32(v)/255 - Mean[c]) / Deviation[c]
		}
	}
	return l
}()

// Normalise writes RGB bytes as the network's input, the same order.
func Normalise(dst []float32, rgb []byte) {
	r, g, b := &levels[0], &levels[1], &levels[2]
	dst = dst[:len(rgb)]
	for i := 0; i+2 < len(rgb); i += 3 {
		dst[i], dst[i+1], dst[i+2] = r[rgb[i]], g[rgb[i+1]], b[rgb[i+2]]
	}
}

// normaliseMirrored does the same with each row of w pixels turned round.
func normaliseMirrored(dst []float32, rgb []byte, w int) {
	r, g, b := &levels[0], &levels[1], &levels[2]
	for row := 0; row < len(rgb); row += 3 * w {
		in, out := rgb[row:row+3*w], dst[row:row+3*w]
		for x := 0; x < 3*w; x += 3 {
			k := 3*w - 3 - x
			out[x], out[x+1], out[x+2] = r[in[k]], g[in[k+1]], b[in[k+2]]
		}
	}
}
