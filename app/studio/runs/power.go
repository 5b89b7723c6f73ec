package runs

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// errNoPower is what a system says that does not tell where its power comes from.
var errNoPower = errors.New("this system does not report whether it runs on battery")

// OnBattery says whether the machine runs on its battery; false where the system does not tell, or has none.
func OnBattery() bool {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	on, err := onBattery(ctx)
	return err == nil && on
}

// linuxBattery reads /sys/class/power_supply: on battery is a machine whose mains are all offline, or one without mains that has a battery of its
// own (not of a mouse or a headset) that is discharging.
func linuxBattery(root string) (bool, error) {
	entries, err := os.ReadDir(root)
	if err != nil {
		return false, errNoPower
	}
	read := func(name, file string) string {
		b, err := os.ReadFile(filepath.Join(root, name, file))
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(b))
	}
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
		return false, nil // a desktop whose supply says nothing useful
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
