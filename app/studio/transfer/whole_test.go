package transfer_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"viewfinder/app/studio"
	"viewfinder/app/studio/studiotest"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage/domain"
)

// TestExportWhole: the sample project, exported as a Studio file and imported again, says the same.
func TestExportWhole(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long under the race detector")
	}
	ctx := context.Background()
	p := studiotest.Must(studio.Sample(ctx, filepath.Join(t.TempDir(), "sample")))(t)
	defer p.Close()
	target := filepath.Join(t.TempDir(), "out")
	report := studiotest.Must(p.Export(ctx, transfer.ExportRequest{Target: target, Format: "studio"}, nil))(t)
	if len(report.Problems) > 0 {
		t.Errorf("problems: %v", report.Problems)
	}
	back := studiotest.Project(t)
	imported := studiotest.Import(t, back, transfer.ImportRequest{Sources: []string{target}})
	if imported.Skipped > 0 || imported.Added != report.Images {
		t.Errorf("%s: %v", imported.Sentence(), imported.Problems)
	}
	want, got := summaryOf(t, p), summaryOf(t, back)
	if want != got {
		t.Errorf("exported:\n%s\nimported again:\n%s", want, got)
	}
}

// summaryOf spells out views, conditions, counts.
func summaryOf(t *testing.T, p *studio.Project) string {
	t.Helper()
	ctx := context.Background()
	text := ""
	for _, node := range studiotest.Must(p.Tree(ctx))(t) {
		text += fmt.Sprintf("%s %s %q %+v\n", node.Name, node.Type, node.Condition, node.Counts)
		concepts := studiotest.Must(p.Concepts(ctx, node.ID))(t)
		for i, n := range studiotest.Must(p.ConceptCounts(ctx, node.ID))(t) {
			text += fmt.Sprintf("  %s %s %s %d %d %d %d\n", concepts[i].Name, concepts[i].Color, concepts[i].Key, n.Train, n.Val, n.TrainRegions, n.ValRegions)
		}
	}
	return text
}

func TestExportView(t *testing.T) {
	ctx := context.Background()
	p, v := studiotest.ColourProject(t, 3, 1)
	for _, format := range transfer.ExportFormats(domain.Classification) {
		target := filepath.Join(t.TempDir(), "out")
		studiotest.Must(p.Export(ctx, transfer.ExportRequest{Target: target, Format: format, View: v.ID}, nil))(t)
		back := studiotest.Project(t)
		studiotest.Import(t, back, transfer.ImportRequest{Sources: []string{target}, Format: format, ViewName: "Colour"})
		if format == "images" {
			continue
		}
		if counts := studiotest.Must(back.Counts(ctx, studiotest.Must(back.FindView(ctx, "Colour"))(t).ID))(t); counts.Train.Annotated != 9 || counts.Val.Annotated != 3 {
			t.Errorf("%s: %+v came back", format, counts)
		}
	}
	for format, view := range map[string]int64{"coco": v.ID, "folders": 0, "xls": v.ID} {
		if _, err := p.Export(ctx, transfer.ExportRequest{Target: filepath.Join(t.TempDir(), "out"), Format: format, View: view}, nil); err == nil {
			t.Errorf("%s of view %d: no error", format, view)
		}
	}
}
