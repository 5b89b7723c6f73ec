package picture

import (
	"bytes"
	"encoding/binary"
	"image/color"
	"testing"
)

// faxed is a TIFF of 8 x 8 pixels in Group 4 whose rows are all runs of the code's white.
func faxed(photometric uint32) []byte {
	order := binary.LittleEndian
	b := order.AppendUint32([]byte("II*\x00"), 12)
	b = append(b, 0xff, 0x00, 0x10, 0x01) // eight times V0, then the end (T.6)
	fields := [][2]uint32{{256, 8}, {257, 8}, {258, 1}, {259, 4}, {262, photometric}, {273, 8}, {277, 1}, {278, 8}, {279, 4}}
	b = order.AppendUint16(b, uint16(len(fields)))
	for _, f := range fields {
		b = order.AppendUint16(order.AppendUint16(b, uint16(f[0])), 3)
		b = order.AppendUint32(order.AppendUint32(b, 1), f[1])
	}
	return order.AppendUint32(b, 0)
}

// TestFax: white runs are white where white is zero, and black where black is.
func TestFax(t *testing.T) {
	white, black := color.RGBA{255, 255, 255, 255}, color.RGBA{0, 0, 0, 255}
	for photometric, want := range map[uint32]color.RGBA{0: white, 1: black} {
		img, _, err := Decode(bytes.NewReader(faxed(photometric)), "fax.tif", Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range [][2]int{{0, 0}, {7, 7}} {
			if got := img.RGBAAt(at[0], at[1]); got != want {
				t.Errorf("photometric interpretation %d: %v at %v, want %v", photometric, got, at, want)
			}
		}
	}
	img, _, err := DecodeAsBefore(bytes.NewReader(faxed(1)), "fax.tif", Limits{})
	if err != nil || img.RGBAAt(0, 0) != white {
		t.Errorf("as networks before learnt from it: %v, %v", img.RGBAAt(0, 0), err)
	}
}
