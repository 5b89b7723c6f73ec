package library

import (
	"strings"
	"testing"

	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/storage/domain"
)

// A preset sets real fields, follows the architecture and the number of images until one of them is changed by hand, and comes back when it is
// chosen again.
func TestPresetsSetFields(t *testing.T) {
	changes := 0
	f := newOptionFields(nil, studio.View{ID: 1, Type: domain.Classification}, runs.DefaultOptions(domain.Classification, ""), func() { changes++ })
	holds := func(want string) {
		t.Helper()
		if f.presets.holds != want || f.presets.choice.Selected() != want {
			t.Fatalf("the preset %q holds (%q is marked), want %q", f.presets.holds, f.presets.choice.Selected(), want)
		}
	}
	holds("balanced")
	f.check(3200)
	holds("balanced")
	if got := f.fields["iterations"].get(); got != "3000" {
		t.Errorf("%s iterations for 3,200 images, want 3000", got)
	}
	f.choose("resnet18")
	holds("balanced")
	f.presets.choice.OnChange("quick")
	holds("quick")
	if got := f.options(); got.Iterations != 500 || got.Architecture != "resnet18" {
		t.Errorf("quick look: %d iterations of %s", got.Iterations, got.Architecture)
	}
	f.fields["iterations"].set("400")
	holds("")
	if !strings.Contains(f.presets.text.Text(), "Changed from “Quick look”") {
		t.Errorf("it says %q", f.presets.text.Text())
	}
	f.check(9000)
	if got := f.options().Iterations; got != 400 {
		t.Errorf("a value of one's own became %d", got)
	}
	f.fields["seed"].set("7")
	f.presets.choice.OnChange("thorough")
	f.fields["threads"].set("1")
	f.choose("small_cnn")
	if got := f.options(); got.Seed != 7 || got.Threads != 1 {
		t.Errorf("a preset changed seed or threads: %d, %d", got.Seed, got.Threads)
	}
	holds("thorough")
	if got := f.options(); got.Iterations < 3000 || !strings.Contains(strings.Join(got.Augment, ","), "colour") {
		t.Errorf("thorough: %d iterations, %v", got.Iterations, got.Augment)
	}
	if changes == 0 {
		t.Error("nobody was told")
	}
}
