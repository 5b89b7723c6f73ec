//go:build distill

// Command distill makes the backbone that is inside the program: a MobileNet-V2 that learns, from photos without labels, to compute what a
// pretrained one of the same width computes. docs/backbone.md describes how it was run.
//
//	go run -tags distill ./training/distill -photos FOLDER -cache FILE -teacher EXPORT -out FOLDER -minutes 60
//
// First every layer learns alone, fed with the teacher's map before it; then the whole network, with the teacher's maps at eight depths and its mean
// features as targets. AdamW, a cosine to zero, random crops, flips and small changes of colour. At the end the batch norms' statistics are
// estimated anew. Its state is saved every two minutes; the same command goes on from there.
package main
