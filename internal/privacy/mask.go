package privacy

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"regexp"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Key is the installation's own: tokens made with another key are other tokens.
type Key []byte

// Masked is a text in which tokens stand for personal data, with the way back.
type Masked struct {
	Text   string
	source []rune
	masked []rune
	pieces []piece
	values map[string]string // token -> the value where it stood first
	counts map[Kind]int
}

// piece is one replacement: [Start, End) of the source is [maskedStart, maskedEnd) of the masked text.
type piece struct {
	start, end             int
	maskedStart, maskedEnd int
}

const withheld = "WITHHELD"

// Mask replaces what the policy does not keep. Every further place where a replaced value stands is replaced too, so that
// a value recognised once does not leave elsewhere. Something in the source that looks like one of our tokens is replaced
// as well: in the masked text every token is ours.
func (k Key) Mask(text string, hits []Hit, p Policy) *Masked {
	text = strings.ToValidUTF8(text, "?")
	m := &Masked{source: []rune(text), values: map[string]string{}, counts: map[Kind]int{}}
	var out []rune
	at := 0
	for _, h := range spread(text, hits, p) {
		out = append(out, m.source[at:h.Start]...)
		token := k.token(h, p)
		if _, known := m.values[token]; !known && !strings.Contains(token, withheld) {
			m.values[token] = h.Text
		}
		m.counts[h.Kind]++
		m.pieces = append(m.pieces, piece{h.Start, h.End, len(out), len(out) + len(token)})
		out = append(out, []rune(token)...)
		at = h.End
	}
	m.masked = append(out, m.source[at:]...)
	m.Text = string(m.masked)
	return m
}

// spread gives everything that is replaced: the hits that the policy does not keep, and each further place of their values.
func spread(text string, hits []Hit, p Policy) []Hit {
	var kept []span // what must stay: no value is replaced inside it
	var all []span
	at, points := 0, 0
	bytes := func(codePoint int) int {
		for points < codePoint && at < len(text) {
			_, n := utf8.DecodeRuneInString(text[at:])
			at += n
			points++
		}
		return at
	}
	values := map[string]Kind{}
	for _, h := range hits {
		s := span{h.Kind, bytes(h.Start), bytes(h.End)}
		if p.Action(h.Kind) == Keep {
			kept = append(kept, s)
			continue
		}
		all = append(all, s)
		if _, known := values[h.Text]; !known {
			values[h.Text] = h.Kind
		}
	}
	all = append(all, places(text, values)...)
	for _, m := range tokenLike.FindAllStringIndex(text, -1) {
		all = append(all, span{NationalID, m[0], m[1]})
	}
	return hitsOf(text, merged(all, kept))
}

// keyed is how many bytes of a value are looked up at once.
const keyed = 8

// places finds values in a text, whatever the case of their letters, in one pass: a hostile document has thousands.
func places(text string, values map[string]Kind) []span {
	low := fold(text)
	byKey, short := map[string][]span{}, map[string]Kind{} // a span's start is unused here: its end is the length
	folded := map[string][]string{}
	for value, kind := range values {
		v := fold(value)
		if len(v) < keyed {
			short[v] = kind
			continue
		}
		byKey[v[:keyed]] = append(byKey[v[:keyed]], span{kind: kind, end: len(v)})
		folded[v[:keyed]] = append(folded[v[:keyed]], v)
	}
	var out []span
	for i := 0; i+keyed <= len(low) && len(byKey) > 0; i++ {
		key := low[i : i+keyed]
		for n, v := range folded[key] {
			if strings.HasPrefix(low[i:], v) {
				out = append(out, span{byKey[key][n].kind, i, i + len(v)})
			}
		}
	}
	for v, kind := range short {
		for at := 0; v != ""; {
			i := strings.Index(low[at:], v)
			if i < 0 {
				break
			}
			out = append(out, span{kind, at + i, at + i + len(v)})
			at += i + 1
		}
	}
	return out
}

// fold makes letters small where that keeps their number of bytes, so that offsets stay.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if l := unicode.ToLower(r); r != utf8.RuneError && utf8.RuneLen(l) == utf8.RuneLen(r) {
			return l
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}

// merged joins overlapping spans under the kind of the first and takes out what overlaps something kept.
func merged(all, kept []span) []span {
	sort.Slice(all, func(i, j int) bool {
		if all[i].start != all[j].start {
			return all[i].start < all[j].start
		}
		if all[i].end != all[j].end {
			return all[i].end > all[j].end
		}
		return all[i].kind < all[j].kind
	})
	var out []span
	for _, s := range all {
		i := sort.Search(len(kept), func(i int) bool { return kept[i].end > s.start })
		if i < len(kept) && kept[i].start < s.end {
			continue
		}
		if n := len(out); n > 0 && s.start < out[n-1].end {
			out[n-1].end = max(out[n-1].end, s.end)
			continue
		}
		out = append(out, s)
	}
	return out
}

