package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/pactloop/pactloop/internal/fault"
)

// A sentence that tells the cause already does not tell it twice.
func TestACauseIsToldOnce(t *testing.T) {
	t.Parallel()
	cause := errors.New("open x.json: no such file or directory")
	for want, err := range map[string]error{
		"x.json can not be read: open x.json: no such file or directory.":            fault.Wrap(fault.Invalid, cause, "x.json can not be read: %v.", cause),
		"The file can not be read.: open x.json: no such file or directory":          fault.Wrap(fault.Invalid, cause, "The file can not be read."),
		"importing: x.json can not be read: open x.json: no such file or directory.": fmt.Errorf("importing: %w", fault.Wrap(fault.Invalid, cause, "x.json can not be read: %v.", cause)),
		"There is no such file.": fault.New(fault.NotFound, "There is no such file."),
	} {
		if err.Error() != want {
			t.Errorf("%q, want %q", err, want)
		}
		if fault.Of(err).Kind == fault.Invalid && !errors.Is(err, cause) {
			t.Errorf("%q: the cause is lost", err)
		}
	}
}
