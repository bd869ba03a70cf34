package grammar

import (
	"math"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
)

// A field that the text offers several readings for is decided by a small table of learned weights: each reading is
// described by the words around it, by where it stands and by what it is, and one more reading says that the contract
// does not have the field. The grammar alone makes the readings, so whatever wins has its passage and its value.

const buckets = 1 << 16 // of hashed features

// feature is the bucket of something that is true of a reading.
type feature = uint16

// choice is one reading of a field.
type choice struct {
	value      pact.Value
	at         []wording.Span // in the flow: what the value follows from, the best first
	derivation *pact.Derivation
	features   []feature
	begins     []feature    // a day: what else describes it as the one on which the contract takes effect
	readings   []pact.Value // where the text leaves the value open
	made       bool         // a day: the preamble says that the contract is made on it
	lastHand   bool         // a day: the last on which somebody signed
	stated     bool         // a day: the contract states that it begins then
	renews     bool         // a notice: the contract renews by itself there
	other      pact.Value   // the reading that custom alone speaks against
	ofOther    bool         // it is the end of something else: it holds its share of belief, and is never given
	asks       pact.Ambiguity
}

// key holds readings of the same value together.
func (c *choice) key() string {
	if c.ofOther {
		return "!" + strconv.Itoa(c.at[0].Start) + string(c.value.Kind) + c.value.String()
	}
	if len(c.readings) > 0 {
		return "?" + c.readings[0].String()
	}
	return string(c.value.Kind) + c.value.String()
}

// weights of one field.
type weights struct {
	w    []float32 // one per bucket
	none []float32 // of the features of a contract, for the reading that the field is absent
	// strong is the worth of what a lawyer would look for, beside words, which are worth one.
	strong float64
	bar    float64 // share of belief a reading needs to be given at all
	curve  curve   // belief to confidence
	// precision is the share of right ones among values given out of fold.
	precision float64
}

func (w *weights) score(fs []feature) float64 {
	var sum float64
	for _, f := range fs {
		sum += float64(w.w[f]) * w.worth(f)
	}
	return sum
}

// worth is how much a feature counts: what a lawyer would look for more than words do.
func (w *weights) worth(f feature) float64 {
	if f >= buckets/2 {
		return w.strong
	}
	return 1
}

func (w *weights) scoreNone(fs []feature) float64 {
	var sum float64
	for _, f := range fs {
		sum += float64(w.none[f]) * w.worth(f)
	}
	return sum
}

