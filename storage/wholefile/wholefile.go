// Package wholefile writes files so that under their name there is always either the old content or the whole new one. It imports nothing of
// the program.
package wholefile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// TempPattern matches what a writer that was killed leaves beside its file; nobody reads it.
const TempPattern = ".new-*"

const isWindows = runtime.GOOS == "windows"

// Write puts data in the file's place: written beside it, on the disk, renamed, and the folder on the disk. On an error the file is as it was and
// nothing is left beside it.
func Write(path string, data []byte) error {
	return Fill(path, func(w io.Writer) error { _, err := w.Write(data); return err })
}

// Fill is [Write] of what fill writes.
func Fill(path string, fill func(io.Writer) error) error { return write(path, (*os.File).Sync, fill) }

// WriteLoosely is [Write] without waiting for the disk, for what is made again where it is lost.
func WriteLoosely(path string, data []byte) error {
	return FillLoosely(path, func(w io.Writer) error { _, err := w.Write(data); return err })
}

// FillLoosely is [Fill] without waiting for the disk, for what is made again where it is lost.
func FillLoosely(path string, fill func(io.Writer) error) error { return write(path, nil, fill) }

// write waits for the disk by sync, or does not where that is nil.
func write(path string, sync func(*os.File) error, fill func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), TempPattern)
	if err != nil {
		return fmt.Errorf("writing %s: %w", filepath.Base(path), err)
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
			err = fmt.Errorf("writing %s: %w", filepath.Base(path), err)
		}
	}()
	if err = fill(f); err != nil {
		return err
	}
	if err = f.Chmod(0o644); err != nil && !isWindows {
		return err
	}
	if sync != nil {
		if err = sync(f); err != nil {
			return err
		}
	}
	if err = f.Close(); err != nil {
		return err
	}
	if sync == nil {
		return Move(f.Name(), path)
	}
	return Rename(f.Name(), path)
}

// Rename gives a file or folder another name, in the place of the file that has it, and waits until that is on the disk.
func Rename(from, to string) error {
	if err := Move(from, to); err != nil {
		return err
	}
	err := SyncFolder(filepath.Dir(to))
	if filepath.Dir(from) != filepath.Dir(to) {
		err = errors.Join(err, SyncFolder(filepath.Dir(from)))
	}
	return err
}

// How long to wait for a file that another program has open: on Windows, a virus scanner or a search index, for a moment.
const (
	patience = 2 * time.Second
	pause    = 10 * time.Millisecond
)

// Move is [Rename] without waiting for the disk.
func Move(from, to string) error {
	return patiently(func() error { return os.Rename(from, to) }, inUse, time.Now, time.Sleep)
}

// patiently repeats do while its file is in use, for a limited time.
func patiently(do func() error, inUse func(error) bool, now func() time.Time, sleep func(time.Duration)) error {
	end := now().Add(patience)
	for {
		err := do()
		if err == nil || errors.Is(err, fs.ErrNotExist) || !inUse(err) || !now().Before(end) {
			return err
		}
		sleep(pause)
	}
}

// SyncFile waits until a file's content is on the disk.
func SyncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// SyncFolder waits until a folder's list of files is on the disk. Windows does that by itself, and cannot sync folders.
func SyncFolder(path string) error {
	if isWindows {
		return nil
	}
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
