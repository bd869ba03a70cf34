package extract

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
)

// Swap is words that an amendment puts in the place of others in the contract it amends.
type Swap struct {
	Clause   string   // where, as Passage.Clause numbers it; "" is anywhere
	Terms    []string // names of terms: only where one of them is read; nil is anywhere
	Old, New string   // without Old: New takes the place of the one value of its kind in the clause; without both, the clause is only looked for
}

// Swapped is what became of a swap in one document.
type Swapped struct {
	Places  int      // how often the words stand where the swap looks for them; 0 changes nothing
	Old     string   // the words that go, as they stand there
	Clause  string   // where they stand, where that is one clause
	Changed []Change // what the document says otherwise with the new words
	// Beyond names the obligations that are read in the clause and in others beside it, where the clause is only looked for.
	Beyond []string
}

// Change is a term or an obligation that is read otherwise with the new words of an amendment.
type Change struct {
	Before, After pact.Candidate // without a value where nothing was read, before or after
	// Clear says that the new value is read from the new words, without a question.
	Clear bool
	Reads string // the passage with the new words; "" where nothing is read
}

// Reword reads a document with the new words of an amendment in the place of the old ones, and says for each swap
// what is read otherwise then. earlier are swaps of amendments before it. The same document and swaps give the same. What identifies
// the contract is left alone, and so is the notice of a renewal, which follows its terms.
func Reword(ctx context.Context, x Extractor, d *document.Document, earlier, swaps []Swap) ([]Swapped, error) {
	before, err := read(ctx, x, d)
	if err != nil {
		return nil, err
	}
	for _, s := range earlier {
		places := before.places(s)
		if len(places) == 0 {
			continue
		}
		now, _ := put(before.d, []placed{{places, s.New}})
		if before, err = read(ctx, x, now); err != nil {
			return nil, err
		}
	}
	out := make([]Swapped, len(swaps))
	var all []placed
	for i, s := range swaps {
		if s.Old == "" && s.New == "" {
			out[i].Places, out[i].Beyond = before.clause(s.Clause)
			all = append(all, placed{})
			continue
		}
		at := before.places(s)
		if s.Old == "" {
			if at, err = before.alone(ctx, x, s, at); err != nil {
				return nil, err
			}
		}
		at = slices.DeleteFunc(at, func(p span) bool { // two swaps of the same words: the first has them
			return slices.ContainsFunc(all, func(o placed) bool { return slices.ContainsFunc(o.at, p.meets) })
		})
		out[i].Places, out[i].Clause, out[i].Old = len(at), before.clauseOf(at), s.Old
		if s.Old == "" && len(at) > 0 {
			points := document.NewPoints(before.d.Text)
			out[i].Old = points.Cut(at[0].start, at[0].end)
		}
		all = append(all, placed{at, s.New})
	}
	now, put := put(before.d, all)
	after, err := read(ctx, x, now)
	if err != nil {
		return nil, err
	}
	for i := range swaps {
		if out[i].Places > 0 {
			out[i].Changed = compare(before, after, all[i].at, put[i])
		}
	}
	return out, nil
}

// span is a stretch of the text of a document, in code points.
type span struct{ start, end int }

func (s span) meets(o span) bool { return s.start < o.end && o.start < s.end }

// placed is where new words go.
type placed struct {
	at  []span
	now string
}

// rereading is a document with what is read in it.
type rereading struct {
	d    *document.Document
	said []pact.Candidate
}

func read(ctx context.Context, x Extractor, d *document.Document) (rereading, error) {
	said, err := x.Extract(ctx, d, FullSchema())
	if err != nil {
		return rereading{}, fmt.Errorf("reading the amended contract: %w", err)
	}
	follow(said)
	return rereading{d: d, said: slices.DeleteFunc(said, func(c pact.Candidate) bool {
		return c.Subject != "term" && c.Subject != "obligation" || c.Subject == "term" && !effective.Amendable(c.Name) || c.Obligation != nil && c.Obligation.Kind == "renewal_notice"
	})}, nil
}

// places finds the old words of a swap: in the clause it names, otherwise in the passages of the terms it names, otherwise in those of
// any term or obligation.
func (r rereading) places(s Swap) []span {
	all := occurrences(r.d, s.Old, s.New)
	kept := func(keep func(span) bool) []span {
		return slices.DeleteFunc(slices.Clone(all), func(p span) bool { return !keep(p) })
	}
	if s.Clause != "" {
		in := kept(func(p span) bool { return effective.Within(r.clauseAt(p), s.Clause) })
		if len(in) > 0 {
			return in
		}
		// A clause whose number no reader told apart stands in the one above it.
		if in = kept(func(p span) bool { c := r.clauseAt(p); return c != "" && effective.Within(s.Clause, c) }); len(in) == 1 {
			return in
		}
		return nil
	}
	return kept(func(p span) bool {
		return slices.ContainsFunc(r.said, func(c pact.Candidate) bool {
			return (len(s.Terms) == 0 || slices.Contains(s.Terms, c.Name)) && stands(c, []span{p})
		})
	})
}