// beliefs shares one among the readings and their absence (last).
func (w *weights) beliefs(choices []choice, doc []feature) []float64 {
	out := make([]float64, len(choices)+1)
	top := math.Inf(-1)
	for i := range choices {
		out[i] = w.score(choices[i].features)
		top = math.Max(top, out[i])
	}
	out[len(choices)] = w.scoreNone(doc)
	top = math.Max(top, out[len(choices)])
	var sum float64
	for i := range out {
		out[i] = math.Exp(out[i] - top)
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}

// pick is a value with all that was believed of it.
type pick struct {
	choice *choice // the mention that speaks for it best
	belief float64
	best   float64 // in that mention
	stated bool    // by one mention at least
}

// decide adds the beliefs in mentions of the same value and gives the values, the likeliest first.
func (w *weights) decide(choices []choice, doc []feature) []pick {
	b := w.beliefs(choices, doc)
	at := map[string]int{}
	var picks []pick
	for i := range choices {
		k := choices[i].key()
		n, ok := at[k]
		if !ok {
			n = len(picks)
			at[k] = n
			picks = append(picks, pick{choice: &choices[i], best: b[i]})
		}
		picks[n].belief += b[i]
		picks[n].stated = picks[n].stated || choices[i].stated
		if b[i] > picks[n].best {
			picks[n].best, picks[n].choice = b[i], &choices[i]
		}
	}
	sort.SliceStable(picks, func(i, j int) bool { return picks[i].belief > picks[j].belief })
	return picks
}

// hash is FNV-1a over a template letter, its number and some words.
type hash uint32

func start(template byte, n int) hash {
	h := hash(2166136261)
	h = (h ^ hash(template)) * 16777619
	return (h ^ hash(n+128)) * 16777619
}

func (h hash) word(w hash) hash {
	h = (h ^ (w & 0xffff)) * 16777619
	return (h ^ (w >> 16)) * 16777619
}

func (h hash) feature() feature { return feature((h ^ h>>15) & (buckets/2 - 1)) }

// strong is the bucket of something a lawyer would look for; such features weigh more from the start than words do.
func (h hash) strong() feature { return feature((h^h>>15)&(buckets/2-1)) | buckets/2 }

func wordHash(s string) hash {
	h := hash(2166136261)
	digits := len(s) > 0 && s[0] >= '0' && s[0] <= '9'
	if digits {
		if len(s) == 4 && (s[:2] == "19" || s[:2] == "20") {
			return 19
		}
		return 9
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		h = (h ^ hash(c)) * 16777619
	}
	return h
}

// before gives the hashes of up to n words before a place, the nearest first; punctuation and line breaks are words.
func wordsBefore(s string, i, n int, out []hash) []hash {
	floor := max(0, i-180)
	for i > floor && len(out) < n {
		c := s[i-1]
		switch {
		case c == ' ' || c == '\t':
			i--
		case wordByte(c):
			j := i
			for j > floor && wordByte(s[j-1]) {
				j--
			}
			out = append(out, wordHash(s[j:i]))
			i = j
		default:
			out = append(out, hash(c)+1000)
			i--
		}
	}
	return out
}

func wordsAfter(s string, i, n int, out []hash) []hash {
	roof := min(len(s), i+140)
	for i < roof && len(out) < n {
		c := s[i]
		switch {
		case c == ' ' || c == '\t':
			i++
		case wordByte(c):
			j := i
			for j < roof && wordByte(s[j]) {
				j++
			}
			out = append(out, wordHash(s[i:j]))
			i = j
		default:
			out = append(out, hash(c)+1000)
			i++
		}
	}
	return out
}

func wordByte(c byte) bool { return wordBytes[c] }

// wordBytes are the bytes of words: letters and digits of ASCII, and all beyond it.
var wordBytes = func() (in [256]bool) {
	for c := range in {
		in[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
	}
	return in
}()

// surroundings describes a place by the words around it.
func (r *reading) surroundings(fs []feature, at wording.Span, prefix byte) []feature {
	const before, after = 16, 10
	var room [before + after]hash
	// Beside a date these words decide; beside durations, of which a contract has many more, they would be believed too much.
	weigh := hash.feature
	if prefix == 'd' {
		weigh = hash.strong
	}
	b := wordsBefore(r.s, at.Start, before, room[:0])
	var cue [2]hash // the nearest cue words before
	cues := 0
	for i, w := range b {
		if i < 5 {
			fs = append(fs, start('b', i).word(hash(prefix)).word(w).feature())
		}
		fs = append(fs, start('B', 0).word(hash(prefix)).word(w).feature())
		if i < 8 {
			fs = append(fs, start('N', 0).word(hash(prefix)).word(w).feature())
		}
		if i > 0 && i < 10 {
			fs = append(fs, start('2', 0).word(hash(prefix)).word(b[i-1]).word(w).feature())
		}
		if isCueWord(w) {
			fs = append(fs, weigh(start('C', min(i/3, 3)).word(hash(prefix)).word(w)))
			if cues < 2 {
				cue[cues] = w
				cues++
			}
		}
	}
	fs = append(fs, weigh(start('C', 10).word(hash(prefix)).word(cue[0]).word(cue[1])))
	a := wordsAfter(r.s, at.End, after, room[before:before])
	var next hash // the nearest cue word after
	for i, w := range a {
		if i < 4 {
			fs = append(fs, start('a', i).word(hash(prefix)).word(w).feature())
		}
		fs = append(fs, start('A', 0).word(hash(prefix)).word(w).feature())
		if i > 0 && i < 7 {
			fs = append(fs, start('3', 0).word(hash(prefix)).word(a[i-1]).word(w).feature())
		}
		if isCueWord(w) {
			fs = append(fs, weigh(start('C', 20+min(i/3, 2)).word(hash(prefix)).word(w)))
			if next == 0 {
				next = w
			}
		}
	}
	fs = append(fs, weigh(start('C', 11).word(hash(prefix)).word(cue[0]).word(next)))
	if len(b) > 0 && len(a) > 0 {
		fs = append(fs, start('c', 0).word(hash(prefix)).word(b[0]).word(a[0]).feature())
	}
	// How its sentence begins, and the heading above.
	n := r.sentenceAt(at.Start)
	if n >= 0 {
		var first [4]hash
		for i, w := range wordsAfter(r.s, r.sentences[n].Start, 4, first[:0]) {
			fs = append(fs, start('s', i).word(hash(prefix)).word(w).feature())
		}
		if h := r.headingOver(n); h >= 0 {
			for i, w := range wordsAfter(r.s, r.sentences[h].Start, 4, first[:0]) {
				_ = i
				fs = append(fs, start('H', 0).word(hash(prefix)).word(w).feature())
			}
		}
		fs = append(fs, start('l', scale(r.sentences[n].End-r.sentences[n].Start)).word(hash(prefix)).feature())
	}
	fs = append(fs, start('p', r.placeBin(at.Start)).word(hash(prefix)).feature())
	return fs
}

// placeBin is where in the contract something stands, roughly.
func (r *reading) placeBin(i int) int {
	if r.signs >= 0 && i >= r.signs {
		return 20
	}
	if left := len(r.s) - i; left < 2500 && len(r.s) > 6000 {
		return 21
	}
	return scale(i)
}

// scale is a coarse logarithm.
func scale(n int) int {
	k := 0
	for n >= 100 {
		n /= 2
		k++
	}
	return k
}

// headingOver is the sentence before n that looks like a heading, or -1.
func (r *reading) headingOver(n int) int {
	for k := n; k >= 0 && k > n-7; k-- {
		sp := r.sentences[k]
		if sp.End-sp.Start < 60 && k < n && sp.End > sp.Start {
			return k
		}
	}
	return -1
}

// docFeatures describes the contract as a whole, for the reading that it lacks the field of a name, of which there are n readings.
func (r *reading) docFeatures(name string, n int) []feature {
	fs := []feature{start('D', 0).feature(), start('D', 1).word(hash(min(n, 12))).feature(), start('D', 2).word(hash(scale(len(r.s)))).feature(), start('D', 3).word(wordHash(r.paper)).feature()}
	for k := range claims {
		if k >= usualClaims && name != "effective_date" {
			break
		}
		if r.claims>>k&1 == 1 {
			fs = append(fs, start('D', 10+k).strong())
		}
	}
	if name == "effective_date" {
		called := r.datesCalled()
		fs = append(fs, start('D', 40+called).strong(), start('D', 42+called).word(hash(r.claims>>8&7)).strong(), start('D', 44+called).word(hash(r.claims&0x1b)).strong())
	}
	for k, bar := range []int{5, 9, 12} {
		if r.hasTerm() >= bar {
			fs = append(fs, start('D', 30+k).strong())
		}
	}
	if v := r.get("title"); v != nil && v.Value != nil {
		var room [12]hash
		for _, w := range wordsAfter(v.Value.Text, 0, 12, room[:0]) {
			fs = append(fs, start('D', 4).word(w).feature())
		}
	}
	return fs
}

// cueWords are words whose presence near a date or a duration says what it is: they weigh more than others.
var cueWords = sync.OnceValue(func() map[hash]bool {
	words := map[hash]bool{}
	for _, w := range strings.Fields(`made entered executed dated date signed effective commence commences commencing commencement begin begins beginning start starts as this agreement
		amendment contract original certain between among and witness whereof until through ending end ends expire expires expiration expiry terminate terminates terminated termination
		term terms initial period renew renews renewed renewal renewals renewable extend extended extension extensions successive additional automatically thereafter notice written prior
		before least days unless elect intent intention not survive survives warranty confidential confidentiality following after from anniversary hereof first above last party parties
		either may shall will breach cure default payment invoice license exclusive option continue continues force effect remain valid perpetual perpetuity indefinite indefinitely
		product products delivery insurance patent employment fiscal quarter report royalty each per within upon month year year-to-year month-to-month filed form act dear between
		pursuant dated supersedes revised issue sooner earlier later further another period periods subsequent consecutive both mutual agree duration years months`) {
		words[wordHash(w)] = true
	}
	return words
})

func isCueWord(w hash) bool { return cueWords()[w] }
