package descriptor

const (
	bins = 16 // of one channel
	// A colour's bins of hue, saturation and value together.
	hues, saturations, values = 12, 4, 4

	channelSize  = 6 * bins
	togetherSize = hues * saturations * values
	colourSize   = channelSize + togetherSize
)

// appendColours appends histograms: of each channel in both colour spaces, and of hue, saturation and value together.
func appendColours(d []float32, p *planes) []float32 {
	for _, plane := range [...][]uint8{p.hsv[0], p.hsv[1], p.hsv[2], p.lab[0], p.lab[1], p.lab[2]} {
		var counts [bins]int
		for _, v := range plane {
			counts[int(v)*bins/256]++
		}
		d = appendHistogram(d, counts[:])
	}
	var counts [togetherSize]int
	for i, h := range p.hsv[0] {
		s, v := int(p.hsv[1][i])*saturations/256, int(p.hsv[2][i])*values/256
		counts[(int(h)*hues/180*saturations+s)*values+v]++
	}
	return appendHistogram(d, counts[:])
}
