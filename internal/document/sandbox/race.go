//go:build race

package sandbox

// spaceBounded is false where the race detector is built in: it reserves more address space than any limit allows. Resident
// memory is watched all the same.
const spaceBounded = false
