package studio

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var hash = regexp.MustCompile(`^[0-9a-f]{64}$`)

// FindImage finds an image by its name, its content's SHA-256, or its id; a name that several images have is an error that says so.
func (p *Project) FindImage(ctx context.Context, text string) (Image, error) {
	if lower := strings.ToLower(text); hash.MatchString(lower) {
		return p.store.ImageByHash(ctx, lower)
	}
	images, err := p.store.ImagesByName(ctx, text)
	if err != nil {
		return Image{}, err
	}
	if len(images) == 0 {
		if images, err = p.imagesByLastPart(ctx, text); err != nil {
			return Image{}, err
		}
	}
	switch len(images) {
	case 1:
		return images[0], nil
	case 0:
		if id, err := strconv.ParseInt(text, 10, 64); err == nil {
			return p.store.Image(ctx, id)
		}
		return Image{}, notThere("there is no image %q in the project", text)
	}
	return Image{}, fmt.Errorf("%d images are called %q; say which by its SHA-256 or id: %s", len(images), text, idsOf(images))
}

// imagesByLastPart finds images whose name ends with the text after a slash: paper12.jpg finds paper/paper12.jpg.
func (p *Project) imagesByLastPart(ctx context.Context, text string) ([]Image, error) {
	var found []Image
	err := p.store.Images(ctx, func(img Image) error {
		if strings.HasSuffix(img.Name, "/"+text) {
			found = append(found, img)
		}
		return nil
	})
	return found, err
}

func idsOf(images []Image) string {
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
