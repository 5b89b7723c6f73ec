package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

var (
	// ErrNotProject: the folder holds no project.
	ErrNotProject = errors.New("not a Viewfinder project")
	// ErrExists: Create was asked for a folder that is in use.
	ErrExists = errors.New("the folder is not empty")
	// ErrLocked: another window or command has the project open; see LockedError.
	ErrLocked = errors.New("the project is open in another window or command")
	// ErrNewerVersion: a newer Viewfinder made the project; see NewerVersionError.
	ErrNewerVersion = errors.New("the project was made by a newer Viewfinder")
	// ErrDamaged: project.db is not a readable database.
	ErrDamaged = errors.New("the project's database is damaged")
	// ErrNotFound: no such record.
	ErrNotFound = errors.New("not found")
	// ErrDiskFull: nothing was changed, because the disk has no room left.
	ErrDiskFull = errors.New("the disk is full: free some space and try again")
	// ErrNoPermission: nothing was changed, because the folder may not be written or read.
	ErrNoPermission = errors.New("permission denied: check the folder's permissions")
	// ErrNothingToUndo and ErrNothingToRedo: the history's ends.
	ErrNothingToUndo = errors.New("nothing to undo")
	ErrNothingToRedo = errors.New("nothing to redo")
	// ErrReadOnly: the project was opened by OpenReadOnly.
	ErrReadOnly = errors.New("the project is open read-only")
	// ErrClosed: the project was closed.
	ErrClosed = errors.New("the project is closed")
)

// RuleError is a rule of the domain that an action would have broken, in words for the person
// who asked. Nothing was changed.
type RuleError struct {
	Message string
}

func (e *RuleError) Error() string { return e.Message }

func rulef(format string, args ...any) error {
	return &RuleError{Message: fmt.Sprintf(format, args...)}
}

// LockedError names who has the project open. errors.Is(err, ErrLocked) holds for it.
type LockedError struct {
	Dir   string
	PID   int    // 0 when unknown
	Host  string // empty when unknown
	Since time.Time
}

func (e *LockedError) Error() string {
	var who strings.Builder
	fmt.Fprintf(&who, "%s is open in another window or command", e.Dir)
	if e.PID != 0 {
		fmt.Fprintf(&who, " (process %d on %s, since %s)", e.PID, e.Host, e.Since.Local().Format("2 January 15:04:05"))
	}
	who.WriteString(": close that one first")
	return who.String()
}

// Is makes LockedError an ErrLocked.
func (e *LockedError) Is(target error) bool { return target == ErrLocked }

// NewerVersionError gives the newer schema version of the project. errors.Is(err, ErrNewerVersion) holds for it.
type NewerVersionError struct {
	Dir          string
	Has, Expects int64
}

func (e *NewerVersionError) Error() string {
	return fmt.Sprintf("%s was made by a newer Viewfinder (format %d; this program supports up to %d): open it with the newer program, or update this one; nothing was changed", e.Dir, e.Has, e.Expects)
}

// Is makes NewerVersionError an ErrNewerVersion.
func (e *NewerVersionError) Is(target error) bool { return target == ErrNewerVersion }

// Explain wraps an error of writing beside the project (unpacking into its cache, say) in the same way as the project's own errors.
func Explain(doing string, err error) error { return explain(doing, err) }

// explain joins err with the sentinel for a full disk or missing rights, so that both
// errors.Is and a reader find it. doing is what was being done, as a gerund.
func explain(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrDiskFull), errors.Is(err, ErrNoPermission), errors.Is(err, ErrNotFound), errors.Is(err, ErrClosed), errors.Is(err, ErrReadOnly):
		return fmt.Errorf("%s: %w", doing, err)
	case isDiskFull(err):
		return fmt.Errorf("%s: %w (%w)", doing, ErrDiskFull, err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, os.ErrPermission), isReadOnly(err):
		return fmt.Errorf("%s: %w (%w)", doing, ErrNoPermission, err)
	}
	var rule *RuleError
	if errors.As(err, &rule) {
		return err
	}
	return fmt.Errorf("%s: %w", doing, err)
}
