package weights

import (
	"fmt"
	"slices"
	"strings"

	"viewfinder/storage/domain"
	"viewfinder/training/nn"
)

// candidates are the architectures that networks from elsewhere have.
var candidates = []string{"mobilenet_v2_035", "mobilenet_v2_050", "mobilenet_v2_100", "resnet18"}

// fit finds the architecture that tensors with torchvision's names are of, and sorts them into n.
func (n *Network) fit(tensors map[string]Tensor) error {
	classes, head := headOf(tensors)
	closest, missing := "", []string(nil)
	for _, name := range candidates {
		lacking, err := n.fitTo(name, classes, head, tensors)
		if err != nil {
			return err
		}
		if lacking == nil {
			return finite(n.Tensors)
		}
		if closest == "" || len(lacking) < len(missing) {
			closest, missing = name, lacking
		}
	}
	n.Tensors, n.Left, n.Head = nil, nil, false
	return refuse("it is none of %s; %s is the closest, and %s", strings.Join(candidates, ", "), closest, missing[0])
}

// headOf is how many classes the last layer has.
func headOf(tensors map[string]Tensor) (classes int, head bool) {
	for _, name := range headWeights {
		if t, ok := tensors[name]; ok && len(t.Shape) == 2 && t.Shape[0] >= 1 && t.Shape[0] <= nn.MaxClasses {
			return t.Shape[0], true
		}
	}
	return 2, false
}

// fitTo tries one architecture and returns what of its backbone the tensors lack, a sentence each; nil: nothing, and n has them.
func (n *Network) fitTo(architecture string, classes int, head bool, tensors map[string]Tensor) (lacking []string, err error) {
	layout, err := nn.Layout(nn.Spec{Architecture: architecture, Task: domain.Tagging, Classes: classes, Height: 64, Width: 64})
	if err != nil {
		return nil, fmt.Errorf("laying out %s: %w", architecture, err)
	}
	taken := map[string]Tensor{}
	whole := true // the head
	for _, want := range layout {
		if tracked(want.Name) {
			continue
		}
		t, ok := tensors[want.Name]
		fits := ok && slices.Equal(t.Shape, want.Shape)
		switch {
		case fits:
			taken[want.Name] = t
		case isHead(want.Name):
			whole = false
		case !ok:
			lacking = append(lacking, fmt.Sprintf("it lacks %q", want.Name))
		default:
			lacking = append(lacking, fmt.Sprintf("its %q has the shape %v where %v is needed", want.Name, t.Shape, want.Shape))
		}
	}
	if lacking != nil {
		return lacking, nil
	}
	n.Architecture, n.Tensors, n.Head, n.Left = architecture, taken, head && whole, nil
	if !n.Head {
		for name := range taken {
			if isHead(name) {
				delete(taken, name)
			}
		}
	}
	for name := range tensors {
		if _, ok := taken[name]; !ok && !tracked(name) {
			n.Left = append(n.Left, name)
		}
	}
	slices.Sort(n.Left)
	if info, err := nn.Lookup(architecture); err == nil && n.Title == "" {
		n.Title = info.Title
	}
	return nil, nil
}

// isHead reports whether a tensor is the last layer's.
func isHead(name string) bool {
	return strings.HasPrefix(name, "classifier.") || strings.HasPrefix(name, "fc.")
}
