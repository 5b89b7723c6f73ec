package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// retired is a way of speaking that docs/glossary.md replaces.
type retired struct {
	keys    []string       // in lower case: a file without any of them has nothing of it
	pattern *regexp.Regexp // of a line
	instead string         // what to write
}

// retiredWords are searched in comments, identifiers and texts alike.
var retiredWords = []retired{
	{[]string{"said"}, regexp.MustCompile(`\b[Ss]aid\b|[a-z]Said\b|\bsaid[A-Z]`), `"predicted" of a network, "shown", "reported" or "stated" of the rest`},
	{[]string{" say"}, regexp.MustCompile(`(?i)\b(network|version|model|backbone|prediction)s? says?\b|\bwhat (a|the) (network|version|model)s? says?\b`), `"predicts", "prediction"`},
	{[]string{"surest", "surer", "sureness", "how sure", "% sure"}, regexp.MustCompile(`(?i)surest|\bsurer\b|sureness|\bhow sure\b|% sure\b`), `"most confident", "highest score first", "confidence", "95% interval"`},
	{[]string{"glow"}, regexp.MustCompile(`(?i)\bglow(s|ed|ing)?\b`), `"is highlighted"`},
	{[]string{"rest"}, regexp.MustCompile(`(?i)\bwhat (it|they|a prediction|the prediction) rests? on\b|\bpredictions? rests? on\b`), `"class activation map"`},
	{[]string{"aside"}, regexp.MustCompile(`(?i)\bstep(s|ped|ping)? aside\b|StepAside|\btrained aside\b`), `"yields the CPU"`},
	{[]string{"hands "}, regexp.MustCompile(`(?i)\bhands (are |were )?(at work|never rest|rest|move)\b`), `"draws, drags or scrolls"`},
	{[]string{"died"}, regexp.MustCompile(`(?i)\bdied\b|\bdiedAt`), `"exited unexpectedly"`},
	{[]string{"without a word"}, regexp.MustCompile(`(?i)\bended without a word\b`), `"exited unexpectedly"`},
	{[]string{"believe"}, regexp.MustCompile(`(?i)\bbelieved?\b`), `"exceeds the limit of", "is refused"`},
	{[]string{"is no "}, regexp.MustCompile(`(?i)\bis no (regular )?file\b|\bis no (readable )?zip\b`), `"is not a regular file", "is not a readable ZIP archive"`},
	{[]string{"mistake"}, regexp.MustCompile(`\b[Mm]istakes?\b|[a-z]Mistakes?\b|\bmistakes?[A-Z]`), `"error" of a network, "bug" or "internal error" of the program`},
	{[]string{"doubt"}, regexp.MustCompile(`(?i)\bdoubt(s|ed|ful)?\b`), `"label noise", "uncertainty", "stale"`},
	{[]string{"alike"}, regexp.MustCompile(`(?i)\blook(s|ed)? alike\b`), `"near-duplicates", "similar images"`},
	{[]string{"twin"}, regexp.MustCompile(`(?i)\btwins?\b`), `"duplicate"`},
	{[]string{"cut-out"}, regexp.MustCompile(`(?i)\bcut-outs?\b`), `"crop"; the augmentation is called Cutout`},
	{[]string{"lit in", "other split"}, regexp.MustCompile(`(?i)\blit in (val|train)\b|\bthe other split\b`), `"training set", "validation set", "train", "val"`},
	{[]string{"by a rule"}, regexp.MustCompile(`(?i)\b(split|divide)d? (\w+ ){0,6}by a rule\b`), `"split into train / val / test"`},
	{[]string{"empty truth"}, regexp.MustCompile(`(?i)\bempty truth\b`), `"hard negative", "background image"`},
	{[]string{"seeing network"}, regexp.MustCompile(`(?i)\bseeing network\b`), `"pretrained weights", "backbone"`},
	{[]string{"pass"}, regexp.MustCompile(`(?i)\btraining pass(es)?\b|\bpass(es)? (over|through) (the|all|them)\b|\bdoes one pass\b`), `"iteration" for one batch, "epoch" for once through the training set; "forward pass" and "backward pass" are fine`},
	{[]string{"decides right", "just right"}, regexp.MustCompile(`(?i)\bdecides right\b|\bjust right\b`), `"accuracy", "least certain correct"`},
	{[]string{"taken for what", "said across", "annotated down"}, regexp.MustCompile(`(?i)\bwhat is taken for what\b|\bannotated down\b`), `"confusion matrix"; "rows annotated, columns predicted"`},
	{[]string{"deepomatic"}, regexp.MustCompile(`(?i)\bdeepomatic\b`), `what the program does, not who else does it`},
	{[]string{"anything between"}, regexp.MustCompile(`(?i)\bcan mean anything between\b`), `"95% confidence interval"`},
}

