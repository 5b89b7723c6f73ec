package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// bulkBar stands below the thumbnails while several are selected: what can be done with all of them.
type bulkBar struct {
	content *fyne.Container
	count   *look.Styled
}

func newBulkBar(c *commands, selectNothing func()) *bulkBar {
	b := &bulkBar{count: look.NewStyled("", look.Text, true, look.ColorAccent)}
	split := func(to domain.Split) fyne.CanvasObject {
		return widgets.NewLink("to "+string(to), func() { c.moveSelected(to) })
	}
	keys := look.Small("keys set the concept of all of them").Cut()
	row := look.Row(6, b.count, look.Gap(6, 1), widgets.NewIconButton(icons.Without, "Annotate as without concept (W)", c.without),
		widgets.NewIconButton(icons.Reviewed, "Mark as reviewed, or not (V)", c.reviewSelected), split(domain.SplitTrain), split(domain.SplitVal), split(domain.SplitTest),
		widgets.NewIconButton(icons.Remove, "Remove their annotations", c.clearSelected),
		widgets.NewIconButton(icons.Delete, "Move the images to the trash (Delete)", c.deleteImages), layout.NewSpacer(),
		look.UpTo(0, keys.Natural, keys), widgets.NewIconButton(icons.Close, "Deselect all (Esc)", selectNothing))
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
