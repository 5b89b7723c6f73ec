package interchange

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/url"
	"path"
	"strings"

	"viewfinder/storage/domain"
)

// labelStudioExporter writes tasks.json, images/ and label_config.xml, the
// labelling interface to be pasted into the project's settings. Tasks name
// their images as local files of Label Studio: with the folder above the export as
// LOCAL_FILES_DOCUMENT_ROOT and the export's as local storage they show.
// An image that is not annotated is a task without an annotation.
type labelStudioExporter struct {
	folder   *exportFolder
	file     *exportFile
	view     domain.Task
	concepts conceptList
	tasks    int
	results  int
}

type labelStudioOut struct {
	ID   int `json:"id"`
	Data struct {
		Image string `json:"image"`
		Split string `json:"split,omitempty"`
	} `json:"data"`
	Annotations []labelStudioOutAnnotation `json:"annotations"`
}

type labelStudioOutAnnotation struct {
	Result []labelStudioOutResult `json:"result"`
}

type labelStudioOutResult struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	From     string `json:"from_name"`
	To       string `json:"to_name"`
	Width    int    `json:"original_width,omitempty"`
	Height   int    `json:"original_height,omitempty"`
	Rotation *int   `json:"image_rotation,omitempty"`
	Value    any    `json:"value"`
}

type labelStudioOutBox struct {
	X        float64  `json:"x"` // per cent
	Y        float64  `json:"y"`
	Width    float64  `json:"width"`
	Height   float64  `json:"height"`
	Rotation int      `json:"rotation"`
	Labels   []string `json:"rectanglelabels"`
}

type labelStudioOutChoices struct {
	Choices []string `json:"choices"`
}

func (e *labelStudioExporter) begin(f *exportFolder, h Header) (err error) {
	e.folder, e.view = f, h.ViewType
	for _, c := range h.Concepts {
		e.concepts.add(c)
	}
	if err := f.mkdir("images"); err != nil {
		return err
	}
	if e.file, err = f.create("tasks.json"); err != nil {
		return err
	}
	_, err = e.file.WriteString("[")
	return err
}

func (e *labelStudioExporter) place(Record) string { return "images" }

func (e *labelStudioExporter) add(r Record, _ func(string)) error {
	if len(r.Boxes) > 0 && (r.Width <= 0 || r.Height <= 0) {
		return errors.New("the size of " + r.ImagePath + " is not known")
	}
	e.tasks++
	out := labelStudioOut{ID: e.tasks, Annotations: []labelStudioOutAnnotation{}}
	out.Data.Image = "/data/local-files/?d=" + strings.ReplaceAll(url.QueryEscape(path.Join(e.folder.title, r.ImagePath)), "+", "%20")
	out.Data.Split = r.Split
	if r.HasAnnotation {
		out.Annotations = append(out.Annotations, labelStudioOutAnnotation{Result: e.result(r)})
	}
	text, err := json.Marshal(out)
	if err != nil {
		return err
	}
	if e.tasks > 1 {
		e.file.WriteString(",")
	}
	e.file.WriteString("\n")
	_, err = e.file.Write(text)
	return err
}

// result is one labelled item of an annotation.
func (e *labelStudioExporter) result(r Record) []labelStudioOutResult {
	all := []labelStudioOutResult{}
	upright := 0
	for _, b := range r.Boxes {
		e.results++
		e.concepts.add(b.Concept)
		all = append(all, labelStudioOutResult{ID: "r" + string(number(e.results)), Type: "rectanglelabels", From: "label", To: "image", Width: r.Width, Height: r.Height, Rotation: &upright,
			Value: labelStudioOutBox{X: b.XMin * 100, Y: b.YMin * 100, Width: (b.XMax - b.XMin) * 100, Height: (b.YMax - b.YMin) * 100, Labels: []string{b.Concept}}})
	}
	if len(r.Concepts) > 0 {
		e.results++
		for _, c := range r.Concepts {
			e.concepts.add(c)
		}
		all = append(all, labelStudioOutResult{ID: "r" + string(number(e.results)), Type: "choices", From: "choice", To: "image", Value: labelStudioOutChoices{r.Concepts}})
	}
	return all
}

func (e *labelStudioExporter) end() error {
	_, err := e.file.WriteString("\n]\n")
	if err := errors.Join(err, e.file.Close()); err != nil {
		return err
	}
	config, err := e.folder.create(labelStudioConfig)
	if err != nil {
		return err
	}
	value := func(s string) string {
		var b strings.Builder
		xml.EscapeText(&b, []byte(s))
		return b.String()
	}
	control, item := `Choices name="choice" toName="image" choice="multiple"`, "Choice"
	switch e.view {
	case domain.Detection:
		control, item = `RectangleLabels name="label" toName="image"`, "Label"
	case domain.Classification:
		control = `Choices name="choice" toName="image" choice="single"`
	}
	config.WriteString("<View>\n  <Image name=\"image\" value=\"$image\"/>\n  <" + control + ">\n")
	for _, c := range e.concepts.names {
		config.WriteString("    <" + item + ` value="` + value(c) + "\"/>\n")
	}
	kind, _, _ := strings.Cut(control, " ")
	config.WriteString("  </" + kind + ">\n</View>\n")
	return config.Close()
}
