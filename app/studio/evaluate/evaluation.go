package evaluate

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"viewfinder/app/studio/runs"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/training/metrics"
)

// EvaluateRequest selects the images to evaluate a version on. The zero value stands for the val split.
type EvaluateRequest struct {
	Split  domain.Split   `json:"split,omitempty"`  // "" = val
	All    bool           `json:"all,omitempty"`    // train and val instead. Images of the test split are judged only where a request names it
	Filter *storage.Query `json:"filter,omitempty"` // the annotated images that this chooses instead; its view is the version's
	Folder string         `json:"folder,omitempty"` // annotated images from outside instead: a folder or file in any format that can be imported
	// Folds from 2 on have further networks trained, each on all but one part of what is chosen, and every image judged by the one that did not see
	// it. It takes about as long as training that many versions.
	Folds          int `json:"folds,omitempty"`
	FoldIterations int `json:"fold_iterations,omitempty"` // of each of these trainings; 0 = as many as the version had
}

// Test reports whether the request is about images of the test split. Nothing else shows how good a version is on them.
func (r EvaluateRequest) Test() bool {
	if r.Folder != "" || r.All {
		return false
	}
	if r.Filter != nil {
		return r.Filter.Split == domain.SplitTest
	}
	return r.Split == domain.SplitTest
}

// Words name what is evaluated on: "val", "train", "test", "all annotated images", "a filter (\"glass\", val)", "the folder crates".
func (r EvaluateRequest) Words() string {
	if r.Folds > 0 {
		chosen := r
		chosen.Folds, chosen.FoldIterations = 0, 0
		return fmt.Sprintf("%s, by %d folds", chosen.Words(), r.Folds)
	}
	switch {
	case r.Folder != "":
		return "the folder " + filepath.Base(r.Folder)
	case r.Filter != nil:
		var parts []string
		if r.Filter.Text != "" {
			parts = append(parts, "\""+r.Filter.Text+"\"")
		}
		if r.Filter.Split != "" {
			parts = append(parts, string(r.Filter.Split))
		}
		if s := string(r.Filter.State); s != "" && s != "all" {
			parts = append(parts, strings.ReplaceAll(s, "_", " "))
		}
		if n := len(r.Filter.Images); n > 0 {
			parts = append(parts, words.Count(n, "image"))
		}
		if r.Filter.Concept != 0 {
			parts = append(parts, "one concept")
		}
		if len(parts) == 0 {
			return "a filter"
		}
		return "a filter (" + strings.Join(parts, ", ") + ")"
	case r.All:
		return "all annotated images"
	case r.Split != "":
		return string(r.Split)
	}
	return string(domain.SplitVal)
}

// query is what is chosen of the project's images.
func (r EvaluateRequest) query(view int64) storage.Query {
	q := storage.Query{View: view, State: storage.StateAnnotated, Split: domain.SplitVal}
	switch {
	case r.Filter != nil:
		q = *r.Filter
		q.View, q.Sort, q.Descending = view, "", false
		if q.State == "" || q.State == "all" {
			q.State = storage.StateAnnotated
		}
		q.ButTest = q.Split == ""
	case r.All:
		q.Split = ""
		q.ButTest = true
	case r.Split != "":
		q.Split = r.Split
	}
	return q
}

// id names the request; the evaluation of the same request takes the place of an older one.
func (r EvaluateRequest) id() string {
	if r.Folder == "" && r.Filter == nil && !r.All && r.Split == "" {
		r.Split = domain.SplitVal
	}
	if r.All || r.Filter != nil || r.Folder != "" {
		r.Split = ""
	}
	text, _ := json.Marshal(r) // of such a struct it cannot fail
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:6])
}

// EvaluationInfo describes an evaluation that is kept, without its predictions.
type EvaluationInfo struct {
	ID           string
	Version      int64
	Request      EvaluateRequest
	Made         time.Time
	Seconds      float64 // that predicting took, images read and decoded
	Images       int     // samples that were judged
	Problems     []string
	HeadlineName string // accuracy, f1, map50, at the default settings
	Headline     metrics.Figure
}

// StoredEvaluation are a version's predictions beside the annotations as they were, ready to be judged.
type StoredEvaluation struct {
	EvaluationInfo
	View     storage.View
	Concepts []domain.Concept // concept i of the Judge, as frozen with the version
	Items    []EvaluatedItem
	LeftOut  []runs.LeftOut // what was not evaluated, and why
	Judge    *metrics.Judge

	passed map[int64]int64 // when the datapoints that were left out were annotated
}

// EvaluatedItem is a sample of the Judge.
type EvaluatedItem struct {
	Key       storage.Key // of its datapoint; Image 0 for one of a folder
	Datapoint int64       // the datapoint's id
	Region    int64       // the region that was judged, 0: the whole datapoint
	Name      string      // of the image; for one of a folder its path
	Crop      *domain.Box // the part of the image that was judged; nil: all of it
	Split     domain.Split
	Seen      bool // the version was trained on this image

	annotated int64 // milliseconds since 1970
}

// Inside reports whether the item is of the project, so that it can be opened in the annotator.
func (i EvaluatedItem) Inside() bool { return i.Key.Image != 0 }

// Shown is a case as it is drawn over its image: boxes in fractions of the image, names of concepts.
type Shown struct {
	EvaluatedItem
	Truth, Predicted   string      // "" where nothing is annotated, or nothing was predicted
	TruthBox, FoundBox *domain.Box // nil: the whole item, or none
	Confidence         float64
}

// Show finds what a case of the Judge is about.
func (e *StoredEvaluation) Show(c metrics.Case) Shown {
	s := Shown{EvaluatedItem: e.Items[c.Sample], Confidence: c.Confidence, Truth: e.ConceptName(c.Truth), Predicted: e.ConceptName(c.Predicted)}
	in := e.Judge.Input()
	if c.True != metrics.None && in.Truth != nil {
		s.TruthBox = boxOn(s.Crop, in.Truth[c.Sample][c.True])
	}
	if c.Found != metrics.None && in.Found != nil {
		s.FoundBox = boxOn(s.Crop, in.Found[c.Sample][c.Found])
	}
	return s
}

// ConceptName is the name of concept i of the Judge; "" for metrics.None.
func (e *StoredEvaluation) ConceptName(i int) string {
	if i < 0 || i >= len(e.Concepts) {
		return ""
	}
	return e.Concepts[i].Name
}

// boxOn is a box within a part of the image in fractions of the image.
func boxOn(crop *domain.Box, b domain.ScoredBox) *domain.Box {
	box := b.Box.OutOf(crop)
	return &box
}
