package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"viewfinder/storage/domain"
	"viewfinder/storage/internal/db"
	"viewfinder/storage/words"
)

// splitFrom is the split that the database has as n: its place among all. A number that is none is train.
func splitFrom(n int64) domain.Split {
	all := domain.Splits()
	if n < 0 || n >= int64(len(all)) {
		n = 0
	}
	return all[n]
}

// splitOfTest is the test split as the database has it.
const splitOfTest = 2

func splitNumber(s domain.Split) (int64, error) {
	if i := slices.Index(domain.Splits(), s); i >= 0 {
		return int64(i), nil
	}
	return 0, notSplit(s)
}

func notSplit(s domain.Split) error {
	return rulef("%q is not a split: use %s.", s, domain.SplitWords("or"))
}

func imageFrom(row db.Image) Image {
	return Image{ID: row.ID, SHA256: row.Sha256, Name: row.Name, Format: row.Format, Width: int(row.Width), Height: int(row.Height),
		Size: row.Size, Split: splitFrom(row.Split), AddedAt: fromMillis(row.AddedAt), DeletedAt: fromMillisOrZero(row.DeletedAt)}
}

// DefaultSplit is the split of an image by its content: val when the last byte of its SHA-256 is less than
// 51, so that one in five is, and the same image always falls the same way.
func DefaultSplit(hash [sha256.Size]byte) domain.Split {
	if hash[sha256.Size-1] < 51 {
		return domain.SplitVal
	}
	return domain.SplitTrain
}

// RelativeImagePath is the path of an image's file in the project folder, with slashes.
func RelativeImagePath(img Image) string { return relativeImagePath(img.SHA256, img.Format) }

func relativeImagePath(hash, format string) string {
	if format == "jpeg" {
		format = "jpg"
	}
	if !isPlain(hash) || !isPlain(format) { // a database from outside leads out of the project with no name of a file
		hash, format = fmt.Sprintf("%x", sha256.Sum256([]byte(hash+"."+format))), "unnamed"
	}
	if len(hash) < 2 {
		hash = "00" + hash
	}
	return "images/" + hash[:2] + "/" + hash + "." + format
}

// isPlain reports whether s has nothing but letters and digits of ASCII, as hashes and formats do.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return s != ""
}

// ImagePath is the absolute path of an image's file; it must not be written to.
func (p *Reader) ImagePath(img Image) string {
	return filepath.Join(p.dir, filepath.FromSlash(RelativeImagePath(img)))
}

// OpenImage opens an image's file for reading.
func (p *Reader) OpenImage(img Image) (*os.File, error) {
	f, err := openRegular(p.ImagePath(img))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("the file of %s is missing in the project (%s): add the image again to put it back: %w", img.Name, RelativeImagePath(img), ErrNotFound)
	}
	return f, explain("opening "+img.Name, err)
}

// AddImage adds one image. The content decides: if the project has it already, that image is returned
// and added is false; if it is in the trash, it comes back with its annotations and added is true.
func (p *Project) AddImage(ctx context.Context, r io.Reader, meta ImageMeta) (img Image, added bool, err error) {
	s, err := p.Stage(ctx, r, meta)
	if err != nil {
		return Image{}, false, err
	}
	defer s.Discard()
	err = p.act(ctx, "adding "+meta.Name, func(b *Batch) error {
		img, added, err = b.AddStaged(s)
		return err
	})
	return img, added, err
}

// AddImage adds one image; see Project.AddImage. To use several processors, stage the files elsewhere
// and call AddStaged.
func (b *Batch) AddImage(r io.Reader, meta ImageMeta) (Image, bool, error) {
	s, err := b.p.Stage(b.asked, r, meta)
	if err != nil {
		return Image{}, false, err
	}
	defer s.Discard()
	return b.AddStaged(s)
}

// AddStaged makes a staged file an image; see Project.AddImage. The file is taken over or discarded.
func (b *Batch) AddStaged(s *Staged) (Image, bool, error) {
	if err := b.asked.Err(); err != nil {
		return Image{}, false, err
	}
	if s.path == "" {
		return Image{}, false, errors.New("the file was added or discarded already")
	}
	hash := s.SHA256()
	row, err := b.q.ImageByHash(b.ctx, hash)
	if err == nil {
		return b.addKnown(s, row)
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return Image{}, false, err
	}
	split := s.meta.Split
	if split == "" {
		split = DefaultSplit(s.hash)
	}
	number, err := splitNumber(split)
	if err != nil {
		return Image{}, false, err
	}
	settled := int64(1)
	if s.meta.Split == "" {
		settled = 0
	}
	row = db.Image{Sha256: hash, Name: s.meta.Name, NameKey: sortKey(s.meta.Name), Format: s.meta.Format, Width: int64(s.meta.Width),
		Height: int64(s.meta.Height), Size: s.size, Split: number, AddedAt: now(), Settled: settled}
	if err := b.incoming.take(s, filepath.Join(b.p.dir, filepath.FromSlash(relativeImagePath(hash, row.Format)))); err != nil {
		return Image{}, false, fmt.Errorf("moving %s to its place: %w", s.meta.Name, err)
	}
	row.ID, err = b.q.InsertImage(b.ctx, db.InsertImageParams{Sha256: row.Sha256, Name: row.Name, NameKey: row.NameKey, Format: row.Format, Width: row.Width,
		Height: row.Height, Size: row.Size, Split: row.Split, AddedAt: row.AddedAt, Settled: row.Settled})
	if err != nil {
		return Image{}, false, err
	}
	if err := b.q.AddToRootViews(b.ctx, row.ID); err != nil {
		return Image{}, false, err
	}
	b.say("Add the image %s", row.Name)
	return imageFrom(row), true, b.count(1)
}

