// Command sampleversions trains the versions of the sample project that is inside the program, and writes them to where the program embeds them. It wants the
// program itself, which trains, and the sample's folder: sampleversions VIEWFINDER app/studio/sample. Run it by `make sample`, after the photos were made.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"viewfinder/app/studio"
	"viewfinder/app/studio/sample"
)

// view is what they are of.
const view = "Material"

// trained are the versions, the oldest first: a quick look from nothing, and the defaults from the built-in backbone, which take less time.
var trained = []struct {
	folder, name string
	flags        []string
}{
	{"1-nothing", sample.FromNothing, []string{"--set", "weights=nothing", "--preset", "quick"}},
	{"2-built-in", "From the built-in network", nil},
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("sampleversions VIEWFINDER SAMPLE")
	}
	if err := generate(context.Background(), os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func generate(ctx context.Context, program, out string) error {
	dir, err := os.MkdirTemp("", "sample")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	project := filepath.Join(dir, "project")
	if err := plain(ctx, project); err != nil {
		return err
	}
	all := filepath.Join(out, sample.VersionsDir)
	if err := os.RemoveAll(all); err != nil {
		return err
	}
	for _, one := range trained {
		c := exec.CommandContext(ctx, program, append([]string{"train", project, "--view", view, "--name", one.name}, one.flags...)...)
		c.Env = append(os.Environ(), "VIEWFINDER_CONFIG="+filepath.Join(dir, "config"))
		c.Stdout, c.Stderr = os.Stdout, os.Stderr
		if err := c.Run(); err != nil {
			return fmt.Errorf("training %s: %w", one.name, err)
		}
		if err := pack(ctx, project, one.name, filepath.Join(all, one.folder)); err != nil {
			return err
		}
	}
	return nil
}

// plain makes the sample project without versions.
func plain(ctx context.Context, project string) error {
	p, err := studio.Sample(ctx, project)
	if err != nil {
		return err
	}
	versions, err := p.Versions(ctx, 0)
	for _, v := range versions {
		err = errors.Join(err, p.DeleteVersion(ctx, v.ID))
	}
	return errors.Join(err, p.Close())
}

// pack writes a version's folder.
func pack(ctx context.Context, project, name, folder string) error {
	p, err := studio.Open(ctx, project)
	if err != nil {
		return err
	}
	defer p.Close()
	if err := p.Sync(ctx); err != nil {
		return err
	}
	v, err := p.FindVersion(ctx, name)
	if err != nil {
		return err
	}
	files, err := p.Pack(ctx, v.ID)
	if err != nil {
		return err
	}
	if files[sample.VersionFile], err = json.MarshalIndent(sample.Version{View: view, Name: name, Options: v.Options}, "", " "); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for name, data := range files {
		if bytes.Contains(data, []byte(os.TempDir())) && strings.HasSuffix(name, ".json") {
			return fmt.Errorf("%s names a folder of this machine", name)
		}
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil {
			return err
		}
		log.Printf("%s/%s: %d kB", filepath.Base(folder), name, len(data)>>10)
	}
	return nil
}
