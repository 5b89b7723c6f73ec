package training

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"viewfinder/training/checkpoint"
	"viewfinder/training/nn"
	"viewfinder/training/weights"
)

// InitialFile is the copy, in a run folder, of the weights that the training starts from: the training needs nothing else of where they came from.
const InitialFile = "initial.safetensors"

// metaPicture is how a network in a file expects its input picture, as JSON; missing where that is the program's own way.
const metaPicture = "picture"

// Initial is what a training can start from.
type Initial struct {
	Title        string
	Architecture string     // "" where the file does not state it
	Picture      nn.Picture // how the backbone expects its input picture
	Size         int        // side of the pictures on which its features are best; 0 where that is not known
	state        map[string]nn.Tensor
	labels       []string // of the head, where the file names them
}

// ReadInitial reads what the option weights names, other than "": the built-in backbone, the folder of an earlier version or a file; a relative path starts at the run folder dir.
func ReadInitial(dir, from string) (*Initial, error) {
	if from == weights.BuiltInName {
		if n := weights.BuiltIn(); n != nil {
			return ofNetwork(n, from), nil
		}
		return nil, fmt.Errorf("this program was built without the %s backbone; choose other initial weights", from)
	}
	path := filepath.FromSlash(from)
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		if _, err := os.Stat(filepath.Join(path, RunFile)); err == nil {
			path = filepath.Join(path, ModelFile)
		}
	}
	i, err := readInitialFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the initial weights %s are missing; choose others: %w", from, err)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the initial weights: %w", err)
	}
	return i, nil
}

// readInitialFile reads a file of this program's, whatever its network, or of others.
func readInitialFile(path string) (*Initial, error) {
	if !strings.EqualFold(filepath.Ext(path), ".safetensors") {
		return fromElsewhere(path)
	}
	file, err := checkpoint.ReadFile(path)
	if err != nil {
		return nil, err
	}
	i := &Initial{Title: filepath.Base(path), state: fromCheckpoint(file)}
	if name := file.Metadata["name"]; name != "" {
		i.Title = name
	}
	kept := filepath.Base(path) == InitialFile
	if _, err := nn.Lookup(file.Metadata["architecture"]); err == nil && (kept || file.Metadata["task"] != "") { // a version's, or a copy of write's
		i.Architecture = file.Metadata["architecture"]
		if text := file.Metadata["concepts"]; kept && text != "" {
			if err := json.Unmarshal([]byte(text), &i.labels); err != nil {
				return nil, fmt.Errorf("%s: its labels cannot be read: %w", filepath.Base(path), err)
			}
		}
		if text := file.Metadata[metaPicture]; text != "" {
			if err := json.Unmarshal([]byte(text), &i.Picture); err != nil {
				return nil, fmt.Errorf("%s: how its network wants its picture cannot be read: %w", filepath.Base(path), err)
			}
		}
		if z, err := ParseResizer(file.Metadata["resizer"]); err == nil {
			i.Size = max(z.Height, z.Width)
		}
		return i, nil
	}
	if n, err := fromElsewhere(path); err == nil {
		return n, nil
	}
	return i, nil // tensors that may fit all the same
}

func fromElsewhere(path string) (*Initial, error) {
	n, err := weights.Read(path)
	if err != nil {
		return nil, err
	}
	return ofNetwork(n, filepath.Base(path)), nil
}

func ofNetwork(n *weights.Network, title string) *Initial {
	if n.Title != "" {
		title = n.Title
	}
	return &Initial{Title: title, Architecture: n.Architecture, Picture: n.Picture, Size: bestSide(n.Size), state: n.State(), labels: n.Labels}
}

// bestSide is where a frozen backbone's features are best, of one that was trained on pictures of that side, in the crops at random sizes that are usual: nine
// sevenths of it, measured in docs/transfer.md (Touvron et al., Fixing the train-test resolution discrepancy, 2019, explain why). 0 stays 0.
func bestSide(trained int) int { return trained * 9 / 7 / SizeStep * SizeStep }

