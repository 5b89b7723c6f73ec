package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"viewfinder/storage/wholefile"
)

// maxRecent is how many projects are remembered.
const maxRecent = 24

// RecentProject is a project that the user had open not long ago.
type RecentProject struct {
	Name     string    `json:"name"`
	Dir      string    `json:"dir"`
	OpenedAt time.Time `json:"opened_at"`
	// Missing is true if the folder is not there at the moment (moved, deleted, on a stick that is not plugged in).
	Missing bool `json:"-"`
}

// RecentThumbnail is where a project keeps the image that stands for it, within its folder.
var RecentThumbnail = filepath.Join("cache", "project.jpg")

// Thumbnail is a photo out of the project to show beside its name; an error if there is none yet.
func (r RecentProject) Thumbnail() (image.Image, error) {
	f, err := os.Open(filepath.Join(r.Dir, RecentThumbnail))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return jpeg.Decode(f)
}

// Recent lists the projects that the window had open, the latest first. A list that cannot be read counts as empty.
func Recent() ([]RecentProject, error) {
	path, err := recentPath()
	if err != nil {
		return nil, err
	}
	list := readRecent(path)
	for i := range list {
		_, err := os.Stat(filepath.Join(list[i].Dir, "project.db"))
		list[i].Missing = err != nil
	}
	return list, nil
}

// ForgetRecent takes a project off the list; its folder stays as it is.
func ForgetRecent(dir string) error {
	return changeRecent(func(list []RecentProject) []RecentProject { return without(list, dir) })
}

// RememberRecent puts a project at the head of the list.
func RememberRecent(name, dir string) error {
	return changeRecent(func(list []RecentProject) []RecentProject {
		list = append([]RecentProject{{Name: name, Dir: dir, OpenedAt: time.Now().UTC()}}, without(list, dir)...)
		return list[:min(len(list), maxRecent)]
	})
}

func without(list []RecentProject, dir string) []RecentProject {
	var rest []RecentProject
	for _, r := range list {
		if r.Dir != dir {
			rest = append(rest, r)
		}
	}
	return rest
}

func recentPath() (string, error) {
	dir, err := ConfigDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "recent.json"), nil
}

func readRecent(path string) []RecentProject {
	data, err := os.ReadFile(path)
	if err != nil {
		if !errors.Is(err, os.ErrNotExist) {
			slog.Warn("the list of recent projects cannot be read", "error", err)
		}
		return nil
	}
	var list []RecentProject
	if err := json.Unmarshal(data, &list); err != nil {
		slog.Warn("the list of recent projects is damaged; starting a new one", "file", path, "error", err)
		return nil
	}
	return list
}

// recentPatience is how long another window is waited for that changes the list.
const recentPatience = 10 * time.Second

// changeRecent changes the list. Several windows may: each reads what the one before wrote.
func changeRecent(change func([]RecentProject) []RecentProject) error {
	path, err := recentPath()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), recentPatience)
	defer cancel()
	lock := flock.New(path + ".lock")
	if _, err := lock.TryLockContext(ctx, 5*time.Millisecond); err != nil {
		return fmt.Errorf("locking the list of recent projects: %w", err)
	}
	defer lock.Close()
	data, err := json.MarshalIndent(change(readRecent(path)), "", "  ")
	if err != nil {
		return fmt.Errorf("writing the list of recent projects: %w", err)
	}
	if err := wholefile.Write(path, append(data, '\n')); err != nil {
		return fmt.Errorf("writing the list of recent projects: %w", err)
	}
	return nil
}
