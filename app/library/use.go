package library

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"viewfinder/app/studio/runs"
	"viewfinder/app/version"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// usePanel says what a version will be trained on: per split and concept, what is left out and why, what is missing.
type usePanel struct {
	content *fyne.Container
	train   *look.Styled
	val     *look.Styled
	bars    *widgets.UseBars
	points  *fyne.Container
	waiting *look.Styled
}

func newUsePanel() *usePanel {
	u := &usePanel{train: look.Plain("").Cut(), val: look.Plain("").Cut(), bars: widgets.NewUseBars(), points: container.NewVBox(), waiting: look.Small("Looking at the annotated images…")}
	u.content = container.NewVBox(look.Section("What will be used"), u.waiting, u.train, u.val, look.Gap(0, 4), u.bars, look.Gap(0, 4), u.points)
	u.train.Hide()
	u.val.Hide()
	return u
}

// failed takes away the word that images are looked at: the sheet says why they could not be.
func (u *usePanel) failed() { u.waiting.Hide() }

func (u *usePanel) set(p runs.Preparation) {
	u.waiting.Hide()
	u.train.Show()
	u.val.Show()
	train, val := splitUse(p, domain.SplitTrain), splitUse(p, domain.SplitVal)
	unit := func(s runs.SplitUse) string {
		text := words.Count(s.Images, "image")
		if s.Regions != s.Images && s.Regions > 0 {
			text += fmt.Sprintf(" (%s)", words.Count(s.Regions, "box"))
		}
		return text
	}
	u.train.SetText("train: " + unit(train))
	u.val.SetText("val: " + unit(val))
	u.bars.Set(useBars(p))
	u.points.Objects = nil
	section := func(title string) { u.points.Add(look.Section(title)) }
	if n := train.WithoutConcept; n > 0 {
		u.points.Add(version.Point(icons.Without, look.ColorMuted, words.Count(n, "train image")+" without concept, as hard negatives"))
	}
	if len(p.Missing) > 0 { // what is wrong with the options is shown at the fields
		section("Missing")
		for _, m := range p.Missing {
			u.points.Add(version.Point(icons.Error, theme.ColorNameError, m))
		}
	}
	if len(p.Warnings) > 0 {
		section("Warnings")
		for _, m := range p.Warnings {
			u.points.Add(version.Point(icons.Warning, theme.ColorNameWarning, m))
		}
	}
	if m := p.Memory; m.Need > 0 {
		section("Memory")
		text := "About " + words.Bytes(m.Need)
		if m.Free > 0 {
			text += "; " + words.Bytes(m.Free) + " are free"
		}
		u.points.Add(version.Point(icons.Processor, look.ColorMuted, text))
	}
	if len(p.LeftOut) > 0 {
		section("Left out")
		for _, l := range p.LeftOut {
			u.points.Add(version.Point(icons.EyeOff, look.ColorMuted, fmt.Sprintf("%s: %s", words.Count(l.Count, "image"), l.Reason)))
		}
	}
	u.content.Refresh()
}

func splitUse(p runs.Preparation, s domain.Split) runs.SplitUse {
	for _, one := range p.Splits {
		if one.Split == s {
			return one
		}
	}
	return runs.SplitUse{Split: s}
}

// useBars is a bar for each concept.
func useBars(p runs.Preparation) []widgets.UseBar {
	var bars []widgets.UseBar
	for _, c := range p.Concepts {
		bar := widgets.UseBar{Name: c.Name, Train: c.Train, Val: c.Val, Warn: c.Train < runs.FewPerConcept}
		if parsed, ok := look.ParseColor(c.Concept.Color); ok {
			bar.Color = color.Color(parsed)
		}
		if bar.Name == "" {
			bar.Name = c.Concept.Name
		}
		bars = append(bars, bar)
	}
	return bars
}
