package training

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"viewfinder/storage/domain"
	"viewfinder/storage/wholefile"
)

func eventsDir(t testing.TB, content string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{EventsFile: content, RunFile: "{}"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestAHalfLineIsCutOffAndWritingGoesOn(t *testing.T) {
	whole := `{"kind":"started"}` + "\n"
	for _, half := range []string{"", `{"kind":"metr`, strings.Repeat("x", 200_000), "\n", "\x00\x00\x00"} {
		dir := eventsDir(t, whole+half)
		j, err := openJournal(dir)
		if err != nil {
			t.Fatal(err)
		}
		j.add(Event{Kind: KindLog, Message: "on\nwith it", Values: map[string]float64{"a": math.NaN(), "b": 1}}, true)
		j.close()
		events, err := ReadEvents(dir)
		if err != nil || len(events) != 2 || events[1].Message != "on\nwith it" || !reflect.DeepEqual(events[1].Values, map[string]float64{"b": 1}) {
			t.Errorf("after %.20q: %v, %v", half, events, err)
		}
	}
}

func TestBrokenLinesArePassedOver(t *testing.T) {
	dir := eventsDir(t, "{\"kind\":\"started\"}\nnonsense\n\n{\"kind\":\"log\",\"message\":\""+strings.Repeat("y", 2<<20)+"\"}\n{}\n[1]\n{\"kind\":\"log\",\"message\":\"a\"}\n{\"kind\":\"log\"")
	events, err := ReadEvents(dir)
	if err != nil || len(events) != 2 || events[1].Message != "a" {
		t.Errorf("%v, %v", events, err)
	}
}

func batch(i int) Event {
	return Event{Kind: KindBatch, Iteration: i, Iterations: 100, Values: map[string]float64{CurveBatchLoss: float64(i), ValueImagesPerSecond: 10, ValueSecondsLeft: 5}}
}

func TestAResumeMakesLaterPointsVoid(t *testing.T) {
	var h History
	metrics := Event{Kind: KindMetrics, Iteration: 20, Values: map[string]float64{CurveValAccuracy: 0.9, ValueBestIteration: 20, ValueHeadline: 0.9}, Name: "accuracy"}
	all := []Event{{Kind: KindStarted, Iterations: 100}, {Kind: KindWarning, Message: "w"}, {Kind: KindStep, Step: StepTrain, State: StateRunning}, batch(10), batch(20), metrics, batch(30)}
	for _, e := range all {
		h.Add(e)
	}
	if s := h.State; s.Status != domain.StatusTraining || s.Iteration != 30 || s.BestIteration != 20 || s.Headline != 0.9 || s.SecondsLeft != 5 || s.Steps[2].Progress != 0.3 {
		t.Errorf("%+v", s)
	}
	h.Add(Event{Kind: KindStarted, Iteration: 15, Iterations: 100})
	if s := h.State; s.Status != domain.StatusPreparing || s.Iteration != 15 || s.BestIteration != 0 || s.Steps[2].State != StateWaiting || len(s.Warnings) != 0 {
		t.Errorf("%+v", s)
	}
	h.Add(batch(16))
	if got := iterations(h.Points[CurveBatchLoss]); !reflect.DeepEqual(got, []int{10, 16}) || len(h.Points[CurveValAccuracy]) != 0 {
		t.Errorf("%v", h.Points)
	}
	h.Add(Event{Kind: KindEnded, State: EndFailed, Message: "no"})
	if h.State.Status != domain.StatusFailed || h.State.Error != "no" {
		t.Errorf("%+v", h.State)
	}
}

// What a step takes is counted over all starts of the trainer; where one exited unexpectedly, until its last event.
func TestStepsKnowTheirTime(t *testing.T) {
	at := func(second int) time.Time { return time.Date(2026, 1, 2, 3, 4, second, 0, time.UTC) }
	step := func(second int, name, state string) Event {
		return Event{Time: at(second), Kind: KindStep, Step: name, State: state}
	}
	loss := batch(10)
	loss.Time = at(20)
	var h History
	for _, e := range []Event{
		{Time: at(0), Kind: KindStarted}, step(1, StepPrepare, StateRunning), step(2, StepPrepare, StateRunning), step(4, StepPrepare, StateDone),
		step(10, StepTrain, StateRunning), loss, // here it exited unexpectedly
		{Time: at(40), Kind: KindStarted}, step(41, StepPrepare, StateRunning), step(42, StepPrepare, StateDone), step(45, StepTrain, StateRunning),
	} {
		h.Add(e)
	}
	for _, c := range []struct {
		step   int
		second int
		want   time.Duration
	}{{0, 50, 4 * time.Second}, {1, 50, 0}, {2, 50, 15 * time.Second}, {2, 30, 10 * time.Second}} { // the last: the clock was put back
		if got := h.State.Steps[c.step].Took(at(c.second)); got != c.want {
			t.Errorf("%s at %d s: %v, want %v", h.State.Steps[c.step].Name, c.second, got, c.want)
		}
	}
	h.Add(Event{Time: at(55), Kind: KindEnded, State: EndStopped})
	if got := h.State.Steps[2].Took(at(59)); got != 20*time.Second {
		t.Errorf("train took %v when it was stopped", got)
	}
}

func TestInspectAndFollowTellTheDeadFromTheLiving(t *testing.T) {
	dir := eventsDir(t, "{\"kind\":\"started\"}\n{\"kind\":\"step\",\"step\":\"train\",\"state\":\"running\"}\n")
	if s := mustInspect(t, dir); s.Status != domain.StatusInterrupted || s.Error != interruptedMessage {
		t.Errorf("%+v", s)
	}
	if err := os.WriteFile(filepath.Join(dir, LogFile), []byte("x\nfatal error: runtime: out of memory\n\ngoroutine 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s := mustInspect(t, dir); !strings.Contains(s.Error, "out of memory") {
		t.Errorf("%+v", s)
	}
	n := 0
	if err := Follow(context.Background(), dir, func(Event) { n++ }); !errors.Is(err, ErrInterrupted) || n != 2 {
		t.Errorf("%v after %d events", err, n)
	}
	lock, err := takeLock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if s := mustInspect(t, dir); s.Status != domain.StatusTraining || !s.Alive {
		t.Errorf("%+v", s)
	}
	if err := Execute(context.Background(), dir); !errors.Is(err, ErrBusy) {
		t.Errorf("a second trainer: %v", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, EventsFile), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var last []string
	if err := Follow(context.Background(), dir, func(e Event) {
		last = append(last, e.Kind+e.Message)
		switch e.Kind { // what the living trainer writes while it is followed
		case KindStep:
			_, _ = f.WriteString("{\"kind\":\"log\",\"message\":\"late\"}\n")
		case KindLog:
			_, _ = f.WriteString("{\"kind\":\"ended\",\"state\":\"stopped\"}\n")
		case KindEnded:
			_ = lock.Close()
		}
	}); err != nil {
		t.Error(err)
	}
	if want := []string{"started", "step", "loglate", "ended"}; !reflect.DeepEqual(last, want) {
		t.Errorf("followed %v", last)
	}
}

// What is read of a file that grows are whole lines, however they come to it, and the line that takes the place of one that was cut off.
func TestTailReadsWholeLines(t *testing.T) {
	for _, lets := range []bool{false, true} {
		t.Run(fmt.Sprint("lets go: ", lets), func(t *testing.T) { tailReadsWholeLines(t, lets) })
	}
}

func tailReadsWholeLines(t *testing.T, lets bool) {
	t.Helper()
	dir := eventsDir(t, "")
	path := filepath.Join(dir, EventsFile)
	tail := &tail{path: path, lets: lets}
	defer tail.close()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, c := range []struct{ part, want string }{
		{`{"kind":"lo`, ""}, {`g","message":"late"}`, ""}, {"\n", "loglate"},
		{"{\"kind\":\"log\",\"message\":\"a\"}\n{\"kind\":\"log\",\"message\":\"never fini", "loga"},
	} {
		if _, err := f.WriteString(c.part); err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := tail.read(t.Context(), func(e Event) { got += e.Kind + e.Message }); err != nil || got != c.want {
			t.Errorf("after %q it read %q, %v, want %q", c.part, got, err, c.want)
		}
	}
	j, err := openJournal(dir) // cuts off the line that was never finished
	if err != nil {
		t.Fatal(err)
	}
	defer j.close()
	for _, m := range []string{strings.Repeat("b", 300), "c"} {
		j.add(Event{Kind: KindLog, Message: m}, false)
		got := ""
		if err := tail.read(t.Context(), func(e Event) { got += e.Kind + e.Message }); err != nil || got != "log"+m {
			t.Errorf("in the place of the half line it read %q, %v", got, err)
		}
	}
	if (tail.file == nil) != lets {
		t.Errorf("between two reads the file is open: %v", tail.file != nil)
	}
	if err := wholefile.Write(path, []byte("{\"kind\":\"log\",\"message\":\"anew\"}\n")); err != nil {
		t.Fatal(err)
	}
	got := ""
	if err := tail.read(t.Context(), func(e Event) { got += e.Kind + e.Message }); err != nil || got != "loganew" {
		t.Errorf("of a shorter file in its place it read %q, %v", got, err)
	}
}

// A trainer that takes over cuts off the line that a killed one left unfinished: who follows loses nothing by that, however long the line that
// is written in its place, and hears of a file that took the place of the one before.
func TestFollowAcrossATornLine(t *testing.T) {
	dir := eventsDir(t, "{\"kind\":\"started\"}\n{\"kind\":\"log\",\"message\":\"never fini")
	lock, err := takeLock(dir)
	if err != nil {
		t.Fatal(err)
	}
	heard, ended := make(chan string), make(chan error)
	go func() { ended <- Follow(context.Background(), dir, func(e Event) { heard <- e.Kind + e.Message }) }()
	hear := func(want string) {
		t.Helper()
		select {
		case got := <-heard:
			if got != want {
				t.Fatalf("heard %q, want %q", got, want)
			}
		case <-time.After(time.Minute):
			t.Fatalf("%q was not heard", want)
		}
	}
	hear("started")
	j, err := openJournal(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []string{"a", strings.Repeat("b", 300), "c"} {
		j.add(Event{Kind: KindLog, Message: m}, false)
		hear("log" + m)
	}
	j.close()
	if n, err := CountEvents(dir); n != 4 || err != nil {
		t.Errorf("%d events, %v", n, err)
	}
	path := filepath.Join(dir, EventsFile)
	if err := os.WriteFile(path+".new", []byte("nonsense\n{\"kind\":\"started\"}\n{\"kind\":\"ended\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := wholefile.Move(path+".new", path); err != nil { // as everything here is renamed: who follows may read it in this moment
		t.Fatal(err)
	}
	hear("started")
	hear("ended")
	_ = lock.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func FuzzEvents(f *testing.F) {
	f.Add([]byte("{\"kind\":\"started\",\"iteration\":3}\n{\"kind\":\"batch\",\"iteration\":4,\"values\":{\"Total loss (batch)\":1}}\n{\"kind\":\"ended\",\"state\":\"ready\"}\n"))
	f.Add([]byte("{\"kind\":\"metrics\",\"iteration\":-5}\nx\n{"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var h History
		if err := scanEvents(strings.NewReader(string(b)), h.Add); err != nil {
			t.Fatal(err)
		}
		for name, points := range h.Points {
			for i := 1; i < len(points); i++ {
				if points[i].Iteration <= points[i-1].Iteration {
					t.Errorf("%s: iterations do not ascend", name)
				}
			}
		}
	})
}

func FuzzRun(f *testing.F) {
	f.Add([]byte(`{"format":1,"id":"a","name":"n","task":"classification","concepts":[{"id":"1","name":"a"},{"id":"2","name":"b"}],"options":{"iterations":5,"batch_size":4,"architecture":"small_cnn","optimizer":"sgd","learning_rate":0.1,"schedule":"cosine","resizer":"96x96","balance":"off","device":"cpu","metrics_interval":"auto","keep":"best"},"samples":[{"image":"a.png","split":"train","labels":[1],"crop":{"xmin":0,"ymin":0,"xmax":0.5,"ymax":1}}]}`))
	f.Add([]byte(`{"format":1,"task":"detection","samples":[{"image":"a","split":"val","boxes":[{"xmin":0.1,"ymin":0,"xmax":1,"ymax":1,"class":0}]}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := parseRun(b)
		if err != nil {
			if !errors.Is(err, ErrRun) {
				t.Errorf("error %v", err)
			}
			return
		}
		if err := r.spec().Validate(); err != nil {
			t.Errorf("a run that was accepted has no network: %v", err)
		}
		items("/", r.Samples)
	})
}

func TestInspectReadsOnlyWhatIsNew(t *testing.T) {
	dir := eventsDir(t, "{\"kind\":\"started\",\"iterations\":9}\n{\"kind\":\"batch\",\"iteration\":3}\n{\"kind\":\"ba")
	path := filepath.Join(dir, EventsFile)
	if s := mustInspect(t, dir); s.Iteration != 3 {
		t.Errorf("%+v", s)
	}
	add := func(text string) {
		t.Helper()
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
	}
	add("tch\",\"iteration\":4}\n" + strings.Repeat("z", 2<<20))
	if s := mustInspect(t, dir); s.Iteration != 4 {
		t.Errorf("%+v", s)
	}
	add("\n{\"kind\":\"ended\",\"state\":\"ready\",\"iteration\":9}\n")
	if s := mustInspect(t, dir); s.Status != domain.StatusReady {
		t.Errorf("%+v", s)
	}
	if err := os.WriteFile(path, []byte("{\"kind\":\"started\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s := mustInspect(t, dir); s.Status != domain.StatusInterrupted || s.Iteration != 0 {
		t.Errorf("after the file was cut: %+v", s)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if s := mustInspect(t, dir); s.Status != domain.StatusQueued {
		t.Errorf("after the file was removed: %+v", s)
	}
}
