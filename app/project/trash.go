package project

import (
	"context"
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/editing"
	"viewfinder/app/studio/session"
	"viewfinder/icons"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// trashSheet shows the deleted images.
type trashSheet struct {
	shell    page.Shell
	project  Trashing
	d        *dialog.CustomDialog
	ctx      context.Context
	cancel   context.CancelFunc
	grid     *widgets.ImageGrid
	message  *look.Paragraph
	restore  *widget.Button
	empty    *widget.Button
	contents editing.TrashContents
	failed   map[int64]bool
	asked    map[[2]int64]bool // image and size
}

// ShowTrash opens the trash.
func ShowTrash(s page.Shell, p Trashing) {
	t := newTrashSheet(s, p)
	t.d.Show()
	t.load()
}

func newTrashSheet(s page.Shell, p Trashing) *trashSheet {
	t := &trashSheet{shell: s, project: p, grid: widgets.NewImageGrid(), message: look.MutedWrapped("Looking …"), failed: map[int64]bool{}, asked: map[[2]int64]bool{}}
	t.ctx, t.cancel = context.WithCancel(s.Context())
	t.grid.Item = t.item
	t.grid.OnSelect = t.chosen
	t.restore = widget.NewButtonWithIcon("Restore all", icons.Undo, t.bringBack)
	t.restore.Disable()
	t.empty = widget.NewButtonWithIcon("Empty the trash …", icons.Delete, t.askEmpty)
	t.empty.Importance = widget.DangerImportance
	t.empty.Disable()
	t.d = dialog.NewCustomWithoutButtons("Trash", container.NewBorder(t.message, nil, nil, nil, t.grid), s.Window())
	t.d.SetButtons([]fyne.CanvasObject{t.empty, t.restore, widget.NewButton("Close", func() { t.d.Hide() })})
	t.d.SetOnClosed(t.cancel)
	size := s.Window().Canvas().Size()
	t.d.Resize(fyne.NewSize(fyne.Min(760, size.Width-60), fyne.Min(560, size.Height-80)))
	return t
}

func (t *trashSheet) load() {
	var contents editing.TrashContents
	t.shell.Do("look into the trash", func(ctx context.Context) (err error) {
		contents, err = t.project.Trash(ctx)
		return err
	}, func() {
		t.contents = contents
		t.grid.SelectOnly(-1)
		t.grid.SetLength(len(contents.Images))
		t.grid.RefreshAll()
		if len(contents.Images) == 0 {
			t.message.SetText("The trash is empty. Deleted images are kept here, with their annotations, until it is emptied.")
			t.empty.Disable()
		} else {
			t.message.SetText(words.Count(len(contents.Images), "image") + ", " + words.Bytes(contents.Bytes) + ". They keep their annotations; restored ones are as they were.")
			t.empty.Enable()
		}
		t.chosen()
	})
}

// selected are the images that are selected; none: all.
func (t *trashSheet) selected() []int64 {
	var ids []int64
	for _, i := range t.grid.Selected() {
		if i < len(t.contents.Images) {
			ids = append(ids, t.contents.Images[i].ID)
		}
	}
	if len(ids) == 0 {
		for _, img := range t.contents.Images {
			ids = append(ids, img.ID)
		}
	}
	return ids
}

func (t *trashSheet) chosen() {
	text := "Restore all"
	if n := t.grid.SelectedCount(); n > 0 {
		text = "Restore " + words.Number(n)
	}
	t.restore.SetText(text)
	if len(t.contents.Images) > 0 {
		t.restore.Enable()
	} else {
		t.restore.Disable()
	}
}

func (t *trashSheet) item(i, px int) widgets.GridItem {
	if i >= len(t.contents.Images) {
		return widgets.GridItem{}
	}
	img := t.contents.Images[i]
	item := widgets.GridItem{Name: img.Name, Note: "deleted " + words.Ago(img.DeletedAt, time.Now()), Failed: t.failed[img.ID]}
	key := [2]int64{img.ID, int64(px)}
	if item.Failed {
		return item
	}
	if !t.asked[key] {
		t.asked[key] = true
		item.Thumbnail = t.ask(img, i, px)
	} else if small := t.project.ThumbnailAsync(t.ctx, studio.Datapoint{Image: img}, px, func(image.Image, error) {}); small != nil {
		item.Thumbnail = small
	}
	return item
}

func (t *trashSheet) ask(img studio.Image, i, px int) image.Image {
	return t.project.ThumbnailAsync(t.ctx, studio.Datapoint{Image: img}, px, func(_ image.Image, err error) {
		fyne.Do(func() {
			t.failed[img.ID] = err != nil
			t.grid.RefreshItem(i)
		})
	})
}

func (t *trashSheet) bringBack() {
	ids := t.selected()
	if len(ids) == 0 {
		return
	}
	t.shell.Do("restore the images", func(ctx context.Context) error { return t.project.RestoreImages(ctx, ids) }, func() {
		t.shell.Notify(words.Count(len(ids), "image is", "images are") + " back in the project. Undo deletes them again.")
		t.load()
	})
}

func (t *trashSheet) askEmpty() {
	n, room := len(t.contents.Images), t.contents.Bytes
	if n == 0 {
		return
	}
	t.shell.Confirm("Empty the trash", words.Count(n, "image is", "images are")+" deleted permanently, with their annotations; "+words.Bytes(room)+
		" are freed. This cannot be undone, and it clears the undo history.", "Empty the trash", true, func() {
		t.shell.Long("Emptying the trash", func(ctx context.Context, _ session.Progress) error {
			_, err := t.project.EmptyTrash(ctx)
			return err
		}, func(err error) {
			if err != nil {
				t.shell.Fail("empty the trash", err)
			}
			t.load()
		})
	})
}
