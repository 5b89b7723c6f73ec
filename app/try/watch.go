package try

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"viewfinder/app/page"
	"viewfinder/app/studio/session"
	"viewfinder/app/studio/watch"
	"viewfinder/icons"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// watchSheet asks which folder is watched, and what becomes of its images.
type watchSheet struct {
	try                         *Try
	d                           *widgets.Dialog
	in, list, sort, aside, less *widgets.Entry
	start                       *widgets.Button
}

// watchFolder shows the sheet.
func (t *Try) watchFolder() { t.newWatchSheet() }

func (t *Try) newWatchSheet() *watchSheet {
	s := &watchSheet{try: t}
	entry := func(hint string) *widgets.Entry {
		e := widgets.NewEntry()
		e.SetPlaceHolder(hint)
		return e
	}
	s.in, s.list, s.sort, s.aside, s.less = entry("Images appear here"), entry("out.csv"), entry("They stay where they are"), entry("None"), entry("")
	s.less.SetText("60")
	s.in.OnChanged = func(string) { s.ready() }
	s.list.OnChanged = func(string) { s.ready() }
	s.start = widgets.NewIconedButton("Start", icons.Try, s.run).Important(false)
	row := func(name string, field, beside fyne.CanvasObject) fyne.CanvasObject {
		return container.NewBorder(nil, nil, look.Width(120, look.Small(name)), beside, field)
	}
	choose := func(e *widgets.Entry, then func(dir string)) fyne.CanvasObject {
		return widgets.NewIconedButton("Choose …", icons.Folder, func() { s.choose(e, then) })
	}
	body := container.NewVBox(
		look.MutedWrapped("Each image in the folder, now and when it appears, is predicted by "+t.version.Name+" and gets a line in the list. Started again with the same list, it appends to it."),
		row("Folder", s.in, choose(s.in, func(dir string) {
			if s.list.Text == "" {
				s.list.SetText(dir + " predictions.csv")
			}
		})),
		row("List (CSV)", s.list, nil),
		row("Sort into", s.sort, choose(s.sort, nil)),
		row("Put aside in", s.aside, choose(s.aside, nil)),
		row("where below", look.Width(80, s.less), look.Small("% confidence, to be annotated")),
	)
	s.d = widgets.NewDialog("Watch a folder", look.Width(580, body), t.shell.Window())
	s.d.SetButtons(widgets.NewButton("Cancel", s.d.Close), s.start)
	s.ready()
	s.d.Show(s.in)
	return s
}

func (s *watchSheet) choose(e *widgets.Entry, then func(dir string)) {
	page.AskFolder(s.try.shell, "Folder", "Choose", "", func(dir string) {
		e.SetText(dir)
		if then != nil {
			then(dir)
		}
	})
}

func (s *watchSheet) ready() {
	if s.try.network != nil && strings.TrimSpace(s.in.Text) != "" && strings.TrimSpace(s.list.Text) != "" {
		s.start.Enable()
	} else {
		s.start.Disable()
	}
}

// request is what the sheet says.
func (s *watchSheet) request() (watch.Request, error) {
	text := func(e *widgets.Entry) string { return strings.TrimSpace(e.Text) }
	t := s.try
	r := watch.Request{In: text(s.in), CSV: text(s.list), SortInto: text(s.sort), Aside: text(s.aside), Task: t.view.Type, Version: t.version.Name, Threshold: t.threshold}
	if r.Aside != "" {
		v, err := strconv.ParseFloat(strings.TrimSuffix(text(s.less), "%"), 64)
		if err != nil || !(v >= 0 && v <= 100) {
			return r, fmt.Errorf("%q is not a percentage from 0 to 100", text(s.less))
		}
		r.Below = v / 100
	}
	return r, nil
}

func (s *watchSheet) run() {
	t := s.try
	r, err := s.request()
	if err != nil {
		t.shell.Fail("watch the folder", err)
		return
	}
	t.shell.Do("watch the folder", func(context.Context) error { return r.Check() }, func() {
		s.d.Close()
		t.watch(r)
	})
}

// watch watches until it is cancelled. The dialog that shows how it goes on keeps the page, and with it the network, open.
func (t *Try) watch(r watch.Request) {
	network, done := t.network, 0
	if network == nil {
		return
	}
	t.shell.Long("Watching "+filepath.Base(r.In), func(ctx context.Context, p session.Progress) error {
		return watch.Run(ctx, r, network, func(n watch.News) {
			done = n.Done
			p.Update(n.Done, 0, watchedText(n))
		})
	}, func(err error) {
		if err != nil && !errors.Is(err, context.Canceled) {
			t.shell.Fail("watch the folder", err)
			return
		}
		t.shell.Notify("Wrote " + words.Count(done, "image") + " down in " + r.CSV)
	})
}

// watchedText is how a watch stands, in a line.
func watchedText(n watch.News) string {
	switch {
	case n.Trouble != "":
		return "Waiting: " + n.Trouble
	case n.Image != nil && n.Image.Error != "":
		return n.Image.File + ": " + n.Image.Error
	case n.Image != nil && n.Image.Concept != "":
		return n.Image.File + ": " + n.Image.Concept + " " + words.Percent(n.Image.Score)
	case n.Image != nil:
		return n.Image.File + ": nothing"
	case n.Waiting > 0:
		return words.Count(n.Waiting, "image") + " to be predicted"
	}
	return "Waiting for images …"
}
