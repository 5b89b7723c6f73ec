package runs

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"viewfinder/app/studio/session"
	"viewfinder/training"
)

// What a command does with a run folder alone, without the project that it belongs to.

// ErrStopped is what ExecuteRun returns when it was asked to stop; the state is kept.
var ErrStopped = training.ErrStopped

// ExecuteRun is the trainer: it trains what the run folder describes, in this process, until it is ready, stopped (ErrStopped) or failed.
func ExecuteRun(ctx context.Context, dir string) error { return training.Execute(ctx, dir) }

// InspectRun returns the state of the training in a run folder.
func InspectRun(dir string) (training.State, error) { return training.Inspect(dir) }

// FollowRun is Follow on a run folder.
func FollowRun(ctx context.Context, dir string, f func(training.Event)) error {
	return training.Follow(ctx, dir, f)
}

// CountRunEvents counts the events that a run folder has by now: as many as FollowRun passes on before anything new.
func CountRunEvents(dir string) (int, error) { return training.CountEvents(dir) }

// StopRun asks the trainer of a run folder to keep its state and end.
func StopRun(dir string) error { return training.RequestStop(dir) }

// FindRun finds the run folder of a version in a project that somebody else has open, so that its training can be followed and stopped from another
// terminal: by the folder's own run.json, which has the name that the version was created with. The version may be given by name or uid; of
// several of that name, one that is being trained goes before the newest.
func FindRun(project, version string) (string, error) {
	folders, err := os.ReadDir(filepath.Join(project, "runs"))
	if err != nil {
		return "", fmt.Errorf("looking for %s: %w", version, err)
	}
	found := ""
	for _, folder := range folders { // their names begin with their date
		dir := filepath.Join(project, "runs", folder.Name())
		var run struct{ ID, Name string }
		data, err := os.ReadFile(filepath.Join(dir, "run.json"))
		if err != nil || json.Unmarshal(data, &run) != nil || run.Name != version && run.ID != version {
			continue
		}
		if state, err := InspectRun(dir); err == nil && state.Alive {
			return dir, nil
		}
		found = dir
	}
	if found == "" {
		return "", session.NotThere("there is no version %q in %s", version, project)
	}
	return found, nil
}
