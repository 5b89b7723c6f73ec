// Package domain holds the types that every part of the program shares: a task, a split, the status of a model version, a concept, a
// region, a box, a condition. It imports nothing of the program, and everything may import it. What differs from task to task is answered by
// the task itself.
package domain