// clause counts the sections that are a clause or a part of it, and names the obligations that are read in it and beside it. A document of
// which few sections are numbered, or none, may have the clause all the same: it counts as there. So does one that was put behind another and has
// its number with a letter (5A), which no reader tells apart, where the other one is there.
func (r rereading) clause(number string) (places int, beyond []string) {
	const few = 5
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	var own, others []span
	for _, s := range r.d.Sections {
		at := span{s.Start, s.End}
		switch {
		case s.Number == "":
		case effective.Within(s.Number, number):
			own = append(own, at)
		case !effective.Within(number, s.Number): // not one above it
			others = append(others, at)
		}
	}
	if before := strings.TrimRight(number, letters); len(own) == 0 && before != number {
		places, _ = r.clause(before)
		return places, nil
	}
	for _, c := range r.said {
		if c.Subject == "obligation" && stands(c, own) && stands(c, others) {
			beyond = append(beyond, c.Name)
		}
	}
	if len(own) == 0 && len(others) < few {
		return 1, nil
	}
	return len(own), beyond
}

// alone is the one value that a new one of its kind takes the place of: the only one of the clause, or the only one with which a term that the
// sentence names is read from the new words. Of several nobody knows which is meant.
func (r rereading) alone(ctx context.Context, x Extractor, s Swap, at []span) ([]span, error) {
	const most = 8
	if len(at) < 2 || len(s.Terms) == 0 || len(at) > most {
		if len(at) != 1 {
			return nil, nil
		}
		return at, nil
	}
	var meant []span
	for _, p := range at {
		now, where := put(r.d, []placed{{[]span{p}, s.New}})
		after, err := read(ctx, x, now)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(compare(r, after, []span{p}, where[0]), func(c Change) bool { return c.Clear && slices.Contains(s.Terms, c.After.Name) }) {
			meant = append(meant, p)
		}
	}
	if len(meant) != 1 {
		return nil, nil
	}
	return meant, nil
}

func (r rereading) clauseAt(p span) string {
	if s := r.d.SectionAt(p.start); s != nil {
		return s.Number
	}
	return ""
}

// clauseOf is the one clause in which all places stand.
func (r rereading) clauseOf(at []span) string {
	clause := ""
	for i, p := range at {
		if c := r.clauseAt(p); i > 0 && c != clause {
			return ""
		} else {
			clause = c
		}
	}
	return clause
}

// stands tells whether a passage of the candidate covers one of the places.
func stands(c pact.Candidate, at []span) bool {
	for _, e := range c.Evidence {
		if e.Passage != nil && slices.ContainsFunc(at, span{e.Passage.Start, e.Passage.End}.meets) {
			return true
		}
	}
	return false
}

