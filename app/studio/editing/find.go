package editing

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
)

var hash = regexp.MustCompile(`^[0-9a-f]{64}$`)

// FindImage finds an image by its name, its content's SHA-256, or its id; a name that several images have is an error that lists them.
func (e *Editor) FindImage(ctx context.Context, text string) (storage.Image, error) {
	if lower := strings.ToLower(text); hash.MatchString(lower) {
		return e.store.ImageByHash(ctx, lower)
	}
	images, err := e.store.ImagesByName(ctx, text)
	if err != nil {
		return storage.Image{}, err
	}
	if len(images) == 0 {
		if images, err = e.imagesByLastPart(ctx, text); err != nil {
			return storage.Image{}, err
		}
	}
	switch len(images) {
	case 1:
		return images[0], nil
	case 0:
		if id, err := strconv.ParseInt(text, 10, 64); err == nil {
			return e.store.Image(ctx, id)
		}
		return storage.Image{}, session.NotThere("there is no image %q in the project", text)
	}
	return storage.Image{}, fmt.Errorf("%d images are called %q; say which by its SHA-256 or id: %s", len(images), text, idsOf(images))
}

// imagesByLastPart finds images whose name ends with the text after a slash: paper12.jpg finds paper/paper12.jpg.
func (e *Editor) imagesByLastPart(ctx context.Context, text string) ([]storage.Image, error) {
	var found []storage.Image
	err := e.store.Images(ctx, func(img storage.Image) error {
		if strings.HasSuffix(img.Name, "/"+text) {
			found = append(found, img)
		}
		return nil
	})
	return found, err
}

func idsOf(images []storage.Image) string {
	var parts []string
	for i, img := range images {
		if i == 5 {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, fmt.Sprintf("%d (%s…)", img.ID, img.SHA256[:min(12, len(img.SHA256))]))
	}
	return strings.Join(parts, ", ")
}
