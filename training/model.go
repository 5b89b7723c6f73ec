package training

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	"path/filepath"

	"viewfinder/storage/domain"
	"viewfinder/training/checkpoint"
	"viewfinder/training/data"
	"viewfinder/training/nn"
)

// Prediction is a network's prediction for one picture.
type Prediction struct {
	Key    string             `json:"key,omitempty"`
	Scores []float64          `json:"scores,omitempty"` // one a concept, 0..1: classification (they add to 1) and tagging
	Boxes  []domain.ScoredBox `json:"boxes,omitempty"`  // detection, most confident first, after non-maximum suppression
	Err    error              `json:"-"`                // PredictSamples, Evaluate: why the sample could not be read
}

// Model is a trained network, ready to predict. It is not for use by several goroutines at once.
type Model struct {
	Run *Run // without its samples

	net    *nn.Network
	runner *runner
	one    *runner // for Explain; nil until it is called
	frame  data.Frame
}

// Open loads the folder's run.json and model.safetensors. A version has the latter once it is ready or was stopped.
func Open(dir string) (*Model, error) {
	run, err := ReadRun(dir)
	if err != nil {
		return nil, err
	}
	run.Samples = nil
	m := &Model{Run: run, frame: run.frame()}
	if m.net, err = nn.New(run.spec(), run.Options.Seed); err != nil {
		return nil, fmt.Errorf("building the network: %w", err)
	}
	file, err := checkpoint.ReadFile(filepath.Join(dir, ModelFile))
	if err != nil {
		return nil, fmt.Errorf("reading the trained network: %w", err)
	}
	if err := loadAll(m.net, file); err != nil {
		return nil, fmt.Errorf("reading the trained network: %w", err)
	}
	if m.runner, err = newRunner(m.net, run.Options.Threads); err != nil {
		return nil, err
	}
	return m, nil
}

// Close gives the model's memory back.
func (m *Model) Close() {
	m.runner.close()
	if m.one != nil {
		m.one.close()
	}
}

// Predict runs the network on upright pictures.
func (m *Model) Predict(ctx context.Context, pictures []*image.RGBA) ([]Prediction, error) {
	predictions, _, err := m.runner.run(ctx, data.NewPictures(pictures, m.frame), nil, nil)
	return predictions, err
}

// PredictSamples runs the network on samples whose image paths are relative to dir; progress may be nil. A sample that cannot be read has
// its Err set.
func (m *Model) PredictSamples(ctx context.Context, dir string, samples []Sample, progress func(done, total int)) ([]Prediction, error) {
	predictions, _, err := m.predict(ctx, dir, samples, false, progress)
	return predictions, err
}

func (m *Model) predict(ctx context.Context, dir string, samples []Sample, loss bool, progress func(done, total int)) ([]Prediction, float64, error) {
	src := data.NewStream(items(dir, samples), m.frame)
	var truths func(int) truth
	if loss {
		truths = func(i int) truth {
			return truth{src.Items[i].Labels, data.MapBoxes(src.Items[i].Boxes, src.Transform(i))}
		}
	}
	predictions, l, err := m.runner.run(ctx, src, truths, progress)
	for i := range predictions {
		predictions[i].Key = samples[i].Key
	}
	return predictions, l, err
}

// EvaluateOptions are the options of an evaluation. The zero value is a good default.
type EvaluateOptions struct {
	Threshold float64 // of the decisions; 0 = DefaultThreshold
	Progress  func(done, total int)
}

// Evaluate runs the folder's model on samples (paths relative to dir) and computes all figures.
func Evaluate(ctx context.Context, dir string, samples []Sample, o EvaluateOptions) (*Evaluation, error) {
	m, err := Open(dir)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	return m.Evaluate(ctx, dir, samples, o)
}

// Evaluate runs the model on samples (paths relative to dir) and computes all figures.
func (m *Model) Evaluate(ctx context.Context, dir string, samples []Sample, o EvaluateOptions) (*Evaluation, error) {
	for i := range samples {
		if err := m.Run.validateSample(&samples[i]); err != nil {
			return nil, fmt.Errorf("sample %s: %w", samples[i].Image, err)
		}
	}
	predictions, loss, err := m.predict(ctx, dir, samples, true, o.Progress)
	if err != nil {
		return nil, err
	}
	e, err := Compute(m.Run.Task, m.Run.Concepts, samples, predictions, o.Threshold)
	if err != nil {
		return nil, err
	}
	e.Loss = loss
	return e, nil
}

