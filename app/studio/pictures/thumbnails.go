package pictures

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"

	"viewfinder/app/studio/lru"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/storage/wholefile"
	"viewfinder/training/picture"
)

// thumbnailsLimit bounds the thumbnails kept in memory, in bytes: about 650 of 160 x 160, or 340 photos of 256 pixels.
const thumbnailsLimit = 64 << 20

// thumbnailSteps are the sizes that are made and kept on disk, longest side in pixels; what is asked for is scaled down from the
// next larger one, so that moving the gallery's slider decodes nothing anew.
var thumbnailSteps = []int{128, 256, 512}

// importThumbnail is the size that an import makes: what the gallery shows at first.
const importThumbnail = 256

// thumbnailKey names a thumbnail: an image, the part of it, the size.
type thumbnailKey struct {
	image int64
	box   domain.Box
	size  int
}

// thumbnails makes small pictures of datapoints and keeps them: in memory (bounded), and as JPEG files in the project's cache folder,
// which may be deleted at any time.
type thumbnails struct {
	pictures *Pictures
	cache    *lru.Cache[thumbnailKey, image.Image]
	jobs     *workers
}

func newThumbnails(p *Pictures) *thumbnails {
	return &thumbnails{
		pictures: p,
		cache:    lru.New[thumbnailKey, image.Image](thumbnailsLimit),
		jobs:     newWorkers(max(1, min(4, runtime.NumCPU()-1))), // one processor is left to the window
	}
}

// Thumbnail is a small picture of a datapoint, its longest side px pixels at most (smaller images stay as they are): the image, or the
// part of it that the datapoint's source region holds. It may take as long as decoding the image; ThumbnailAsync does not.
func (p *Pictures) Thumbnail(ctx context.Context, d storage.Datapoint, px int) (image.Image, error) {
	return p.thumbnails.get(ctx, d, px)
}

// ThumbnailAsync returns the thumbnail if it is in memory; otherwise nil, and f is called with it later, on a goroutine of the
// studio, unless ctx ends first. What was asked for last comes first.
func (p *Pictures) ThumbnailAsync(ctx context.Context, d storage.Datapoint, px int, f func(image.Image, error)) image.Image {
	t := p.thumbnails
	if small, ok := t.cache.Get(keyOfThumbnail(d, px)); ok {
		return small
	}
	t.jobs.add(ctx, func(ctx context.Context) {
		small, err := t.get(ctx, d, px)
		if ctx.Err() == nil {
			f(small, err)
		}
	})
	return nil
}

func keyOfThumbnail(d storage.Datapoint, px int) thumbnailKey {
	key := thumbnailKey{image: d.Image.ID, size: px}
	if d.SourceBox != nil {
		key.box = *d.SourceBox
	}
	return key
}

func (t *thumbnails) get(ctx context.Context, d storage.Datapoint, px int) (image.Image, error) {
	if px < 1 {
		return nil, fmt.Errorf("a thumbnail of %d pixels was asked for", px)
	}
	key := keyOfThumbnail(d, px)
	if small, ok := t.cache.Get(key); ok {
		return small, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	large, err := t.step(d, stepFor(px))
	if err != nil {
		return nil, err
	}
	small := Shrink(large, px)
	t.cache.Put(key, small, int64(len(small.Pix)))
	return small, nil
}

// stepFor is the smallest kept size that is at least px; px itself above the largest.
func stepFor(px int) int {
	for _, step := range thumbnailSteps {
		if step >= px {
			return step
		}
	}
	return px
}

// step is the datapoint at one of the kept sizes, from disk if it was made before.
func (t *thumbnails) step(d storage.Datapoint, size int) (*image.RGBA, error) {
	file := t.file(d, size)
	if small, err := readThumbnail(file); err == nil {
		return small, nil
	}
	small, err := t.make(d, size)
	if err != nil {
		return nil, err
	}
	if size <= thumbnailSteps[len(thumbnailSteps)-1] {
		if err := writeThumbnail(file, small); err != nil {
			// The cache is a convenience; a read-only folder or a full disk must not keep anybody from seeing their images.
			slog.Debug("a thumbnail could not be kept", "file", file, "error", err)
		}
	}
	return small, nil
}

// make decodes the image: from the pictures in memory if it is there, otherwise from disk, without pushing out what the annotator
// needs.
func (t *thumbnails) make(d storage.Datapoint, size int) (*image.RGBA, error) {
	whole, ok := t.pictures.decoder.cache.Get(d.Image.ID)
	if !ok && d.SourceBox == nil {
		f, err := t.pictures.store.OpenImage(d.Image)
		if err != nil {
			return nil, fmt.Errorf("opening %s: %w", d.Image.Name, err)
		}
		defer f.Close()
		small, _, err := picture.DecodeScaled(f, d.Image.Name, size, picture.Limits{})
		return small, err
	}
	if !ok {
		var err error
		if whole, err = t.pictures.Decode(d.Image); err != nil {
			return nil, err
		}
	}
	if b := d.SourceBox; b != nil {
		whole = picture.Crop(whole, b.XMin, b.YMin, b.XMax, b.YMax)
	}
	return Shrink(whole, size), nil
}

// file is where the thumbnail is kept. The name follows from the content, so that it never goes stale.
func (t *thumbnails) file(d storage.Datapoint, size int) string {
	name := d.Image.SHA256
	if d.SourceBox != nil {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %v", name, *d.SourceBox))
		name = hex.EncodeToString(sum[:])
	}
	if len(name) < 2 {
		name = "00" + name
	}
	return filepath.Join(t.pictures.store.CacheDir(), "thumbnails", name[:2], fmt.Sprintf("%s-%d.jpg", name, size))
}

// Shrink makes a picture's longest side px pixels at most, keeping the aspect; smaller ones stay as they are.
func Shrink(src *image.RGBA, px int) *image.RGBA {
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	if max(w, h) <= px {
		return src
	}
	w, h = picture.Fit(w, h, px, px)
	return picture.Resize(src, w, h)
}

func readThumbnail(file string) (*image.RGBA, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	decoded, err := jpeg.Decode(f)
	if err != nil {
		return nil, err
	}
	small := image.NewRGBA(image.Rect(0, 0, decoded.Bounds().Dx(), decoded.Bounds().Dy()))
	draw.Draw(small, small.Bounds(), decoded, decoded.Bounds().Min, draw.Src)
	return small, nil
}

func writeThumbnail(file string, small image.Image) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return wholefile.FillLoosely(file, func(w io.Writer) error { return jpeg.Encode(w, small, &jpeg.Options{Quality: 88}) })
}

// DecodeNew decodes an image that is about to be added and keeps its thumbnail.
func (p *Pictures) DecodeNew(f io.ReadSeeker, name, sha256 string) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	small, _, err := picture.DecodeScaled(f, name, importThumbnail, picture.Limits{})
	if err != nil {
		return err
	}
	file := p.thumbnails.file(storage.Datapoint{Image: storage.Image{SHA256: sha256}}, importThumbnail)
	if err := writeThumbnail(file, small); err != nil {
		slog.Debug("a thumbnail could not be kept", "file", file, "error", err)
	}
	return nil
}
