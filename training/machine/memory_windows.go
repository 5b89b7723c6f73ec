package machine

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

var globalMemoryStatusEx = windows.NewLazySystemDLL("kernel32.dll").NewProc("GlobalMemoryStatusEx")

func readMemory() Memory {
	var status struct { // MEMORYSTATUSEX
		Length, Load                                 uint32
		TotalPhysical, AvailablePhysical             uint64
		TotalPage, AvailablePage                     uint64
		TotalVirtual, AvailableVirtual, AvailableExt uint64
	}
	status.Length = uint32(unsafe.Sizeof(status))
	if ok, _, _ := globalMemoryStatusEx.Call(uintptr(unsafe.Pointer(&status))); ok == 0 {
		return Memory{}
	}
	return Memory{Total: int64(status.TotalPhysical), Available: int64(status.AvailablePhysical)}
}
