package training

import (
	"cmp"
	"slices"
	"strings"

	"viewfinder/storage/domain"
	"viewfinder/training/data"
	"viewfinder/training/nn"
)

// option is a row of the table.
type option struct {
	name  string // as in JSON and --set
	title string // as people call it
	help  string // one line
	more  map[domain.Task]string
	kind  OptionKind // "" follows from its field and values

	at     func(*Options) any // its field: a *int, *uint64, *float64, *bool, *string or *[]string
	normal func(recipe) any   // its default, of the field's type
	// preset is what a preset sets it to, with the number of train images (0 where it is not known); nil is the default.
	preset func(name string, defaults Options, train int) any

	limits    limit             // of a number; the zero limit is none
	values    []value           // the words it accepts; none is any
	spellings map[string]string // of values, that are read too
	tasks     []domain.Task     // those it has an effect in; nil is all
	fault     func(Options) string
	idle      func(Options) string // why it has no effect beside the other options, in a sentence; "" where it has

	zero          string              // what people call its zero value; "" as it is
	words         func(string) string // what people call its other values; nil follows from values
	basic         bool                // asked for before Advanced, a flag of its own
	summary       bool                // named where there is room for the important ones
	keptByPresets bool                // a preset leaves it as it is: where a training begins, and how and where it runs
	absent        bool                // "" is allowed: the value of runs that were made before there was the option
	retired       bool                // another option took its place; it is still read
	sameWeights   bool                // the weights come out the same whatever its value
}

// value is a word that an option accepts, and what people call it.
type value struct{ name, title string }

// recipe is what defaults depend on.
type recipe struct {
	task         domain.Task
	architecture string
	net          nn.Info // of the architecture; where it is not known, of the first there is
}

// OptionKind is the kind of an option's values.
type OptionKind string

// Kinds of options.
const (
	KindNumber  OptionKind = "number"
	KindSwitch  OptionKind = "switch"  // true or false
	KindChoice  OptionKind = "choice"  // one of Values
	KindChoices OptionKind = "choices" // any number of Values, separated by commas
	KindText    OptionKind = "text"
	KindWeights OptionKind = "weights" // a .safetensors file or a run folder
)

func (r *option) kindOf() OptionKind {
	switch r.at(&Options{}).(type) {
	case *int, *uint64, *float64:
		return KindNumber
	case *bool:
		return KindSwitch
	case *[]string:
		return KindChoices
	}
	if len(r.values) > 0 {
		return KindChoice
	}
	return cmp.Or(r.kind, KindText)
}

// row finds the option of a name; nil if there is none.
func row(name string) *option {
	for i := range table {
		if table[i].name == name {
			return &table[i]
		}
	}
	return nil
}

func optionNames() []string {
	var names []string
	for _, r := range table {
		if !r.retired {
			names = append(names, r.name)
		}
	}
	return names
}

func (r *option) valueNames() []string {
	var names []string
	for _, v := range r.values {
		names = append(names, v.name)
	}
	return names
}

// appliesTo reports whether the option has an effect in a task.
func (r *option) appliesTo(task domain.Task) bool {
	return r.tasks == nil || slices.Contains(r.tasks, task)
}

// only names the tasks in which the option has an effect: "for classification and tagging only".
func (r *option) only() string {
	words := make([]string, len(r.tasks))
	for i, t := range r.tasks {
		words[i] = string(t)
	}
	return "for " + strings.Join(words, " and ") + " only"
}

func architectureValues() []value {
	var values []value
	for _, a := range nn.Architectures() {
		values = append(values, value{a.Name, cmp.Or(a.Title, a.Name)})
	}
	return values
}

func augmentationValues() []value {
	titles := map[string]string{data.FlipHorizontal: "Horizontal flip", data.FlipVertical: "Vertical flip"}
	var values []value
	for _, name := range data.Augmentations {
		title := titles[name]
		if title == "" {
			title = strings.ToUpper(name[:1]) + strings.ReplaceAll(name[1:], "_", " ")
		}
		values = append(values, value{name, title})
	}
	return values
}

// always is the default that does not depend on task and architecture.
func always(v any) func(recipe) any { return func(recipe) any { return v } }

func pick[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}

func when(holds bool, text string) string { return pick(holds, text, "") }
