package onnx

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"viewfinder/training/data"
	"viewfinder/training/nn"
)

// Form is the kind of input that a file takes.
type Form string

// The forms.
const (
	FormPicture Form = "picture" // input "image": uint8 [height][width][3], RGB, upright, of any size
	FormTensor  Form = "tensor"  // input "input": float32 [batch][3][height][width], normalised
)

// Forms lists them, the default first.
func Forms() []Form { return []Form{FormPicture, FormTensor} }

// Operator set and file format: what every runtime since 2021 reads.
const (
	operatorSet = 13
	irVersion   = 8
)

// Model is a trained network and how to write it.
type Model struct {
	Spec    nn.Spec
	State   map[string]nn.Tensor // by torchvision's names
	Labels  []string             // one a class, in the network's order
	Pad     bool                 // whether training kept the aspect of pictures and padded them with black
	Resizer string               // the training's option; for the metadata
	// Threshold is what a confidence has to reach to be a decision; for the metadata.
	Threshold float64
	Name      string // of the model version; for the metadata
	Version   string // of the program; for the metadata

	Form      Form      // "" = FormPicture
	Precision Precision // "" = Float32
	// Raw leaves a detector's decoding and non-maximum suppression out: the output is the joint map "map" [batch][classes+4][h][w].
	Raw bool
}

// Write writes m as one ONNX file. Outputs of classification and tagging: "confidences" [classes], in the form FormTensor [batch][classes]. Outputs of
// detection: "boxes" [found][4] (xmin, ymin, xmax, ymax in fractions of the picture, of the frame in the form FormTensor), "confidences" [found], most
// confident first, and "labels" [found] (int64, places in the metadata's list of labels); FormTensor has "images" [found], the place in the batch, too.
func Write(w io.Writer, m Model) error {
	if m.Form == "" {
		m.Form = FormPicture
	}
	if m.Precision == "" {
		m.Precision = Float32
	}
	if err := m.validate(); err != nil {
		return err
	}
	g := newGraph()
	if err := g.whole(m); err != nil {
		return fmt.Errorf("writing the network as ONNX: %w", err)
	}
	file, err := m.encode(g)
	if err != nil {
		return err
	}
	_, err = w.Write(file)
	return err
}

// encode is the file that holds g.
func (m Model) encode(g *graph) (message, error) {
	meta, err := m.metadata()
	if err != nil {
		return nil, err
	}
	var opset, file message
	opset.text(1, "")
	opset.integer(2, operatorSet)
	file.integer(1, irVersion)
	file.text(2, "Viewfinder")
	file.text(3, m.Version)
	file.text(6, m.description())
	file.bytes(7, g.encode("network"))
	file.bytes(8, opset)
	for _, e := range meta {
		var entry message
		entry.text(1, e[0])
		entry.text(2, e[1])
		file.bytes(14, entry)
	}
	return file, nil
}

func (m Model) validate() error {
	if err := m.Spec.Validate(); err != nil {
		return err
	}
	switch {
	case len(m.Labels) != m.Spec.Classes:
		return fmt.Errorf("writing the network as ONNX: %d labels for %d classes", len(m.Labels), m.Spec.Classes)
	case !slices.Contains(Forms(), m.Form):
		return fmt.Errorf("an ONNX file has no form %q; there are %v", m.Form, Forms())
	case !slices.Contains(Precisions(), m.Precision):
		return fmt.Errorf("an ONNX file has no precision %q; there are %v", m.Precision, Precisions())
	case m.Raw && !m.Spec.Task.HasBoxes():
		return errors.New("only a detector has a raw form: the others have nothing to decode")
	case m.Raw && m.Form == FormPicture:
		return errors.New("the raw form takes the finished tensor: choose the form tensor")
	}
	return nil
}

// whole adds everything from the input to the outputs.
func (g *graph) whole(m Model) error {
	s := m.Spec
	batch := dimension{name: "batch"}
	input, place := "input", placed{}
	if m.Form == FormTensor {
		g.inputs = []message{valueInfo(input, "pictures, normalised", typeFloat, append([]dimension{batch}, fixed(3, s.Height, s.Width)...))}
	} else {
		g.inputs = []message{valueInfo("image", "one upright RGB picture of any size", typeUint8, []dimension{{name: "height"}, {name: "width"}, {size: 3}})}
		place = g.picture("image", m)
		input = place.tensor
	}
	y, err := g.network(m, input)
	if err != nil {
		return err
	}
	out := func(value, name, doc string, kind elementType, shape ...dimension) {
		g.named(value, name)
		g.outputs = append(g.outputs, valueInfo(name, doc, kind, shape))
	}
	if !s.Task.HasBoxes() {
		if s.Task.ExactlyOne() {
			y = g.op("Softmax", []string{y}, attribute{"axis", int64(1)})
		} else {
			y = g.op("Sigmoid", []string{y})
		}
		if m.Form == FormTensor {
			out(y, "confidences", "one for each label, 0 to 1", typeFloat, batch, dimension{size: s.Classes})
		} else {
			out(g.reshape(y, int64(s.Classes)), "confidences", "one for each label, 0 to 1", typeFloat, dimension{size: s.Classes})
		}
		return nil
	}
	h, w, err := mapSize(s)
	if err != nil {
		return err
	}
	if m.Raw {
		out(y, "map", "heatmap logits of each label, then width and height before softplus and the centre's offset, in cells", typeFloat, batch, dimension{size: s.Classes + 4}, dimension{size: h}, dimension{size: w})
		return nil
	}
	f := g.decoded(s, y, h, w)
	n := dimension{name: "found"}
	if m.Form == FormPicture {
		f = g.toPicture(f, place, s)
	}
	out(f.boxes, "boxes", "xmin, ymin, xmax, ymax, fractions from the upper left corner", typeFloat, n, dimension{size: 4})
	out(f.scores, "confidences", "0 to 1, the highest first", typeFloat, n)
	out(f.labels, "labels", "places in the metadata's list of labels", typeInt64, n)
	if m.Form == FormTensor {
		out(f.images, "images", "which picture of the batch", typeInt64, n)
	}
	return nil
}

// mapSize is the size of a detector's joint map.
func mapSize(s nn.Spec) (h, w int, err error) {
	layers, err := nn.Stages(s)
	if err != nil {
		return 0, 0, err
	}
	last := layers[len(layers)-1]
	return last.Height, last.Width, nil
}

// metadata is what a program needs to know beside the graph.
func (m Model) metadata() ([][2]string, error) {
	labels, err := json.Marshal(m.Labels)
	if err != nil {
		return nil, err
	}
	input := "uint8 RGB, height x width x 3, upright, any size; resizing and normalisation are inside"
	if m.Form == FormTensor {
		input = fmt.Sprintf("float32 RGB, batch x 3 x height x width: value/255, minus %v, by %v; resized by an antialiased bilinear filter", data.Mean, data.Deviation)
	}
	return [][2]string{
		{"labels", string(labels)}, {"task", string(m.Spec.Task)}, {"architecture", m.Spec.Architecture}, {"resizer", m.Resizer}, {"input", input},
		{"threshold", strconv.FormatFloat(m.Threshold, 'g', -1, 64)}, {"precision", string(m.Precision)}, {"name", m.Name},
	}, nil
}

func (m Model) description() string {
	return fmt.Sprintf("%s: a %s network (%s), trained with Viewfinder", m.Name, m.Spec.Task, m.Spec.Architecture)
}
