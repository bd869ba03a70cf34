package connector

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Fail makes a failure of another system; the message is a sentence for the operator.
func Fail(class Failure, format string, args ...any) *Error {
	return &Error{Class: class, Message: fmt.Sprintf(format, args...)}
}

// FailureOf gives the class and the wait of an error. What is no *Error is our own failure and counts as unavailable: it
// is tried again and shows up as such, and is never taken for a refusal by the other system.
func FailureOf(err error) (Failure, time.Duration) {
	var e *Error
	if errors.As(err, &e) {
		return e.Class, e.RetryAfter
	}
	return FailUnavailable, 0
}

// ClassOfStatus is the class of an HTTP status where the body says nothing better.
func ClassOfStatus(status int) Failure {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired:
		return FailDenied
	case http.StatusNotFound, http.StatusGone, http.StatusMethodNotAllowed:
		return FailUnmapped
	case http.StatusConflict, http.StatusPreconditionFailed, http.StatusPreconditionRequired, http.StatusMultipleChoices:
		return FailConflict
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests, http.StatusLocked:
		return FailUnavailable
	}
	if status >= 500 {
		return FailUnavailable
	}
	return FailInvalid
}

// Sentence tells the operator what a class means and what to do.
func (f Failure) Sentence(system string) string {
	switch f {
	case FailDenied:
		return system + " refused our right to do this; check the credentials and permissions of the connection."
	case FailInvalid:
		return system + " refused the values."
	case FailUnmapped:
		return system + " does not know the object or field; check the link and the mapping."
	case FailConflict:
		return "The value was changed in " + system + " since it was read."
	case FailUncertain:
		return "It is not known whether " + system + " took the change."
	case FailUnavailable:
		return system + " can not be reached or is busy; this is tried again."
	}
	return system + " answered with an error."
}
