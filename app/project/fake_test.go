package project

import (
	"context"
	"errors"
	"image"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"viewfinder/app/studio"
	"viewfinder/app/studio/editing"
	"viewfinder/app/studio/pictures"
	"viewfinder/app/studio/session"
	"viewfinder/app/version/versiontest"
	"viewfinder/storage/domain"
)

// refusing is a project of two images in which everything that is done fails, or, where failure is nil, goes on until it is cancelled.
type refusing struct {
	Project
	failure  error
	searches atomic.Int32
}

func (r *refusing) Name() string { return "Test" }

func (r *refusing) Summary(context.Context, int64) (session.Summary, error) {
	return session.Summary{Images: 2}, nil
}

func (r *refusing) ProjectFacts(context.Context) ([]editing.ViewFacts, error) { return nil, nil }

func (r *refusing) NearDuplicates(ctx context.Context, _ session.Progress) ([]pictures.NearGroup, error) {
	r.searches.Add(1)
	if r.failure == nil {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return nil, r.failure
}

func (r *refusing) Trash(context.Context) (editing.TrashContents, error) {
	deleted := studio.Image{ID: 3, Name: "a.jpg", DeletedAt: time.Now()}
	return editing.TrashContents{Images: []studio.Image{deleted}, Bytes: 2048}, nil
}

func (r *refusing) RestoreImages(context.Context, []int64) error { return r.failure }
func (r *refusing) EmptyTrash(context.Context) (int, error)      { return 0, r.failure }
func (r *refusing) ApplySplit(context.Context, *editing.SplitPlan, session.Progress) error {
	return r.failure
}

func (r *refusing) PlanSplit(context.Context, editing.SplitRule) (*editing.SplitPlan, error) {
	return &editing.SplitPlan{To: map[domain.Split][]int64{domain.SplitVal: {1}}, Images: 2, Val: 0.5}, nil
}

func (r *refusing) ThumbnailAsync(_ context.Context, _ studio.Datapoint, _ int, f func(image.Image, error)) image.Image {
	go f(nil, errors.New("unreadable"))
	return nil
}

// What could not be done in the trash is shown, and the trash still shows what is in it.
func TestTrashFails(t *testing.T) {
	s := versiontest.New(t, 0)
	sheet := newTrashSheet(s, &refusing{failure: studio.ErrDiskFull})
	sheet.d.Show()
	sheet.load()
	s.Until("the image", func() bool { return sheet.grid.Length() == 1 })
	s.Until("that it cannot be read", func() bool { return sheet.item(0, 90).Failed })
	sheet.bringBack()
	s.Until("the first failure", func() bool { return len(s.Failures) == 1 })
	sheet.askEmpty()
	s.Until("the second failure", func() bool { return len(s.Failures) == 2 })
	for i, doing := range []string{"restore the images", "empty the trash"} {
		if !errors.Is(s.Failures[i], studio.ErrDiskFull) || !strings.HasPrefix(s.Failures[i].Error(), doing) {
			t.Errorf("failure %d: %v", i, s.Failures[i])
		}
	}
	if sheet.grid.Length() != 1 || len(s.Notes) > 0 {
		t.Errorf("%d images, notes %q", sheet.grid.Length(), s.Notes)
	}
}

// A split that could not be made is not told as one that was.
func TestSplitFails(t *testing.T) {
	s := versiontest.New(t, 0)
	sheet := newSplitSheet(s, &refusing{failure: studio.ErrLocked}, s.View(), []int64{1, 2})
	sheet.d.Show(nil)
	sheet.preview()
	s.Until("the preview", func() bool { return sheet.plan != nil && !sheet.divide.Disabled() })
	sheet.run()
	s.Until("the failure", func() bool { return len(s.Failures) == 1 })
	if !errors.Is(s.Failures[0], studio.ErrLocked) || len(s.Notes) > 0 {
		t.Errorf("failures %v, notes %q", s.Failures, s.Notes)
	}
}

// The search for near-duplicates can be stopped, and one that fails is told; after either it is offered again.
func TestNearDuplicatesFail(t *testing.T) {
	s := versiontest.New(t, 0)
	r := &refusing{}
	p := Show(s, r)
	s.Until("the page", func() bool { return p.near != nil })
	offered := func() bool { return strings.Contains(versiontest.Texts(p.near.content), "Find them") }
	p.near.find()
	s.Until("the search", func() bool { return r.searches.Load() == 1 && !offered() })
	p.near.stop()
	s.Until("the offer after a stop", offered)
	if len(s.Failures) > 0 {
		t.Errorf("a stop is told as a failure: %v", s.Failures)
	}
	r.failure = studio.ErrDamaged
	p.near.find()
	s.Until("the failure", func() bool { return len(s.Failures) == 1 })
	if !errors.Is(s.Failures[0], studio.ErrDamaged) || !offered() {
		t.Errorf("%v, offered %v", s.Failures, offered())
	}
}
