package picture

import "image"

// turned reports whether orientation o exchanges width and height.
func turned(o int) bool { return o >= 5 && o <= 8 }

// upright returns src turned and mirrored upright by EXIF's orientation o (1 to 8);
// src itself where nothing is to do.
func upright(src *image.RGBA, o int) *image.RGBA {
	if o <= 1 || o > 8 {
		return src
	}
	sw, sh := src.Rect.Dx(), src.Rect.Dy()
	dw, dh := sw, sh
	if turned(o) {
		dw, dh = sh, sw
	}
	dst := image.NewRGBA(image.Rect(0, 0, dw, dh))
	// The source's pixel for the target's (0,0), and the way of one step
	// right and one step down, in bytes of src.Pix.
	px, row := 4, src.Stride
	lastX, lastY := (sw-1)*px, (sh-1)*row
	var at, right, down int
	switch o {
	case 2: // mirrored left to right
		at, right, down = lastX, -px, row
	case 3: // upside down
		at, right, down = lastX+lastY, -px, -row
	case 4: // mirrored top to bottom
		at, right, down = lastY, px, -row
	case 5: // mirrored along the main diagonal
		at, right, down = 0, row, px
	case 6: // to be turned clockwise
		at, right, down = lastY, -row, px
	case 7: // mirrored along the other diagonal
		at, right, down = lastX+lastY, -row, -px
	case 8: // to be turned anticlockwise
		at, right, down = lastX, row, -px
	}
	for y := range dh {
		from := at + y*down
		to := dst.Pix[y*dst.Stride : y*dst.Stride+4*dw]
		for x := 0; x < len(to); x += 4 {
			copy(to[x:x+4], src.Pix[from:from+4])
			from += right
		}
	}
	return dst
}
