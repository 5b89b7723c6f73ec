package weights

import (
	"encoding/json"
	"math"
)

// kerasLayer is a layer of a Keras model as its JSON describes it; a model within a model is a layer with layers.
type kerasLayer struct {
	Class  string `json:"class_name"`
	Config struct {
		Name       string          `json:"name"`
		Layers     []kerasLayer    `json:"layers"`
		Epsilon    float64         `json:"epsilon"`
		Activation string          `json:"activation"`
		Units      int             `json:"units"`
		Input      json.RawMessage `json:"batch_input_shape"`
	} `json:"config"`
}

// maxDepth is how deep models may lie in one another; Teachable Machine's have three levels.
const maxDepth = 8

// walk calls f for each layer that holds no others, in order.
func (l kerasLayer) walk(depth int, f func(kerasLayer)) error {
	if depth > maxDepth {
		return refuse("its layers lie more than %d deep in one another", maxDepth)
	}
	if l.Config.Layers == nil {
		f(l)
	}
	for _, inner := range l.Config.Layers {
		if err := inner.walk(depth+1, f); err != nil {
			return err
		}
	}
	return nil
}

// input is the shape of the pictures that a model takes, without the batch; nil where it doesn't state it.
func (l kerasLayer) input() (shape []int) {
	_ = l.walk(0, func(l kerasLayer) {
		var all []*int
		if shape != nil || json.Unmarshal(l.Config.Input, &all) != nil || len(all) != 4 {
			return
		}
		for _, d := range all[1:] {
			if d == nil {
				shape = append(shape, 0)
				continue
			}
			shape = append(shape, *d)
		}
	})
	return shape
}

// epsilons are those of the batch norms, by name.
func (l kerasLayer) epsilons() (map[string]float64, error) {
	all := map[string]float64{}
	err := l.walk(0, func(l kerasLayer) {
		if l.Class == "BatchNormalization" {
			all[l.Config.Name] = l.Config.Epsilon
		}
	})
	return all, err
}

// mobileNet takes the backbone out of the tensors of Keras applications' MobileNetV2, under torchvision's names.
func (l kerasLayer) mobileNet(tensors map[string]Tensor) (map[string]Tensor, error) {
	epsilons, err := l.epsilons()
	if err != nil {
		return nil, err
	}
	out := map[string]Tensor{}
	for _, layer := range mobileNetLayers() {
		conv, norm := layer.kerasName()
		kernel, turned := conv+"/kernel", turnedConv
		if layer.layer == "depthwise" {
			kernel, turned = conv+"/depthwise_kernel", turnedDepthwise
		}
		t, ok := tensors[kernel]
		if !ok {
			return nil, refuse("it has no tensor %q, so its backbone is not MobileNetV2", kernel)
		}
		if out[layer.conv+".weight"], err = turned(t); err != nil {
			return nil, err
		}
		epsilon, ok := epsilons[norm]
		if !ok || !(epsilon >= 0 && epsilon < 1) || math.IsNaN(epsilon) {
			return nil, refuse("it doesn't tell the epsilon of %q", norm)
		}
		for ours, theirs := range map[string]string{"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"} {
			t, ok := tensors[norm+"/"+theirs]
			if !ok {
				return nil, refuse("it has no tensor %q", norm+"/"+theirs)
			}
			if ours == "running_var" {
				for i, v := range t.Data {
					if v < 0 {
						return nil, refuse("value %d of %q is %v, and a variance cannot be below zero", i, norm+"/"+theirs, v)
					}
				}
				t = variances(t, epsilon)
			}
			out[layer.norm+"."+ours] = t
		}
	}
	return out, nil
}
