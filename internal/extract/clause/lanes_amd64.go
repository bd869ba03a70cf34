package clause

import "golang.org/x/sys/cpu"

// add adds portions of rows, one after the other.
func add(z *[wide]float32, rows []float32, list []portion) {
	switch {
	case len(list) == 0:
	case cpu.X86.HasAVX2:
		addWide(z, &rows[0], &list[0], len(list))
	default:
		addPlain(z, rows, list)
	}
}

// count adds rows of parts, each so many times.
func count(lanes *[deep]uint32, rows []byte, list []times) {
	switch {
	case len(list) == 0:
	case cpu.X86.HasAVX2:
		countDeep(lanes, &rows[0], &list[0], len(list))
	default:
		countPlain(lanes, rows, list)
	}
}

// The list must not name a row outside of rows: nothing is checked.
//
//go:noescape
func addWide(z *[wide]float32, rows *float32, list *portion, n int)

//go:noescape
func countDeep(lanes *[deep]uint32, rows *byte, list *times, n int)
