package storage

import (
	"context"
	"errors"
	"io"
	"os"
)

var errPending = errors.New("storage: not written yet")

// Project is an open project.
type Project struct{}

// Create makes a project in dir, which must not exist or be empty, and opens it.
func Create(ctx context.Context, dir, name string) (*Project, error) { return nil, errPending }

// Open opens the project in dir and brings its database up to date.
func Open(ctx context.Context, dir string) (*Project, error) { return nil, errPending }

// Close closes the project and lets others open it.
func (p *Project) Close() error { return errPending }

// Dir is the project's folder, absolute.
func (p *Project) Dir() string { return "" }

// RunDir is the folder of the version with this UID (runs/<uid>), absolute.
func (p *Project) RunDir(uid string) string { return "" }

// CacheDir is the folder for what can be made again, absolute.
func (p *Project) CacheDir() string { return "" }

// Info describes the project.
func (p *Project) Info(ctx context.Context) (Info, error) { return Info{}, errPending }

// Generation grows with each change that others may see (undo, redo, and versions included).
func (p *Project) Generation() uint64 { return 0 }

// Backup writes a consistent copy of the database to backups/ and returns its path.
func (p *Project) Backup(ctx context.Context) (string, error) { return "", errPending }

// Do makes the changes of f one transaction and one step of Undo: all or nothing.
func (p *Project) Do(ctx context.Context, label string, f func(b *Batch) error) error {
	return errPending
}

// Batch makes the changes of f one step of Undo, but commits them in portions, each durable. If
// ctx is cancelled or f fails, the portions so far are kept; the changes since are kept too when f
// returns a context error, else taken back.
func (p *Project) Batch(ctx context.Context, label string, f func(b *Batch) error) error {
	return errPending
}

// Batch is where changes are made together. It has the changing methods of Project under the same
// names. It belongs to one goroutine and to the call of f.
type Batch struct{}

// Flush commits what was changed so far (in Project.Batch; in Do it does nothing).
func (b *Batch) Flush() error { return errPending }

// The changing methods, on Batch; Project has the same as actions of their own.

func (b *Batch) RenameProject(name string) error                   { return errPending }
func (b *Batch) AddView(v View) (View, error)                      { return View{}, errPending }
func (b *Batch) RenameView(view int64, name string) error          { return errPending }
func (b *Batch) SetConditions(view int64, c *Condition) error      { return errPending }
func (b *Batch) MoveView(view int64, position int) error           { return errPending }
func (b *Batch) DeleteView(view int64) error                       { return errPending }
func (b *Batch) AddConcept(c Concept) (Concept, error)             { return Concept{}, errPending }
func (b *Batch) RenameConcept(concept int64, name string) error    { return errPending }
func (b *Batch) SetConceptColor(concept int64, color string) error { return errPending }
func (b *Batch) SetConceptKey(concept int64, key string) error     { return errPending }
func (b *Batch) OrderConcepts(view int64, concepts []int64) error  { return errPending }
func (b *Batch) MergeConcepts(from, into int64) error              { return errPending }
func (b *Batch) DeleteConcept(concept int64) error                 { return errPending }
func (b *Batch) AddImage(r io.Reader, meta ImageMeta) (Image, bool, error) {
	return Image{}, false, errPending
}
func (b *Batch) AddStaged(s *Staged) (Image, bool, error)                   { return Image{}, false, errPending }
func (b *Batch) SetSplit(images []int64, split Split) error                 { return errPending }
func (b *Batch) DeleteImages(images []int64) error                          { return errPending }
func (b *Batch) RestoreImages(images []int64) error                         { return errPending }
func (b *Batch) Annotate(view, image, source int64, regions []Region) error { return errPending }
func (b *Batch) SetConcepts(keys []Key, concepts []int64) error             { return errPending }
func (b *Batch) AddConcepts(keys []Key, concepts []int64) error             { return errPending }
func (b *Batch) RemoveConcepts(keys []Key, concepts []int64) error          { return errPending }
func (b *Batch) ClearAnnotations(keys []Key) error                          { return errPending }
func (b *Batch) SetReviewed(keys []Key, reviewed bool) error                { return errPending }
func (b *Batch) SetSuggestions(version int64, key Key, suggestions []Suggestion) error {
	return errPending
}
func (b *Batch) AcceptSuggestions(suggestions []int64) error { return errPending }
func (b *Batch) RejectSuggestions(suggestions []int64) error { return errPending }
func (b *Batch) ClearSuggestions(view, version int64) error  { return errPending }

