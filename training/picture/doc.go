// Package picture turns image files, all of them treated as hostile, into
// upright, opaque RGB pixels, and cuts and resizes these.
//
// Formats: JPEG (baseline and progressive; grey, YCbCr, RGB, CMYK, YCCK), PNG
// (1 to 16 bit, palette, grey, alpha), WebP (lossy, lossless, the first frame
// of an animation), AVIF, BMP, TIFF and the first frame of a GIF. The format is
// recognised by the first bytes, never by the file's name.
//
// Colours follow what PIL's convert("RGB") does, since that is what networks
// of the field are trained on: alpha is dropped, not composited (a pixel keeps
// the colour that is stored below it), 16-bit samples keep their high byte, a
// palette is looked up, CMYK becomes (255-C)(255-K)/255. One exception: a
// transparent pixel of a GIF is black, since the decoder forgets its colour.
//
// JPEGs are decoded by package jpeg below this one, at a part of their size where
// that will do; what it does not read is left to Go's decoder.
//
// The orientation that a camera wrote (EXIF tag 0x0112 in JPEG, TIFF, PNG and
// WebP) is applied, so width, height and pixels are always those a person sees.
//
// The size of a file and of its picture are checked before a pixel is
// allocated, and no panic of a decoder gets out of this package.
package picture
