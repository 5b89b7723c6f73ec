package plot

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/png"
	"math"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

// training is a run that overfits, of n iterations with metrics every so many.
func training(n, every int) *History {
	r := rand.New(rand.NewSource(1))
	h := newTestHistory()
	for i := 1; i <= n; i++ {
		t := float64(i) / float64(n)
		h.Add(batchLoss, i, 1.6*math.Exp(-3*t)+0.15+0.25*r.ExpFloat64()*math.Exp(-2*t))
		h.Add(learningRate, i, 0.003*(1+math.Cos(math.Pi*t))/2)
		if i%every == 0 || i == n {
			h.Add(trainLoss, i, 1.6*math.Exp(-3*t)+0.14)
			h.Add(valLoss, i, 1.6*math.Exp(-3*t)+0.3+0.5*t*t)
			h.Add(trainAccuracy, i, 0.98-0.7*math.Exp(-3*t))
			h.Add(valAccuracy, i, 0.78-0.5*math.Exp(-4*t))
		}
	}
	return h
}

func TestGolden(t *testing.T) {
	losses, accuracies, rate := training(600, 60).Charts("")
	losses.Bands = []Band{{From: 420, To: 600, Label: "overfitting"}}
	losses.Marks = []Mark{{X: 420, Label: "best 420"}}
	paper := losses
	paper.Legend = true
	logarithmic := losses
	logarithmic.LogY = true
	zoomed := losses
	zoomed.X, zoomed.Y = Span{100, 180}, Span{0.8, 1.2}
	gap := Chart{Title: "A gap and a lone point", Curves: []Curve{
		{Name: "with gaps", X: []float64{0, 1, 2, 3, 4, 5, 6, 7}, Y: []float64{1, 2, math.NaN(), math.Inf(1), 2, 3, math.NaN(), 1}, Style: Style{Ink: Green}},
		{Name: "flat", X: []float64{0, 7}, Y: []float64{2.5, 2.5}, Style: Style{Ink: Sky, Marker: Triangle}},
	}}
	pr := PrecisionRecall([]Judged{stairs("glass", []float64{0.2, 0.4, 0.6, 0.6, 1}, []float64{1, 1, 0.9, 0.7, 0.3}, true), stairs("paper", []float64{0.5, 0.9, 1}, []float64{0.8, 0.6, 0.2}, true)})
	f1 := AgainstThreshold("F1 against threshold", []Judged{{Name: "glass", X: []float64{0, 0.3, 0.5, 0.9, 1}, Y: []float64{0.3, 0.7, 0.8, 0.5, 0}, At: [2]float64{0.5, 0.8}, Marked: true}}, 0.5)
	bins := []Bin{{0, 0.25, 0, 0, 0}, {0.25, 0.5, 8, 0.4, 0.3}, {0.5, 0.75, 20, 0.6, 0.7}, {0.75, 1, 92, 0.93, 0.9}}
	for name, c := range map[string]Chart{
		"precisionrecall": pr, "f1threshold": f1, "reliability": Reliability(bins), "histogram": Histogram("How many", bins), "nothingjudged": Reliability(nil),
		"losses": losses, "paper": paper, "logarithmic": logarithmic, "zoomed": zoomed, "accuracies": accuracies, "rate": rate, "gap": gap,
		"empty":  {Title: "Losses", Curves: []Curve{{Name: valLoss.Name, Style: valLoss.Style()}}, Empty: "Losses appear with the first iterations"},
		"single": {Title: "One point", Curves: []Curve{{Name: valLoss.Name, Style: valLoss.Style(), X: []float64{1}, Y: []float64{0.7}}}},
	} {
		for theme, colours := range map[string]Theme{"light": Light(), "dark": Dark()} {
			for _, scale := range []int{1, 2} {
				if scale == 2 && name != "losses" {
					continue
				}
				t.Run(fmt.Sprintf("%s_%s_%d", name, theme, scale), func(t *testing.T) {
					p, err := Render(c, 480*scale, 220*scale, float64(scale), colours)
					if err != nil {
						t.Fatal(err)
					}
					compare(t, filepath.Join("testdata", strings.TrimPrefix(t.Name(), "TestGolden/")+".png"), p.Image)
				})
			}
		}
	}
}

