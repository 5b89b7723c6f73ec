package nn

import (
	"fmt"
	"log/slog"
	"strings"

	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

// plan is the choices that results depend on to the last bit: the variant of the device's kernels, the form of each convolution,
// and whether neighbours are fused.
type plan struct {
	device backend.Kernels
	forms  map[string]kernels.Forms // by the convolution's shape; not in it: chosen by rule
	fused  bool                     // see fuse; plans of older runs lack it
	order  []string
}

const planVersion = "1"

// parsePlan reads a plan for a device; "" is a new one.
func parsePlan(device backend.Kernels, s string) (plan, error) {
	p := plan{device: device, forms: map[string]kernels.Forms{}}
	if s == "" {
		p.fused = true
		return p, nil
	}
	fields := strings.Fields(s)
	if len(fields) < 2 || fields[0] != "plan="+planVersion {
		return p, fmt.Errorf("%w: a plan of another version: %.40q", ErrSpec, s)
	}
	if variant := strings.TrimPrefix(fields[1], "kernels="); variant != device.Variant() {
		slog.Warn("the run was made with other kernels, so it is not repeated to the bit", "then", variant, "now", device.Variant())
		p.fused = true
		return p, nil
	}
	for _, f := range fields[2:] {
		key, value, ok := strings.Cut(f, "=")
		if !ok {
			return p, fmt.Errorf("%w: plan entry %.80q", ErrSpec, f)
		}
		if key == "fused" {
			p.fused = value == "1"
			continue
		}
		forms, err := kernels.ParseForms(value)
		if err != nil {
			return p, fmt.Errorf("%w: plan: %v", ErrSpec, err)
		}
		p.set(key, forms)
	}
	return p, nil
}

func (p *plan) set(key string, f kernels.Forms) {
	if _, ok := p.forms[key]; !ok {
		p.order = append(p.order, key)
	}
	p.forms[key] = f
}

// choose gives s the forms that the plan has for it; without any, the rule's, which it notes.
func (p *plan) choose(s kernels.ConvShape) kernels.ConvShape {
	key := fmt.Sprintf("%dx%dx%dx%d-%d:%dx%d/%d:%d", s.N, s.H, s.W, s.C, s.K, s.KH, s.KW, s.StrideH, s.Groups)
	f, ok := p.forms[key]
	if !ok {
		f = p.device.Resolve(s).Forms
		p.set(key, f)
	}
	s.Forms = f
	return s
}

// String is what parsePlan reads.
func (p *plan) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "plan=%s kernels=%s", planVersion, p.device.Variant())
	if p.fused {
		b.WriteString(" fused=1")
	}
	for _, key := range p.order {
		fmt.Fprintf(&b, " %s=%s", key, p.forms[key])
	}
	return b.String()
}
