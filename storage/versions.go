package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"unicode/utf8"

	"viewfinder/storage/domain"
	"viewfinder/storage/internal/db"
	"viewfinder/storage/wholefile"
)

// MaxNoteBytes is how long a version's note may be.
const MaxNoteBytes = 64 << 10

func versionFrom(row db.Version) (Version, error) {
	v := Version{ID: row.ID, UID: row.Uid, ViewID: row.ViewID, ModelID: row.ModelID, Name: row.Name, Status: domain.Status(row.Status),
		Architecture: row.Architecture, Options: json.RawMessage(row.Options), Images: int(row.Images), QueueOrder: int(row.QueueOrder),
		Headline: row.Headline, HeadlineName: row.HeadlineName, Error: row.Error, Device: row.Device,
		Note: row.Note, DeletedAt: fromMillisOrZero(row.DeletedAt),
		CreatedAt: fromMillis(row.CreatedAt), StartedAt: fromMillisOrZero(row.StartedAt), EndedAt: fromMillisOrZero(row.EndedAt)}
	if err := json.Unmarshal([]byte(row.Concepts), &v.Concepts); err != nil {
		return v, fmt.Errorf("reading the concepts of the version %s: %w", v.Name, err)
	}
	return v, nil
}

func versionsFrom(rows []db.Version, err error) ([]Version, error) {
	if err != nil {
		return nil, explain("reading the versions", err)
	}
	versions := make([]Version, len(rows))
	for i, row := range rows {
		if versions[i], err = versionFrom(row); err != nil {
			return nil, err
		}
	}
	return versions, nil
}

var uidPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

// CreateVersion records a version of the view's current model, queued unless the record has another status, and makes its run folder.
func (p *Project) CreateVersion(ctx context.Context, n NewVersion) (v Version, err error) {
	if n.Name, err = cleanName(domain.NamedVersion, n.Name); err != nil {
		return Version{}, err
	}
	if n.UID == "" {
		n.UID = newUID()
	}
	if !uidPattern.MatchString(n.UID) {
		return Version{}, rulef("%q is not a valid name for a run folder.", n.UID)
	}
	if n.Status == "" {
		n.Status = domain.StatusQueued
	}
	if len(n.Options) == 0 {
		n.Options = json.RawMessage("{}")
	}
	if !json.Valid(n.Options) {
		return Version{}, errors.New("making a version: its options are not JSON")
	}
	folder := p.RunDir(n.UID)
	if _, err := os.Stat(folder); err == nil {
		return Version{}, fmt.Errorf("making the version %s: %w: %s", n.Name, ErrExists, folder)
	}
	err = p.record(ctx, "making the version "+n.Name, func(ctx context.Context) error {
		row, err := p.insertVersion(ctx, n)
		if err != nil {
			return err
		}
		if v, err = versionFrom(row); err != nil {
			return err
		}
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		return wholefile.SyncFolder(filepath.Dir(folder))
	})
	if err != nil {
		os.Remove(folder) // empty, if it was made
		return Version{}, err
	}
	return v, nil
}

func (p *Project) insertVersion(ctx context.Context, n NewVersion) (db.Version, error) {
	view, err := p.queries.GetView(ctx, n.ViewID)
	if err != nil {
		return db.Version{}, found(err, "view", n.ViewID)
	}
	if err := p.freeVersionName(ctx, n.ViewID, 0, n.Name); err != nil {
		return db.Version{}, err
	}
	model, frozen, err := p.modelOf(ctx, view, n)
	if err != nil {
		return db.Version{}, err
	}
	names, err := json.Marshal(frozen)
	if err != nil {
		return db.Version{}, err
	}
	var order int64
	if n.Status == domain.StatusQueued {
		if order, err = p.queries.LastInQueue(ctx); err != nil {
			return db.Version{}, err
		}
		order++
	}
	id, err := p.queries.InsertVersion(ctx, db.InsertVersionParams{Uid: n.UID, ModelID: model, ViewID: n.ViewID, Name: n.Name, NameKey: domain.NameKey(n.Name),
		Status: string(n.Status), Architecture: n.Architecture, Options: string(n.Options), Concepts: string(names), Images: int64(n.Images),
		QueueOrder: order, CreatedAt: now()})
	if err != nil {
		return db.Version{}, err
	}
	return p.queries.GetVersion(ctx, id)
}

// modelOf is the model of a new version, with the concepts as they are now.
func (p *Project) modelOf(ctx context.Context, view db.View, n NewVersion) (model int64, frozen []FrozenConcept, err error) {
	concepts, err := p.queries.ListConcepts(ctx, n.ViewID)
	if err != nil {
		return 0, nil, err
	}
	if len(concepts) == 0 {
		return 0, nil, rulef("The view %s has no concepts: add some before training.", view.Name)
	}
	frozen, live, err := freeze(view.Name, concepts, n.Concepts)
	if err != nil {
		return 0, nil, err
	}
	known, err := p.queries.FindModel(ctx, n.ViewID, modelSet(live))
	if errors.Is(err, sql.ErrNoRows) {
		known.ID, err = p.queries.InsertModel(ctx, n.ViewID, modelSet(live), now())
	}
	return known.ID, frozen, err
}

