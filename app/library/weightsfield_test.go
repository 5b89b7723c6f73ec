package library

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"viewfinder/app/studio/runs"
	"viewfinder/app/version/versiontest"
	"viewfinder/storage/domain"
)

// The weights of earlier versions can be chosen by name, those of another architecture are refused in words, a file stays as it was given.
func TestWeightsAreChosen(t *testing.T) {
	s := versiontest.New(t, 12)
	h := showSheet(s, s.Project(), s.View(), runs.DefaultOptions(domain.Classification, "small_cnn"))
	defer h.close()
	s.Until("the preparation", func() bool { return h.ready })
	w := h.fields.weights
	w.offer([]runs.Version{
		earlier(1, "aa", s.View().ID, "v1", "small_cnn", domain.StatusReady),
		earlier(2, "bb", s.View().ID+1, "v1", "small_cnn", domain.StatusReady),
		earlier(3, "cc", s.View().ID, "big", "resnet18", domain.StatusReady),
		earlier(4, "dd", s.View().ID, "failed", "resnet18", domain.StatusFailed),
	}, []runs.Weights{{Name: "mine", Title: "MobileNet-V2", Path: "/weights/mine.safetensors"}})
	if got := strings.Join(w.choice.Options, " | "); strings.Contains(got, "failed") || !strings.Contains(got, "| mine, MobileNet-V2 |") || !strings.HasPrefix(got, "Nothing | The built-in backbone | v1, ") || strings.Index(got, "big") > strings.Index(got, "another view") {
		t.Errorf("it offers %s", got)
	}
	pick := func(part string) {
		t.Helper()
		i := slices.IndexFunc(w.choice.Options, func(o string) bool { return strings.Contains(o, part) })
		if i < 0 {
			t.Fatalf("%q is not offered: %v", part, w.choice.Options)
		}
		w.choice.SetSelectedIndex(i)
		h.check()
	}
	pick("built-in")
	s.Until("the backbone to be read", func() bool {
		h.check()
		return h.fields.options().Architecture == "mobilenet_v2_035"
	})
	if why := h.fields.why.Text(); !strings.Contains(why, "Starts from the built-in network: with 20 training images its head alone") {
		t.Errorf("the reason is %q", why)
	}
	if o := h.fields.options(); o.Weights != runs.BuiltInWeights || h.fields.fields["weights"].fault.Visible() {
		t.Errorf("from the built-in backbone: %s from %q, fault %q", o.Architecture, o.Weights, h.fields.fields["weights"].fault.Text())
	}
	pick("v1, ")
	if o := h.fields.options(); o.Weights != "../aa" || h.fields.fields["weights"].fault.Visible() {
		t.Errorf("weights %q, fault %q", o.Weights, h.fields.fields["weights"].fault.Text())
	}
	if s := h.fields.fields["learn"].get(); s != "head" {
		t.Errorf("from an earlier version %q learns", s)
	}
	if why := h.fields.why.Text(); !strings.Contains(why, "Starts from v1") || !strings.Contains(why, "The head alone learns: ") {
		t.Errorf("the reason is %q", why)
	}
	pick("big")
	if o := h.fields.options(); o.Architecture != "resnet18" || o.Weights != "../cc" {
		t.Errorf("the architecture does not follow: %s from %s", o.Architecture, o.Weights)
	}
	h.fields.choose("small_cnn")
	h.check()
	if fault := h.fields.fields["weights"].fault; !fault.Visible() || !strings.Contains(fault.Text(), "fit no") || !h.create.Disabled() {
		t.Errorf("other weights are not refused: %q", fault.Text())
	}
	h.fields.choose("resnet18")
	h.check()
	if h.fields.fields["weights"].fault.Visible() {
		t.Error("the weights of the same architecture are refused")
	}
	pick("Nothing")
	if o := h.fields.options(); o.Weights != "" || o.Learn != "all" || !reflect.DeepEqual(o, runs.DefaultOptions(domain.Classification, "resnet18")) {
		t.Errorf("from nothing the options are %+v", o)
	}
	w.set("/models/old.safetensors")
	if w.choice.Selected != "old.safetensors" || h.fields.options().Weights != "/models/old.safetensors" {
		t.Errorf("a file is %q, shown as %q", h.fields.options().Weights, w.choice.Selected)
	}
}

// The page of architectures says of each what it takes here, measures it, and gives the chosen one to the sheet.
func TestAvailableArchitectures(t *testing.T) {
	if testing.Short() {
		t.Skip("computes for long, which the race detector makes ten times as long")
	}
	s := versiontest.New(t, 12)
	chosen := ""
	use, err := s.Project().Prepare(t.Context(), s.View().ID, runs.DefaultOptions(domain.Classification, ""))
	if err != nil {
		t.Fatal(err)
	}
	if use.Memory.Need < 100<<20 || use.Memory.Need > 4<<30 {
		t.Errorf("a training is estimated to take %d bytes", use.Memory.Need)
	}
	a := showArchitectures(s, domain.Classification, use, func(name string) { chosen = name })
	s.Until("the architectures", func() bool { return len(a.rows.Objects) == len(runs.Architectures()) })
	shown := versiontest.Texts(a.rows)
	for _, want := range []string{"Memory", "about", "not measured", "Batch size"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is missing: %s", want, shown)
		}
	}
	if _, err := runs.MeasureArchitecture(t.Context(), domain.Classification, "small_cnn", 3); err != nil {
		t.Fatal(err)
	}
	facts, err := runs.DescribeArchitectures(domain.Classification, 3, 12)
	if err != nil || facts[0].Name != "small_cnn" || facts[0].PerSecond <= 0 || facts[1].PerSecond != 0 {
		t.Errorf("after measuring one: %+v %v", facts, err)
	}
	a.d.Close()
	a.choose("resnet18")
	if chosen != "resnet18" {
		t.Errorf("chosen %q", chosen)
	}
}

func earlier(id int64, uid string, view int64, name, architecture string, status domain.Status) (v runs.Version) {
	v.ID, v.UID, v.ViewID, v.Name, v.Architecture, v.Status = id, uid, view, name, architecture, status
	return v
}
