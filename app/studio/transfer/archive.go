package transfer

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/interchange"
	"viewfinder/storage/words"
)

// Limits of a ZIP archive.
const (
	maxArchiveFiles = 500_000
	maxArchiveBytes = 200 << 30 // unpacked
	maxArchiveRatio = 200       // unpacked to packed, of one file; photos reach 1.1, tables of annotations 30
	smallInArchive  = 1 << 20   // files that may exceed the ratio: there is no harm in them
)

// isArchive reports whether a source is a ZIP file, by its name and its first bytes.
func isArchive(file string) bool {
	if !slices.Contains([]string{".zip", ".tm"}, strings.ToLower(filepath.Ext(file))) { // .tm: a project of Teachable Machine
		return false
	}
	info, err := os.Stat(file)
	return err == nil && info.Mode().IsRegular()
}

// unpacked is a ZIP archive's content in a folder of its own, for as long as it is needed.
type unpacked struct {
	dir      string // what is to be imported: the only folder in it, or all
	whole    string // all of it
	temp     string
	problems []ImportProblem
}

// Close removes the folder.
func (u *unpacked) Close() error { return os.RemoveAll(u.temp) }

// unpack writes what a ZIP archive holds into a new folder below in, file by file, none of them in memory as a whole. What does not belong there (paths that
// lead out, links, archives in the archive, encrypted files, files that unpack to far more than they are) is named and left out. With outline, images
// are left empty: enough to see what the archive holds.
func unpack(ctx context.Context, file, in string, outline bool, progress session.Progress) (_ *unpacked, err error) {
	archive, err := zip.OpenReader(file)
	if err != nil {
		return nil, fmt.Errorf("%s is not a readable ZIP archive: %w", filepath.Base(file), err)
	}
	defer archive.Close()
	if len(archive.File) > maxArchiveFiles {
		return nil, &storage.RuleError{Message: fmt.Sprintf("%s holds %s; at most %d are unpacked. Unpack it yourself and import the folders in parts.", filepath.Base(file), words.Count(len(archive.File), "file"), maxArchiveFiles)}
	}
	if err := os.MkdirAll(in, 0o755); err != nil {
		return nil, fmt.Errorf("unpacking %s: %w", filepath.Base(file), err)
	}
	temp, err := os.MkdirTemp(in, "unpacked-*")
	if err != nil {
		return nil, fmt.Errorf("unpacking %s: %w", filepath.Base(file), err)
	}
	u := &unpacked{temp: temp}
	defer func() {
		if err != nil {
			u.Close()
		}
	}()
	// The archive's name is the folder's, so that views are named after it.
	u.dir = filepath.Join(temp, strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)))
	if err := os.MkdirAll(u.dir, 0o755); err != nil {
		return nil, fmt.Errorf("unpacking %s: %w", filepath.Base(file), err)
	}
	root, err := os.OpenRoot(u.dir)
	if err != nil {
		return nil, fmt.Errorf("unpacking %s: %w", filepath.Base(file), err)
	}
	defer root.Close()
	left := int64(maxArchiveBytes)
	for i, f := range archive.File {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		progress.Update(i, len(archive.File), "unpacking "+path.Base(f.Name))
		n, err := unpackFile(ctx, root, f, left, outline)
		var refused *refusedFile
		switch {
		case errors.As(err, &refused):
			u.problems = append(u.problems, ImportProblem{File: filepath.Base(file), Record: strings.ToValidUTF8(f.Name, "\ufffd"), Reason: refused.reason})
		case err != nil:
			return nil, storage.Explain("unpacking "+f.Name+" from "+filepath.Base(file), err)
		}
		if left -= n; left <= 0 {
			return nil, &storage.RuleError{Message: fmt.Sprintf("%s exceeds the limit of %d GiB when unpacked.", filepath.Base(file), maxArchiveBytes>>30)}
		}
	}
	u.whole, u.dir = u.dir, onlyFolder(u.dir)
	return u, nil
}

// refusedFile is a file of an archive that is left out.
type refusedFile struct{ reason string }

func (r *refusedFile) Error() string { return r.reason }

