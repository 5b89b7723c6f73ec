package library

import (
	"reflect"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"viewfinder/app/studio/runs"
	"viewfinder/app/version/versiontest"
	"viewfinder/storage/domain"
)

// A card names the input that choosing its architecture brings.
func TestCardsNameTheProposedInput(t *testing.T) {
	for _, c := range []struct {
		view         domain.Task
		architecture string
		want         string
	}{
		{domain.Classification, "mobilenet_v2_035", "288 px"}, {domain.Tagging, "mobilenet_v2_035", "288 px"}, {domain.Classification, "small_cnn", "96 px"},
		{domain.Detection, "mobilenet_v2_035", "240×320 px"},
	} {
		if got := cardFacts(c.view, c.architecture, nil); got != c.want {
			t.Errorf("%s, %s: %q, not %q", c.view, c.architecture, got, c.want)
		}
	}
	if got := cardFacts(domain.Classification, "mobilenet_v2_035", func(int) int { return 400_000 }); !strings.HasSuffix(got, " weights · 288 px") {
		t.Errorf("%q", got)
	}
}

// Who chooses nothing starts from the built-in backbone, and is told so in one line with the number of images. Another architecture starts from nothing
// and its own size; its own comes back to the backbone. What was chosen by hand stays, and is refused in words where it does not fit.
func TestSheetStartsFromTheBuiltInBackbone(t *testing.T) {
	s := versiontest.New(t, 12)
	options, _ := runs.ProposedOptions(domain.Classification, "", 0)
	h := showSheet(s, s.Project(), s.View(), options)
	defer h.close()
	s.Until("the preparation", func() bool { return h.ready })
	train := splitUse(h.prepared, domain.SplitTrain).Images
	proposed, why := runs.ProposedOptions(domain.Classification, "", train)
	if o := h.fields.options(); o.Weights != runs.BuiltInWeights || o.Learn != "head" || o.Resizer != proposed.Resizer || o.Architecture != "mobilenet_v2_035" || o.Validate(domain.Classification) != nil {
		t.Errorf("nothing was chosen, and the options are %+v", o)
	}
	if shown := h.fields.why.Text(); shown != why || !strings.Contains(shown, "training images its head alone gives the best result in seconds") {
		t.Errorf("it says %q, want %q", shown, why)
	}
	if h.fields.weights.choice.Selected != fromBuiltIn || h.fields.presets.holds != "balanced" || h.create.Disabled() || h.fields.changedCount() != 0 {
		t.Errorf("%q is chosen, the preset %q holds, %d options are changed, Create is disabled: %v", h.fields.weights.choice.Selected, h.fields.presets.holds, h.fields.changedCount(), h.create.Disabled())
	}
	if reset := h.fields.fields["weights"].reset; reset.Visible() {
		t.Error("the default can be reset to the default")
	}

	h.fields.choose("resnet18")
	h.check()
	want, _ := runs.PresetOf("balanced", runs.DefaultOptions(domain.Classification, "resnet18"), train)
	if o := h.fields.options(); !reflect.DeepEqual(o, want) || h.fields.fields["weights"].fault.Visible() || h.create.Disabled() {
		t.Errorf("another architecture has the options %+v, want %+v; fault %q", o, want, h.fields.fields["weights"].fault.Text())
	}
	h.fields.choose("mobilenet_v2_035")
	h.check()
	if o := h.fields.options(); o.Weights != runs.BuiltInWeights || o.Learn != "head" || o.Resizer != proposed.Resizer {
		t.Errorf("back at the backbone's architecture: %s at %s from %q", o.Learn, o.Resizer, o.Weights)
	}

	h.fields.weights.choice.SetSelected(fromScratch)
	h.fields.choose("small_cnn")
	h.fields.choose("mobilenet_v2_035")
	h.check()
	if o := h.fields.options(); o.Weights != "" || o.Learn != "all" {
		t.Errorf("nothing was chosen by hand, and it starts from %q", o.Weights)
	}
	if reset := h.fields.fields["weights"].reset; !reset.Visible() {
		t.Error("there is no way back to the default")
	} else {
		test.Tap(reset)
	}
	if o := h.fields.options(); o.Weights != runs.BuiltInWeights || o.Learn != "head" {
		t.Errorf("after the way back it starts from %q", o.Weights)
	}

	h.fields.weights.choice.SetSelected(fromScratch)
	h.fields.weights.choice.SetSelected(fromBuiltIn)
	h.fields.choose("resnet18")
	h.check()
	if fault := h.fields.fields["weights"].fault; !fault.Visible() || !strings.Contains(fault.Text(), "The built-in backbone is a MobileNet-V2 0.35: its weights fit no ResNet-18") || !h.create.Disabled() {
		t.Errorf("weights that do not fit are not refused: %q", fault.Text())
	}
}

// From nothing by hand, the architecture that does well from nothing is taken, where none was chosen.
func TestSheetFromNothing(t *testing.T) {
	s := versiontest.New(t, 12)
	options, _ := runs.ProposedOptions(domain.Classification, "", 0)
	h := showSheet(s, s.Project(), s.View(), options)
	defer h.close()
	s.Until("the preparation", func() bool { return h.ready })
	h.fields.weights.choice.SetSelected(fromScratch)
	h.check()
	want, _ := runs.PresetOf("balanced", runs.DefaultOptions(domain.Classification, ""), splitUse(h.prepared, domain.SplitTrain).Images)
	if o := h.fields.options(); !reflect.DeepEqual(o, want) {
		t.Errorf("from nothing the options are %+v, want %+v", o, want)
	}
}
