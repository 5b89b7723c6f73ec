package interchange

import (
	"context"
	"fmt"
	"io"
	"iter"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"viewfinder/storage/domain"
)

// oddConcepts are names that formats, tables and file systems stumble over.
var oddConcepts = []string{
	"cat", "собака; & <b> \"|\"", "x;y", `b\c`, "d|e", "train", "val", "images", "labels", "0", "10", "1.5", "true", "null", "~", "NaN", "yes", "#hash", "- dash", "{x: y}", "[y]", "key: value",
	"'quoted'", `"double"`, "🦊 fox", "東京", "a,b", "a\u00a0b", "CON", "a/b", "..", "*", "%20", "&amp;", "<![CDATA[", "]]>", "!tag", "@at", "background", "rectangle", "annotated", "file", strings.Repeat("long ", 39) + "end",
}

// oddImages are names of images that collide, lead elsewhere, or are words of a format.
var oddImages = []string{
	"a.jpg", "A.JPG", "a.png", "sub/a.jpg", "sub/A.jpg", "sub/deep/er/a.webp", "a b.jpg", "two  blanks .jpg", "new\nline.jpg", "tab\there.jpg", "真 名.jpg", "train/x.jpg", "val/x.jpg", "images/train/y.png",
	"labels.jpg", "classes.jpg", "annotations.jpg", "sub/labels/z.jpg", "..jpg", ".hidden.jpg", ".git/b.jpg", "noending", "a%20b.jpg", `C:\photos\y.jpg`, "/etc/passwd.jpg", "../../up.jpg", "CON.jpg", "x.json.jpg", "a.tar.gz.jpg",
	"100%.jpg", "q?d=z.jpg", "http://host/u.jpg", "1a2b3c4d-up.jpg", "renamed images.jpg", "not annotated/n.jpg", "#1.jpg", "semi;colon.jpg", "quote\".jpg", "a,b.jpg", "&.jpg", "masks/m.png", "cat/c.jpg", strings.Repeat("long", 60) + ".jpg", "1.jpg", "01.jpg", "frame_000001.png",
}

// randomProject makes records of one task as a project of odd names has them.
func randomProject(rng *rand.Rand, task domain.Task) (Header, []Outgoing) {
	h := Header{Name: "round", ViewType: task}
	for _, i := range rng.Perm(len(oddConcepts))[:1+rng.IntN(6)] {
		h.Concepts = append(h.Concepts, oddConcepts[i])
	}
	names := rng.Perm(len(oddImages))[:3+rng.IntN(12)]
	var all []Outgoing
	for n, i := range names {
		r := Record{Split: []string{Train, Val, Test}[rng.IntN(3)], Width: 16 + rng.IntN(4000), Height: 16 + rng.IntN(3000)}
		if kind := rng.IntN(5); n == 0 || kind > 0 { // else not annotated
			r.HasAnnotation, r.Reviewed = true, rng.IntN(3) == 0
			if n == 0 || kind > 1 || task == domain.Classification { // else without concept
				annotateRandom(rng, &r, h)
			}
		}
		text := fmt.Sprintf("image %d", n)
		all = append(all, Outgoing{Record: r, Name: oddImages[i], Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }})
	}
	return h, all
}

func annotateRandom(rng *rand.Rand, r *Record, h Header) {
	concept := func() string { return h.Concepts[rng.IntN(len(h.Concepts))] }
	switch h.ViewType {
	case domain.Classification:
		r.Concepts = []string{concept()}
	case domain.Tagging:
		for _, i := range rng.Perm(len(h.Concepts))[:1+rng.IntN(len(h.Concepts))] {
			r.Concepts = append(r.Concepts, h.Concepts[i])
		}
	default:
		for range 1 + rng.IntN(5) {
			side := func(length int) (low, high float64) { // two pixels at least
				px := 2 / float64(length)
				low, high = rng.Float64()*(1-px), 1
				high = low + px + rng.Float64()*(1-px-low)
				switch rng.IntN(5) { // often at the edges
				case 0:
					low = 0
				case 1:
					high = 1
				case 2:
					low, high = 0, 1
				}
				return low, min(high, 1)
			}
			b := Box{Concept: concept()}
			b.XMin, b.XMax = side(r.Width)
			b.YMin, b.YMax = side(r.Height)
			r.Boxes = append(r.Boxes, b)
		}
	}
}

// asStudio puts what a record says into the view of the Studio format.
func asStudio(r Record) Record {
	if r.HasAnnotation {
		a := ViewAnnotation{View: "v", Reviewed: r.Reviewed}
		if len(r.Concepts) > 0 {
			a.Regions = []Region{{Concepts: r.Concepts}}
		}
		for _, b := range r.Boxes {
			a.Regions = append(a.Regions, Region{Box: &b.Box, Concepts: []string{b.Concept}})
		}
		r.Views = []ViewAnnotation{a}
	}
	r.HasAnnotation, r.Reviewed, r.Concepts, r.Boxes = false, false, nil, nil
	return r
}

// fromStudio is the reverse of asStudio.
func fromStudio(r Record) Record {
	for _, a := range r.Views {
		r.HasAnnotation, r.Reviewed = true, a.Reviewed
		for _, region := range a.Regions {
			if region.Box == nil {
				r.Concepts = append(r.Concepts, region.Concepts...)
				continue
			}
			r.Boxes = append(r.Boxes, Box{Box: *region.Box, Concept: region.Concepts[0]})
		}
	}
	r.Views = nil
	return r
}

