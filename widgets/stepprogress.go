package widgets

import (
	"fmt"
	"image/color"
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/icons"
	"viewfinder/storage/words"
	"viewfinder/widgets/look"
)

// StepState is how far a step of long work is.
type StepState int

// The states of a step.
const (
	StepWaiting StepState = iota
	StepRunning
	StepDone
	StepFailed
	StepStopped
)

// Step is one part of long work.
type Step struct {
	Name     string
	State    StepState
	Progress float64       // 0 to 1 while it runs; NaN or less than 0: not known
	Share    float32       // how much of the width it takes; 0 is 1
	Took     time.Duration // until now; less than a second is not shown
}

// StepProgress shows the steps of long work as a bar in parts, each with its name and state.
type StepProgress struct {
	widget.BaseWidget
	steps []Step
}

// NewStepProgress makes the bar.
func NewStepProgress(steps ...Step) *StepProgress {
	p := &StepProgress{steps: steps}
	p.ExtendBaseWidget(p)
	return p
}

// Set shows other states.
func (p *StepProgress) Set(steps []Step) {
	p.steps = append(p.steps[:0:0], steps...)
	p.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (p *StepProgress) CreateRenderer() fyne.WidgetRenderer {
	r := &stepRenderer{p: p}
	r.build()
	return r
}

type stepPart struct {
	track, fill *canvas.Rectangle
	icon        *canvas.Image
	name, state *canvas.Text
}

type stepRenderer struct {
	p       *StepProgress
	parts   []stepPart
	objects []fyne.CanvasObject
}

func (r *stepRenderer) build() {
	r.parts, r.objects = nil, nil
	for range r.p.steps {
		part := stepPart{track: canvas.NewRectangle(color.Transparent), fill: canvas.NewRectangle(color.Transparent), icon: canvas.NewImageFromResource(nil),
			name: canvas.NewText("", nil), state: canvas.NewText("", nil)}
		part.icon.FillMode = canvas.ImageFillContain
		r.parts = append(r.parts, part)
		r.objects = append(r.objects, part.track, part.fill, part.icon, part.name, part.state)
	}
	r.apply()
}

// words describes a step's state and how long it has taken, so that nothing is shown by colour alone.
func (s Step) words() string {
	if s.Took >= time.Second {
		return s.state() + " · " + words.Duration(s.Took)
	}
	return s.state()
}

func (s Step) state() string {
	switch s.State {
	case StepRunning:
		if s.Progress >= 0 {
			return fmt.Sprintf("%.0f%%", math.Floor(math.Min(s.Progress, 1)*100))
		}
		return "running"
	case StepDone:
		return "done"
	case StepFailed:
		return "failed"
	case StepStopped:
		return "stopped"
	}
	return "waiting"
}

func (r *stepRenderer) apply() {
	for i, s := range r.p.steps {
		part := &r.parts[i]
		fill, text, icon := look.Color(look.ColorAccent), look.Color(theme.ColorNameForeground), fyne.Resource(nil)
		switch s.State {
		case StepWaiting:
			text = look.Color(look.ColorMuted)
		case StepDone:
			fill, icon = look.Color(theme.ColorNameSuccess), theme.NewSuccessThemedResource(icons.Check)
		case StepFailed:
			fill, icon = look.Color(theme.ColorNameError), theme.NewErrorThemedResource(icons.Error)
		case StepStopped:
			fill, icon = look.Color(theme.ColorNameWarning), theme.NewWarningThemedResource(icons.Stop)
		}
		part.track.FillColor, part.track.CornerRadius = look.Color(look.ColorFaint), 3
		part.fill.FillColor, part.fill.CornerRadius = fill, 3
		part.name.Text, part.name.Color, part.name.TextSize = capital(s.Name), text, look.TextSmall
		part.name.TextStyle.Bold = s.State == StepRunning
		part.state.Text, part.state.Color, part.state.TextSize = s.words(), look.Color(look.ColorMuted), look.TextSmall
		part.icon.Resource = icon
		part.icon.Hidden = icon == nil
	}
}

func capital(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}

const stepGap, stepBar = 4, 6

func (r *stepRenderer) MinSize() fyne.Size {
	return fyne.NewSize(float32(len(r.parts))*96, stepBar+6+16+14)
}

func (r *stepRenderer) Layout(size fyne.Size) {
	all := float32(0)
	share := func(s Step) float32 {
		if s.Share > 0 {
			return s.Share
		}
		return 1
	}
	for _, s := range r.p.steps {
		all += share(s)
	}
	x, free := float32(0), size.Width-stepGap*float32(len(r.parts)-1)
	for i, s := range r.p.steps {
		part := &r.parts[i]
		w := free * share(s) / all
		part.track.Move(fyne.NewPos(x, 0))
		part.track.Resize(fyne.NewSize(w, stepBar))
		done := float32(0)
		switch s.State {
		case StepDone:
			done = 1
		case StepRunning, StepFailed, StepStopped:
			if s.Progress > 0 {
				done = float32(math.Min(s.Progress, 1))
			}
			if s.State != StepRunning {
				done = fyne.Max(done, 0.06)
			}
		}
		part.fill.Hidden = done == 0
		part.fill.Move(fyne.NewPos(x, 0))
		part.fill.Resize(fyne.NewSize(fyne.Max(w*done, stepBar), stepBar))
		left := x
		if !part.icon.Hidden {
			part.icon.Move(fyne.NewPos(x, stepBar+7))
			part.icon.Resize(fyne.NewSize(13, 13))
			left += 16
		}
		part.name.Text = look.Fit(capital(s.Name), x+w-left, look.TextSmall, part.name.TextStyle)
		part.name.Move(fyne.NewPos(left, stepBar+5))
		part.name.Resize(fyne.NewSize(w, 16))
		part.state.Text = look.Fit(s.words(), x+w-left, look.TextSmall, part.state.TextStyle)
		part.state.Move(fyne.NewPos(left, stepBar+5+15))
		part.state.Resize(fyne.NewSize(w, 16))
		x += w + stepGap
	}
}

func (r *stepRenderer) Refresh() {
	if len(r.parts) != len(r.p.steps) {
		r.build()
	}
	r.apply()
	r.Layout(r.p.Size())
	for _, o := range r.objects {
		o.Refresh()
	}
}

func (r *stepRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *stepRenderer) Destroy()                     {}
