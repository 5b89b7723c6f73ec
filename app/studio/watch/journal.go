package watch

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"viewfinder/storage/wholefile"
)

// Line is what the CSV file says of an image.
type Line struct {
	File        string  // in the folder, with slashes
	Concept     string  // the most confident; "": none
	Score       float64 // of it, 0 to 1
	Predictions string  // all of them, in words
	Error       string  // why the image could not be used
	PutInto     string  // where the image was moved to; "": it stays

	state   fileState
	hash    string // SHA-256 of the file, hexadecimal
	version string
	at      time.Time
}

// columns are the CSV file's.
var columns = []string{"file", "concept", "score", "predictions", "error", "put into", "bytes", "modified", "sha256", "version", "predicted"}

func (l *Line) fields() []string {
	score := ""
	if l.Concept != "" {
		score = strconv.FormatFloat(l.Score, 'f', 6, 64)
	}
	return []string{plain(l.File), plain(l.Concept), score, plain(l.Predictions), plain(l.Error), plain(l.PutInto), strconv.FormatInt(l.state.size, 10),
		l.state.mod.UTC().Format(time.RFC3339Nano), l.hash, plain(l.version), l.at.UTC().Format(time.RFC3339)}
}

// plain keeps a spreadsheet from computing a text: a leading apostrophe says that it is one.
func plain(s string) string {
	if s != "" && strings.ContainsRune("=+-@'\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// doneFile is an image that has its line.
type doneFile struct {
	state fileState
	hash  string
	put   string // where it belongs
}

// journal is the CSV file. While it is open, no other watch writes it.
type journal struct {
	path string
	lock *flock.Flock
	size int64 // bytes that are whole lines and on the disk
	torn bool  // the last line may be there in part
	done map[string]doneFile
}

// key is a file's name as it is read back from the CSV file.
func key(name string) string { return strings.ReplaceAll(plain(name), "\r\n", "\n") }

func (j *journal) find(name string) (doneFile, bool) {
	d, ok := j.done[key(name)]
	return d, ok
}

func (j *journal) keep(name string, d doneFile) { j.done[key(name)] = d }

// openJournal reads a CSV file that an earlier watch wrote, without its last line where that was not written to its end, or begins one.
func openJournal(path string) (_ *journal, err error) {
	j := &journal{path: path, done: map[string]doneFile{}, lock: flock.New(path+".lock", flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o644))}
	ok, err := j.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("locking %s: %w", path, err)
	}
	if !ok {
		return nil, fmt.Errorf("%s is being written by another watch: end that one, or choose another file", path)
	}
	defer func() {
		if err != nil {
			j.close()
		}
	}()
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("opening the list: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	if j.size, err = j.read(data); err != nil {
		return nil, fmt.Errorf("%s %w", path, err)
	}
	if err = f.Truncate(j.size); err != nil {
		return nil, fmt.Errorf("writing %s: %w", path, err)
	}
	if j.size == 0 {
		head := asCSV([][]string{columns})
		if _, err = f.WriteAt(head, 0); err != nil {
			return nil, fmt.Errorf("writing %s: %w", path, err)
		}
		j.size = int64(len(head))
	}
	if err = errors.Join(f.Sync(), wholefile.SyncFolder(filepath.Dir(path))); err != nil {
		return nil, fmt.Errorf("writing %s: %w", path, err)
	}
	return j, nil
}

// read takes the lines in data and returns how many bytes are whole lines.
func (j *journal) read(data []byte) (int64, error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord, r.ReuseRecord = len(columns), true
	good := int64(0)
	for line := 0; ; line++ {
		fields, err := r.Read()
		end := r.InputOffset()
		if err == io.EOF {
			return good, nil
		}
		if err != nil || end == 0 || data[end-1] != '\n' {
			head := asCSV([][]string{columns})
			switch rest := data[good:]; {
			case good == 0 && !bytes.HasPrefix(head, rest):
				return 0, errors.New("is not a list that watch wrote: choose another file")
			case bytes.IndexByte(rest, '\n') >= 0 && err != nil:
				return 0, fmt.Errorf("cannot be read after line %d (%w): mend it, or choose another file", line, err)
			}
			return good, nil // it was being written when the watch was killed
		}
		if line == 0 {
			if !slices.Equal(fields, columns) {
				return 0, errors.New("is not a list that watch wrote: choose another file")
			}
		} else {
			size, _ := strconv.ParseInt(fields[6], 10, 64) // where a spreadsheet changed them, the hash decides
			mod, _ := time.Parse(time.RFC3339Nano, fields[7])
			j.done[strings.Clone(fields[0])] = doneFile{fileState{size, mod}, strings.Clone(fields[8]), strings.Clone(fields[5])}
		}
		good = end
	}
}

func asCSV(lines [][]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.WriteAll(lines) // a buffer takes everything
	return b.Bytes()
}

// write appends lines and waits until they are on the disk. On an error none of them counts.
func (j *journal) write(lines []Line) error {
	rows := make([][]string, len(lines))
	for i := range lines {
		rows[i] = lines[i].fields()
	}
	data := asCSV(rows)
	if err := j.append(data); err != nil {
		return fmt.Errorf("%s cannot be written (%w)", j.path, err)
	}
	j.size += int64(len(data))
	for _, l := range lines {
		j.keep(l.File, doneFile{l.state, l.hash, l.PutInto})
	}
	return nil
}

// append opens the file anew each time: a share may have been away, and a spreadsheet may have the file on Windows.
func (j *journal) append(data []byte) (err error) {
	f, err := os.OpenFile(j.path, os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return errors.New("it is gone: put it back, or end the watch and start it with a new one")
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() != j.size {
		if !j.torn || info.Size() < j.size {
			return errors.New("another program changed it: end the watch and start it again")
		}
		if err = f.Truncate(j.size); err != nil {
			return err
		}
	}
	j.torn = true
	if _, err = f.WriteAt(data, j.size); err == nil {
		err = f.Sync()
	}
	if err != nil {
		j.torn = f.Truncate(j.size) != nil
		return err
	}
	j.torn = false
	return nil
}

func (j *journal) close() { _ = j.lock.Close() }
