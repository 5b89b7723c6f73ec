package evaluate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/words"
)

// noteLook notes that somebody sees how good a version is on test images. Where the project is only read, it is noted when the evaluation is opened
// again.
func (j *Judging) noteLook(ctx context.Context, e *StoredEvaluation) {
	if !e.Request.Test() {
		return
	}
	look := storage.TestLook{Version: e.Version, View: e.View.ID}
	if e.Request.Filter == nil {
		look.HeadlineName, look.Headline, look.Images = e.HeadlineName, e.Headline.Value, e.Images
	}
	known, err := j.store.TestLooks(ctx, look.View)
	if err == nil {
		if had := LookOf(known, look.Version); had != nil && (look.HeadlineName == "" || had.HeadlineName == look.HeadlineName && had.Headline == look.Headline && had.Images == look.Images) {
			return
		}
		err = j.store.AddTestLook(context.WithoutCancel(ctx), look)
	}
	if err != nil {
		if !errors.Is(err, storage.ErrReadOnly) {
			slog.Warn("that the test split was looked at could not be noted", "error", err)
		}
		return
	}
	j.session.Tell(session.Change{Kind: session.ChangeEvaluations, View: look.View, Version: look.Version})
}

// TestLook says that somebody saw how good a version is on test images, for pages and commands.
type TestLook = storage.TestLook

// LookOf is a version's look, nil where there was none.
func LookOf(looks []storage.TestLook, version int64) *storage.TestLook {
	for i := range looks {
		if looks[i].Version == version {
			return &looks[i]
		}
	}
	return nil
}

// LooksWords says how often a view's test split was looked at, and what follows.
func LooksWords(looks []storage.TestLook) string {
	switch n := len(looks); {
	case n == 0:
		return "The test split was not looked at yet"
	case n == 1:
		return "The test split was looked at once: the figure is unbiased"
	case n <= fewLooks:
		return fmt.Sprintf("The test split was looked at for %s: choose between them on val", words.Count(n, "version"))
	default:
		return fmt.Sprintf("The test split was looked at for %s: choosing the best of so many by it gives an optimistic figure", words.Count(n, "version"))
	}
}

// fewLooks is from where on the figure of the best of them is likely too good.
const fewLooks = 5
