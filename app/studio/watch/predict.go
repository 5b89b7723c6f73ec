package watch

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"viewfinder/app/studio/predict"
	"viewfinder/storage/domain"
)

// image is a pending image on its way to its line.
type image struct {
	name, path string
	pending    *pending
	hash       string
	prediction predict.Prediction // with everything that is more than noise
}

// predict predicts images, writes their lines, and moves them. An error is the network's.
func (w *watcher) predict(ctx context.Context, names []string) error {
	var images []*image
	for _, name := range names {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		im := &image{name: name, path: w.path(name), pending: w.pending[name]}
		var err error
		if im.hash, err = predict.FileHash(im.path); err != nil {
			im.prediction.Error = err.Error()
			if w.failed(im, err) {
				images = append(images, im)
			}
			continue
		}
		if done, ok := w.journal.find(name); ok && done.hash == im.hash {
			w.again(im, done)
			continue
		}
		images = append(images, im)
	}
	var readable []*image
	var paths []string
	for _, im := range images {
		if im.prediction.Error == "" {
			readable, paths = append(readable, im), append(paths, im.path)
		}
	}
	if len(paths) > 0 {
		if err := w.network.Files(ctx, paths, func(i int, p predict.Prediction) { readable[i].prediction = p }); err != nil {
			return err
		}
	}
	var lines []Line
	taken := map[string]bool{}
	for _, im := range images {
		if w.settled(im) {
			lines = append(lines, w.line(im, taken))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	if err := w.journal.write(lines); err != nil {
		w.trouble("%v", err)
		w.later(lines)
		return nil
	}
	for i := range lines {
		l := &lines[i]
		delete(w.pending, l.File)
		w.put(l.File, l.PutInto)
		w.news.Done++
		w.say(l)
	}
	return nil
}

// later tries images again that could not be written down.
func (w *watcher) later(lines []Line) {
	for _, l := range lines {
		if p := w.pending[l.File]; p != nil {
			p.next = time.Now().Add(w.poll)
		}
	}
}

// settled reports whether an image that was predicted, or could not be, can be written down: it did not change meanwhile, and where it cannot be read, that
// was so for long enough.
func (w *watcher) settled(im *image) bool {
	info, err := os.Stat(im.path)
	if err != nil {
		return w.failed(im, err)
	}
	if now := (fileState{info.Size(), info.ModTime()}); !now.same(im.pending.state) {
		w.pending[im.name] = &pending{state: now, since: time.Now(), next: time.Now().Add(w.settle)}
		return false
	}
	if im.prediction.Error != "" {
		return w.failed(im, nil)
	}
	return true
}

// failed notes that an image could not be read, and reports whether it gets a line that says so. Until then it may be a file that is still being written.
func (w *watcher) failed(im *image, err error) bool {
	p := im.pending
	if err != nil && w.gone(err) {
		delete(w.pending, im.name)
		return false
	}
	now := time.Now()
	if p.failed.IsZero() {
		p.failed = now
	}
	p.next = now.Add(max(w.settle, w.giveUp/8))
	return now.Sub(p.failed) >= w.giveUp
}

// again is an image that has its line: it was moved only in part, its date changed, or the same picture came a second time under its name.
func (w *watcher) again(im *image, done doneFile) {
	delete(w.pending, im.name)
	if w.put(im.name, done.put) {
		done.state = im.pending.state
		w.journal.keep(im.name, done)
	}
}

func (w *watcher) line(im *image, taken map[string]bool) Line {
	l := Line{File: im.name, state: im.pending.state, hash: im.hash, version: w.Version, at: time.Now(), Error: im.prediction.Error}
	if l.Error != "" {
		return l
	}
	threshold := w.Threshold
	if threshold == 0 {
		threshold = 0.5
	}
	p := im.prediction.At(w.Task, threshold, 0)
	var parts []string
	for i, c := range p.Concepts {
		if i == 0 {
			l.Concept, l.Score = c.Concept, c.Score
		}
		if i < 5 || !w.Task.ExactlyOne() {
			parts = append(parts, fmt.Sprintf("%s %.3f", c.Concept, c.Score))
		}
	}
	for i, b := range p.Boxes {
		if i == 0 {
			l.Concept, l.Score = b.Concept, b.Score
		}
		parts = append(parts, fmt.Sprintf("%s %.3f at %.4f %.4f %.4f %.4f", b.Concept, b.Score, b.XMin, b.YMin, b.XMax, b.YMax))
	}
	l.Predictions = strings.Join(parts, "; ")
	switch {
	case w.Aside != "" && certainty(w.Task, im.prediction, p) < w.Below:
		l.PutInto = w.free(w.Aside, im, taken)
	case w.SortInto != "":
		l.PutInto = w.free(w.folderOf(l.Concept), im, taken)
	}
	return l
}

// certainty is that of the least certain prediction of an image, 0 to 1: the predicted class's; of all tags, yes or no, the one closest to chance; of the
// boxes, the least. An image without boxes is certain.
func certainty(task domain.Task, all, reported predict.Prediction) float64 {
	least := 1.0
	switch {
	case task.HasBoxes():
		for _, b := range reported.Boxes {
			least = min(least, b.Score)
		}
	case task.ExactlyOne():
		least = 0
		for _, c := range all.Concepts {
			least = max(least, c.Score)
		}
	default:
		for _, c := range all.Concepts {
			least = min(least, max(c.Score, 1-c.Score))
		}
	}
	return least
}
