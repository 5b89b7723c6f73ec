package domain

import "testing"

func TestTask(t *testing.T) {
	for _, c := range []struct {
		task                                                          Task
		hasBoxes, exactlyOne, anyNumber, allowsEmpty, learnsFromEmpty bool
		leastConcepts                                                 int
		title                                                         string
	}{
		{Classification, false, true, false, false, false, 2, "Classification"},
		{Tagging, false, false, true, true, true, 1, "Tagging"},
		{Detection, true, false, false, true, false, 1, "Detection"},
	} {
		t.Run(string(c.task), func(t *testing.T) {
			if got := c.task.HasBoxes(); got != c.hasBoxes {
				t.Errorf("HasBoxes is %v", got)
			}
			if got := c.task.ExactlyOne(); got != c.exactlyOne {
				t.Errorf("ExactlyOne is %v", got)
			}
			if got := c.task.AnyNumber(); got != c.anyNumber {
				t.Errorf("AnyNumber is %v", got)
			}
			if got := c.task.AllowsEmpty(); got != c.allowsEmpty {
				t.Errorf("AllowsEmpty is %v", got)
			}
			if got := c.task.LearnsFromEmpty(); got != c.learnsFromEmpty {
				t.Errorf("LearnsFromEmpty is %v", got)
			}
			if c.task.Title() != c.title || c.task.Summary() == "" {
				t.Errorf("it is called %q: %q", c.task.Title(), c.task.Summary())
			}
			if got := c.task.LeastConcepts(); got != c.leastConcepts {
				t.Errorf("LeastConcepts is %d", got)
			}
			if parsed, err := ParseTask(string(c.task)); parsed != c.task || err != nil {
				t.Errorf("ParseTask gives %q, %v", parsed, err)
			}
		})
	}
	if len(Tasks()) != 3 {
		t.Errorf("there are %d tasks, and the table above has 3", len(Tasks()))
	}
	for _, word := range []string{"", "Detection", "segmentation"} {
		if got, err := ParseTask(word); err == nil || got != "" {
			t.Errorf("%q is read as %q, %v", word, got, err)
		}
	}
}

func TestSplit(t *testing.T) {
	for split, valid := range map[Split]bool{SplitTrain: true, SplitVal: true, SplitTest: true, "": false, "Train": false, "valid": false} {
		if split.Valid() != valid {
			t.Errorf("%q: valid is %v", split, !valid)
		}
		if want := split == "train" || split == "val"; split.ForTraining() != want {
			t.Errorf("%q: for training is %v", split, !want)
		}
	}
	for split, next := range map[Split]Split{SplitTrain: SplitVal, SplitVal: SplitTest, SplitTest: SplitTrain, "": SplitTrain} {
		if got := split.Next(); got != next {
			t.Errorf("after %q comes %q", split, got)
		}
	}
	if got := SplitWords("or"); got != "train, val or test" {
		t.Errorf("%q", got)
	}
}

func TestStatus(t *testing.T) {
	type answers struct{ busy, active, resumable bool }
	want := map[Status]answers{
		StatusQueued:      {active: true},
		StatusPreparing:   {busy: true, active: true},
		StatusTraining:    {busy: true, active: true},
		StatusEvaluating:  {busy: true, active: true},
		StatusReady:       {},
		StatusStopped:     {resumable: true},
		StatusInterrupted: {resumable: true},
		StatusFailed:      {resumable: true},
	}
	for _, s := range Statuses() {
		expected, known := want[s]
		if got := (answers{s.Busy(), s.Active(), s.Resumable()}); !known || got != expected || !s.Valid() {
			t.Errorf("%s: %+v, expected %+v", s, got, expected)
		}
	}
	if len(Statuses()) != len(want) || Status("").Valid() || Status("done").Valid() {
		t.Error("the list of states is another than the table's, or a word is taken for one")
	}
}
