package interchange

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"viewfinder/storage/domain"
)

// VoTT is the name of this format.
const VoTT Format = "vott"

// vottFormat is VoTT's definition.
var vottFormat = Definition{
	Name: VoTT, Title: "VoTT",
	Summary:  "Microsoft VoTT's JSON export",
	Files:    "`vott-json-export/NAME-export.json` beside the images; VoTT's CSV is read as a table",
	Loses:    "polygons become the boxes around them; all tags of a region but the first",
	Proved:   "the samples in openvinotoolkit/datumaro (their boxes lie outside their images, which is reported)",
	Holds:    Holds{Tasks: []domain.Task{domain.Detection}, Boxes: true, Negatives: true},
	Only:     "holds boxes and suits detection",
	Instead:  "folders or csv",
	Sniff:    looksLikeVoTT,
	importer: vottImporter{},
}

// vottImporter reads assets with their regions. An asset without a region is
// annotated where VoTT records that it was visited.
type vottImporter struct{}

func looksLikeVoTT(name, head string) bool {
	return strings.EqualFold(path.Ext(name), ".json") && strings.Contains(head, `"regions"`) && strings.Contains(head, `"asset"`) &&
		(strings.Contains(head, `"assets"`) || strings.Contains(head, `"boundingBox"`) || strings.Contains(head, `"state"`))
}

func (vottImporter) Recognises(f *Folder) (bool, error) {
	return f.recognisesFiles(looksLikeVoTT, ".json"), nil
}

type vottAsset struct {
	Asset struct {
		Name  string `json:"name"`
		Path  string `json:"path"`
		State int    `json:"state"` // 0 not visited, 1 visited, 2 tagged
		Size  struct {
			Width  jsonNumber `json:"width"`
			Height jsonNumber `json:"height"`
		} `json:"size"`
	} `json:"asset"`
	Regions []struct {
		Tags []string `json:"tags"`
		Box  *struct {
			Left   jsonNumber `json:"left"`
			Top    jsonNumber `json:"top"`
			Width  jsonNumber `json:"width"`
			Height jsonNumber `json:"height"`
		} `json:"boundingBox"`
		Points []struct{ X, Y jsonNumber } `json:"points"`
	} `json:"regions"`
}

func (vottImporter) Read(ctx context.Context, f *Folder, yield Yield, problem Report) (Header, error) {
	var names []string
	if f.File != "" {
		names = []string{f.File}
	} else if names = f.labelFiles(looksLikeVoTT, ".json"); len(names) > 1 { // the export holds the content of the files of single assets
		for _, name := range names {
			if strings.Contains(f.head(name), `"assets"`) {
				names = []string{name}
				break
			}
		}
	}
	found := newLocated(f, problem, "", "images")
	var concepts conceptList
	for _, name := range names {
		data, err := f.read(name, maxTextBytes)
		if err != nil {
			return Header{}, fmt.Errorf("%s: %w", name, err)
		}
		assets, tags, err := parseVoTT(data)
		if err != nil {
			return Header{}, &fileError{file: name, err: err}
		}
		for _, t := range tags {
			if t, err := conceptName(t); err == nil {
				concepts.add(t)
			}
		}
		for _, a := range assets {
			found.folders = []string{dirOf(name), path.Join(dirOf(name), "images")}
			found.add(a.record(name, problem))
		}
	}
	h, err := found.yield(ctx, concepts.names, yield, strings.Join(atMost(names, 1), ""))
	if h.ViewType == "" && err == nil {
		h.ViewType = domain.Detection
	}
	return h, err
}

// parseVoTT reads an export of all assets, or the file of one.
func parseVoTT(data []byte) (assets []vottAsset, tags []string, err error) {
	var export struct {
		Assets map[string]vottAsset `json:"assets"`
		Tags   []struct {
			Name string `json:"name"`
		} `json:"tags"`
		vottAsset
	}
	if err := json.NewDecoder(lenient(bytes.NewReader(data))).Decode(&export); err != nil {
		return nil, nil, fmt.Errorf("it is damaged JSON: %w", tooEarly(jsonError(err)))
	}
	for _, t := range export.Tags {
		tags = append(tags, t.Name)
	}
	for _, key := range sortedKeys(export.Assets) {
		assets = append(assets, export.Assets[key])
	}
	if export.Asset.Name != "" || export.Asset.Path != "" {
		assets = append(assets, export.vottAsset)
	}
	return assets, tags, nil
}

// record makes a record of an asset.
func (a vottAsset) record(file string, problem Report) Record {
	r := Record{File: file, ImagePath: a.Asset.Name, HasAnnotation: a.Asset.State > 0 || len(a.Regions) > 0}
	if r.ImagePath == "" {
		r.ImagePath = strings.TrimPrefix(a.Asset.Path, "file:")
	}
	r.Width, r.Height = wholePixels(a.Asset.Size.Width.Value), wholePixels(a.Asset.Size.Height.Value)
	if r.Width == 0 || r.Height == 0 {
		r.Width, r.Height = 0, 0
	}
	for i, region := range a.Regions[:min(len(a.Regions), maxRegions)] {
		what := fmt.Sprintf("%s, region %d", r.ImagePath, i+1)
		if len(region.Tags) == 0 {
			r.refuse(problem, 0, what, "the region was skipped: it has no tag")
			continue
		}
		if len(region.Tags) > 1 {
			problem(Problem{File: file, Record: what, Reason: fmt.Sprintf("the region has %d tags; the first was read", len(region.Tags))})
		}
		var corners [4]float64
		var err error
		if b := region.Box; b != nil && b.Left.Valid && b.Top.Valid && b.Width.Valid && b.Height.Valid {
			corners = [4]float64{b.Left.Value, b.Top.Value, b.Left.Value + b.Width.Value, b.Top.Value + b.Height.Value}
		} else {
			var points []float64
			for _, p := range region.Points {
				points = append(points, p.X.Value, p.Y.Value)
			}
			corners, err = around(points)
		}
		if err != nil {
			r.refuse(problem, 0, what, "the region was skipped: "+err.Error())
			continue
		}
		r.addPixels(corners[0], corners[1], corners[2], corners[3], region.Tags[0], problem, 0, what)
	}
	return r
}
