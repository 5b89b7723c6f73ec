package interchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// readList reads a JSON file that is a list of images, one element at a time:
// take fills the record of one. An element that cannot be read is reported
// and the next one read; where the JSON itself breaks, what came before counts.
func readList(ctx context.Context, f *Folder, name string, problem Report, take func(r *Record, data []byte, problem Report) error) ([]Record, error) {
	file, err := f.open(name, maxTextBytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	defer file.Close()
	return parseList(ctx, file, name, problem, take)
}

func parseList(ctx context.Context, file io.Reader, name string, problem Report, take func(r *Record, data []byte, problem Report) error) ([]Record, error) {
	lines := &lineCounter{r: lenient(skipMark(file))}
	d := json.NewDecoder(lines)
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return nil, &fileError{file: name, line: 1, err: errors.New("it is not a list in JSON")}
	}
	var all []Record
	for n := 1; d.More(); n++ {
		if n%1000 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if len(all) >= maxFiles {
			return nil, &fileError{file: name, err: errors.New("it lists too many images")}
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			line := lines.at(d.InputOffset())
			if len(all) == 0 {
				return nil, &fileError{file: name, line: line, err: fmt.Errorf("it is damaged JSON: %w", tooEarly(err))}
			}
			problem(Problem{File: name, Line: line, Reason: "the file is damaged from here on; what comes before was read: " + tooEarly(err).Error()})
			return all, nil
		}
		r := Record{File: name, Line: lines.at(d.InputOffset())}
		if err := take(&r, raw, problem); err != nil {
			problem(Problem{File: name, Line: r.Line, Record: fmt.Sprintf("element %d", n), Reason: "was skipped: " + err.Error()})
			continue
		}
		all = append(all, r)
	}
	return all, nil
}
