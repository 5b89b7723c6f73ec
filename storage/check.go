package storage

import (
	"context"
	"fmt"
)

// The kinds of problems that Check finds.
const (
	ProblemDatabase    = "database"     // SQLite's own check of project.db
	ProblemReference   = "reference"    // a record names another that is gone
	ProblemRule        = "rule"         // an annotation that the view's type does not allow
	ProblemBookkeeping = "bookkeeping"  // what is kept for speed does not agree with what it is made from
	ProblemFileMissing = "file_missing" // an image's file is gone
	ProblemFileChanged = "file_changed" // an image's file is not what came in
	ProblemFileOrphan  = "file_orphan"  // a file that belongs to no image
	ProblemRunMissing  = "run_missing"  // a version's folder is gone
	ProblemRunOrphan   = "run_orphan"   // a run folder that belongs to no version
)

// Report is what Check found.
type Report struct {
	Images, Datapoints, Regions, Versions int
	Problems                              []Problem
}

// OK reports whether nothing is wrong any more: no problem, or all repaired.
func (r Report) OK() bool {
	for _, p := range r.Problems {
		if !p.Repaired {
			return false
		}
	}
	return true
}

// Problem is one fault that Check found.
type Problem struct {
	Kind     string // see the Problem… constants
	What     string // the file, image or record, so that a person finds it
	Detail   string // what is wrong
	Repaired bool
	Repair   string // what was done, or what can be done
}

// checker collects what Check finds.
type checker struct {
	p        *Project
	repair   bool
	progress func(done, total int, what string)
	report   Report
}

func (c *checker) found(p Problem) { c.report.Problems = append(c.report.Problems, p) }

// Check verifies the project: the database, every reference, what is kept for speed, each image file's hash, files and run
// folders that belong to nothing. With repair it mends what can be; what it takes away it moves to the project's folder
// recovered/, and the history of Undo is emptied if the records changed. progress may be nil. The error is for a check that could
// not be made; what is wrong stands in the report.
func (p *Project) Check(ctx context.Context, repair bool, progress func(done, total int, what string)) (Report, error) {
	if progress == nil {
		progress = func(int, int, string) {}
	}
	c := &checker{p: p, repair: repair, progress: progress}
	for _, part := range []func(context.Context) error{c.database, c.records, c.files, c.orphans, c.runs} {
		if err := ctx.Err(); err != nil {
			return c.report, err
		}
		if err := part(ctx); err != nil {
			return c.report, explain("checking the project", err)
		}
	}
	return c.report, nil
}

// database is SQLite's own check, and the numbers of the report.
func (c *checker) database(ctx context.Context) error {
	c.progress(0, 0, "checking the database")
	rows, err := c.p.reader.QueryContext(ctx, "PRAGMA integrity_check(20)")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return err
		}
		if line != "ok" {
			c.found(Problem{Kind: ProblemDatabase, What: "project.db", Detail: line, Repair: "replace it with a copy from the folder backups"})
		}
	}
	if err := rows.Err(); err != nil {
		if isDamage(err) {
			c.found(Problem{Kind: ProblemDatabase, What: "project.db", Detail: err.Error(), Repair: "replace it with a copy from the folder backups"})
			return nil
		}
		return err
	}
	return c.p.reader.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM images), (SELECT count(*) FROM datapoints WHERE present = 1),
		(SELECT count(*) FROM regions WHERE deleted = 0), (SELECT count(*) FROM versions)`).
		Scan(&c.report.Images, &c.report.Datapoints, &c.report.Regions, &c.report.Versions)
}

// recordCheck counts records that are wrong, and mends them.
type recordCheck struct {
	kind, what, detail string
	count              string   // SQL: how many
	mend               []string // SQL, in order
	mended             string
}

// records checks what the database alone can tell.
func (c *checker) records(ctx context.Context) error {
	fixed := fixedChecks()
	if err := c.check(ctx, fixed, 0); err != nil {
		return err
	}
	t, err := readTree(ctx, c.p.read) // mended by now
	if err != nil {
		return err
	}
	return c.check(ctx, memberChecks(t), len(fixed))
}

func (c *checker) check(ctx context.Context, checks []recordCheck, before int) error {
	for i, check := range checks {
		if err := ctx.Err(); err != nil {
			return err
		}
		c.progress(before+i, before+len(checks), "checking the records")
		var n int
		if err := c.p.reader.QueryRowContext(ctx, check.count).Scan(&n); err != nil {
			return fmt.Errorf("%s: %w", check.what, err)
		}
		if n == 0 {
			continue
		}
		problem := Problem{Kind: check.kind, What: check.what, Detail: fmt.Sprintf("%d %s", n, check.detail), Repair: "can be repaired: " + check.mended}
		if c.repair {
			if err := c.mend(ctx, check); err != nil {
				return err
			}
			problem.Repaired, problem.Repair = true, check.mended
		}
		c.found(problem)
	}
	return nil
}

func (c *checker) mend(ctx context.Context, check recordCheck) error {
	return c.p.record(ctx, "repairing "+check.what, func(ctx context.Context) error {
		for _, sql := range check.mend {
			if _, err := c.p.conn.ExecContext(ctx, sql); err != nil {
				return err
			}
		}
		return c.p.forgetHistory(ctx)
	})
}
