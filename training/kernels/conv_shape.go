package kernels

import (
	"fmt"
	"strings"
)

// ConvShape is a two-dimensional convolution: input [N][H][W][C], output [N][OutH][OutW][K], weights
// [K][C/Groups][KH][KW], zero padding PadH and PadW on both sides. Groups == C == K is depthwise convolution. Groups 0
// counts as 1, strides of 0 as 1. Forms is how it is computed; its zero value leaves that to a rule.
type ConvShape struct {
	N, H, W, C, K, KH, KW, StrideH, StrideW, PadH, PadW, Groups int
	Forms                                                       Forms
}

// Form is a way to compute a convolution. Forms differ in speed and in rounding, so whoever wants a run repeated to the
// bit records them (see Forms.String) and sets them again.
type Form uint8

const (
	Auto      Form = iota // chosen by a rule from the shape
	Direct                // implicit matrix product, no rearranged copy of the input
	Winograd2             // F(2x2, 3x3): 16 multiplications instead of 36; 3x3, stride 1, one group, channels in sixteens only
	Winograd3             // F(3x3, 3x3): 25 instead of 81; as Winograd2
	Winograd4             // F(4x4, 3x3): 36 instead of 144; as Winograd2
)

var formNames = [...]string{"auto", "direct", "winograd2", "winograd3", "winograd4"}

func (f Form) String() string { return formNames[f] }

// Forms are the forms of a convolution's forward pass, its gradient by the input and its gradient by the weights.
type Forms struct{ Forward, Input, Weights Form }

// String writes the forms as "direct/winograd4/auto"; ParseForms reads it.
func (f Forms) String() string {
	return f.Forward.String() + "/" + f.Input.String() + "/" + f.Weights.String()
}

// ParseForms reads what Forms.String wrote.
func ParseForms(s string) (Forms, error) {
	var got [3]Form
	parts := strings.Split(s, "/")
	if len(parts) != 3 {
		return Forms{}, fmt.Errorf("convolution forms %q: want forward/input/weights", s)
	}
	for i, part := range parts {
		found := false
		for f, name := range formNames {
			if part == name {
				got[i], found = Form(f), true
			}
		}
		if !found {
			return Forms{}, fmt.Errorf("convolution forms %q: unknown form %q", s, part)
		}
	}
	return Forms{got[0], got[1], got[2]}, nil
}

// OutH is the height of the output.
func (s ConvShape) OutH() int { return (s.H+2*s.PadH-s.KH)/max(s.StrideH, 1) + 1 }

// OutW is the width of the output.
func (s ConvShape) OutW() int { return (s.W+2*s.PadW-s.KW)/max(s.StrideW, 1) + 1 }

// InputLen, OutputLen and WeightLen are the lengths of x, y and w.
func (s ConvShape) InputLen() int { return s.N * s.H * s.W * s.C }

// OutputLen is the length of y.
func (s ConvShape) OutputLen() int { return s.N * s.OutH() * s.OutW() * s.K }

// WeightLen is the length of w.
func (s ConvShape) WeightLen() int { return s.K * s.C / max(s.Groups, 1) * s.KH * s.KW }

// Flops counts the multiplications and additions of one of the three passes in direct form, padding included.
func (s ConvShape) Flops() int {
	return 2 * s.N * s.OutH() * s.OutW() * s.K * s.C / max(s.Groups, 1) * s.KH * s.KW
}

// Depthwise reports whether every channel has a filter of its own.
func (s ConvShape) Depthwise() bool { return s.Groups > 1 && s.Groups == s.C && s.K == s.C }

// normal fills in defaults and panics on a shape that makes no sense.
func (s ConvShape) normal() ConvShape {
	s.StrideH, s.StrideW, s.Groups = max(s.StrideH, 1), max(s.StrideW, 1), max(s.Groups, 1)
	if !(s.N > 0 && s.H > 0 && s.W > 0 && s.C > 0 && s.K > 0 && s.KH > 0 && s.KW > 0) {
		fail("convolution of shape %+v", s)
	}
	if !(s.PadH >= 0 && s.PadW >= 0 && s.PadH < s.KH && s.PadW < s.KW) {
		fail("convolution padding: %+v", s)
	}
	if !(s.C%s.Groups == 0 && s.K%s.Groups == 0) {
		fail("convolution groups: %+v", s)
	}
	if !(s.H+2*s.PadH >= s.KH && s.W+2*s.PadW >= s.KW) {
		fail("convolution filter larger than its input: %+v", s)
	}
	return s
}