func hitsOf(text string, spans []span) []Hit {
	out := make([]Hit, 0, len(spans))
	at, points := 0, 0
	for _, s := range spans {
		points += utf8.RuneCountInString(text[at:s.start])
		at = s.start
		body := text[s.start:s.end]
		out = append(out, Hit{Kind: s.kind, Start: points, End: points + utf8.RuneCountInString(body), Text: body})
	}
	return out
}

// token is opaque: the kind, and sixty bits of a keyed digest of the value.
func (k Key) token(h Hit, p Policy) string {
	name := strings.ToUpper(string(h.Kind))
	if p.Action(h.Kind) == Withhold {
		return "[[" + name + "_" + withheld + "]]"
	}
	mac := hmac.New(sha256.New, k)
	mac.Write([]byte(name + "\x00" + canonical(h)))
	return "[[" + name + "_" + base32.StdEncoding.EncodeToString(mac.Sum(nil))[:12] + "]]"
}

// canonical is the form in which two spellings of a value are one: numbers without separators, words without case.
func canonical(h Hit) string {
	switch h.Kind {
	case IBAN, Card, Phone, NationalID, MedicalRecord:
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return unicode.ToUpper(r)
			}
			return -1
		}, h.Text)
	}
	return strings.ToLower(strings.Join(strings.Fields(h.Text), " "))
}

// tokenLike finds everything that is, or was, one of our tokens: with brackets lost, other case, characters changed.
var tokenLike = regexp.MustCompile(`\[\[(?:` + strings.ToUpper(kindWords) + `)_(?:[A-Z2-7]{12}|` + withheld + `)\]\]|(?i)\[{0,2}\b(?:` + kindWords + `)_[A-Z0-9]{4,}\]{0,2}|(?i)\[\[ ?(?:` + kindWords + `)[^\[\]\n]{0,40}\]{0,2}`)

const kindWords = `party|person|email|phone|id|iban|card|address|birth|record|health`

// Altered gives what in an answer looks like a token and is none that was issued for this text.
func (m *Masked) Altered(answer string) []string {
	var out []string
	for _, t := range tokenLike.FindAllString(answer, -1) {
		if _, ok := m.values[t]; !ok && !m.withheld(t) {
			out = append(out, t)
		}
	}
	return out
}

func (m *Masked) withheld(token string) bool {
	return strings.HasSuffix(token, "_"+withheld+"]]") && strings.HasPrefix(token, "[[") && strings.Contains(m.Text, token)
}

// Restore puts the values back for their tokens. ok is false where a token was altered or withheld; then nothing is put
// back.
func (m *Masked) Restore(s string) (restored string, ok bool) {
	for _, t := range tokenLike.FindAllString(s, -1) {
		if _, known := m.values[t]; !known {
			return s, false
		}
	}
	return tokenLike.ReplaceAllStringFunc(s, func(t string) string { return m.values[t] }), true
}

// ToSource maps a span of the masked text to the source. A span that touches a token takes in the whole value.
func (m *Masked) ToSource(start, end int) (from, to int) {
	return m.move(start, end, len(m.masked), func(p piece) (int, int, int, int) { return p.maskedStart, p.maskedEnd, p.start, p.end })
}

// FromSource maps a span of the source to the masked text. A span that touches a value takes in the whole token.
func (m *Masked) FromSource(start, end int) (from, to int) {
	return m.move(start, end, len(m.source), func(p piece) (int, int, int, int) { return p.start, p.end, p.maskedStart, p.maskedEnd })
}

func (m *Masked) move(start, end, length int, sides func(piece) (a, b, toA, toB int)) (from, to int) {
	start, end = max(0, min(start, length)), max(0, min(end, length))
	edge := func(x int, left bool) int {
		i := sort.Search(len(m.pieces), func(i int) bool {
			_, b, _, _ := sides(m.pieces[i])
			return x < b || !left && x == b
		})
		shift := 0
		if i > 0 {
			_, b, _, toB := sides(m.pieces[i-1])
			shift = toB - b
		}
		if i < len(m.pieces) {
			switch a, _, toA, toB := sides(m.pieces[i]); {
			case x > a && left:
				return toA
			case x > a:
				return toB
			}
		}
		return x + shift
	}
	if start >= end {
		at := edge(start, true)
		return at, at
	}
	return edge(start, true), edge(end, false)
}

// Counts tells how many values of each kind were replaced.
func (m *Masked) Counts() map[Kind]int { return m.counts }

// Values gives the replaced values, for a test that none of them leaves.
func (m *Masked) Values() []string {
	var out []string
	for _, p := range m.pieces {
		out = append(out, string(m.source[p.start:p.end]))
	}
	return out
}
