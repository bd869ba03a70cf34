//go:build !linux

package tesseract

import (
	"os/exec"
	"time"
)

// On other systems a process has a limit of time only.

func isolate(*exec.Cmd) {}

func kill(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = cmd.Process.Kill()
	}
}

func limit(int, int64, time.Duration) error { return nil }

func timedOut(*exec.Cmd) bool { return false }
