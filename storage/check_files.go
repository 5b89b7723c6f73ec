package storage

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"viewfinder/storage/domain"
	"viewfinder/storage/wholefile"
)

// files compares each image file with its hash.
func (c *checker) files(ctx context.Context) error {
	var mu sync.Mutex
	done := 0
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.NumCPU())
	err := c.p.eachImage(ctx, func(img Image) error {
		g.Go(func() error {
			problem, err := c.file(ctx, img)
			mu.Lock()
			defer mu.Unlock()
			done++
			if done%16 == 0 || done == c.report.Images {
				c.progress(done, c.report.Images, "checking image files")
			}
			if problem != nil {
				c.found(*problem)
			}
			return err
		})
		return ctx.Err()
	})
	return errors.Join(g.Wait(), err)
}

// file checks the file of one image.
func (c *checker) file(ctx context.Context, img Image) (*Problem, error) {
	what := fmt.Sprintf("%s (%s)", img.Name, RelativeImagePath(img))
	hash, err := hashFile(ctx, c.p.ImagePath(img))
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return nil, err
	case errors.Is(err, fs.ErrNotExist):
		return &Problem{Kind: ProblemFileMissing, What: what, Detail: "the file is missing", Repair: "import the same image again: it is restored with its annotations"}, nil
	case err != nil:
		return &Problem{Kind: ProblemFileChanged, What: what, Detail: err.Error(), Repair: "check the file's permissions and the disk"}, nil
	case hash == img.SHA256:
		return nil, nil
	}
	problem := &Problem{Kind: ProblemFileChanged, What: what, Detail: "the file was changed outside the program", Repair: "import the original image again: it is restored with its annotations"}
	if c.repair {
		to, err := c.recover(c.p.ImagePath(img))
		if err != nil {
			return nil, err
		}
		problem.Repair = "the changed file was moved to " + to + "; " + problem.Repair
	}
	return problem, nil
}

func hashFile(ctx context.Context, path string) (string, error) {
	f, err := openRegular(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, &limitedReader{ctx: ctx, r: f, left: 1 << 62, name: path}); err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", h.Sum(nil)), nil
}

// recover moves a file or folder of the project to recovered/ and returns where, relative to the project.
func (c *checker) recover(path string) (string, error) {
	relative, err := filepath.Rel(c.p.dir, path)
	if err != nil {
		return "", err
	}
	to := filepath.Join(c.p.dir, "recovered", relative)
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return "", err
	}
	free := to
	for n := 2; ; n++ {
		if _, err := os.Lstat(free); errors.Is(err, fs.ErrNotExist) {
			break
		}
		free = fmt.Sprintf("%s.%d", to, n)
	}
	if err := wholefile.Rename(path, free); err != nil {
		return "", err
	}
	relative, err = filepath.Rel(c.p.dir, free)
	return filepath.ToSlash(relative), err
}

// orphans finds files among the images that belong to none.
func (c *checker) orphans(ctx context.Context) error {
	known := map[string]bool{}
	if err := c.p.eachImage(ctx, func(img Image) error {
		known[RelativeImagePath(img)] = true
		return nil
	}); err != nil {
		return err
	}
	c.p.write.Lock()
	for hash := range c.p.arrived { // undone, perhaps, but Redo may need the file; Close removes it
		known[hash] = true
	}
	c.p.write.Unlock()
	root := filepath.Join(c.p.dir, "images")
	tmp := filepath.Join(root, "tmp") // may be in use; emptied by Open
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			c.found(Problem{Kind: ProblemFileOrphan, What: path, Detail: err.Error(), Repair: "check the folder's permissions"})
			return nil
		}
		if path == tmp {
			return fs.SkipDir
		}
		relative, err := filepath.Rel(c.p.dir, path)
		if err != nil || d.IsDir() || known[filepath.ToSlash(relative)] || known[strings.TrimSuffix(d.Name(), filepath.Ext(d.Name()))] || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		problem := Problem{Kind: ProblemFileOrphan, What: filepath.ToSlash(relative), Detail: "the file belongs to no image", Repair: "can be moved to the folder recovered"}
		if c.repair {
			to, err := c.recover(path)
			if err != nil {
				return err
			}
			problem.Repaired, problem.Repair = true, "it was moved to "+to+", from where it can be imported"
		}
		c.found(problem)
		return ctx.Err()
	})
}

// runs compares the versions with the run folders.
func (c *checker) runs(ctx context.Context) error {
	c.progress(0, 0, "checking the runs")
	versions, err := c.p.Versions(ctx, 0)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, v := range versions {
		known[v.UID] = true
		if info, err := os.Stat(c.p.RunDir(v.UID)); err == nil && info.IsDir() {
			continue
		}
		problem := Problem{Kind: ProblemRunMissing, What: v.Name + " (runs/" + v.UID + ")", Detail: "the folder of the version is missing",
			Repair: "put the folder back, or delete the version"}
		if c.repair && v.Status != domain.StatusFailed {
			failed, why := domain.StatusFailed, "The folder of this version is missing: put it back, or delete the version and train again."
			if _, err := c.p.UpdateVersion(ctx, v.ID, VersionUpdate{Status: &failed, Error: &why}); err != nil {
				return err
			}
			problem.Repaired, problem.Repair = true, "the version was marked as failed"
		}
		c.found(problem)
	}
	entries, err := os.ReadDir(filepath.Join(c.p.dir, "runs"))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if known[e.Name()] || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		problem := Problem{Kind: ProblemRunOrphan, What: "runs/" + e.Name(), Detail: "the folder belongs to no version", Repair: "can be moved to the folder recovered"}
		if c.repair {
			to, err := c.recover(filepath.Join(c.p.dir, "runs", e.Name()))
			if err != nil {
				return err
			}
			problem.Repaired, problem.Repair = true, "it was moved to "+to
		}
		c.found(problem)
	}
	return nil
}
