package app

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// statusBar is the bottom of the window: is it saved, how far am I, is it training. While the pointer is on something, it
// says what that does; a notice takes the same place for some seconds.
type statusBar struct {
	shell    *shell
	content  fyne.CanvasObject
	saved    *look.Styled
	middle   *look.Styled
	training *look.Styled
	press    *widgets.Pressable
	version  int64

	counts  string
	hinted  string
	noticed string
	notice  int // which notice is shown, so that an earlier one's end doesn't take it away
	asked   bool
	again   bool
}

func newStatusBar(s *shell) *statusBar {
	b := &statusBar{shell: s}
	b.saved = look.NewStyled("saved ✓", look.TextSmall, false, theme.ColorNameSuccess)
	b.middle = look.Small("").Cut()
	b.training = look.NewStyled("", look.TextSmall, false, look.ColorMuted)
	b.press = widgets.NewPressable(look.PadXY(6, 2, b.training), func() {
		if b.version != 0 {
			s.WatchTraining(b.version)
		}
	})
	b.press.Hint = "Show this training"
	b.press.Hide()
	row := look.Row(14, b.saved, b.middle, b.press)
	b.content = container.New(layout.NewCustomPaddedVBoxLayout(0), look.HLine(), look.Sheet(look.PadXY(12, 3, row)))
	return b
}

// hint shows what the thing under the pointer does.
func (b *statusBar) hint(text string) {
	b.hinted = text
	b.show()
}

// notify shows a notice for some seconds.
func (b *statusBar) notify(text string) {
	b.notice++
	n := b.notice
	b.noticed = text
	b.show()
	time.AfterFunc(6*time.Second, func() {
		fyne.Do(func() {
			if n == b.notice {
				b.noticed = ""
				b.show()
			}
		})
	})
}

// saving says how much is still to be saved.
func (b *statusBar) saving(pending int) {
	if pending > 0 {
		b.saved.SetColor(look.ColorMuted)
		b.saved.SetText("saving …")
		return
	}
	b.saved.SetColor(theme.ColorNameSuccess)
	b.saved.SetText("saved ✓")
}

func (b *statusBar) show() {
	switch {
	case b.hinted != "":
		b.middle.SetColor(look.ColorMuted)
		b.middle.SetText(b.hinted)
	case b.noticed != "":
		b.middle.SetColor(theme.ColorNamePrimary)
		b.middle.SetText(b.noticed)
	default:
		b.middle.SetColor(look.ColorMuted)
		b.middle.SetText(b.counts)
	}
}

// refresh counts anew, off the window's thread; asked while it counts, it counts once more.
func (b *statusBar) refresh() {
	if b.asked {
		b.again = true
		return
	}
	b.asked = true
	view := b.shell.view
	var sum session.Summary
	var all session.Summary
	var queue []runs.Version
	ctx := b.shell.ctx
	go func() {
		p := b.shell.project
		all, _ = p.Summary(ctx, 0)
		if view.ID != 0 {
			sum, _ = p.Summary(ctx, view.ID)
		}
		queue, _ = p.Queue(ctx)
		if ctx.Err() != nil {
			return
		}
		fyne.Do(func() {
			b.asked = false
			if b.shell.dead {
				return
			}
			b.counts = countsText(view, all, sum)
			b.showTraining(queue)
			b.show()
			if b.again {
				b.again = false
				b.refresh()
			}
		})
	}()
}

func countsText(view studio.View, all, sum session.Summary) string {
	if view.ID == 0 {
		return words.Count(all.Images, "image")
	}
	parts := []string{words.Count(all.Images, "image")}
	if view.ParentID != 0 || sum.Images != all.Images {
		parts = append(parts, words.Number(sum.Images)+" in "+view.Name)
	}
	parts = append(parts, words.Number(sum.Annotated)+" annotated")
	if sum.ToReview > 0 {
		parts = append(parts, words.Number(sum.ToReview)+" to review")
	}
	if sum.Suggested > 0 {
		parts = append(parts, words.Number(sum.Suggested)+" with suggestions")
	}
	return strings.Join(parts, " · ")
}

func (b *statusBar) showTraining(queue []runs.Version) {
	b.version = 0
	text := ""
	waiting := 0
	for _, v := range queue {
		if !v.Running() {
			waiting++
			continue
		}
		b.version = v.ID
		text = fmt.Sprintf("%s %s", string(v.Status), v.Name)
		if v.Run.Iterations > 0 && v.Status == "training" {
			text += fmt.Sprintf(": %s/%s", words.Number(v.Run.Iteration), words.Number(v.Run.Iterations))
		}
		if v.Run.SecondsLeft > 0 {
			text += ", " + words.Duration(time.Duration(v.Run.SecondsLeft*float64(time.Second))) + " left"
		}
	}
	if waiting > 0 {
		if text != "" {
			text += " · "
		}
		text += words.Number(waiting) + " waiting"
		if b.version == 0 {
			b.version = queue[0].ID
		}
	}
	b.training.SetText(text)
	if text == "" {
		b.press.Hide()
	} else {
		b.press.Show()
	}
	b.content.Refresh()
}
