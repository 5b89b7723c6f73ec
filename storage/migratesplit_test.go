package storage

import (
	"context"
	"database/sql"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"viewfinder/storage/domain"
)

// TestMigrateToThreeSplits: a project from before the test split is opened with every image in the split that it had, for good; the database is then
// like a new one, and numbers of images that are gone are not given again.
func TestMigrateToThreeSplits(t *testing.T) {
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "old")
	ok(t, os.MkdirAll(filepath.Join(dir, "images", "tmp"), 0o755))
	former := fstest.MapFS{}
	names := must[[]string](t)(fs.Glob(migrations, "*.sql"))
	for _, name := range names {
		if name < "00009" {
			former[name] = &fstest.MapFile{Data: must[[]byte](t)(fs.ReadFile(migrations, name))}
		}
	}
	if len(former) != 4 {
		t.Fatalf("%d migrations before", len(former))
	}
	ok(t, createDatabase(ctx, dir, "Old", former))
	pool := must[*sql.DB](t)(sql.Open("sqlite", dsn(filepath.Join(dir, "project.db"), "rw", busyTimeout)))
	for _, statement := range []string{
		"INSERT INTO views (id, name, name_key, type, position) VALUES (1, 'V', 'v', 'classification', 0)",
		"INSERT INTO concepts (id, view_id, name, name_key, color, key, position) VALUES (1, 1, 'A', 'a', '#ff0000', '1', 0)",
		`INSERT INTO images (id, sha256, name, name_key, format, width, height, size, split, added_at) VALUES
			(1, 'aa', 'a.png', 'a', 'png', 4, 4, 9, 0, 5), (2, 'bb', 'b.png', 'b', 'png', 4, 4, 9, 1, 5), (3, 'cc', 'c.png', 'c', 'png', 4, 4, 9, 1, 5), (9, 'dd', 'd.png', 'd', 'png', 4, 4, 9, 1, 5)`,
		"DELETE FROM images WHERE id = 9",
		"UPDATE images SET deleted_at = 7 WHERE id = 3",
		`INSERT INTO datapoints (view_id, image_id, present, split, name_key, size, annotated, annotated_at, concept_set) VALUES
			(1, 1, 1, 0, 'a', 9, 1, 8, '|1:1|'), (1, 2, 1, 1, 'b', 9, 0, NULL, ''), (1, 3, 0, 1, 'c', 9, 0, NULL, '')`,
		"INSERT INTO regions (id, datapoint_id, position) VALUES (1, 1, 0)",
		"INSERT INTO region_concepts (region_id, concept_id) VALUES (1, 1)",
	} {
		if _, err := pool.Exec(statement); err != nil {
			t.Fatal(statement, err)
		}
	}
	ok(t, pool.Close())

	p := must[*Project](t)(Open(ctx, dir))
	defer p.Close()
	if n := must[ImageCounts](t)(p.CountImages(ctx)); n != (ImageCounts{Train: 1, Val: 1}) {
		t.Errorf("%+v", n)
	}
	if img := must[Image](t)(p.Image(ctx, 3)); img.Split != domain.SplitVal || img.DeletedAt.UnixMilli() != 7 {
		t.Errorf("%+v", img)
	}
	var unsettled int
	ok(t, p.conn.QueryRowContext(ctx, "SELECT count(*) FROM images WHERE settled = 0").Scan(&unsettled))
	if unsettled != 0 {
		t.Errorf("%d images may change their split", unsettled)
	}
	ok(t, p.Annotate(ctx, 1, 2, 0, whole(1)))
	if d := must[Datapoint](t)(p.Datapoint(ctx, Key{View: 1, Image: 2})); d.Image.Split != domain.SplitVal {
		t.Errorf("annotating moved it to %s", d.Image.Split)
	}
	if report := must[Report](t)(p.Check(ctx, false, nil)); len(report.Problems) != 3 { // the files of the three images alone
		t.Errorf("%+v", report.Problems)
	}
	if fresh := addImages(t, p, 1)[0]; fresh.ID != 10 {
		t.Errorf("a new image has the number %d", fresh.ID)
	}
	if got, want := schemaOf(t, p), schemaOf(t, newProject(t)); got != want {
		t.Errorf("the migrated database is\n%s\na new one\n%s", got, want)
	}
}

// schemaOf is what makes a database's tables, indexes and triggers.
func schemaOf(t *testing.T, p *Project) string {
	t.Helper()
	rows, err := p.conn.QueryContext(context.Background(), "SELECT coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'goose%' ORDER BY type, name")
	ok(t, err)
	defer rows.Close()
	var all []string
	for rows.Next() {
		var one string
		ok(t, rows.Scan(&one))
		all = append(all, one)
	}
	ok(t, rows.Err())
	return strings.Join(all, "\n")
}

// TestTestLooks: a version counts once, with its last figure on the whole split; one that was deleted still counts, and Undo does not take it back.
func TestTestLooks(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	v, _ := addView(t, p, "V", domain.Tagging, 0, "A")
	ok(t, p.AddTestLook(ctx, TestLook{Version: 7, View: v.ID, HeadlineName: "f1", Headline: 0.5, Images: 10}))
	ok(t, p.AddTestLook(ctx, TestLook{Version: 8, View: v.ID}))
	ok(t, p.AddTestLook(ctx, TestLook{Version: 7, View: v.ID, HeadlineName: "f1", Headline: 0.75, Images: 12}))
	ok(t, p.AddTestLook(ctx, TestLook{Version: 7, View: v.ID})) // among others: the figure stays
	ok(t, p.AddTestLook(ctx, TestLook{Version: 9, View: v.ID + 1}))
	if _, err := p.Undo(ctx); err != nil { // of adding the concept
		t.Fatal(err)
	}
	looks := must[[]TestLook](t)(p.TestLooks(ctx, v.ID))
	if len(looks) != 2 || looks[0].Version != 7 || looks[0].Headline != 0.75 || looks[0].Images != 12 || looks[0].HeadlineName != "f1" || looks[1].Version != 8 || looks[1].HeadlineName != "" {
		t.Fatalf("%+v", looks)
	}
	if looks[0].Looked.IsZero() || looks[0].Seen.Before(looks[0].Looked) {
		t.Errorf("%+v", looks[0])
	}
}
