package privacy

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"maps"
	"regexp"
	"slices"
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
	sought map[string]Kind // every value whose further places were replaced
}

// piece is one replacement: [Start, End) of the source is [maskedStart, maskedEnd) of the masked text.
type piece struct {
	start, end             int
	maskedStart, maskedEnd int
}

const withheld = "WITHHELD"

// Mask replaces what the policy does not keep. Every further place where a replaced value stands is replaced too, so that
// a value recognised once does not leave elsewhere, not even inside something that is kept. Something in the source that
// looks like one of our tokens is replaced as well: in the masked text every token is ours.
func (k Key) Mask(ctx context.Context, text string, hits []Hit, p Policy) (*Masked, error) {
	return k.mask(ctx, text, hits, p, map[string]Kind{})
}

// Beside masks a text that belongs to one that is masked already: what was replaced there is replaced here, too.
func (k Key) Beside(ctx context.Context, m *Masked, text string, hits []Hit, p Policy) (*Masked, error) {
	return k.mask(ctx, text, hits, p, maps.Clone(m.sought))
}

func (k Key) mask(ctx context.Context, text string, hits []Hit, p Policy, sought map[string]Kind) (*Masked, error) {
	text = strings.ToValidUTF8(text, "?")
	m := &Masked{source: []rune(text), values: map[string]string{}, counts: map[Kind]int{}, sought: sought}
	all, err := spread(ctx, text, hits, p, sought)
	if err != nil {
		return nil, err
	}
	var out []rune
	at := 0
	for _, h := range all {
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
	return m, nil
}

// spread gives everything that is replaced: the hits that the policy does not keep, and each further place of their values and
// of those that are sought already. It adds the values to these.
func spread(ctx context.Context, text string, hits []Hit, p Policy, values map[string]Kind) ([]Hit, error) {
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
	for _, h := range hits {
		s := span{h.Kind, bytes(h.Start), bytes(h.End)}
		if p.Action(h.Kind) == Keep {
			continue
		}
		all = append(all, s)
		for _, v := range append(h.parts, value{h.Kind, h.Text}) {
			if _, known := values[v.text]; !known {
				values[v.text] = v.kind
			}
		}
	}
	further, err := places(ctx, text, values)
	if err != nil {
		return nil, err
	}
	all = append(all, further...)
	forged := tokenLike.FindAllStringIndex(text, most+1)
	if len(forged)+len(all) > 3*most {
		return nil, tooMany()
	}
	for _, m := range forged {
		all = append(all, span{NationalID, m[0], m[1]})
	}
	return inText(text, join(all, p)), nil
}

// wanted is a value that is looked for, in small letters. Values that begin alike form a chain: shorter is the longest
// other one that begins this one.
type wanted struct {
	text    string
	kind    Kind
	single  bool // a name of one word
	shorter int  // -1: none
}

// places finds values in a text as whole words, whatever the case of their letters: of those that begin at a place, the
// longest. The values are sorted, so that a place costs one binary search, however many there are: a hostile document has
// thousands that begin alike.
func places(ctx context.Context, text string, values map[string]Kind) ([]span, error) {
	list := sorted(values)
	if len(list) == 0 {
		return nil, nil
	}
	low := fold(text)
	var out []span
	before := nothing
	for i, steps := 0, 0; i < len(low); steps++ {
		if steps%65536 == 0 && ctx.Err() != nil {
			return nil, fmt.Errorf("looking for the places of %d values: %w", len(list), ctx.Err())
		}
		r, n := utf8.DecodeRuneInString(low[i:])
		class := classOf(r)
		if class == nothing || class != before {
			if v := longest(list, text, low, i); v != nil {
				if out = append(out, span{v.kind, i, i + len(v.text)}); len(out) > most {
					return nil, tooMany()
				}
			}
		}
		before = class
		i += n
	}
	return out, nil
}

func sorted(values map[string]Kind) []wanted {
	byText := map[string]wanted{}
	for v, kind := range values {
		w := wanted{text: fold(v), kind: kind, single: kind == Person && !strings.ContainsRune(v, ' ')}
		if was, known := byText[w.text]; w.text != "" && (!known || w.kind < was.kind) { // which kind does not hang on the order of a map
			byText[w.text] = w
		}
	}
	list := make([]wanted, 0, len(byText))
	for _, w := range byText {
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b wanted) int { return strings.Compare(a.text, b.text) })
	for i := range list {
		list[i].shorter = i - 1
		for j := i - 1; j >= 0 && !strings.HasPrefix(list[i].text, list[j].text); {
			j = list[j].shorter
			list[i].shorter = j
		}
	}
	return list
}

// longest is the longest value that stands at a place as a whole word.
func longest(list []wanted, text, low string, at int) *wanted {
	// All values that begin the rest of the text begin the last value that is not after it in the order.
	rest := low[at:]
	i := sort.Search(len(list), func(i int) bool { return list[i].text > rest }) - 1
	for ; i >= 0; i = list[i].shorter {
		w := &list[i]
		if !strings.HasPrefix(rest, w.text) || !ends(low, at+len(w.text), w) {
			continue
		}
		// A name of one word may be a common one: "Mr. Will" does not replace every "will".
		if first, _ := utf8.DecodeRuneInString(text[at:]); w.single && unicode.IsLower(first) {
			continue
		}
		return w
	}
	return nil
}

// ends tells whether a word ends at a place. Names may have the s of a genitive ("Schröders").
func ends(low string, at int, w *wanted) bool {
	last, _ := utf8.DecodeLastRuneInString(w.text)
	class := classOf(last)
	if class == nothing || class != classAt(low, at) {
		return true
	}
	return w.kind == Person && len(w.text) > 3 && low[at] == 's' && classAt(low, at+1) != class
}

// The classes of letters that make words and numbers. Writing without spaces between words has no classes: there, every
// place can begin or end a name.
const (
	nothing = iota
	letter
	digit
)

func classOf(r rune) int {
	switch {
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
		return nothing
	case unicode.IsLetter(r) || unicode.IsMark(r):
		return letter
	case unicode.IsDigit(r):
		return digit
	}
	return nothing
}

func classAt(s string, at int) int {
	if at >= len(s) {
		return nothing
	}
	r, _ := utf8.DecodeRuneInString(s[at:])
	return classOf(r)
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

// kindWords are the names of all kinds.
var kindWords = func() string {
	var names []string
	for _, k := range Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, "|")
}()

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
