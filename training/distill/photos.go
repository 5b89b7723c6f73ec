//go:build distill

package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"viewfinder/storage/wholefile"
	"viewfinder/training/picture"
)

// side of the photos in the cache: the centre square of each, resized.
const side = 192

const photoSize = side * side * 3

// pool is all photos, RGB bytes one after the other.
type pool struct {
	pixels []byte
	count  int
}

func (p pool) photo(i int) []byte { return p.pixels[i*photoSize:][:photoSize] }

// openPool reads the cache, after making it from the photos below folder if it isn't there. Beside it lies its list: the SHA-256 and the path of
// each photo, sorted by path.
func openPool(folder, cache string) (pool, error) {
	if _, err := os.Stat(cache); errors.Is(err, fs.ErrNotExist) {
		if err := makePool(folder, cache); err != nil {
			return pool{}, err
		}
	}
	pixels, err := os.ReadFile(cache)
	if err != nil {
		return pool{}, err
	}
	if len(pixels) == 0 || len(pixels)%photoSize != 0 {
		return pool{}, fmt.Errorf("%s has %d bytes, which are not whole photos", cache, len(pixels))
	}
	return pool{pixels, len(pixels) / photoSize}, nil
}

func makePool(folder, cache string) error {
	var paths []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		switch strings.ToLower(filepath.Ext(path)) {
		case ".jpg", ".jpeg", ".png", ".webp":
			if err == nil && d.Type().IsRegular() {
				paths = append(paths, path)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	slices.Sort(paths)
	out, err := os.Create(cache + ".part")
	if err != nil {
		return err
	}
	defer out.Close()
	pixels, list := bufio.NewWriter(out), strings.Builder{}
	const part = 256
	for len(paths) > 0 {
		now := paths[:min(part, len(paths))]
		paths = paths[len(now):]
		photos, hashes := make([][]byte, len(now)), make([]string, len(now))
		var all sync.WaitGroup
		for half := range 2 {
			all.Go(func() {
				for i := half; i < len(now); i += 2 {
					var err error
					if photos[i], hashes[i], err = square(now[i]); err != nil {
						fmt.Fprintln(os.Stderr, "left out:", err)
					}
				}
			})
		}
		all.Wait()
		for i, p := range photos {
			if p == nil {
				continue
			}
			if _, err := pixels.Write(p); err != nil {
				return err
			}
			name, _ := filepath.Rel(folder, now[i])
			fmt.Fprintf(&list, "%s  %s\n", hashes[i], filepath.ToSlash(name))
		}
		fmt.Printf("%d photos left to read\n", len(paths))
	}
	if err := pixels.Flush(); err != nil {
		return err
	}
	if err := wholefile.Write(cache+".list", []byte(list.String())); err != nil {
		return err
	}
	if err := errors.Join(out.Sync(), out.Close()); err != nil {
		return err
	}
	return wholefile.Rename(cache+".part", cache)
}

// square is a photo's centre square at the cache's size, and the SHA-256 of its file.
func square(path string) (pixels []byte, hash string, err error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(file)
	img, err := picture.DecodeFile(path, picture.Limits{})
	if err != nil {
		return nil, "", err
	}
	w, h := float64(img.Rect.Dx()), float64(img.Rect.Dy())
	s := min(w, h)
	left, top := float64(int(w-s)/2)/w, float64(int(h-s)/2)/h
	img = picture.Resize(picture.Crop(img, left, top, left+s/w, top+s/h), side, side)
	pixels = make([]byte, 0, photoSize)
	for y := range side {
		row := img.Pix[y*img.Stride:]
		for x := range side {
			pixels = append(pixels, row[4*x:4*x+3]...)
		}
	}
	return pixels, hex.EncodeToString(sum[:]), nil
}
