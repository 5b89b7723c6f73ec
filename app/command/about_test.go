package command

import (
	"bytes"
	"context"
	"runtime"
	"strings"
	"testing"

	"viewfinder/app/product"
)

// TestVersion: --version prints the build information, for people and for scripts, and needs neither window nor project.
func TestVersion(t *testing.T) {
	out := ok(t, "--version")
	for _, line := range []string{"viewfinder " + product.Version, "go       " + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH, "window   no (built with -tags headless)"} {
		if !strings.Contains(out, line+"\n") {
			t.Errorf("there is no line %q in\n%s", line, out)
		}
	}
	doc := okJSON[product.Build](t, "--version")
	if doc.Version != product.Version || doc.Go != runtime.Version() || doc.Window || doc.Kernels == "" || !strings.Contains(out, "kernels  "+doc.Kernels+"\n") {
		t.Errorf("%+v", doc)
	}
	var with bytes.Buffer
	if code := Execute(context.Background(), Program{Args: []string{"--version"}, Out: &with, Err: &with, OpenWindow: func(Window) error { t.Error("the window was opened"); return nil }}); code != Done || !strings.Contains(with.String(), "window   yes\n") {
		t.Errorf("code %d\n%s", code, &with)
	}
	if r := call("--json"); r.code != WrongCall || !strings.Contains(r.err, "--version") {
		t.Errorf("--json alone: %+v", r)
	}
}

// TestLicences: the texts that the program was given, whole.
func TestLicences(t *testing.T) {
	var out bytes.Buffer
	texts := product.Texts{License: "ours", Notices: "theirs\n"}
	if code := Execute(context.Background(), Program{Args: []string{"licences"}, Out: &out, Err: &out, Texts: texts}); code != Done || out.String() != "ours\n\ntheirs\n" {
		t.Errorf("code %d: %q", code, &out)
	}
}
