package words

import (
	"regexp"
	"runtime"
	"strings"
)

// Shell makes one word of a text, such as a path, for the command lines that people copy: for the shells of this system.
func Shell(text string) string { return shell(text, runtime.GOOS == "windows") }

var plainWord = regexp.MustCompile(`^[\pL\pN_./:@%+,-]+$`)

// shell quotes for sh and its kin, or for those of Windows, where paths have backslashes and names no quotes.
func shell(text string, windows bool) string {
	switch {
	case plainWord.MatchString(text) && !strings.HasPrefix(text, "-"):
		return text
	case windows:
		return `"` + strings.ReplaceAll(text, `"`, `\"`) + `"`
	default:
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	}
}
