package machine

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"testing"
	"testing/fstest"
)

// linuxFiles is the part of /sys and /proc that describes a processor: the siblings of each logical processor, the caches of the first
// ("2 Unified 512K"), and the list of those that the process may use.
func linuxFiles(siblings, caches []string, allowed string) fstest.MapFS {
	files := fstest.MapFS{}
	put := func(name, text string) { files[name] = &fstest.MapFile{Data: []byte(text + "\n")} }
	for i, s := range siblings {
		put(fmt.Sprintf("sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", i), s)
	}
	for i, c := range caches {
		var level, kind, size string
		_, _ = fmt.Sscan(c, &level, &kind, &size)
		dir := fmt.Sprintf("sys/devices/system/cpu/cpu0/cache/index%d/", i)
		put(dir+"level", level)
		put(dir+"type", kind)
		put(dir+"size", size)
	}
	put("sys/devices/system/cpu/cpufreq/boost", "1") // its name begins as those of processors
	if allowed != "" {
		put("proc/self/status", "Name:\tviewfinder\nCpus_allowed:\tff\nCpus_allowed_list:\t"+allowed+"\nMems_allowed:\t00000001")
	}
	return files
}

func TestLinuxProcessor(t *testing.T) {
	ryzen := []string{"1 Data 32K", "1 Instruction 64K", "2 Unified 512K", "3 Unified 16384K"}
	pairs := []string{"0,4", "1,5", "2,6", "3,7", "0,4", "1,5", "2,6", "3,7"}
	single := []string{"0", "1", "2", "3"}
	for name, c := range map[string]struct {
		files   fstest.MapFS
		logical int
		want    Processor
	}{
		"4 cores of 2 threads":           {linuxFiles(pairs, ryzen, "0-7"), 8, Processor{4, 32 << 10, 512 << 10, 16 << 20, true}},
		"both threads of one core":       {linuxFiles(pairs, ryzen, "1,5"), 2, Processor{1, 32 << 10, 512 << 10, 16 << 20, true}},
		"one thread of each of 3 cores":  {linuxFiles(pairs, ryzen, "0,5-6"), 3, Processor{3, 32 << 10, 512 << 10, 16 << 20, true}},
		"4 cores of an ARM board":        {linuxFiles(single, []string{"1 Data 64K", "1 Instruction 64K", "2 Unified 2M"}, "0-3"), 4, Processor{4, 64 << 10, 2 << 20, 4 << 20, true}},
		"no caches, as in some machines": {linuxFiles(single, nil, "0-3"), 4, Processor{4, 32 << 10, 256 << 10, 4 << 20, false}},
		"who may use what is not told":   {linuxFiles(pairs, ryzen, ""), 8, Processor{4, 32 << 10, 512 << 10, 16 << 20, true}},
		"a list that cannot be read":     {linuxFiles(pairs, ryzen, "0-many"), 8, Processor{4, 32 << 10, 512 << 10, 16 << 20, true}},
		"a list of far too many":         {linuxFiles(pairs, ryzen, "0-4000000000"), 8, Processor{4, 32 << 10, 512 << 10, 16 << 20, true}},
		"fewer than the files tell of":   {linuxFiles(single, ryzen, ""), 2, Processor{2, 32 << 10, 512 << 10, 16 << 20, true}},
		"sizes that are none":            {linuxFiles(single, []string{"1 Data lots", "2 Unified -4K", "3 Unified 99999999999999M", "9 Unified 4K"}, ""), 4, Processor{4, 32 << 10, 256 << 10, 4 << 20, false}},
		"no files":                       {fstest.MapFS{}, 6, Processor{6, 32 << 10, 256 << 10, 4 << 20, false}},
	} {
		if got := linuxProcessor(c.files, c.logical); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestDarwinProcessor(t *testing.T) {
	for name, c := range map[string]struct {
		sysctl  map[string]int
		logical int
		want    Processor
	}{
		"Apple M1": {map[string]int{"hw.physicalcpu": 8, "hw.perflevel0.l1dcachesize": 128 << 10, "hw.l1dcachesize": 64 << 10,
			"hw.perflevel0.l2cachesize": 12 << 20, "hw.l2cachesize": 4 << 20, "hw.perflevel0.cpusperl2": 4}, 8, Processor{8, 128 << 10, 3 << 20, 4 << 20, true}},
		"Intel Core i7": {map[string]int{"hw.physicalcpu": 6, "hw.l1dcachesize": 32 << 10, "hw.l2cachesize": 256 << 10, "hw.l3cachesize": 12 << 20}, 12,
			Processor{6, 32 << 10, 256 << 10, 12 << 20, true}},
		"nothing told": {nil, 4, Processor{4, 32 << 10, 256 << 10, 4 << 20, false}},
		"nonsense":     {map[string]int{"hw.physicalcpu": -1, "hw.l1dcachesize": -5, "hw.perflevel0.cpusperl2": -3}, 4, Processor{4, 32 << 10, 256 << 10, 4 << 20, false}},
	} {
		if got := darwinProcessor(func(name string) int { return c.sysctl[name] }, c.logical); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestWindowsProcessor(t *testing.T) {
	var table []byte
	add := func(mask uint64, relationship uint32, union ...byte) {
		table = binary.LittleEndian.AppendUint64(table, mask)
		table = binary.LittleEndian.AppendUint32(table, relationship)
		table = append(table, 0, 0, 0, 0) // padding
		table = append(table, append(union, make([]byte, 16-len(union))...)...)
	}
	cache := func(mask uint64, level byte, kind uint32, size uint32) {
		union := []byte{level, 8, 64, 0} // associativity, line
		add(mask, 2, binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(union, size), kind)...)
	}
	for i := range 4 { // four cores of two threads
		mask := uint64(3) << (2 * i)
		add(mask, 0, 1)
		cache(mask, 1, 2, 48<<10)
		cache(mask, 1, 1, 32<<10) // of instructions
		cache(mask, 2, 0, 1280<<10)
	}
	cache(255, 3, 0, 8<<20)
	add(255, 3) // a package
	add(255, 1) // a NUMA node
	for name, c := range map[string]struct {
		table   []byte
		allowed uint64
		logical int
		want    Processor
	}{
		"all":                     {table, 0, 8, Processor{4, 48 << 10, 1280 << 10, 8 << 20, true}},
		"the mask of all":         {table, 255, 8, Processor{4, 48 << 10, 1280 << 10, 8 << 20, true}},
		"two threads of one core": {table, 12, 2, Processor{1, 48 << 10, 1280 << 10, 8 << 20, true}},
		"cut off":                 {table[:40], 0, 8, Processor{1, 32 << 10, 256 << 10, 4 << 20, false}},
		"nothing":                 {nil, 0, 8, Processor{8, 32 << 10, 256 << 10, 4 << 20, false}},
	} {
		if got := windowsProcessor(c.table, c.allowed, c.logical); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// TestProcessorOfThisMachine: whatever this machine is, the reported values are possible.
func TestProcessorOfThisMachine(t *testing.T) {
	p := ThisProcessor()
	if p.Cores < 1 || p.Cores > runtime.NumCPU() || p.L1 < 4<<10 || p.L2 < p.L1 || p.L3 < p.L1 {
		t.Errorf("%+v", p)
	}
	if runtime.GOOS == "darwin" && !p.CachesKnown {
		t.Errorf("macOS tells the sizes of the caches: %+v", p)
	}
}
