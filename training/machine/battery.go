package machine

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"
	"time"
)

// errNoPower is the error where a system does not report its source of power.
var errNoPower = errors.New("this system does not report whether it runs on battery")

// OnBattery reports whether the machine runs on its battery; false where the system does not report it, or has none.
func OnBattery() bool {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	on, err := onBattery(ctx)
	return err == nil && on
}

// linuxBattery reads /sys/class/power_supply beneath root: on battery is a machine whose mains are all offline, or one without mains that has a battery of its
// own (not of a mouse or a headset) that is discharging.
func linuxBattery(root fs.FS) (bool, error) {
	const supplies = "sys/class/power_supply"
	entries, err := fs.ReadDir(root, supplies)
	if err != nil {
		return false, errNoPower
	}
	read := func(name, file string) string { return readLine(root, path.Join(supplies, name, file)) }
	mains, online, discharging := false, false, false
	for _, e := range entries {
		if read(e.Name(), "scope") == "Device" {
			continue
		}
		switch read(e.Name(), "type") {
		case "Mains", "USB", "USB_C", "USB_PD", "Wireless":
			state := read(e.Name(), "online")
			mains = mains || state != ""
			online = online || state != "" && state != "0"
		case "Battery":
			discharging = discharging || read(e.Name(), "status") == "Discharging"
		}
	}
	switch {
	case online:
		return false, nil
	case discharging:
		return true, nil
	case mains:
		return false, nil // a desktop whose supply reports nothing useful
	}
	return false, errNoPower
}

// pmsetBattery reads what macOS's "pmset -g batt" prints.
func pmsetBattery(out string) (bool, error) {
	first, _, _ := strings.Cut(out, "\n")
	switch {
	case strings.Contains(first, "'Battery Power'"):
		return true, nil
	case strings.Contains(first, "'AC Power'"):
		return false, nil
	}
	return false, errNoPower
}
