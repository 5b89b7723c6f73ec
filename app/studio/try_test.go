package studio

import (
	"bytes"
	"context"
	"encoding/csv"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

func TestWritePredictions(t *testing.T) {
	list := []Prediction{
		{File: "=cmd|a.jpg", Concepts: []PredictedConcept{{"Verre, brisé", 0.75}, {"Métal \"x\"", 0.25}}},
		{File: "b.jpg", Boxes: []PredictedBox{{0.1, 0.2, 0.3, 0.4, "RBC", 0.9}}},
		{File: "c.jpg"},
		{File: "d.txt", Error: "this is no image"},
	}
	var b bytes.Buffer
	if err := WritePredictions(&b, "csv", list); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 6 || rows[1][0] != "'=cmd|a.jpg" || rows[2][1] != "Métal \"x\"" || rows[3][3] != "0.100000" || rows[5][7] != "this is no image" {
		t.Errorf("%q", rows)
	}
	b.Reset()
	if err := WritePredictions(&b, "json", nil); err != nil || strings.TrimSpace(b.String()) != "[]" {
		t.Errorf("%q, %v", b.String(), err)
	}
	if err := WritePredictions(&b, "xml", nil); err == nil {
		t.Error("xml was written")
	}
}

func TestPredictionAt(t *testing.T) {
	p := Prediction{Concepts: []PredictedConcept{{"A", 0.6}, {"B", 0.3}}, Boxes: []PredictedBox{{Concept: "C", Score: 0.5}, {Concept: "D", Score: 0.2}}}
	if got := p.At(ViewClassification, 0.5, 0); len(got.Concepts) != 2 || len(got.Boxes) != 1 {
		t.Errorf("%+v", got)
	}
	if got := p.At(ViewTagging, 0.5, 0); len(got.Concepts) != 1 {
		t.Errorf("%+v", got)
	}
	if got := p.At(ViewClassification, 0, 1); len(got.Concepts) != 1 || len(got.Boxes) != 1 {
		t.Errorf("%+v", got)
	}
}

// A tag or a box whose score is exactly the threshold is in, as networks keep scores: in float32.
func TestPredictionsReachTheirThresholdExactly(t *testing.T) {
	var v Version
	v.ID, v.Concepts = 1, []storage.FrozenConcept{{ID: 1, Name: "A"}}
	for _, threshold := range []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9} {
		for _, score := range []float64{float64(float32(threshold)), threshold} {
			p := Prediction{Concepts: []PredictedConcept{{"A", score}}, Boxes: []PredictedBox{{Concept: "A", Score: score}}}
			if got := p.At(ViewTagging, threshold, 0); len(got.Concepts) != 1 || len(got.Boxes) != 1 {
				t.Errorf("at %v of %v: %+v", threshold, score, got)
			}
			raw := training.Prediction{Scores: []float64{score}, Boxes: []training.ScoredBox{{Box: domain.Box{XMax: 1, YMax: 1}, Score: score}}}
			if got := readable(ViewTagging, v, raw, PredictRequest{Threshold: threshold}); len(got.Concepts) != 1 || len(got.Boxes) != 1 {
				t.Errorf("predicted at %v of %v: %+v", threshold, score, got)
			}
			if got := suggestionsOf(ViewTagging, v, Datapoint{}, raw, threshold, map[int64]bool{1: true}); len(got) != 2 {
				t.Errorf("suggested at %v of %v: %+v", threshold, score, got)
			}
		}
	}
}

func TestFreeName(t *testing.T) {
	used := map[string]bool{}
	for _, c := range [][3]string{
		{"a/photo.jpg", "Glass", "photo.Glass.png"},
		{"b/Photo.png", "glass", "Photo.glass-2.png"},
		{"x.jpg", "../../etc: \"a\"", "x..._.._etc_ _a_.png"},
	} {
		if got := freeName(used, c[0], c[1]); got != c[2] {
			t.Errorf("%s %s: %s, want %s", c[0], c[1], got, c[2])
		}
	}
}

