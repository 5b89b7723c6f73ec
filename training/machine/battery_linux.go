package machine

import (
	"context"
	"os"
)

func onBattery(context.Context) (bool, error) { return linuxBattery(os.DirFS("/")) }
