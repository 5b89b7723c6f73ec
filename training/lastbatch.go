package training

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"io/fs"
	"log/slog"
	"path/filepath"
	"time"

	"viewfinder/storage/domain"
	"viewfinder/storage/wholefile"
	"viewfinder/training/data"
	"viewfinder/training/nn"
)

// LastBatchFile shows what the network saw a moment ago; it is written anew every few seconds, whole, and never synced: it is worth nothing
// after a loss of power.
const LastBatchFile = "last_batch.json"

// Rules of the last batch: how many of its images are shown, how large (the longer side, in pixels), how often at most, and how many times its
// cost lies between two, so that it takes less than one percent.
const (
	lastBatchTiles = 12
	lastBatchSide  = 128
	lastBatchEvery = 4 * time.Second
	lastBatchCost  = 150
	maxLastBatch   = 8 << 20 // bytes that are read
	sameIoU        = 0.5     // overlap from which a found box is the true one
)

// LastBatch is a batch as the network saw it, augmented, and the network's predictions for it: while learning from it, or right after (detection).
type LastBatch struct {
	Iteration int         `json:"iteration"`
	Task      domain.Task `json:"task"`
	Concepts  []string    `json:"concepts"`
	Width     int         `json:"width"`  // of a tile, in pixels
	Height    int         `json:"height"` // of a tile
	Picture   []byte      `json:"picture"`
	Tiles     []Tile      `json:"tiles"` // beside one another in the picture, a JPEG
}

// Tile is one image of the batch. Truth and Predicted are indices of concepts: classification one each, tagging any number.
type Tile struct {
	Truth     []int              `json:"truth,omitempty"`
	Predicted []int              `json:"said,omitempty"`  // the key is that of files of earlier versions
	Score     float64            `json:"score,omitempty"` // classification: confidence of the prediction
	Right     bool               `json:"right"`           // the prediction is right; detection: each object was found, and nothing else
	Boxes     []domain.ScoredBox `json:"boxes,omitempty"` // detection: the truth, with score 1
	Found     []domain.ScoredBox `json:"found,omitempty"` // detection: what was found, from the task's threshold on
}

// Image is the part of the picture that is tile i.
func (b *LastBatch) Image(picture image.Image, i int) image.Image {
	r := image.Rect(i*b.Width, 0, (i+1)*b.Width, b.Height)
	if s, ok := picture.(interface {
		SubImage(image.Rectangle) image.Image
	}); ok {
		return s.SubImage(r)
	}
	return picture
}

// ReadLastBatch reads the folder's last batch with its picture; nil where there is none.
func ReadLastBatch(dir string) (*LastBatch, image.Image, error) {
	f, err := openRegular(filepath.Join(dir, LastBatchFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading the last batch: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxLastBatch)) // what is longer is cut, and then no JSON
	if err != nil {
		return nil, nil, fmt.Errorf("reading the last batch: %w", err)
	}
	return parseLastBatch(b)
}

func parseLastBatch(b []byte) (*LastBatch, image.Image, error) {
	var l LastBatch
	if err := json.Unmarshal(b, &l); err != nil {
		return nil, nil, fmt.Errorf("reading the last batch: %w", err)
	}
	config, err := jpeg.DecodeConfig(bytes.NewReader(l.Picture))
	if err != nil {
		return nil, nil, fmt.Errorf("reading the last batch: %w", err)
	}
	if l.Width < 1 || l.Height < 1 || l.Width > MaxSize || l.Height > MaxSize || len(l.Tiles) > 1000 || config.Height != l.Height || config.Width != l.Width*len(l.Tiles) {
		return nil, nil, errors.New("reading the last batch: its picture is of another size")
	}
	for _, t := range l.Tiles {
		for _, c := range append(append([]int{}, t.Truth...), t.Predicted...) {
			if c < 0 || c >= len(l.Concepts) {
				return nil, nil, fmt.Errorf("reading the last batch: it has no concept %d", c)
			}
		}
		for _, box := range append(append([]domain.ScoredBox{}, t.Boxes...), t.Found...) {
			if box.Class < 0 || box.Class >= len(l.Concepts) {
				return nil, nil, fmt.Errorf("reading the last batch: it has no concept %d", box.Class)
			}
		}
	}
	picture, err := jpeg.Decode(bytes.NewReader(l.Picture))
	if err != nil {
		return nil, nil, fmt.Errorf("reading the last batch: %w", err)
	}
	return &l, picture, nil
}

// shower writes the last batch now and then.
type shower struct {
	last time.Time
	gap  time.Duration
}

// showBatch writes the batch that was just learnt from, if it is time. What goes wrong with it is not worth ending a training.
func (t *trainer) showBatch(b *data.Batch) {
	if time.Since(t.shown.last) < t.shown.gap {
		return
	}
	begin := time.Now()
	l, err := t.lastBatch(b)
	if err == nil {
		err = writeLoosely(filepath.Join(t.dir, LastBatchFile), l)
	}
	if err != nil {
		slog.Debug("the last batch is not shown", "err", err)
	}
	cost := time.Since(begin)
	if t.shown.last.IsZero() {
		cost = 0 // the first warms caches up
	}
	t.shown.last = time.Now()
	t.shown.gap = max(lastBatchEvery, lastBatchCost*cost)
}

