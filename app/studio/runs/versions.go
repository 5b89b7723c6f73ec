package runs

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

// Version is a model version: its record, and where its training stands.
type Version struct {
	storage.Version
	// Run is the state in the run folder; its zero value if there is none (yet).
	Run training.State
	// Test is how good it is on the test split, where somebody looked; nil otherwise.
	Test *storage.TestLook
}

// Running reports whether a trainer is at work on it.
func (v Version) Running() bool { return v.Status.Active() && v.Status != domain.StatusQueued }

// CanResume reports whether Resume would go on with it.
func (v Version) CanResume() bool {
	return v.Status == domain.StatusStopped || v.Status == domain.StatusInterrupted || v.Status == domain.StatusFailed
}

// CanPredict reports whether there is a network to evaluate and to predict with.
func (v Version) CanPredict() bool { return v.Status == domain.StatusReady }

// BestOnVal sorts versions that can be compared: those with the highest headline figure on val first, those without a figure last; where figures
// are equal, as they were before.
func BestOnVal(versions []Version) {
	figure := func(v Version) float64 {
		if v.HeadlineName == "" || math.IsNaN(v.Headline) {
			return math.Inf(-1)
		}
		return v.Headline
	}
	slices.SortStableFunc(versions, func(a, b Version) int { return cmp.Compare(figure(b), figure(a)) })
}

// Duration is how long its training took, or has taken so far; 0 if it has not begun.
func (v Version) Duration() time.Duration {
	switch {
	case v.StartedAt.IsZero():
		return 0
	case v.EndedAt.IsZero():
		return max(0, time.Since(v.StartedAt))
	}
	return max(0, v.EndedAt.Sub(v.StartedAt)) // the clock may have been put back
}

// TrainingOptions are the options it was or will be trained with.
func (v Version) TrainingOptions() (training.Options, error) {
	var o training.Options
	if err := json.Unmarshal(v.Options, &o); err != nil {
		return o, fmt.Errorf("reading the options of %s: %w", v.Name, err)
	}
	if o.Learn == "" { // made before there was the choice
		o.Learn = training.LearnAll
		if o.Freeze {
			o.Learn, o.Freeze = training.LearnHead, false
		}
	}
	return o, nil
}

// ModelGroup is a model of a view with its versions, the newest first.
type ModelGroup struct {
	storage.Model
	Versions []Version
}

// Library lists a view's models: that of the current concepts first (even without versions), then the others, each with its versions.
func (rs *Runs) Library(ctx context.Context, view int64) ([]ModelGroup, error) {
	models, err := rs.store.Models(ctx, view)
	if err != nil {
		return nil, err
	}
	versions, err := rs.Versions(ctx, view)
	if err != nil {
		return nil, err
	}
	groups := make([]ModelGroup, len(models))
	for i, m := range models {
		groups[i].Model = m
		for _, v := range versions {
			if v.ModelID == m.ID {
				groups[i].Versions = append(groups[i].Versions, v)
			}
		}
	}
	return groups, nil
}

// Versions lists a view's model versions, newest first; view 0: of all views. Of those that are ready, Run repeats the record only;
// Version reads the run folder.
func (rs *Runs) Versions(ctx context.Context, view int64) ([]Version, error) {
	rows, err := rs.store.Versions(ctx, view)
	if err != nil {
		return nil, err
	}
	versions := make([]Version, len(rows))
	for i, row := range rows {
		versions[i] = rs.trainings.listed(row)
	}
	return versions, rs.addTests(ctx, versions)
}

// addTests adds what was seen of versions on their views' test splits.
func (rs *Runs) addTests(ctx context.Context, versions []Version) error {
	looks := map[int64][]storage.TestLook{}
	for i := range versions {
		v := &versions[i]
		of, known := looks[v.ViewID]
		if !known {
			var err error
			if of, err = rs.store.TestLooks(ctx, v.ViewID); err != nil {
				return err
			}
			looks[v.ViewID] = of
		}
		for k := range of {
			if of[k].Version == v.ID && of[k].HeadlineName != "" {
				v.Test = &of[k]
			}
		}
	}
	return nil
}

// Version returns one model version.
func (rs *Runs) Version(ctx context.Context, id int64) (Version, error) {
	row, err := rs.store.Version(ctx, id)
	if err != nil {
		return Version{}, err
	}
	one := []Version{rs.trainings.current(row)}
	err = rs.addTests(ctx, one)
	return one[0], err
}

// FindVersion finds a version of any view by its name (the newest one, if several views have one of that name), id, or uid.
func (rs *Runs) FindVersion(ctx context.Context, nameOrID string) (Version, error) {
	rows, err := rs.store.Versions(ctx, 0)
	if err != nil {
		return Version{}, err
	}
	var names []string
	for _, same := range []func(storage.Version) bool{
		func(v storage.Version) bool { return v.Name == nameOrID },
		func(v storage.Version) bool { return v.UID == nameOrID || strconv.FormatInt(v.ID, 10) == nameOrID },
		func(v storage.Version) bool { return domain.SameName(v.Name, nameOrID) },
	} {
		names = names[:0]
		for _, row := range rows {
			if same(row) {
				return rs.trainings.current(row), nil
			}
			names = append(names, row.Name)
		}
	}
	return Version{}, session.NotFound("version", nameOrID, names)
}

var numbered = regexp.MustCompile(`^v(\d+)$`)

