// Package training turns a run folder into a trained network. It knows nothing of projects, databases or windows: all it needs, and all
// that it reports, lies in the folder.
//
//	run.json            what is to be trained: task, concepts, options, samples (written once, by WriteRun)
//	events.jsonl        what happened, one JSON object a line, only ever appended to
//	checkpoints/        safetensors: weights, the optimizer's state and the iteration; the last two and the best
//	model.safetensors   the weights that the version uses (the best iteration's by default)
//	evaluation.json     the figures of these weights on both splits
//	log.txt             what the trainer's process printed
//	lock                held by the trainer for as long as it lives
//	stop                put there by RequestStop, taken away by the trainer
//	cache/              pixels that did not fit in memory; removed at the end
//
// The trainer is Execute; Launch starts it as a process of its own that outlives its parent. Inspect returns a run's state, Follow its
// events as they come, Launch once more resumes it from its newest whole checkpoint. A resumed run ends with the same weights, to the
// bit, as one that was never disturbed: batch order and augmentation follow from seed, iteration and index alone.
package training
