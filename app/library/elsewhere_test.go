package library

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"viewfinder/app/studio"
	"viewfinder/app/version/versiontest"
	"viewfinder/storage/domain"
)

// An empty Library says in which view there are versions, and leads there.
func TestEmptyLibraryLeadsToOtherView(t *testing.T) {
	l := &list{page: &Page{}}
	if len(l.elsewhere()) != 0 {
		t.Error("it leads elsewhere while no view has versions")
	}
	s := versiontest.New(t, 1)
	trained := s.View().ID
	l.page.shell = s
	l.data = content{view: studio.View{ID: trained + 1, Name: "Other", Type: domain.Tagging}, other: s.View()}
	s.NoView()
	text := versiontest.Texts(l.empty())
	if !strings.Contains(text, "Show the versions of "+l.data.other.Name) {
		t.Fatalf("%q", text)
	}
	l.elsewhere()[0].(fyne.Tappable).Tapped(nil)
	if s.View().ID != trained {
		t.Error("it does not lead there")
	}
}
