package command

import (
	"strings"

	"viewfinder/app/studio/runs"
	"viewfinder/storage/domain"
)

// setting is an option that a flag sets.
type setting struct {
	flag        string // as it was written
	name, value string // name "" where it is not of the form option=value
}

// setFlag is --set option=value.
type setFlag struct{ flags *trainFlags }

// String implements pflag.Value.
func (setFlag) String() string { return "" }

// Type implements pflag.Value.
func (setFlag) Type() string { return "option=value" }

// Set implements pflag.Value.
func (f setFlag) Set(text string) error {
	one := setting{flag: "--set " + text}
	if name, value, ok := strings.Cut(text, "="); ok || text == "help" {
		one.name, one.value = strings.TrimSpace(name), strings.TrimSpace(value)
	}
	f.flags.set = append(f.flags.set, one)
	return nil
}

// wantHelp reports whether the options are to be listed, and nothing else.
func (f *trainFlags) wantHelp() bool { return len(f.set) == 1 && f.set[0].flag == "--set help" }

// optionFlag is the flag of one option.
type optionFlag struct {
	option string
	flags  *trainFlags
}

// String implements pflag.Value.
func (optionFlag) String() string { return "" }

// Type implements pflag.Value.
func (f optionFlag) Type() string { return "number" }

// Set implements pflag.Value.
func (f optionFlag) Set(text string) error {
	var o runs.Options
	if err := o.Set(f.option, text); err != nil {
		return err
	}
	f.flags.set = append(f.flags.set, setting{"--" + strings.ReplaceAll(f.option, "_", "-"), f.option, text})
	return nil
}

// optionNames lists the options that --set takes.
func optionNames() []string {
	var names []string
	for _, d := range runs.OptionDocs(domain.Classification, "") {
		names = append(names, d.Name)
	}
	return names
}

// presetNames lists the presets: "quick, balanced, thorough".
func presetNames() string {
	var names []string
	for _, p := range runs.Presets() {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

// wrapped sets words, separated by commas, into lines of at most so many letters.
func wrapped(words []string, width int) string {
	var b strings.Builder
	column := 0
	for i, w := range words {
		if i < len(words)-1 {
			w += ","
		}
		switch {
		case column == 0:
		case column+1+len(w) > width:
			b.WriteByte('\n')
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(w)
		column += len(w)
	}
	return b.String()
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }
