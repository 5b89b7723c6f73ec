package training

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"viewfinder/training/nn"
)

// explain describes an error in words that a user can act on.
func explain(err error) string {
	text := strings.TrimSuffix(err.Error(), ".")
	switch {
	case errors.Is(err, syscall.ENOSPC) || isDiskFull(err):
		return "The disk is full. Free some space and resume; the last whole checkpoint is kept. (" + text + ")"
	case errors.Is(err, syscall.EROFS):
		return "The run folder is on a read-only disk. Make it writable and resume. (" + text + ")"
	case errors.Is(err, nn.ErrNotFinite):
		return "The training diverged: the loss is no longer a finite number. Train again with a lower learning rate (a tenth), a longer warm-up, or " +
			"clip_norm 1; the last good checkpoint is kept. (" + text + ")"
	case errors.Is(err, fs.ErrPermission):
		return "Permission denied for a file. Correct its permissions and resume. (" + text + ")"
	}
	if text == "" {
		return "It failed for an unknown reason."
	}
	return fmt.Sprintf("%s%s.", strings.ToUpper(text[:1]), text[1:])
}
