package views

// mostTypedAhead is how many keys are kept while an image is on its way; more than that nobody means.
const mostTypedAhead = 32

// typeahead keeps the keys of a hand that is faster than the disk: what is typed while the next image is looked for or read is meant
// for that image. It must neither be lost nor fall on the image before.
type typeahead struct {
	searching bool // the next image that is not annotated is being looked for
	loading   bool // the image that is to be shown is being read
	reading   int  // so many readings of what is suggested for it are under way
	undoing   int  // so many Undos and Redos are under way: which image is shown then is not known yet
	keys      []func()
}

// wantsImage names the actions that are done to the image that is shown.
var wantsImage = map[string]bool{"without": true, "reviewed": true, "split": true, "test": true, "copy_previous": true, "delete": true, "concept": true,
	"accept": true, "reject": true, "accept_all": true}

// keep says that again must be done later, and will be; action is the name of what the key stands for, "concept" for a concept.
func (t *typeahead) keep(action string, again func()) bool {
	switch {
	case action == "" || action == "back" && len(t.keys) == 0 && t.undoing == 0: // nothing was typed that leaving would lose
		return false
	case t.searching || t.undoing > 0 || (t.loading || t.reading > 0) && (wantsImage[action] || len(t.keys) > 0):
		if len(t.keys) < mostTypedAhead {
			t.keys = append(t.keys, again)
		}
		return true
	}
	return false
}

// release does what was typed ahead, as far as it can be done now.
func (t *typeahead) release() {
	for len(t.keys) > 0 && !t.searching && !t.loading && t.reading == 0 && t.undoing == 0 {
		again := t.keys[0]
		t.keys = t.keys[1:]
		again()
	}
}
