package versiontest

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"viewfinder/widgets"
)

// each calls f for what is visible below an object, until f says that it has seen enough.
func each(o fyne.CanvasObject, f func(fyne.CanvasObject) (enough bool)) bool {
	if o == nil || !o.Visible() {
		return false
	}
	if f(o) {
		return true
	}
	var inner []fyne.CanvasObject
	switch t := o.(type) {
	case *fyne.Container:
		inner = t.Objects
	case *container.Scroll:
		inner = []fyne.CanvasObject{t.Content}
	case fyne.Widget:
		inner = test.WidgetRenderer(t).Objects()
	}
	for _, c := range inner {
		if each(c, f) {
			return true
		}
	}
	return false
}

// All lists what there is of a kind in the dialog or menu on top, or else in the window.
func All[T any](s *Shell) (list []T) {
	each(s.top(), func(o fyne.CanvasObject) bool {
		if t, ok := o.(T); ok {
			list = append(list, t)
		}
		return false
	})
	return list
}

func (s *Shell) top() fyne.CanvasObject {
	if o := s.window.Canvas().Overlays().Top(); o != nil {
		return o
	}
	return s.window.Content()
}

// Open reports whether a dialog or a menu is open.
func (s *Shell) Open() bool { return s.window.Canvas().Overlays().Top() != nil }

// Escape closes the dialog or menu on top, as its key does.
func (s *Shell) Escape() {
	c := s.window.Canvas()
	if o := c.Overlays().Top(); o != nil && !widgets.CloseTop(c) {
		c.Overlays().Remove(o)
	}
}

// Press presses the button, link, icon (by its hint) or menu item on top that says a text, or begins with it.
func (s *Shell) Press(text string) {
	s.t.Helper()
	is := func(shown string) bool { return shown == text || shown != "" && strings.HasPrefix(shown, text) }
	var press func()
	each(s.top(), func(o fyne.CanvasObject) bool {
		switch b := o.(type) {
		case *widgets.Button:
			if is(b.Text) && !b.Disabled() {
				press = b.OnTapped
			}
		case *widget.Button:
			if is(b.Text) && !b.Disabled() {
				press = b.OnTapped
			}
		case *widgets.Link:
			if is(b.Text()) {
				press = b.OnTapped
			}
		case *widgets.Pressable:
			if is(b.Hint) {
				press = func() { b.Tapped(nil) }
			}
		case fyne.Tappable: // an item of a menu
			if textOf(o) == text {
				press = func() { b.Tapped(&fyne.PointEvent{}) }
			}
		}
		return press != nil
	})
	if press == nil {
		s.t.Fatalf("nothing says %q; there is:\n%s", text, Texts(s.top()))
	}
	press()
}

// textOf is the words that are drawn below an object.
func textOf(o fyne.CanvasObject) string {
	var words []string
	each(o, func(o fyne.CanvasObject) bool {
		if t, ok := o.(*canvas.Text); ok && t.Text != "" {
			words = append(words, t.Text)
		}
		return false
	})
	return strings.Join(words, " ")
}
