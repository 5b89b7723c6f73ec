package library

import (
	"fmt"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/studio/runs"
	"viewfinder/app/version"
	"viewfinder/widgets"
)

// weightsField chooses what a training starts from: nothing, the built-in backbone, an earlier version, weights that were added for all projects, or
// a file.
type weightsField struct {
	shell    page.Shell
	choice   *widget.Select
	view     int64
	versions []runs.Version // that have weights
	added    []runs.Weights // kept for all projects
	value    string         // as the option has it
	values   map[string]string
	touched  func()
	broken   map[string]string // files that cannot be used, and why
}

const (
	fromScratch = "Nothing"
	fromBuiltIn = "The built-in backbone"
	fromFile    = "A weights file …"
)

func newWeightsField(s page.Shell, view int64, touched func()) *weightsField {
	w := &weightsField{shell: s, view: view, touched: touched}
	w.choice = widget.NewSelect(nil, w.chosen)
	w.list()
	return w
}

// offer offers versions, those of the view first, and the weights that were added.
func (w *weightsField) offer(all []runs.Version, added []runs.Weights) {
	w.added = added
	w.versions = slices.DeleteFunc(slices.Clone(all), func(v runs.Version) bool { return !v.CanPredict() })
	slices.SortStableFunc(w.versions, func(a, b runs.Version) int {
		own := func(v runs.Version) int {
			if v.ViewID == w.view {
				return 0
			}
			return 1
		}
		return own(a) - own(b)
	})
	w.list()
}

// list fills the choice.
func (w *weightsField) list() {
	w.values = map[string]string{fromScratch: ""}
	titles := []string{fromScratch}
	add := func(title, value string) {
		for base, n := title, 2; ; n++ {
			if _, taken := w.values[title]; !taken {
				break
			}
			title = fmt.Sprintf("%s (%d)", base, n)
		}
		w.values[title] = value
		titles = append(titles, title)
	}
	if runs.HasBuiltInWeights() {
		add(fromBuiltIn, runs.BuiltInWeights)
	}
	for _, v := range w.versions {
		title := v.Name + ", " + version.ArchitectureTitle(v.Architecture)
		if v.ViewID != w.view {
			title += ", of another view"
		}
		add(title, runs.WeightsOf(v))
	}
	for _, a := range w.added {
		add(a.Name+", "+a.Title, a.Path)
	}
	if w.title() == "" {
		add(filepath.Base(w.value), w.value)
	}
	w.choice.Options = append(titles, fromFile)
	w.choice.Selected = w.title()
	w.choice.Refresh()
}

// title is what the value is called in the choice, "" if it is not there.
func (w *weightsField) title() string {
	for title, value := range w.values {
		if value == w.value {
			return title
		}
	}
	return ""
}

func (w *weightsField) get() string { return w.value }

func (w *weightsField) set(value string) {
	if w.value != value {
		w.value = value
		w.list()
	}
}

func (w *weightsField) chosen(title string) {
	if title != fromFile {
		if value, ok := w.values[title]; ok && value != w.value {
			w.value = value
			w.touched()
		}
		return
	}
	w.choice.Selected = w.title() // until a file is chosen
	w.choice.Refresh()
	widgets.AskFiles(w.shell.Window(), widgets.FileRequest{Title: "Pretrained weights", Action: "Choose", Endings: runs.WeightsEndings()}, func(paths []string) {
		w.set(paths[0])
		w.touched()
	})
}

// version is the earlier version that a value means.
func (w *weightsField) version(value string) (runs.Version, bool) {
	for _, v := range w.versions {
		if runs.WeightsOf(v) == value {
			return v, true
		}
	}
	return runs.Version{}, false
}

// fault says why the weights do not go with an architecture, "" if they may.
func (w *weightsField) fault(architecture string) string {
	if why := w.broken[w.value]; why != "" {
		return why
	}
	if w.value == runs.BuiltInWeights {
		if own := runs.BuiltInArchitecture(); own != architecture {
			return fmt.Sprintf("The built-in backbone is a %s: its weights fit no %s", version.ArchitectureTitle(own), version.ArchitectureTitle(architecture))
		}
	}
	for _, v := range w.versions {
		if runs.WeightsOf(v) == w.value && v.Architecture != architecture {
			return fmt.Sprintf("%s is a %s: its weights fit no %s", v.Name, version.ArchitectureTitle(v.Architecture), version.ArchitectureTitle(architecture))
		}
	}
	return ""
}
