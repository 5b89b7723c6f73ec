package try

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"viewfinder/app/studio/pictures"
	"viewfinder/app/studio/predict"
	"viewfinder/storage/words"
	"viewfinder/widgets"
)

// single is one image, large, with its boxes and class activation maps.
type single struct {
	try     *Try
	content *fyne.Container
	canvas  *widgets.Annotator // shows and zooms; nothing is drawn on it here
	item    *item              // nil: none is open
	at      int
	turn    int // an older image's answer is dropped

	explanation *predict.Explanation
	small       *image.RGBA // what the map is laid over
	plain       *widgets.Pyramid
	why         string // the concept whose map is shown; "" = none
	shade       float64
	heat        bool // a map is being drawn
	again       bool // and has to be drawn once more
}

// mapSide is the longest side of an image under a map: fine enough for a map, and quick.
const mapSide = 1000

func newSingle(t *Try) *single {
	s := &single{try: t, shade: 0.65}
	s.canvas = widgets.NewAnnotator()
	s.canvas.SetTool(widgets.ToolPan)
	s.canvas.OnKey = s.key
	s.content = container.NewStack(s.canvas)
	return s
}

func (s *single) close() {
	s.turn++
	s.item, s.explanation, s.small, s.plain, s.why = nil, nil, nil, nil, ""
	s.canvas.SetImage(nil, "")
	s.canvas.SetMarks(nil, false)
	s.canvas.SetTags(nil)
}

// open decodes an image and looks at it, off the window's thread.
func (s *single) open(it *item, at int) {
	same := s.item == it && s.explanation != nil
	keep := s.why
	s.turn++
	turn, t := s.turn, s.try
	if same {
		return
	}
	s.item, s.at, s.explanation, s.small, s.plain = it, at, nil, nil, nil
	s.why = ""
	s.canvas.SetImage(nil, "Reading "+it.name+" …")
	s.canvas.SetMarks(nil, false)
	s.canvas.SetTags(nil)
	s.focus()
	network := t.network
	if network == nil {
		return // it is opened again once the network is there
	}
	ctx, path := t.ctx, it.path
	go func() {
		img, err := pictures.DecodeFile(path)
		var picture *widgets.Pyramid
		var small *image.RGBA
		var answer *predict.Explanation
		if err == nil {
			picture = widgets.NewPyramid(img)
			answer, err = network.Explain(ctx, img)
			small = pictures.Shrink(img, mapSide)
		}
		if ctx.Err() != nil {
			return
		}
		fyne.Do(func() {
			if turn != s.turn || t.ctx.Err() != nil {
				return
			}
			if err != nil {
				s.canvas.SetImage(nil, it.name+" cannot be used: "+err.Error())
				t.answered(it, predict.Prediction{File: it.path, Error: err.Error()})
				return
			}
			s.explanation, s.small, s.plain = answer, small, picture
			s.canvas.SetImage(picture, "")
			p := answer.Prediction
			p.File = it.path
			t.answered(it, p)
			s.mark()
			if keep != "" && len(p.Concepts) > 0 {
				s.explain(p.Concepts[0].Concept)
			}
		})
	}()
}

// mark draws boxes and words as the threshold has it.
func (s *single) mark() {
	if s.item == nil || s.item.prediction == nil {
		return
	}
	t := s.try
	p := s.item.prediction.At(t.view.Type, t.threshold, 0)
	var marks []widgets.Mark
	for _, b := range p.Boxes {
		marks = append(marks, widgets.Mark{Box: rectOf(b), Label: b.Concept + " " + words.Percent(b.Score), Color: t.color(b.Concept)})
	}
	s.canvas.SetMarks(marks, false)
	var tags []widgets.Tag
	for i, c := range p.Concepts {
		if t.view.Type.ExactlyOne() && i > 0 {
			break
		}
		tags = append(tags, widgets.Tag{Label: c.Concept + " " + words.Percent(c.Score), Color: t.color(c.Concept)})
	}
	s.canvas.SetTags(tags)
}

// explain shows what speaks for a concept; "" shows the image alone.
func (s *single) explain(concept string) {
	s.why = concept
	if concept == "" {
		if s.plain != nil {
			s.canvas.SetHidden(false)
			s.swap(s.plain)
		}
		s.try.panel.refresh()
		return
	}
	s.redraw()
	s.try.panel.refresh()
}

// setShade lays the map over the image more or less.
func (s *single) setShade(v float64) {
	s.shade = v
	s.redraw()
}

// redraw draws the map off the window's thread, once more if something changed meanwhile.
func (s *single) redraw() {
	if s.explanation == nil || s.why == "" {
		return
	}
	if s.heat {
		s.again = true
		return
	}
	s.heat, s.again = true, false
	turn, answer, small, concept, shade := s.turn, s.explanation, s.small, s.why, s.shade
	go func() {
		picture := widgets.NewPyramid(answer.Overlay(small, concept, shade))
		fyne.Do(func() {
			s.heat = false
			if turn == s.turn && s.why == concept {
				s.swap(picture)
			}
			if s.again {
				s.redraw()
			}
		})
	}()
}

// swap shows another drawing of the same image.
func (s *single) swap(p *widgets.Pyramid) { s.canvas.Replace(p) }

// step goes to another image.
func (s *single) step(by int) bool {
	next := s.at + by
	if s.item == nil || next < 0 || next >= len(s.try.items) {
		return false
	}
	s.try.openItem(next)
	return true
}

func (s *single) key(k fyne.KeyName, mod fyne.KeyModifier) bool {
	if mod != 0 {
		return false
	}
	switch k {
	case fyne.KeyRight:
		s.step(1)
	case fyne.KeyLeft:
		s.step(-1)
	case fyne.KeyEscape:
		if len(s.try.items) < 2 {
			return false
		}
		s.try.showGrid()
	case fyne.KeyF:
		s.canvas.Fit()
	case fyne.KeyDelete, fyne.KeyBackspace, fyne.KeyUp, fyne.KeyDown:
		// nothing is edited here
	default:
		return false
	}
	return true
}

func (s *single) focus() {
	if c := s.try.shell.Window().Canvas(); c.Overlays().Top() == nil {
		c.Focus(s.canvas)
	}
}
