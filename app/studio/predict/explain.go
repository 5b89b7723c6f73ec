package predict

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"viewfinder/app/studio/pictures"
	"viewfinder/app/studio/session"
	"viewfinder/storage/domain"
	"viewfinder/storage/wholefile"
)

// Explained is an image that Explain wrote.
type Explained struct {
	File    string `json:"file"`
	Concept string `json:"concept,omitempty"`
	Overlay string `json:"picture,omitempty"`
	Error   string `json:"error,omitempty"` // why the file could not be used
}

// explainOpacity is the opacity of the map over the image where its highlight is strongest.
const explainOpacity = 0.65

// mostExplained is the longest side of the images that Explain writes.
const mostExplained = 1024

// Explain predicts image files, and those in folders and below, and writes into dir for each a PNG with the class activation map of what is
// predicted: for the most probable concept of a classification, for each concept that is found of the others. The folder is made.
func (p *Predicting) Explain(ctx context.Context, id int64, paths []string, r PredictRequest, dir string, progress session.Progress) ([]Explained, error) {
	network, err := p.Network(ctx, id)
	if err != nil {
		return nil, err
	}
	defer network.Close()
	files, err := pictures.ImageFiles(paths)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the folder for the pictures: %w", err)
	}
	progress = session.ProgressOr(progress)
	var list []Explained
	used := map[string]bool{}
	for i, file := range files {
		if err := ctx.Err(); err != nil {
			return list, err
		}
		progress.Update(i, len(files), filepath.Base(file))
		img, err := pictures.DecodeFile(file)
		if err != nil {
			list = append(list, Explained{File: file, Error: err.Error()})
			continue
		}
		explanation, err := network.Explain(ctx, img)
		if err != nil {
			return list, err
		}
		img = pictures.Shrink(img, mostExplained)
		for _, concept := range explanation.found(network.View.Type, r) {
			name := freeName(used, file, concept)
			var b bytes.Buffer
			if err := png.Encode(&b, explanation.Overlay(img, concept, explainOpacity)); err != nil {
				return list, err
			}
			if err := wholefile.Write(filepath.Join(dir, name), b.Bytes()); err != nil {
				return list, fmt.Errorf("writing the picture of %s: %w", file, err)
			}
			list = append(list, Explained{File: file, Concept: concept, Overlay: filepath.Join(dir, name)})
		}
	}
	progress.Update(len(files), len(files), "")
	return list, nil
}

// found are the concepts that are worth explaining, each once.
func (k *Explanation) found(view domain.Task, r PredictRequest) []string {
	if r.Threshold == 0 {
		r.Threshold = 0.5
	}
	if view.ExactlyOne() && r.Max == 0 {
		r.Max = 1
	}
	at := k.At(view, r.Threshold, 0)
	var names []string
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] && (r.Max == 0 || len(names) < r.Max) {
			seen[name] = true
			names = append(names, name)
		}
	}
	for _, c := range at.Concepts {
		add(c.Concept)
	}
	for _, b := range at.Boxes {
		add(b.Concept)
	}
	return names
}

// freeName is the name of an image, unlike those before: photo.Glass.png, photo.Glass-2.png.
func freeName(used map[string]bool, file, concept string) string {
	plain := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsControl(r) || strings.ContainsRune(`/\:*?"<>|`, r) {
				return '_'
			}
			return r
		}, s)
	}
	base := filepath.Base(file)
	stem := plain(strings.TrimSuffix(base, filepath.Ext(base))) + "." + plain(concept)
	name := stem + ".png"
	for n := 2; used[strings.ToLower(name)]; n++ {
		name = fmt.Sprintf("%s-%d.png", stem, n)
	}
	used[strings.ToLower(name)] = true
	return name
}
