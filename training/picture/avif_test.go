package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"testing"
)

func avifFixture(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/avif/photo.avif")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A photo (heif-enc -A -q 90, of libheif) has the pixels that it was made of, nearly.
func TestDecodeAVIF(t *testing.T) {
	data := avifFixture(t)
	img, info, err := Decode(bytes.NewReader(data), "photo.avif", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if info != (Info{Format: "avif", Width: 192, Height: 128, Orientation: 1}) {
		t.Errorf("%+v", info)
	}
	if mean, _ := difference(t, img, readPNG(t, "testdata/avif/photo.png")); mean > 2 {
		t.Errorf("differs by %.2f on average", mean)
	}
	small, _, err := DecodeScaled(bytes.NewReader(data), "photo.avif", 24, Limits{})
	if err != nil || small.Rect.Dx() != 24 || small.Rect.Dy() != 16 {
		t.Errorf("scaled: %v, %v", small, err)
	}
	for _, n := range []int{8, 40, 200, len(data) / 2} {
		if _, _, err := Decode(bytes.NewReader(data[:n]), "photo.avif", Limits{}); err == nil {
			t.Errorf("%d of %d bytes are taken for a picture", n, len(data))
		}
	}
	if _, _, err := Decode(bytes.NewReader(data), "photo.avif", Limits{MaxPixels: 192*128 - 1}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("beyond the limit: %v", err)
	}
}

// turnedHEIF is a file's headers: a picture of 40 x 30 with the given properties besides.
func turnedAVIF(version uint8, extra ...[]byte) []byte {
	u32 := func(n int) []byte { return binary.BigEndian.AppendUint32(nil, uint32(n)) }
	make := func(name string, parts ...[]byte) []byte {
		body := bytes.Join(parts, nil)
		return append(append(u32(8+len(body)), name...), body...)
	}
	properties := [][]byte{make("ispe", u32(0), u32(8), u32(8)), make("ispe", u32(0), u32(40), u32(30))}
	of := []byte{2}
	for i, e := range extra {
		properties = append(properties, make(string(e[:4]), e[4:]))
		of = append(of, byte(3+i)|0x80)
	}
	pitm, ipma := []byte{0, 0, 0, 0, 0, 7}, []byte{0, 0, 0, 0, 0, 0, 0, 2, 0, 1, 1, 1, 0, 7}
	if version == 1 {
		pitm = []byte{1, 0, 0, 0, 0, 0, 0, 7}
		ipma = []byte{1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 1, 1, 0, 0, 0, 7}
	}
	ipma = append(append(ipma, byte(len(of))), of...)
	return append(make("ftyp", []byte("mif1"), u32(0), []byte("avif")),
		make("meta", u32(0), make("pitm", pitm), make("iprp", make("ipco", properties...), make("ipma", ipma)))...)
}

// The size and the turning are the primary item's.
func TestAVIFHeader(t *testing.T) {
	irot := func(n byte) []byte { return append([]byte("irot"), n) }
	imir := func(n byte) []byte { return append([]byte("imir"), n) }
	for _, c := range []struct {
		version     uint8
		extra       [][]byte
		w, h, turns int
	}{
		{0, nil, 40, 30, 1},
		{0, [][]byte{irot(1)}, 30, 40, 8},
		{0, [][]byte{irot(3)}, 30, 40, 6},
		{1, [][]byte{irot(2)}, 40, 30, 3},
		{0, [][]byte{imir(1)}, 40, 30, 2},
		{0, [][]byte{imir(0)}, 40, 30, 4},
		{0, [][]byte{irot(1), imir(0)}, 30, 40, 5},
		{0, [][]byte{irot(3), imir(0)}, 30, 40, 7},
	} {
		info, err := Probe(bytes.NewReader(turnedAVIF(c.version, c.extra...)), "f", Limits{})
		if err != nil || info != (Info{Format: "avif", Width: c.w, Height: c.h, Orientation: c.turns}) {
			t.Errorf("%q: %+v, %v", c.extra, info, err)
		}
	}
}

// The four orientations of a turn and a mirror are those that turning and mirroring give.
func TestAVIFOrientations(t *testing.T) {
	src := readPNG(t, "testdata/avif/photo.png")
	for mirror, of := range avifOrientations {
		for turns, o := range of {
			want := src
			for range turns {
				want = upright(want, 8)
			}
			want = upright(want, []int{1, 4, 2}[mirror])
			if _, most := difference(t, upright(src, o), want); most != 0 {
				t.Errorf("%d quarters, mirror %d: orientation %d is not it", turns, mirror, o)
			}
		}
	}
}

// FuzzAVIFHeader holds that any boxes give a size within bounds or an *Error.
func FuzzAVIFHeader(f *testing.F) {
	f.Add(avifFixture(f))
	f.Add(turnedAVIF(1, []byte("irot\x01"), []byte("imir\x00")))
	f.Fuzz(func(t *testing.T, data []byte) {
		info, err := Probe(bytes.NewReader(data), "f", Limits{})
		var e *Error
		if err != nil && !errors.As(err, &e) {
			t.Fatalf("not an *Error: %v", err)
		}
		if err == nil && (info.Width <= 0 || info.Height <= 0 || info.Orientation < 1 || info.Orientation > 8) {
			t.Fatalf("%+v", info)
		}
	})
}
