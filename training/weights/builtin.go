package weights

import (
	"bytes"
	"sync"

	"viewfinder/training/checkpoint"
)

// BuiltInName is how options name the backbone that is inside the program.
const BuiltInName = "built-in"

// BuiltIn is the backbone inside the program, which this project trained: docs/backbone.md describes how. It is nil in a program that was built with the
// tag nobackbone. Its tensors are shared: they must not be written to.
func BuiltIn() *Network { return builtIn() }

// HasBuiltIn reports whether there is one, without reading it.
func HasBuiltIn() bool { return len(backbone) > 0 }

var builtIn = sync.OnceValue(func() *Network {
	if !HasBuiltIn() {
		return nil
	}
	file, err := checkpoint.Read(bytes.NewReader(backbone), int64(len(backbone)))
	if err != nil {
		panic(err) // a test reads it
	}
	n, err := ofCheckpoint(file)
	if err != nil {
		panic(err)
	}
	return n
})
