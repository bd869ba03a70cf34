//go:build !amd64

package clause

func add(z *[wide]float32, rows []float32, list []portion) { addPlain(z, rows, list) }

func count(lanes *[deep]uint32, rows []byte, list []times) { countPlain(lanes, rows, list) }
