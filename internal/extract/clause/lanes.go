package clause

// The scores of a unit are sums over its features, and so is the hidden layer: a row of weights times what a feature counts,
// many thousand times in a contract. Where the processor adds eight numbers at a time this is done with its instructions
// (lanes_amd64.s); what is written here does the same, in the same order, everywhere, and the results are equal to the last
// bit: a sum of floats is never made in another order, and never with a rounding less.

// wide is how many floats of a row are summed in one go, and deep how many whole numbers of the hidden layer.
const (
	wide = 64
	deep = 32
)

// portion is how much of a row is added.
type portion struct {
	at    uint32 // number of the row
	value float32
}

// times is how often a row of parts is added; at counts its bytes.
type times struct{ at, count uint32 }

// addPlain adds portions of rows, one after the other.
func addPlain(z *[wide]float32, rows []float32, list []portion) {
	for _, x := range list {
		row := rows[int(x.at)*wide:][:wide]
		for c, v := range row {
			z[c] += float32(x.value * v) // rounded: without the conversion a compiler may fuse the two
		}
	}
}

// countPlain adds rows of parts, each so many times.
func countPlain(lanes *[deep]uint32, rows []byte, list []times) {
	for _, x := range list {
		row := rows[x.at:][:deep]
		for h, v := range row {
			lanes[h] += x.count * uint32(v)
		}
	}
}
