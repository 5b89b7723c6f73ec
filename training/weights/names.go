package weights

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// variance reports whether a tensor holds a batch norm's variances.
func variance(name string) bool { return strings.HasSuffix(name, ".running_var") }

// tracked reports whether a tensor is PyTorch's count of batches, which no result depends on.
func tracked(name string) bool { return strings.HasSuffix(name, ".num_batches_tracked") }

// prefixes are what programs put before the names of a whole network's tensors.
var prefixes = []string{"module.", "_orig_mod.", "model.", "net.", "backbone."}

// rename gives tensors torchvision's names. It knows those of torchvision itself, of timm (conv_stem, blocks.0.0.conv_dw, ...) and of
// d-li14/mobilenetv2.pytorch (features.1.conv.3, conv.0, classifier). Tensors of other names keep them.
func rename(tensors map[string]Tensor) map[string]Tensor {
	tensors = withoutPrefix(tensors)
	to := func(name string) string { return name }
	if _, ok := tensors["conv_stem.weight"]; ok {
		to = fromTimm
	} else if _, ok := tensors["features.1.conv.3.weight"]; ok {
		to = fromFlat
	}
	renamed := make(map[string]Tensor, len(tensors))
	for name, t := range tensors {
		renamed[to(name)] = t
	}
	return renamed
}

// withoutPrefix takes off what all names have in common of the known prefixes.
func withoutPrefix(tensors map[string]Tensor) map[string]Tensor {
	for again := true; again; {
		again = false
		for _, p := range prefixes {
			if len(tensors) == 0 || !allBegin(tensors, p) {
				continue
			}
			shorter := make(map[string]Tensor, len(tensors))
			for name, t := range tensors {
				shorter[name[len(p):]] = t
			}
			tensors, again = shorter, true
		}
	}
	return tensors
}

func allBegin(tensors map[string]Tensor, prefix string) bool {
	for name := range tensors {
		if !strings.HasPrefix(name, prefix) {
			return false
		}
	}
	return true
}

// mobileNetBlocks is how many blocks each of MobileNet-V2's seven stages has.
var mobileNetBlocks = [7]int{1, 2, 3, 4, 3, 3, 1}

// blockName is torchvision's name of one of the layers of MobileNet-V2's block number n, from 1: "expand", "depthwise" or "project", and of the
// batch norm after it.
func blockName(n int, layer string) (conv, norm string) {
	at := map[string]int{"expand": 0, "depthwise": 1, "project": 2}[layer]
	if n == 1 {
		at-- // the first block doesn't expand
	}
	p := fmt.Sprintf("features.%d.conv.%d", n, at)
	if layer == "project" {
		return p, fmt.Sprintf("features.%d.conv.%d", n, at+1)
	}
	return p + ".0", p + ".1"
}

// fromFlat renames what d-li14's MobileNet-V2 has, whose blocks count convolutions, norms and activations one by one.
func fromFlat(name string) string {
	switch {
	case strings.HasPrefix(name, "conv."):
		return "features.18." + name[len("conv."):]
	case strings.HasPrefix(name, "classifier.") && strings.Count(name, ".") == 1:
		return "classifier.1." + name[len("classifier."):]
	}
	m := flatName.FindStringSubmatch(name)
	if m == nil {
		return name
	}
	n, _ := strconv.Atoi(m[1])
	at, _ := strconv.Atoi(m[2])
	if n == 1 {
		at += 3
	}
	for i, layer := range []string{"expand", "depthwise", "project"} {
		conv, norm := blockName(n, layer)
		switch at {
		case 3 * i:
			return conv + "." + m[3]
		case 3*i + 1:
			return norm + "." + m[3]
		}
	}
	return name
}

var flatName = regexp.MustCompile(`^features\.(\d{1,2})\.conv\.(\d)\.(\w+)$`)

// fromTimm renames what timm's mobilenetv2 has.
func fromTimm(name string) string {
	for _, r := range [][2]string{{"conv_stem.", "features.0.0."}, {"bn1.", "features.0.1."}, {"conv_head.", "features.18.0."}, {"bn2.", "features.18.1."}, {"classifier.", "classifier.1."}} {
		if rest, ok := strings.CutPrefix(name, r[0]); ok {
			return r[1] + rest
		}
	}
	m := timmName.FindStringSubmatch(name)
	if m == nil {
		return name
	}
	stage, _ := strconv.Atoi(m[1])
	n, _ := strconv.Atoi(m[2])
	n++
	for _, blocks := range mobileNetBlocks[:stage] {
		n += blocks
	}
	layers := map[string]string{"conv_pw": "expand", "bn1": "expand", "conv_dw": "depthwise", "bn2": "depthwise", "conv_pwl": "project", "bn3": "project"}
	if n == 1 {
		layers = map[string]string{"conv_dw": "depthwise", "bn1": "depthwise", "conv_pw": "project", "bn2": "project"}
	}
	layer, ok := layers[m[3]]
	if !ok {
		return name
	}
	conv, norm := blockName(n, layer)
	if strings.HasPrefix(m[3], "bn") {
		conv = norm
	}
	return conv + "." + m[4]
}

var timmName = regexp.MustCompile(`^blocks\.([0-6])\.(\d)\.(\w+)\.(\w+)$`)
