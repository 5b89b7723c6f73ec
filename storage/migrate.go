package storage

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/pressly/goose/v3"

	"viewfinder/storage/wholefile"
)

//go:generate go tool -modfile=../.ci/tools/go.mod sqlc generate

//go:embed migrations/*.sql
var embedded embed.FS

// migrations is a variable for the tests, which bring migrations of their own.
var migrations = func() fs.FS {
	sub, err := fs.Sub(embedded, "migrations")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}()

// schemaVersion reads which schema a database has, and whether it is a project's at all, without changing it.
func schemaVersion(ctx context.Context, name string) (int64, error) {
	pool, err := sql.Open("sqlite", name)
	if err != nil {
		return 0, err
	}
	defer pool.Close()
	var app int64
	if err := pool.QueryRowContext(ctx, "PRAGMA application_id").Scan(&app); err != nil {
		return 0, err
	}
	if app != applicationID {
		return 0, ErrNotProject
	}
	var version int64
	err = pool.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied = 1").Scan(&version)
	return version, err
}

// migrate brings the database up to date. Before the first change it writes a copy to backups, and puts it back when a
// migration fails, so that the database is as it was. Newer databases are left alone.
func migrate(ctx context.Context, dir string, source fs.FS) (version int64, err error) {
	path := filepath.Join(dir, "project.db")
	has, err := schemaVersion(ctx, dsn(path, "ro", busyTimeout))
	if err != nil {
		return 0, err
	}
	pool, err := sql.Open("sqlite", dsn(path, "rw", busyTimeout, "synchronous(FULL)"))
	if err != nil {
		return 0, err
	}
	defer pool.Close()
	provider, err := newProvider(pool, source)
	if err != nil {
		return 0, err
	}
	newest := newestVersion(provider)
	switch {
	case has > newest:
		return 0, &NewerVersionError{Dir: dir, Has: has, Expects: newest}
	case has == newest:
		return has, nil
	}
	backup, err := backupDatabase(ctx, pool, dir, fmt.Sprintf("before-format-%d", newest))
	if err != nil {
		return 0, explain("copying the database before its migration", err)
	}
	slog.Info("migrating the project", "from", has, "to", newest, "backup", backup)
	if err := up(ctx, provider, pool); err != nil {
		pool.Close()
		if back := restoreDatabase(path, backup); back != nil {
			return 0, fmt.Errorf("migrating the project failed (%w), and restoring its backup %s failed too: %w", err, backup, back)
		}
		return 0, explain("migrating the project (it was not changed)", err)
	}
	return newest, nil
}

func newProvider(pool *sql.DB, source fs.FS) (*goose.Provider, error) {
	provider, err := goose.NewProvider(goose.DialectSQLite3, pool, source, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return nil, fmt.Errorf("reading the migrations: %w", err)
	}
	return provider, nil
}

// newestEmbedded is the newest schema this program knows.
func newestEmbedded() (int64, error) {
	provider, err := newProvider(new(sql.DB), migrations)
	if err != nil {
		return 0, err
	}
	return newestVersion(provider), nil
}

func newestVersion(provider *goose.Provider) int64 {
	sources := provider.ListSources()
	return sources[len(sources)-1].Version
}

func up(ctx context.Context, provider *goose.Provider, pool *sql.DB) error {
	if _, err := provider.Up(ctx); err != nil {
		return err
	}
	rows, err := pool.QueryContext(ctx, "PRAGMA foreign_key_check")
	if err != nil {
		return err
	}
	defer rows.Close()
	if rows.Next() {
		return errors.New("the migration left references to missing records")
	}
	return rows.Err()
}

// createDatabase makes project.db, whole or not at all.
func createDatabase(ctx context.Context, dir, name string, source fs.FS) error {
	path := filepath.Join(dir, "project.db")
	beside := path + ".new"
	removeDatabase(beside)
	defer removeDatabase(beside)
	pool, err := sql.Open("sqlite", dsn(beside, "rwc", busyTimeout, "synchronous(FULL)", fmt.Sprintf("application_id(%d)", applicationID)))
	if err != nil {
		return err
	}
	defer pool.Close()
	provider, err := newProvider(pool, source)
	if err != nil {
		return err
	}
	if err := up(ctx, provider, pool); err != nil {
		return err
	}
	if _, err := pool.ExecContext(ctx, "INSERT INTO project (id, uid, name, created_at) VALUES (1, ?, ?, ?)", newUID(), name, now()); err != nil {
		return err
	}
	if err := pool.Close(); err != nil {
		return err
	}
	if err := wholefile.SyncFile(beside); err != nil {
		return err
	}
	return wholefile.Rename(beside, path)
}

func removeDatabase(path string) {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		os.Remove(path + suffix)
	}
}

// backupDatabase writes a consistent copy of an open database to backups/.
func backupDatabase(ctx context.Context, from interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
}, dir, why string) (string, error) {
	folder := filepath.Join(dir, "backups")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	stamp := time.Now().Format("20060102-150405.000")
	path := filepath.Join(folder, "project-"+stamp+"-"+why+".db")
	beside := path + ".new"
	os.Remove(beside)
	if _, err := from.ExecContext(ctx, "VACUUM INTO ?", beside); err != nil {
		os.Remove(beside)
		return "", err
	}
	err := wholefile.SyncFile(beside)
	if err == nil {
		err = wholefile.Rename(beside, path)
	}
	if err != nil {
		os.Remove(beside)
		return "", err
	}
	return path, nil
}

// restoreDatabase puts a copy in the place of a closed database.
func restoreDatabase(path, backup string) error {
	in, err := os.Open(backup)
	if err != nil {
		return err
	}
	defer in.Close()
	os.Remove(path + "-wal")
	os.Remove(path + "-shm")
	return wholefile.Fill(path, func(out io.Writer) error { _, err := io.Copy(out, in); return err })
}
