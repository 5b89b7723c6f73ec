package storage

import (
	"errors"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

const (
	sqliteFull     = lib.SQLITE_FULL
	sqliteReadOnly = lib.SQLITE_READONLY
)

// sqliteCode is the primary result code of a SQLite error, or -1.
func sqliteCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return -1
}
