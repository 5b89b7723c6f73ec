package command

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMain lets the test's own program be viewfinder, since trainings are started as os.Executable() "run" DIR.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "run" {
		os.Exit(Execute(context.Background(), Program{Args: os.Args[1:], Out: os.Stdout, Err: os.Stderr}))
	}
	dir, err := os.MkdirTemp("", "viewfinder-config-*")
	if err != nil {
		panic(err)
	}
	os.Setenv("VIEWFINDER_CONFIG", dir)
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// result is what a command left.
type result struct {
	code     int
	out, err string
}

// call runs a command.
func call(args ...string) result { return callWith(context.Background(), args...) }

func callWith(ctx context.Context, args ...string) result {
	var out, err bytes.Buffer
	code := Execute(ctx, Program{Args: args, Out: &out, Err: &err})
	return result{code, out.String(), err.String()}
}

// ok runs a command that must succeed.
func ok(t *testing.T, args ...string) string {
	t.Helper()
	r := call(args...)
	if r.code != Done {
		t.Fatalf("viewfinder %s: code %d\n%s", strings.Join(args, " "), r.code, r.err)
	}
	return r.out
}

// okJSON runs a command with --json and reads its one document.
func okJSON[T any](t *testing.T, args ...string) T {
	t.Helper()
	return readJSON[T](t, ok(t, append(args, "--json")...))
}

func readJSON[T any](t *testing.T, text string) T {
	t.Helper()
	var doc T
	decoder := json.NewDecoder(strings.NewReader(text))
	if err := decoder.Decode(&doc); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if decoder.More() {
		t.Fatalf("more than one document: %s", text)
	}
	return doc
}

// colourFolders writes noisy images of three colours into folders of one concept each.
func colourFolders(t *testing.T, train, val int) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "colours")
	for name, c := range map[string]color.RGBA{"red": {200, 40, 40, 255}, "green": {40, 180, 60, 255}, "blue": {50, 60, 210, 255}} {
		for i := range train + val {
			split := "train"
			if i >= train {
				split = "val"
			}
			paint(t, filepath.Join(root, split, name, fmt.Sprintf("%s%d.png", name, i)), c, uint64(i))
		}
	}
	return root
}

