package report

import (
	"bytes"
	"image"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"viewfinder/app/studio"
	"viewfinder/app/studio/evaluate"
	"viewfinder/app/studio/runs"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
)

// hostile is a name that would be a script, an image from outside, and a style, if it were not escaped.
const hostile = `</title><script>alert(1)</script><img src=http://x.test/a.png onerror=alert(2)>"'};@import url(http://x.test)`

func facts(name string) *evaluate.ReportFacts {
	f := &evaluate.ReportFacts{
		Project: "Tri des déchets " + name, View: studio.View{Name: name, Type: domain.Classification},
		Made: time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC), On: "val", Images: 1204,
		Figures:    []evaluate.ReportFigure{{Name: "Accuracy", Value: 0.873, Low: 0.84, High: 0.9}, {Name: "F1", Value: 0.85}, {Name: "Precision", Value: 0.86}, {Name: "Recall", Value: 0.84}},
		Matrix:     [][]int{{50, 3, 0}, {4, 40, 2}, {0, 0, 0}},
		Names:      []string{name, "Métal", "玻璃"},
		ErrorCount: 9, OutOfDate: "3 annotations changed",
		Options: runs.DefaultOptions(domain.Classification, ""),
		History: &runs.RunHistory{},
	}
	f.Version.Name, f.Version.Architecture = name, "small_cnn"
	for i, c := range f.Names {
		f.Concepts = append(f.Concepts, evaluate.ReportConcept{Name: c, Color: []string{"#e69f00", "#56b4e9", "red;} body{display:none"}[i], Precision: 0.9, Recall: 0.8, F1: 0.85, Support: 40})
	}
	img := image.NewRGBA(image.Rect(0, 0, 90, 60))
	for i := range 14 {
		f.Errors = append(f.Errors, evaluate.ReportError{Image: name + ".jpg", Truth: "Métal", Predicted: []string{name, ""}[i%2], Confidence: 0.9, Crop: img})
	}
	return f
}

// TestHTMLNeedsNothing: hostile names stay names, nothing is loaded from outside, no script is in it.
func TestHTMLNeedsNothing(t *testing.T) {
	data, err := HTML(facts(hostile))
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, bad := range []string{"<script", "<img src=http", "<link", "<iframe", "<object", "display:none"} {
		if strings.Contains(strings.ToLower(text), bad) {
			t.Errorf("the page has %q in it", bad)
		}
	}
	tag := regexp.MustCompile(`<[^>]*>`)
	loads := regexp.MustCompile(`(?i)(src|href|srcset|data|action)\s*=\s*["']?\s*(https?:|//)|\bon\w+\s*=|javascript:`)
	for _, one := range tag.FindAllString(text, -1) {
		if loads.MatchString(one) {
			t.Errorf("a tag loads or runs something: %.200s", one)
		}
	}
	for _, style := range regexp.MustCompile(`(?is)<style.*?</style>`).FindAllString(text, -1) {
		if strings.Contains(style, "@import") || strings.Contains(style, "url(") {
			t.Error("a style loads something")
		}
	}
	for _, want := range []string{"87.3%", "84 to 90%", "Métal", "玻璃", "data:image/jpeg;base64,", "<svg", "1,204 images", "default-src 'none'"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page has no %q", want)
		}
	}
}

// TestPDF: a PDF of several pages, whatever the names are written in.
func TestPDF(t *testing.T) {
	for _, name := range []string{"v1", hostile, "玻璃瓶 ガラス 유리", "é ß Ω Я", "emoji 🙂 \x00\x1b\u202e and " + strings.Repeat("long ", 200), ""} {
		data, err := PDF(facts(name))
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if !bytes.HasPrefix(data, []byte("%PDF-")) || !bytes.Contains(data, []byte("%%EOF")) || bytes.Count(data, []byte("/Type /Page\n")) < 2 {
			t.Errorf("%q: %d bytes that are no PDF of several pages", name, len(data))
		}
		if dir := os.Getenv("VIEWFINDER_REPORTS"); dir != "" { // to look at
			os.WriteFile(filepath.Join(dir, "report-"+strings.Map(func(r rune) rune {
				if r < 'a' || r > 'z' {
					return '_'
				}
				return r
			}, name[:min(len(name), 12)])+".pdf"), data, 0o644)
		}
	}
}

func TestWords(t *testing.T) {
	for n, want := range map[int]string{0: "0 images", 1: "1 image", 999: "999 images", 1204: "1,204 images", 1234567: "1,234,567 images"} {
		if got := words.Count(n, "image"); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	if got := describe(evaluate.ReportError{Truth: "A", Predicted: "B", Confidence: 0.5}); got != "predicted B (50.0%), annotated A" {
		t.Error(got)
	}
}
