package pictures

import (
	"bufio"
	"context"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/corona10/goimagehash"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/wholefile"
	"viewfinder/storage/words"
)

// NearGroup is a group of near-duplicates: images that look the same though their files differ, such as one photo saved twice or frames of one film.
type NearGroup struct {
	Images []storage.Image // by name
	Leak   bool            // they are in more than one split: what is judged on was learnt from, or chosen by
}

// NewNear describes in a sentence the near-duplicates among the images that were added since then; "" if there are none.
func NewNear(groups []NearGroup, since time.Time) string {
	images, leaks := 0, 0
	for _, g := range groups {
		fresh := 0
		for _, i := range g.Images {
			if !i.AddedAt.Before(since) {
				fresh++
			}
		}
		images += fresh
		if fresh > 0 && g.Leak {
			leaks++
		}
	}
	if images == 0 {
		return ""
	}
	text := words.Count(images, "new image") + " are near-duplicates"
	if images == 1 {
		text = "1 new image is a near-duplicate"
	}
	switch {
	case leaks == 1:
		text += ", one of them in more than one split"
	case leaks > 1:
		text += fmt.Sprintf(", %d of them in more than one split", leaks)
	}
	return text + ": see the project's page"
}

// fingerprint is two perceptual hashes of an image: of its frequencies and of its gradients, 64 bits each.
type fingerprint struct{ frequencies, gradients uint64 }

// Images are near-duplicates if their hashes differ in at most so many bits. Measured on photos saved again smaller and more compressed, and on
// different photos of one kind: see TestNearDuplicatesOfRealImages.
const (
	nearFrequencies = 6
	nearGradients   = 8
)

// fingerprintsFile keeps the hashes, a line for each image's content, in the project's cache.
const fingerprintsFile = "looks.txt"

// NearDuplicates finds near-duplicates, by groups, those over the border of two splits first. The first time it looks at each image's
// thumbnail; progress counts them.
func (p *Pictures) NearDuplicates(ctx context.Context, progress session.Progress) ([]NearGroup, error) {
	var images []storage.Image
	if err := p.store.Images(ctx, func(i storage.Image) error { images = append(images, i); return nil }); err != nil {
		return nil, err
	}
	known := p.readFingerprints()
	all, err := p.fingerprints(ctx, images, known, session.ProgressOr(progress))
	if err != nil {
		return nil, err
	}
	p.writeFingerprints(images, all)
	var groups []NearGroup
	for _, members := range nearGroups(all) {
		g := NearGroup{}
		for _, i := range members {
			g.Images = append(g.Images, images[i])
			g.Leak = g.Leak || images[i].Split != images[members[0]].Split
		}
		slices.SortFunc(g.Images, func(a, b storage.Image) int { return strings.Compare(a.Name, b.Name) })
		groups = append(groups, g)
	}
	slices.SortStableFunc(groups, func(a, b NearGroup) int {
		switch {
		case a.Leak == b.Leak:
			return 0
		case a.Leak:
			return -1
		}
		return 1
	})
	return groups, nil
}

// fingerprints are those of images; nil where one cannot be read.
func (p *Pictures) fingerprints(ctx context.Context, images []storage.Image, known map[string]fingerprint, progress session.Progress) ([]*fingerprint, error) {
	all := make([]*fingerprint, len(images))
	var todo []int
	for i, one := range images {
		if l, ok := known[one.SHA256]; ok {
			all[i] = &l
		} else {
			todo = append(todo, i)
		}
	}
	var mu sync.Mutex
	var group sync.WaitGroup
	next, done := 0, 0
	for range 2 {
		group.Go(func() {
			for ctx.Err() == nil {
				mu.Lock()
				if next == len(todo) {
					mu.Unlock()
					return
				}
				i := todo[next]
				next++
				mu.Unlock()
				l := p.fingerprintOf(images[i])
				mu.Lock()
				all[i] = l
				done++
				progress.Update(done, len(todo), "looking at images")
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return all, ctx.Err()
}

func (p *Pictures) fingerprintOf(i storage.Image) *fingerprint {
	small, err := p.thumbnails.step(storage.Datapoint{Image: i}, importThumbnail)
	if err != nil {
		return nil // what cannot be read has no near-duplicates; the gallery shows why
	}
	l, err := hashesOf(small)
	if err != nil {
		return nil
	}
	return &l
}

func hashesOf(img image.Image) (fingerprint, error) {
	f, err := goimagehash.PerceptionHash(img)
	if err != nil {
		return fingerprint{}, err
	}
	g, err := goimagehash.DifferenceHash(img)
	if err != nil {
		return fingerprint{}, err
	}
	return fingerprint{f.GetHash(), g.GetHash()}, nil
}

func (p *Pictures) readFingerprints() map[string]fingerprint {
	known := map[string]fingerprint{}
	f, err := os.Open(filepath.Join(p.store.CacheDir(), fingerprintsFile))
	if err != nil {
		return known
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var sha string
		var l fingerprint
		if n, _ := fmt.Sscanf(lines.Text(), "%64s %x %x", &sha, &l.frequencies, &l.gradients); n == 3 {
			known[sha] = l
		}
	}
	return known
}

// writeFingerprints keeps the hashes; where it fails they are made again another time.
func (p *Pictures) writeFingerprints(images []storage.Image, all []*fingerprint) {
	var b strings.Builder
	for i, l := range all {
		if l != nil {
			fmt.Fprintf(&b, "%s %x %x\n", images[i].SHA256, l.frequencies, l.gradients)
		}
	}
	file := filepath.Join(p.store.CacheDir(), fingerprintsFile)
	_ = wholefile.WriteLoosely(file, []byte(b.String()))
}
