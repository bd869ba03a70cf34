// Package usage tells what a child process has used of the machine.
//
// It owns the reading of those figures and the patience with a process that waits for its turn. It does not own what is done
// about them. Invariant: a figure that can not be told is said to be unknown, never taken for zero.
package usage

import "time"

// Use is what a process has used since it began, with the children it has waited for.
type Use struct {
	Memory    int64         // bytes that are resident now
	Processor time.Duration // of all its threads, to about 10 ms
}

// Patience is how much longer than its processor time a process may take by the clock: on a machine that does much else a
// good file waits for its turn, and a file that makes a parser wait for ever is stopped all the same.
const Patience = 10

// Wall is how long a process may take by the clock that has so much processor time. Where that can not be told, the clock is
// all there is.
func Wall(processor time.Duration) time.Duration {
	if !told {
		return processor
	}
	return Patience * processor
}
