package command

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"viewfinder/app/bench"
	"viewfinder/app/studio/runs"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
)

// devices is `viewfinder devices`.
func (s *session) devices() *cobra.Command {
	return s.facts(&cobra.Command{
		Use:     "devices",
		Short:   "List the devices that can train, and their speed",
		Example: "  viewfinder devices --json",
		Args:    exactly(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			list := runs.Devices()
			return s.print(list, func() {
				rows := [][]string{{"device", "processor", "cores", "kernels", "peak", "memory"}}
				for _, d := range list {
					rows = append(rows, []string{d.Name, d.Processor, fmt.Sprint(d.Cores), d.Kernels, fmt.Sprintf("%.0f GFLOP/s", d.PeakGFLOPS), fmt.Sprintf("%.1f GB/s", d.GBPerSecond)})
				}
				s.table(rows)
			})
		},
	})
}

// bench is `viewfinder bench train|predict|data`.
func (s *session) bench() *cobra.Command {
	var r bench.Request
	var architectures []string
	var task string
	var size int
	c := &cobra.Command{
		Use:   "bench train|predict|data",
		Short: "Measure training and prediction speed on this computer",
		Long: `Times steps of networks on random images, without decoding: images per second, and the share of the processor's measured
peak. With --json, one object a network (a list where there are several), with its layers: time, GFLOP/s, and GB/s with the share
of the memory's own measured speed. data times loading: from photos to batches, and what it costs each step.`,
		Example: `  viewfinder bench train --architecture small_cnn --size 96 --batch-size 32 --steps 20
  viewfinder bench train --architecture mobilenet_v2_050 --task detection --width 320 --height 240 --batch-size 16
  viewfinder bench data --architecture small_cnn
  viewfinder bench predict --json`,
		Args: exactly(1, "train, predict or data"),
		RunE: func(c *cobra.Command, args []string) error {
			switch args[0] {
			case "train", "predict", "data":
				r.Predict = args[0] == "predict"
			default:
				return wrongCall(c, "there is no bench %q: it is train, predict or data", args[0])
			}
			if r.Task = domain.Task(task); !r.Task.Valid() {
				return wrongCall(c, "there is no task %q: it is classification, tagging or detection", task)
			}
			for _, name := range architectures {
				if err := checkArchitecture(c, name); err != nil {
					return err
				}
			}
			if r.Height == 0 {
				r.Height = size
			}
			if r.Width == 0 {
				r.Width = size
			}
			if args[0] == "data" {
				return s.runBenchData(c, r, architectures)
			}
			return s.runBench(c, r, architectures)
		},
	}
	c.Flags().StringArrayVar(&architectures, "architecture", nil, "a network (repeat it; default: all)")
	c.Flags().StringVar(&task, "task", string(domain.Classification), "classification, tagging or detection")
	c.Flags().IntVar(&r.Concepts, "concepts", 6, "number of concepts")
	c.Flags().IntVar(&size, "size", 96, "height and width of the images, in pixels")
	c.Flags().IntVar(&r.Height, "height", 0, "their height, where it is not --size")
	c.Flags().IntVar(&r.Width, "width", 0, "their width, where it is not --size")
	c.Flags().IntVar(&r.BatchSize, "batch-size", 32, "images in a batch")
	c.Flags().IntVar(&r.Threads, "threads", 0, "threads (0 = all physical cores)")
	c.Flags().IntVar(&r.Steps, "steps", 20, "number of timed steps")
	c.AddCommand(s.measurements()...)
	return s.facts(c)
}

func (s *session) runBench(c *cobra.Command, r bench.Request, architectures []string) error {
	if len(architectures) == 0 {
		for _, a := range runs.Architectures() {
			architectures = append(architectures, a.Name)
		}
	}
	var list []bench.Result
	rows := [][]string{{"network", "images/s", "step", "GFLOP/s", "of the peak", "memory", "slowest layer"}}
	for i, name := range architectures {
		if err := c.Context().Err(); err != nil {
			return err
		}
		s.progress().Update(i, len(architectures), name)
		r.Architecture = name
		b, err := bench.Network(c.Context(), r)
		if err != nil {
			return err
		}
		list = append(list, b)
		slowest := ""
		if len(b.Layers) > 0 {
			l := slices.MaxFunc(b.Layers, func(x, y bench.Layer) int { return cmp.Compare(x.MS, y.MS) })
			slowest = fmt.Sprintf("%s %v %.2f ms", l.Operation, l.Shape, l.MS)
		}
		rows = append(rows, []string{name, fmt.Sprintf("%.1f", b.ImagesPerSecond), fmt.Sprintf("%.1f ms", b.StepMS), fmt.Sprintf("%.1f", b.GFLOPS),
			words.Percent(b.PeakShare), fmt.Sprintf("%d MB", b.MemoryBytes>>20), slowest})
	}
	var document any = list
	if len(list) == 1 {
		document = list[0]
	}
	return s.print(document, func() { s.table(rows) })
}
