package app

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"fyne.io/fyne/v2"

	"viewfinder/app/studio/session"
	"viewfinder/storage/wholefile"
	"viewfinder/widgets/look"
)

// settings are what a person chose for the program rather than a project. They are kept in settings.json in
// [session.ConfigDir]; one that cannot be read counts as empty, one that cannot be written is not worth a dialog.
type settings struct {
	Theme  string            `json:"theme"` // "", light or dark; "" follows the system
	Width  float32           `json:"width,omitempty"`
	Height float32           `json:"height,omitempty"`
	GoOn   *bool             `json:"go_on,omitempty"`  // classification: to the next image once a concept is given
	Keys   map[string]string `json:"keys,omitempty"`   // by action, where they are not the usual ones; see package keys
	Folded bool              `json:"folded,omitempty"` // the details of the Views page are folded away

	Places []string `json:"places,omitempty"` // folders in which files were chosen, the last one first

	// CloseTraining is what becomes of a training when the window is closed: "" = it is asked, "goes_on" or "stops".
	CloseTraining  string `json:"close_training,omitempty"`
	PauseOnBattery bool   `json:"pause_on_battery,omitempty"` // trainings, while the machine runs on its battery

	disk    sync.Mutex
	next    []byte        // to be written
	writing chan struct{} // closed once all is written; nil while nothing is
}

func settingsPath() (string, error) {
	dir, err := session.ConfigDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "settings.json"), nil
}

func readSettings() *settings {
	s := &settings{}
	path, err := settingsPath()
	if err != nil {
		return s
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return s
	}
	if err := json.Unmarshal(data, s); err != nil {
		slog.Warn("the settings cannot be read and start anew", "file", path, "error", err)
		return &settings{}
	}
	return s
}

// save writes the settings, off the window's thread; only the last of several that wait is written.
func (s *settings) save() {
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		slog.Warn("the settings could not be saved", "error", err)
		return
	}
	s.disk.Lock()
	defer s.disk.Unlock()
	s.next = data
	if s.writing == nil {
		s.writing = make(chan struct{})
		go s.write(s.writing)
	}
}

func (s *settings) write(done chan struct{}) {
	defer close(done)
	for {
		s.disk.Lock()
		data := s.next
		s.next = nil
		if data == nil {
			s.writing = nil
			s.disk.Unlock()
			return
		}
		s.disk.Unlock()
		path, err := settingsPath()
		if err == nil {
			err = wholefile.Write(path, data)
		}
		if err != nil {
			slog.Warn("the settings could not be saved", "error", err)
		}
	}
}

// wait returns once what was saved is on the disk.
func (s *settings) wait() {
	s.disk.Lock()
	writing := s.writing
	s.disk.Unlock()
	if writing != nil {
		<-writing
	}
}

func (s *settings) variant() look.Variant {
	switch s.Theme {
	case "light":
		return look.Light
	case "dark":
		return look.Dark
	}
	return look.System
}

func (s *settings) setVariant(v look.Variant) {
	s.Theme = map[look.Variant]string{look.Light: "light", look.Dark: "dark"}[v]
	s.save()
}

// goOn reports whether a classification goes on to the next image; it does unless that was switched off.
func (s *settings) goOn() bool { return s.GoOn == nil || *s.GoOn }

func (s *settings) windowSize() fyne.Size {
	if s.Width < 640 || s.Height < 480 || s.Width > 10_000 || s.Height > 10_000 {
		return fyne.NewSize(1280, 800)
	}
	return fyne.NewSize(s.Width, s.Height)
}

func (s *settings) setWindowSize(size fyne.Size) {
	if size.Width >= 640 && size.Height >= 480 {
		s.Width, s.Height = size.Width, size.Height
	}
}
