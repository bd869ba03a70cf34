//go:build !race

package sandbox

// spaceBounded tells that the address space of a reader is limited.
const spaceBounded = true
