package judge

import (
	"viewfinder/app/studio"
	"viewfinder/app/studio/evaluate"
	"viewfinder/storage/domain"
)

// The images that a version is judged on.
const (
	onVal    = "the val split"
	onTrain  = "the train split"
	onTest   = "the test split"
	onAll    = "all annotated images"
	onFilter = "what the gallery shows"
	onFolder = "another folder…"
)

// source is what a version is judged on.
type source struct {
	name, folder string
	filter       *studio.Query // with onFilter
}

func (s source) words() string {
	switch s.name {
	case onFolder:
		return "on " + s.folder
	case onFilter:
		return "on " + s.request().Words()
	}
	return "on " + s.name
}

func (s source) request() evaluate.EvaluateRequest {
	switch s.name {
	case onTrain:
		return evaluate.EvaluateRequest{Split: domain.SplitTrain}
	case onTest:
		return evaluate.EvaluateRequest{Split: domain.SplitTest}
	case onAll:
		return evaluate.EvaluateRequest{All: true}
	case onFilter:
		return evaluate.EvaluateRequest{Filter: s.filter}
	case onFolder:
		return evaluate.EvaluateRequest{Folder: s.folder}
	}
	return evaluate.EvaluateRequest{Split: domain.SplitVal}
}
