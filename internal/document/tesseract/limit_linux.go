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

// timedOut: the process was ended because its processor time was over.
func timedOut(cmd *exec.Cmd) bool {
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGXCPU
}

func limit(pid int, memory int64, processor time.Duration) error {
	set := func(what int, name string, value uint64) error {
		hard := value
		if what == unix.RLIMIT_CPU {
			hard += 2 // at the first it is told, at the second killed
		}
		if err := unix.Prlimit(pid, what, &unix.Rlimit{Cur: value, Max: hard}, nil); err != nil {
			return fmt.Errorf("limit of %s: %w", name, err)
		}
		return nil
	}
	seconds := uint64((processor + time.Second - 1) / time.Second) // the system counts whole ones
	for _, l := range []struct {
		what  int
		name  string
		value uint64
	}{
		{unix.RLIMIT_AS, "memory", uint64(memory)},
		{unix.RLIMIT_CPU, "CPU time", seconds},
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
