//go:build !linux

package sandbox

import "os/exec"

// On other systems the worker is still a process of its own with a time limit; memory is bounded only inside the PDF parser.

func limit(Settings) error { return nil }

func isolate(*exec.Cmd) {}

func kill(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = cmd.Process.Kill()
	}
}
