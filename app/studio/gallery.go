package studio

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Datapoints lists the datapoints that a query chooses, with their annotations.
func (p *Project) Datapoints(ctx context.Context, q Query) ([]Datapoint, error) {
	return p.store.Datapoints(ctx, q)
}

// DatapointIDs lists the ids of all that a query chooses, in its order: what a gallery scrolls through. A page of them is read with
// DatapointsByID.
func (p *Project) DatapointIDs(ctx context.Context, q Query) ([]int64, error) {
	return p.store.DatapointIDs(ctx, q)
}

// DatapointsByID reads datapoints in the order of ids; those that are gone are left out.
func (p *Project) DatapointsByID(ctx context.Context, ids []int64) ([]Datapoint, error) {
	return p.store.DatapointsByID(ctx, ids)
}

// Datapoint reads one datapoint.
func (p *Project) Datapoint(ctx context.Context, key Key) (Datapoint, error) {
	return p.store.Datapoint(ctx, key)
}

// Count says how many datapoints a query chooses (Limit and Offset do not matter).
func (p *Project) Count(ctx context.Context, q Query) (int, error) { return p.store.Count(ctx, q) }

// Counts counts a view's datapoints by split and state.
func (p *Project) Counts(ctx context.Context, view int64) (Counts, error) {
	return p.store.Counts(ctx, view)
}

// Image returns one image.
func (p *Project) Image(ctx context.Context, id int64) (Image, error) { return p.store.Image(ctx, id) }

// ImagePath is where the file of an image lies; it must not be written to.
func (p *Project) ImagePath(img Image) string { return p.store.ImagePath(img) }

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
		return Image{}, &notFoundError{fmt.Sprintf("there is no image %q in the project", text)}
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
