//go:build demo

package app

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

var passed atomic.Int64

// reached kills the process at a named point, as tests ask: PACTLOOP_KILL_AT=write:answered/3 kills at the third time.
func reached(point string) {
	name, times, _ := strings.Cut(os.Getenv("PACTLOOP_KILL_AT"), "/")
	if name == "" || name != point {
		return
	}
	n, err := strconv.ParseInt(times, 10, 64)
	if err != nil {
		n = 1
	}
	if passed.Add(1) == n {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
}
