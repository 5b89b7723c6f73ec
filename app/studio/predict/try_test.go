package predict_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"viewfinder/app/studio/pictures"
	"viewfinder/app/studio/predict"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/studiotest"
	"viewfinder/storage"
	"viewfinder/storage/domain"
)

// TestTryAndAdopt: a version predicts a file and explains the prediction, and the file becomes an image of the project with suggestions, which are
// accepted above a confidence; then the version orders what to annotate next.
func TestTryAndAdopt(t *testing.T) {
	if testing.Short() {
		t.Skip("it trains")
	}
	ctx := context.Background()
	p, v := studiotest.ColourProject(t, 8, 4)
	version := studiotest.Must(p.Train(ctx, runs.TrainRequest{View: v.ID, Options: studiotest.Tiny(40)}))(t)
	if version = studiotest.EndOf(t, p, version.ID); version.Status != domain.StatusReady {
		t.Fatalf("the version is %s: %s", version.Status, version.Error)
	}
	points := studiotest.Must(p.Datapoints(ctx, storage.Query{View: v.ID, Limit: 6}))(t)
	var open []storage.Key
	for _, d := range points {
		open = append(open, d.Key())
	}
	if err := p.Clear(ctx, open); err != nil {
		t.Fatal(err)
	}
	network := studiotest.Must(p.Network(ctx, version.ID))(t)
	defer network.Close()
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
	explanation := studiotest.Must(network.Explain(ctx, studiotest.Must(pictures.DecodeFile(file))(t)))(t)
	if len(explanation.Concepts) != len(version.Concepts) {
		t.Fatalf("%+v", explanation.Prediction)
	}
	if why := explanation.Overlay(img, explanation.Concepts[0].Concept, 0.6); bytes.Equal(why.Pix, img.Pix) {
		t.Error("nothing is highlighted for the most probable concept")
	}
	var seen []predict.Prediction
	if err := network.Files(ctx, []string{file, filepath.Join(dir, "missing.png")}, func(_ int, p predict.Prediction) { seen = append(seen, p) }); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 2 || seen[0].Concepts[0] != explanation.Concepts[0] && seen[0].Concepts[0].Concept != explanation.Concepts[0].Concept || seen[1].Error == "" {
		t.Errorf("%+v", seen)
	}
	explained := studiotest.Must(p.Explain(ctx, version.ID, []string{dir}, predict.PredictRequest{}, filepath.Join(dir, "why"), nil))(t)
	if len(explained) != 1 || explained[0].Concept != explanation.Concepts[0].Concept {
		t.Fatalf("%+v", explained)
	}
	if _, err := pictures.DecodeFile(explained[0].Overlay); err != nil {
		t.Error(err)
	}
	adopted := studiotest.Must(p.Adopt(ctx, version.ID, []string{file}, 0.01, nil))(t)
	if adopted.Added != 1 || adopted.Suggested != 1 || len(adopted.Problems) > 0 {
		t.Fatalf("%+v", adopted)
	}
	before := studiotest.Must(p.Counts(ctx, v.ID))(t).Total()
	order := studiotest.Must(p.Next(ctx, v.ID, 10, nil))(t)
	ids := studiotest.Must(p.NextNotAnnotated(ctx, v.ID, 0))(t)
	if order.VersionName != version.Name || order.Images != len(ids) || len(ids) == 0 || len(ids) != min(10, before.NotAnnotated()) {
		t.Errorf("%+v, %d in the order, %d not annotated", order, len(ids), before.NotAnnotated())
	}
	if list := studiotest.Must(p.DatapointIDs(ctx, storage.Query{View: v.ID, Sort: storage.SortUseful}))(t); list[0] != ids[0] || len(list) != before.All {
		t.Error("the gallery's order does not begin with the most useful")
	}
	if made, ok, err := p.NextMade(ctx, v.ID); err != nil || !ok || made.Version != version.ID {
		t.Errorf("%+v, %v, %v", made, ok, err)
	}
	if float32(explanation.Concepts[0].Score) < 1 { // thresholds are compared in float32, where a network can be wholly certain
		if n, _, err := p.AcceptAbove(ctx, storage.Query{View: v.ID}, 1); err != nil || n != 0 {
			t.Errorf("%d accepted at 1, %v", n, err)
		}
	}
	if studiotest.Must(p.Counts(ctx, v.ID))(t).Total().Annotated != before.Annotated {
		t.Error("a suggestion counts as an annotation before it is accepted")
	}
	n, accepted, err := p.AcceptAbove(ctx, storage.Query{View: v.ID}, 0.01)
	if err != nil || n != accepted || n != before.Suggested {
		t.Fatalf("%d suggestions of %d accepted, %d were there, %v", n, accepted, before.Suggested, err)
	}
	if now := studiotest.Must(p.Counts(ctx, v.ID))(t).Total(); now.Annotated != before.Annotated+n || now.Suggested != 0 {
		t.Errorf("%+v", now)
	}
	if _, err := p.Undo(ctx, 0); err != nil {
		t.Fatal(err)
	}
	if now := studiotest.Must(p.Counts(ctx, v.ID))(t).Total(); now.Annotated != before.Annotated || now.Suggested != before.Suggested {
		t.Errorf("undone: %+v, before: %+v", now, before)
	}
}
