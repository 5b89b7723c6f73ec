package training

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"viewfinder/storage/domain"
)

// OptionError is a fault of one option.
type OptionError struct {
	Option string // its name
	Title  string // as people call it; "" where there is no such option
	Value  string // as Get gives it, or as it was to be set
	Reason string // what it has to be, to follow the name and the value: "must be from 1 to 4,096"
}

// Error names the option, its value and the reason: "batch_size 100000: must be from 1 to 4,096".
func (e *OptionError) Error() string {
	value := e.Value
	if _, err := strconv.ParseFloat(value, 64); err != nil && value != "true" && value != "false" {
		value = strconv.Quote(value)
	}
	return e.Option + " " + value + ": " + e.Reason
}

// OptionErrors are all that is wrong with options, in the order of the panel, one for each option at most.
type OptionErrors []*OptionError

// Error lists them.
func (e OptionErrors) Error() string {
	texts := make([]string, len(e))
	for i, one := range e {
		texts[i] = one.Error()
	}
	return "training options: " + strings.Join(texts, "; ")
}

// Unwrap returns them one by one, for errors.As.
func (e OptionErrors) Unwrap() []error {
	list := make([]error, len(e))
	for i, one := range e {
		list[i] = one
	}
	return list
}

// Validate returns every fault of the options as OptionErrors; nil if there is none.
func (o Options) Validate(task domain.Task) error {
	var all OptionErrors
	for i := range table {
		r := &table[i]
		if reason := r.check(o, task); reason != "" {
			all = append(all, &OptionError{Option: r.name, Title: r.title, Value: r.get(o), Reason: reason})
		}
	}
	if len(all) > 0 {
		return all
	}
	return nil
}

// check returns the condition that the option's value violates; "" if it is valid.
func (r *option) check(o Options, task domain.Task) string {
	switch {
	case !r.limits.holds(r.at(&o)):
		return "must be from " + r.limits.String()
	case !r.appliesTo(task) && !r.absent && r.get(o) != "0":
		return r.only() + ", set it to 0"
	case r.fault != nil && r.fault(o) != "":
		return r.fault(o)
	}
	allowed := r.valueNames()
	if len(allowed) == 0 {
		return ""
	}
	list, several := r.at(&o).(*[]string)
	if !several {
		if r.absent && r.get(o) == "" {
			return ""
		}
		if slices.Contains(allowed, r.get(o)) {
			return ""
		}
		return "must be one of " + strings.Join(allowed, ", ")
	}
	for i, v := range *list {
		if !slices.Contains(allowed, v) {
			return fmt.Sprintf("%q is not known; there are %s", v, strings.Join(allowed, ", "))
		}
		if slices.Contains((*list)[:i], v) {
			return fmt.Sprintf("names %q twice", v)
		}
	}
	return ""
}

// Idle returns the options that have no effect beside the others, by name, with the reason in a sentence for the user.
func (o Options) Idle(task domain.Task) map[string]string {
	idle := map[string]string{}
	for i := range table {
		r := &table[i]
		if !r.appliesTo(task) {
			only := r.only()
			idle[r.name] = strings.ToUpper(only[:1]) + only[1:] + "."
		} else if r.idle != nil {
			if why := r.idle(o); why != "" {
				idle[r.name] = why
			}
		}
	}
	return idle
}

func warmupFault(o Options) string {
	if o.Warmup >= 0 && (o.Warmup < 1 || o.Warmup <= float64(o.Iterations) && o.Warmup == math.Trunc(o.Warmup)) {
		return ""
	}
	return "must be a fraction below 1, or a whole number of iterations not above the total"
}

// limit is what a number may be, both ends with it.
type limit struct{ lo, hi float64 }

// String writes it as "1 to 4,096"; that of no limit is "".
func (l limit) String() string {
	if l == (limit{}) {
		return ""
	}
	return plain(l.lo) + " to " + plain(l.hi)
}

// holds reports whether the number that a pointer leads to is within the limit.
func (l limit) holds(field any) bool {
	if l == (limit{}) {
		return true
	}
	var v float64
	switch p := field.(type) {
	case *int:
		v = float64(*p)
	case *float64:
		v = *p
	}
	return v >= l.lo && v <= l.hi
}

// plain writes a number for people: 0.9999, 4,096, 1e-10.
func plain(v float64) string {
	if v != 0 && v < 1e-3 {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	text := strconv.FormatFloat(v, 'f', -1, 64)
	for at := len(strconv.Itoa(int(v))) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
