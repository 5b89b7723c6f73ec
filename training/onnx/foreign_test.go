package onnx

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// runtimeFolder is where .ci/test installs onnxruntime-node; VIEWFINDER_ONNXRUNTIME names another.
const runtimeFolder = "../../build/onnxruntime/node_modules/onnxruntime-node"

// foreign tells where onnxruntime is. Without it the test is skipped, but where CI is set it fails.
func foreign(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("VIEWFINDER_ONNXRUNTIME")
	if dir == "" {
		dir, _ = filepath.Abs(runtimeFolder)
	}
	_, err := os.Stat(filepath.Join(dir, "package.json"))
	if _, node := exec.LookPath("node"); err == nil && node == nil {
		return dir
	}
	message := "onnxruntime-node is not installed (make test installs it)"
	if os.Getenv("CI") != "" {
		t.Fatal(message)
	}
	t.Skip(message)
	return ""
}

// input is one input of a case: raw little-endian values.
type input struct {
	kind string // float32 or uint8
	dims []int
	raw  []byte
}

// output is what onnxruntime answers.
type output struct {
	Dims []int     `json:"dims"`
	Data []float64 `json:"data"`
}

// inference runs a file's network by onnxruntime on several cases.
func inference(t *testing.T, file string, cases []map[string]input) []map[string]output {
	t.Helper()
	dir := foreign(t)
	work := t.TempDir()
	type onDisk struct {
		Type string `json:"type"`
		Dims []int  `json:"dims"`
		File string `json:"file"`
	}
	var all []map[string]onDisk
	for i, c := range cases {
		one := map[string]onDisk{}
		for name, in := range c {
			path := filepath.Join(work, name+strings.Repeat("_", i))
			if err := os.WriteFile(path, in.raw, 0o600); err != nil {
				t.Fatal(err)
			}
			one[name] = onDisk{in.kind, in.dims, path}
		}
		all = append(all, one)
	}
	list, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(work, "cases.json")
	if err := os.WriteFile(path, list, 0o600); err != nil {
		t.Fatal(err)
	}
	return ask(t, dir, file, path)
}

// runtime is the Node.js process in which onnxruntime is loaded once for all tests; it ends with them, when its input is closed.
var runtime struct {
	once  sync.Once
	err   error
	tasks io.Writer
	lines *bufio.Scanner
}

func ask(t *testing.T, dir string, question ...string) []map[string]output {
	t.Helper()
	runtime.once.Do(func() {
		command := exec.Command("node", "testdata/run.js")
		command.Env = append(os.Environ(), "VIEWFINDER_ONNXRUNTIME="+dir)
		command.Stderr = os.Stderr
		out, err := command.StdoutPipe()
		if err == nil {
			runtime.tasks, err = command.StdinPipe()
		}
		if err == nil {
			err = command.Start()
		}
		runtime.err = err
		runtime.lines = bufio.NewScanner(out)
		runtime.lines.Buffer(nil, 256<<20)
	})
	if runtime.err != nil {
		t.Fatal(runtime.err)
	}
	line, err := json.Marshal(question)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := runtime.tasks.Write(append(line, '\n')); err != nil {
		t.Fatal(err)
	}
	if !runtime.lines.Scan() {
		t.Fatalf("onnxruntime ended: %v", runtime.lines.Err())
	}
	var answer struct {
		Results []map[string]output
		Error   string
	}
	if err := json.Unmarshal(runtime.lines.Bytes(), &answer); err != nil {
		t.Fatalf("onnxruntime's answer: %v", err)
	}
	if answer.Error != "" {
		t.Fatalf("onnxruntime: %s", answer.Error)
	}
	return answer.Results
}

// check runs ONNX's own checker on files.
func check(t *testing.T, files ...string) {
	t.Helper()
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import onnx").Run(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("Debian's python3-onnx is not installed")
		}
		t.Skip("Debian's python3-onnx is not installed (make test installs it)")
	}
	out, err := exec.Command(python, append([]string{"testdata/check.py"}, files...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("onnx.checker: %v\n%s", err, out)
	}
}
