// Package product is what the program says of itself: its name, its version, what it was built from, its licence.
package product

import (
	"fmt"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// Name and ID are what systems know the program by; Version is the release that this source leads to, and what a build says that was not made from a
// release's tag. FyneApp.toml has the same.
const (
	Name    = "Viewfinder"
	ID      = "viewfinder"
	Version = "0.1.0"
	// License and Copyright are the first lines of the file LICENSE.
	License   = "MIT License"
	Copyright = "Copyright (c) 2026 The Viewfinder authors"
)

// Texts are the legal texts that each binary carries.
type Texts struct {
	License string // the file LICENSE
	Notices string // the file THIRD_PARTY_NOTICES: what the binary contains of others, with their licences
}

// Build says what the running program was built from. Its JSON is part of `viewfinder --version --json`.
type Build struct {
	Version  string    `json:"version"`
	Commit   string    `json:"commit"`            // 40 hexadecimal digits; "" where the build did not record it
	Modified bool      `json:"modified"`          // the source differed from the commit
	Date     time.Time `json:"date,omitzero"`     // of the commit; zero where the build did not record it
	Go       string    `json:"go"`                // go1.26.8
	System   string    `json:"system"`            // linux/amd64
	Window   bool      `json:"window"`            // false in a build with -tags headless
	Kernels  string    `json:"kernels,omitempty"` // the version of the arithmetic that runs on this machine
}

// ReadBuild reads what the Go command recorded in the running program. Window and Kernels are the caller's to fill in.
func ReadBuild() Build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{GoVersion: runtime.Version()}
	}
	return buildOf(info)
}

func buildOf(info *debug.BuildInfo) Build {
	b := Build{Version: tagged(info.Main.Version), Go: info.GoVersion, System: runtime.GOOS + "/" + runtime.GOARCH}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		case "vcs.time":
			b.Date, _ = time.Parse(time.RFC3339, s.Value)
		}
	}
	return b
}

// release is a tag such as v1.2.3 or v1.2.3-rc.1; pseudo is what the Go command makes up for a commit without one (golang.org/ref/mod#pseudo-versions).
var (
	release = regexp.MustCompile(`^v(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$`)
	pseudo  = regexp.MustCompile(`[-.]\d{14}-[0-9a-f]{12}$`)
)

// tagged is the version that the Go command read from the release's tag at the commit, or [Version] where there is none or the source was changed.
func tagged(module string) string {
	if m := release.FindStringSubmatch(module); m != nil && !pseudo.MatchString(module) {
		return m[1]
	}
	return Version
}

// Source is the commit in words: its first twelve digits, its date, and whether the source was changed since.
func (b Build) Source() string {
	if b.Commit == "" {
		return "not recorded in this build"
	}
	words := []string{b.Commit[:min(12, len(b.Commit))]}
	if !b.Date.IsZero() {
		words = append(words, b.Date.UTC().Format("2006-01-02 15:04 UTC"))
	}
	if b.Modified {
		words = append(words, "with local changes")
	}
	return strings.Join(words, ", ")
}

// String is the program's name and version: "Viewfinder 0.1.0".
func (b Build) String() string { return fmt.Sprintf("%s %s", Name, b.Version) }
