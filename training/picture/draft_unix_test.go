//go:build unix

package picture

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// processorTime is what this process has used so far, on all processors.
func processorTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkDraft decodes the JPEGs of the folder VIEWFINDER_PHOTOS at each scale; cpu-ms is the least processor time of a decoding, which
// testdata/draft.py measures of PIL in the same way.
func BenchmarkDraft(b *testing.B) {
	files, _ := filepath.Glob(filepath.Join(os.Getenv("VIEWFINDER_PHOTOS"), "*.jpg"))
	if len(files) == 0 {
		b.Skip("VIEWFINDER_PHOTOS names no folder of JPEGs; testdata/draft.py makes one")
	}
	for _, file := range files {
		for _, scale := range []int{1, 2, 4, 8} {
			b.Run(fmt.Sprintf("%s/%d", filepath.Base(file), scale), func(b *testing.B) {
				least := time.Hour
				for b.Loop() {
					before := processorTime()
					data, err := os.ReadFile(file)
					if err != nil {
						b.Fatal(err)
					}
					if _, _, err := DecodeReduced(bytes.NewReader(data), file, scale, Limits{}); err != nil {
						b.Fatal(err)
					}
					least = min(least, processorTime()-before)
				}
				b.ReportMetric(least.Seconds()*1000, "cpu-ms")
			})
		}
	}
}
