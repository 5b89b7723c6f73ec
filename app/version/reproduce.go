package version

import (
	"regexp"
	"runtime"
	"strings"
)

// ReproduceCommand is the command line that trains a version once more and compares the weights.
func ReproduceCommand(project, name string) string {
	return "viewfinder reproduce " + quote(project, runtime.GOOS == "windows") + " " + quote(name, runtime.GOOS == "windows")
}

// PredictCommand is the command line by which a version looks at the images of a folder.
func PredictCommand(project, name string) string {
	return "viewfinder predict " + quote(project, runtime.GOOS == "windows") + " " + quote(name, runtime.GOOS == "windows") + " FOLDER --json"
}

var plainWord = regexp.MustCompile(`^[\pL\pN_./:@%+,-]+$`)

// quote makes one word of a text for a shell: sh and its kin, or those of Windows, where paths have backslashes and names no quotes.
func quote(text string, windows bool) string {
	switch {
	case plainWord.MatchString(text) && !strings.HasPrefix(text, "-"):
		return text
	case windows:
		return `"` + strings.ReplaceAll(text, `"`, `\"`) + `"`
	default:
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	}
}