func stairs(name string, recall, precision []float64, marked bool) Judged {
	x, y := Steps(recall, precision)
	return Judged{Name: name, X: x, Y: y, At: [2]float64{recall[1], precision[1]}, Marked: marked}
}

func TestSteps(t *testing.T) {
	x, y := Steps([]float64{0.5, 0.5, 1}, []float64{1, 0.5, 0.25})
	if want := "[0 0.5 0.5 0.5 0.5 1] [1 1 0.5 0.5 0.25 0.25]"; fmt.Sprintf("%v %v", x, y) != want {
		t.Errorf("%v %v", x, y)
	}
	if x, y := Steps(nil, nil); x != nil || y != nil {
		t.Errorf("of nothing: %v %v", x, y)
	}
}

// compare holds an image against the one kept, allowing for floating point differences between processors.
func compare(t *testing.T, path string, got *image.RGBA) {
	t.Helper()
	if *update {
		var b bytes.Buffer
		if err := png.Encode(&b, got); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatalf("%v; run the test with -update", err)
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if want.Bounds() != got.Bounds() {
		t.Fatalf("size %v, kept %v", got.Bounds(), want.Bounds())
	}
	different := 0
	for y := range got.Bounds().Dy() {
		for x := range got.Bounds().Dx() {
			r, g, b, _ := want.At(x, y).RGBA()
			c := got.RGBAAt(x, y)
			if far := max(diff(c.R, r), diff(c.G, g), diff(c.B, b)); far > 12 {
				different++
			}
		}
	}
	if different > got.Bounds().Dx()*got.Bounds().Dy()/2000 {
		out := filepath.Join(t.TempDir(), "got.png")
		var b bytes.Buffer
		png.Encode(&b, got)
		os.WriteFile(out, b.Bytes(), 0o644)
		t.Errorf("%d pixels differ from %s", different, path)
	}
}

func diff(a uint8, b uint32) int {
	d := int(a) - int(b>>8)
	return max(d, -d)
}

// Whatever the data, drawing gives an image or an error, and never leaves the image or takes for ever.
func TestHostileData(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, c := range map[string]Chart{
		"no curves":       {},
		"all NaN":         {Curves: []Curve{{Name: "a", X: []float64{1, 2}, Y: []float64{nan, nan}}}},
		"infinite":        {Curves: []Curve{{Name: "a", X: []float64{1, 2, 3}, Y: []float64{inf, -inf, 1}}}},
		"huge":            {Curves: []Curve{{Name: "a", X: []float64{1, 2}, Y: []float64{-math.MaxFloat64, math.MaxFloat64}}}},
		"tiny":            {Curves: []Curve{{Name: "a", X: []float64{1, 2}, Y: []float64{5e-324, 1e-323}}}},
		"tiny log":        {LogY: true, Curves: []Curve{{Name: "a", X: []float64{1, 2}, Y: []float64{5e-324, 1e300}}}},
		"close":           {Curves: []Curve{{Name: "a", X: []float64{1, 2}, Y: []float64{1, math.Nextafter(1, 2)}}}},
		"negative log":    {LogY: true, Curves: []Curve{{Name: "a", X: []float64{1, 2}, Y: []float64{-1, 0}}}},
		"one value log":   {LogY: true, Curves: []Curve{{Name: "a", X: []float64{1}, Y: []float64{0.3}}}},
		"same x":          {Curves: []Curve{{Name: "a", X: []float64{3, 3, 3}, Y: []float64{1, 2, 3}}}},
		"unequal lengths": {Curves: []Curve{{Name: "a", X: []float64{1, 2, 3}, Y: []float64{1, 2}, Smooth: true}}, Smoothing: 0.9},
		"all hidden":      {Curves: []Curve{{Name: "a", X: []float64{1, 2}, Y: []float64{1, 2}, Hidden: true}}},
		"zoom elsewhere":  {X: Span{50, 60}, Curves: []Curve{{Name: "a", X: []float64{1, 2}, Y: []float64{1, 2}}}},
		"zoom very near":  {X: Span{1.2, 1.2000001}, Y: Span{1.2, 1.2000001}, Curves: []Curve{{Name: "a", X: []float64{1, 2}, Y: []float64{1, 2}}}},
		"zoom turned":     {X: Span{9, 1}, Y: Span{9, 1}, Curves: []Curve{{Name: "a", X: []float64{1, 2}, Y: []float64{1, 2}}}},
		"words":           {Title: "<&>\x00 шум 数", Curves: []Curve{{Name: "<b>&\"", X: []float64{1, 2}, Y: []float64{1, 2}}}, Legend: true},
	} {
		t.Run(name, func(t *testing.T) {
			for _, size := range [][2]int{{1, 1}, {3, 200}, {200, 3}, {40, 30}, {400, 200}} {
				p, err := Render(c, size[0], size[1], 1, Light())
				if err != nil {
					t.Fatalf("%v: %v", size, err)
				}
				if p.Image.Bounds().Size() != image.Pt(size[0], size[1]) {
					t.Fatalf("size %v for %v", p.Image.Bounds(), size)
				}
			}
			if err := WriteSVG(&bytes.Buffer{}, c, 400, 200, Dark()); err != nil {
				t.Fatal(err)
			}
		})
	}
	for _, size := range [][2]int{{0, 10}, {10, -1}, {MaxSide + 1, 10}} {
		if _, err := Render(Chart{}, size[0], size[1], 1, Light()); err == nil {
			t.Errorf("%v: no error", size)
		}
	}
	if _, err := Render(Chart{}, 10, 10, math.NaN(), Light()); err == nil {
		t.Error("scale NaN: no error")
	}
}

// A spike of one point among a million is still seen, and a redraw takes less than 50 ms (measured alone; here with room for busy machines).
func TestMillionPoints(t *testing.T) {
	h := million()
	losses, _, _ := h.Charts("")
	losses.Curves[0].Y[777_777] = 40
	best := time.Hour
	var p *Drawing
	for range 5 {
		start := time.Now()
		var err error
		if p, err = Render(losses, 900, 300, 1, Light()); err != nil {
			t.Fatal(err)
		}
		best = min(best, time.Since(start))
	}
	t.Logf("1,000,000 points in %v", best)
	if best > 500*time.Millisecond {
		t.Errorf("a redraw took %v", best)
	}
	x := p.Area.Min.X + int(p.X.At(777_778)*float64(p.Area.Dx()))
	seen := false
	for dx := -2; dx <= 2; dx++ {
		y := p.Area.Max.Y - int(p.Y.At(39)*float64(p.Area.Dy()))
		c := p.Image.RGBAAt(x+dx, y)
		seen = seen || c.R < 240
	}
	if !seen {
		t.Error("the spike isn't drawn")
	}
}

func million() *History {
	r := rand.New(rand.NewSource(3))
	h := newTestHistory()
	for i := 1; i <= 1_000_000; i++ {
		t := float64(i) / 1e6
		h.Add(batchLoss, i, 1.6*math.Exp(-3*t)+0.15+0.25*r.ExpFloat64()*math.Exp(-2*t))
		if i%100_000 == 0 {
			h.Add(trainLoss, i, 1.6*math.Exp(-3*t)+0.14)
			h.Add(valLoss, i, 1.6*math.Exp(-3*t)+0.3+0.5*t*t)
		}
	}
	return h
}

func BenchmarkRender(b *testing.B) {
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		r := rand.New(rand.NewSource(3))
		h := newTestHistory()
		for i := 1; i <= n; i++ {
			h.Add(batchLoss, i, 0.15+r.ExpFloat64())
		}
		losses, _, _ := h.Charts("")
		for _, scale := range []int{1, 2} {
			b.Run(fmt.Sprintf("%d_points_at_%d", n, scale), func(b *testing.B) {
				b.ReportAllocs()
				for range b.N {
					if _, err := Render(losses, 900*scale, 300*scale, float64(scale), Dark()); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
