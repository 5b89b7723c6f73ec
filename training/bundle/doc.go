// Package bundle writes a trained network as a ZIP archive that another person can use at once: model.onnx, which takes any picture; the weights as
// model.safetensors; labels.json; run.json, with which Viewfinder takes the network back; and short programs in Python and JavaScript that run as they are.
package bundle
