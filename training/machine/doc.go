// Package machine reads facts of the machine that the program runs on, as Linux, macOS and Windows report them: physical cores, caches, memory,
// and whether it runs on battery. It imports nothing of the program. What a system reports is read by functions that are compiled and tested
// everywhere; those of Linux take the root of a file system.
package machine
