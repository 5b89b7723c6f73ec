//go:build measure && !linux

package app

import "time"

// threadTime is how long the calling thread has been at work on a processor since it began, and whether the system tells.
func threadTime() (time.Duration, bool) { return 0, false }
