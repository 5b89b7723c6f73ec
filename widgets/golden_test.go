package widgets

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"viewfinder/widgets/look"
)

// golden draws an object in both themes and compares with testdata/NAME-light.png and NAME-dark.png. Text may differ in
// its edges from one machine to the next, so a few pixels may differ; see [difference] for how few. With
// VIEWFINDER_UPDATE_GOLDEN=1 the images are written instead.
func golden(t *testing.T, name string, size fyne.Size, build func() fyne.CanvasObject) {
	t.Helper()
	for variant, word := range map[look.Variant]string{look.Light: "light", look.Dark: "dark"} {
		t.Run(word, func(t *testing.T) {
			img := capture(t, variant, size, build)
			path := filepath.Join("testdata", fmt.Sprintf("%s-%s.png", name, word))
			if os.Getenv("VIEWFINDER_UPDATE_GOLDEN") != "" {
				writePNG(t, path, img)
				return
			}
			want, err := readPNG(path)
			if err != nil {
				t.Fatalf("no golden picture: %v", err)
			}
			if err := difference(want, img); err != nil {
				failed := filepath.Join("testdata", "failed", filepath.Base(path))
				writePNG(t, failed, img)
				t.Errorf("%s: %v; what was drawn is in %s", path, err, failed)
			}
		})
	}
}

func capture(t *testing.T, variant look.Variant, size fyne.Size, build func() fyne.CanvasObject) image.Image {
	t.Helper()
	app := newApp(t)
	look.SetVariant(variant)
	t.Cleanup(func() { look.SetVariant(look.System) })
	look.Apply(app)
	w := test.NewTempWindow(t, build())
	w.SetPadded(false)
	w.Resize(size)
	return w.Canvas().Capture()
}

// difference refuses images of other sizes, with more than 0.3% of pixels clearly different, or that differ by more
// than 1 level of 255 on average.
func difference(want, got image.Image) error {
	if want.Bounds().Size() != got.Bounds().Size() {
		return fmt.Errorf("it is %v, not %v", got.Bounds().Size(), want.Bounds().Size())
	}
	b := want.Bounds()
	sum, clearly := 0, 0
	for y := range b.Dy() {
		for x := range b.Dx() {
			p := color.NRGBAModel.Convert(want.At(b.Min.X+x, b.Min.Y+y)).(color.NRGBA)
			q := color.NRGBAModel.Convert(got.At(got.Bounds().Min.X+x, got.Bounds().Min.Y+y)).(color.NRGBA)
			d := max(apart(p.R, q.R), apart(p.G, q.G), apart(p.B, q.B))
			sum += d
			if d > 48 {
				clearly++
			}
		}
	}
	n := b.Dx() * b.Dy()
	if mean := float64(sum) / float64(n); mean > 1 || float64(clearly) > 0.003*float64(n) {
		return fmt.Errorf("it differs: %.2f levels on average, %d of %d pixels clearly", mean, clearly, n)
	}
	return nil
}

func apart(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }

func writePNG(t *testing.T, path string, img image.Image) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

func readPNG(path string) (image.Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return png.Decode(f)
}

// The comparison itself must be able to fail.
func TestDifferenceSeesAMovedBox(t *testing.T) {
	picture := func(at int) image.Image {
		img := image.NewNRGBA(image.Rect(0, 0, 200, 200))
		for y := 50; y < 90; y++ {
			for x := at; x < at+3; x++ {
				img.Set(x, y, color.NRGBA{255, 0, 0, 255})
			}
		}
		return img
	}
	if err := difference(picture(60), picture(60)); err != nil {
		t.Errorf("the same picture: %v", err)
	}
	if difference(picture(60), picture(64)) == nil {
		t.Error("a line of three by forty pixels moved by four is not seen")
	}
	if difference(picture(60), image.NewNRGBA(image.Rect(0, 0, 200, 201))) == nil {
		t.Error("another size is not seen")
	}
}
