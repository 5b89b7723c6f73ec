package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"

	"viewfinder/storage/domain"
	"viewfinder/storage/internal/db"
	"viewfinder/storage/wholefile"
)

// deletedFolder holds the run folders of deleted versions until the project is closed.
const deletedFolder = "deleted"

// DeleteVersion deletes a version and sets its run folder aside. RestoreVersion undoes it until the project is closed; then it is gone for
// good. One that is being trained must be stopped first; a queued one may be deleted.
func (p *Project) DeleteVersion(ctx context.Context, id int64) error {
	var uid string
	err := p.record(ctx, "deleting a version", func(ctx context.Context) error {
		row, err := p.queries.GetVersion(ctx, id)
		if err != nil {
			return found(err, "version", id)
		}
		status := domain.Status(row.Status)
		if status.Active() && status != domain.StatusQueued {
			return rulef("The version %s is %s: stop it first.", row.Name, status)
		}
		if status == domain.StatusQueued {
			status = domain.StatusStopped
		}
		uid = row.Uid
		at := now()
		// The key, which no name can have, leaves the name to others.
		return p.queries.SetVersionDeleted(ctx, db.SetVersionDeletedParams{DeletedAt: &at, Name: row.Name, NameKey: "\n" + strconv.FormatInt(id, 10),
			Status: string(status), ID: id})
	})
	if err != nil {
		return err
	}
	if err := p.move(p.RunDir(uid), p.deletedDir(uid)); err != nil {
		// The version is deleted all the same; settleDeleted tries again when the project is opened, and purge finds the folder in both places.
		slog.Warn("setting the folder of a deleted version aside", "uid", uid, "error", err)
	}
	return nil
}

// RestoreVersion undoes DeleteVersion. If its name was given to another version meanwhile it comes back as "name (2)".
func (p *Project) RestoreVersion(ctx context.Context, id int64) (v Version, err error) {
	err = p.record(ctx, "restoring a version", func(ctx context.Context) error {
		row, err := p.queries.GetDeletedVersion(ctx, id)
		if err != nil {
			return found(err, "deleted version", id)
		}
		name := row.Name
		for n := 2; p.freeVersionName(ctx, row.ViewID, id, name) != nil; n++ {
			if n > 1000 {
				return rulef("A version named %s already exists: rename it first.", row.Name)
			}
			name = fmt.Sprintf("%s (%d)", row.Name, n)
		}
		if err := p.move(p.deletedDir(row.Uid), p.RunDir(row.Uid)); err != nil {
			return err
		}
		if err := p.queries.SetVersionDeleted(ctx, db.SetVersionDeletedParams{Name: name, NameKey: domain.NameKey(name), Status: row.Status, ID: id}); err != nil {
			return err
		}
		if row, err = p.queries.GetVersion(ctx, id); err != nil {
			return err
		}
		v, err = versionFrom(row)
		return err
	})
	return v, err
}

// DeletedVersions lists the versions that RestoreVersion brings back, last deleted first.
func (p *Project) DeletedVersions(ctx context.Context) ([]Version, error) {
	return versionsFrom(p.read.ListDeletedVersions(ctx))
}

// move renames a run folder; one that is not there, or was moved before, is left alone.
func (p *Project) move(from, to string) error {
	if _, err := os.Lstat(from); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return wholefile.Rename(from, to)
}

// settleDeleted brings records and folders together where the program ended between the two: the record decides.
func (p *Project) settleDeleted(ctx context.Context) error {
	entries, err := os.ReadDir(filepath.Join(p.dir, deletedFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	rows, err := p.queries.ListDeletedVersions(ctx)
	if err != nil || len(rows)+len(entries) == 0 {
		return err
	}
	deleted := map[string]bool{}
	for _, row := range rows {
		deleted[runName(row.Uid)] = true
		if err := p.move(p.RunDir(row.Uid), p.deletedDir(row.Uid)); err != nil {
			slog.Warn("setting the folder of a deleted version aside", "uid", row.Uid, "error", err)
		}
	}
	for _, e := range entries {
		if deleted[e.Name()] {
			continue
		}
		if _, err := p.queries.VersionByUID(ctx, e.Name()); err != nil {
			continue // purge or Check will have it
		}
		if err := p.move(p.deletedDir(e.Name()), p.RunDir(e.Name())); err != nil {
			return err
		}
	}
	return nil
}

func deleteVersionRow(ctx context.Context, q *db.Queries, row db.Version) error {
	if err := q.DeleteVersion(ctx, row.ID); err != nil {
		return err
	}
	return q.DeleteEmptyModel(ctx, row.ModelID)
}
