// Package onnx writes trained networks in the Open Neural Network Exchange format (https://onnx.ai, operator set 13, IR version 8), so that other programs
// run them without this one.
//
// A file has one of two forms. FormPicture, the default, takes a decoded picture as bytes, height x width x 3 of any size, and does everything else inside
// the graph: resizing as in training (antialiased as PIL's bilinear filter, by two products with matrices of triangle weights that are made from the picture's
// size), padding, scaling, the network, and the confidences; a detector's boxes come after non-maximum suppression, in fractions of the picture. So there
// is nothing left that a user could do otherwise than the training did. FormTensor takes the finished tensor [batch][3][height][width], normalised, of any
// batch.
//
// The network itself comes from nn.Stages, with batch norms folded into the convolutions, so that each architecture there is can be written. Messages
// are encoded by google.golang.org/protobuf's protowire; field numbers are those of onnx.proto.
package onnx