// TestTryAndAdopt: a version looks at a file, says why, and the file becomes an image of the project with suggestions, which are
// accepted above a confidence; then the version says what to annotate next.
func TestTryAndAdopt(t *testing.T) {
	if testing.Short() {
		t.Skip("it trains")
	}
	ctx := context.Background()
	p, v := colourProject(t, 8, 4)
	version := must(p.Train(ctx, TrainRequest{View: v.ID, Options: tiny(40)}))(t)
	if version = endOf(t, p, version.ID); version.Status != StatusReady {
		t.Fatalf("the version is %s: %s", version.Status, version.Error)
	}
	points := must(p.Datapoints(ctx, Query{View: v.ID, Limit: 6}))(t)
	var open []Key
	for _, d := range points {
		open = append(open, d.Key())
	}
	if err := p.Clear(ctx, open); err != nil {
		t.Fatal(err)
	}
	looker := must(p.Looker(ctx, version.ID))(t)
	defer looker.Close()
	dir := t.TempDir()
	file := filepath.Join(dir, "new.png")
	img := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range img.Pix {
		img.Pix[i] = uint8(255 * (i % 4 / 3))
	}
	for i := 0; i < len(img.Pix); i += 4 {
		img.Pix[i] = 200
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	look := must(looker.Look(ctx, must(FilePicture(file))(t)))(t)
	if len(look.Concepts) != len(version.Concepts) {
		t.Fatalf("%+v", look.Prediction)
	}
	if why := look.Why(img, look.Concepts[0].Concept, 0.6); bytes.Equal(why.Pix, img.Pix) {
		t.Error("nothing glows for the most probable concept")
	}
	var seen []Prediction
	if err := looker.Files(ctx, []string{file, filepath.Join(dir, "missing.png")}, func(_ int, p Prediction) { seen = append(seen, p) }); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 2 || seen[0].Concepts[0] != look.Concepts[0] && seen[0].Concepts[0].Concept != look.Concepts[0].Concept || seen[1].Error == "" {
		t.Errorf("%+v", seen)
	}
	explained := must(p.Explain(ctx, version.ID, []string{dir}, PredictRequest{}, filepath.Join(dir, "why"), nil))(t)
	if len(explained) != 1 || explained[0].Concept != look.Concepts[0].Concept {
		t.Fatalf("%+v", explained)
	}
	if _, err := FilePicture(explained[0].Picture); err != nil {
		t.Error(err)
	}
	adopted := must(p.Adopt(ctx, version.ID, []string{file}, 0.01, nil))(t)
	if adopted.Added != 1 || adopted.Suggested != 1 || len(adopted.Problems) > 0 {
		t.Fatalf("%+v", adopted)
	}
	before := must(p.Counts(ctx, v.ID))(t).Total()
	order := must(p.Next(ctx, v.ID, 10, nil))(t)
	ids := must(p.NextNotAnnotated(ctx, v.ID, 0))(t)
	if order.VersionName != version.Name || order.Images != len(ids) || len(ids) == 0 || len(ids) != min(10, before.NotAnnotated()) {
		t.Errorf("%+v, %d in the order, %d not annotated", order, len(ids), before.NotAnnotated())
	}
	if list := must(p.DatapointIDs(ctx, Query{View: v.ID, Sort: SortUseful}))(t); list[0] != ids[0] || len(list) != before.All {
		t.Error("the gallery's order does not begin with the most useful")
	}
	if made, ok, err := p.NextMade(ctx, v.ID); err != nil || !ok || made.Version != version.ID {
		t.Errorf("%+v, %v, %v", made, ok, err)
	}
	if n, _, err := p.AcceptAbove(ctx, Query{View: v.ID}, 1); err != nil || n != 0 && look.Concepts[0].Score < 1 {
		t.Errorf("%d accepted at 1, %v", n, err)
	}
	if must(p.Counts(ctx, v.ID))(t).Total().Annotated != before.Annotated {
		t.Error("a suggestion counts as an annotation before it is accepted")
	}
	n, accepted, err := p.AcceptAbove(ctx, Query{View: v.ID}, 0.01)
	if err != nil || n != accepted || n != before.Suggested {
		t.Fatalf("%d suggestions of %d accepted, %d were there, %v", n, accepted, before.Suggested, err)
	}
	if now := must(p.Counts(ctx, v.ID))(t).Total(); now.Annotated != before.Annotated+n || now.Suggested != 0 {
		t.Errorf("%+v", now)
	}
	if _, err := p.Undo(ctx, 0); err != nil {
		t.Fatal(err)
	}
	if now := must(p.Counts(ctx, v.ID))(t).Total(); now.Annotated != before.Annotated || now.Suggested != before.Suggested {
		t.Errorf("undone: %+v, before: %+v", now, before)
	}
}
