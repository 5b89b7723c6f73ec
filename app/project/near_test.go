package project

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio"
	"viewfinder/app/studio/pictures"
	"viewfinder/app/version/versiontest"
	"viewfinder/storage/domain"
)

// TestNearPanel: near-duplicates are looked for on request; one click puts a group that is in train and val on one side, and Undo takes it back.
func TestNearPanel(t *testing.T) {
	s := versiontest.New(t, 2)
	ctx := t.Context()
	all, err := s.Project().Datapoints(ctx, studio.Query{View: s.View().ID})
	if err != nil {
		t.Fatal(err)
	}
	p := Show(s, s.Project())
	s.Until("the page", func() bool { return p.near != nil })
	shown := func() string { return versiontest.Texts(p.near.content) }
	if !strings.Contains(shown(), "Find them") {
		t.Fatalf("it says %s", shown())
	}
	p.near.find()
	s.Until("an answer", func() bool {
		return strings.Contains(shown(), "duplicates found") || strings.Contains(shown(), "group")
	})
	a, b := all[0].Image, all[1].Image
	a.Split, b.Split = domain.SplitTrain, domain.SplitVal
	p.near.show([]pictures.NearGroup{{Images: []studio.Image{a, b}, Leak: true}})
	if !strings.Contains(shown(), "1 in more than one split") {
		t.Fatalf("it says %s", shown())
	}
	toVal := button(p.near.content, "All to val")
	if toVal == nil {
		t.Fatal("there is nothing that puts them on one side")
	}
	test.Tap(toVal)
	s.Until("the move", func() bool { return strings.Contains(shown(), "none is in more than one split") })
	for _, one := range []studio.Image{a, b} {
		if got, err := s.Project().Image(ctx, one.ID); err != nil || got.Split != domain.SplitVal {
			t.Errorf("%s is in %s, %v", one.Name, got.Split, err)
		}
	}
	p.near.show(nil)
	if !strings.Contains(shown(), "No near-duplicates found") {
		t.Errorf("it says %s", shown())
	}
	p.near.stop()
}

// button finds a button by its text.
func button(o fyne.CanvasObject, text string) *widget.Button {
	if b, ok := o.(*widget.Button); ok && b.Text == text {
		return b
	}
	if c, ok := o.(*fyne.Container); ok {
		for _, one := range c.Objects {
			if b := button(one, text); b != nil {
				return b
			}
		}
	}
	return nil
}
