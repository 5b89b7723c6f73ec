// Package studio is what Viewfinder can do, as Go calls: open a project, import images, annotate, train, evaluate, predict.
// The window and the commands are two faces of it; it knows neither. Rules about the data live in storage, everything about
// networks in training; here they are put together.
//
// Each kind of thing has a package of its own below this one; a Project is made of them all. docs/architecture.md has the arrows between them.
//
// A Project is safe for concurrent use. A method that has a context may do work on disk; those that can take long also take a
// Progress and stop when the context ends.
package studio
