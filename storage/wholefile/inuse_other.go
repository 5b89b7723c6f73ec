//go:build !windows

package wholefile

// inUse reports whether a file could not be replaced because somebody has it open: only Windows refuses that.
func inUse(error) bool { return false }
