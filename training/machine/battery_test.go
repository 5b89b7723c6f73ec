package machine

import (
	"io/fs"
	"path"
	"testing"
	"testing/fstest"
)

func TestBattery(t *testing.T) {
	type supply map[string]string
	for name, c := range map[string]struct {
		supplies  map[string]supply
		on, known bool
	}{
		"laptop on battery":       {map[string]supply{"AC": {"type": "Mains", "online": "0"}, "BAT0": {"type": "Battery", "status": "Discharging"}}, true, true},
		"laptop on mains":         {map[string]supply{"AC": {"type": "Mains", "online": "1"}, "BAT0": {"type": "Battery", "status": "Charging"}}, false, true},
		"on USB-C":                {map[string]supply{"AC": {"type": "Mains", "online": "0"}, "ucsi": {"type": "USB", "online": "1"}, "BAT0": {"type": "Battery", "status": "Charging"}}, false, true},
		"desktop":                 {map[string]supply{}, false, false},
		"desktop with a mouse":    {map[string]supply{"hid": {"type": "Battery", "scope": "Device", "status": "Discharging"}}, false, false},
		"a battery, nothing else": {map[string]supply{"BAT1": {"type": "Battery", "status": "Discharging"}}, true, true},
		"full, mains offline":     {map[string]supply{"AC": {"type": "Mains", "online": "0"}, "BAT0": {"type": "Battery", "status": "Full"}}, false, true},
	} {
		root := fstest.MapFS{"sys/class/power_supply": {Mode: fs.ModeDir}}
		for dir, files := range c.supplies {
			for file, text := range files {
				root[path.Join("sys/class/power_supply", dir, file)] = &fstest.MapFile{Data: []byte(text + "\n")}
			}
		}
		if on, err := linuxBattery(root); on != c.on || (err == nil) != c.known {
			t.Errorf("%s: %v, %v", name, on, err)
		}
	}
	if on, err := linuxBattery(fstest.MapFS{}); on || err == nil {
		t.Error("on battery without a folder")
	}
	for text, want := range map[string]bool{
		"Now drawing from 'Battery Power'\n -InternalBattery-0 (id=1)\t87%; discharging; 4:02 remaining present: true\n": true,
		"Now drawing from 'AC Power'\n -InternalBattery-0 (id=1)\t100%; charged; 0:00 remaining present: true\n":         false,
	} {
		if on, err := pmsetBattery(text); on != want || err != nil {
			t.Errorf("%q: %v, %v", text, on, err)
		}
	}
	if _, err := pmsetBattery("nonsense"); err == nil {
		t.Error("nonsense is read as something")
	}
}
