package words

import (
	"math"
	"testing"
	"time"
)

func TestWords(t *testing.T) {
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct{ got, want string }{
		{Number(0), "0"}, {Number(999), "999"}, {Number(1204), "1,204"}, {Number(-123), "-123"}, {Number(-1234567), "-1,234,567"},
		{Count(0, "box"), "0 boxes"}, {Count(1, "box"), "1 box"}, {Count(2, "box"), "2 boxes"}, {Count(1204, "image"), "1,204 images"},
		{Count(1, "image is", "images are"), "1 image is"}, {Count(2, "image is", "images are"), "2 images are"},
		{Plural("class"), "classes"}, {Plural("branch"), "branches"}, {Plural("category"), "categories"}, {Plural("key"), "keys"},
		{Plural("epoch"), "epochs"}, {Plural("batch"), "batches"}, {Plural("child view"), "child views"}, {Plural("y"), "ys"},

		{Percent(0.8731), "87.3%"}, {Percent(1), "100.0%"}, {Percent(math.NaN()), "–"}, {RoundPercent(0.984), "98%"}, {RoundPercent(math.Inf(1)), "–"},

		{Bytes(-1), "–"}, {Bytes(0), "0 B"}, {Bytes(999), "999 B"}, {Bytes(2_300_000), "2.3 MB"}, {Bytes(999_999), "1.0 MB"}, {Bytes(64_000), "64 kB"},
		{Bytes(1_200_000_000), "1.2 GB"}, {Bytes(9_960_000_000), "10 GB"}, {Bytes(math.MaxInt64), "9.2 EB"},

		{Duration(-1), "–"}, {Duration(0), "0 ms"}, {Duration(45 * time.Second), "45 s"}, {Duration(89*time.Second + 999*time.Millisecond), "90 s"},
		{Duration(90 * time.Second), "2 min"}, {Duration(6 * time.Minute), "6 min"}, {Duration(time.Hour - time.Second), "1 h"},
		{Duration(130 * time.Minute), "2 h 10 min"}, {Duration(2*time.Hour - 20*time.Second), "2 h"}, {Duration(80 * time.Hour), "3 days"},

		{Seconds(42.3), "42 s"}, {Seconds(125), "2 min"},

		{Ago(now, now), "just now"}, {Ago(now.Add(-5*time.Minute), now), "5 minutes ago"}, {Ago(now.Add(-time.Hour), now), "1 hour ago"},
		{Ago(now.Add(-13*time.Hour), now), "yesterday"}, {Ago(now.Add(-30*time.Hour), now), "yesterday"},
		{Ago(now.Add(-72*time.Hour), now), "3 days ago"}, {Ago(now.Add(-240*time.Hour), now), "24 Apr 2026"}, {Ago(time.Time{}, now), "never"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
