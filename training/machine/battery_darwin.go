package machine

import (
	"context"
	"os/exec"
)

func onBattery(ctx context.Context) (bool, error) {
	out, err := exec.CommandContext(ctx, "/usr/bin/pmset", "-g", "batt").Output()
	if err != nil {
		return false, errNoPower
	}
	return pmsetBattery(string(out))
}