// RenameProject …
func (p *Project) RenameProject(ctx context.Context, name string) error { return errPending }

// Views returns the tree of views, parents before children, siblings in order.
func (p *Project) Views(ctx context.Context) ([]View, error) { return nil, errPending }

// View returns one view.
func (p *Project) View(ctx context.Context, view int64) (View, error) { return View{}, errPending }

// AddView makes a view; ID and Position are chosen (last among its siblings).
func (p *Project) AddView(ctx context.Context, v View) (View, error) { return View{}, errPending }

func (p *Project) RenameView(ctx context.Context, view int64, name string) error { return errPending }

// SetConditions changes which of the parent's datapoints a child view gets; nil: everything annotated.
func (p *Project) SetConditions(ctx context.Context, view int64, c *Condition) error {
	return errPending
}

// MoveView puts a view at a place among its siblings.
func (p *Project) MoveView(ctx context.Context, view int64, position int) error { return errPending }

// ViewContents says what DeleteView takes along.
func (p *Project) ViewContents(ctx context.Context, view int64) (Contents, error) {
	return Contents{}, errPending
}

// DeleteView deletes a view with its children, concepts, annotations and versions; refused while one trains.
func (p *Project) DeleteView(ctx context.Context, view int64) error { return errPending }

// Concepts returns the concepts of a view in their order.
func (p *Project) Concepts(ctx context.Context, view int64) ([]Concept, error) {
	return nil, errPending
}

func (p *Project) Concept(ctx context.Context, concept int64) (Concept, error) {
	return Concept{}, errPending
}

// AddConcept adds a concept at the end; an empty Color gets the next of the palette. A name that was deleted
// before comes back as the same concept, so that its model comes back.
func (p *Project) AddConcept(ctx context.Context, c Concept) (Concept, error) {
	return Concept{}, errPending
}

func (p *Project) RenameConcept(ctx context.Context, concept int64, name string) error {
	return errPending
}
func (p *Project) SetConceptColor(ctx context.Context, concept int64, color string) error {
	return errPending
}
func (p *Project) SetConceptKey(ctx context.Context, concept int64, key string) error {
	return errPending
}
func (p *Project) OrderConcepts(ctx context.Context, view int64, concepts []int64) error {
	return errPending
}
func (p *Project) MergeConcepts(ctx context.Context, from, into int64) error { return errPending }

// ConceptContents says what DeleteConcept takes along.
func (p *Project) ConceptContents(ctx context.Context, concept int64) (Contents, error) {
	return Contents{}, errPending
}
func (p *Project) DeleteConcept(ctx context.Context, concept int64) error { return errPending }

// ConceptCounts counts the use of each concept of a view, in the view's order.
func (p *Project) ConceptCounts(ctx context.Context, view int64) ([]ConceptCount, error) {
	return nil, errPending
}

// Staged is an image file that was written into the project but is not yet one of its images.
type Staged struct{}

// Discard removes the file, unless it was added.
func (s *Staged) Discard() {}

// SHA256 is the content's hash.
func (s *Staged) SHA256() string { return "" }

// Stage writes and hashes the content of r beside the images; many may run at once. Batch.AddStaged
// makes it an image, Discard forgets it.
func (p *Project) Stage(ctx context.Context, r io.Reader, meta ImageMeta) (*Staged, error) {
	return nil, errPending
}

