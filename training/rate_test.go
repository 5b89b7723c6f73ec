package training

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// timing is what a training took: its steps in milliseconds, an evaluation after each of some, the last one after the end.
type timing struct {
	steps       []float64
	evaluations map[int]float64 // by the number of steps before
	final       float64
}

func (m timing) total() float64 {
	sum := m.final
	for i, s := range m.steps {
		sum += s + m.evaluations[i+1]
	}
	return sum
}

// recordedTiming reads what a real training took (waste and waste-mix on two cores): "290 301 e1203 288 ... f1100".
func recordedTiming(t *testing.T, name string) timing {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	m := timing{evaluations: map[int]float64{}}
	for _, f := range strings.Fields(string(b)) {
		v, err := strconv.ParseFloat(strings.TrimLeft(f, "ef"), 64)
		if err != nil {
			t.Fatal(err)
		}
		switch f[0] {
		case 'e':
			m.evaluations[len(m.steps)] = v
		case 'f':
			m.final = v
		default:
			m.steps = append(m.steps, v)
		}
	}
	return m
}

// madeTiming has steps of 100 ms with noise, ten evaluations as long as share steps each, and one hour of sleep.
func madeTiming(steps int, share float64, sleeps bool) timing {
	r := rand.New(rand.NewPCG(3, 4))
	m := timing{evaluations: map[int]float64{}, final: 100 * share}
	for i := range steps {
		m.steps = append(m.steps, 100*math.Exp(0.3*r.NormFloat64()))
		if i == 0 {
			m.steps[0] *= 10
		}
		if (i+1)%(steps/10) == 0 {
			m.evaluations[i+1] = 100 * share * (0.9 + 0.2*r.Float64())
		}
	}
	if sleeps {
		m.steps[steps/2] = 3.6e6
	}
	return m
}

// From the first twentieth of the time on, the time left is within a fifth of what it turns out to be (of a tenth of the whole where the end is
// near). It has the evaluations' time from a part of the sets until the first one, here wrong by a quarter. The recorded trainings ran on two cores
// that others were using too, so that a step took up to twice as long at one time as at another, which nobody can know before: of their time a
// share is enough.
func TestTimeLeft(t *testing.T) {
	sleepy := madeTiming(600, 5, true)
	for name, m := range map[string]timing{ // those with a dash are made
		"healthy": recordedTiming(t, "steps-healthy.txt"), "adam": recordedTiming(t, "steps-adam.txt"), "overfit": recordedTiming(t, "steps-overfit.txt"),
		"short-evaluations": madeTiming(600, 2, false), "long-evaluations": madeTiming(600, 60, false), "many-steps": madeTiming(20_000, 500, false), "asleep-for-an-hour": sleepy,
	} {
		r := newRate(Options{BatchSize: 32, Iterations: len(m.steps)})
		first := 0.
		for i := range len(m.steps) {
			if e, ok := m.evaluations[i+1]; ok {
				first = e
				break
			}
		}
		r.guess(time.Duration(first * 1.25 * 1e6))
		total, passed, worst, within, all := m.total(), 0., 0., 0, 0
		if name == "asleep-for-an-hour" {
			total -= 3.6e6
		}
		evaluations := len(m.evaluations) + 1
		for i, s := range m.steps {
			r.took(time.Duration(s * 1e6))
			if s < 3e6 {
				passed += s
			}
			truth, estimated := total-passed, 1000*r.left(len(m.steps)-i-1, evaluations)
			if passed > total/20 {
				off := math.Abs(estimated-truth) / max(truth, total/10)
				worst = max(worst, off)
				all++
				if off <= 0.2 {
					within++
				}
			}
			if e, ok := m.evaluations[i+1]; ok {
				evaluations--
				passed += e
				r.measured(time.Duration(e * 1e6))
			}
		}
		share, least := float64(within)/float64(all), 0.8
		if strings.Contains(name, "-") {
			least = 1
		}
		t.Logf("%s: at worst %.0f%% off, within 20%% for %.0f%% of the time", name, 100*worst, 100*share)
		if share < least {
			t.Errorf("%s: within a fifth for %.0f%% of the time, want %.0f%%", name, 100*share, 100*least)
		}
	}
}
