package storage

import (
	"context"
	"time"

	"viewfinder/storage/internal/db"
)

// TestLook says that somebody saw how good a version is on test images. Each version looked at makes the figure a little less honest: who trains
// until it is good has chosen by it.
type TestLook struct {
	Version      int64
	View         int64
	Looked       time.Time // the first time
	HeadlineName string    // accuracy, f1, map50 on the whole test split; "" where test images were seen among others only
	Headline     float64
	Images       int       // that it was measured on
	Seen         time.Time // when it was
}

// AddTestLook notes a look; a version counts once, with its last figure on the whole split. It is not a step of Undo: what was seen is seen.
func (p *Project) AddTestLook(ctx context.Context, l TestLook) error {
	return p.record(ctx, "noting that the test split was looked at", func(ctx context.Context) error {
		at := now()
		return p.queries.AddTestLook(ctx, db.AddTestLookParams{VersionID: l.Version, ViewID: l.View, LookedAt: at, HeadlineName: l.HeadlineName,
			Headline: l.Headline, Images: int64(l.Images), SeenAt: at})
	})
}

// TestLooks are the versions of a view that were looked at on test images, the first first; deleted versions too.
func (p *Reader) TestLooks(ctx context.Context, view int64) ([]TestLook, error) {
	rows, err := p.read.TestLooks(ctx, view)
	if err != nil {
		return nil, explain("reading how often the test split was looked at", err)
	}
	looks := make([]TestLook, len(rows))
	for i, r := range rows {
		looks[i] = TestLook{Version: r.VersionID, View: r.ViewID, Looked: fromMillis(r.LookedAt), HeadlineName: r.HeadlineName, Headline: r.Headline,
			Images: int(r.Images), Seen: fromMillis(r.SeenAt)}
	}
	return looks, nil
}
