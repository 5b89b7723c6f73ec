package command

import (
	"strings"
	"testing"

	"viewfinder/app/studio/runs"
	"viewfinder/storage/domain"
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
