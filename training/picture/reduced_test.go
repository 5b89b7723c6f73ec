package picture

import (
	"bytes"
	"fmt"
	"image"
	stdjpeg "image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// atScale decodes a JPEG at 1/scale of its size, whatever is asked for; it fails where the fast decoder does not read it.
func atScale(t *testing.T, data []byte, scale int) *image.RGBA {
	t.Helper()
	img, _, err := decode(bytes.NewReader(data), Limits{}.withDefaults(), func(Info) int { return scale })
	if err != nil {
		t.Fatal(err)
	}
	return toRGB(img)
}

// Each kind of JPEG comes at each scale as PIL's draft gives it, see testdata/generate.py.
func TestReducedAsPIL(t *testing.T) {
	files, _ := filepath.Glob("testdata/reduced/*.jpg")
	if len(files) < 20 {
		t.Fatalf("only %d fixtures", len(files))
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, scale := range []int{1, 2, 4, 8} {
			t.Run(fmt.Sprintf("%s/%d", filepath.Base(path), scale), func(t *testing.T) {
				mean, most := difference(t, atScale(t, data, scale), readPNG(t, fmt.Sprintf("%s.%d.png", path, scale)))
				t.Logf("mean %.3f, most %d", mean, most)
				if most > 3 {
					t.Errorf("differs from PIL by %d levels at most, by %.3f on average", most, mean)
				}
			})
		}
	}
}

// livePIL compares where PIL is installed.
const livePIL = `
import random, sys
from PIL import Image
Image.MAX_IMAGE_PIXELS = None
folder = sys.argv[1]
random.seed(5)
for i in range(12):
    w, h = random.randint(1, 200), random.randint(1, 200)
    im = Image.effect_noise((max(2, w // 3), max(2, h // 3)), 90).resize((w, h), Image.BICUBIC)
    im = Image.merge("RGB", [im, im.rotate(180), im.transpose(Image.FLIP_LEFT_RIGHT)])
    name = f"{folder}/{i}.jpg"
    im.save(name, quality=random.choice([30, 75, 95]), subsampling=i % 3, progressive=i % 4 == 3, optimize=i % 2 == 1)
    for scale in (1, 2, 4, 8):
        small = Image.open(name)
        if scale > 1 and min(w, h) >= scale:
            small.draft("RGB", (w // scale, h // scale))
        if small.size == (-(-w // scale), -(-h // scale)):
            small.convert("RGB").save(f"{name}.{scale}.png")
`

// Pictures of random sizes and kinds are PIL's of this moment.
func TestReducedAsPILHere(t *testing.T) {
	dir := t.TempDir()
	python := ""
	for _, p := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(p, "-c", "import PIL.Image").Run() == nil {
			python = p
			break
		}
	}
	if python == "" {
		t.Skip("PIL is not installed")
	}
	if out, err := exec.Command(python, "-c", livePIL, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.png"))
	if len(files) < 20 {
		t.Fatalf("only %d pictures", len(files))
	}
	for _, file := range files {
		var i, scale int
		if _, err := fmt.Sscanf(filepath.Base(file), "%d.jpg.%d.png", &i, &scale); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("%d.jpg", i)))
		if err != nil {
			t.Fatal(err)
		}
		if _, most := difference(t, atScale(t, data, scale), readPNG(t, file)); most > 3 {
			t.Errorf("%s differs by %d levels", filepath.Base(file), most)
		}
	}
}

// What the fast decoder does not read comes from Go's, whole, and in its words if neither does.
func TestReducedFallsBack(t *testing.T) {
	data, err := os.ReadFile("testdata/reduced/s22.jpg")
	if err != nil {
		t.Fatal(err)
	}
	cut := data[:len(data)*2/3]
	_, _, fast := DecodeReduced(bytes.NewReader(cut), "cut.jpg", 8, Limits{})
	_, _, patient := DecodeAsBefore(bytes.NewReader(cut), "cut.jpg", Limits{})
	if fast == nil || patient == nil || fast.Error() != patient.Error() {
		t.Errorf("a cut file: %v, and as before: %v", fast, patient)
	}
	asBefore, _, err := DecodeAsBefore(bytes.NewReader(data), "s22.jpg", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	decoded, err := stdjpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if _, most := difference(t, asBefore, toRGB(decoded)); most != 0 {
		t.Errorf("decoding as before differs from Go's decoder by %d levels", most)
	}
}

func TestReduction(t *testing.T) {
	photo := Info{Format: "jpeg", Width: 3000, Height: 4000}
	if photo.Reduction(192, 256) != 8 || photo.Reduction(750, 1000) != 4 || photo.Reduction(3000, 1) != 1 {
		t.Error("a photo is not reduced as it could be")
	}
	if (Info{Format: "png", Width: 4000, Height: 3000}).Reduction(10, 10) != 1 {
		t.Error("a PNG is reported as reducible")
	}
}
