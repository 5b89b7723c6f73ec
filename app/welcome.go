package app

import (
	"image"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"viewfinder/app/studio/session"
	"viewfinder/icons"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// welcome is what is shown while no project is open.
type welcome struct {
	window  *window
	content fyne.CanvasObject
	list    *fyne.Container
	note    *look.Styled
}

func newWelcome(w *window) *welcome {
	p := &welcome{window: w}
	logo := canvas.NewImageFromResource(icons.App)
	logo.SetMinSize(fyne.NewSize(72, 72))
	logo.FillMode = canvas.ImageFillContain
	head := look.Row(18, logo, container.New(layout.NewCustomPaddedVBoxLayout(2),
		look.NewStyled("Viewfinder", 30, true, theme.ColorNameForeground),
		look.NewStyled("Annotate your images, train a network on your own machine, and see how good it is", look.Text+1, false, look.ColorMuted)))

	choices := container.NewGridWithColumns(3,
		choice(icons.Images, "Sample project", "Photos of waste and blood cells, partly annotated. Try everything; each time you get a fresh copy.", true, w.openSample),
		choice(icons.Add, "New project", "Start with your own images. Or drop a folder of images anywhere on this window.", false, func() { w.newProject(nil) }),
		choice(icons.Open, "Open …", "A project is a folder: choose one that you made, copied or received.", false, w.chooseProject),
	)
	p.list = container.New(layout.NewCustomPaddedVBoxLayout(2))
	p.note = look.NewStyled("", look.Text, false, look.ColorMuted)
	recent := container.NewBorder(container.New(layout.NewCustomPaddedVBoxLayout(6), look.Title("Recent"), p.note), nil, nil, nil, container.NewVScroll(p.list))

	body := container.NewBorder(container.New(layout.NewCustomPaddedVBoxLayout(26), head, choices, look.Gap(1, 0)), nil, nil, nil, recent)
	page := container.New(&columnLayout{width: 860}, body)
	theme := widgets.NewIconButton(icons.Contrast, "", w.toggleTheme)
	settings := widgets.NewIconButton(icons.Settings, "", func() { w.showSettings() })
	about := widgets.NewIconButton(icons.Info, "", func() { w.showAbout() })
	corner := container.NewVBox(look.Pad(8, container.NewHBox(layout.NewSpacer(), theme, settings, about)))
	p.content = container.NewStack(page, corner)
	return p
}

// choice is a card that can be pressed.
func choice(icon fyne.Resource, title, text string, first bool, do func()) fyne.CanvasObject {
	img := canvas.NewImageFromResource(theme.NewPrimaryThemedResource(icon))
	img.SetMinSize(fyne.NewSize(28, 28))
	img.FillMode = canvas.ImageFillContain
	ground, rim := look.ColorPanel, look.ColorFaint
	if first {
		rim = theme.ColorNamePrimary
	}
	words := container.New(layout.NewCustomPaddedVBoxLayout(2), look.Pad(2, look.Title(title)), look.MutedWrapped(text))
	inner := container.NewBorder(container.NewHBox(look.Pad(4, img)), nil, nil, nil, words)
	card := widgets.NewPressable(container.NewStack(look.NewBox(ground, rim, look.Radius+2), look.Pad(14, inner)), do)
	return card
}

// load reads the list of recent projects and their images.
func (p *welcome) load() {
	p.note.SetText("Looking …")
	go func() {
		list, err := session.Recent()
		pictures := make([]image.Image, len(list))
		for i, r := range list {
			if i < 12 && !r.Missing {
				pictures[i], _ = r.Thumbnail()
			}
		}
		fyne.Do(func() {
			if p.window.welcome == p {
				p.show(list, pictures, err)
			}
		})
	}()
}

func (p *welcome) show(list []session.RecentProject, pictures []image.Image, err error) {
	p.list.Objects = nil
	p.note.Show()
	switch {
	case err != nil:
		p.note.SetText("The list of recent projects cannot be read: " + err.Error())
	case len(list) == 0:
		p.note.SetText("Projects that you open are listed here.")
	default:
		p.note.Hide()
	}
	now := time.Now()
	for i, r := range list {
		p.list.Add(p.row(r, pictures[i], now))
	}
	p.content.Refresh()
}

func (p *welcome) row(r session.RecentProject, picture image.Image, now time.Time) fyne.CanvasObject {
	var thumb fyne.CanvasObject
	if picture != nil {
		img := canvas.NewImageFromImage(squared(picture))
		img.CornerRadius = 4
		img.FillMode = canvas.ImageFillContain
		img.SetMinSize(fyne.NewSize(44, 44))
		thumb = img
	} else {
		img := canvas.NewImageFromResource(icons.Images)
		img.Translucency = 0.6
		img.FillMode = canvas.ImageFillContain
		img.SetMinSize(fyne.NewSize(22, 22))
		thumb = container.NewStack(look.NewBox(look.ColorCanvas, "", 4), look.Gap(44, 44), container.NewCenter(img))
	}
	name := look.NewStyled(r.Name, look.Text+1, true, theme.ColorNameForeground).Cut()
	dir := look.Small(filepath.Clean(r.Dir)).Cut()
	when := look.Small(words.Ago(r.OpenedAt, now))
	if r.Missing {
		name.SetColor(theme.ColorNameDisabled)
		when.SetText("not found")
	}
	forget := widgets.NewIconButton(icons.Close, "Remove from this list; its folder is not changed", func() {
		go func() {
			_ = session.ForgetRecent(r.Dir)
			fyne.Do(p.load)
		}()
	})
	words := container.New(layout.NewCustomPaddedVBoxLayout(1), name, dir)
	row := container.NewBorder(nil, nil, thumb, container.NewHBox(container.NewCenter(when), container.NewCenter(forget)), look.PadXY(8, 3, words))
	press := widgets.NewPressable(look.PadXY(8, 5, row), func() { p.window.open(r.Dir) })
	press.SetEnabled(!r.Missing)
	return press
}

// squared is the middle square of an image.
func squared(img image.Image) image.Image {
	b := img.Bounds()
	side := min(b.Dx(), b.Dy())
	type cutter interface {
		SubImage(image.Rectangle) image.Image
	}
	if c, ok := img.(cutter); ok {
		x, y := b.Min.X+(b.Dx()-side)/2, b.Min.Y+(b.Dy()-side)/2
		return c.SubImage(image.Rect(x, y, x+side, y+side))
	}
	return img
}

// columnLayout puts its object in the middle, no wider than a column that can be read.
type columnLayout struct{ width float32 }

func (c *columnLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	m := objects[0].MinSize()
	return fyne.NewSize(m.Width+48, m.Height+96)
}

func (c *columnLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	w := fyne.Min(c.width, size.Width-48)
	top := fyne.Max(40, size.Height*0.09)
	objects[0].Move(fyne.NewPos((size.Width-w)/2, top))
	objects[0].Resize(fyne.NewSize(w, size.Height-top-24))
}
