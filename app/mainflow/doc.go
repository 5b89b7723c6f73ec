// Package mainflow holds the main job's test in a real window: the built program under an X display, driven by keys as a person would
// drive it, and the project then read by a second process. It runs with `-tags window` (see .ci/test), since it needs the display.
package mainflow