// AddImage adds one image. The content decides: if the project has it already, that image is returned
// and added is false.
func (p *Project) AddImage(ctx context.Context, r io.Reader, meta ImageMeta) (img Image, added bool, err error) {
	return Image{}, false, errPending
}

func (p *Project) Image(ctx context.Context, image int64) (Image, error) { return Image{}, errPending }
func (p *Project) ImageByHash(ctx context.Context, sha256 string) (Image, error) {
	return Image{}, errPending
}

// ImagesByName returns the images (not in the trash) with exactly this name.
func (p *Project) ImagesByName(ctx context.Context, name string) ([]Image, error) {
	return nil, errPending
}

// Images calls yield for every image that is not in the trash, oldest first.
func (p *Project) Images(ctx context.Context, yield func(Image) error) error { return errPending }
func (p *Project) CountImages(ctx context.Context) (Counts, error)           { return Counts{}, errPending }
func (p *Project) OpenImage(img Image) (*os.File, error)                     { return nil, errPending }

// ImagePath is the absolute path of the file; it must not be written to.
func (p *Project) ImagePath(img Image) string                                      { return "" }
func (p *Project) SetSplit(ctx context.Context, images []int64, split Split) error { return errPending }

// ImageContents says what DeleteImages takes along.
func (p *Project) ImageContents(ctx context.Context, images []int64) (Contents, error) {
	return Contents{}, errPending
}

// DeleteImages moves images to the trash, with their annotations.
func (p *Project) DeleteImages(ctx context.Context, images []int64) error  { return errPending }
func (p *Project) RestoreImages(ctx context.Context, images []int64) error { return errPending }
func (p *Project) Trash(ctx context.Context) ([]Image, error)              { return nil, errPending }

// EmptyTrash deletes the images in the trash for good, and with them the history of Undo; returns how many.
func (p *Project) EmptyTrash(ctx context.Context) (int, error) { return 0, errPending }

// Annotate sets the whole annotation of a datapoint: its regions, which may be none in tagging and
// detection views ("without concept"). Boxes are clipped to the datapoint. A change resets reviewed.
func (p *Project) Annotate(ctx context.Context, view, image, source int64, regions []Region) error {
	return errPending
}

// SetConcepts annotates whole datapoints of classification and tagging views.
func (p *Project) SetConcepts(ctx context.Context, keys []Key, concepts []int64) error {
	return errPending
}

// AddConcepts and RemoveConcepts change the concepts of datapoints of tagging views.
func (p *Project) AddConcepts(ctx context.Context, keys []Key, concepts []int64) error {
	return errPending
}
func (p *Project) RemoveConcepts(ctx context.Context, keys []Key, concepts []int64) error {
	return errPending
}

// ClearAnnotations makes datapoints not annotated again.
func (p *Project) ClearAnnotations(ctx context.Context, keys []Key) error { return errPending }
func (p *Project) SetReviewed(ctx context.Context, keys []Key, reviewed bool) error {
	return errPending
}

func (p *Project) Datapoint(ctx context.Context, key Key) (Datapoint, error) {
	return Datapoint{}, errPending
}
func (p *Project) Datapoints(ctx context.Context, q Query) ([]Datapoint, error) {
	return nil, errPending
}

// DatapointIDs returns the ids of all that q chooses, in q's order: what a gallery scrolls through.
func (p *Project) DatapointIDs(ctx context.Context, q Query) ([]int64, error) { return nil, errPending }

// DatapointsByID returns datapoints in the order of ids; those that are gone are left out.
func (p *Project) DatapointsByID(ctx context.Context, ids []int64) ([]Datapoint, error) {
	return nil, errPending
}
func (p *Project) Count(ctx context.Context, q Query) (int, error) { return 0, errPending }
func (p *Project) Counts(ctx context.Context, view int64) (Counts, error) {
	return Counts{}, errPending
}

