package command

import (
	"strings"
	"testing"

	"viewfinder/app/studio/runs"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

// What the command says of options comes from their table: every one is listed in the help and explained, and those asked for first have flags.
func TestTrainHelpNamesEveryOption(t *testing.T) {
	help := ok(t, "train", "--help")
	explained := ok(t, "train", "--set", "help")
	for _, d := range runs.OptionDocs(domain.Classification, "") {
		if !strings.Contains(help, d.Name) {
			t.Errorf("the help does not name %s", d.Name)
		}
		if flag := "--" + strings.ReplaceAll(d.Name, "_", "-") + " number"; d.Basic && !strings.Contains(help, flag) {
			t.Errorf("there is no %s:\n%s", flag, help)
		}
		if !strings.Contains(explained, d.Name+" (default ") || !strings.Contains(explained, d.Explanation) || !strings.Contains(explained, d.Limits) {
			t.Errorf("%s is not explained", d.Name)
		}
	}
	for i, line := range strings.Split(wrapped([]string{"one", "two", "three"}, 9), "\n") {
		if want := []string{"one, two,", "three"}[i]; line != want {
			t.Errorf("line %d is %q, want %q", i, line, want)
		}
	}
}

// TestTrainProposes: what `train` does where little is printed. Nothing chosen starts from the built-in backbone; another architecture, or weights=nothing, from
// nothing, with the options that suit it; presets and a version's weights keep to the same rule.
func TestTrainProposes(t *testing.T) {
	if testing.Short() {
		t.Skip("computes for long, which the race detector makes ten times as long")
	}
	project := colourProject(t, 4, 2)
	once := []string{"train", project, "--iterations", "1", "--set", "threads=1", "--json"}
	small := []string{"--set", "resizer=32x32", "--batch-size", "4"}
	options := func(args ...string) (runs.Options, string) {
		t.Helper()
		r := call(append(once[:len(once):len(once)], args...)...)
		if r.code != Done {
			t.Fatalf("train %v: code %d, %s", args, r.code, r.err)
		}
		run, err := training.ReadRun(readJSON[versionDoc](t, r.out).Folder)
		if err != nil {
			t.Fatal(err)
		}
		return run.Options, r.err
	}
	o, printed := options(small...)
	if o.Weights != runs.BuiltInWeights || o.Learn != "head" || o.Architecture != "mobilenet_v2_035" || !strings.Contains(printed, "Starts from the built-in network: with 12 training images its head alone") {
		t.Errorf("nothing chosen: %s of a %s from %q\n%s", o.Learn, o.Architecture, o.Weights, printed)
	}
	o, _ = options("--set", "weights=nothing")
	if want := runs.DefaultOptions(domain.Classification, ""); o.Weights != "" || o.Learn != want.Learn || o.Architecture != want.Architecture || o.Resizer != want.Resizer || o.LearningRate != want.LearningRate {
		t.Errorf("from nothing the options are %+v", o)
	}
	if o, _ = options(append(small, "--architecture", "resnet18")...); o.Weights != "" || o.Learn != "all" {
		t.Errorf("another architecture: %s from %q", o.Learn, o.Weights)
	}
	if o, _ = options(append(small, "--set", "architecture=mobilenet_v2_050")...); o.Weights != "" {
		t.Errorf("another architecture by --set starts from %q", o.Weights)
	}
	if o, _ = options(append(small, "--preset", "quick")...); o.Weights != runs.BuiltInWeights || o.Learn != "head" {
		t.Errorf("a preset: %s from %q", o.Learn, o.Weights)
	}
	if o, _ = options(append(small, "--from", "v1")...); !strings.HasPrefix(o.Weights, "../") || o.Architecture != "mobilenet_v2_035" || o.Learn != "all" {
		t.Errorf("from a version: %s of a %s from %q", o.Learn, o.Architecture, o.Weights)
	}
	if r := call("train", project, "--preset", "best"); r.code != WrongCall || !strings.Contains(r.err, "quick, balanced, thorough") {
		t.Errorf("a preset that is not there: code %d, %s", r.code, r.err)
	}
}
