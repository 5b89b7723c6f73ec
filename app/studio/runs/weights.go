package runs

import (
	"path/filepath"

	"viewfinder/app/studio/session"
	"viewfinder/training/weights"
)

// BuiltInWeights is how the option weights names the backbone inside the program.
const BuiltInWeights = weights.BuiltInName

// Weights is a network in the user's folder, kept for all projects.
type Weights = weights.Entry

// library is the user's folder of networks.
func library() (weights.Library, error) {
	dir, err := session.ConfigDir()
	return weights.Library{Dir: filepath.Join(dir, "weights")}, err
}

// AddWeights reads the network in a file or folder and keeps it for all projects. left are the tensors that no layer takes.
func AddWeights(path string) (w Weights, left []string, err error) {
	l, err := library()
	if err != nil {
		return Weights{}, nil, err
	}
	return l.Add(path)
}

// ListWeights is all networks that were added, sorted by name.
func ListWeights() ([]Weights, error) {
	l, err := library()
	if err != nil {
		return nil, err
	}
	return l.List()
}

// RemoveWeights deletes a network that was added. Versions that started from it keep a copy of their own.
func RemoveWeights(name string) error {
	l, err := library()
	if err != nil {
		return err
	}
	return l.Remove(name)
}

// FindWeights is the network that was added under a name.
func FindWeights(name string) (w Weights, ok bool) {
	l, err := library()
	if err != nil {
		return Weights{}, false
	}
	w, err = l.Find(name)
	return w, err == nil
}

// HasBuiltInWeights reports whether the program holds a backbone: a build may leave it out.
func HasBuiltInWeights() bool { return weights.HasBuiltIn() }

// BuiltInArchitecture is that of the backbone inside the program; "" where there is none.
func BuiltInArchitecture() string {
	if n := weights.BuiltIn(); n != nil {
		return n.Architecture
	}
	return ""
}
