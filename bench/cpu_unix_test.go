//go:build unix

package bench_test

import (
	"syscall"
	"testing"
	"time"
)

// spent is the processor's time of this process so far: what a core did for us, however busy the machine is with others.
func spent(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
