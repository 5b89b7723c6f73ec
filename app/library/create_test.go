package library

import (
	"testing"

	"viewfinder/app/studio/runs"
)

// A grey Create says why, beside it.
func TestGreyCreateSaysWhy(t *testing.T) {
	h := &sheet{fields: &optionFields{ok: true}}
	for _, c := range []struct {
		name string
		set  func()
		want string
	}{
		{"", func() {}, "Looking at the annotated images…"},
		{"", func() { h.ready, h.prepared = true, runs.Preparation{Ready: true} }, ""},
		{"Enter a name", func() {}, "Name: enter a name"},
		{"", func() { h.fields.ok = false }, "An option has to be corrected"},
		{"", func() {
			h.fields.ok, h.prepared = true, runs.Preparation{Missing: []string{"Glass has 0 images in train"}}
		}, "Glass has 0 images in train"},
		{"", func() { h.prepared.Missing = make([]string, 61); h.prepared.Missing[0] = "A has 0" }, "A has 0; and 60 more, see Missing"},
		{"", func() { h.prepared = runs.Preparation{} }, "There are not enough annotated images"},
		{"", func() { h.creating = true }, ""},
	} {
		c.set()
		if got, _ := h.waits(c.name); got != c.want {
			t.Errorf("%q, not %q", got, c.want)
		}
	}
}
