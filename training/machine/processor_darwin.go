package machine

import (
	"encoding/binary"

	"golang.org/x/sys/unix"
)

func readProcessor(logical int) Processor {
	return darwinProcessor(func(name string) int {
		switch value, _ := unix.SysctlRaw(name); len(value) {
		case 4:
			return int(int32(binary.LittleEndian.Uint32(value)))
		case 8:
			return int(binary.LittleEndian.Uint64(value))
		}
		return 0
	}, logical)
}
