package watch

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"viewfinder/app/studio/predict"
	"viewfinder/storage/domain"
)

// fast is a pace for tests.
var fast = pace{settle: 20 * time.Millisecond, poll: 10 * time.Millisecond, giveUp: 150 * time.Millisecond}

// fake reads the class and its score out of a file: "cat 0.9 end". One that does not end so is not whole.
type fake struct {
	mu    sync.Mutex
	asked map[string]int
	hook  func(file string) // called with each file that is predicted
}

func (f *fake) Files(ctx context.Context, files []string, each func(i int, p predict.Prediction)) error {
	for i, file := range files {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		f.mu.Lock()
		if f.asked == nil {
			f.asked = map[string]int{}
		}
		f.asked[filepath.Base(file)]++
		hook := f.hook
		f.mu.Unlock()
		if hook != nil {
			hook(file)
		}
		data, err := os.ReadFile(file)
		p := predict.Prediction{File: file}
		var concept, end string
		var score float64
		if _, scan := fmt.Sscan(string(data), &concept, &score, &end); err != nil || scan != nil || end != "end" {
			p.Error = "not a readable image"
		} else {
			p.Concepts = []predict.PredictedConcept{{Concept: concept, Score: score}, {Concept: "other", Score: 1 - score}}
		}
		each(i, p)
	}
	return nil
}

// running is a watch in its goroutine.
type running struct {
	mu   sync.Mutex
	news []News
	stop context.CancelFunc
	done chan error
}

func start(t *testing.T, r Request, n Network) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	w := &running{stop: cancel, done: make(chan error, 1)}
	r.Task = domain.Classification
	go func() {
		w.done <- run(ctx, r, n, func(n News) { w.mu.Lock(); w.news = append(w.news, n); w.mu.Unlock() }, fast)
	}()
	t.Cleanup(func() { cancel() })
	return w
}

func (w *running) end(t *testing.T) {
	t.Helper()
	w.stop()
	if err := <-w.done; err != nil {
		t.Fatal(err)
	}
}

func (w *running) last() News {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.news) == 0 {
		return News{}
	}
	return w.news[len(w.news)-1]
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func put(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// lines are the CSV file's, without its head.
func lines(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil || len(all) == 0 {
		return nil // it is being written
	}
	return all[1:]
}

// folder is a watched folder and its list beside it.
func folder(t *testing.T) (in string, r Request) {
	dir := t.TempDir()
	in = filepath.Join(dir, "in")
	if err := os.Mkdir(in, 0o755); err != nil {
		t.Fatal(err)
	}
	return in, Request{In: in, CSV: filepath.Join(dir, "out.csv"), Version: "v1"}
}

// Images that are there and that come later, in folders below, too, get their lines; what is no image or hidden gets none; a picture that comes under
// a second name has its own line, one that is only touched has no second.
func TestWatch(t *testing.T) {
	in, r := folder(t)
	put(t, filepath.Join(in, "a.jpg"), "cat 0.9 end")
	put(t, filepath.Join(in, "notes.txt"), "cat 0.9 end")
	put(t, filepath.Join(in, ".hidden.jpg"), "cat 0.9 end")
	put(t, filepath.Join(in, "below", "=b.PNG"), "dog 0.75 end")
	n := &fake{}
	w := start(t, r, n)
	until(t, "the first two", func() bool { return len(lines(t, r.CSV)) == 2 })
	put(t, filepath.Join(in, "twice.jpg"), "cat 0.9 end")
	put(t, filepath.Join(in, "c.jpg.tmp"), "owl 0.6 end")
	until(t, "the third", func() bool { return len(lines(t, r.CSV)) == 3 })
	if err := os.Rename(filepath.Join(in, "c.jpg.tmp"), filepath.Join(in, "c.jpg")); err != nil {
		t.Fatal(err)
	}
	until(t, "the renamed one", func() bool { return len(lines(t, r.CSV)) == 4 })
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(filepath.Join(in, "a.jpg"), later, later); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(in, "c.jpg"), "owl 0.8 end") // another picture of the same name
	until(t, "the other picture", func() bool { return len(lines(t, r.CSV)) == 5 })
	w.end(t)
	var got []string
	for _, l := range lines(t, r.CSV) {
		got = append(got, strings.Join(l[:6], "|"))
	}
	want := "a.jpg|cat|0.900000|cat 0.900; other 0.100|| below/=b.PNG|dog|0.750000|dog 0.750; other 0.250|| twice.jpg|cat|0.900000|cat 0.900; other 0.100|| " +
		"c.jpg|owl|0.600000|owl 0.600; other 0.400|| c.jpg|owl|0.800000|owl 0.800; other 0.200||"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	if last := w.last(); last.Done != 5 || last.Waiting != 0 || last.Trouble != "" {
		t.Errorf("%+v", last)
	}
	if n.asked["a.jpg"] != 1 {
		t.Errorf("a.jpg was predicted %d times", n.asked["a.jpg"])
	}
}

