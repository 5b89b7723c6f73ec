package library

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/app/version"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets/look"
)

// check says what keeps Create from working, and returns whether nothing does.
func (h *sheet) check() bool {
	if h.fields == nil || h.create == nil {
		return false
	}
	name := strings.TrimSpace(h.name.Text)
	nameFault := h.nameFault(name)
	h.nameAt.SetText(nameFault)
	h.nameAt.SetColor(theme.ColorNameError)
	train := 0
	for _, s := range h.prepared.Splits {
		if s.Split == domain.SplitTrain {
			train = s.Images
		}
	}
	rest := h.fields.check(train)
	if h.fault != "" {
		rest = h.fault
		h.retry.Show()
	} else {
		h.retry.Hide()
	}
	h.right = nameFault == "" && h.fields.ok
	ok := h.right && h.ready && h.prepared.Ready && !h.creating
	if rest != "" {
		h.message.Set(rest, theme.ColorNameError)
		h.message.Show()
	} else if why, tint := h.waits(nameFault); why != "" {
		h.message.Set(why, tint)
		h.message.Show()
	} else {
		h.message.Hide()
	}
	if ok {
		h.create.Enable()
	} else {
		h.create.Disable()
	}
	return ok
}

// waits says why Create cannot be pressed, where nothing that is wrong with the options as a whole does: "" if it can.
func (h *sheet) waits(nameFault string) (why string, tint fyne.ThemeColorName) {
	missing := h.prepared.Missing
	switch {
	case h.creating:
		return "", ""
	case nameFault != "":
		return "Name: " + strings.ToLower(nameFault[:1]) + nameFault[1:], theme.ColorNameError
	case !h.fields.ok:
		return "An option has to be corrected", theme.ColorNameError
	case !h.ready:
		return "Looking at the annotated images…", look.ColorMuted
	case h.prepared.Ready:
		return "", ""
	case len(missing) == 1:
		return missing[0], theme.ColorNameError
	case len(missing) > 1:
		return missing[0] + "; and " + words.Number(len(missing)-1) + " more, see Missing", theme.ColorNameError
	}
	return "There are not enough annotated images", theme.ColorNameError
}

// nameFault says what keeps a text from being the new version's name, "" if nothing does: an empty one is no fault before a name was proposed.
func (h *sheet) nameFault(name string) string {
	var fault *domain.NameError
	if _, err := domain.NamedVersion.Clean(name); errors.As(err, &fault) {
		switch fault.Fault {
		case domain.NameEmpty:
			if name == "" && !h.ready {
				return ""
			}
			return "Enter a name"
		case domain.NameTooLong:
			return fmt.Sprintf("At most %d letters", domain.NamedVersion.MaxLetters())
		}
		return strings.TrimSuffix(fault.Error(), ".")
	}
	if h.names[domain.NameKey(name)] {
		return "A version with this name already exists"
	}
	return ""
}

// want remembers that Create was asked for while the images are still counted, and says so.
func (h *sheet) want(wanted bool) {
	if h.wanted != wanted {
		h.wanted = wanted
		text := "Create"
		if wanted {
			text = "Counting, then creating…"
		}
		h.create.SetText(text)
	}
}

func (h *sheet) submit() {
	if !h.popup.Visible() { // the window took the sheet away
		h.close()
	}
	if h.closed || h.creating {
		return
	}
	if !h.check() {
		h.want(h.right && !h.ready)
		return
	}
	request := runs.TrainRequest{View: h.view.ID, Name: strings.TrimSpace(h.name.Text), Options: h.fields.options()}
	h.creating = true
	h.create.Disable()
	h.create.SetText("Creating…")
	project, shell := h.project, h.shell
	ctx, cancel := context.WithCancel(shell.Context())
	h.cancel = cancel
	go func() {
		v, err := project.Train(ctx, request)
		cancel()
		fyne.Do(func() {
			h.creating = false
			var missing *runs.NotEnoughError
			var rule *studio.RuleError
			var waits *runs.NotStartedError
			switch {
			case h.closed || !h.popup.Visible(): // cancelled
				h.close()
				if err == nil || errors.As(err, &waits) { // it was created before that was heard
					shell.Do("take back "+request.Name, func(ctx context.Context) error { return project.Discard(ctx, v.ID) }, nil)
				} else if !errors.Is(err, context.Canceled) {
					shell.Fail("create "+request.Name, err)
				}
			case err == nil:
				h.close()
				shell.WatchTraining(v.ID)
			case errors.As(err, &waits): // it is there: creating it again would find its name taken
				h.close()
				shell.WatchTraining(v.ID)
				shell.Fail("start "+request.Name, waits.Err)
			case errors.As(err, &missing):
				h.prepared, h.facts = missing.Preparation, nil
				h.use.set(missing.Preparation)
				h.create.SetText("Create")
				h.check()
			case errors.As(err, &rule):
				h.create.SetText("Create")
				h.message.Set(version.Capital(rule.Error()), theme.ColorNameError)
				h.message.Show()
				h.create.Enable()
			default:
				h.create.SetText("Create")
				h.failed("create "+request.Name, err)()
			}
		})
	}()
}