// CreateRun writes a new run folder: run.json and, where the options name initial weights, a copy of them, so that the training starts, resumes
// and is reproduced without the file that they are from. The run gets what the weights ask for.
func CreateRun(dir string, r *Run) error {
	if r.Options.Weights == "" {
		return WriteRun(dir, r)
	}
	i, err := ReadInitial(dir, r.Options.Weights)
	if err != nil {
		return err
	}
	if i.Architecture != "" && i.Architecture != r.Options.Architecture {
		return fmt.Errorf("the initial weights are of a %s and fit no %s; choose that architecture or other weights", i.Architecture, r.Options.Architecture)
	}
	r.Picture = i.Picture
	if r.Format == 0 {
		r.Format = FormatVersion
	}
	if err := r.Validate(); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making the training's folder: %w", err)
	}
	if err := i.write(dir); err != nil {
		return err
	}
	return WriteRun(dir, r)
}

// write keeps the weights in a run folder.
func (i *Initial) write(dir string) error {
	names := make([]string, 0, len(i.state))
	for name := range i.state {
		names = append(names, name)
	}
	slices.Sort(names)
	tensors := make([]nn.Tensor, len(names))
	for k, name := range names {
		tensors[k] = i.state[name]
		tensors[k].Name = name
	}
	meta := map[string]string{"format": "pt", "name": i.Title, "architecture": i.Architecture}
	if i.labels != nil {
		text, err := json.Marshal(i.labels)
		if err != nil {
			return err
		}
		meta["concepts"] = string(text)
	}
	if err := putPicture(meta, i.Picture); err != nil {
		return err
	}
	if err := checkpoint.WriteFile(filepath.Join(dir, InitialFile), toCheckpoint(tensors), meta); err != nil {
		return fmt.Errorf("keeping the initial weights: %w", err)
	}
	return nil
}

func putPicture(meta map[string]string, p nn.Picture) error {
	if p == (nn.Picture{}) {
		return nil
	}
	text, err := json.Marshal(p)
	meta[metaPicture] = string(text)
	return err
}

// copyInitial copies the initial weights that a run folder keeps, if it does.
func copyInitial(dir, again string) error {
	i, err := readInitialFile(filepath.Join(dir, InitialFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the initial weights: %w", err)
	}
	return i.write(again)
}

// startFrom gives the network its initial weights: those that the folder keeps, else those that the options name, which it then keeps.
func (t *trainer) startFrom(from string) error {
	i, err := readInitialFile(filepath.Join(t.dir, InitialFile))
	kept := err == nil
	if errors.Is(err, fs.ErrNotExist) {
		i, err = ReadInitial(t.dir, from)
	} else if err != nil {
		err = fmt.Errorf("reading the initial weights: %w", err)
	}
	if err != nil {
		return err
	}
	if i.Picture != t.run.Picture {
		return fmt.Errorf("the initial weights %s expect a different input preprocessing than this training was created with; create the training again", from)
	}
	if i.labels != nil && !slices.Equal(i.labels, t.conceptNames()) {
		for _, name := range weights.Head(i.state) { // it answers other questions
			delete(i.state, name)
		}
	}
	taken, left, err := t.net.LoadState(i.state)
	if err != nil {
		return fmt.Errorf("reading the initial weights: %w", err)
	}
	if len(taken) == 0 {
		return fmt.Errorf("the initial weights %s do not fit %s: none of their %d tensors matches by name and shape; choose weights of the same architecture",
			from, t.o.Architecture, len(i.state))
	}
	message := fmt.Sprintf("Initial weights: %d of the network's %d tensors were loaded.", len(taken), len(t.net.State()))
	if len(left) > 0 {
		const most = 8
		more := ""
		if len(left) > most {
			more = fmt.Sprintf(" and %d more", len(left)-most)
			left = left[:most]
		}
		message += " Not loaded, so initialised from scratch: " + strings.Join(left, ", ") + more + "."
	}
	t.note(0, NameWeights, message)
	if kept {
		return nil
	}
	return i.write(t.dir)
}

func (t *trainer) conceptNames() []string {
	names := make([]string, len(t.run.Concepts))
	for i, c := range t.run.Concepts {
		names[i] = c.Name
	}
	return names
}
