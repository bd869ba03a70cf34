package tesseract

import (
	"errors"
	"fmt"
	"os/exec"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// isolate gives the process a group of its own, and its death when we die.
func isolate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

func kill(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
}

func limit(pid int, memory int64, wall time.Duration) error {
	set := func(what int, name string, value uint64) error {
		if err := unix.Prlimit(pid, what, &unix.Rlimit{Cur: value, Max: value}, nil); err != nil {
			return fmt.Errorf("limit of %s: %w", name, err)
		}
		return nil
	}
	for _, l := range []struct {
		what  int
		name  string
		value uint64
	}{
		{unix.RLIMIT_AS, "memory", uint64(memory)},
		{unix.RLIMIT_CPU, "CPU time", uint64(wall/time.Second) + 2},
		{unix.RLIMIT_FSIZE, "file size", 1 << 20},
		{unix.RLIMIT_CORE, "core files", 0},
		{unix.RLIMIT_NOFILE, "open files", 64},
	} {
		if err := set(l.what, l.name, l.value); err != nil && !errors.Is(err, syscall.ESRCH) {
			return err
		}
	}
	return nil
}