// frame is how pictures become the network's input.
func (r *Run) frame() data.Frame {
	z, _ := ParseResizer(r.Options.Resizer) // checked by Validate
	return data.Frame{Height: z.Height, Width: z.Width, Pad: z.Pad, Whole: r.Decoding != DecodingReduced}
}

// spec describes the network to build.
func (r *Run) spec() nn.Spec {
	f := r.frame()
	s := nn.Spec{Architecture: r.Options.Architecture, Task: r.Task, Classes: len(r.Concepts), Height: f.Height, Width: f.Width, Picture: r.Picture}
	if r.Options.Pooling == nn.PoolingStatistics {
		s.Pooling = nn.PoolingStatistics
	}
	return s
}

// items are the samples as package data takes them.
func items(dir string, samples []Sample) []data.Item {
	all := make([]data.Item, len(samples))
	for i, s := range samples {
		path := filepath.FromSlash(s.Image)
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		it := data.Item{Image: path, SHA256: s.SHA256, Labels: s.Labels, Crop: s.Crop}
		for _, b := range s.Boxes {
			it.Boxes = append(it.Boxes, domain.Box32{XMin: float32(b.XMin), YMin: float32(b.YMin), XMax: float32(b.XMax), YMax: float32(b.YMax), Class: b.Class})
		}
		all[i] = it
	}
	return all
}

// PreviewAugmentation shows what the options make of a picture: it resized as for training and then augmented by the draw of that number.
func PreviewAugmentation(src *image.RGBA, o Options, draw int) (*image.RGBA, error) {
	z, err := ParseResizer(o.Resizer)
	if err != nil {
		return nil, err
	}
	return data.Preview(src, data.Frame{Height: z.Height, Width: z.Width, Pad: z.Pad}, o.Augment, o.Seed, draw)
}

// state is the network's state as package checkpoint takes it; the values are the network's own.
func state(net *nn.Network) []checkpoint.Tensor { return toCheckpoint(net.State()) }

func toCheckpoint(tensors []nn.Tensor) []checkpoint.Tensor {
	out := make([]checkpoint.Tensor, len(tensors))
	for i, t := range tensors {
		out[i] = checkpoint.Tensor{Name: t.Name, Shape: t.Shape, Data: t.Data, Integer: t.Integer}
	}
	return out
}

func fromCheckpoint(file *checkpoint.File) map[string]nn.Tensor {
	out := make(map[string]nn.Tensor, len(file.Tensors))
	for name, t := range file.Tensors {
		out[name] = nn.Tensor{Name: name, Shape: t.Shape, Data: t.Data, Integer: t.Integer}
	}
	return out
}

// loadAll takes the file's weights; every tensor of the network must be there.
func loadAll(net *nn.Network, file *checkpoint.File) error {
	taken, left, err := net.LoadState(fromCheckpoint(file))
	if err != nil {
		return err
	}
	if want := len(net.State()); len(taken) != want {
		return fmt.Errorf("only %d of the network's %d tensors are in the file; it was made by another network (%v)", len(taken), want, left)
	}
	return nil
}

// saveModel writes model.safetensors: the network's weights, and in its metadata what a reader needs to use them.
func saveModel(dir string, run *Run, net *nn.Network, iteration int) error {
	names := make([]string, len(run.Concepts))
	for i, c := range run.Concepts {
		names[i] = c.Name
	}
	concepts, err := json.Marshal(names)
	if err != nil {
		return err
	}
	meta := map[string]string{
		"format": "pt", "architecture": run.Options.Architecture, "task": string(run.Task), "concepts": string(concepts),
		"resizer": run.Options.Resizer, "name": run.Name, checkpoint.IterationKey: fmt.Sprint(iteration),
	}
	if s := run.spec(); s.Pooling != "" {
		meta["pooling"] = s.Pooling
	}
	if err := putPicture(meta, run.Picture); err != nil {
		return err
	}
	return checkpoint.WriteFile(filepath.Join(dir, ModelFile), state(net), meta)
}
