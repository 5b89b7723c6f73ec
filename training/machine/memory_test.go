package machine

import (
	"os"
	"regexp"
	"runtime"
	"strconv"
	"testing"
	"testing/fstest"
)

func TestMeminfo(t *testing.T) {
	for text, want := range map[string]Memory{
		"MemTotal:       16303108 kB\nMemFree:          812344 kB\nMemAvailable:    9120044 kB\nBuffers:          402212 kB\n": {16303108 << 10, 9120044 << 10},
		"MemTotal:       16303108 kB\nMemFree:          812344 kB\n":                                                           {16303108 << 10, 0}, // kernels before 3.14
		"MemTotal: lots\nMemAvailable: -4 kB\n":                                                                                {},
		"MemAvailable: 99999999999999999 kB\n":                                                                                 {},
		"":                                                                                                                     {},
	} {
		if got := linuxMemory(fstest.MapFS{"proc/meminfo": {Data: []byte(text)}}); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

func TestVMStat(t *testing.T) {
	const rest = `Pages free:                               10000.
Pages active:                            391020.
Pages inactive:                          300000.
Pages speculative:                         5000.
Pages throttled:                              0.
Pages wired down:                        141823.
Pages purgeable:                           4027.
"Translation faults":                 211312332.
`
	for text, want := range map[string]int64{
		"Mach Virtual Memory Statistics: (page size of 16384 bytes)\n" + rest: 315000 * 16384,
		"Mach Virtual Memory Statistics: (page size of 4096 bytes)\n" + rest:  315000 * 4096,
		"Mach Virtual Memory Statistics: (page size of no bytes)\n" + rest:    0,
		"Mach Virtual Memory Statistics: (page size of 4096 bytes)":           0,
		rest: 0,
		"":   0,
	} {
		if got := parseVMStat(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

// The three systems that the program is made for report both numbers; on Linux the total is that of /proc/meminfo.
func TestMemoryOfThisMachine(t *testing.T) {
	m := ReadMemory()
	switch runtime.GOOS {
	case "linux", "darwin", "windows":
		if m.Total < 64<<20 || m.Available <= 0 || m.Available > m.Total {
			t.Errorf("%+v", m)
		}
	}
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return
	}
	found := regexp.MustCompile(`MemTotal: +(\d+) kB`).FindSubmatch(text)
	if found == nil {
		return
	}
	if kib, err := strconv.ParseInt(string(found[1]), 10, 64); err != nil || m.Total != kib<<10 {
		t.Errorf("%d bytes, but /proc/meminfo says %s KiB (%v)", m.Total, found[1], err)
	}
}
