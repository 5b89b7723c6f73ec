// Command vet checks packages as go vet does, type-checking what they import from its source instead of compiling it: for another system, of which
// nothing is ever run here, that takes a tenth of the time. It reads GOOS, GOARCH, CGO_ENABLED and GOFLAGS as the go command does.
package main

import (
	"golang.org/x/tools/go/analysis/multichecker"
	"golang.org/x/tools/go/analysis/suite/vet"
)

func main() { multichecker.Main(vet.Suite...) }
