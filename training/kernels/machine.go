package kernels

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
)

// Machine is what the kernels know of the processor, read from the system and not assumed.
type Machine struct {
	Cores        int // physical cores this process may use
	L1, L2, L3   int // bytes of data cache: L1 and L2 of a core, L3 as shared; 32 KiB, 256 KiB and 4 MiB where unknown
	CachesKnown  bool
	Architecture string // GOARCH
}

var readMachine = sync.OnceValue(func() Machine {
	m := Machine{Cores: countCores(), L1: 32 << 10, L2: 256 << 10, L3: 4 << 20, Architecture: runtime.GOARCH}
	dirs, _ := filepath.Glob("/sys/devices/system/cpu/cpu0/cache/index*")
	for _, d := range dirs {
		kind, level := readLine(d+"/type"), readLine(d+"/level")
		size := parseSize(readLine(d + "/size"))
		if kind == "Instruction" || size <= 0 {
			continue
		}
		m.CachesKnown = true
		switch level {
		case "1":
			m.L1 = size
		case "2":
			m.L2 = size
		case "3":
			m.L3 = size
		}
	}
	return m
})

// ThisMachine describes the processor that the program runs on.
func ThisMachine() Machine { return readMachine() }

// PhysicalCores is the number of cores that this process may use, two threads of one core counted once.
func PhysicalCores() int { return readMachine().Cores }

func countCores() int {
	n := runtime.NumCPU()
	files, _ := filepath.Glob("/sys/devices/system/cpu/cpu[0-9]*/topology/thread_siblings_list")
	cores := map[string]bool{}
	for _, f := range files {
		if s := readLine(f); s != "" {
			cores[s] = true
		}
	}
	if len(cores) > 0 && len(cores) < n {
		return len(cores)
	}
	return n
}

func readLine(path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

func parseSize(s string) int {
	unit := 1
	switch {
	case strings.HasSuffix(s, "K"):
		unit = 1 << 10
	case strings.HasSuffix(s, "M"):
		unit = 1 << 20
	}
	n, err := strconv.Atoi(strings.TrimRight(s, "KM"))
	if err != nil {
		return 0
	}
	return n * unit
}
