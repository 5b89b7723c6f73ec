package machine

import (
	"encoding/binary"
	"io/fs"
	"path"
	"runtime"
	"strconv"
	"strings"
	"sync"
)

// Processor is what the arithmetic is fitted to.
type Processor struct {
	Cores       int // physical cores that this process may use: two threads of one core are counted once
	L1, L2, L3  int // bytes of data cache: L1 and L2 of a core, L3 as shared
	CachesKnown bool
}

// defaults is a processor of which nothing is known but how many logical processors the process may use.
func defaults(logical int) Processor {
	return Processor{Cores: logical, L1: 32 << 10, L2: 256 << 10, L3: 4 << 20}
}

// ThisProcessor asks the system, once.
var ThisProcessor = sync.OnceValue(func() Processor { return readProcessor(runtime.NumCPU()) })

// setCache takes the size of a data cache, in bytes, into account.
func (p *Processor) setCache(level string, size int) {
	if size <= 0 {
		return
	}
	switch level {
	case "1":
		p.L1 = size
	case "2":
		p.L2 = size
	case "3":
		p.L3 = size
	default:
		return
	}
	p.CachesKnown = true
}

// linuxProcessor reads /proc/self/status and /sys/devices/system/cpu beneath root. The caches are those of the first core.
func linuxProcessor(root fs.FS, logical int) Processor {
	p := defaults(logical)
	cores := map[string]bool{}
	siblings, _ := fs.Glob(root, "sys/devices/system/cpu/cpu[0-9]*/topology/thread_siblings_list")
	allowed := linuxAllowed(root)
	for _, file := range siblings {
		number := strings.TrimPrefix(path.Base(path.Dir(path.Dir(file))), "cpu")
		if s := readLine(root, file); s != "" && (allowed == nil || allowed[number]) {
			cores[s] = true
		}
	}
	if len(cores) > 0 {
		p.Cores = min(len(cores), logical)
	}
	caches, _ := fs.Glob(root, "sys/devices/system/cpu/cpu0/cache/index*")
	for _, dir := range caches {
		if readLine(root, dir+"/type") != "Instruction" {
			p.setCache(readLine(root, dir+"/level"), parseSize(readLine(root, dir+"/size")))
		}
	}
	return p
}

// linuxAllowed are the numbers of the logical processors that this process may use; nil where the system does not report it.
func linuxAllowed(root fs.FS) map[string]bool {
	text, err := fs.ReadFile(root, "proc/self/status")
	if err != nil {
		return nil
	}
	_, list, found := strings.Cut(string(text), "\nCpus_allowed_list:")
	if !found {
		return nil
	}
	list, _, _ = strings.Cut(list, "\n")
	allowed := map[string]bool{}
	for span := range strings.SplitSeq(strings.TrimSpace(list), ",") {
		first, last, isSpan := strings.Cut(span, "-")
		from, err := strconv.Atoi(first)
		to := from
		if isSpan && err == nil {
			to, err = strconv.Atoi(last)
		}
		if err != nil || from < 0 || to-from > 1<<16 {
			return nil
		}
		for n := from; n <= to; n++ {
			allowed[strconv.Itoa(n)] = true
		}
	}
	return allowed
}

// readLine is "" where the file cannot be read.
func readLine(root fs.FS, name string) string {
	b, err := fs.ReadFile(root, name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// parseSize reads "48K"; 0 where it cannot be read.
func parseSize(s string) int {
	unit := 1
	switch {
	case strings.HasSuffix(s, "K"):
		unit = 1 << 10
	case strings.HasSuffix(s, "M"):
		unit = 1 << 20
	}
	n, err := strconv.Atoi(strings.TrimRight(s, "KM"))
	if err != nil || n < 0 || n > 1<<40/unit {
		return 0
	}
	return n * unit
}

// darwinProcessor asks macOS's sysctl, which returns 0 for names that it does not know. Of processors with two kinds of core, the caches are those
// of the fast ones, whose second level several cores share.
func darwinProcessor(sysctl func(name string) int, logical int) Processor {
	p := defaults(logical)
	if n := sysctl("hw.physicalcpu"); n > 0 {
		p.Cores = min(n, logical)
	}
	first := func(names ...string) int {
		for _, name := range names {
			if n := sysctl(name); n > 0 {
				return n
			}
		}
		return 0
	}
	p.setCache("1", first("hw.perflevel0.l1dcachesize", "hw.l1dcachesize"))
	p.setCache("2", first("hw.perflevel0.l2cachesize", "hw.l2cachesize")/max(1, sysctl("hw.perflevel0.cpusperl2")))
	p.setCache("3", first("hw.perflevel0.l3cachesize", "hw.l3cachesize"))
	return p
}

// windowsProcessor reads what Windows' GetLogicalProcessorInformation fills in: an array of SYSTEM_LOGICAL_PROCESSOR_INFORMATION in the layout of
// 64-bit programs. allowed is the mask of the logical processors that this process may use; 0 = all.
func windowsProcessor(table []byte, allowed uint64, logical int) Processor {
	const (
		entry     = 32
		core      = 0 // values of Relationship
		cache     = 2
		dataCache = 2 // values of CACHE_DESCRIPTOR.Type
		unified   = 0
	)
	p := defaults(logical)
	cores := 0
	for ; len(table) >= entry; table = table[entry:] {
		mask, relationship, union := binary.LittleEndian.Uint64(table), binary.LittleEndian.Uint32(table[8:]), table[16:]
		if allowed != 0 && mask&allowed == 0 {
			continue
		}
		switch relationship {
		case core:
			cores++
		case cache:
			if kind := binary.LittleEndian.Uint32(union[8:]); kind == dataCache || kind == unified {
				p.setCache(strconv.Itoa(int(union[0])), int(binary.LittleEndian.Uint32(union[4:])))
			}
		}
	}
	if cores > 0 {
		p.Cores = min(cores, logical)
	}
	return p
}
