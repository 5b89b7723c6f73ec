package training

import (
	"regexp"
	"strconv"
)

var pidPattern = regexp.MustCompile(`pid=(\d+)`)

func lastPID(log []byte) int {
	all := pidPattern.FindAllSubmatch(log, -1)
	if len(all) == 0 {
		return -1
	}
	n, err := strconv.Atoi(string(all[len(all)-1][1]))
	if err != nil {
		return -1
	}
	return n
}
