package training

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"viewfinder/storage/domain"
)

// interruptedMessage is an interrupted run's Error when the log holds nothing more exact.
const interruptedMessage = "The training process exited unexpectedly: it was killed, ran out of memory, or the computer was switched off. Resume continues from its last checkpoint."

// Inspect returns the run's state. A run whose trainer is gone without having recorded an end is interrupted.
func Inspect(dir string) (State, error) {
	if _, err := os.Stat(filepath.Join(dir, RunFile)); err != nil {
		return State{}, fmt.Errorf("%s is not a training's folder: %w", dir, err)
	}
	// Liveness first: a trainer that ends meanwhile has then written its end before the events are read.
	live, err := alive(dir)
	if err != nil {
		return State{}, err
	}
	s, err := watched.state(dir)
	if err != nil {
		return State{}, err
	}
	s.Alive = live
	if !live && s.Status.Busy() {
		s.Status = domain.StatusInterrupted
		s.Error = interruptedMessage
		if why := lastWords(filepath.Join(dir, LogFile)); why != "" {
			s.Error = "The training process crashed: " + why + ". Resume continues from its last checkpoint."
		}
		s.ImagesPerSecond, s.SecondsLeft = 0, 0
	}
	return s, nil
}

// lastWords finds what Go's runtime wrote at the end of a log when it gave up, such as "fatal error: runtime: out of memory".
func lastWords(log string) string {
	b, err := readTail(log, 256<<10)
	if err != nil {
		return ""
	}
	at := -1
	for _, mark := range []string{"\nfatal error: ", "\npanic: "} {
		at = max(at, bytes.LastIndex(b, []byte(mark)))
	}
	if at < 0 || bytes.Contains(b[at:], []byte(startMark)) {
		return ""
	}
	line, _, _ := bytes.Cut(b[at+1:], []byte("\n"))
	return string(bytes.TrimSpace(line[:min(len(line), 300)]))
}

// startMark begins the log of each start of the trainer.
const startMark = "---- trainer started"

// RequestStop asks the trainer to keep its state and end. It is no error if none is at work.
func RequestStop(dir string) error {
	f, err := os.OpenFile(filepath.Join(dir, stopFile), os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return fmt.Errorf("asking the training to stop: %w", err)
	}
	return f.Close()
}

func stopRequested(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, stopFile))
	return err == nil
}

func clearStop(dir string) error {
	if err := os.Remove(filepath.Join(dir, stopFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("taking the stop request away: %w", err)
	}
	return nil
}

// pollInterval is how often Follow looks.
const pollInterval = 200 * time.Millisecond

// lastLine returns the last line of a log that is not empty.
func lastLine(log string) string {
	b, err := readTail(log, 64<<10)
	if err != nil {
		return ""
	}
	all := bytes.Split(bytes.TrimSpace(b), []byte("\n"))
	line := all[len(all)-1]
	return string(bytes.TrimSpace(line[:min(len(line), 300)]))
}
