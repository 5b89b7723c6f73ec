package judge

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"viewfinder/app/studio/evaluate"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/app/version/versiontest"
	"viewfinder/storage/domain"
)

// unjudged is a project whose evaluations end as a test wants; nothing else can be asked of it.
type unjudged struct {
	Project
	mu        sync.Mutex
	failure   error // nil: evaluating goes on until it is cancelled
	evaluated []evaluate.EvaluateRequest
}

func (u *unjudged) FindEvaluation(context.Context, int64, evaluate.EvaluateRequest) (*evaluate.StoredEvaluation, error) {
	return nil, nil
}

func (u *unjudged) EvaluateStored(ctx context.Context, _ int64, r evaluate.EvaluateRequest, _ session.Progress) (*evaluate.StoredEvaluation, error) {
	u.mu.Lock()
	u.evaluated = append(u.evaluated, r)
	failure := u.failure
	u.mu.Unlock()
	if failure == nil {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return nil, failure
}

// asked is how often an evaluation was asked for.
func (u *unjudged) asked() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.evaluated)
}

// judged opens the sub-tab of a version that is ready.
func judged(t *testing.T, u *unjudged) (*versiontest.Shell, *Performance) {
	t.Helper()
	s := versiontest.New(t, 0)
	f := New(s, u)
	t.Cleanup(f.Close)
	s.Window().SetContent(f.Content())
	var v runs.Version
	v.ID, v.Name, v.Status = 7, "v1", domain.StatusReady
	f.Set(v, s.View())
	f.Selected()
	return s, f
}

// Why a version could not be evaluated stays where its figures would be, and is not tried again before somebody asks for it.
func TestEvaluationFails(t *testing.T) {
	u := &unjudged{failure: errors.New("a.jpg: file is gone")}
	s, f := judged(t, u)
	s.Until("the failure", func() bool { return strings.Contains(versiontest.Texts(f.Content()), "a.jpg: file is gone") })
	f.Set(f.version, s.View())
	f.Selected()
	if n := u.asked(); n != 1 {
		t.Errorf("evaluated %d times before it was asked for again", n)
	}
	s.Press("Try again")
	s.Until("the second try", func() bool { return u.asked() == 2 && f.failed })
	if got := u.evaluated[1]; got.Split != domain.SplitVal || got.All || got.Folder != "" {
		t.Errorf("evaluated on %+v", got)
	}
}

// A cancelled evaluation leads back to the question, and so does another choice of images that is cancelled.
func TestEvaluationCancelled(t *testing.T) {
	u := &unjudged{}
	s, f := judged(t, u)
	s.Until("the evaluation", func() bool { return u.asked() == 1 })
	s.Press("Cancel")
	s.Until("the question", func() bool { return strings.Contains(versiontest.Texts(f.Content()), "How good is it?") })
	if f.failed || f.busy || f.sheet != nil {
		t.Errorf("failed %v, busy %v", f.failed, f.busy)
	}
	f.choose(source{name: onTrain})
	s.Until("the evaluation on train", func() bool { return u.asked() == 2 })
	s.Press("Cancel")
	s.Until("the question about train", func() bool { return strings.Contains(versiontest.Texts(f.Content()), "Evaluate on the train split") })
}
