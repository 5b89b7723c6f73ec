package weights

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestTensorFlowLitesFeatures(t *testing.T) {
	n, err := Read(filepath.Join(pretrained(t, "weights/mobilenet_v2_100"), "mobilenet_v2_1.0_224_int8.tflite"))
	if err != nil {
		t.Fatal(err)
	}
	if n.Architecture != "mobilenet_v2_100" || n.Size != 224 || len(n.Left) > 0 {
		t.Errorf("read as %s of %d pixels, left %v", n.Architecture, n.Size, n.Left)
	}
	if !n.Head || n.Classes() != 1001 {
		t.Errorf("head %t of %d", n.Head, n.Classes())
	}
	agrees(t, n, "mobilenet_v2_100")
}

// FuzzTFLite: whatever a file holds, it is read or refused, without a panic and in bounded time.
func FuzzTFLite(f *testing.F) {
	f.Add([]byte("\x08\x00\x00\x00TFL3"))
	f.Add([]byte("\x1c\x00\x00\x00TFL3\x14\x00\x20\x00\x1c\x00\x18\x00\x14\x00\x10\x00\x0c\x00\x00\x00\x08\x00\x04\x00\x14\x00\x00\x00"))
	if whole, err := os.ReadFile("../../../shared/weights/mobilenet_v2_100/mobilenet_v2_1.0_224_int8.tflite"); err == nil {
		f.Add(whole[:4096])
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if n, err := parseTFLite(raw); err == nil && n.Architecture == "" || err != nil && !errors.Is(err, ErrFile) {
			t.Errorf("%v, %v", n, err)
		}
	})
}

// TestDamagedTFLite: each cut and each flipped byte of the real file's tables is read or refused.
func TestDamagedTFLite(t *testing.T) {
	whole, err := os.ReadFile(filepath.Join(pretrained(t, "weights/mobilenet_v2_100"), "mobilenet_v2_1.0_224_int8.tflite"))
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for i := range 8 {
		cut := whole[:len(whole)*i/8]
		if _, err := parseTFLite(cut); !errors.Is(err, ErrFile) {
			t.Errorf("cut at %d: %v", len(cut), err)
		}
		damaged := append([]byte(nil), whole...)
		for k := range 16 {
			damaged[len(whole)-1-(i*16+k)*397] ^= 0xff
		}
		if _, err := parseTFLite(damaged); err != nil {
			if refused++; !errors.Is(err, ErrFile) {
				t.Error(err)
			}
		}
	}
	if refused == 0 {
		t.Error("no damage was found")
	}
}
