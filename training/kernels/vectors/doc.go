// Package vectors holds the C code of the vector kernels, compiled once for each instruction set. It stands apart from package kernels, which calls it,
// so that a change of that package or of its tests does not compile it anew.
package vectors
