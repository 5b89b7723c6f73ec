package runs

import "context"

func onBattery(context.Context) (bool, error) { return linuxBattery("/sys/class/power_supply") }
