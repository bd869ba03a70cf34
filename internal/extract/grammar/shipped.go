package grammar

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the ranking
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"sync"
)

// The ranking that ships, and its card: what it was learned from, how, and how well it did on contracts it had not seen.
// `pactloop evaluate --learn FILE` makes it again, bit for bit.
//
//go:embed ranking.json.gz
var shipped []byte

// tableFormat changes when the features do: a table fits only the code it was learned with.
const tableFormat = "pactloop/grammar-ranking/7"

type tableFile struct {
	Format  string                `json:"format"`
	Card    Card                  `json:"card"`
	Fields  map[string]fieldTable `json:"fields"`
	Version int                   `json:"version"`
}

type fieldTable struct {
	Bar   float64 `json:"bar"`
	Curve curve   `json:"curve"`
	Scale float64 `json:"scale"`
	// Strong is the worth of a mark beside a word.
	Strong float64 `json:"strong"`
	W      []byte  `json:"w"` // steps to the next bucket and weights in turn, as variable-length numbers
	None   []byte  `json:"none"`
}

// Card says where a ranking comes from.
type Card struct {
	Data        string             `json:"data"`
	Licence     string             `json:"licence"`
	Attribution string             `json:"attribution"`
	Contracts   int                `json:"contracts"`
	Method      string             `json:"method"`
	Scores      map[string]float64 `json:"scores,omitempty"` // share right out of fold, by field
}

const steps = 4000 // of a weight from zero to the largest of its field

// pack rounds weights to whole steps and keeps those that are not zero.
func pack(w []float32, scale float64) []byte {
	var out []byte
	last := 0
	for i, x := range w {
		n := int64(math.Round(float64(x) / scale * steps))
		if n == 0 {
			continue
		}
		out = binary.AppendUvarint(out, uint64(i-last))
		out = binary.AppendVarint(out, n)
		last = i
	}
	return out
}

func unpackWeights(in []byte, scale float64) ([]float32, error) {
	w := make([]float32, buckets)
	at := uint64(0)
	for len(in) > 0 {
		step, n := binary.Uvarint(in)
		if n <= 0 {
			return nil, errors.New("a broken number")
		}
		value, m := binary.Varint(in[n:])
		if m <= 0 {
			return nil, errors.New("a bucket without its weight")
		}
		in = in[n+m:]
		if at += step; at >= buckets || step >= buckets {
			return nil, fmt.Errorf("a bucket %d outside the table", at)
		}
		w[at] = float32(float64(value) * scale / steps)
	}
	return w, nil
}

func largest(lists ...[]float32) float64 {
	top := 1e-6
	for _, l := range lists {
		for _, x := range l {
			top = math.Max(top, math.Abs(float64(x)))
		}
	}
	return top
}

// round gives the weights the precision they have in a file, so that what is measured is what is shipped.
func (w *weights) round() {
	scale := largest(w.w, w.none)
	for _, l := range [][]float32{w.w, w.none} {
		for i, x := range l {
			l[i] = float32(math.Round(float64(x)/scale*steps) * scale / steps)
		}
	}
}

// Encode writes a ranking with its card.
func (k *Ranking) Encode(to io.Writer, card Card) error {
	file := tableFile{Format: tableFormat, Card: card, Fields: map[string]fieldTable{}}
	for name, w := range k.fields {
		scale := largest(w.w, w.none)
		file.Fields[name] = fieldTable{Bar: w.bar, Curve: w.curve, Scale: scale, Strong: w.strong, W: pack(w.w, scale), None: pack(w.none, scale)}
	}
	z, err := gzip.NewWriterLevel(to, gzip.BestCompression)
	if err != nil {
		return fmt.Errorf("writing the ranking: %w", err)
	}
	if err := json.NewEncoder(z).Encode(file); err != nil {
		return fmt.Errorf("writing the ranking: %w", err)
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("writing the ranking: %w", err)
	}
	return nil
}

// DecodeRanking reads what Encode wrote.
func DecodeRanking(data []byte) (*Ranking, Card, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, Card{}, fmt.Errorf("reading the ranking: %w", err)
	}
	var file tableFile
	if err := json.NewDecoder(io.LimitReader(z, 64<<20)).Decode(&file); err != nil {
		return nil, Card{}, fmt.Errorf("reading the ranking: %w", err)
	}
	if file.Format != tableFormat {
		return nil, Card{}, fmt.Errorf("reading the ranking: it has the format %q, this program needs %q; learn it again", file.Format, tableFormat)
	}
	k := &Ranking{fields: map[string]*weights{}}
	for name, t := range file.Fields {
		w := &weights{bar: t.Bar, curve: t.Curve, strong: t.Strong}
		if w.w, err = unpackWeights(t.W, t.Scale); err != nil {
			return nil, Card{}, fmt.Errorf("reading the ranking of %s: %w", name, err)
		}
		if w.none, err = unpackWeights(t.None, t.Scale); err != nil {
			return nil, Card{}, fmt.Errorf("reading the ranking of %s: %w", name, err)
		}
		k.fields[name] = w
	}
	return k, file.Card, nil
}

// shippedRanking is decoded once. What ships is tested, so a table that does not fit is an error of the build, and the
// extractor says so when it is used.
var shippedRanking = sync.OnceValues(func() (*Ranking, error) {
	k, _, err := DecodeRanking(shipped)
	return k, err
})

// ShippedCard is the card of the embedded ranking.
func ShippedCard() (Card, error) {
	_, card, err := DecodeRanking(shipped)
	if err != nil {
		return Card{}, err
	}
	card.Data = strings.TrimSpace(card.Data)
	return card, nil
}
