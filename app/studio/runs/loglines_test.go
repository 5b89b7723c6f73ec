package runs

import "testing"

func TestReadableLine(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{`time=2026-11-25T01:17:26.708Z level=INFO msg=training name=v1 from=0`, `01:17:26  training name=v1 from=0`},
		{`time=2026-11-25T01:17:26.708Z level=INFO msg="---- trainer started" pid=7`, `01:17:26  ---- trainer started pid=7`},
		{`time=2026-11-25T01:17:26.708+01:00 level=WARN msg="told \"no\""`, `01:17:26  WARN told "no"`},
		{"goroutine 1 [running]:", "goroutine 1 [running]:"},
		{"", ""},
	} {
		if got := readableLine(c.line); got != c.want {
			t.Errorf("%q reads %q, want %q", c.line, got, c.want)
		}
	}
}
