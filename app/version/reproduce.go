package version

import "viewfinder/storage/words"

// ReproduceCommand is the command line that trains a version once more and compares the weights.
func ReproduceCommand(project, name string) string {
	return "viewfinder reproduce " + words.Shell(project) + " " + words.Shell(name)
}

// PredictCommand is the command line by which a version looks at the images of a folder.
func PredictCommand(project, name string) string {
	return "viewfinder predict " + words.Shell(project) + " " + words.Shell(name) + " FOLDER --json"
}