// A file that grows is waited for; one that cannot be read gets a line that says so, and another when it can be after all.
func TestGrowing(t *testing.T) {
	in, r := folder(t)
	path := filepath.Join(in, "slow.jpg")
	n := &fake{}
	w := start(t, r, n)
	for i := range 30 {
		put(t, path, strings.Repeat(" ", i)+"cat")
		time.Sleep(2 * time.Millisecond)
	}
	put(t, path, "cat 0.9 end")
	until(t, "the whole file", func() bool { return len(lines(t, r.CSV)) == 1 })
	if l := lines(t, r.CSV)[0]; l[1] != "cat" || l[4] != "" {
		t.Errorf("%q", l)
	}
	put(t, filepath.Join(in, "stalled.jpg"), "dog 0.")
	until(t, "the unreadable file's line", func() bool { return len(lines(t, r.CSV)) == 2 })
	if l := lines(t, r.CSV)[1]; l[0] != "stalled.jpg" || l[4] != "not a readable image" {
		t.Errorf("%q", l)
	}
	put(t, filepath.Join(in, "stalled.jpg"), "dog 0.8 end")
	until(t, "its second line", func() bool { return len(lines(t, r.CSV)) == 3 })
	if l := lines(t, r.CSV)[2]; l[1] != "dog" || l[4] != "" {
		t.Errorf("%q", l)
	}
	w.end(t)
}

// Images go into their concept's folder or are put aside; names that are taken get a number; a picture that comes again replaces itself, without a second line.
func TestSort(t *testing.T) {
	in, r := folder(t)
	r.SortInto, r.Aside, r.Below = filepath.Join(in, "sorted"), filepath.Join(filepath.Dir(in), "aside"), 0.6
	put(t, filepath.Join(in, "a.jpg"), "ca:t 0.9 end")
	put(t, filepath.Join(in, "b.jpg"), "dog 0.5 end")
	put(t, filepath.Join(r.SortInto, "ca_t", "a.jpg"), "another")
	w := start(t, r, &fake{})
	until(t, "both", func() bool { return w.last().Done == 2 })
	for path, want := range map[string]string{
		filepath.Join(r.SortInto, "ca_t", "a.jpg"): "another", filepath.Join(r.SortInto, "ca_t", "a (2).jpg"): "ca:t 0.9 end", filepath.Join(r.Aside, "b.jpg"): "dog 0.5 end",
	} {
		if data, err := os.ReadFile(path); string(data) != want {
			t.Errorf("%s: %q, %v", path, data, err)
		}
	}
	put(t, filepath.Join(in, "a.jpg"), "ca:t 0.9 end")
	until(t, "it to go", func() bool { return !isThere(filepath.Join(in, "a.jpg")) })
	w.end(t)
	if l := lines(t, r.CSV); len(l) != 2 || l[0][5] != filepath.Join(r.SortInto, "ca_t", "a (2).jpg") {
		t.Errorf("%q", l)
	}
}

