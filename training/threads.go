package training

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"viewfinder/storage/wholefile"
	"viewfinder/training/machine"
)

// threadsFile holds how many processor cores a training is to use, where that differs from its options. It stays, so that a resume keeps to it.
const threadsFile = "threads"

// threadsLook is how often a running trainer looks for it.
const threadsLook = 500 * time.Millisecond

// RequestThreads has a training use so many processor cores from its next step on, 0 = all. The result is the same with any number.
func RequestThreads(dir string, threads int) error {
	if threads < 0 || threads > maxThreads {
		return fmt.Errorf("%d threads: must be from 0 (all cores) to %s", threads, plain(maxThreads))
	}
	path := filepath.Join(dir, threadsFile)
	if err := wholefile.WriteLoosely(path, []byte(strconv.Itoa(threads)+"\n")); err != nil {
		return fmt.Errorf("asking the training to use %d cores: %w", threads, err)
	}
	return nil
}

// RequestedThreads is how many cores the folder's training is to use, 0 = all; otherwise is the number of its options.
func RequestedThreads(dir string, otherwise int) int {
	path := filepath.Join(dir, threadsFile)
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() || info.Size() > 32 {
		return otherwise
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return otherwise
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil || n < 0 || n > maxThreads {
		return otherwise
	}
	return n
}

// Cores is how many processor cores this machine has for a training.
func Cores() int { return machine.ThisProcessor().Cores }

// watchThreads looks for another wish until ctx ends.
func (t *trainer) watchThreads(ctx context.Context) {
	tick := time.NewTicker(threadsLook)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			t.wished.Store(int64(RequestedThreads(t.dir, t.o.Threads)))
		}
	}
}

// takeThreads changes to the number of threads that is wished for.
func (t *trainer) takeThreads() {
	wished := int(t.wished.Load())
	if wished == t.threads {
		return
	}
	t.threads = wished
	t.step.SetThreads(wished)
	t.eval.p.SetThreads(wished)
	cores := "all cores"
	switch {
	case wished == 1:
		cores = "one core"
	case wished > 1:
		cores = fmt.Sprintf("%d cores", wished)
	}
	t.note(t.progress.Iteration, NameThreads, "Uses "+cores+" from now on.")
}
