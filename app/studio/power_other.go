//go:build !linux && !darwin && !windows

package studio

import "context"

func onBattery(context.Context) (bool, error) { return false, errNoPower }
