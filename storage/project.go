package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"viewfinder/storage/domain"
	"viewfinder/storage/internal/db"
)

// Project is an open project. Its methods may be called by many goroutines.
type Project struct {
	Reader
	lock *projectLock

	write   *writeLock
	writer  *sql.DB
	conn    *sql.Conn // the writer's one connection; the history lives in its temporary tables
	queries *db.Queries
	history history
	tree    *viewTree            // nil: read again
	moves   map[string]*sql.Stmt // by their text, see Batch.move
	arrived map[string]string    // files added in this session, by hash

	closed bool // guarded by write
	schema int64
}

// own are the names that may lie in a folder in which a project is made.
var own = map[string]bool{"lock": true, "lock.json": true, "images": true, "runs": true, "backups": true, "cache": true, deletedFolder: true,
	".DS_Store": true, "desktop.ini": true, "Thumbs.db": true}

// Create makes a project in dir, which must not exist or be empty, and opens it.
func Create(ctx context.Context, dir, name string) (*Project, error) {
	name, err := cleanName(domain.NamedProject, name)
	if err != nil {
		return nil, err
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("finding the folder of the project: %w", err)
	}
	doing := "making the project " + dir
	if err := checkFree(dir); err != nil {
		return nil, explain(doing, err)
	}
	if err := makeFolders(dir); err != nil {
		return nil, explain(doing, err)
	}
	lock, err := acquireLock(dir)
	if err != nil {
		return nil, err
	}
	if err := checkFree(dir); err != nil { // another process may have made a project here, and closed it, since the first look
		lock.release()
		return nil, explain(doing, err)
	}
	if err := createDatabase(ctx, dir, name, migrations); err != nil {
		lock.release()
		return nil, explain(doing, err)
	}
	return open(ctx, dir, lock)
}

// checkFree reports whether a project can be made in dir: there is nothing in it that is not the program's own.
func checkFree(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if !own[e.Name()] && !strings.HasPrefix(e.Name(), "project.db.new") {
			return fmt.Errorf("%w (%s): choose an empty folder or a new name", ErrExists, e.Name())
		}
	}
	return nil
}

func makeFolders(dir string) error {
	for _, sub := range []string{"images/tmp", "runs", "backups", "cache"} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.FromSlash(sub)), 0o755); err != nil {
			return err
		}
	}
	return nil
}

// Open opens the project in dir, alone, and brings its database up to date. Errors: ErrNotProject, ErrLocked,
// ErrNewerVersion, ErrDamaged, ErrNoPermission.
func Open(ctx context.Context, dir string) (*Project, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("finding the folder of the project: %w", err)
	}
	info, err := os.Stat(filepath.Join(dir, "project.db"))
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("opening %s: %w: there is no project.db in it", dir, ErrNotProject)
	case err != nil:
		return nil, explain("opening the project "+dir, err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("opening %s: %w: project.db is not a regular file", dir, ErrNotProject)
	}
	lock, err := acquireLock(dir)
	if err != nil {
		return nil, err
	}
	return open(ctx, dir, lock)
}

// open takes the lock over.
func open(ctx context.Context, dir string, lock *projectLock) (_ *Project, err error) {
	p := &Project{write: newWriteLock(), Reader: Reader{dir: dir}, lock: lock, arrived: map[string]string{}}
	defer func() {
		if err != nil {
			p.shut()
			if isDamage(err) {
				err = fmt.Errorf("opening %s: %w (%w): copies of it may lie in its folder backups", dir, ErrDamaged, err)
			} else {
				var newer *NewerVersionError
				if !errors.As(err, &newer) {
					err = explain("opening the project "+dir, err)
				}
			}
		}
	}()
	if p.schema, err = migrate(ctx, dir, migrations); err != nil {
		return nil, err
	}
	if err := makeFolders(dir); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "project.db")
	if p.writer, p.conn, err = openWriter(ctx, path); err != nil {
		return nil, err
	}
	if p.queries, err = db.Prepare(ctx, p.conn); err != nil {
		return nil, err
	}
	if err := p.history.start(ctx, p.conn); err != nil {
		return nil, err
	}
	if p.reader, err = openReaders(dsn(path, "rw", readerPragmas...)); err != nil {
		return nil, err
	}
	if p.read, err = db.Prepare(ctx, p.reader); err != nil {
		return nil, err
	}
	p.emptyTemporary()
	if err := p.settleDeleted(ctx); err != nil {
		return nil, err
	}
	return p, nil
}

// emptyTemporary removes what a former session left on its way in.
func (p *Project) emptyTemporary() {
	folder := filepath.Join(p.dir, "images", "tmp")
	entries, _ := os.ReadDir(folder)
	for _, e := range entries {
		if err := os.Remove(filepath.Join(folder, e.Name())); err != nil {
			slog.Warn("removing a temporary file", "file", e.Name(), "error", err)
		}
	}
}

// Close closes the project and lets others open it. What was deleted with no way back (deleted views, files
// of images whose import was undone) is cleared away first. Closing again does nothing.
func (p *Project) Close() error {
	p.write.Lock()
	defer p.write.Unlock()
	if p.closed {
		return nil
	}
	if p.lock == nil {
		return p.shut()
	}
	if err := p.purge(context.Background()); err != nil {
		slog.Warn("clearing away what was deleted", "project", p.dir, "error", err) // the next Close tries again
	}
	return p.shut()
}

