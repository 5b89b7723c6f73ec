package machine

import (
	"context"
	"unsafe"

	"golang.org/x/sys/windows"
)

var getSystemPowerStatus = windows.NewLazySystemDLL("kernel32.dll").NewProc("GetSystemPowerStatus")

func onBattery(context.Context) (bool, error) {
	var status struct { // SYSTEM_POWER_STATUS
		ACLine, BatteryFlag, LifePercent, SystemFlag byte
		LifeTime, FullLifeTime                       uint32
	}
	if ok, _, _ := getSystemPowerStatus.Call(uintptr(unsafe.Pointer(&status))); ok == 0 || status.ACLine > 1 {
		return false, errNoPower
	}
	return status.ACLine == 0, nil
}
