package version

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"viewfinder/app/studio/runs"
	"viewfinder/icons"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
	"viewfinder/widgets/plot"
)

// Advice shows what a training's curves and figures say, a sentence each with its evidence. It takes no room where there is nothing to say.
type Advice struct {
	Content *fyne.Container
	most    int // 0 = all
	shown   []runs.Finding
}

// NewAdvice makes a list of at most so many findings, the most important; 0 = all.
func NewAdvice(most int) *Advice {
	a := &Advice{Content: container.NewVBox(), most: most}
	a.Content.Hide()
	return a
}

// Set shows other findings.
func (a *Advice) Set(all []runs.Finding) {
	if a.most > 0 && len(all) > a.most {
		all = all[:a.most]
	}
	if slices.EqualFunc(all, a.shown, func(x, y runs.Finding) bool { return x.Text == y.Text && x.Evidence == y.Evidence }) {
		return
	}
	a.shown = slices.Clone(all)
	a.Content.Objects = nil
	for _, f := range all {
		icon, tint := icons.Info, look.ColorAccent
		if f.Kind == runs.FindingOverfitting || f.Kind == runs.FindingLearningRateHigh {
			icon, tint = icons.Curves, theme.ColorNameWarning
		}
		words := widgets.NewParagraph(f.Text+" ("+f.Evidence+")", theme.SizeNameCaptionText, theme.ColorNameForeground)
		a.Content.Add(pointed(icon, tint, words))
	}
	a.Content.Hidden = len(all) == 0
	a.Content.Refresh()
}

// Bands shades in the charts where a finding shows: the overfitting.
func Bands(all []runs.Finding) []plot.Band {
	var bands []plot.Band
	for _, f := range all {
		if f.Kind == runs.FindingOverfitting && f.To > f.From {
			bands = append(bands, plot.Band{From: float64(f.From), To: float64(f.To), Label: "overfitting"})
		}
	}
	return bands
}
