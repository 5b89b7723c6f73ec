package training

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"viewfinder/storage/domain"
	"viewfinder/training/weights"
)

// TestTransferTable measures what docs/transfer.md shows. It runs where VIEWFINDER_TRANSFER names a folder with data/waste, data/waste-mix and the weights to
// start from, separated by colons as data set, weights (a path in the folder, built-in, or nothing), what is measured (folds, val, 10 or another number of train images)
// and what learns, perhaps with the size of the pictures and the pooling: waste:weights/teachable-machine:folds:head@256x256+mean. Several are separated by commas in
// VIEWFINDER_TRANSFER_CASES.
func TestTransferTable(t *testing.T) {
	root, cases := os.Getenv("VIEWFINDER_TRANSFER"), os.Getenv("VIEWFINDER_TRANSFER_CASES")
	if root == "" || cases == "" {
		t.Skip("measures for docs/transfer.md; needs VIEWFINDER_TRANSFER and VIEWFINDER_TRANSFER_CASES")
	}
	root, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	project := t.TempDir()
	if err := os.Mkdir(filepath.Join(project, "cache"), 0o755); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, one := range strings.Split(cases, ",") {
		part := strings.Split(one, ":")
		if len(part) != 4 {
			t.Fatalf("%q is not data:weights:what:learn", one)
		}
		m := measurement{t: t, run: listed(t, filepath.Join(root, "data", part[0])), project: project, n: &n}
		start := Start{Architecture: "small_cnn"}
		if part[1] != "nothing" {
			from := part[1]
			if from != weights.BuiltInName {
				from = filepath.Join(root, from)
			}
			if start, err = ReadStart(project, from); err != nil {
				t.Fatal(err)
			}
		}
		learn, pooling, pooled := strings.Cut(part[3], "+")
		learn, size, sized := strings.Cut(learn, "@")
		m.run.Options, _ = StartOptions(m.run.Task, start, learn, len(m.run.Samples))
		if sized {
			m.run.Options.Resizer = size
		}
		if pooled {
			m.run.Options.Pooling = pooling
		}
		m.run.Options.Keep = KeepLast
		begin := time.Now()
		var got []float64
		switch part[2] {
		case "folds":
			got = m.folds(5, 2)
		case "val":
			for seed := range 3 {
				got = append(got, m.accuracy(m.run.Samples, uint64(seed)))
			}
		default:
			var limit int
			if _, err := fmt.Sscan(part[2], &limit); err != nil {
				t.Fatal(err)
			}
			for seed := range 3 {
				got = append(got, m.accuracy(limited(m.run.Samples, limit, uint64(seed)), uint64(seed)))
			}
		}
		mean, deviation := 0.0, 0.0
		for _, a := range got {
			mean += a / float64(len(got))
		}
		for _, a := range got {
			deviation += (a - mean) * (a - mean) / float64(max(1, len(got)-1))
		}
		fmt.Printf("%s: %.4f +- %.4f (%d trainings, %s)\n", one, mean, math.Sqrt(deviation/float64(len(got))), len(got), time.Since(begin).Round(time.Second))
	}
}

type measurement struct {
	t       *testing.T
	run     Run
	project string
	n       *int
}

// listed is a data set as a run: a folder a class, or images and labels.csv of a tagging; val by the last byte of the content's hash, as the program does.
func listed(t *testing.T, dir string) Run {
	t.Helper()
	r := Run{ID: "measured", Name: "measured", Task: domain.Classification}
	index := map[string]int{}
	concept := func(name string) int {
		at, ok := index[name]
		if !ok {
			at = len(r.Concepts)
			index[name] = at
			r.Concepts = append(r.Concepts, ConceptRef{ID: fmt.Sprint(at + 1), Name: name})
		}
		return at
	}
	add := func(path, split string, labels []int) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(b)
		if split == "" {
			split = SplitTrain
			if sum[31] < 51 {
				split = SplitVal
			}
		}
		r.Samples = append(r.Samples, Sample{Image: path, SHA256: hex.EncodeToString(sum[:]), Split: split, Labels: labels})
	}
	if f, err := os.Open(filepath.Join(dir, "labels.csv")); err == nil {
		defer f.Close()
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		r.Task = domain.Tagging
		for _, row := range rows[1:] {
			var labels []int
			for _, name := range strings.FieldsFunc(row[1], func(c rune) bool { return c == ';' || c == '|' }) {
				labels = append(labels, concept(name))
			}
			split := ""
			if len(row) > 2 {
				split = row[2]
			}
			path := filepath.Join(dir, row[0])
			if _, err := os.Stat(path); err != nil {
				path = filepath.Join(dir, "images", row[0])
			}
			add(path, split, labels)
		}
		return r
	}
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.jpg"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no images in %s: %v", dir, err)
	}
	for _, path := range files {
		add(path, "", []int{concept(filepath.Base(filepath.Dir(path)))})
	}
	return r
}

// accuracy trains on samples and returns the accuracy on their val split.
func (m measurement) accuracy(samples []Sample, seed uint64) float64 {
	*m.n++
	r := m.run
	r.Samples, r.Options.Seed = samples, seed
	dir := filepath.Join(m.project, "runs", fmt.Sprint(*m.n))
	if err := CreateRun(dir, &r); err != nil {
		m.t.Fatal(err)
	}
	if err := Execute(context.Background(), dir); err != nil {
		m.t.Fatal(err)
	}
	h, err := ReadHistory(dir)
	if err != nil {
		m.t.Fatal(err)
	}
	points := h.Points[CurveValAccuracy]
	return points[len(points)-1].Value
}

// folds is the accuracy of each of k parts, dealt evenly within each class, repeated with other deals.
func (m measurement) folds(k, times int) (got []float64) {
	for repeat := range times {
		order := rand.New(rand.NewPCG(uint64(repeat), 5)).Perm(len(m.run.Samples))
		slices.SortStableFunc(order, func(a, b int) int { return slices.Compare(m.run.Samples[a].Labels, m.run.Samples[b].Labels) })
		for fold := range k {
			samples := slices.Clone(m.run.Samples)
			for at, i := range order {
				samples[i].Split = SplitTrain
				if at%k == fold {
					samples[i].Split = SplitVal
				}
			}
			got = append(got, m.accuracy(samples, uint64(repeat*k+fold)))
		}
	}
	return got
}

// limited keeps val and so many of the train samples, as evenly of each class as there are.
func limited(samples []Sample, train int, seed uint64) (kept []Sample) {
	byClass := map[string][]Sample{}
	var classes []string
	for _, i := range rand.New(rand.NewPCG(seed, 6)).Perm(len(samples)) {
		s := samples[i]
		if s.Split == SplitVal {
			kept = append(kept, s)
			continue
		}
		class := fmt.Sprint(s.Labels)
		if byClass[class] == nil {
			classes = append(classes, class)
		}
		byClass[class] = append(byClass[class], s)
	}
	slices.Sort(classes)
	for round := 0; train > 0; round++ {
		before := train
		for _, class := range classes {
			if round < len(byClass[class]) && train > 0 {
				kept = append(kept, byClass[class][round])
				train--
			}
		}
		if train == before {
			return kept
		}
	}
	return kept
}
