package sqlite

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// lock keeps a second process away from the file: two would repair each other's work. The kernel drops the lock when the
// process ends, however it ends.
func lock(path string) (unlock func() error, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // the operator names the data folder
	if err != nil {
		return nil, fmt.Errorf("opening the lock file: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(refusal(f, path, err), f.Close())
	}
	if err = f.Truncate(0); err == nil {
		_, err = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("writing the lock file: %w", err), f.Close())
	}
	return f.Close, nil
}

func refusal(f *os.File, path string, err error) error {
	if !errors.Is(err, syscall.EWOULDBLOCK) {
		return fmt.Errorf("locking %s: %w", path, err)
	}
	pid := make([]byte, 20)
	n, _ := f.ReadAt(pid, 0) // the number is only a help
	return fmt.Errorf("another process (%s) has this database open: stop it first, or use PostgreSQL for several processes (lock file %s)",
		strings.TrimSpace(string(pid[:n])), path)
}