func (p *Project) Suggestions(ctx context.Context, key Key) ([]Suggestion, error) {
	return nil, errPending
}

// SetSuggestions replaces the suggestions of a datapoint by those of a version.
func (p *Project) SetSuggestions(ctx context.Context, version int64, key Key, suggestions []Suggestion) error {
	return errPending
}

// AcceptSuggestions makes suggestions annotations: added to the regions or tags there are, or replacing the concept.
func (p *Project) AcceptSuggestions(ctx context.Context, suggestions []int64) error {
	return errPending
}
func (p *Project) RejectSuggestions(ctx context.Context, suggestions []int64) error {
	return errPending
}

// ClearSuggestions removes the suggestions of a version in a view; version 0: of all.
func (p *Project) ClearSuggestions(ctx context.Context, view, version int64) error { return errPending }

// Undo takes the last action back and returns its label; ErrNothingToUndo at the session's beginning.
func (p *Project) Undo(ctx context.Context) (string, error) { return "", errPending }
func (p *Project) Redo(ctx context.Context) (string, error) { return "", errPending }

// CanUndo and CanRedo return the label of what Undo or Redo would do.
func (p *Project) CanUndo() (label string, ok bool) { return "", false }
func (p *Project) CanRedo() (label string, ok bool) { return "", false }

// Models returns the models of a view: the current one first, then those with versions, newest first.
func (p *Project) Models(ctx context.Context, view int64) ([]Model, error) { return nil, errPending }

// CreateVersion records a version of the view's current model and makes its run folder.
func (p *Project) CreateVersion(ctx context.Context, v NewVersion) (Version, error) {
	return Version{}, errPending
}
func (p *Project) Version(ctx context.Context, id int64) (Version, error) {
	return Version{}, errPending
}
func (p *Project) VersionByUID(ctx context.Context, uid string) (Version, error) {
	return Version{}, errPending
}

// Versions returns the versions of a view, newest first; view 0: of all views.
func (p *Project) Versions(ctx context.Context, view int64) ([]Version, error) {
	return nil, errPending
}
func (p *Project) UpdateVersion(ctx context.Context, id int64, u VersionUpdate) (Version, error) {
	return Version{}, errPending
}

// DeleteVersion deletes a version that is not active, with its folder.
func (p *Project) DeleteVersion(ctx context.Context, id int64) error { return errPending }

// Queue returns the queued versions in their order.
func (p *Project) Queue(ctx context.Context) ([]Version, error) { return nil, errPending }

// OrderQueue puts the queued versions in this order; those not named come after.
func (p *Project) OrderQueue(ctx context.Context, versions []int64) error { return errPending }

func (p *Project) Setting(ctx context.Context, key string) (value string, ok bool, err error) {
	return "", false, errPending
}
func (p *Project) SetSetting(ctx context.Context, key, value string) error { return errPending }

// Check verifies the project, and with repair mends what can be.
func (p *Project) Check(ctx context.Context, repair bool, progress func(done, total int, what string)) (Report, error) {
	return Report{}, errPending
}

// Report is what Check found.
type Report struct {
	Images, Regions, Versions int
	Problems                  []Problem
}

// OK tells whether nothing is wrong, or all of it was repaired.
func (r Report) OK() bool { return len(r.Problems) == 0 }

// Problem is one thing that Check found wrong.
type Problem struct {
	Kind     string // file_missing, file_changed, file_orphan, temporary_file, reference, database, run_missing, run_orphan, membership
	What     string // the file, image or record, so that a person finds it
	Detail   string // what is wrong
	Repaired bool
	Repair   string // what was done, or could be done
}

// DefaultSplit is the split of an image by its content: val when the last byte of its SHA-256 is less than
// 51, so that one in five is, and the same image always falls the same way.
func DefaultSplit(sha256 [32]byte) Split {
	if sha256[31] < 51 {
		return SplitVal
	}
	return SplitTrain
}
