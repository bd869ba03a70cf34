//go:build !demo

package main

import "github.com/spf13/cobra"

// extraCommands are the commands of demo builds only.
func extraCommands() []*cobra.Command { return nil }
