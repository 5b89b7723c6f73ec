// Command notices writes THIRD_PARTY_NOTICES: what the program's binaries contain of others, each with its version and the full text of its licence.
//
//	go run ./app/product/notices THIRD_PARTY_NOTICES     (make notices)
//
// It asks the Go command which packages are linked into the builds for Linux, Windows and macOS, with the window and without it, and collects the licence
// files of their modules. What Go modules do not say of themselves (fonts, icons, Go itself, the sample's photos) stands in supplements.go. A component
// without a licence, with one that is not recognised, or with one that this program may not be given on under, is an error.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: notices FILE (run in the module's top folder)")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintf(os.Stderr, "notices: %v\n", err)
		os.Exit(1)
	}
}

func write(file string) error {
	text, err := notices(".")
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o644)
}

// notices is the text of THIRD_PARTY_NOTICES for the module in a folder.
func notices(dir string) (string, error) {
	modules, err := linked(dir)
	if err != nil {
		return "", err
	}
	components, err := collect(dir, modules)
	if err != nil {
		return "", err
	}
	return render(components), nil
}
