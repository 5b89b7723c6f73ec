package command

import (
	"testing"

	"github.com/spf13/cobra"
)

// TestStartedByExplorer: on Windows, where cobra has this text, it prints it and ends the program instead of opening the window.
func TestStartedByExplorer(t *testing.T) {
	if cobra.MousetrapHelpText != "" {
		t.Errorf("a double click on Windows ends the program with %q", cobra.MousetrapHelpText)
	}
}
