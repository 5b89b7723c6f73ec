//go:build unix

package storage

import (
	"errors"

	"golang.org/x/sys/unix"
)

func isDiskFull(err error) bool {
	return errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) || sqliteCode(err) == sqliteFull
}

func isReadOnly(err error) bool {
	return errors.Is(err, unix.EROFS) || sqliteCode(err) == sqliteReadOnly
}
