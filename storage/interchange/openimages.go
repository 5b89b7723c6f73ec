package interchange

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"viewfinder/storage/domain"
)

// OpenImages is the name of this format.
const OpenImages Format = "openimages"

// openImagesFormat is Open Images' definition.
var openImagesFormat = Definition{
	Name: OpenImages, Title: "Open Images",
	Summary:  "Open Images' CSV of boxes, with its class descriptions",
	Files:    "`…-annotations-bbox.csv` (ImageID, LabelName, XMin, XMax, YMin, YMax, …) and `class-descriptions….csv`; the images anywhere below, called as their ids",
	Loses:    "groups of objects (IsGroupOf); who drew a box; images that the table does not name",
	Proved:   "the samples of version 6 in openvinotoolkit/datumaro, with tables of masks and image labels beside the boxes",
	Holds:    Holds{Tasks: []domain.Task{domain.Detection}, Boxes: true, Splits: true},
	Only:     "holds boxes and suits detection",
	Instead:  "folders or csv",
	Sniff:    looksLikeOpenImages,
	importer: openImagesImporter{},
}

// openImagesColumns are those that a table of boxes has.
var openImagesColumns = []string{"ImageID", "LabelName", "XMin", "XMax", "YMin", "YMax"}

// openImagesImporter reads the tables of boxes of a folder, in fractions, one
// row a box. The split is taken from the table's name. Images that no row
// names are not annotated.
type openImagesImporter struct{}

func looksLikeOpenImages(name, head string) bool {
	line, _, _ := strings.Cut(head, "\n")
	if !strings.EqualFold(path.Ext(name), ".csv") {
		return false
	}
	columns := strings.Split(strings.TrimSpace(line), ",")
	for _, need := range openImagesColumns {
		if !slices.ContainsFunc(columns, func(c string) bool { return strings.TrimSpace(c) == need }) {
			return false // such as the table of masks, whose columns are BoxXMin and so on
		}
	}
	return true
}

func (openImagesImporter) Recognises(f *Folder) (bool, error) {
	return f.recognisesFiles(looksLikeOpenImages, ".csv"), nil
}

func (openImagesImporter) Read(ctx context.Context, f *Folder, yield Yield, problem Report) (Header, error) {
	classes := openImagesClasses(f)
	tables := f.labelFiles(looksLikeOpenImages, ".csv")
	found := newLocated(f, problem, "", "images")
	missing, firstMissing := 0, ""
	for _, name := range tables {
		data, err := f.read(name, maxTextBytes)
		if err != nil {
			return Header{}, fmt.Errorf("%s: %w", name, err)
		}
		split := cocoSplit(name)
		records, err := parseOpenImages(ctx, name, string(data), classes, problem)
		if err != nil {
			return Header{}, fmt.Errorf("%s: %w", name, err)
		}
		for _, r := range records {
			r.Split = split
			if _, err := f.findImage(r.ImagePath, "", "images"); err != nil { // the tables name many more images than people load
				if missing++; missing == 1 {
					firstMissing = r.ImagePath
				}
				continue
			}
			found.add(r)
		}
	}
	if missing > 0 {
		problem(Problem{File: tables[0], Record: firstMissing, Reason: fmt.Sprintf("%s not here, such as this one; the rows were skipped", counted(missing, "image of the table is", "images of the tables are"))})
	}
	h, err := found.yield(ctx, nil, yield, strings.Join(tables, ", "))
	if err == nil {
		h.ViewType = domain.Detection
	}
	f.tree.tails = tails{} // ids have no endings: that they are found by their ends is normal
	return h, err
}

// openImagesClasses reads the names of the labels' codes, which stand in
// tables of two columns without a first line of names.
func openImagesClasses(f *Folder) map[string]string {
	classes := map[string]string{}
	for _, name := range f.files(".csv") {
		if !strings.Contains(fold(path.Base(name)), "class-descriptions") && !strings.Contains(fold(path.Base(name)), "class_descriptions") {
			continue
		}
		data, err := f.read(name, maxTextBytes)
		if err != nil {
			continue
		}
		eachLine(strings.NewReader(string(data)), func(_ int, line []byte) error {
			fields, err := splitFields(string(line), ',')
			if err == nil && len(fields) >= 2 && strings.HasPrefix(fields[0], "/") && len(classes) < 10*maxConcepts {
				classes[cell(fields, 0)] = cell(fields, 1)
			}
			return nil
		})
	}
	return classes
}

// parseOpenImages reads one table; records are one an image, in the order of
// their first rows.
func parseOpenImages(ctx context.Context, name, text string, classes map[string]string, problem Report) ([]Record, error) {
	var all []Record
	index := map[string]int{}
	var at map[string]int
	err := eachLine(strings.NewReader(text), func(n int, line []byte) error {
		if n%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if len(strings.TrimSpace(string(line))) == 0 {
			return nil
		}
		fields, err := splitFields(string(line), ',')
		if err != nil {
			problem(Problem{File: name, Line: n, Reason: "the line was skipped: " + err.Error()})
			return nil
		}
		if at == nil {
			at = map[string]int{}
			for i, f := range fields {
				at[strings.TrimSpace(f)] = i + 1
			}
			for _, need := range openImagesColumns {
				if at[need] == 0 {
					return fmt.Errorf("line 1: there is no column %q", need)
				}
			}
			return nil
		}
		get := func(column string) string { return cell(fields, at[column]-1) }
		id := get("ImageID")
		if id == "" {
			problem(Problem{File: name, Line: n, Reason: "the line was skipped: it names no image"})
			return nil
		}
		i, again := index[id]
		if !again {
			if len(all) >= maxFiles {
				return errors.New("it names too many images")
			}
			i = len(all)
			index[id] = i
			all = append(all, Record{File: name, Line: n, ImagePath: id})
		}
		r := &all[i]
		label := get("LabelName")
		if full, ok := classes[label]; ok {
			label = full
		}
		if get("IsGroupOf") == "1" {
			r.refuse(problem, n, id, "the box was skipped: it marks a group, not one thing")
			return nil
		}
		var v [4]float64
		for j, column := range []string{"XMin", "YMin", "XMax", "YMax"} {
			if v[j], err = parseNumber(get(column)); err != nil {
				r.refuse(problem, n, id, "the box was skipped: "+err.Error())
				return nil
			}
		}
		r.addFractions(v[0], v[1], v[2], v[3], label, problem, n, id)
		return nil
	})
	return all, err
}
