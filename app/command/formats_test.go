package command

import (
	"strings"
	"testing"

	"viewfinder/app/studio/transfer"
)

// TestFormatLists: the help of import and export, and the message that asks for a format, are made of the formats' definitions.
func TestFormatLists(t *testing.T) {
	s := &session{}
	imports, exports := s.importer().Long, s.export().Long
	for _, f := range transfer.ImportableFormats() {
		if !strings.Contains(imports, string(f.Name)+" ") || !strings.Contains(imports, f.Summary) {
			t.Errorf("import's help lacks %s", f.Name)
		}
	}
	for _, f := range transfer.ExportableFormats() {
		if !strings.Contains(exports, string(f.Name)+" ") || !strings.Contains(exports, f.Title) {
			t.Errorf("export's help lacks %s", f.Name)
		}
	}
	if got := formatNames([]transfer.Format{{Name: "a"}, {Name: "b"}, {Name: "c"}}); got != "a, b or c" {
		t.Error(got)
	}
	for name, want := range map[string]bool{"studio": false, "images": false, "csv": true, "voc": true} {
		if needsView(name) != want {
			t.Errorf("%s needs a view: %v", name, !want)
		}
	}
}
