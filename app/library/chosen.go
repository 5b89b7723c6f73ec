package library

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"viewfinder/app/judge"
	"viewfinder/app/studio/runs"
	"viewfinder/storage/words"
)

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

// marked are the versions that are marked and of which something holds, in the table's order whatever the filter hides.
func (l *list) marked(holds func(runs.Version) bool) (all []runs.Version) {
	for _, g := range l.data.groups {
		for _, v := range g.Versions {
			if l.chosen[v.ID] && holds(v) {
				all = append(all, v)
			}
		}
	}
	return all
}

// showChosen has the buttons say what they would do.
func (l *list) showChosen() {
	ready, idle := len(l.marked(runs.Version.CanPredict)), len(l.marked(idle))
	l.compare.Hidden = ready < 2
	l.compare.SetText(fmt.Sprintf("Compare %d", ready))
	if ready > judge.MostCompared {
		l.compare.SetText(fmt.Sprintf("Compare: %d at most", judge.MostCompared))
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
	for _, v := range l.marked(runs.Version.CanPredict) {
		ids = append(ids, v.ID)
	}
	if len(ids) >= 2 {
		l.page.open(ids[0], tabPerformance)
		l.page.detail.performance.Compare(ids[1:])
	}
}

// removeChosen deletes the marked versions that are not being trained.
func (l *list) removeChosen() { l.page.remove(l.marked(idle)...) }

func idle(v runs.Version) bool { return !v.Running() }

// TakeBack implements page.Undoer: it restores what was deleted last in the Library and is not restored yet.
func (p *Page) TakeBack(redo bool) bool {
	if redo || len(p.removed) == 0 {
		return false
	}
	p.list.back.restore(p.removed[len(p.removed)-1]...)
	return true
}

// remove deletes versions, which can be brought back until the project is closed.
func (p *Page) remove(versions ...runs.Version) {
	what := words.Count(len(versions), "version")
	text := "Their networks, curves and logs are deleted. They can be restored from the Library until the project is closed. Images and annotations are not affected."
	gone := what + " deleted; Ctrl+Z here restores them until the project is closed"
	if len(versions) == 1 {
		what = "the version " + versions[0].Name
		text = "The network, its curves and its log are deleted. It can be restored from the Library until the project is closed. Images and annotations are not affected."
		gone = versions[0].Name + " deleted; Ctrl+Z here restores it until the project is closed"
	}
	s := p.shell
	s.Confirm("Delete "+what+"?", text, "Delete", true, func() {
		s.Do("delete "+what, func(ctx context.Context) (err error) {
			for _, v := range versions {
				err = errors.Join(err, p.project.DeleteVersion(ctx, v.ID))
			}
			return err
		}, func() {
			p.removed = append(p.removed, versions)
			if p.detail != nil && slices.ContainsFunc(versions, func(v runs.Version) bool { return v.ID == p.detail.id }) {
				p.showList()
			}
			s.Notify(gone)
		})
	})
}
