package try

import (
	"bytes"
	"context"
	"errors"

	"viewfinder/app/page"
	"viewfinder/app/studio/predict"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/storage/wholefile"
	"viewfinder/storage/words"
)

// shown is the predictions of the images that were processed, at the threshold.
func (t *Try) shown() []predict.Prediction {
	var list []predict.Prediction
	for _, it := range t.items {
		if it.prediction != nil {
			list = append(list, it.prediction.At(t.view.Type, t.threshold, 0))
		}
	}
	return list
}

// exportAs asks where to, and writes the predictions.
func (t *Try) exportAs(format string) {
	page.AskSave(t.shell, "Export the predictions", "predictions of "+runs.FileName(t.version.Name)+"."+format, func(path string) { t.exportTo(path, format) })
}

func (t *Try) exportTo(path, format string) {
	list := t.shown()
	t.shell.Do("export the predictions", func(context.Context) error {
		var b bytes.Buffer
		if err := predict.WritePredictions(&b, format, list); err != nil {
			return err
		}
		return wholefile.Write(path, b.Bytes())
	}, func() {
		t.shell.Notify("Saved the predictions for " + words.Count(len(list), "image") + " to " + path)
	})
}

// adopt adds the images to the project, with what is seen in them as suggestions.
func (t *Try) adopt() {
	var files []string
	for _, it := range t.items {
		if it.prediction != nil && it.prediction.Error == "" {
			files = append(files, it.path)
		}
	}
	if one := t.single.item; one != nil && len(t.items) > 1 {
		files = []string{one.path}
	}
	if len(files) == 0 {
		t.shell.Notify("There is no image here that could be added.")
		return
	}
	text := words.Count(len(files), "image is", "images are") + " copied into the project. What " + t.version.Name +
		" predicts becomes suggestions in " + t.view.Name + ", which become annotations only when accepted. This can be undone."
	project, id, threshold := t.project, t.version.ID, t.threshold
	if t.view.Type.ExactlyOne() {
		threshold = everyConcept
	}
	t.shell.Confirm("Add to the project", text, "Add", false, func() {
		var done predict.Adopted
		t.shell.Long("Adding the images", func(ctx context.Context, p session.Progress) (err error) {
			done, err = project.Adopt(ctx, id, files, threshold, p)
			return err
		}, func(err error) {
			if err != nil && !errors.Is(err, context.Canceled) {
				t.shell.Fail("add the images to the project", err)
				return
			}
			t.shell.Notify(sentence(done))
		})
	})
}

// everyConcept is the threshold of a suggestion where the most probable concept is suggested, however probable.
const everyConcept = 1e-6

func sentence(a predict.Adopted) string {
	text := words.Count(a.Added, "image") + " added, " + words.Number(a.Suggested) + " with suggestions"
	if a.There > 0 {
		text += ", " + words.Number(a.There) + " were there already"
	}
	if a.NotInView > 0 {
		text += ", " + words.Number(a.NotInView) + " do not belong to the view"
	}
	if len(a.Problems) > 0 {
		text += "; " + words.Count(len(a.Problems), "file") + " could not be added: " + a.Problems[0]
	}
	return text + "."
}