// freeze is the view's concepts in the wanted order (nil: the view's).
func freeze(view string, concepts []db.Concept, order []int64) (frozen []FrozenConcept, live []int64, err error) {
	byID := map[int64]db.Concept{}
	for _, c := range concepts {
		live = append(live, c.ID)
		byID[c.ID] = c
	}
	if order == nil {
		order = live
	}
	if modelSet(order) != modelSet(live) {
		return nil, nil, rulef("A version is trained on all concepts of its view %s, each once.", view)
	}
	for _, id := range order {
		frozen = append(frozen, FrozenConcept{ID: id, Name: byID[id].Name, Color: byID[id].Color})
	}
	return frozen, live, nil
}

func (p *Project) freeVersionName(ctx context.Context, view, except int64, name string) error {
	other, err := p.queries.VersionByNameKey(ctx, view, domain.NameKey(name))
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && other.ID == except:
		return nil
	case err != nil:
		return err
	}
	return rulef("A version named %s already exists: choose another name.", other.Name)
}

// Version returns one version.
func (p *Project) Version(ctx context.Context, id int64) (Version, error) {
	row, err := p.read.GetVersion(ctx, id)
	if err != nil {
		return Version{}, found(err, "version", id)
	}
	return versionFrom(row)
}

// VersionByUID returns the version of a run folder.
func (p *Project) VersionByUID(ctx context.Context, uid string) (Version, error) {
	row, err := p.read.VersionByUID(ctx, uid)
	if err != nil {
		return Version{}, found(err, "version", uid)
	}
	return versionFrom(row)
}

// Versions returns the versions of a view, newest first; view 0: of all views.
func (p *Project) Versions(ctx context.Context, view int64) ([]Version, error) {
	return versionsFrom(p.read.ListVersions(ctx, view))
}

// Queue returns the queued versions in their order.
func (p *Project) Queue(ctx context.Context) ([]Version, error) {
	return versionsFrom(p.read.ListQueue(ctx))
}

// UpdateVersion changes what u names. Setting the status queued puts a version at the end of the queue, any other
// takes it out.
func (p *Project) UpdateVersion(ctx context.Context, id int64, u VersionUpdate) (v Version, err error) {
	err = p.record(ctx, "updating a version", func(ctx context.Context) error {
		row, err := p.queries.GetVersion(ctx, id)
		if err != nil {
			return found(err, "version", id)
		}
		if err := p.updateRow(ctx, &row, u); err != nil {
			return err
		}
		if err := p.queries.UpdateVersion(ctx, db.UpdateVersionParams{Name: row.Name, NameKey: row.NameKey, Status: row.Status, Options: row.Options,
			Images: row.Images, QueueOrder: row.QueueOrder, Headline: row.Headline, HeadlineName: row.HeadlineName, Error: row.Error,
			Device: row.Device, StartedAt: row.StartedAt, EndedAt: row.EndedAt, Note: row.Note, ID: row.ID}); err != nil {
			return err
		}
		v, err = versionFrom(row)
		return err
	})
	return v, err
}

func (p *Project) updateRow(ctx context.Context, row *db.Version, u VersionUpdate) error {
	if u.Name != nil && *u.Name != row.Name { // a name given when longer ones were possible stays
		name, err := cleanName(domain.NamedVersion, *u.Name)
		if err != nil {
			return err
		}
		if err := p.freeVersionName(ctx, row.ViewID, row.ID, name); err != nil {
			return err
		}
		row.Name, row.NameKey = name, domain.NameKey(name)
	}
	if u.Status != nil && string(*u.Status) != row.Status {
		row.Status, row.QueueOrder = string(*u.Status), 0
		if *u.Status == domain.StatusQueued {
			last, err := p.queries.LastInQueue(ctx)
			if err != nil {
				return err
			}
			row.QueueOrder = last + 1
		}
	}
	if u.Options != nil {
		if !json.Valid(u.Options) {
			return errors.New("the options are not JSON")
		}
		row.Options = string(u.Options)
	}
	if u.Images != nil {
		row.Images = int64(*u.Images)
	}
	if u.Headline != nil {
		row.Headline = *u.Headline
		if math.IsNaN(row.Headline) || math.IsInf(row.Headline, 0) {
			row.Headline = 0
		}
	}
	if u.HeadlineName != nil {
		row.HeadlineName = *u.HeadlineName
	}
	if u.Error != nil {
		row.Error = *u.Error
	}
	if u.Device != nil {
		row.Device = *u.Device
	}
	if u.Note != nil {
		if len(*u.Note) > MaxNoteBytes || !utf8.ValidString(*u.Note) {
			return rulef("A note is text of at most %d KB.", MaxNoteBytes>>10)
		}
		row.Note = *u.Note
	}
	if u.StartedAt != nil {
		row.StartedAt = toMillisOrNil(*u.StartedAt)
	}
	if u.EndedAt != nil {
		row.EndedAt = toMillisOrNil(*u.EndedAt)
	}
	return nil
}

// OrderQueue puts the queued versions in this order; those not named come after.
func (p *Project) OrderQueue(ctx context.Context, versions []int64) error {
	return p.record(ctx, "ordering the queue", func(ctx context.Context) error {
		rows, err := p.queries.ListQueue(ctx)
		if err != nil {
			return err
		}
		rank := func(v db.Version) int {
			if i := slices.Index(versions, v.ID); i >= 0 {
				return i
			}
			return len(versions)
		}
		slices.SortStableFunc(rows, func(a, b db.Version) int { return rank(a) - rank(b) })
		for i, v := range rows {
			if err := p.queries.SetQueueOrder(ctx, int64(i+1), v.ID); err != nil {
				return err
			}
		}
		return nil
	})
}
