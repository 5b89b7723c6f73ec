package storage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"viewfinder/storage/internal/db"
)

// OpenReadOnly opens the project in dir for reading, also while another window or command has it open: without the
// lock and without bringing it up to date. Changes answer ErrReadOnly. Files that others write meanwhile (runs, cache) are
// not guarded. Errors as for Open, but for ErrLocked; a project of an older format must be opened by Open once.
func OpenReadOnly(ctx context.Context, dir string) (_ *Project, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("finding the folder of the project: %w", err)
	}
	doing := "opening the project " + dir + " for reading"
	path := filepath.Join(dir, "project.db")
	if info, err := os.Stat(path); errors.Is(err, os.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("opening %s: %w: there is no project.db in it", dir, ErrNotProject)
	} else if err != nil {
		return nil, explain(doing, err)
	}
	still := frozen(path)
	p := &Project{write: newWriteLock(), Reader: Reader{dir: dir}, arrived: map[string]string{}}
	if p.schema, err = schemaVersion(ctx, dsn(path, "ro", busyTimeout)+still); err != nil {
		if isDamage(err) {
			return nil, fmt.Errorf("%s: %w (%w): copies of it may lie in its folder backups", doing, ErrDamaged, err)
		}
		return nil, explain(doing, err)
	}
	newest, err := newestEmbedded()
	switch {
	case err != nil:
		return nil, err
	case p.schema > newest:
		return nil, &NewerVersionError{Dir: dir, Has: p.schema, Expects: newest}
	case p.schema < newest:
		return nil, fmt.Errorf("%s was made by an older Viewfinder: open it once to change it, which migrates it", dir)
	}
	if p.reader, err = openReaders(dsn(path, "ro", readerPragmas...) + still); err != nil {
		return nil, explain(doing, err)
	}
	if p.read, err = db.Prepare(ctx, p.reader); err != nil {
		p.reader.Close()
		return nil, explain(doing, err)
	}
	return p, nil
}
