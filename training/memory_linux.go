package training

import (
	"bufio"
	"fmt"
	"os"
)

// memoryBudget is what decoded pixels may take of the memory: a quarter of what is free, between 64 MiB and 4 GiB.
func memoryBudget() int64 {
	f, err := os.Open("/proc/meminfo")
	if err != nil {
		return 1 << 30
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		var kib int64
		if n, _ := fmt.Sscanf(s.Text(), "MemAvailable: %d kB", &kib); n == 1 {
			return min(max(kib<<10/4, 64<<20), 4<<30)
		}
	}
	return 1 << 30
}