// expected is what of a record a format keeps; ok is false where it leaves the image out.
func expected(d Definition, r Record) (Record, bool) {
	if len(d.Holds.Tasks) == 0 && !d.Holds.SeveralViews { // the images alone
		return Record{}, true
	}
	all := d.Holds.SeveralViews
	if !r.HasAnnotation && !d.Holds.Unannotated && !all {
		return r, false
	}
	if r.HasAnnotation && len(r.Boxes)+len(r.Concepts) == 0 && !d.Holds.Negatives && !all {
		r.HasAnnotation = false
	}
	r.Reviewed = r.Reviewed && (d.Holds.Reviewed || all)
	if !d.Holds.Splits && !all {
		r.Split = ""
	}
	return r, true
}

// TestRandomRoundTrips exports random projects of all tasks in each format
// that holds them, and reads them again: all images come back with what the
// format holds, and nothing else.
func TestRandomRoundTrips(t *testing.T) {
	rounds := 12
	if testing.Short() {
		rounds = 4
	}
	for _, d := range ExportDefinitions() {
		for _, task := range []domain.Task{domain.Classification, domain.Tagging, domain.Detection} {
			if d.suits(task) != nil {
				continue
			}
			t.Run(fmt.Sprint(d.Name, " ", task), func(t *testing.T) {
				t.Parallel()
				for seed := range rounds {
					rng := rand.New(rand.NewPCG(uint64(seed), 19))
					h, all := randomProject(rng, task)
					if t.Run(fmt.Sprint(seed), func(t *testing.T) { roundTrip(t, d, h, all, seed%2 == 1) }); t.Failed() {
						return
					}
				}
			})
		}
	}
}

func roundTrip(t *testing.T, d Definition, h Header, all []Outgoing, apart bool) {
	target := filepath.Join(t.TempDir(), "out")
	task := h.ViewType
	if d.Holds.SeveralViews {
		view := View{Path: "v", Name: "v", Type: task}
		for _, c := range h.Concepts {
			view.Concepts = append(view.Concepts, Concept{Name: c})
		}
		h = Header{Name: h.Name, Views: []View{view}}
	}
	var records iter.Seq2[Outgoing, error] = func(yield func(Outgoing, error) bool) {
		for _, o := range all {
			if d.Holds.SeveralViews {
				o.Record = asStudio(o.Record)
			}
			if !yield(o, nil) {
				return
			}
		}
	}
	sum, err := Export(t.Context(), target, d.Name, h, records, ExportOptions{Apart: apart})
	if err != nil {
		t.Fatal(err)
	}
	asked := Format("")
	if d.Name == Images || apart && len(sum.Notes) > 0 && sum.LeftOut > 0 {
		asked = d.Name // folders of images look like concepts
	}
	s, err := OpenSource(target, asked)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.Format() != d.Name {
		t.Fatalf("recognised as %s", s.Format())
	}
	got := map[string]Record{}
	header, err := s.Read(context.Background(), func(r Record) error {
		f, err := s.Open(r)
		if err != nil {
			t.Errorf("%q does not open: %v", r.ImagePath, err)
			return nil
		}
		defer f.Close()
		text, err := io.ReadAll(f)
		if _, twice := got[string(text)]; twice || err != nil {
			t.Errorf("%q came twice: %v", r.ImagePath, err)
		}
		got[string(text)] = fromStudio(r)
		return nil
	}, func(p Problem) { t.Errorf("problem: %v", p) })
	if err != nil {
		t.Fatal(err)
	}
	if got, want := header.ViewType, task; got != want && !d.Holds.SeveralViews && len(d.Holds.Tasks) > 0 && !(task == domain.Tagging && got == domain.Classification) {
		t.Errorf("a %s came back as a %s", want, got)
	}
	for i, o := range all {
		key := fmt.Sprintf("image %d", i)
		want, in := expected(d, o.Record)
		r, came := got[key]
		delete(got, key)
		switch {
		case !in && came && r.HasAnnotation:
			t.Errorf("%q is not annotated and came back as annotated: %+v", o.Name, r)
		case in && !came:
			t.Errorf("%q is lost", o.Name)
		case in && len(d.Holds.Tasks)+len(h.Views) > 0:
			compareRecords(t, d, o.Name, r, want, o.Width, o.Height)
		}
	}
	for key := range got {
		t.Errorf("%q came from nowhere", key)
	}
}

func compareRecords(t *testing.T, d Definition, name string, got, want Record, width, height int) {
	t.Helper()
	fail := func(what string) {
		t.Helper()
		t.Errorf("%q: %s: got %+v\nwant %+v", name, what, got, want)
	}
	if got.HasAnnotation != want.HasAnnotation || got.Reviewed != want.Reviewed || got.Refused > 0 {
		fail("annotated or reviewed")
	}
	if got.Split != want.Split && want.Split != "" {
		fail("split")
	}
	concepts := slices.Clone(want.Concepts)
	if d.Name == Folders {
		for i, c := range concepts {
			concepts[i] = folderName(c) // the report says so
		}
	}
	slices.Sort(concepts)
	slices.Sort(got.Concepts)
	if !slices.Equal(got.Concepts, concepts) {
		fail("concepts")
	}
	if len(got.Boxes) != len(want.Boxes) {
		fail("number of boxes")
		return
	}
	for i, b := range got.Boxes {
		w := want.Boxes[i]
		x, y := float64(width), float64(height)
		if b.Pixels {
			x, y = 1, 1
			w.XMin, w.XMax, w.YMin, w.YMax = w.XMin*float64(width), w.XMax*float64(width), w.YMin*float64(height), w.YMax*float64(height)
		}
		off := max(math.Abs(b.XMin-w.XMin)*x, math.Abs(b.XMax-w.XMax)*x, math.Abs(b.YMin-w.YMin)*y, math.Abs(b.YMax-w.YMax)*y)
		if b.Concept != w.Concept || off > 1e-3 {
			fail(fmt.Sprintf("box %d, off by %g pixels", i, off))
		}
	}
}
