package training

import "viewfinder/storage/domain"

// OptionDoc explains one option to the user.
type OptionDoc struct {
	Name        string
	Title       string // as people call it
	Kind        OptionKind
	Default     string
	Explanation string        // one line
	Limits      string        // of a number, "1 to 4,096"; "" where it has none
	Values      []string      // the words it accepts, where it accepts only some
	Tasks       []domain.Task `json:",omitempty"` // those it has an effect in; none is all
	// Basic: asked for before the advanced ones. Summary: one of those to name where not all are. KeptByPresets: no preset sets it.
	Basic, Summary, KeptByPresets bool `json:"-"`
}

// Words is a value of the option as people call it.
func (d OptionDoc) Words(value string) string {
	if r := row(d.Name); r != nil {
		return r.called(value)
	}
	return value
}

// OptionDocs lists every option in the order of the panel, with the defaults for the task and the architecture ("" = by rule), see ProposedOptions.
func OptionDocs(task domain.Task, architecture string) []OptionDoc {
	var docs []OptionDoc
	d, _ := ProposedOptions(task, architecture, 0)
	for i := range table {
		r := &table[i]
		if r.retired {
			continue
		}
		doc := OptionDoc{
			Name: r.name, Title: r.title, Kind: r.kindOf(), Default: r.get(d), Explanation: r.help, Limits: r.limits.String(),
			Values: r.valueNames(), Tasks: r.tasks, Basic: r.basic, Summary: r.summary, KeptByPresets: r.keptByPresets,
		}
		if more := r.more[task]; more != "" {
			doc.Explanation += " " + more
		}
		docs = append(docs, doc)
	}
	return docs
}

// OptionTitle is what people call an option; the name itself where there is none of that name.
func OptionTitle(name string) string {
	if r := row(name); r != nil {
		return r.title
	}
	return name
}
