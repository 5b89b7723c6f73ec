package picture

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// sniffLength is how many bytes of a file are read to recognise its format.
const sniffLength = 512

// sniff returns the format that head, a file's first bytes, announces.
func sniff(head []byte) (string, error) {
	has := func(s string) bool { return strings.HasPrefix(string(head), s) }
	at := func(i int, s string) bool { return len(head) >= i+len(s) && string(head[i:i+len(s)]) == s }
	switch {
	case has("\xff\xd8\xff"):
		return "jpeg", nil
	case has("\x89PNG\r\n\x1a\n"):
		return "png", nil
	case has("GIF87a"), has("GIF89a"):
		return "gif", nil
	case has("RIFF") && at(8, "WEBP"):
		return "webp", nil
	case has("II*\x00"), has("MM\x00*"):
		return "tiff", nil
	case has("BM") && len(head) >= 26 && at(15, "\x00\x00\x00"):
		return "bmp", nil
	}
	if isAVIF(head) {
		return "avif", nil
	}
	if what := otherImage(head); what != "" {
		return "", fail(ErrUnsupported, "is "+what+", which is not read here; save it as JPEG or PNG first", nil)
	}
	return "", fail(ErrNotImage, "is "+otherKind(head)+", not an image", nil)
}

// otherImage names the kinds of image that are recognised but not read.
func otherImage(head []byte) string {
	at := func(i int, s string) bool { return len(head) >= i+len(s) && string(head[i:i+len(s)]) == s }
	switch {
	case at(4, "ftyp"):
		if len(head) < 12 {
			return ""
		}
		switch string(head[8:12]) {
		case "heic", "heix", "heim", "heis", "hevc", "mif1", "msf1":
			return "a HEIC photo"
		case "crx ":
			return "a camera's raw image"
		}
	case at(0, "\xff\x0a"), at(0, "\x00\x00\x00\x0cJXL \r\n\x87\n"):
		return "a JPEG XL image"
	case at(0, "\x00\x00\x00\x0cjP  \r\n\x87\n"), at(0, "\xff\x4f\xff\x51"):
		return "a JPEG 2000 image"
	case at(0, "8BPS"):
		return "a Photoshop document"
	case at(0, "\x00\x00\x01\x00"):
		return "an icon file"
	case at(0, "II+\x00"), at(0, "MM\x00+"):
		return "a BigTIFF image"
	case isText(head) && bytes.Contains(head, []byte("<svg")):
		return "an SVG drawing"
	}
	return ""
}

// otherKind names what a file that is not an image seems to be.
func otherKind(head []byte) string {
	has := func(s string) bool { return strings.HasPrefix(string(head), s) }
	lower := bytes.ToLower(bytes.TrimSpace(head))
	switch {
	case has("%PDF"):
		return "a PDF document"
	case has("PK\x03\x04"):
		return "a ZIP archive or an office document"
	case len(head) >= 8 && string(head[4:8]) == "ftyp":
		return "a video"
	case bytes.HasPrefix(lower, []byte("<!doctype html")), bytes.HasPrefix(lower, []byte("<html")):
		return "a web page"
	case bytes.HasPrefix(lower, []byte("version https://git-lfs")):
		return "a pointer to a file kept elsewhere (Git LFS)"
	case isText(head):
		return "text"
	case len(bytes.Trim(head, "\x00")) == 0:
		return "filled with zero bytes"
	}
	return "data of an unknown kind"
}

// isText reports whether head reads as text in UTF-8 or UTF-16.
func isText(head []byte) bool {
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return true
	}
	for i := 0; i < len(head); {
		r, n := utf8.DecodeRune(head[i:])
		if r == utf8.RuneError && n == 1 {
			return len(head) == sniffLength && len(head)-i < utf8.UTFMax // a rune cut by the window
		}
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' {
			return false
		}
		i += n
	}
	return len(head) > 0
}
