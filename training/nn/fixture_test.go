package nn

import (
	"encoding/json"
	"hash/fnv"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fixture is what PyTorch computed for a network whose weights follow a formula: see testdata/parity/generate.py.
type fixture struct {
	Arch        string      `json:"arch"`
	Size        int         `json:"size"`
	Batch       int         `json:"batch"`
	Classes     int         `json:"classes"`
	LogitsEval  [][]float64 `json:"logits_eval"`
	LogitsTrain [][]float64 `json:"logits_train"`
	Loss        float64     `json:"loss"`
	BCELoss     float64     `json:"bce_loss"`
	Grads       map[string]struct {
		Norm float64   `json:"norm"`
		Head []float64 `json:"head"`
	} `json:"grads"`
	Losses []float64            `json:"losses"`
	After  map[string][]float64 `json:"after"`
}

// readJSON reads a fixture of this package's testdata.
func readJSON(t *testing.T, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// parityFile is what PyTorch computed for an architecture.
func parityFile(architecture string) string {
	return filepath.Join("testdata", "parity", architecture+".json")
}

// uniform is generate.py's sequence for the tensor called name: values from 0 up to 1.
func uniform(name string, n int) []float64 {
	h := fnv.New32a()
	h.Write([]byte(name))
	start := uint64(h.Sum32())
	u := make([]float64, n)
	for i := range u {
		u[i] = float64((start+uint64(i)*2654435761)%(1<<32)) / (1 << 32)
	}
	return u
}

// formula is the values that generate.py gives to the tensor called name.
func formula(name string, shape []int) []float32 {
	n := elements(shape)
	out := make([]float32, n)
	for i, u := range uniform(name, n) {
		var v float64
		switch {
		case name == "input":
			v = 2*u - 1
		case strings.HasSuffix(name, "running_var"):
			v = 1 + 0.5*u
		case len(shape) >= 2:
			v = (2*u - 1) * math.Sqrt(3/float64(n/shape[0]))
		case strings.HasSuffix(name, "weight"):
			v = 1 + 0.1*(2*u-1)
		default:
			v = 0.1 * (2*u - 1)
		}
		out[i] = float32(v)
	}
	return out
}

// fillFormula gives a network the weights of the fixtures; rename maps our names to the fixture's.
func fillFormula(t *testing.T, n *Network, rename func(string) string) {
	t.Helper()
	for _, s := range n.State() {
		if !s.Integer {
			copy(s.Data, formula(rename(s.Name), s.Shape))
		} else {
			s.Data[0] = 0
		}
	}
}

func same(name string) string { return name }

// formulaInput writes the fixture's images, which are made as [n][3][h][w], to memory laid out [n][h][w][3].
func formulaInput(into []float32, batch, height, width int) {
	x := formula("input", []int{batch, 3, height, width})
	for n := range batch {
		for c := range 3 {
			for p := range height * width {
				into[(n*height*width+p)*3+c] = x[(n*3+c)*height*width+p]
			}
		}
	}
}

// relative is the largest distance of got from want, as a share of the largest of want's values: the measure of all the
// comparisons with PyTorch, since float32 sums of another order differ by a share of their largest terms.
func relative[T, U float32 | float64](got []T, want []U) float64 {
	scale, distance := 0.0, 0.0
	for i, w := range want {
		scale = max(scale, math.Abs(float64(w)))
		distance = max(distance, math.Abs(float64(got[i])-float64(w)))
		if math.IsNaN(float64(got[i])) {
			return math.Inf(1)
		}
	}
	if distance == 0 {
		return 0
	}
	return distance / scale
}

func flatten(rows [][]float64) []float64 {
	var all []float64
	for _, r := range rows {
		all = append(all, r...)
	}
	return all
}

func norm(v []float32) float64 {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(sum)
}
