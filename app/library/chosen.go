package library

import (
	"context"
	"errors"
	"fmt"

	"viewfinder/app/studio"
	"viewfinder/widgets/look"
)

// mostCompared is how many versions stand side by side.
const mostCompared = 4

// choose marks a version, or not.
func (l *list) choose(id int64, on bool) {
	if on {
		l.chosen[id] = true
	} else {
		delete(l.chosen, id)
	}
	l.showChosen()
}

// forgetGone takes the marks from versions that are there no more.
func (l *list) forgetGone() {
	there := map[int64]bool{}
	for _, g := range l.data.groups {
		for _, v := range g.Versions {
			there[v.ID] = true
		}
	}
	for id := range l.chosen {
		if !there[id] {
			delete(l.chosen, id)
		}
	}
	l.showChosen()
}

// marked are the versions that are marked, in the table's order whatever the filter hides.
func (l *list) marked() (all []studio.Version) {
	for _, g := range l.data.groups {
		for _, v := range g.Versions {
			if l.chosen[v.ID] {
				all = append(all, v)
			}
		}
	}
	return all
}

// showChosen has the buttons say what they would do.
func (l *list) showChosen() {
	all := l.marked()
	ready, idle := 0, 0
	for _, v := range all {
		if v.CanPredict() {
			ready++
		}
		if !v.Running() {
			idle++
		}
	}
	l.compare.Hidden = ready < 2
	l.compare.SetText(fmt.Sprintf("Compare %d", ready))
	if ready > mostCompared {
		l.compare.SetText(fmt.Sprintf("Compare: %d at most", mostCompared))
		l.compare.Disable()
	} else {
		l.compare.Enable()
	}
	l.remove.Hidden = idle == 0
	l.remove.SetText(fmt.Sprintf("Delete %d", idle))
	l.heading.Refresh()
}

// compareChosen opens the newest of the marked versions with the others beside it.
func (l *list) compareChosen() {
	var ids []int64
	for _, v := range l.marked() {
		if v.CanPredict() {
			ids = append(ids, v.ID)
		}
	}
	if len(ids) >= 2 {
		l.page.open(ids[0], tabPerformance)
		l.page.detail.performance.Compare(ids[1:])
	}
}

// removeChosen deletes the marked versions that are not being trained.
func (l *list) removeChosen() {
	var versions []studio.Version
	for _, v := range l.marked() {
		if !v.Running() {
			versions = append(versions, v)
		}
	}
	s := l.page.shell
	what := look.Plural(len(versions), "version", "versions")
	s.Confirm("Delete "+what+"?", "Their networks, curves and logs go. They can be brought back from the Library until the project is closed.", "Delete", true, func() {
		s.Do("delete "+what, func(ctx context.Context) (err error) {
			for _, v := range versions {
				err = errors.Join(err, s.Project().DeleteVersion(ctx, v.ID))
			}
			return err
		}, func() { s.Notify(what + " deleted; the Library brings them back until the project is closed") })
	})
}
