// Package storage keeps a project: a folder with a SQLite database, image
// files named by their content, and one folder per training run. It holds the
// domain's records and the rules that they obey, so that no page and no command
// can break them.
//
// # The folder
//
//	project.db         records (SQLite, write-ahead log); project.db-wal and -shm beside it while open
//	images/ab/abcd….jpg  image files, named by the SHA-256 of their content
//	images/tmp/        files on their way in; emptied when the project is opened
//	runs/<uid>/        one folder per model version, written by the trainer
//	backups/           copies of project.db, made before each migration and by Backup
//	cache/             what can be made again (thumbnails)
//	lock, lock.json    held while open; lock.json names the holder
//
// # Datapoints
//
// A view annotates datapoints. A datapoint is an image, or a crop of it: the
// pair (image, source), where source is the region of an ancestor detection view that cuts
// the crop, or 0 for the whole image. Root views have one datapoint per image. A child
// of a classification or tagging view has those datapoints of its parent that satisfy its
// conditions; a child of a detection view has one per region of its parent that does.
// Boxes are always fractions of the whole image, also in crops.
//
// The rows of datapoints are kept up to date by SQL in the same transaction as the change
// that moves them. A row that leaves a view stays in the table with present = 0,
// its annotation with it, and comes back with its region.
//
// # Changes
//
// Each changing method is one action: one transaction, durable on disk when it
// returns (WAL, synchronous = FULL), one step of Undo with a label a person can read.
// Batch and Do join many changes into one step. Records of trainings (models,
// versions) and settings are not part of the history.
//
// A Project may be used by many goroutines: changes wait for one another, reads run
// beside them.
package storage
