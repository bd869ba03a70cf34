//go:build !linux

package office

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"
)

// On other systems the run has its limit of time, and the profile's settings against links and macros.
func (r run) once(ctx context.Context) (again bool, err error) {
	cmd := exec.CommandContext(ctx, r.program, r.args...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = r.dir, r.environment(), 5*time.Second
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == restart {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("running LibreOffice: %w; it said: %s", err, said(out))
	}
	return false, nil
}
