//go:build measure

package app

import (
	"time"

	"golang.org/x/sys/unix"
)

// threadTime is how long the calling thread has been at work on a processor since it began, and whether the system tells.
func threadTime() (time.Duration, bool) {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		return 0, false
	}
	return time.Duration(t.Nano()), true
}
