package data

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"

	"golang.org/x/sync/semaphore"

	"viewfinder/storage/domain"
	"viewfinder/training/picture"
)

// decodeMemory bounds the pixels that are decoded at one time, in bytes; a single larger picture is decoded alone.
const decodeMemory = 512 << 20

var decoding = semaphore.NewWeighted(decodeMemory)

// withImage reads the file and calls use with it; nothing of it is to be kept.
func withImage(ctx context.Context, path, wantSHA string, use func(*source) error) error {
	weight := pixelBytes(path)
	if err := decoding.Acquire(ctx, weight); err != nil {
		return err
	}
	defer decoding.Release(weight)
	content, err := readImage(path, wantSHA)
	if err != nil {
		return err
	}
	return use(&source{path: path, content: content, pictures: map[int]*image.RGBA{}})
}

// ErrChanged is the error of a file whose content differs from the snapshot.
var ErrChanged = errors.New("the file's content has changed since the training was created")

// readImage reads and checks the file at path. Errors name the file.
func readImage(path, wantSHA string) ([]byte, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, fileError(path, err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, picture.DefaultMaxBytes+1))
	if err != nil {
		return nil, fileError(path, err)
	}
	if wantSHA != "" {
		sum := sha256.Sum256(b)
		if !strings.EqualFold(hex.EncodeToString(sum[:]), wantSHA) {
			return nil, fmt.Errorf("%s: %w", path, ErrChanged)
		}
	}
	return b, nil
}

// openFile opens a plain file. A pipe or a device, which a run from outside may name, would have the trainer wait for ever.
func openFile(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotAFile
	}
	return os.Open(path)
}

var errNotAFile = errors.New("it is not a regular file")

func fileError(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: the file is missing: %w", path, fs.ErrNotExist)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s: permission denied: %w", path, fs.ErrPermission)
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return fmt.Errorf("%s: %w", path, err)
}

// Fit cuts the crop out of the picture and brings it to the frame. The transform leads from the sample to the frame.
func Fit(img *image.RGBA, crop *domain.Box, f Frame) (*image.RGBA, picture.Transform) {
	img = cut(img, crop)
	if f.Pad {
		return picture.Letterbox(img, f.Width, f.Height)
	}
	return picture.Resize(img, f.Width, f.Height), f.identity()
}

// cut is the crop of the picture, or the picture.
func cut(img *image.RGBA, crop *domain.Box) *image.RGBA {
	if crop == nil {
		return img
	}
	return picture.Crop(img, crop.XMin, crop.YMin, crop.XMax, crop.YMax)
}

// rgb drops the alpha of an opaque picture; dst has room for 3 bytes a pixel.
func rgb(dst []byte, img *image.RGBA) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for y := range h {
		row := img.Pix[y*img.Stride : y*img.Stride+4*w]
		out := dst[y*w*3 : (y+1)*w*3]
		for x := range w {
			out[3*x], out[3*x+1], out[3*x+2] = row[4*x], row[4*x+1], row[4*x+2]
		}
	}
}

// MapBoxes brings boxes from the sample to the frame.
func MapBoxes(boxes []domain.Box32, t picture.Transform) []domain.Box32 {
	out := make([]domain.Box32, len(boxes))
	for i, b := range boxes {
		x0, y0 := t.ToFrame(float64(b.XMin), float64(b.YMin))
		x1, y1 := t.ToFrame(float64(b.XMax), float64(b.YMax))
		out[i] = domain.Box32{XMin: float32(x0), YMin: float32(y0), XMax: float32(x1), YMax: float32(y1), Class: b.Class}
	}
	return out
}

// Problem is a sample that could not be read.
type Problem struct {
	Index int
	Err   error
}

// decodeAll visits each item and calls put (from several goroutines) with its pixels in the frame, which put does not keep. An error of put ends
// everything and is returned.
func decodeAll(ctx context.Context, items []Item, f Frame, put func(i int, rgb []byte, t picture.Transform) error, progress func(done, total int)) ([]Problem, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	buffers := sync.Pool{New: func() any { b := make([]byte, f.bytes()); return &b }}
	problems, err := visit(ctx, items, f.picture, func(i int, img *image.RGBA) {
		buf := buffers.Get().(*[]byte)
		defer buffers.Put(buf)
		fitted, t := Fit(img, nil, f)
		rgb(*buf, fitted)
		if err := put(i, *buf, t); err != nil {
			cancel(err)
		}
	}, progress)
	if err != nil {
		return nil, context.Cause(ctx)
	}
	return problems, nil
}

// pixelBytes is what decoding the file will take by its header, in bytes, at most decodeMemory.
func pixelBytes(path string) int64 {
	f, err := openFile(path)
	if err != nil {
		return 1
	}
	defer f.Close()
	info, err := picture.Probe(f, path, picture.Limits{})
	if err != nil {
		return 1
	}
	return min(decodeMemory, max(1, int64(info.Width)*int64(info.Height)*4))
}

// byImage groups the indices of the items that share a file, in the order of their first.
func byImage(items []Item) [][]int {
	at := make(map[string]int, len(items))
	var groups [][]int
	for i, it := range items {
		key := it.Image + "\x00" + it.SHA256
		g, ok := at[key]
		if !ok {
			g = len(groups)
			at[key] = g
			groups = append(groups, nil)
		}
		groups[g] = append(groups[g], i)
	}
	return groups
}
