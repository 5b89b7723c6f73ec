// Package features caches the feature vectors that a backbone computes of images, so that each image goes through it once: a file for each backbone and input size, of records
// that are found by the image's content, its crop and the view of it that was taken. It is a cache: what is damaged, cut short or does not fit on
// the disk is computed again, and never an error of whoever asks.
package features
