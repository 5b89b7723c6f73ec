package session

import (
	"fmt"
	"os"
	"path/filepath"
)

// ConfigDir is the folder of what Viewfinder remembers about its user (recent projects, settings): the environment variable
// VIEWFINDER_CONFIG if it is set, otherwise "viewfinder" in the system's place for such things. It is made if it is missing.
func ConfigDir() (string, error) {
	dir := os.Getenv("VIEWFINDER_CONFIG")
	if dir == "" {
		base, err := os.UserConfigDir()
		if err != nil {
			return "", fmt.Errorf("finding the folder for settings: %w", err)
		}
		dir = filepath.Join(base, "viewfinder")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("making the folder for settings: %w", err)
	}
	return dir, nil
}

// DefaultFolder is where new projects are proposed: the folder "Viewfinder" in the user's documents, or in the home folder where
// there are no documents. It need not exist yet.
func DefaultFolder() string {
	home, err := os.UserHomeDir()
	if err != nil {
		home = os.TempDir()
	}
	for _, documents := range []string{os.Getenv("XDG_DOCUMENTS_DIR"), filepath.Join(home, "Documents")} {
		if documents == "" {
			continue
		}
		if info, err := os.Stat(documents); err == nil && info.IsDir() {
			return filepath.Join(documents, "Viewfinder")
		}
	}
	return filepath.Join(home, "Viewfinder")
}

// FreshFolder is parent/name, or parent/name 2, parent/name 3 ... : the first that does not exist.
func FreshFolder(parent, name string) string {
	for i := 1; ; i++ {
		dir := filepath.Join(parent, name)
		if i > 1 {
			dir = filepath.Join(parent, fmt.Sprintf("%s %d", name, i))
		}
		if _, err := os.Lstat(dir); os.IsNotExist(err) {
			return dir
		}
	}
}