func refuse(format string, args ...any) error { return &refusedFile{fmt.Sprintf(format, args...)} }

// unpackFile writes one file and returns its size.
func unpackFile(ctx context.Context, root *os.Root, f *zip.File, left int64, outline bool) (int64, error) {
	name := strings.ReplaceAll(f.Name, `\`, "/")
	parts := strings.Split(strings.Trim(name, "/"), "/")
	switch {
	case f.FileInfo().IsDir(), slices.Contains(parts, "__MACOSX"), strings.HasPrefix(parts[len(parts)-1], "."):
		return 0, nil
	case slices.Contains(parts, ".."), strings.HasPrefix(name, "/"), strings.ContainsRune(name, 0), len(name) > 1000, !filepath.IsLocal(filepath.FromSlash(name)):
		return 0, refuse("was left out: its path leads out of the archive")
	case !f.Mode().IsRegular():
		return 0, refuse("was left out: it is a link or a device, not a file")
	case f.Flags&1 != 0:
		return 0, refuse("was left out: it is encrypted. Unpack the archive with its password and import the folder")
	case slices.Contains([]string{".zip", ".7z", ".rar", ".tar", ".gz", ".tgz"}, strings.ToLower(path.Ext(name))):
		return 0, refuse("was left out: it is an archive inside the archive. Unpack it and import it separately")
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return 0, refuse("was left out: its compression method (%d) is not supported", f.Method)
	}
	most := min(left, storage.MaxImageBytes, max(smallInArchive, int64(min(f.CompressedSize64, storage.MaxImageBytes))*maxArchiveRatio))
	if f.UncompressedSize64 > uint64(most) {
		return 0, refuse("was left out: it unpacks to %d MB, which exceeds the limit for such a file", f.UncompressedSize64/1e6)
	}
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return 0, refuse("was left out: %v", err)
	}
	out, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		if errors.Is(err, os.ErrExist) {
			return 0, refuse("was left out: the archive has two files with this name")
		}
		return 0, err
	}
	defer out.Close()
	if outline && interchange.IsImageName(path.Base(name)) {
		return 0, out.Close()
	}
	in, err := f.Open()
	if err != nil {
		root.Remove(name)
		return 0, refuse("was left out: %v", err)
	}
	defer in.Close()
	source := &brokenSource{r: io.LimitReader(in, most+1), ctx: ctx}
	n, err := io.Copy(out, source)
	switch {
	case err != nil && source.err != nil && ctx.Err() == nil:
		root.Remove(name)
		return n, refuse("was left out: it is damaged: %v", source.err)
	case err != nil:
		return n, err
	case n > most:
		root.Remove(name)
		return n, refuse("was left out: it unpacks to more than its header states")
	}
	return n, out.Close()
}

// brokenSource distinguishes errors of reading (the archive's) from those of writing (the disk's), and stops with its context.
type brokenSource struct {
	r   io.Reader
	ctx context.Context
	err error
}

func (b *brokenSource) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := b.r.Read(p)
	if err != nil && err != io.EOF {
		b.err = err
	}
	return n, err
}

// onlyFolder goes down while a folder holds nothing but one folder, as archives of a folder do, so that its format is recognised.
func onlyFolder(dir string) string {
	for range 4 {
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) != 1 || !entries[0].IsDir() {
			return dir
		}
		switch strings.ToLower(entries[0].Name()) {
		case "train", "training", "val", "valid", "validation", "test":
			return dir // its name is the split
		}
		inner := filepath.Join(dir, entries[0].Name())
		below, err := os.ReadDir(inner)
		if err != nil {
			return dir
		}
		for _, e := range below {
			if !e.IsDir() { // images lie in it: it may be a concept's folder, or the split's
				return dir
			}
		}
		dir = inner
	}
	return dir
}

// removeUnpacked removes what an import that was killed left unpacked.
func (t *Transfer) removeUnpacked() {
	left, _ := filepath.Glob(filepath.Join(t.store.CacheDir(), "unpacked-*"))
	for _, dir := range left {
		os.RemoveAll(dir)
	}
}
