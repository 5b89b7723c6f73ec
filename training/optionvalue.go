package training

import (
	"math"
	"strconv"
	"strings"
)

// Set changes the option called name (its JSON name) to the value that the text gives; a list is separated by commas ("none" or "" is the empty one),
// a share may be written as "5%". The error is an *OptionError. Whether the value is valid is checked by Validate.
func (o *Options) Set(name, text string) error {
	r := row(name)
	if r == nil {
		return &OptionError{Option: name, Value: text, Reason: "there is no such option; there are " + strings.Join(optionNames(), ", ")}
	}
	text = strings.TrimSpace(text)
	if spelled, ok := r.spellings[text]; ok {
		text = spelled
	}
	if reason := r.set(o, text); reason != "" {
		return &OptionError{Option: name, Title: r.title, Value: text, Reason: reason}
	}
	return nil
}

// set reads the text into the option's field; where it cannot, it returns why, and the field stays as it is.
func (r *option) set(o *Options, text string) string {
	switch p := r.at(o).(type) {
	case *int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return "must be a whole number"
		}
		*p = n
	case *uint64:
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return "must be a whole number, 0 or larger"
		}
		*p = n
	case *float64:
		number, percent := strings.CutSuffix(text, "%")
		v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return "must be a number"
		}
		if percent {
			v /= 100
		}
		*p = v
	case *bool:
		switch strings.ToLower(text) {
		case "true", "yes", "on", "1":
			*p = true
		case "false", "no", "off", "0":
			*p = false
		default:
			return "must be true or false"
		}
	case *string:
		*p = text
	case *[]string:
		*p = []string{}
		if text != "" && text != "none" && text != "off" {
			for _, s := range strings.Split(text, ",") {
				*p = append(*p, strings.TrimSpace(s))
			}
		}
	}
	return ""
}

// put sets the option's field to a value of its type.
func (r *option) put(o *Options, v any) {
	switch p := r.at(o).(type) {
	case *int:
		*p = v.(int)
	case *uint64:
		*p = v.(uint64)
	case *float64:
		*p = v.(float64)
	case *bool:
		*p = v.(bool)
	case *string:
		*p = v.(string)
	case *[]string:
		*p = v.([]string)
	}
}

// Get returns the option's value as Set takes it. The error is an *OptionError.
func (o Options) Get(name string) (string, error) {
	r := row(name)
	if r == nil {
		return "", &OptionError{Option: name, Reason: "there is no such option"}
	}
	return r.get(o), nil
}

func (r *option) get(o Options) string {
	switch p := r.at(&o).(type) {
	case *int:
		return strconv.Itoa(*p)
	case *uint64:
		return strconv.FormatUint(*p, 10)
	case *float64:
		return strconv.FormatFloat(*p, 'g', -1, 64)
	case *bool:
		return strconv.FormatBool(*p)
	case *[]string:
		return strings.Join(*p, ",")
	case *string:
		return *p
	}
	return ""
}

// Words is the option's value as people call it, "" where there is no such option.
func (o Options) Words(name string) string {
	r := row(name)
	if r == nil {
		return ""
	}
	return r.called(r.get(o))
}

// called is a value, as Get gives it, as people call it.
func (r *option) called(text string) string {
	if r.zero != "" && (text == "" || text == "0") {
		return r.zero
	}
	switch r.kindOf() {
	case KindSwitch:
		return pick(text == "true", "Yes", "No")
	case KindChoice, KindChoices:
		parts := strings.Split(text, ",")
		for i, part := range parts {
			for _, v := range r.values {
				if v.name == part {
					parts[i] = v.title
				}
			}
		}
		return strings.Join(parts, ", ")
	}
	if r.words != nil {
		return r.words(text)
	}
	return text
}