// A watch that is killed, between any two steps, goes on without losing an image or writing it twice: after half a line, and before an image was moved.
func TestKilled(t *testing.T) {
	in, r := folder(t)
	r.SortInto = filepath.Join(filepath.Dir(in), "sorted")
	const images = 40
	for i := range images {
		put(t, filepath.Join(in, fmt.Sprintf("%02d.jpg", i)), fmt.Sprintf("cat 0.%d end", i+10))
	}
	n := &fake{}
	w := start(t, r, n)
	n.mu.Lock()
	n.hook = func(file string) { // killed in the middle of the second portion
		if filepath.Base(file) == "20.jpg" {
			w.stop()
		}
	}
	n.mu.Unlock()
	if err := <-w.done; err != nil {
		t.Fatal(err)
	}
	before := lines(t, r.CSV)
	if len(before) != portion {
		t.Fatalf("%d lines", len(before))
	}
	// As if it had been killed before this one was moved, and while writing the next line.
	if err := os.Rename(before[3][5], filepath.Join(in, before[3][0])); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(r.CSV)
	if err != nil {
		t.Fatal(err)
	}
	for _, torn := range []string{`16.jpg,cat,0.2`, `"16`, "\x00\x00\x00", `16.jpg,cat,0.260000,cat 0.260,,,11,2026-01-01T00:00:00Z,aa,v1,2026-01-01T00:00:00Z`} {
		put(t, r.CSV, string(whole)+torn)
		j, err := openJournal(r.CSV)
		if err != nil {
			t.Fatalf("%q: %v", torn, err)
		}
		j.close()
		if now, _ := os.ReadFile(r.CSV); string(now) != string(whole) || len(j.done) != portion {
			t.Errorf("%q: %d done, %d bytes, not %d", torn, len(j.done), len(now), len(whole))
		}
	}
	w = start(t, r, &fake{})
	until(t, "the rest", func() bool { return w.last().Done == images-portion && w.last().Waiting == 0 })
	until(t, "the folder to be empty", func() bool { left, _ := os.ReadDir(in); return len(left) == 0 })
	w.end(t)
	seen := map[string]bool{}
	for _, l := range lines(t, r.CSV) {
		if seen[l[0]] || !isThere(l[5]) {
			t.Errorf("%s is there twice, or not at %s", l[0], l[5])
		}
		seen[l[0]] = true
	}
	if len(seen) != images || w.last().Before != portion {
		t.Errorf("%d images, %+v", len(seen), w.last())
	}
}

// A folder that goes away for a while is waited for, and what it held and holds is not taken for done or for unreadable.
func TestVanishes(t *testing.T) {
	in, r := folder(t)
	put(t, filepath.Join(in, "a.jpg"), "cat 0.9 end")
	n := &fake{}
	w := start(t, r, n)
	until(t, "the first", func() bool { return w.last().Done == 1 })
	gone := in + ".away"
	n.mu.Lock()
	n.hook = func(string) { _ = os.Rename(in, gone) } // away just when the second is to be read
	n.mu.Unlock()
	put(t, filepath.Join(in, "b.jpg"), "dog 0.9 end")
	until(t, "the trouble", func() bool { return strings.Contains(w.last().Trouble, "the folder cannot be read") })
	n.mu.Lock()
	n.hook = nil
	n.mu.Unlock()
	put(t, filepath.Join(gone, "c.jpg"), "owl 0.9 end")
	if err := os.Rename(gone, in); err != nil {
		t.Fatal(err)
	}
	until(t, "the rest", func() bool { return w.last().Done == 3 && w.last().Trouble == "" })
	w.end(t)
	for _, l := range lines(t, r.CSV) {
		if l[4] != "" {
			t.Errorf("%q", l)
		}
	}
	if len(lines(t, r.CSV)) != 3 {
		t.Error("not each image once")
	}
}

// A list that cannot be written holds everything up until it can be; nothing is moved before its line is on the disk.
func TestListAway(t *testing.T) {
	in, r := folder(t)
	r.SortInto = filepath.Join(filepath.Dir(in), "sorted")
	w := start(t, r, &fake{})
	until(t, "the list", func() bool { return isThere(r.CSV) && len(w.last().Trouble) == 0 && w.started() })
	if err := os.Rename(r.CSV, r.CSV+".away"); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(in, "a.jpg"), "cat 0.9 end")
	until(t, "the trouble", func() bool { return strings.Contains(w.last().Trouble, "it is gone: put it back") })
	if !isThere(filepath.Join(in, "a.jpg")) || w.last().Done != 0 {
		t.Error("an image is done that has no line")
	}
	if err := os.Rename(r.CSV+".away", r.CSV); err != nil {
		t.Fatal(err)
	}
	until(t, "the image", func() bool { return w.last().Done == 1 })
	w.end(t)
}