// occurrences finds words in the text of a document, whole, by block: as they are written, otherwise however large, otherwise however an
// amount in them is written. Without words it finds the values of the kind of the new ones.
func occurrences(d *document.Document, words, now string) []span {
	words = strings.Trim(wording.Normal(words).S, ` "'`)
	if words == "" {
		return inBlocks(d, func(s string) []wording.Span { return wording.OfKind(s, wording.Normal(now).S) })
	}
	points := document.NewPoints(d.Text)
	blocks := d.Blocks
	if len(blocks) == 0 {
		blocks = []document.Block{{Start: 0, End: points.Len()}}
	}
	var out []span
	for _, fold := range []bool{false, true} { // as they are written; otherwise however large
		for _, b := range blocks {
			if b.Kind == document.Header || b.Kind == document.Footer || b.Start < 0 || b.Start >= b.End || b.End > points.Len() {
				continue
			}
			var w wording.Builder
			w.Add(points.Cut(b.Start, b.End), b.Start)
			t := w.Text()
			s, find := t.S, words
			if fold {
				s, find = strings.ToLower(s), strings.ToLower(words)
				if len(s) != len(t.S) {
					continue
				}
			}
			for from := 0; ; {
				i := strings.Index(s[from:], find)
				if i < 0 {
					break
				}
				start, end := from+i, from+i+len(find)
				from = end
				if !wording.Whole(s, start, end) {
					continue
				}
				a, z := t.Source(wording.Span{Start: start, End: end})
				out = append(out, span{a, z})
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return inBlocks(d, func(s string) []wording.Span { return wording.SameAmount(s, words) }) // an amount that is written otherwise: "$120,000" for "$120,000.00"
}

// inBlocks finds stretches of the blocks of a document, each of which is given in normal form.
func inBlocks(d *document.Document, find func(string) []wording.Span) []span {
	var out []span
	points := document.NewPoints(d.Text)
	blocks := d.Blocks
	if len(blocks) == 0 {
		blocks = []document.Block{{Start: 0, End: points.Len()}}
	}
	for _, b := range blocks {
		if b.Kind == document.Header || b.Kind == document.Footer || b.Start < 0 || b.Start >= b.End || b.End > points.Len() {
			continue
		}
		var w wording.Builder
		w.Add(points.Cut(b.Start, b.End), b.Start)
		t := w.Text()
		for _, at := range find(t.S) {
			a, z := t.Source(at)
			out = append(out, span{a, z})
		}
	}
	return out
}

// put gives the document with new words in places, and where each group of them stands in it. Boxes and pages are left out: nothing is
// shown of such a text.
func put(d *document.Document, groups []placed) (*document.Document, [][]span) {
	type piece struct {
		span
		now   string
		group int
	}
	var pieces []piece
	for g, p := range groups {
		for _, at := range p.at {
			pieces = append(pieces, piece{at, p.now, g})
		}
	}
	slices.SortFunc(pieces, func(a, b piece) int { return a.start - b.start })
	points := document.NewPoints(d.Text)
	var text strings.Builder
	where := make([][]span, len(groups))
	at, grown := 0, 0
	for _, p := range pieces {
		text.WriteString(points.Cut(at, p.start))
		text.WriteString(p.now)
		n := len([]rune(p.now))
		where[p.group] = append(where[p.group], span{p.start + grown, p.start + grown + n})
		grown += n - (p.end - p.start)
		at = p.end
	}
	text.WriteString(points.Cut(at, points.Len()))
	moved := func(i int, ends bool) int {
		by := 0
		for _, p := range pieces {
			n := len([]rune(p.now))
			switch {
			case p.end <= i:
				by += n - (p.end - p.start)
			case p.start < i && ends: // inside the old words: behind the new ones
				return p.start + by + n
			case p.start < i:
				return p.start + by
			}
		}
		return i + by
	}
	out := &document.Document{Hash: d.Hash, Reader: d.Reader, TextID: d.TextID, Text: text.String(), Warnings: d.Warnings}
	for _, b := range d.Blocks {
		b.Start, b.End, b.Anchor, b.Runs = moved(b.Start, false), moved(b.End, true), moved(b.Anchor, false), nil
		out.Blocks = append(out.Blocks, b)
	}
	for _, s := range d.Sections {
		s.Start, s.End = moved(s.Start, false), moved(s.End, true)
		out.Sections = append(out.Sections, s)
	}
	return out, where
}

// compare lists what is read otherwise, where it stands on the words that changed.
func compare(before, after rereading, gone, come []span) []Change {
	var out []Change
	named := func(list []pact.Candidate, c pact.Candidate) (pact.Candidate, bool) {
		i := slices.IndexFunc(list, func(o pact.Candidate) bool { return o.Subject == c.Subject && o.Name == c.Name })
		if i < 0 {
			return pact.Candidate{Subject: c.Subject, Name: c.Name, Label: c.Label}, false
		}
		return list[i], true
	}
	for _, was := range before.said {
		now, found := named(after.said, was)
		if !stands(was, gone) && !stands(now, come) || found && alike(was, now) {
			continue
		}
		c := Change{Before: was, After: now}
		c.Clear = found && stands(now, come) && len(now.Ambiguities) == 0 && (now.Value != nil || now.Obligation != nil)
		c.Reads = quoteOf(now, come)
		out = append(out, c)
	}
	for _, now := range after.said {
		if was, found := named(before.said, now); !found && stands(now, come) {
			out = append(out, Change{Before: was, After: now, Clear: len(now.Ambiguities) == 0 && (now.Value != nil || now.Obligation != nil), Reads: quoteOf(now, come)})
		}
	}
	return out
}

func alike(a, b pact.Candidate) bool {
	if len(a.Ambiguities) != len(b.Ambiguities) || (a.Value == nil) != (b.Value == nil) || (a.Obligation == nil) != (b.Obligation == nil) {
		return false
	}
	if a.Obligation != nil {
		return a.Obligation.Kind == b.Obligation.Kind && bytes.Equal(a.Obligation.Params, b.Obligation.Params)
	}
	return a.Value == nil || a.Value.Equal(*b.Value)
}

// quoteOf is the passage of a candidate that has the new words.
func quoteOf(c pact.Candidate, come []span) string {
	for _, e := range c.Evidence {
		if e.Passage != nil && slices.ContainsFunc(come, span{e.Passage.Start, e.Passage.End}.meets) {
			return e.Passage.Quote
		}
	}
	return ""
}
