//go:build !demo

package app

import "github.com/pactloop/pactloop/internal/store"

// reached is called between the steps of work. Only demo builds can stop there.
func reached(string) {}

// stepped gives the store to work on. Only demo builds can stop at its commits.
func stepped(s store.Store) store.Store { return s }
