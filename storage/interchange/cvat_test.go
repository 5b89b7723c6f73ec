package interchange

import (
	"context"
	"strings"
	"testing"

	"viewfinder/storage/domain"
)

const cvatText = `<?xml version="1.0" encoding="utf-8"?>
<annotations><version>1.1</version><meta><task><labels><label><name>bolt</name></label><label><name>nut</name></label></labels><original_size><width>64</width><height>48</height></original_size></task></meta>
%</annotations>`

func cvatFileText(inner string) string {
	return cvatText[:len(cvatText)-len("%</annotations>")] + inner + "</annotations>"
}

func TestCVAT(t *testing.T) {
	image := func(inner string) map[string]string {
		return map[string]string{"images/p0.jpg": "", "images/sub/q.jpg": "", "annotations.xml": cvatFileText(`<image id="0" name="p0.jpg" subset="train" width="64" height="48">` + inner + `</image><image id="1" name="sub/q.jpg" width="64" height="48"/>`)}
	}
	rest := "images/sub/q.jpg not annotated\n"
	runFields(t, []field{
		{name: "box", files: image(`<box label="bolt" xtl="15" ytl="7" xbr="36" ybr="23" z_order="0"><attribute name="a">b</attribute></box>`), format: CVAT, view: domain.Detection, boxes: "images/" + bolt1 + rest},
		{name: "turned by 90 degrees", files: image(`<box label="bolt" xtl="20" ytl="20" xbr="40" ybr="30" rotation="90"/>`), format: CVAT, view: domain.Detection, boxes: "images/p0.jpg\n  bolt 0.3906 0.3125 0.5469 0.7292\n" + rest},
		{name: "other shapes", files: image(`<polygon label="bolt" points="15,7;36,7;36,23"/><ellipse label="nut" cx="32" cy="24" rx="16" ry="12"/><mask label="nut" rle="1, 2" left="0" top="0" width="32" height="24"/><polyline label="nut" points="1,1;2,2"/>`), format: CVAT, view: domain.Detection,
			boxes: "images/" + bolt1 + "  nut 0.25 0.25 0.75 0.75\n  nut 0 0 0.5 0.5\n" + rest, problems: []string{"polyline"}},
		{name: "tags", files: image(`<tag label="bolt"/><tag label="nut"/>`), format: CVAT, view: domain.Tagging, lines: "images/p0.jpg|train|bolt;nut\nimages/sub/q.jpg||-\n"},
		{name: "a project's export with a folder for each subset", files: map[string]string{"images/Train/p.jpg": "", "images/Validation/p.jpg": "", "annotations.xml": cvatFileText(
			`<image id="0" name="p.jpg" subset="Train" width="64" height="48"><box label="bolt" xtl="15" ytl="7" xbr="36" ybr="23"/></image><image id="0" name="p.jpg" subset="Validation" width="64" height="48"><box label="nut" xtl="0" ytl="0" xbr="32" ybr="24"/></image>`)},
			format: CVAT, view: domain.Detection, lines: "images/Train/p.jpg|train|bolt\nimages/Validation/p.jpg|val|nut\n"},
		{name: "video", files: map[string]string{"frame_000000.jpg": "", "frame_000001.jpg": "", "annotations.xml": cvatFileText(`<track id="0" label="bolt"><box frame="0" outside="0" xtl="15" ytl="7" xbr="36" ybr="23"/><box frame="1" outside="1" xtl="15" ytl="7" xbr="36" ybr="23"/></track>`)},
			format: CVAT, view: domain.Detection, lines: "frame_000000.jpg||bolt\n", notes: []string{"by the end of the path"}},
	})
}

func TestCVATRefuses(t *testing.T) {
	for _, text := range []string{`<!DOCTYPE a [<!ENTITY x "y">]><annotations><version>1.1</version></annotations>`, cvatFileText("<image"), cvatFileText(strings.Repeat("<a>", 100))} {
		dir := tree(t, map[string]string{"p0.jpg": "", "annotations.xml": text})
		if r := readAll(t, dir, ""); r.err == nil || r.format != CVAT {
			t.Errorf("%.60s: %+v", text, r)
		}
	}
}

func FuzzCVAT(f *testing.F) {
	f.Add([]byte(cvatFileText(`<image name="a.jpg" width="64" height="48"><box label="bolt" xtl="1" ytl="2" xbr="3" ybr="4" rotation="nan"/><tag label="x"/></image>`)))
	f.Add([]byte(cvatFileText(`<track label="x"><polygon frame="9" points="1,1;2,2;3"/></track>`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := cvatFile{name: "a.xml", problem: func(Problem) {}}
		c.parse(context.Background(), data)
		for _, r := range c.all() {
			checkRecord(t, r)
		}
	})
}
