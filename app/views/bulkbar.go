package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"viewfinder/app/studio"
	"viewfinder/icons"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// bulkBar stands below the thumbnails while several are selected: what can be done with all of them.
type bulkBar struct {
	content *fyne.Container
	count   *look.Styled
}

func newBulkBar(g *gallery) *bulkBar {
	b := &bulkBar{count: look.NewStyled("", look.Text, true, look.ColorAccent)}
	p := g.page
	press := func(icon fyne.Resource, hint string, do func()) fyne.CanvasObject {
		return widgets.NewIconButton(icon, hint, do)
	}
	split := func(to studio.Split) fyne.CanvasObject {
		return widgets.NewLink("to "+string(to), func() {
			g.withChosen("move the images", func(list []studio.Datapoint) { p.setSplit(list, to) })
		})
	}
	row := look.Row(6, b.count, look.Gap(6, 1), press(icons.Without, "Annotate as without concept (W)", g.without),
		press(icons.Reviewed, "Mark as reviewed, or not (V)", g.review), split(studio.SplitTrain), split(studio.SplitVal),
		press(icons.Remove, "Make them not annotated again", func() {
			g.withChosen("take the annotation away", func(list []studio.Datapoint) { p.clear(list) })
		}),
		press(icons.Delete, "Move the images to the trash (Delete)", g.deleteImages), layout.NewSpacer(),
		look.Small("keys set concepts on all of them"), press(icons.Close, "Select nothing (Esc)", func() { g.grid.SelectOnly(-1) }))
	b.content = container.New(layout.NewCustomPaddedVBoxLayout(0), look.HLine(), look.Sheet(look.PadXY(10, 4, row)))
	b.content.Hide()
	return b
}

// show shows how many are selected; the bar is there for two and more.
func (b *bulkBar) show(selected int) {
	if selected < 2 {
		b.content.Hide()
		return
	}
	b.count.SetText(words.Number(selected) + " selected")
	b.content.Show()
}
