//go:build !linux && !darwin && !windows

package runs

import "context"

func onBattery(context.Context) (bool, error) { return false, errNoPower }
