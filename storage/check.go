package storage

import "context"

// Check verifies the project, and with repair mends what can be.
func (p *Project) Check(ctx context.Context, repair bool, progress func(done, total int, what string)) (Report, error) {
	return Report{}, nil
}

// Report is what Check found.
type Report struct {
	Images, Regions, Versions int
	Problems                  []Problem
}

// Problem is one thing that Check found wrong.
type Problem struct {
	Kind     string // see the Problem… constants
	What     string // the file, image or record, so that a person finds it
	Detail   string // what is wrong
	Repaired bool
	Repair   string // what was done, or could be done
}
