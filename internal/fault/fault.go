// Package fault names the few failures a caller can act on.
//
// It owns the six kinds, the sentence shown to a person, and how a kind is found in a wrapped error. It does not own
// HTTP codes or logging: an edge decides those from the kind. An error that is no fault is our own failure (HTTP 500),
// and its text is never shown to a caller.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what a caller can do about a failure.
type Kind string

// The kinds, each with what the caller can do.
const (
	Invalid     Kind = "invalid"     // change the input
	NotFound    Kind = "not_found"   // ask for something else; also the answer for what the caller may not see
	Conflict    Kind = "conflict"    // read again, then decide again
	Denied      Kind = "denied"      // get the right, or stop
	Unavailable Kind = "unavailable" // try again later; nothing was done, or it is unknown whether it was
	Unsupported Kind = "unsupported" // this build or the other system can not do it
)

// Detail points at one part of the input.
type Detail struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// Fault is a failure with a kind and a sentence for the user that says what to change.
type Fault struct {
	Kind    Kind
	Message string
	Details []Detail
	Err     error
}

// Error is the sentence with its cause, unless the sentence tells that itself.
func (f *Fault) Error() string {
	if f.Err != nil && !strings.Contains(f.Message, f.Err.Error()) {
		return f.Message + ": " + f.Err.Error()
	}
	return f.Message
}

func (f *Fault) Unwrap() error { return f.Err }

// New makes a fault; the message is a sentence for the user.
func New(kind Kind, format string, args ...any) *Fault {
	return &Fault{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// Wrap makes a fault that keeps its cause for the log. The cause is not shown to the user.
func Wrap(kind Kind, err error, format string, args ...any) *Fault {
	return &Fault{Kind: kind, Message: fmt.Sprintf(format, args...), Err: err}
}

// Of returns the fault in err's chain, or nil.
func Of(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return nil
}

// Is tells whether err's chain holds a fault of this kind.
func Is(err error, kind Kind) bool {
	f := Of(err)
	return f != nil && f.Kind == kind
}
