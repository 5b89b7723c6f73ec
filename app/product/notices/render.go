package main

import (
	"fmt"
	"sort"
	"strings"
)

const head = `THIRD-PARTY NOTICES

Viewfinder itself is under the MIT License (file LICENSE). Its binaries also contain the
software, fonts, icons and photos below, each under its own licence. The second part has the
full text of each licence; one that several components share is printed once.

This file is made by "make notices" from what is linked; a test holds it to go.mod.


COMPONENTS

`

// render writes the file: a table of the components, then the texts, numbered in the order in which they are first needed.
func render(list []component) string {
	list = append([]component(nil), list...)
	sort.SliceStable(list, func(i, j int) bool { return strings.ToLower(list[i].name) < strings.ToLower(list[j].name) })
	type licence struct {
		text string
		of   []string
	}
	var texts []*licence
	numbers := map[string]int{}
	var b strings.Builder
	b.WriteString(head)
	for _, c := range list {
		var refs []string
		for _, d := range c.texts {
			words := strings.Join(strings.Fields(d.text), " ")
			n, known := numbers[words]
			if !known {
				n = len(texts)
				numbers[words] = n
				texts = append(texts, &licence{text: d.text})
			}
			texts[n].of = append(texts[n].of, c.title()+" ("+d.file+")")
			refs = append(refs, fmt.Sprintf("[%d]", n+1))
		}
		fmt.Fprintf(&b, "%s\n", c.title())
		if c.note != "" {
			fmt.Fprintf(&b, "    %s\n", c.note)
		}
		fmt.Fprintf(&b, "    %s; in %s; texts %s\n", strings.Join(c.kinds, ", "), where(c.in), strings.Join(refs, " "))
	}
	b.WriteString("\n\nTEXTS\n")
	for i, l := range texts {
		fmt.Fprintf(&b, "\n%s\n[%d]\n", strings.Repeat("=", 92), i+1)
		for _, name := range l.of {
			fmt.Fprintf(&b, "    %s\n", name)
		}
		fmt.Fprintf(&b, "%s\n\n%s\n", strings.Repeat("-", 92), l.text)
	}
	return b.String()
}

func (c *component) title() string { return strings.TrimSpace(c.name + " " + c.version) }

// where says in words which builds contain something.
func where(in []build) string {
	if len(in) == len(builds) {
		return "all builds"
	}
	titles := map[string]string{"linux": "Linux", "windows": "Windows", "darwin": "macOS"}
	windows, headless := map[string]bool{}, map[string]bool{}
	for _, b := range in {
		if b.headless {
			headless[b.system] = true
		} else {
			windows[b.system] = true
		}
	}
	var words []string
	all := true
	for _, system := range []string{"linux", "windows", "darwin"} {
		switch {
		case windows[system] && headless[system]:
			words = append(words, titles[system])
			all = false
		case windows[system]:
			words = append(words, titles[system]+" with window")
		case headless[system]:
			words = append(words, titles[system]+" headless")
			all = false
		default:
			all = false
		}
	}
	if all {
		return "builds with the window"
	}
	return "builds for " + strings.Join(words, ", ")
}
