package runs

import (
	"fmt"
	"strings"

	"viewfinder/storage/domain"
	"viewfinder/training"
	"viewfinder/training/nn"
)

// PyTorchExample is a program in Python that loads the network that ExportModel wrote to file, and predicts an image. It is "" for a detection,
// whose head PyTorch has no module for, and for an architecture that is not known or that PyTorch has no module for.
func PyTorchExample(view domain.Task, v Version, file string) string {
	o, err := v.TrainingOptions()
	if err != nil || view.HasBoxes() {
		return ""
	}
	size, err := training.ParseResizer(o.Resizer)
	if err != nil {
		return ""
	}
	network, err := nn.Lookup(o.Architecture)
	made := network.PyTorch
	if o.Pooling == nn.PoolingStatistics {
		made = network.PyTorchStatistics
	}
	if err != nil || made == "" {
		return ""
	}
	names := make([]string, len(v.Concepts))
	for i, c := range v.Concepts {
		names[i] = pythonString(c.Name)
	}
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("import sys, torch, torchvision")
	line("from PIL import Image, ImageOps")
	line("from safetensors.torch import load_file")
	line("")
	line("concepts = [%s]", strings.Join(names, ", "))
	line("%s", made)
	line("weights = load_file(%s)", pythonString(file))
	line("net.load_state_dict(weights)")
	line("net.eval()")
	line("")
	line("image = ImageOps.exif_transpose(Image.open(sys.argv[1])).convert(\"RGB\")")
	if size.Pad {
		line("image = ImageOps.pad(image, (%d, %d), Image.BILINEAR)", size.Width, size.Height)
	} else {
		line("image = image.resize((%d, %d), Image.BILINEAR)", size.Width, size.Height)
	}
	line("x = torchvision.transforms.functional.to_tensor(image)")
	line("x = torchvision.transforms.functional.normalize(x, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))")
	line("with torch.no_grad():")
	if view.AnyNumber() {
		line("    shares = net(x[None])[0].sigmoid()")
	} else {
		line("    shares = net(x[None])[0].softmax(0)")
	}
	line("for share, concept in sorted(zip(shares.tolist(), concepts), reverse=True):")
	line("    print(f\"{share:.3f}  {concept}\")")
	return b.String()
}

// pythonString writes a text as a literal of Python.
func pythonString(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, "\\x%02x", r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// FileName makes a name of a version, a view or a concept fit for a file, on every system.
func FileName(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, name)
}