func paint(t *testing.T, path string, c color.RGBA, seed uint64) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, uint64(c.R)))
	img := image.NewRGBA(image.Rect(0, 0, 40, 32))
	for i := range img.Pix {
		img.Pix[i] = uint8(max(0, min(255, int([]uint8{c.R, c.G, c.B, 255}[i%4])+random.IntN(31)-15)))
		if i%4 == 3 {
			img.Pix[i] = 255
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// colourProject makes a project with the view Colour through the commands.
func colourProject(t *testing.T, train, val int) string {
	t.Helper()
	project := filepath.Join(t.TempDir(), "project")
	ok(t, "new", project, "--name", "Colours")
	ok(t, "import", project, colourFolders(t, train, val), "--view", "Colour")
	return project
}

// tiny are flags for a training that takes a second.
func tiny(iterations int) []string {
	return []string{"--iterations", fmt.Sprint(iterations), "--batch-size", "8", "--set", "resizer=32x32", "--set", "threads=1", "--set", "augment=", "--set", "weights=nothing"}
}

// TestWrongCalls: what is called wrongly ends with 2 and says what is right.
func TestWrongCalls(t *testing.T) {
	project := colourProject(t, 2, 1)
	for _, test := range []struct {
		args string
		says string
	}{
		{"trani", "train"},
		{"nothing-of-the-kind", "neither a command nor a project"},
		{"info", "too few arguments"},
		{"info a b", "too many arguments"},
		{"info PROJECT --nope", "unknown flag"},
		{"import PROJECT x --format xls", "folders"},
		{"import PROJECT x --split holdout", "train, val or test"},
		{"train PROJECT --view Colour --architecture lenet", "small_cnn"},
		{"train PROJECT --view Colour --set nope=1", "learning_rate"},
		{"train PROJECT --view Colour --set seed", "option=value"},
		{"train PROJECT --iterations many", "must be a whole number"},
		{"train PROJECT --iterations 0", "iterations 0: must be from 1 to 100,000,000"},
		{"train PROJECT --set learning_rate=-1", "learning_rate -1: must be from 1e-10 to 100"},
		{"train PROJECT --batch-size 5000", "batch_size 5000: must be from 1 to 4,096"},
		{"train PROJECT --set optimizer=guess", "adamw"},
		{"train PROJECT --set resizer=33x33", "steps of 16"},
		{"train PROJECT --set augment=bend", "flip_horizontal"},
		{"train PROJECT --set weights=gone.safetensors", "gone.safetensors"},
		{"view PROJECT paint", "list, add, rename or delete"},
		{"view PROJECT add X --type guess", "classification, tagging or detection"},
		{"view PROJECT rename X", "2 arguments"},
		{"concept PROJECT add", "names"},
		{"annotate PROJECT x --box 1,2,3", "xmin,ymin,xmax,ymax:Concept"},
		{"annotate PROJECT x --clear --without-concept", "exclude"},
		{"evaluate PROJECT v1 --split holdout", "train, val or test"},
		{"predict PROJECT v1", "too few arguments"},
		{"watch PROJECT v1 in", "--csv"},
		{"watch PROJECT v1 in aside --csv a.csv", "goes with --below"},
		{"watch PROJECT v1 in --csv a.csv --below 0.6", "the folder for the images below it"},
		{"watch PROJECT v1 in aside --csv a.csv --below 60", "not between 0 and 1"},
		{"model", "too few arguments"},
		{"model paint PROJECT v1 a.safetensors", "use export"},
		{"model export PROJECT v1", "3 arguments"},
		{"model export PROJECT v1 a.onnx --form circle", "picture"},
		{"model export PROJECT v1 a.onnx --precision int4", "float16"},
		{"model export PROJECT v1 a.onnx --raw", "form tensor"},
		{"model export PROJECT v1 a.safetensors --form tensor", ".onnx"},
		{"model export PROJECT v1 a.pt", ".safetensors"},
		{"--tab kitchen", "views, library or training"},
	} {
		args := strings.Fields(strings.ReplaceAll(test.args, "PROJECT", project))
		r := call(args...)
		if r.code != WrongCall || !strings.Contains(r.err, test.says) || r.out != "" {
			t.Errorf("viewfinder %s: code %d, %q (should say %q)", test.args, r.code, r.err, test.says)
		}
	}
}

// TestFailures: what cannot be done ends with 1 and says why.
func TestFailures(t *testing.T) {
	project := colourProject(t, 1, 0)
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "file"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args []string
		says string
	}{
		{[]string{"new", full}, "not empty"},
		{[]string{"info", full}, "not a Viewfinder project"},
		{[]string{"import", project, filepath.Join(full, "gone")}, "no such file"},
		{[]string{"annotate", project, "gone.png", "--concept", "red"}, "no image"},
		{[]string{"annotate", project, "red0.png", "--concept", "pink"}, "there are: "},
		{[]string{"view", project, "delete", "Colour"}, "--force"},
		{[]string{"train", project}, "blue has 1 annotated image in train; at least 2 are needed"},
		{[]string{"evaluate", project, "v1"}, "no version"},
		{[]string{"resume", project, "v1"}, "no version"},
		{[]string{"run", full}, "not a training's folder"},
	} {
		r := call(test.args...)
		if r.code != Failed || !strings.Contains(r.err, test.says) || r.out != "" {
			t.Errorf("viewfinder %s: code %d, %q (should say %q)", strings.Join(test.args, " "), r.code, r.err, test.says)
		}
	}
}

// TestKernelsWarning: kernels that do not run here are not skipped in silence, and stop nothing.
func TestKernelsWarning(t *testing.T) {
	t.Setenv("VIEWFINDER_KERNELS", "turbo")
	if r := call("architectures", "--json"); r.code != Done || !strings.Contains(r.err, "turbo") || strings.Contains(r.out, "turbo") {
		t.Errorf("code %d, %q", r.code, r.err)
	}
	t.Setenv("VIEWFINDER_KERNELS", "go")
	if r := call("architectures", "--json"); r.code != Done || r.err != "" {
		t.Errorf("code %d, %q", r.code, r.err)
	}
}

// TestWindow: the window is asked for what the flags say; without one, the program says what to do instead.
func TestWindow(t *testing.T) {
	t.Setenv("DISPLAY", ":99")
	dir := t.TempDir()
	var opened []Window
	open := func(w Window) error { opened = append(opened, w); return nil }
	var out, errs bytes.Buffer
	for _, args := range [][]string{{}, {dir}, {"--sample", "--tab", "library", "--view", "Material", "--image", "a.jpg"}} {
		if code := Execute(context.Background(), Program{Args: args, Out: &out, Err: &errs, OpenWindow: open}); code != Done {
			t.Fatalf("%v: code %d, %s", args, code, errs.String())
		}
	}
	want := []Window{{}, {Project: dir}, {Sample: true, Tab: "library", View: "Material", Image: "a.jpg"}}
	for i, w := range want {
		if opened[i] != w {
			t.Errorf("window %d is %+v, want %+v", i, opened[i], w)
		}
	}
	if r := call(); r.code != Failed || !strings.Contains(r.err, "viewfinder demo") {
		t.Errorf("without a window: code %d, %q", r.code, r.err)
	}
}

// TestHelp: every command has help with an example.
func TestHelp(t *testing.T) {
	root := (&session{}).root()
	for _, c := range root.Commands() {
		if c.Name() == "help" || c.Hidden {
			continue
		}
		text := ok(t, c.Name(), "--help")
		if !strings.Contains(text, "Examples:") || !strings.Contains(text, "viewfinder "+c.Name()) {
			t.Errorf("%s --help has no example:\n%s", c.Name(), text)
		}
	}
}