func (p *Project) shut() error {
	p.closed = true
	var errs []error
	if p.read != nil {
		errs = append(errs, p.read.Close())
	}
	if p.reader != nil {
		errs = append(errs, p.reader.Close())
	}
	p.closeMoves()
	if p.queries != nil {
		errs = append(errs, p.queries.Close())
	}
	if p.conn != nil {
		errs = append(errs, p.conn.Close())
	}
	if p.writer != nil {
		errs = append(errs, p.writer.Close())
	}
	if p.lock != nil {
		errs = append(errs, p.lock.release())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("closing the project %s: %w", p.dir, err)
	}
	return nil
}

// purge removes deleted views with all that hangs on them, deleted versions and those whose view is gone, and the files
// of images that came in this session and were undone. After it, nothing can be undone.
func (p *Project) purge(ctx context.Context) error {
	views, err := p.queries.DeletedViews(ctx)
	if err != nil {
		return err
	}
	versions, err := p.queries.OrphanVersions(ctx)
	if err != nil {
		return err
	}
	deleted, err := p.queries.ListDeletedVersions(ctx)
	if err != nil {
		return err
	}
	for _, v := range deleted {
		if !slices.ContainsFunc(versions, func(o db.Version) bool { return o.ID == v.ID }) {
			versions = append(versions, v)
		}
	}
	if len(views)+len(versions) > 0 {
		if err := p.history.stop(ctx, p.conn); err != nil {
			return err
		}
		err := p.transact(ctx, func() error {
			for _, v := range views {
				if err := p.queries.PurgeView(ctx, v); err != nil {
					return err
				}
			}
			for _, v := range versions {
				if err := deleteVersionRow(ctx, p.queries, v); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, v := range versions {
			if err := errors.Join(os.RemoveAll(p.RunDir(v.Uid)), os.RemoveAll(p.deletedDir(v.Uid))); err != nil {
				return err
			}
		}
	}
	os.Remove(filepath.Join(p.dir, deletedFolder)) // if nothing is left in it
	for hash, path := range p.arrived {
		if _, err := p.queries.ImageByHash(ctx, hash); errors.Is(err, sql.ErrNoRows) {
			os.Remove(path)
		}
	}
	return nil
}

// Dir is the project's folder, absolute.
func (p *Reader) Dir() string { return p.dir }

// RunDir is the folder of the version with this UID (runs/<uid>), absolute: below runs whatever a database from outside calls a version, since
// the folder goes with the version.
func (p *Project) RunDir(uid string) string {
	return filepath.Join(p.dir, "runs", runName(uid))
}

// deletedDir is where the folder of a version lies between its deletion and the project's closing.
func (p *Project) deletedDir(uid string) string {
	return filepath.Join(p.dir, deletedFolder, runName(uid))
}

func runName(uid string) string {
	name := filepath.Base(filepath.FromSlash(uid))
	if name == "." || !filepath.IsLocal(name) {
		name = "unnamed"
	}
	return name
}

// CacheDir is the folder for what can be made again, absolute.
func (p *Reader) CacheDir() string { return filepath.Join(p.dir, "cache") }

// Info describes the project.
func (p *Project) Info(ctx context.Context) (Info, error) {
	row, err := p.read.GetProject(ctx)
	if err != nil {
		return Info{}, explain("reading the project", err)
	}
	return Info{UID: row.Uid, Name: row.Name, CreatedAt: fromMillis(row.CreatedAt), SchemaVersion: p.schema}, nil
}

// RenameProject renames the project; its folder stays where it is.
func (p *Project) RenameProject(ctx context.Context, name string) error {
	return p.act(ctx, "renaming the project", func(b *Batch) error { return b.RenameProject(name) })
}

// RenameProject renames the project; its folder stays where it is.
func (b *Batch) RenameProject(name string) error {
	name, err := cleanName(domain.NamedProject, name)
	if err != nil {
		return err
	}
	b.say("Rename the project to %s", name)
	return b.q.SetProjectName(b.ctx, name)
}

// Backup writes a consistent copy of the database (without image files) to backups/ and returns its path.
func (p *Project) Backup(ctx context.Context) (string, error) {
	const doing = "copying the database"
	pool, err := sql.Open("sqlite", dsn(filepath.Join(p.dir, "project.db"), "rw", busyTimeout)) // changes go on meanwhile
	if err != nil {
		return "", explain(doing, err)
	}
	defer pool.Close()
	path, err := backupDatabase(ctx, pool, p.dir, "copy")
	return path, explain(doing, err)
}

// Setting returns what SetSetting remembered under key.
func (p *Project) Setting(ctx context.Context, key string) (value string, ok bool, err error) {
	value, err = p.read.GetSetting(ctx, key)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return value, err == nil, explain("reading the setting "+key, err)
}

// SetSetting remembers a value in the project; not a step of Undo.
func (p *Project) SetSetting(ctx context.Context, key, value string) error {
	return p.record(ctx, "keeping the setting "+key, func(ctx context.Context) error {
		return p.queries.SetSetting(ctx, key, value)
	})
}
