package library

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"viewfinder/app/studio/runs"
	"viewfinder/app/version"
	"viewfinder/storage/words"
)

// check shows, at each field, what is wrong with it, and returns what belongs to none of them. train is the number of train images, for
// how often the network will see each.
func (f *optionFields) check(train int) (rest string) {
	f.setTrain(train)
	o, faults := f.read()
	var wrong runs.OptionErrors
	errors.As(o.Validate(f.view), &wrong)
	for _, e := range wrong {
		switch {
		case f.fields[e.Option] == nil:
			rest = e.Title + " " + e.Reason
		case faults[e.Option] == "":
			faults[e.Option] = e.Reason
		}
	}
	if fault := f.weights.fault(f.chosen); fault != "" && faults["weights"] == "" {
		faults["weights"] = fault
	}
	f.ok = len(faults) == 0 && rest == ""
	idle := o.Idle(f.view)
	for name, one := range f.fields {
		one.say(version.Capital(faults[name]))
		one.idle(idle[name])
		one.reset.Hidden = one.get() == one.normal
		one.fault.Refresh()
		one.reset.Refresh()
	}
	hidden := 0
	for name := range faults {
		if !f.fields[name].basic {
			hidden++
		}
	}
	f.fold.SetText("Advanced")
	switch n := f.changedCount(); {
	case hidden > 0:
		f.fold.SetText(fmt.Sprintf("Advanced: %s to correct", words.Count(hidden, "field")))
	case n > 0:
		f.fold.SetText(fmt.Sprintf("Advanced: %s changed", words.Count(n, "option")))
	}
	f.amount.SetText(amount(o, train, faults))
	return rest
}

var thousands = regexp.MustCompile(`^\s*[1-9]\d{0,2}(,\d{3})+\s*$`)

// plainNumber takes the commas out of 10,000; a comma that stands for a decimal point is left, so that it is reported as wrong.
func plainNumber(text string) string {
	if thousands.MatchString(text) {
		return strings.ReplaceAll(text, ",", "")
	}
	return text
}

func (f *optionFields) changedCount() (n int) {
	for _, one := range f.fields {
		if !one.basic && one.get() != one.normal {
			n++
		}
	}
	return n
}

// amount says what iterations and batch size amount to.
func amount(o runs.Options, train int, faults map[string]string) string {
	if faults["iterations"] != "" || faults["batch_size"] != "" || o.Iterations < 1 || o.BatchSize < 1 {
		return " "
	}
	text := fmt.Sprintf("%s iterations of %s", words.Number(o.Iterations), words.Count(o.BatchSize, "image"))
	if train > 0 {
		times := float64(o.Iterations) * float64(o.BatchSize) / float64(train)
		if times < 10 {
			text += fmt.Sprintf(": %.1f epochs over %s training images", times, words.Number(train))
		} else {
			text += fmt.Sprintf(": about %s epochs over %s training images", words.Number(int(times+0.5)), words.Number(train))
		}
	}
	return text + ". The time it takes is known after the first iterations."
}
