package training

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Sizes that a network's input may have, pixels.
const (
	MinSize  = 32
	MaxSize  = 2048
	SizeStep = 16
)

// Resizer is the parsed option of that name: how an image becomes the network's input.
type Resizer struct {
	Height, Width int
	Pad           bool // the aspect ratio is kept, the rest is black
}

// ParseResizer reads "96x128" (height x width, squashed) or "96x128:pad" (aspect ratio kept).
func ParseResizer(s string) (Resizer, error) {
	size, mode, has := strings.Cut(strings.TrimSpace(s), ":")
	hs, ws, ok := strings.Cut(size, "x")
	h, errH := strconv.Atoi(hs)
	w, errW := strconv.Atoi(ws)
	if !ok || errH != nil || errW != nil || has && mode != "pad" {
		return Resizer{}, errors.New("write height x width, such as 96x96, or 96x96:pad to keep the aspect ratio")
	}
	for _, n := range []int{h, w} {
		if n < MinSize || n > MaxSize || n%SizeStep != 0 {
			return Resizer{}, fmt.Errorf("height and width must be from %d to %s in steps of %d", MinSize, plain(MaxSize), SizeStep)
		}
	}
	return Resizer{Height: h, Width: w, Pad: has}, nil
}

// String writes it as ParseResizer reads it.
func (r Resizer) String() string {
	s := fmt.Sprintf("%dx%d", r.Height, r.Width)
	if r.Pad {
		s += ":pad"
	}
	return s
}

func resizerFault(s string) string {
	if _, err := ParseResizer(s); err != nil {
		return err.Error()
	}
	return ""
}

func resizerWords(s string) string {
	size, pad := strings.CutSuffix(s, ":pad")
	return strings.ReplaceAll(size, "x", " × ") + when(pad, ", aspect ratio kept")
}
