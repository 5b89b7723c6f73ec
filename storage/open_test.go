package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"viewfinder/storage/domain"
)

func TestOpenedTwice(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	_, err := Open(ctx, p.Dir())
	var locked *LockedError
	if !errors.Is(err, ErrLocked) || !errors.As(err, &locked) || locked.PID != os.Getpid() || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
		t.Fatalf("%v", err)
	}
	addImages(t, p, 1) // the first goes on
	ok(t, p.Close())
	ok(t, p.Close())
	if _, err := p.AddView(ctx, View{Name: "V", Type: domain.Tagging}); !errors.Is(err, ErrClosed) {
		t.Fatal(err)
	}
	p = must[*Project](t)(Open(ctx, p.Dir()))
	ok(t, p.Close())
}

func TestWhatIsNoProject(t *testing.T) {
	ctx := context.Background()
	write := func(dir, name, content string) {
		ok(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644))
	}
	for _, test := range []struct {
		name string
		make func(dir string)
		want error
	}{
		{"an empty folder", func(string) {}, ErrNotProject},
		{"a text", func(dir string) { write(dir, "project.db", strings.Repeat("no database ", 1000)) }, ErrDamaged},
		{"an empty file", func(dir string) { write(dir, "project.db", "") }, ErrNotProject},
		{"a folder", func(dir string) { ok(t, os.Mkdir(filepath.Join(dir, "project.db"), 0o755)) }, ErrNotProject},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			test.make(dir)
			if _, err := Open(ctx, dir); !errors.Is(err, test.want) {
				t.Fatalf("error %v, want %v", err, test.want)
			}
		})
	}
	dir := t.TempDir()
	write(dir, "holiday.jpg", "mine")
	if _, err := Create(ctx, dir, "N"); !errors.Is(err, ErrExists) {
		t.Fatal(err)
	}
	p := newProject(t)
	ok(t, p.Close())
	if _, err := Create(ctx, p.Dir(), "N"); !errors.Is(err, ErrExists) {
		t.Fatal(err)
	}
	if _, err := Create(ctx, t.TempDir(), "bad\nname"); !isRule(err) {
		t.Fatal(err)
	}
}

// withMigrations runs f with more migrations than the program has.
func withMigrations(t *testing.T, more fstest.MapFS, f func()) {
	t.Helper()
	former := migrations
	defer func() { migrations = former }()
	all := fstest.MapFS{}
	for name, file := range more {
		all[name] = file
	}
	names, err := fs.Glob(former, "*.sql")
	ok(t, err)
	for _, name := range names {
		text, err := fs.ReadFile(former, name)
		ok(t, err)
		all[name] = &fstest.MapFile{Data: text}
	}
	migrations = all
	f()
}

func backups(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "backups", "*.db"))
	ok(t, err)
	return names
}

func TestMigrations(t *testing.T) {
	ctx := context.Background()
	good := fstest.MapFS{"90001_good.sql": {Data: []byte("-- +goose Up\nCREATE TABLE more (id INTEGER PRIMARY KEY);\n")}}
	bad := fstest.MapFS{"90001_good.sql": good["90001_good.sql"],
		"90002_bad.sql": {Data: []byte("-- +goose Up\nDELETE FROM images;\nCREATE TABLE half (id INTEGER);\nINSERT INTO nowhere VALUES (1);\n")}}
	p := newProject(t)
	addImages(t, p, 3)
	dir := p.Dir()
	before := dump(t, p)
	schema := must[Info](t)(p.Info(ctx)).SchemaVersion
	ok(t, p.Close())

	withMigrations(t, bad, func() {
		_, err := Open(ctx, dir)
		if err == nil || !strings.Contains(err.Error(), "it was not changed") {
			t.Fatal(err)
		}
	})
	if got := backups(t, dir); len(got) != 1 {
		t.Fatal(got)
	}
	p = must[*Project](t)(Open(ctx, dir)) // the program as it was opens it as it was
	sameDump(t, "after a migration that failed", before, dump(t, p))
	if err := p.conn.QueryRowContext(ctx, "SELECT 1 FROM more").Scan(new(int)); err == nil || !strings.Contains(err.Error(), "no such table") {
		t.Fatal(err)
	}
	if info := must[Info](t)(p.Info(ctx)); info.SchemaVersion != schema {
		t.Fatal(info)
	}
	ok(t, p.Close())

	withMigrations(t, good, func() {
		p := must[*Project](t)(Open(ctx, dir))
		sameDump(t, "after a migration", before, dump(t, p))
		ok(t, p.Close())
	})
	if got := backups(t, dir); len(got) != 2 {
		t.Fatal(got)
	}

	// Now it is newer than this program: refused, and not touched.
	content := must[[]byte](t)(os.ReadFile(filepath.Join(dir, "project.db")))
	_, err := Open(ctx, dir)
	var newer *NewerVersionError
	if !errors.Is(err, ErrNewerVersion) || !errors.As(err, &newer) || newer.Has != 90001 || newer.Expects != schema {
		t.Fatal(err)
	}
	if now := must[[]byte](t)(os.ReadFile(filepath.Join(dir, "project.db"))); string(now) != string(content) {
		t.Fatal("the newer project was changed")
	}

	// A backup is a whole project.db.
	ok(t, os.WriteFile(filepath.Join(dir, "project.db"), must[[]byte](t)(os.ReadFile(backups(t, dir)[0])), 0o644))
	p = must[*Project](t)(Open(ctx, dir))
	sameDump(t, "the backup", before, dump(t, p))
	must[string](t)(p.Backup(ctx))
	ok(t, p.Close())
}

func TestProjectCanBeMoved(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	img := addImages(t, p, 1)[0]
	ok(t, p.SetSetting(ctx, "gallery", "état"))
	uid := must[Info](t)(p.Info(ctx)).UID
	ok(t, p.Close())
	to := filepath.Join(t.TempDir(), "プロジェクト 50% #2")
	ok(t, os.Rename(p.Dir(), to))
	p = must[*Project](t)(Open(ctx, to))
	defer p.Close()
	f, err := p.OpenImage(img)
	ok(t, err)
	f.Close()
	if value, found, err := p.Setting(ctx, "gallery"); value != "état" || !found || err != nil {
		t.Fatal(value, found, err)
	}
	if info := must[Info](t)(p.Info(ctx)); info.UID != uid {
		t.Fatal(info)
	}
}

// TestCreatedTwiceAtOnce: whoever comes second never writes over the first's project, open or closed by then.
func TestCreatedTwiceAtOnce(t *testing.T) {
	ctx := context.Background()
	for range 8 {
		dir := filepath.Join(t.TempDir(), "project")
		made := make(chan error, 4)
		for i := range cap(made) {
			go func() {
				p, err := Create(ctx, dir, fmt.Sprint("Project ", i))
				if err == nil {
					_, err = p.AddView(ctx, View{Name: "Mine", Type: domain.Tagging})
					err = errors.Join(err, p.Close())
				}
				made <- err
			}()
		}
		good := 0
		for range cap(made) {
			switch err := <-made; {
			case err == nil:
				good++
			case !errors.Is(err, ErrExists) && !errors.Is(err, ErrLocked):
				t.Fatal(err)
			}
		}
		p := must[*Project](t)(Open(ctx, dir))
		views := must[[]View](t)(p.Views(ctx))
		ok(t, p.Close())
		if good != 1 || len(views) != 1 {
			t.Fatalf("%d projects were made in one folder, %d views are left", good, len(views))
		}
	}
}
