package machine

import (
	"bufio"
	"bytes"
	"io/fs"
	"strconv"
	"strings"
)

// Memory is the machine's main memory, in bytes; 0 where the system does not report it.
type Memory struct {
	Total     int64
	Available int64 // what programs can still take without anything being written to a disk
}

// ReadMemory asks the system.
func ReadMemory() Memory { return readMemory() }

// linuxMemory reads /proc/meminfo beneath root.
func linuxMemory(root fs.FS) (m Memory) {
	text, err := fs.ReadFile(root, "proc/meminfo")
	if err != nil {
		return Memory{}
	}
	for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
		name, rest, _ := strings.Cut(s.Text(), ":")
		kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(rest, "kB")), 10, 64)
		if err != nil || kib < 0 || kib > 1<<50 {
			continue
		}
		switch name {
		case "MemTotal":
			m.Total = kib << 10
		case "MemAvailable":
			m.Available = kib << 10
		}
	}
	return m
}

// parseVMStat reads what macOS's vm_stat prints: available is what is free, was read ahead (speculative) or is inactive.
func parseVMStat(text string) (available int64) {
	first, rest, _ := strings.Cut(text, "\n")
	_, size, _ := strings.Cut(first, "page size of ")
	size, _, _ = strings.Cut(size, " ")
	page, err := strconv.ParseInt(size, 10, 64)
	if err != nil || page <= 0 || page > 1<<24 {
		return 0
	}
	for s := bufio.NewScanner(strings.NewReader(rest)); s.Scan(); {
		name, value, _ := strings.Cut(s.Text(), ":")
		n, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), "."), 10, 64)
		if err != nil || n < 0 || n > 1<<38 {
			continue
		}
		switch name {
		case "Pages free", "Pages speculative", "Pages inactive":
			available += n * page
		}
	}
	return available
}
