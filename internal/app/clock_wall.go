//go:build !demo

package app

import (
	"context"
	"log/slog"

	"github.com/pactloop/pactloop/internal/fault"
)

// Movable tells whether this build's clock can be moved.
const Movable = false

func openClock(_ context.Context, url string, _ *slog.Logger) (Clock, error) {
	if url != "" {
		return nil, fault.New(fault.Unsupported, "clock_url is set, but only demo builds (-tags demo) have a movable clock.")
	}
	return wall{}, nil
}
