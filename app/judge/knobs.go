package judge

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio/evaluate"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

const allConcepts = "all concepts"

// wantedPrecision is what "precision at least" asks for.
const wantedPrecision = 0.9

// knobs are what the figures are computed at: the threshold, of all concepts or of one, and a detection's overlap.
type knobs struct {
	sheet     *sheet
	content   fyne.CanvasObject
	of        *widget.Select
	threshold *widgets.ThresholdSlider
	overlap   *widgets.ThresholdSlider
	choices   *fyne.Container
	marked    int // the concept whose marks are shown; one less than NoConcept: none yet
	iou       float64
}

func newKnobs(s *sheet) *knobs {
	k := &knobs{sheet: s, marked: evaluate.NoConcept - 1, choices: container.NewHBox()}
	names := []string{allConcepts}
	for _, c := range s.e.Concepts {
		names = append(names, c.Name)
	}
	k.of = widget.NewSelect(names, nil)
	k.of.SetSelectedIndex(0)
	k.of.OnChanged = func(string) { k.update() }
	k.threshold = widgets.NewThresholdSlider(0, 1, k.move)
	row := look.Row(8, look.Small("Threshold of"), look.Width(150, k.of))
	sliders := fyne.CanvasObject(k.threshold)
	if s.e.View.Type.HasBoxes() {
		k.overlap = widgets.NewThresholdSlider(0.5, 0.95, func(v float64) { s.change(func(j *evaluate.JudgeSettings) { j.IoU = v }) })
		sliders = container.NewBorder(nil, nil, nil, look.Row(8, look.Small("Overlap (IoU)"), look.Width(170, k.overlap)), k.threshold)
	}
	k.content = look.PadXY(0, 2, look.Panel(container.NewBorder(nil, nil, row, k.choices, sliders)))
	return k
}

// concept is whose threshold is moved.
func (k *knobs) concept() int {
	if i := k.of.SelectedIndex(); i > 0 {
		return i - 1
	}
	return evaluate.NoConcept
}

// move sets the threshold: all of them, or the chosen concept's.
func (k *knobs) move(v float64) {
	concept := k.concept()
	k.sheet.change(func(s *evaluate.JudgeSettings) {
		if concept == evaluate.NoConcept {
			s.Threshold, s.Concepts = v, nil
			return
		}
		if s.Concepts == nil {
			s.Concepts = map[int]float64{}
		}
		s.Concepts[concept] = v
	})
}

// update has the sliders stand where the settings are, and offers the thresholds that are worth going to.
func (k *knobs) update() {
	s, concept := k.sheet.settings, k.concept()
	at := s.Threshold
	if own, ok := s.Concepts[concept]; ok {
		at = own
	}
	k.threshold.SetValue(at)
	if k.overlap != nil {
		k.overlap.SetValue(s.IoU)
	}
	if k.marked == concept && k.iou == s.IoU {
		return
	}
	k.marked, k.iou = concept, s.IoU
	judge, iou := k.sheet.e.Judge, s.IoU
	go func() {
		best, hasBest := judge.BestF1(concept, iou)
		precise, hasPrecise := judge.PrecisionAtLeast(concept, wantedPrecision, iou)
		fyne.Do(func() {
			if k.marked != concept || k.iou != iou {
				return
			}
			k.offer(best, hasBest, precise, hasPrecise)
		})
	}()
}

func (k *knobs) offer(best evaluate.JudgeChoice, hasBest bool, precise evaluate.JudgeChoice, hasPrecise bool) {
	var marks []widgets.SliderMark
	k.choices.Objects = nil
	add := func(label, text string, at float64) {
		marks = append(marks, widgets.SliderMark{Value: at, Label: label})
		b := widget.NewButton(text, func() {
			k.threshold.SetValue(at)
			k.move(at)
		})
		b.Importance = widget.LowImportance
		k.choices.Add(b)
	}
	if hasBest {
		add("best F1", "Best F1", best.Threshold)
	}
	if hasPrecise {
		add("precision 90%", "Precision ≥ 90%", precise.Threshold)
	}
	usual := evaluate.DefaultJudgeSettings(k.sheet.e.View.Type)
	b := widget.NewButton("Default", func() {
		k.sheet.change(func(s *evaluate.JudgeSettings) { *s = usual })
		k.update()
	})
	b.Importance = widget.LowImportance
	k.choices.Add(b)
	k.threshold.SetMarks(marks)
	k.choices.Refresh()
}
