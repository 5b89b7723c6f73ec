package interchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"viewfinder/storage/domain"
)

// KITTI is the name of this format.
const KITTI Format = "kitti"

// kittiFormat is KITTI's definition.
var kittiFormat = Definition{
	Name: KITTI, Title: "KITTI",
	Summary:  "KITTI's text files for object detection",
	Files:    "`image_2/000000.png` and `label_2/000000.txt`, below `training/`; one line an object: type, truncated, occluded, alpha, left, top, right, bottom, and seven numbers in space",
	Loses:    "all but the type and the box; regions that it does not care for (DontCare)",
	Proved:   "the samples in openvinotoolkit/datumaro",
	Holds:    Holds{Tasks: []domain.Task{domain.Detection}, Boxes: true, Negatives: true},
	Only:     "holds boxes and suits detection",
	Instead:  "folders or csv",
	Sniff:    looksLikeKITTI,
	importer: kittiImporter{},
}

// kittiImporter reads KITTI's labels. Regions of the type DontCare are left
// out; an image with nothing else is not annotated. "training" is not a split:
// KITTI has no other labels.
type kittiImporter struct{}

func looksLikeKITTI(name, head string) bool {
	if !strings.EqualFold(path.Ext(name), ".txt") {
		return false
	}
	lines := strings.Split(strings.TrimSpace(head), "\n")
	for _, line := range atMost(lines, 5) {
		if _, _, err := kittiObject(line); err != nil {
			return false
		}
	}
	return true
}

// kittiObject reads one line: the type, and the box's left, top, right and bottom.
func kittiObject(line string) (kind string, corners [4]float64, err error) {
	fields := strings.Fields(line)
	if len(fields) != 15 && len(fields) != 16 && len(fields) != 8 {
		return "", corners, errors.New("it does not have the 15 fields of KITTI")
	}
	if _, err := parseNumber(fields[0]); err == nil {
		return "", corners, errors.New("it does not begin with a type")
	}
	for i := 1; i < len(fields); i++ {
		v, err := parseNumber(fields[i])
		if err != nil {
			return "", corners, err
		}
		if i >= 4 && i < 8 {
			corners[i-4] = v
		}
	}
	return fields[0], corners, nil
}

func (kittiImporter) Recognises(f *Folder) (bool, error) {
	return f.recognisesFiles(looksLikeKITTI, ".txt"), nil
}

func (kittiImporter) Read(ctx context.Context, f *Folder, yield Yield, problem Report) (Header, error) {
	set := perImage{files: f.labelFiles(looksLikeKITTI, ".txt"), limit: maxXMLBytes, parse: parseKITTI}
	h := Header{ViewType: domain.Detection}
	return h, set.read(ctx, f, yield, problem)
}

// parseKITTI adds one file's objects to the image's record.
func parseKITTI(r *Record, data []byte, problem Report) error {
	others, cared := 0, 0
	err := eachLine(bytes.NewReader(data), func(n int, line []byte) error {
		if len(bytes.TrimSpace(line)) == 0 {
			return nil
		}
		kind, c, err := kittiObject(string(line))
		switch {
		case err != nil:
			r.refuse(problem, n, r.ImagePath, "the line was skipped: "+err.Error())
		case kind == "DontCare":
			others++
		default:
			cared++
			r.addPixels(c[0], c[1], c[2], c[3], kind, problem, n, fmt.Sprintf("%s, %s", r.ImagePath, kind))
		}
		return nil
	})
	r.HasAnnotation = cared > 0 || others == 0
	return err
}