func (t *trainer) lastBatch(b *data.Batch) (*LastBatch, error) {
	n := min(lastBatchTiles, len(b.Samples), t.eval.batch)
	f := t.run.frame()
	var logits []float32
	if t.run.Task.HasBoxes() { // its boxes are only found in evaluation mode
		if err := t.eval.p.Sync(); err != nil {
			return nil, err
		}
		copy(t.eval.p.Input(), b.Pixels[:n*t.eval.size])
		if err := t.eval.p.Forward(n); err != nil {
			return nil, err
		}
	} else {
		var err error
		if logits, err = t.step.Logits(); err != nil { // the step's own, which cost nothing
			return nil, err
		}
	}
	every := max(1, (max(f.Width, f.Height)+lastBatchSide-1)/lastBatchSide)
	l := &LastBatch{Iteration: t.progress.Iteration, Task: t.run.Task, Width: f.Width / every, Height: f.Height / every, Tiles: make([]Tile, n)}
	for _, c := range t.run.Concepts {
		l.Concepts = append(l.Concepts, c.Name)
	}
	pixels, size := b.Pixels, f.Height*f.Width*3
	if t.head != nil {
		var err error
		if pixels, err = t.head.pictures(t, b, n); err != nil {
			return nil, err
		}
	}
	picture := image.NewRGBA(image.Rect(0, 0, l.Width*n, l.Height))
	for k := range n {
		drawTile(picture, k*l.Width, pixels[k*size:(k+1)*size], f.Width, l.Width, l.Height, every)
		l.Tiles[k] = t.tile(k, t.train.Items[b.Samples[k]].Labels, b.Boxes, logits)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: 85}); err != nil {
		return nil, err
	}
	l.Picture = out.Bytes()
	return l, nil
}

// drawTile writes a network's input as a picture, each pixel the mean of every x every.
func drawTile(dst *image.RGBA, left int, pixels []float32, width, w, h, every int) {
	share := 1 / float32(every*every)
	for y := range h {
		for x := range w {
			at := dst.PixOffset(left+x, y)
			for c := range 3 {
				sum := float32(0)
				for dy := range every {
					for dx := range every {
						sum += pixels[((y*every+dy)*width+x*every+dx)*3+c]
					}
				}
				v := (sum*share*data.Deviation[c] + data.Mean[c]) * 255
				dst.Pix[at+c] = uint8(min(255, max(0, v+0.5)))
			}
			dst.Pix[at+3] = 255
		}
	}
}

// tile is the truth and the network's prediction for the k-th image.
func (t *trainer) tile(k int, labels []int, boxes [][]domain.Box32, logits []float32) Tile {
	classes, threshold := t.eval.classes, DefaultThreshold(t.run.Task)
	switch t.run.Task {
	case domain.Detection:
		out := Tile{}
		for _, b := range boxes[k] {
			out.Boxes = append(out.Boxes, scored(b, 1))
		}
		for _, b := range t.eval.p.Boxes(k, float32(threshold), nn.MaxFound) {
			out.Found = append(out.Found, scored(b, b.Score))
		}
		out.Right = sameBoxes(out.Boxes, out.Found)
		return out
	case domain.Classification:
		scores := softmax(logits[k*classes : (k+1)*classes])
		best := 0
		for c, s := range scores {
			if s > scores[best] {
				best = c
			}
		}
		return Tile{Truth: labels, Predicted: []int{best}, Score: scores[best], Right: best == labels[0]}
	}
	out := Tile{Truth: labels, Right: true}
	has := make([]bool, classes)
	for _, c := range labels {
		has[c] = true
	}
	for c, s := range sigmoid(logits[k*classes : (k+1)*classes]) {
		yes := domain.Reaches(s, threshold)
		if yes {
			out.Predicted = append(out.Predicted, c)
		}
		out.Right = out.Right && yes == has[c]
	}
	return out
}

func scored(b domain.Box32, score float32) domain.ScoredBox {
	return domain.ScoredBox{Box: domain.Box{XMin: float64(b.XMin), YMin: float64(b.YMin), XMax: float64(b.XMax), YMax: float64(b.YMax)}, Class: b.Class, Score: float64(score)}
}

// sameBoxes reports whether each true box was found, and nothing else: by an overlap of half and the same concept.
func sameBoxes(truth, found []domain.ScoredBox) bool {
	if len(truth) != len(found) {
		return false
	}
	taken := make([]bool, len(truth))
next:
	for _, f := range found {
		for i, b := range truth {
			if !taken[i] && b.Class == f.Class && b.IoU(f.Box) >= sameIoU {
				taken[i] = true
				continue next
			}
		}
		return false
	}
	return true
}

// writeLoosely writes v so that the file is always whole for readers, but without waiting for the disk.
func writeLoosely(path string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return wholefile.WriteLoosely(path, b)
}
