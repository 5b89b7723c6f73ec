package pictures_test

import (
	"context"
	"image"
	"os"
	"path/filepath"
	"testing"
	"time"

	"viewfinder/app/studio/studiotest"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage"
)

func TestPictures(t *testing.T) {
	ctx := context.Background()
	p, v := studiotest.ColourProject(t, 2, 1)
	points := studiotest.Must(p.Datapoints(ctx, storage.Query{View: v.ID}))(t)
	a, b := points[0].Image, points[1].Image
	first := studiotest.Must(p.DecodedImage(ctx, a))(t)
	if first.Rect != image.Rect(0, 0, 48, 40) {
		t.Errorf("the picture is %v", first.Rect)
	}
	if again := studiotest.Must(p.DecodedImage(ctx, a))(t); again != first {
		t.Error("the picture was decoded twice")
	}
	p.Prefetch(b)
	studiotest.Eventually(t, "the neighbour to be decoded", func() bool { return p.Holds(b.ID) })
	if p.DecodedImageAsync(ctx, b, func(*image.RGBA, error) { t.Error("called though it was in memory") }) == nil {
		t.Error("the prefetched picture is not there at once")
	}
	later := make(chan *image.RGBA)
	if p.DecodedImageAsync(ctx, points[2].Image, func(r *image.RGBA, err error) { later <- r }) != nil {
		t.Error("a picture came before it was decoded")
	}
	if r := <-later; r == nil {
		t.Error("the picture did not come")
	}
	os.Remove(p.ImagePath(points[3].Image))
	if _, err := p.DecodedImage(ctx, points[3].Image); err == nil {
		t.Error("a file that is gone has a picture")
	}
}

func TestThumbnails(t *testing.T) {
	ctx := context.Background()
	p := studiotest.Project(t)
	root := filepath.Join(t.TempDir(), "pictures")
	studiotest.Paint(t, filepath.Join(root, "wide.png"), studiotest.Colours["green"], 600, 300, 1)
	studiotest.Import(t, p, transfer.ImportRequest{Sources: []string{root}, Format: "images"})
	img := studiotest.Must(p.FindImage(ctx, "wide.png"))(t)
	d := storage.Datapoint{Image: img}
	if _, err := os.Stat(p.ThumbnailFile(d)); err != nil {
		t.Errorf("the import left no thumbnail: %v", err)
	}
	for _, px := range []int{1, 100, 128, 300, 512, 1000} {
		small := studiotest.Must(p.Thumbnail(ctx, d, px))(t).Bounds()
		if want := min(px, 600); small.Dx() != want || small.Dy() != max(1, want/2) {
			t.Errorf("a thumbnail of %d is %v", px, small)
		}
	}
	later := make(chan image.Image)
	if p.ThumbnailAsync(ctx, d, 77, func(i image.Image, err error) { later <- i }) != nil {
		t.Error("a thumbnail came before it was made")
	}
	<-later
	if p.ThumbnailAsync(ctx, d, 77, func(image.Image, error) { t.Error("called though it was in memory") }) == nil {
		t.Error("the thumbnail is not there at once")
	}
	// The disk's copies may be deleted at any time.
	if err := os.RemoveAll(p.CacheDir()); err != nil {
		t.Fatal(err)
	}
	p.ForgetThumbnails()
	studiotest.Must(p.Thumbnail(ctx, d, 100))(t)
	if _, err := p.Thumbnail(ctx, d, 0); err == nil {
		t.Error("a thumbnail of 0 pixels")
	}
}

// TestNextImage holds the annotator's promise: once the neighbours are decoded, the next image is there at once.
func TestNextImage(t *testing.T) {
	ctx := context.Background()
	p := studiotest.Project(t)
	root := filepath.Join(t.TempDir(), "pictures")
	for i, name := range []string{"a.png", "b.png"} {
		studiotest.Paint(t, filepath.Join(root, name), studiotest.Colours["blue"], 800, 600, uint64(i))
	}
	studiotest.Import(t, p, transfer.ImportRequest{Sources: []string{root}, Format: "images"})
	a, b := studiotest.Must(p.FindImage(ctx, "a.png"))(t), studiotest.Must(p.FindImage(ctx, "b.png"))(t)
	studiotest.Must(p.DecodedImage(ctx, a))(t)
	p.Prefetch(b)
	studiotest.Eventually(t, "the next image", func() bool { return p.Holds(b.ID) })
	begin := time.Now()
	studiotest.Must(p.DecodedImage(ctx, b))(t)
	if took := time.Since(begin); took > 50*time.Millisecond {
		t.Errorf("the next image took %v", took)
	}
}
