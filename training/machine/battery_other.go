//go:build !linux && !darwin && !windows

package machine

import "context"

func onBattery(context.Context) (bool, error) { return false, errNoPower }
