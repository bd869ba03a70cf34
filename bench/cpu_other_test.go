//go:build !unix

package bench_test

import (
	"testing"
	"time"
)

var began = time.Now()

// spent is the time on the clock, where the system does not tell that of the processor.
func spent(*testing.B) time.Duration { return time.Since(began) }
