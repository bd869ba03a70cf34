package app

import "time"

// Clock is the product's clock. In every build but the demo's it is the wall clock and can not be moved.
type Clock interface {
	Now() time.Time
	// Moved gives a signal when the clock jumped; nil never does.
	Moved() <-chan struct{}
}

type wall struct{}

func (wall) Now() time.Time         { return time.Now() }
func (wall) Moved() <-chan struct{} { return nil }
