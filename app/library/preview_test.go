package library

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"viewfinder/app/studio/runs"
	"viewfinder/app/version/versiontest"
	"viewfinder/storage/domain"
)

// The sheet shows own images as the network would get them, and follows resizer, augmentations and the wish for other chances.
func TestPreviewFollowsTheFields(t *testing.T) {
	s := versiontest.New(t, 12)
	h := showSheet(s, s.Project(), s.View(), runs.DefaultOptions(domain.Classification, ""))
	defer h.close()
	s.Until("a preview", func() bool { return h.sees.known })
	pictures := func() (all []*canvas.Image) {
		for _, row := range h.sees.grid.Objects {
			for _, o := range row.(*fyne.Container).Objects {
				all = append(all, o.(*canvas.Image))
			}
		}
		return all
	}
	if n := len(pictures()); n != previewImages*(1+previewDraws) || !h.sees.content.Visible() {
		t.Fatalf("%d pictures are shown", n)
	}
	before := pictures()[1].Image
	h.fields.fields["resizer"].set("64x128:pad")
	s.Until("another size", func() bool { b := pictures()[0].Image.Bounds(); return b.Dx() == 128 && b.Dy() == 64 })
	h.fields.fields["augment"].set("")
	s.Until("no augmentation", func() bool { return strings.Contains(h.sees.message.Text(), "No augmentation") })
	if !same(pictures()[0], pictures()[1]) || !same(pictures()[1], pictures()[3]) {
		t.Error("without augmentation the draws differ")
	}
	h.fields.fields["augment"].set("flip_horizontal,rotation,colour")
	s.Until("augmentations", func() bool { return len(h.sees.shown.Augment) == 3 })
	if same(pictures()[1], pictures()[2]) && same(pictures()[1], pictures()[3]) {
		t.Error("three draws are the same")
	}
	was := pictures()[1]
	h.sees.first += previewDraws
	h.sees.follow()
	s.Until("other chances", func() bool { return h.sees.drawn == h.sees.first })
	if same(was, pictures()[1]) || before == nil {
		t.Error("other chances show the same")
	}
	h.fields.fields["resizer"].set("77x77")
	h.sees.follow()
	if b := pictures()[0].Image.Bounds(); b.Dx() != 128 {
		t.Errorf("a wrong size is shown: %v", b)
	}
}

func same(a, b *canvas.Image) bool {
	if a.Image.Bounds() != b.Image.Bounds() {
		return false
	}
	for y := range a.Image.Bounds().Dy() {
		for x := range a.Image.Bounds().Dx() {
			if a.Image.At(x, y) != b.Image.At(x, y) {
				return false
			}
		}
	}
	return true
}
