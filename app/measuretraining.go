//go:build measure

package app

import (
	"context"
	"errors"
	"fmt"

	"fyne.io/fyne/v2"

	"viewfinder/app/bench"
)

// How often it is measured alone and beside a training, in turn, and how many images are turned over each time.
const (
	trainingRounds = 3
	trainingTurns  = 30
)

// besideTraining measures what a person does while annotating, alone and beside a training, in turn: both under the same conditions, on the same machine.
func (m *measuring) besideTraining() (err error) {
	if err := m.begin(); err != nil {
		return err
	}
	if err := m.until("the gallery", m.page.Loaded); err != nil {
		return err
	}
	ctx := context.Background()
	training, err := bench.StartTraining(ctx, m.w.shell.project)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, training.Discard(ctx)) }()
	for range trainingRounds {
		if err := training.Halt(ctx); err != nil {
			return err
		}
		if err := m.annotating(", alone"); err != nil {
			return err
		}
		if err := training.GoOn(ctx); err != nil {
			return err
		}
		if err := m.annotating(", beside a training"); err != nil {
			return err
		}
	}
	last, err := training.Iteration(ctx)
	m.add(bench.Row{What: "iterations trained meanwhile", Median: float64(last), High: float64(last), Note: fmt.Sprintf("in %d rounds", trainingRounds)})
	return err
}

// annotating counts frames of the gestures of annotating.
func (m *measuring) annotating(when string) error {
	m.when = when
	fyne.DoAndWait(func() { m.w.shell.ShowGallery(m.w.shell.view.ID, "", 0) })
	if err := m.until("the gallery", m.page.Loaded); err != nil {
		return err
	}
	m.scroll("scrolling slowly (24 px a frame)", 24)
	if err := m.drawing(); err != nil {
		return err
	}
	return m.turning(trainingTurns)
}
