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

// Valid reports whether t is one of the tasks.
func (t Task) Valid() bool { return slices.Contains(Tasks(), t) }

// ParseTask reads a task's word.
func ParseTask(word string) (Task, error) {
	if t := Task(word); t.Valid() {
		return t, nil
	}
	return "", fmt.Errorf("%q is not a task: use classification, tagging or detection", word)
}

// Title is the task as people read it: the type of a view.
func (t Task) Title() string {
	return map[Task]string{Classification: "Classification", Tagging: "Tagging", Detection: "Detection"}[t]
}

// Summary is a sentence on what is annotated.
func (t Task) Summary() string {
	return map[Task]string{
		Classification: "Each image has exactly one of the concepts.",
		Tagging:        "Each image has any number of the concepts, or none.",
		Detection:      "Concepts are located with boxes in the image.",
	}[t]
}

// HasBoxes reports whether concepts are annotated with boxes; otherwise with the whole datapoint.
func (t Task) HasBoxes() bool { return t == Detection }

// ExactlyOne reports whether an annotated datapoint has exactly one concept, so that a network's scores of the concepts add to 1.
func (t Task) ExactlyOne() bool { return t == Classification }

// AnyNumber reports whether one region can have several concepts or none; otherwise it has exactly one.
func (t Task) AnyNumber() bool { return t == Tagging }

// AllowsEmpty reports whether a datapoint can be annotated as without concept.
func (t Task) AllowsEmpty() bool { return t != Classification }

// LearnsFromEmpty reports whether datapoints annotated as without concept are trained on: they are the hard negatives of a tagging. A detection is
// only evaluated on them.
func (t Task) LearnsFromEmpty() bool { return t == Tagging }

// LeastConcepts is the number of concepts without which there is nothing to learn.
func (t Task) LeastConcepts() int {
	if t == Classification {
		return 2
	}
	return 1
}