func (w *running) started() bool { w.mu.Lock(); defer w.mu.Unlock(); return len(w.news) > 0 }

// What cannot be watched is refused by name.
func TestRefused(t *testing.T) {
	in, r := folder(t)
	other := filepath.Join(filepath.Dir(in), "other.csv")
	put(t, other, "name,age\nx,3\n")
	damaged := filepath.Join(filepath.Dir(in), "damaged.csv")
	put(t, damaged, string(asCSV([][]string{columns}))+"a,b\nc,d\n")
	held, err := openJournal(filepath.Join(filepath.Dir(in), "held.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer held.close()
	for want, change := range map[string]func(*Request){
		"not a list that watch wrote":    func(r *Request) { r.CSV = other },
		"cannot be read after line 1":    func(r *Request) { r.CSV = damaged },
		"is being written by another":    func(r *Request) { r.CSV = held.path },
		"watched folder or holds it":     func(r *Request) { r.SortInto = filepath.Dir(in) },
		"cannot be sorted into":          func(r *Request) { r.Aside = in },
		"not a folder":                   func(r *Request) { r.In = other },
		"needs a CSV file":               func(r *Request) { r.CSV = "" },
		"a confidence is a number":       func(r *Request) { r.Below = 60 },
		"no such file or directory|find": func(r *Request) { r.In += "x" },
	} {
		r := r
		change(&r)
		err := run(context.Background(), r, &fake{}, func(News) {}, fast)
		if err == nil || !strings.Contains(err.Error(), strings.Split(want, "|")[0]) && !strings.Contains(err.Error(), want[strings.IndexByte(want, '|')+1:]) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if data, _ := os.ReadFile(other); string(data) != "name,age\nx,3\n" {
		t.Error("a list of others was changed")
	}
}

// TestCertainty: what is put aside, by task.
func TestCertainty(t *testing.T) {
	tags := predict.Prediction{Concepts: []predict.PredictedConcept{{Score: 0.9}, {Score: 0.45}, {Score: 0.1}}}
	boxes := predict.Prediction{Boxes: []predict.PredictedBox{{Score: 0.8}, {Score: 0.52}, {Score: 0.2}}}
	for _, c := range []struct {
		task domain.Task
		p    predict.Prediction
		want float64
	}{{domain.Classification, tags, 0.9}, {domain.Tagging, tags, 0.55}, {domain.Detection, boxes, 0.52}, {domain.Detection, predict.Prediction{}, 1}} {
		if got := certainty(c.task, c.p, c.p.At(c.task, 0.5, 0)); got != c.want {
			t.Errorf("%s: %g, not %g", c.task, got, c.want)
		}
	}
}

// FuzzJournal: whatever a CSV file holds, reading it takes whole lines alone, and reading what was taken takes the same.
func FuzzJournal(f *testing.F) {
	head := string(asCSV([][]string{columns}))
	l := Line{File: "a \"b\".jpg", Concept: "=cat", Score: 0.5, state: fileState{3, time.Unix(1, 0)}, hash: "ab", version: "v1", at: time.Unix(2, 0)}
	row := string(asCSV([][]string{l.fields()}))
	for _, s := range []string{"", head, head + row, head + row + row[:9], head + row + "\"x\n", "\xef\xbb\xbf" + head, head[:5], head + "\n\n" + row, row} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		j := &journal{done: map[string]doneFile{}}
		n, err := j.read(data)
		if err != nil {
			return
		}
		if n < 0 || n > int64(len(data)) || n > 0 && data[n-1] != '\n' {
			t.Fatalf("%d bytes of %d", n, len(data))
		}
		again := &journal{done: map[string]doneFile{}}
		if m, err := again.read(data[:n]); err != nil || m != n || len(again.done) != len(j.done) {
			t.Fatalf("%d bytes, then %d; %v; %d lines, then %d", n, m, err, len(j.done), len(again.done))
		}
	})
}
