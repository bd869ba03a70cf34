package main

import (
	"errors"
	"io/fs"

	"github.com/pactloop/pactloop/internal/fault"
)

// unreadable says why a file that was named can not be read.
func unreadable(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Invalid, "%s does not exist.", name)
	}
	why := err
	if at := (*fs.PathError)(nil); errors.As(err, &at) { // it names the file a second time
		why = at.Err
	}
	return fault.New(fault.Invalid, "%s can not be read: %v.", name, why)
}
