// Package studio is what Viewfinder can do, as Go calls: open a project, import images, annotate, train, evaluate, predict.
// The window and the commands are built on it; it depends on neither. Rules about the data are in storage, everything about
// networks in training; here they are put together.
//
// Each kind of thing has a package of its own below this one; a Project is made of them all. docs/architecture.md has the arrows between them.
//
// Pages and commands import neither storage nor training (imports_test.go holds that), since what they do to a project is a call on the studio. The records
// that such a call takes and gives are storage's and training's all the same, and not declared a second time: they have aliases here (words.go), in
// package runs (words.go) and in package evaluate (judging.go), which only pages and commands use. The rooms name the packages themselves.
//
// A Project is safe for concurrent use. A method that has a context may do work on disk; those that can take long also take a
// Progress and stop when the context ends.
package studio
