package library

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"viewfinder/app/studio/runs"
	"viewfinder/app/version/versiontest"
	"viewfinder/storage/domain"
	"viewfinder/training/checkpoint"
)

// A version that is ready can be taken away: its network as a file that holds its tensors, and the program that loads it. One that has no
// network states that.
func TestExportTab(t *testing.T) {
	if testing.Short() {
		t.Skip("computes for long, which the race detector makes ten times as long")
	}
	s := versiontest.New(t, 12)
	project := s.Project()
	waits, err := project.Train(t.Context(), runs.TrainRequest{View: s.View().ID, Name: "a/b", Options: s.Options(3)})
	if err != nil {
		t.Fatal(err)
	}
	p := show(s)
	t.Cleanup(p.Close)
	p.open(waits.ID, tabExport)
	x := tabOf(p, tabExport).(*exports)
	s.Until("the version", func() bool { return x.version.ID == waits.ID })
	if !x.version.CanPredict() && len(x.content.Objects) == 0 {
		t.Error("nothing is shown before there is a network")
	}
	s.Until("the training", func() bool {
		p.detail.loader.Load()
		return x.version.Status == domain.StatusReady
	})
	text := x.example.label.Text + x.predict.label.Text
	for _, want := range []string{"torch", `load_file("a_b.safetensors")`, `concepts = ["blue", "red"]`, "viewfinder predict"} {
		if !strings.Contains(text, want) {
			t.Errorf("the tab doesn't say %q:\n%s", want, text)
		}
	}
	file := filepath.Join(t.TempDir(), "network")
	x.saveNetwork(x.version, file, ".safetensors")
	s.Until("the file", func() bool { return len(s.Notes) > 0 })
	read, err := checkpoint.ReadFile(file + ".safetensors")
	if err != nil {
		t.Fatal(err)
	}
	if len(read.Tensors) == 0 || read.Metadata["name"] != "a/b" {
		t.Errorf("%d tensors, %v", len(read.Tensors), read.Metadata)
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(file), "old.safetensors"), nil, 0o644); err != nil { // as the dialog leaves it
		t.Fatal(err)
	}
	s.Notes = nil
	x.saveNetwork(x.version, filepath.Join(filepath.Dir(file), "old.safetensors"), ".safetensors")
	s.Until("the file in an old one's place", func() bool { return len(s.Notes) > 0 })
	for _, f := range runs.ModelFormats() {
		s.Notes = nil
		x.saveNetwork(x.version, file+"-"+f.Title, f.Extension)
		s.Until("the "+f.Title, func() bool { return len(s.Notes) > 0 })
		if info, err := os.Stat(file + "-" + f.Title + f.Extension); err != nil || info.Size() < 1000 {
			t.Errorf("%s: %v", f.Title, err)
		}
	}
	if len(s.Failures) > 0 {
		t.Error(s.Failures)
	}
}

func tabOf(p *Page, title string) subTab {
	for _, t := range p.detail.more {
		if t.title == title {
			return t.subTab
		}
	}
	return nil
}
