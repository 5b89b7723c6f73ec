package training

// Task is what the network decides; the words are those of a view's type.
type Task string

// The three tasks.
const (
	Classification Task = "classification"
	Tagging        Task = "tagging"
	Detection      Task = "detection"
)
