package sandbox

import (
	"fmt"
	"os/exec"
	"syscall"
)

// addressSpace is what the runtime and the WebAssembly engine reserve without using it; resident memory is watched by the
// parent, and this limit only stops a runaway before the watch looks.
const addressSpace = 4 << 30

// limit bounds this process; it can not be undone.
func limit(s Settings) error {
	set := func(what int, name string, value uint64) error {
		if err := syscall.Setrlimit(what, &syscall.Rlimit{Cur: value, Max: value}); err != nil {
			return fmt.Errorf("setting the limit of %s: %w", name, err)
		}
		return nil
	}
	if err := set(syscall.RLIMIT_CORE, "core files", 0); err != nil {
		return err
	}
	if err := set(syscall.RLIMIT_FSIZE, "file size", 128<<20); err != nil { // the compiled parser is written to the cache
		return err
	}
	if s.CPUSeconds > 0 {
		if err := set(syscall.RLIMIT_CPU, "CPU time", s.CPUSeconds); err != nil {
			return err
		}
	}
	if s.Memory > 0 && spaceBounded {
		return set(syscall.RLIMIT_AS, "address space", uint64(s.Memory)+addressSpace)
	}
	return nil
}

// isolate gives the child its own process group, and its death when we die.
func isolate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// kill ends the child and all it started.
func kill(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Process.Kill()
	}
}
