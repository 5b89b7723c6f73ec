// Package jpeg decodes JPEG files at their own size or at a half, a quarter or an eighth of it, as fast as plain Go allows.
//
// A smaller picture is made straight from the coefficients, as libjpeg does (jidctred.c): for a thumbnail of a large photo most of
// the work of a decoder, and most of its memory, is not done at all. The arithmetic is libjpeg's own (jidctint.c, jidctred.c), so that
// what comes out is what libjpeg, and so PIL, gives.
//
// Read are baseline, extended and progressive files of 8 bits a sample with Huffman coding, of one, three or four components in any
// subsampling by whole factors, with and without restart markers. Everything else, and everything damaged, is an error and never a
// panic; the caller may then ask a more patient decoder. Work and memory are bounded by the size of the picture, which the caller
// bounds, and the number of scans.
package jpeg