// SuggestName proposes a name for the view's next version: v4 after v3.
func (rs *Runs) SuggestName(ctx context.Context, view int64) (string, error) {
	rows, err := rs.store.Versions(ctx, view)
	if err != nil {
		return "", err
	}
	highest := 0
	for _, row := range rows {
		if m := numbered.FindStringSubmatch(row.Name); m != nil {
			n, _ := strconv.Atoi(m[1])
			highest = max(highest, n)
		}
	}
	return fmt.Sprintf("v%d", highest+1), nil
}

// RenameVersion gives a version another name.
func (rs *Runs) RenameVersion(ctx context.Context, id int64, name string) error {
	return rs.didVersion(id, rs.updateVersion(ctx, id, storage.VersionUpdate{Name: &name}))
}

// SetNote keeps a person's note on a version.
func (rs *Runs) SetNote(ctx context.Context, id int64, note string) error {
	return rs.didVersion(id, rs.updateVersion(ctx, id, storage.VersionUpdate{Note: &note}))
}

// RestoreVersion brings back a version that was deleted since the project was opened. If another one has its name now, it gets a number.
func (rs *Runs) RestoreVersion(ctx context.Context, id int64) (Version, error) {
	row, err := rs.store.RestoreVersion(ctx, id)
	if err = rs.didVersion(id, err); err != nil {
		return Version{}, err
	}
	return rs.Version(ctx, row.ID)
}

// DeletedVersions are those of a view that RestoreVersion brings back, last deleted first; view 0: of all views. Their Run is empty.
func (rs *Runs) DeletedVersions(ctx context.Context, view int64) ([]Version, error) {
	rows, err := rs.store.DeletedVersions(ctx)
	if err != nil {
		return nil, err
	}
	var list []Version
	for _, row := range rows {
		if view == 0 || row.ViewID == view {
			list = append(list, Version{Version: row})
		}
	}
	return list, nil
}

func (rs *Runs) updateVersion(ctx context.Context, id int64, u storage.VersionUpdate) error {
	_, err := rs.store.UpdateVersion(ctx, id, u)
	return err
}

// DeleteVersion deletes a version with its run folder; RestoreVersion undoes it until the project is closed. One that trains has to be stopped
// first.
func (rs *Runs) DeleteVersion(ctx context.Context, id int64) error {
	if err := rs.Sync(ctx); err != nil { // the record may not know yet that the training has ended
		return err
	}
	v, err := rs.Version(ctx, id)
	if err != nil {
		return err
	}
	if v.Status == domain.StatusQueued {
		if err := rs.Stop(ctx, id); err != nil {
			return err
		}
	}
	if v.Run.Alive {
		return &storage.RuleError{Message: fmt.Sprintf("%s is training: stop it first", v.Name)}
	}
	rs.trainings.forget(v.UID)
	return rs.didVersion(id, rs.store.DeleteVersion(ctx, id))
}

func (rs *Runs) didVersion(id int64, err error) error {
	if err == nil {
		rs.session.Tell(session.Change{Kind: session.ChangeVersions, Version: id})
	}
	return err
}

// RunDir is a version's run folder.
func (rs *Runs) RunDir(v Version) string { return rs.store.RunDir(v.UID) }

// RunHistory gathers a version's events: its state and the points of its curves, by the curves' keys.
func (rs *Runs) RunHistory(ctx context.Context, id int64) (*training.History, error) {
	v, err := rs.Version(ctx, id)
	if err != nil {
		return nil, err
	}
	if h := rs.trainings.history(v.UID); h != nil {
		return h, nil
	}
	h, err := training.ReadHistory(rs.RunDir(v))
	if os.IsNotExist(err) {
		return &training.History{}, nil
	}
	return h, err
}

// Events lists the events of a version's training so far.
func (rs *Runs) Events(ctx context.Context, id int64) ([]training.Event, error) {
	v, err := rs.Version(ctx, id)
	if err != nil {
		return nil, err
	}
	return training.ReadEvents(rs.RunDir(v))
}

// Follow calls f with every event of a version's training, from the first on, until it has ended (nil), the trainer's process exited unexpectedly
// (ErrInterrupted), or ctx ends. A version that waits in the queue is waited for.
func (rs *Runs) Follow(ctx context.Context, id int64, f func(training.Event)) error {
	v, err := rs.Version(ctx, id)
	if err != nil {
		return err
	}
	return training.Follow(ctx, rs.RunDir(v), f)
}

// Log returns the last lines of a training's log, at most so many; none before it has begun.
func (rs *Runs) Log(ctx context.Context, id int64, lines int) ([]string, error) {
	v, err := rs.Version(ctx, id)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(filepath.Join(rs.RunDir(v), "log.txt"))
	if err != nil {
		if os.IsNotExist(err) {
			return nil, nil
		}
		return nil, fmt.Errorf("reading the log of %s: %w", v.Name, err)
	}
	defer f.Close()
	return lastLines(f, lines)
}

// ConceptsOf are a version's concepts as they were frozen.
func ConceptsOf(v Version) []domain.Concept {
	concepts := make([]domain.Concept, len(v.Concepts))
	for i, c := range v.Concepts {
		concepts[i] = domain.Concept{ID: c.ID, ViewID: v.ViewID, Name: c.Name, Color: c.Color, Position: i}
	}
	return concepts
}
