package predict

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/training/machine"
)

// NextOrder describes how the order of what to annotate next was made.
type NextOrder struct {
	Version     int64     `json:"version"`
	VersionName string    `json:"version_name"`
	Images      int       `json:"images"` // how many are in the order
	Sentence    string    `json:"sentence"`
	MadeAt      time.Time `json:"made_at"`
}

// nextImages is how many Next orders unless told.
const nextImages = 500

// ErrNoVersion is what Next answers where no version can predict.
var ErrNoVersion = &storage.RuleError{Message: "no version of this view is ready: train one first, then the most useful images can be ranked"}

// Next orders what is not annotated in a view by how much annotating it should help the next training: the version that is best on val, or what is learnt from
// colours and textures where that is right more often, chooses the uncertain first, of similar ones only one, and none similar to what is
// annotated (see nextOrder). It orders n datapoints (0 = 500), keeps the order for SortUseful and NextNotAnnotated, and returns how it was made. Annotations are not touched.
func (p *Predicting) Next(ctx context.Context, view int64, n int, progress session.Progress) (NextOrder, error) {
	v, err := p.bestReady(ctx, view)
	if err != nil {
		return NextOrder{}, err
	}
	if n == 0 {
		n = nextImages
	}
	network, err := p.Network(ctx, v.ID)
	if err != nil {
		return NextOrder{}, err
	}
	defer network.Close()
	ids, who, err := network.next(ctx, n, session.ProgressOr(progress))
	if err != nil {
		return NextOrder{}, err
	}
	order := NextOrder{Version: v.ID, VersionName: v.Name, Images: len(ids), MadeAt: time.Now().UTC(),
		Sentence: fmt.Sprintf("%s is least certain about these, and they differ most from each other and from the annotated images", who)}
	text, err := json.Marshal(order)
	if err != nil {
		return NextOrder{}, err
	}
	if err := p.store.SetNext(ctx, view, ids); err != nil {
		return NextOrder{}, err
	}
	if err := p.store.SetSetting(ctx, nextSetting(view), string(text)); err != nil {
		return NextOrder{}, err
	}
	p.session.Tell(session.Change{Kind: session.ChangeAnnotations, View: view})
	return order, nil
}

func nextSetting(view int64) string { return "next:" + strconv.FormatInt(view, 10) }

// NextMade returns how the view's order was made; ok is false where there is none.
func (p *Predicting) NextMade(ctx context.Context, view int64) (order NextOrder, ok bool, err error) {
	text, ok, err := p.store.Setting(ctx, nextSetting(view))
	if err != nil || !ok {
		return NextOrder{}, false, err
	}
	if err := json.Unmarshal([]byte(text), &order); err != nil {
		return NextOrder{}, false, nil // made by another version of the program: as good as none
	}
	return order, true, nil
}

// bestReady is the version of a view that can predict and is best on val, the newer of equal ones; one of the current concepts comes before others.
func (p *Predicting) bestReady(ctx context.Context, view int64) (runs.Version, error) {
	groups, err := p.runs.Library(ctx, view)
	if err != nil {
		return runs.Version{}, err
	}
	for _, g := range groups {
		ready := slices.DeleteFunc(slices.Clone(g.Versions), func(v runs.Version) bool { return !v.CanPredict() })
		if runs.BestOnVal(ready); len(ready) > 0 {
			return ready[0], nil
		}
	}
	return runs.Version{}, ErrNoVersion
}

// powerAgain is how often it is looked whether the machine was plugged in, where an order waits for that.
const powerAgain = time.Minute

// KeepNext makes the order anew, in the background, each time a version of a view has become ready; on battery it waits until the machine is plugged in.
func (p *Predicting) KeepNext(ctx context.Context) {
	wake := make(chan struct{}, 1)
	cancel := p.session.Subscribe(func(c session.Change) {
		if c.Kind == session.ChangeVersions {
			select {
			case wake <- struct{}{}:
			default:
			}
		}
	})
	defer cancel()
	var turns nextTurns
	for {
		versions, err := p.runs.Versions(ctx, 0)
		var again <-chan time.Time
		if err == nil {
			due, wait := turns.take(versions, machine.OnBattery)
			for _, v := range due {
				if _, err := p.Next(ctx, v.ViewID, 0, nil); err != nil && ctx.Err() == nil && !errors.Is(err, ErrNoVersion) {
					slog.Warn("what to annotate next could not be ordered", "version", v.Name, "error", err)
				}
			}
			if wait {
				again = time.After(powerAgain)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-again:
		}
	}
}

// nextTurns remembers which versions had their turn.
type nextTurns struct{ seen map[int64]bool }

// take returns the versions that have become ready since the first call, which takes those that were ready before. On battery they wait for their turn.
func (t *nextTurns) take(versions []runs.Version, onBattery func() bool) (due []runs.Version, wait bool) {
	first := t.seen == nil
	if first {
		t.seen = map[int64]bool{}
	}
	for _, v := range versions {
		switch {
		case !v.CanPredict() || t.seen[v.ID]:
		case first:
			t.seen[v.ID] = true
		default:
			due = append(due, v)
		}
	}
	if len(due) > 0 && onBattery() {
		return nil, true
	}
	for _, v := range due {
		t.seen[v.ID] = true
	}
	return due, false
}
