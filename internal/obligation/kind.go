// Package obligation judges obligations: what a kind needs, when it falls due, how it is judged, what money follows.
//
// It owns the kinds (one file each), their parameter structs with strict decoding, and the computation of an assessment
// from parameters, events and an instant, with a trace a person can follow. It does not own which events belong to a
// contract, what is done about a breach, or when to look again: monitor and respond do. Invariants: pure (no clock, no
// I/O); the same input gives the same output byte for byte, whatever the order of the events; elapsed time, percentages
// and money are exact and compared before any rounding (domain.md 4.1, 4.2a, 4.3, 4.5, 4.12).
package obligation