// addKnown is for content that the project has.
func (b *Batch) addKnown(s *Staged, row db.Image) (Image, bool, error) {
	img := imageFrom(row)
	path := b.p.ImagePath(img)
	if info, err := os.Stat(path); err != nil || info.Size() != row.Size { // somebody removed or changed it: here it is again
		if err := b.incoming.take(s, path); err != nil {
			return Image{}, false, fmt.Errorf("putting the file of %s back: %w", row.Name, err)
		}
	}
	s.Discard()
	if img.DeletedAt.IsZero() {
		return img, false, b.count(1)
	}
	if err := b.RestoreImages([]int64{row.ID}); err != nil {
		return Image{}, false, err
	}
	img.DeletedAt = fromMillisOrZero(nil)
	return img, true, nil
}

// Image returns one image, in the trash or not.
func (p *Reader) Image(ctx context.Context, image int64) (Image, error) {
	row, err := p.read.GetImage(ctx, image)
	if err != nil {
		return Image{}, found(err, "image", image)
	}
	return imageFrom(row), nil
}

// ImageByHash returns the image with this content (SHA-256, lower-case hex), in the trash or not.
func (p *Reader) ImageByHash(ctx context.Context, hash string) (Image, error) {
	row, err := p.read.ImageByHash(ctx, hash)
	if err != nil {
		return Image{}, found(err, "image", hash)
	}
	return imageFrom(row), nil
}

// ImagesByName returns the images (not in the trash) with exactly this name, oldest first.
func (p *Reader) ImagesByName(ctx context.Context, name string) ([]Image, error) {
	rows, err := p.read.ImagesByName(ctx, cleanImageName(name))
	if err != nil {
		return nil, explain("looking for "+name, err)
	}
	images := make([]Image, len(rows))
	for i, row := range rows {
		images[i] = imageFrom(row)
	}
	return images, nil
}

// Images calls yield for every image that is not in the trash, oldest first, until it fails.
func (p *Reader) Images(ctx context.Context, yield func(Image) error) error {
	return p.eachImage(ctx, func(img Image) error {
		if !img.DeletedAt.IsZero() {
			return nil
		}
		return yield(img)
	})
}

func (p *Reader) eachImage(ctx context.Context, yield func(Image) error) error {
	const page = 1000
	for after := int64(0); ; {
		rows, err := p.read.ImagesAfter(ctx, after, page)
		if err != nil {
			return explain("reading the images", err)
		}
		for _, row := range rows {
			if err := yield(imageFrom(row)); err != nil {
				return err
			}
			after = row.ID
		}
		if len(rows) < page {
			return nil
		}
	}
}

// FirstImages returns the oldest images (not in the trash), at most limit of them, and how many there are in all.
func (p *Reader) FirstImages(ctx context.Context, limit int) (images []Image, all int, err error) {
	enough := errors.New("enough")
	err = p.Images(ctx, func(img Image) error {
		if len(images) == limit {
			return enough
		}
		images = append(images, img)
		return nil
	})
	if err != nil && err != enough {
		return nil, 0, err
	}
	n, err := p.CountImages(ctx)
	return images, n.All(), err
}

// CountImages counts the images that are not in the trash.
func (p *Reader) CountImages(ctx context.Context) (ImageCounts, error) {
	row, err := p.read.CountImages(ctx)
	return ImageCounts{int(row.Train), int(row.Val), int(row.Test)}, explain("counting the images", err)
}

// SetSplit moves images to a split.
func (p *Project) SetSplit(ctx context.Context, images []int64, split domain.Split) error {
	return p.act(ctx, "moving images to a split", func(b *Batch) error { return b.SetSplit(images, split) })
}

// SetSplit moves images to a split.
func (b *Batch) SetSplit(images []int64, split domain.Split) error {
	number, err := splitNumber(split)
	if err != nil {
		return err
	}
	b.say("Move %s to %s", words.Count(len(images), "image"), split)
	for _, id := range images {
		if err := b.asked.Err(); err != nil {
			return err
		}
		n, err := b.q.SetImageSplit(b.ctx, number, id)
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		if err := b.q.SetDatapointsSplit(b.ctx, number, id); err != nil {
			return err
		}
		if err := b.count(2); err != nil {
			return err
		}
	}
	return nil
}
