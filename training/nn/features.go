package nn

import "viewfinder/training/kernels"

// Features is the last feature map of the last Forward, valid until the next: what the network averages over the picture
// before its one linear layer; of a detector, its backbone's coarsest map. It is [batch][Height][Width][Channels].
type Features struct {
	Data                    []float32
	Height, Width, Channels int
}

// Features returns the last feature map.
func (p *Predictor) Features() Features {
	b := p.last.b
	shape, buffer := b.features.Shape(), b.given[b.features]
	data := p.features[:buffer.Len]
	if !p.hasFeatures {
		// A device that is lost reports it at the next Forward.
		p.hasFeatures = p.device.Download(buffer, data) == nil
	}
	return Features{Data: data, Height: shape[1], Width: shape[2], Channels: shape[3]}
}

// Of is the map of image i of the batch, [Height][Width][Channels].
func (f Features) Of(i int) []float32 {
	size := f.Height * f.Width * f.Channels
	return f.Data[i*size : (i+1)*size]
}

// Mean is the average of image i's map over the picture: one value a channel, added to dst[:0].
func (f Features) Mean(i int, dst []float32) []float32 {
	dst = append(dst[:0], make([]float32, f.Channels)...)
	for cell := f.Of(i); len(cell) > 0; cell = cell[f.Channels:] {
		for c, v := range cell[:f.Channels] {
			dst[c] += v
		}
	}
	scale := 1 / float32(f.Height*f.Width)
	for c := range dst {
		dst[c] *= scale
	}
	return dst
}

// Vector is what the last layer stands on for image i of the last Forward, Network.FeatureSize numbers added to dst[:0]: Features' Mean, and statistics of earlier maps
// where Spec.Pooling asks for them. It is empty for detection.
func (p *Predictor) Vector(i int, dst []float32) []float32 {
	switch {
	case p.net.spec.Task.HasBoxes():
		return dst[:0]
	case !p.net.spec.pools():
		return p.Features().Mean(i, dst)
	}
	if !p.hasVector {
		b := p.last.b
		buffer := b.given[b.vector]
		p.hasVector = p.device.Download(buffer, p.vector[:buffer.Len]) == nil // see Features
	}
	size := p.net.FeatureSize()
	return append(dst[:0], p.vector[i*size:(i+1)*size]...)
}

// ActivationMap is what each place of image i of the last Forward adds to the logit of a class: the class activation map of
// Zhou et al., "Learning Deep Features for Discriminative Localization" (2016). It is [height][width] at the size of
// Features, and its sum is the logit less the bias and less what the statistics of earlier maps add, where the network pools them. For detection it is the class's heatmap as scores from 0 to 1, at the
// detector's own size.
func (p *Predictor) ActivationMap(i, class int) (values []float32, height, width int) {
	if p.net.spec.Task.HasBoxes() {
		return p.heatmap(i, class)
	}
	f := p.Features()
	w := p.last.b.last[0].data[class*p.net.FeatureSize():][:f.Channels]
	values = make([]float32, f.Height*f.Width)
	scale := 1 / float64(len(values))
	for at, cell := 0, f.Of(i); len(cell) > 0; at, cell = at+1, cell[f.Channels:] {
		sum := 0.0
		for c, v := range cell[:f.Channels] {
			sum += float64(v) * float64(w[c])
		}
		values[at] = float32(sum * scale)
	}
	return values, f.Height, f.Width
}

func (p *Predictor) heatmap(i, class int) (values []float32, height, width int) {
	m := p.joint
	size := m.classes + boxValues
	values = make([]float32, m.h*m.w)
	image := p.out[i*len(p.out)/p.batch:]
	for cell := range values {
		values[cell] = float32(kernels.Sigmoid(float64(image[cell*size+class])))
	}
	return values, m.h, m.w
}

// Bias is what the linear layer adds to a class's logit whatever the picture; 0 for detection.
func (p *Predictor) Bias(class int) float32 {
	if p.net.spec.Task.HasBoxes() {
		return 0
	}
	return p.last.b.last[1].data[class]
}
