package version

import (
	"viewfinder/app/studio/runs"
	"viewfinder/storage/domain"
	"viewfinder/widgets"
)

// OptionFacts lists a version's options as names and values, in the panel's order: all, or those that are named where there is less room.
func OptionFacts(o runs.Options, view domain.Task, all bool) []widgets.Fact {
	var facts []widgets.Fact
	for _, d := range runs.OptionDocs(view, o.Architecture) {
		if all || d.Summary {
			facts = append(facts, widgets.Fact{Name: d.Title, Value: o.Words(d.Name)})
		}
	}
	return facts
}
