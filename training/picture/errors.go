package picture

import "errors"

// Kinds of failure, for errors.Is.
var (
	// ErrNotImage: the bytes are something else, such as text.
	ErrNotImage = errors.New("not an image")
	// ErrEmpty: the file has no bytes.
	ErrEmpty = errors.New("empty file")
	// ErrTooLarge: the file or its picture exceeds the Limits.
	ErrTooLarge = errors.New("image too large")
	// ErrBroken: the file begins like an image but cannot be decoded.
	ErrBroken = errors.New("damaged image")
	// ErrUnsupported: an image, undamaged as far as is known, of a kind
	// that is not read here (HEIC, a 12-bit JPEG, …).
	ErrUnsupported = errors.New("unsupported kind of image")
	// ErrRead: the bytes could not be read (rights, a failing disk, …); the
	// cause is wrapped.
	ErrRead = errors.New("cannot be read")
)

// Error names the file that could not be used and the reason, in words that follow the
// file's name in a sentence: "photo.jpg is empty (0 bytes)".
type Error struct {
	File   string // the name given by the caller
	Kind   error  // one of the kinds above
	Reason string // "is text, not an image"
	Err    error  // the error of the decoder or the system; may be nil
}

func (e *Error) Error() string {
	if e.File == "" {
		return "the image " + e.Reason
	}
	return e.File + " " + e.Reason
}

// Unwrap lets errors.Is find both the kind and the cause.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Err}
}

func fail(kind error, reason string, cause error) *Error {
	return &Error{Kind: kind, Reason: reason, Err: cause}
}
