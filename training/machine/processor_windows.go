package machine

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	getLogicalProcessorInformation = windows.NewLazySystemDLL("kernel32.dll").NewProc("GetLogicalProcessorInformation")
	getProcessAffinityMask         = windows.NewLazySystemDLL("kernel32.dll").NewProc("GetProcessAffinityMask")
)

func readProcessor(logical int) Processor {
	var size uint32
	_, _, _ = getLogicalProcessorInformation.Call(0, uintptr(unsafe.Pointer(&size))) // fails, and returns how much room it needs
	if size == 0 || size > 1<<20 {
		return defaults(logical)
	}
	table := make([]byte, size)
	if ok, _, _ := getLogicalProcessorInformation.Call(uintptr(unsafe.Pointer(&table[0])), uintptr(unsafe.Pointer(&size))); ok == 0 {
		return defaults(logical)
	}
	var allowed, there uint64
	if ok, _, _ := getProcessAffinityMask.Call(uintptr(windows.CurrentProcess()), uintptr(unsafe.Pointer(&allowed)), uintptr(unsafe.Pointer(&there))); ok == 0 {
		allowed = 0
	}
	return windowsProcessor(table[:min(int(size), len(table))], allowed, logical)
}
