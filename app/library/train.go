package library

import (
	"context"
	"log/slog"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/app/version"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// sheet is "Train a new model version": the simple things, Advanced, and beside them what will be used.
type sheet struct {
	shell   page.Shell
	project Training
	view    studio.View
	names   map[string]bool // taken
	popup   *widget.PopUp
	name    *widgets.Entry
	nameAt  *look.Styled
	fields  *optionFields
	use     *usePanel
	sees    *inputPreview
	create  *widget.Button
	message *widgets.Paragraph // what is wrong, at the bottom
	loader  *version.Loader
	timer   *time.Timer
	closed  bool

	facts    *sheetFacts // nil until they are read, and after something did not work
	prepared runs.Preparation
	ready    bool // prepared holds
	wanted   bool // Create was asked for before that: it is done once prepared holds
	right    bool // name and options are as they may be
	creating bool
	fault    string             // why counting or creating did not work, until it is tried again
	cancel   context.CancelFunc // ends the creating
	retry    *widget.Button
}

// createKeys is the shortcut of Create.
var createKeys = &desktop.CustomShortcut{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierControl}

// ShowTrain opens the sheet for the current view; with from, the options of that version are proposed ("train again").
func ShowTrain(s page.Shell, p Training, from int64) {
	view := s.View()
	if view.ID == 0 {
		s.Notify("Create a view first: a model version is trained on a view's annotated images")
		return
	}
	if from == 0 {
		options, _ := runs.ProposedOptions(view.Type, "", 0)
		showSheet(s, p, view, options)
		return
	}
	var options runs.Options
	s.Do("read the options of the version", func(ctx context.Context) error {
		v, err := p.Version(ctx, from)
		if err == nil {
			options, err = v.TrainingOptions()
		}
		return err
	}, func() { showSheet(s, p, view, options) })
}

// train opens the sheet from the page.
func (p *Page) train(from int64) { ShowTrain(p.shell, p.project, from) }

func showSheet(s page.Shell, p Training, view studio.View, options runs.Options) *sheet {
	h := &sheet{shell: s, project: p, view: view, names: map[string]bool{}}
	h.name = widgets.NewEntry()
	h.name.OnChanged = func(string) { h.check() }
	h.nameAt = look.Small(" ")
	h.fields = newOptionFields(s, view, options, h.changed)
	h.fields.compare = func() { showArchitectures(s, view.Type, h.prepared, h.fields.choose) }
	h.use = newUsePanel()
	h.sees = newInputPreview(s, p, view.ID, func() (runs.Options, bool) { return h.fields.options(), h.fields.ok })
	h.create = widget.NewButtonWithIcon("Create", icons.Train, h.submit)
	h.create.Importance = widget.HighImportance
	h.create.Disable()
	h.message = widgets.NewParagraph("", theme.SizeNameText, theme.ColorNameError)
	h.message.Hide()
	h.retry = widget.NewButton("Try again", h.changed)
	h.retry.Hide()
	cancel := widget.NewButton("Cancel", h.close)

	left := container.NewVBox(
		look.Section("Name"), container.NewGridWithColumns(2, h.name, look.PadXY(8, 0, h.nameAt)), look.Gap(0, 4),
		h.fields.content,
	)
	scroll := container.NewVScroll(look.PadXY(16, 8, left))
	right := container.NewStack(look.NewBox(look.ColorPanel, "", 0), container.NewVScroll(look.PadXY(16, 8, container.NewVBox(h.use.content, h.sees.content))))
	title := container.NewBorder(nil, look.HLine(), nil, nil, look.PadXY(16, 10, look.Row(8, look.Title("Train a new model version"),
		look.Small("of the view "+view.Name).Cut(), layout.NewSpacer())))
	foot := container.NewBorder(look.HLine(), nil, nil, nil, look.PadXY(16, 10, container.NewBorder(nil, nil, nil,
		container.NewHBox(h.retry, cancel, h.create), h.message)))
	body := container.New(&sheetLayout{}, scroll, look.VLine(), right)
	sheetBody := container.NewBorder(title, foot, nil, nil, body)

	cv := s.Window().Canvas()
	h.popup = widget.NewModalPopUp(sheetBody, cv)
	size := cv.Size()
	h.popup.Resize(fyne.NewSize(fyne.Min(1080, size.Width-48), fyne.Min(820, size.Height-40)))
	h.popup.Show()
	cv.AddShortcut(createKeys, func(fyne.Shortcut) { h.submit() })
	cv.Focus(h.name)

	h.loader = version.NewLoader(s.Context(), h.read)
	h.loader.Load()
	return h
}

// sheetLayout gives the options three fifths and what will be used the rest.
type sheetLayout struct{}

// MinSize implements fyne.Layout.
func (sheetLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return fyne.NewSize(760, 300) }

// Layout implements fyne.Layout.
func (sheetLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	right := fyne.Max(280, fyne.Min(380, s.Width*0.36))
	o[0].Resize(fyne.NewSize(s.Width-right-1, s.Height))
	o[1].Move(fyne.NewPos(s.Width-right-1, 0))
	o[1].Resize(fyne.NewSize(1, s.Height))
	o[2].Move(fyne.NewPos(s.Width-right, 0))
	o[2].Resize(fyne.NewSize(right, s.Height))
}

// close takes the sheet away; a version that is still being created is not created.
func (h *sheet) close() {
	if h.closed {
		return
	}
	h.closed = true
	if h.cancel != nil {
		h.cancel()
	}
	h.loader.Close()
	h.sees.close()
	if h.timer != nil {
		h.timer.Stop()
	}
	cv := h.shell.Window().Canvas()
	cv.RemoveShortcut(createKeys)
	if cv.Overlays().Top() == h.popup {
		cv.Unfocus() // else what had the focus isn't told that it lost it
	}
	h.popup.Hide()
}

// sheetFacts is what the sheet asks the project for, whatever the options are.
type sheetFacts struct {
	versions []runs.Version
	added    []runs.Weights // pretrained weights that are kept for all projects
	proposal string         // a name
	usable   *runs.Usable
}

// readFacts reads them; where that fails, it returns what says so.
func (h *sheet) readFacts(ctx context.Context) (*sheetFacts, func()) {
	p := h.project
	f := &sheetFacts{}
	var err error
	if f.versions, err = p.Versions(ctx, 0); err != nil {
		return nil, h.failed("read the versions", err)
	}
	if f.added, err = runs.ListWeights(); err != nil {
		slog.Warn("the weights that were added cannot be listed", "error", err) // there is enough to choose from without them
	}
	if f.proposal, err = p.SuggestName(ctx, h.view.ID); err != nil {
		return nil, h.failed("suggest a name", err)
	}
	if f.usable, err = p.Usable(ctx, h.view.ID); err != nil {
		return nil, h.failed("look at the annotated images", err)
	}
	return f, nil
}

// read finds out what will be used with the options of the fields. The project is asked once, not again when an option changes.
func (h *sheet) read(ctx context.Context) func() {
	type asked struct {
		o     runs.Options
		facts *sheetFacts
	}
	a, ok := version.Ask(ctx, func() asked { return asked{h.fields.options(), h.facts} })
	if !ok {
		return nil
	}
	facts := a.facts
	if facts == nil {
		var failed func()
		if facts, failed = h.readFacts(ctx); failed != nil {
			return failed
		}
	}
	use := facts.usable.With(a.o)
	return func() {
		if h.facts != facts {
			h.take(facts)
		}
		h.prepared, h.ready, h.fault = use, true, ""
		h.use.set(use)
		wanted := h.wanted
		h.want(false)
		if h.check() && wanted {
			h.submit()
		}
		h.sees.follow()
	}
}

// take keeps what was read of the project, and offers its versions and a name.
func (h *sheet) take(facts *sheetFacts) {
	h.facts = facts
	h.names = map[string]bool{}
	for _, v := range facts.versions {
		if v.ViewID == h.view.ID {
			h.names[domain.NameKey(v.Name)] = true
		}
	}
	h.fields.weights.offer(facts.versions, facts.added)
	if h.name.Text == "" && !h.ready {
		h.name.SetText(facts.proposal)
		h.name.CursorColumn = len(facts.proposal)
		h.name.Refresh()
	}
}

// failed says in the sheet what did not work; the sheet stays with its values.
func (h *sheet) failed(doing string, err error) func() {
	return func() {
		h.want(false)
		h.ready, h.facts = false, nil
		h.fault = "Could not " + doing + ": " + err.Error() + ". Your settings here are kept."
		h.use.failed()
		h.check()
	}
}

// changed is called when an option was; what will be used is worked out again a moment later.
func (h *sheet) changed() {
	h.want(false)
	h.fault = ""
	h.check()
	if h.timer != nil {
		h.timer.Stop()
	}
	h.timer = time.AfterFunc(250*time.Millisecond, func() {
		fyne.Do(func() {
			if !h.closed && h.loader != nil {
				h.loader.Load()
			}
		})
	})
}
