package project

import (
	"context"
	"fmt"
	"image"
	"path"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio"
	"viewfinder/app/studio/pictures"
	"viewfinder/app/studio/session"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets/look"
)

// nearShown is how many groups of near-duplicates are shown; nearAcross how many images of each.
const (
	nearShown  = 30
	nearAcross = 6
	nearSide   = 84
)

// nearPanel is the part of the page about near-duplicates: a button that looks for them, then their groups.
type nearPanel struct {
	page    *Page
	content *fyne.Container
	message *look.Styled
	cancel  context.CancelFunc
}

func newNearPanel(p *Page) *nearPanel {
	n := &nearPanel{page: p, content: container.New(layout.NewCustomPaddedVBoxLayout(6)), message: look.Small("")}
	n.ask()
	return n
}

// ask offers to look.
func (n *nearPanel) ask() {
	find := widget.NewButtonWithIcon("Find them", icons.Search, n.find)
	n.fill(look.MutedWrapped("One photo saved twice, or frames of one video. If they are in more than one split, the figures are too good."), container.NewHBox(find))
}

func (n *nearPanel) fill(objects ...fyne.CanvasObject) {
	n.content.Objects = append([]fyne.CanvasObject{look.Strong("Near-duplicates")}, objects...)
	n.content.Refresh()
}

// find looks for them beside the window.
func (n *nearPanel) find() {
	project, shell := n.page.project, n.page.shell
	ctx, cancel := context.WithCancel(shell.Context())
	n.cancel = cancel
	n.message.SetText("Looking …")
	n.fill(container.NewHBox(n.message, layout.NewSpacer(), widget.NewButton("Stop", cancel)))
	go func() {
		groups, err := project.NearDuplicates(ctx, session.ProgressFunc(func(done, total int, _ string) {
			if done%25 == 0 {
				fyne.Do(func() {
					n.message.SetText(fmt.Sprintf("Looking: %s of %s", words.Number(done), words.Count(total, "image")))
				})
			}
		}))
		stopped := ctx.Err() != nil
		cancel()
		fyne.Do(func() {
			switch {
			case stopped:
				n.ask()
			case err != nil:
				n.ask()
				shell.Fail("find near-duplicates", err)
			default:
				n.show(groups)
			}
		})
	}()
}

// stop ends the looking.
func (n *nearPanel) stop() {
	if n.cancel != nil {
		n.cancel()
	}
}

func (n *nearPanel) show(groups []pictures.NearGroup) {
	if len(groups) == 0 {
		n.fill(look.MutedWrapped("No near-duplicates found."))
		return
	}
	leaks := 0
	for _, g := range groups {
		if g.Leak {
			leaks++
		}
	}
	text := words.Count(len(groups), "group") + "; none is in more than one split."
	if leaks > 0 {
		text = fmt.Sprintf("%s; %d in more than one split, so that a version is evaluated on images it has seen.", words.Count(len(groups), "group"), leaks)
	}
	objects := []fyne.CanvasObject{look.MutedWrapped(text)}
	for i, g := range groups[:min(len(groups), nearShown)] {
		objects = append(objects, n.group(groups, i, g))
	}
	if more := len(groups) - nearShown; more > 0 {
		objects = append(objects, look.MutedWrapped(fmt.Sprintf("… and %s more: `viewfinder duplicates` lists all.", words.Count(more, "group"))))
	}
	n.fill(objects...)
}

// group is a row: the images with their splits and names, and, where they are on both sides, what puts them on one.
func (n *nearPanel) group(groups []pictures.NearGroup, at int, g pictures.NearGroup) fyne.CanvasObject {
	row := look.Row(8)
	for _, i := range g.Images[:min(len(g.Images), nearAcross)] {
		row.Add(n.image(i))
	}
	if more := len(g.Images) - nearAcross; more > 0 {
		row.Add(look.Small(fmt.Sprintf("+ %d", more)))
	}
	if !g.Leak {
		return row
	}
	move := func(split domain.Split) func() {
		return func() {
			var ids []int64
			for _, i := range g.Images {
				ids = append(ids, i.ID)
			}
			n.page.shell.Do("move near-duplicates into one split", func(ctx context.Context) error { return n.page.project.SetSplit(ctx, ids, split) }, func() {
				for k := range g.Images {
					g.Images[k].Split = split
				}
				g.Leak = false
				groups[at] = g
				n.show(groups)
			})
		}
	}
	row.Add(layout.NewSpacer())
	buttons := container.NewVBox()
	for _, s := range domain.Splits() {
		if slices.ContainsFunc(g.Images, func(i studio.Image) bool { return i.Split == s }) {
			buttons.Add(widget.NewButton("All to "+string(s), move(s)))
		}
	}
	row.Add(buttons)
	return row
}

func (n *nearPanel) image(i studio.Image) fyne.CanvasObject {
	picture := canvas.NewImageFromImage(nil)
	picture.FillMode = canvas.ImageFillContain
	picture.SetMinSize(fyne.NewSize(nearSide, nearSide*3/4))
	put := func(small image.Image) {
		picture.Image = small
		picture.Refresh()
	}
	small := n.page.project.ThumbnailAsync(n.page.shell.Context(), studio.Datapoint{Image: i}, 2*nearSide, func(small image.Image, err error) {
		if err == nil {
			fyne.Do(func() { put(small) })
		}
	})
	if small != nil {
		put(small)
	}
	return look.Width(nearSide+16, container.NewVBox(picture, look.Small(path.Base(i.Name)).Cut(), look.Small(string(i.Split))))
}
