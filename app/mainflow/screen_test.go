//go:build window

package mainflow

import (
	"bytes"
	"os/exec"
	"time"
)

// screen is what the display shows now: three bytes a pixel.
func (d *desk) screen() []byte {
	d.t.Helper()
	c := exec.Command("import", "-window", "root", "-depth", "8", "rgb:-")
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.Output()
	if err != nil {
		d.t.Fatalf("import: %v: %s", err, errs.String())
	}
	return out
}

// A blinking cursor and a number that counts up are a few hundred pixels; a page, a dialog or a selection is many more.
const fewPixels = 600

// differ reports whether two screens differ in more than a few pixels.
func differ(a, b []byte) bool {
	if len(a) != len(b) {
		return true
	}
	n := 0
	for i := 0; i+2 < len(a); i += 3 {
		if a[i] != b[i] || a[i+1] != b[i+1] || a[i+2] != b[i+2] {
			if n++; n > fewPixels {
				return true
			}
		}
	}
	return false
}

// still waits until the screen shows something and has stopped changing, as a person does before the next key.
func (d *desk) still() {
	d.t.Helper()
	before, since := d.screen(), time.Now()
	d.until("the window stops changing", time.Minute, func() bool {
		now := d.screen()
		if differ(before, now) || !differ(now, make([]byte, len(now))) { // an empty display is black
			before, since = now, time.Now()
			return false
		}
		return time.Since(since) > 700*time.Millisecond
	})
}

// shows does something that the window answers by showing something else, and waits until it has.
func (d *desk) shows(what string, act func()) {
	d.t.Helper()
	before := d.screen()
	act()
	d.until("the window shows "+what, time.Minute, func() bool { return differ(before, d.screen()) })
	d.still()
}
