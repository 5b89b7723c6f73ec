package library

import (
	"context"
	"fmt"
	"image"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"viewfinder/app/page"
	"viewfinder/app/studio/runs"
	"viewfinder/app/version"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// What the preview shows: so many of the view's own images, each as it comes and in so many draws of chance.
const (
	previewImages = 3
	previewDraws  = 3
	previewSide   = 66
)

// inputPreview shows what the resizer and the augmentations make of own images, and follows the fields.
type inputPreview struct {
	content *fyne.Container
	shell   page.Shell
	project previewing
	view    int64
	options func() (o runs.Options, ok bool) // of the fields; ok if they may be used
	loader  *version.Loader
	grid    *fyne.Container
	message *widgets.Paragraph
	first   int          // the first draw that is shown
	shown   runs.Options // of what is shown
	drawn   int          // its first draw
	known   bool
}

func newInputPreview(s page.Shell, project previewing, view int64, options func() (runs.Options, bool)) *inputPreview {
	p := &inputPreview{first: previewDraws, shell: s, project: project, view: view, options: options, grid: container.New(layout.NewCustomPaddedVBoxLayout(4)), message: widgets.NewParagraph(" ", theme.SizeNameCaptionText, look.ColorMuted)}
	again := widgets.NewLink("New samples", func() { p.first += previewImages * previewDraws; p.follow() })
	p.content = container.NewVBox(look.Row(8, look.Section("What the network sees"), layout.NewSpacer(), again), p.grid, p.message)
	p.content.Hide()
	p.loader = version.NewLoader(s.Context(), p.read)
	return p
}

// follow draws anew if what matters has changed.
func (p *inputPreview) follow() {
	o, ok := p.options()
	if !ok || p.known && p.first == p.drawn && o.Resizer == p.shown.Resizer && o.Seed == p.shown.Seed && slices.Equal(o.Augment, p.shown.Augment) {
		return
	}
	p.loader.Load()
}

func (p *inputPreview) read(ctx context.Context) func() {
	type asked struct {
		o     runs.Options
		ok    bool
		first int
	}
	a, ok := version.Ask(ctx, func() asked {
		o, ok := p.options()
		return asked{o, ok, p.first}
	})
	if !ok || !a.ok {
		return nil
	}
	all, err := p.project.PreviewInputs(ctx, p.view, a.o, previewImages, a.first, previewDraws)
	return func() {
		if err != nil {
			p.message.SetText("The preview is not available: " + err.Error())
			p.content.Show()
			return
		}
		p.shown, p.drawn, p.known = a.o, a.first, true
		p.show(all, a.o)
	}
}

func (p *inputPreview) show(all []runs.InputPreview, o runs.Options) {
	p.content.Hidden = len(all) == 0
	p.grid.Objects = nil
	for _, one := range all {
		row := container.NewGridWithColumns(1+previewDraws, previewTile(one.Plain))
		for _, img := range one.Augmented {
			row.Add(previewTile(img))
		}
		p.grid.Add(row)
	}
	if len(all) > 0 {
		b := all[0].Plain.Rect
		text := fmt.Sprintf("%d × %d px: the original, then %d random augmentations.", b.Dx(), b.Dy(), previewDraws)
		if len(o.Augment) == 0 {
			text = fmt.Sprintf("%d × %d px. No augmentation is selected.", b.Dx(), b.Dy())
		}
		p.message.SetText(text)
	}
	p.grid.Refresh()
	p.content.Refresh()
}

func previewTile(img image.Image) fyne.CanvasObject {
	tile := canvas.NewImageFromImage(img)
	tile.FillMode = canvas.ImageFillContain
	tile.ScaleMode = canvas.ImageScalePixels // as the network gets them
	tile.SetMinSize(fyne.NewSize(40, previewSide))
	return tile
}

func (p *inputPreview) close() { p.loader.Close() }
