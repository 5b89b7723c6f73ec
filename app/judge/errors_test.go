package judge

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"viewfinder/app/studio"
	"viewfinder/app/studio/evaluate"
	"viewfinder/app/version/versiontest"
	"viewfinder/storage/domain"
)

// Errors can be worked through by keys at once, of whatever kind they are; all images are looked at for wrong annotations without another training, and
// what was found is there even if another kind was looked at meanwhile.
func TestKeysGoToErrors(t *testing.T) {
	s := versiontest.New(t, 24)
	v := s.TrainNow("v1", 12)
	list, err := s.Project().Datapoints(t.Context(), studio.Query{View: s.View().ID, Split: domain.SplitVal})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list { // wrong ever after: all are annotated as the first one
		if err := s.Project().SetConcepts(t.Context(), []studio.Key{d.Key()}, list[0].Regions[0].Concepts); err != nil {
			t.Fatal(err)
		}
	}
	f := New(s, s.Project())
	defer f.Close()
	window := s.Window()
	window.SetContent(f.Content())
	window.Resize(fyne.NewSize(1240, 640))
	f.Set(v, s.View())
	f.Selected()
	s.Until("figures", func() bool { return f.sheet != nil && f.sheet.figures != nil })
	f.sheet.tabs.SetSelected(sectionErrors)
	f.sheet.show(sectionErrors)
	m := f.sheet.sections[sectionErrors].(*errorsSection)
	s.Until("keys at the errors", func() bool { return len(m.cases.list) > 0 && window.Canvas().Focused() == m.cases.grid })
	m.cases.grid.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.Until("the annotator", func() bool { return len(s.Cases) > 0 })

	choose := func(kind string) {
		m.kinds.SetSelected(kind)
		m.update()
	}
	choose(likelyErrors)
	s.Until("the likely errors", func() bool { return m.likely != nil })
	some := m.likely.Checked
	m.lookAtAll()
	choose(string(evaluate.FalsePositives))
	s.Until("all images", func() bool { return m.likely.Checked > some })
	choose(likelyErrors)
	if all := f.sheet.e.Images; m.likely.Checked <= all || !strings.Contains(versiontest.Texts(f.Content()), "colours and textures") {
		t.Errorf("%d images looked at after %d, method %q", m.likely.Checked, all, m.likely.Method)
	}
}
