package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

const (
	sqliteFull     = lib.SQLITE_FULL
	sqliteReadOnly = lib.SQLITE_READONLY

	applicationID = 0x56574644 // "VWFD", in the database's header
	busyTimeout   = "busy_timeout(10000)"
	readers       = 4
)

// sqliteCode is the primary result code of a SQLite error, or -1.
func sqliteCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return -1
}

// isDamage reports whether err says that the file is not a sound database.
func isDamage(err error) bool {
	code := sqliteCode(err)
	return code == lib.SQLITE_NOTADB || code == lib.SQLITE_CORRUPT
}

// dsn is the driver's name for a database file, whatever characters its path has.
func dsn(path, mode string, pragmas ...string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/…
	}
	q := url.Values{"_pragma": pragmas, "mode": {mode}}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String()
}

// frozen is what the driver's name of a database needs besides where nothing can be written beside it (a read-only disk or share); "" elsewhere. SQLite
// keeps the write-ahead log and its index there: a file without a log is whole in itself, and read as one that nobody changes (immutable=1, see
// https://www.sqlite.org/wal.html#readonly).
func frozen(path string) string {
	if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > 0 {
		return ""
	}
	probe, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return "&immutable=1"
	}
	probe.Close()
	os.Remove(probe.Name())
	return ""
}

// openWriter opens the one connection that writes. Each commit is synced before it returns (FULL), so that what was
// acknowledged survives the end of the process and, as far as the disk keeps its promises, of power.
func openWriter(ctx context.Context, path string) (*sql.DB, *sql.Conn, error) {
	pool, err := sql.Open("sqlite", dsn(path, "rw", busyTimeout, "foreign_keys(1)", "journal_mode(WAL)", "synchronous(FULL)", "cache_size(-32768)"))
	if err != nil {
		return nil, nil, err
	}
	pool.SetMaxOpenConns(1)
	conn, err := pool.Conn(ctx)
	if err != nil {
		pool.Close()
		return nil, nil, err
	}
	var mode string
	if err := conn.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil || mode != "wal" {
		conn.Close()
		pool.Close()
		return nil, nil, errors.Join(err, fmt.Errorf("the write-ahead log is not available here (journal mode %q)", mode))
	}
	return pool, conn, nil
}

// readerPragmas are those of connections that only read.
var readerPragmas = []string{busyTimeout, "query_only(1)", "cache_size(-16384)"}

// openReaders opens the connections that only read, by the driver's name for the database.
func openReaders(name string) (*sql.DB, error) {
	pool, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(readers)
	pool.SetMaxIdleConns(readers)
	return pool, nil
}
