package domain

import (
	"fmt"
	"slices"
)

// Task is what is recognised: of a view, of a network, of an evaluation. It is fixed when a view is created. The words stand in project files,
// run folders and exports.
type Task string

// The tasks.
const (
	Classification Task = "classification" // exactly one concept
	Tagging        Task = "tagging"        // any number of concepts, or without concept
	Detection      Task = "detection"      // boxes, each with exactly one concept; possibly none
)

// Tasks lists the tasks in the order in which people see them.
func Tasks() []Task { return []Task{Classification, Tagging, Detection} }

// Valid tells whether t is one of the tasks.
func (t Task) Valid() bool { return slices.Contains(Tasks(), t) }

// ParseTask reads a task's word.
func ParseTask(word string) (Task, error) {
	if t := Task(word); t.Valid() {
		return t, nil
	}
	return "", fmt.Errorf("%q is not a task: use classification, tagging or detection", word)
}

// HasBoxes tells whether concepts are annotated with boxes; otherwise with the whole datapoint.
func (t Task) HasBoxes() bool { return t == Detection }

// ExactlyOne tells whether an annotated datapoint has exactly one concept, so that a network's scores of the concepts add to 1.
func (t Task) ExactlyOne() bool { return t == Classification }

// AnyNumber tells whether one region can have several concepts or none; otherwise it has exactly one.
func (t Task) AnyNumber() bool { return t == Tagging }

// AllowsEmpty tells whether a datapoint can be annotated as without concept.
func (t Task) AllowsEmpty() bool { return t != Classification }

// LeastConcepts is the number of concepts without which there is nothing to learn.
func (t Task) LeastConcepts() int {
	if t == Classification {
		return 2
	}
	return 1
}
