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
	for value, kind := range values {
		for _, m := range places(text, value) {
			all = append(all, span{kind, m[0], m[1]})
		}
	}
	for _, m := range tokenLike.FindAllStringIndex(text, -1) {
		all = append(all, span{NationalID, m[0], m[1]})
	}
	return hitsOf(text, merged(all, kept))
}

// places finds a value in a text, whatever the case of its letters.
func places(text, value string) [][]int {
	value = strings.ToValidUTF8(value, "\ufffd") // a broken character stands for itself in no other place
	return regexp.MustCompile(`(?i)`+regexp.QuoteMeta(value)).FindAllStringIndex(text, -1)
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
		shift := 0
		for _, p := range m.pieces {
			a, b, toA, toB := sides(p)
			switch {
			case x < a || left && x == a && a < b:
				return x + shift
			case !left && x == a:
				return x + shift
			case x < b:
				if left {
					return toA
				}
				return toB
			}
			shift = toB - b
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
