package studio

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
)

// TestExportWhole: the sample project, exported as a Studio file and imported again, says the same.
func TestExportWhole(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long under the race detector")
	}
	ctx := context.Background()
	p := must(Sample(ctx, filepath.Join(t.TempDir(), "sample")))(t)
	defer p.Close()
	target := filepath.Join(t.TempDir(), "out")
	report := must(p.Export(ctx, ExportRequest{Target: target, Format: "studio"}, nil))(t)
	if len(report.Problems) > 0 {
		t.Errorf("problems: %v", report.Problems)
	}
	back := newProject(t)
	imported := importInto(t, back, ImportRequest{Sources: []string{target}})
	if imported.Skipped > 0 || imported.Added != report.Images {
		t.Errorf("%s: %v", imported.Sentence(), imported.Problems)
	}
	want, got := summaryOf(t, p), summaryOf(t, back)
	if want != got {
		t.Errorf("exported:\n%s\nimported again:\n%s", want, got)
	}
}

// summaryOf spells out views, conditions, counts.
func summaryOf(t *testing.T, p *Project) string {
	t.Helper()
	ctx := context.Background()
	text := ""
	for _, node := range must(p.Tree(ctx))(t) {
		text += fmt.Sprintf("%s %s %q %+v\n", node.Name, node.Type, node.Condition, node.Counts)
		concepts := must(p.Concepts(ctx, node.ID))(t)
		for i, n := range must(p.ConceptCounts(ctx, node.ID))(t) {
			text += fmt.Sprintf("  %s %s %s %d %d %d %d\n", concepts[i].Name, concepts[i].Color, concepts[i].Key, n.Train, n.Val, n.TrainRegions, n.ValRegions)
		}
	}
	return text
}

func TestExportView(t *testing.T) {
	ctx := context.Background()
	p, v := colourProject(t, 3, 1)
	for _, format := range ExportFormats(ViewClassification) {
		target := filepath.Join(t.TempDir(), "out")
		must(p.Export(ctx, ExportRequest{Target: target, Format: format, View: v.ID}, nil))(t)
		back := newProject(t)
		importInto(t, back, ImportRequest{Sources: []string{target}, Format: format, ViewName: "Colour"})
		if format == "images" {
			continue
		}
		if counts := must(back.Counts(ctx, must(back.FindView(ctx, "Colour"))(t).ID))(t); counts.Train.Annotated != 9 || counts.Val.Annotated != 3 {
			t.Errorf("%s: %+v came back", format, counts)
		}
	}
	for format, view := range map[string]int64{"coco": v.ID, "folders": 0, "xls": v.ID} {
		if _, err := p.Export(ctx, ExportRequest{Target: filepath.Join(t.TempDir(), "out"), Format: format, View: view}, nil); err == nil {
			t.Errorf("%s of view %d: no error", format, view)
		}
	}
}