// retiredInPages are searched in Markdown alone: code has types of these names.
var retiredInPages = []retired{
	{[]string{"solver"}, regexp.MustCompile(`(?i)\bsolvers?\b`), `"optimizer"`},
}

// keptWords are left out of the search: what is stored in files or typed in terminals keeps its name, and the change log quotes former names.
var keptWords = regexp.MustCompile("`json:\"said(,omitempty)?\"`|`said`|\"said\":|viewfinder mistakes|Use: +\"mistakes|\"mistakes\"|\"?confident_mistakes\"?|tab \\*Mistakes\\*|`solvers\\.json`")

// TestGlossary: what docs/glossary.md says not to write is written nowhere, neither in texts nor in comments nor in names.
func TestGlossary(t *testing.T) {
	start := time.Now()
	files := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		switch {
		case d.IsDir() && (name == "testdata" || name == "shared" || path != "." && strings.HasPrefix(name, ".")):
			return fs.SkipDir
		case d.IsDir() || path == "words_test.go" || path == filepath.Join("docs", "glossary.md"):
			return nil
		}
		lists := [][]retired{retiredWords}
		switch filepath.Ext(name) {
		case ".go", ".html":
		case ".md":
			lists = append(lists, retiredInPages)
		default:
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		for _, list := range lists {
			for _, word := range foundWords(text, list) {
				t.Errorf("%s: %s", path, word)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 500 {
		t.Errorf("only %d files were read", files)
	}
	t.Logf("%d files in %v", files, time.Since(start))
}

// foundWords lists the lines of text that have something of the list, with what to write instead.
func foundWords(text []byte, list []retired) (found []string) {
	lower := bytes.ToLower(text)
	for _, r := range list {
		if !slices.ContainsFunc(r.keys, func(key string) bool { return bytes.Contains(lower, []byte(key)) }) {
			continue
		}
		number := 0
		for line := range strings.Lines(string(text)) {
			number++
			if low := strings.ToLower(line); !slices.ContainsFunc(r.keys, func(key string) bool { return strings.Contains(low, key) }) {
				continue
			}
			if m := r.pattern.FindString(keptWords.ReplaceAllString(line, "")); m != "" {
				found = append(found, fmt.Sprintf("line %d: %q: write %s", number, m, r.instead))
			}
		}
	}
	return found
}

// TestRetiredWords: each pattern finds what it is there for, and nothing of what is kept.
func TestRetiredWords(t *testing.T) {
	for _, line := range []string{
		"// what the network said", "type Said struct", "d.isSaid", "// what a network says of it", "// the surest first", "func bySureness()", "// how sure it is", "0 to 1, 95% sure",
		"// it glows", "// what it rests on", "training.StepAside(dir)", "networks are trained aside", "while hands are at work", "the trainer died", "it ended without a word",
		"that is not believed", "x is no regular file", "x is no readable ZIP", "ConfidentMistakes", "a mistake of the program", "no doubt", "images that look alike", "a twin",
		"a cut-out", "Highlighted: lit in val", "the other split", "Split images by a rule", "an empty truth", "a seeing network", "each training pass", "one pass over the set passes over the images",
		"it decides right", "what is taken for what", "can mean anything between",
	} {
		if len(foundWords([]byte(line), retiredWords)) == 0 {
			t.Errorf("%q is not found", line)
		}
	}
	for _, line := range []string{"Said []int `json:\"said\"`"[8:], "viewfinder mistakes waste v1", `Kind = "confident_mistakes"`, "the forward pass of one batch", "they cannot be mistaken", "so that make sure holds", "`said`"} {
		if found := foundWords([]byte(line), retiredWords); len(found) > 0 {
			t.Errorf("%q: %v", line, found)
		}
	}
	if len(foundWords([]byte("the solver's state"), retiredInPages)) == 0 {
		t.Error("solver is not found in a page")
	}
}
