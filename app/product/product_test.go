package product

import (
	"encoding/json"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

func TestBuildOf(t *testing.T) {
	settings := func(kv ...string) (list []debug.BuildSetting) {
		for i := 0; i < len(kv); i += 2 {
			list = append(list, debug.BuildSetting{Key: kv[i], Value: kv[i+1]})
		}
		return list
	}
	commit := strings.Repeat("0123456789", 4)
	for name, c := range map[string]struct {
		settings []debug.BuildSetting
		source   string
	}{
		"recorded": {settings("vcs.revision", commit, "vcs.time", "2026-11-29T20:31:05Z", "vcs.modified", "false"), "012345678901, 2026-11-29 20:31 UTC"},
		"modified": {settings("vcs.revision", commit, "vcs.time", "2026-11-29T21:31:05+01:00", "vcs.modified", "true"), "012345678901, 2026-11-29 20:31 UTC, with local changes"},
		"no date":  {settings("vcs.revision", commit, "vcs.time", "yesterday"), "012345678901"},
		"short":    {settings("vcs.revision", "0123"), "0123"},
		"nothing":  {nil, "not recorded in this build"},
	} {
		t.Run(name, func(t *testing.T) {
			b := buildOf(&debug.BuildInfo{GoVersion: "go1.26.8", Settings: c.settings})
			if b.Source() != c.source {
				t.Errorf("source %q, not %q", b.Source(), c.source)
			}
			if b.Version != Version || b.Go != "go1.26.8" || b.System != runtime.GOOS+"/"+runtime.GOARCH || b.String() != "Viewfinder "+Version {
				t.Errorf("%+v", b)
			}
		})
	}
}

// TestTagged: a build of a release's tag is that release; any other is what the source leads to.
func TestTagged(t *testing.T) {
	for module, want := range map[string]string{
		"v1.2.3":                               "1.2.3",
		"v0.2.0-rc.1":                          "0.2.0-rc.1",
		"":                                     Version,
		"(devel)":                              Version,
		"v1.2.3+dirty":                         Version,
		"v0.0.0-20261130212205-5fcf1ebabcde":   Version,
		"v0.1.1-0.20261130212205-5fcf1ebabcde": Version,
		"v0.2.0-rc.1.0.20261130212205-5fcf1ebabcde": Version,
		"v0.0.0-20261130212205-5fcf1ebabcde+dirty":  Version,
		"1.2.3": Version,
	} {
		info := &debug.BuildInfo{}
		info.Main.Version = module
		if got := buildOf(info).Version; got != want {
			t.Errorf("%q is %q, not %q", module, got, want)
		}
	}
}

// TestBuildJSON holds the names that scripts read.
func TestBuildJSON(t *testing.T) {
	b := Build{Version: "1", Commit: "c", Date: time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC), Go: "g", System: "s", Window: true, Kernels: "avx2"}
	const want = `{"version":"1","commit":"c","modified":false,"date":"2026-11-29T00:00:00Z","go":"g","system":"s","window":true,"kernels":"avx2"}`
	if got, err := json.Marshal(b); err != nil || string(got) != want {
		t.Errorf("%s %v", got, err)
	}
	if got, _ := json.Marshal(Build{}); strings.Contains(string(got), "date") || strings.Contains(string(got), "kernels") {
		t.Errorf("what is not known has a value: %s", got)
	}
}

// TestLicense: the constants say what the file says.
func TestLicense(t *testing.T) {
	text, err := os.ReadFile("../../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	if want := License + "\n\n" + Copyright + "\n\nPermission is hereby granted, free of charge"; !strings.HasPrefix(string(text), want) {
		t.Errorf("LICENSE does not begin with %q", want)
	}
}
