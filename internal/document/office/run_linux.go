package office

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	"github.com/pactloop/pactloop/internal/document/usage"
)

// once runs the program to its end, to the end of ctx, or to its limit of memory or time. It is started without a network first;
// where the system does not allow that, with one, and the profile's settings keep it from being used.
func (r run) once(ctx context.Context) (again bool, err error) {
	runtime.LockOSThread() // the program dies with the thread that started it
	defer runtime.UnlockOSThread()
	var out bytes.Buffer
	var cmd *exec.Cmd
	for _, alone := range []bool{true, false} {
		out.Reset()
		cmd = exec.Command(r.program, r.args...) //nolint:gosec // LibreOffice, from where the system installs it
		cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = r.dir, r.environment(), &out, &out
		cmd.WaitDelay = 5 * time.Second
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
		if alone {
			withoutNetwork(cmd.SysProcAttr)
		}
		if err = cmd.Start(); err == nil {
			break
		}
	}
	if err != nil {
		return false, fmt.Errorf("%w: %w", errStart, err)
	}
	ended := make(chan struct{})
	var failure error // set before ended is closed
	go func() {
		failure = cmd.Wait()
		close(ended)
	}()
	watch := time.NewTicker(50 * time.Millisecond)
	defer watch.Stop()
	stop := func(why error) (bool, error) {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-ended
		return false, why
	}
	for {
		select {
		case <-ended:
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what it may have started
			var exit *exec.ExitError
			if errors.As(failure, &exit) && exit.ExitCode() == restart {
				return true, nil
			}
			if failure != nil {
				return false, fmt.Errorf("running LibreOffice: %w; it said: %s", failure, said(out.Bytes()))
			}
			return false, nil
		case <-watch.C:
			now, _ := usage.Of(cmd.Process.Pid)
			if now.Memory > r.memory {
				return stop(errMemory)
			}
			if now.Processor > r.processor {
				return stop(errTime)
			}
		case <-ctx.Done():
			return stop(ctx.Err())
		}
	}
}

// withoutNetwork gives the program a network of its own with nothing in it. Without rights that takes a user space of its
// own, too.
func withoutNetwork(a *syscall.SysProcAttr) {
	a.Cloneflags = syscall.CLONE_NEWNET
	if uid, gid := os.Geteuid(), os.Getegid(); uid != 0 {
		a.Cloneflags |= syscall.CLONE_NEWUSER
		a.UidMappings = []syscall.SysProcIDMap{{ContainerID: uid, HostID: uid, Size: 1}}
		a.GidMappings = []syscall.SysProcIDMap{{ContainerID: gid, HostID: gid, Size: 1}}
	}
}
