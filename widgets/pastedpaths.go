package widgets

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// pastedPaths are the absolute paths in a text that was typed or pasted: one a line, as they are, in quotes, as file: addresses, or from the home folder (~).
// What is none of these is left out.
func pastedPaths(text string) []string {
	var paths []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if n := len(line); n > 1 && (line[0] == '"' || line[0] == '\'') && line[n-1] == line[0] {
			line = line[1 : n-1]
		}
		if strings.HasPrefix(line, "file:") {
			u, err := url.Parse(line)
			if err != nil || u.Host != "" && u.Host != "localhost" {
				continue
			}
			line = filepath.FromSlash(u.Path)
			if len(line) > 2 && line[2] == ':' { // \C:\…
				line = line[1:]
			}
		}
		if rest, ok := strings.CutPrefix(line, "~"); ok && (rest == "" || os.IsPathSeparator(rest[0])) {
			home, err := os.UserHomeDir()
			if err != nil {
				continue
			}
			line = home + rest
		}
		if filepath.IsAbs(line) && !strings.ContainsRune(line, 0) {
			paths = append(paths, filepath.Clean(line))
		}
	}
	return paths
}
