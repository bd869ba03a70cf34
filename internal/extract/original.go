package extract

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
)

// original reads a document as it stood before its open tracked changes with the built-in engines, so that what a change does to a
// value is told by comparing two readings and not by the words around it. nil where no change is open. Nobody is told of this
// reading, and no outside engine is asked for it.
func (p *Pipeline) original(ctx context.Context, d *document.Document) (*earlier, error) {
	o := d.Original()
	if o == nil {
		return nil, nil
	}
	quiet := Pipeline{Extractors: p.Extractors}
	w := pass{Pipeline: &quiet, d: o.Document, v: verifier{d: o.Document}}
	for _, x := range p.Extractors {
		found, err := x.Extract(ctx, o.Document, FullSchema())
		if err != nil {
			return nil, fmt.Errorf("extracting with %s what stood before the tracked changes: %w", x.Name(), err)
		}
		if err := w.take(ctx, Said{Candidates: found}); err != nil {
			return nil, err
		}
	}
	return &earlier{was: Combine(w.sets...), at: o, d: d}, nil
}

// earlier is what a document said before its open tracked changes.
type earlier struct {
	was []pact.Candidate
	at  *document.Original
	d   *document.Document
}

// turn is one thing in both readings; one of them may lack it.
type turn struct{ now, was *pact.Candidate }

// turns pairs what the built-in engines say now with what they said before.
func (e *earlier) turns(now []pact.Candidate) []turn {
	taken := make([]bool, len(e.was))
	out := make([]turn, len(now))
	for i := range now {
		out[i].now = &now[i]
	}
	// An obligation has no fixed name: first what says the same, then what stands in the same place, then what has the same key.
	for _, fits := range []func(a, b *pact.Candidate) bool{
		func(a, b *pact.Candidate) bool { return (a.Name == b.Name || e.together(a, b)) && unturned(a, b) },
		func(a, b *pact.Candidate) bool { return a.Obligation == nil || verbatim(a.Obligation, b.Obligation) },
		func(a, b *pact.Candidate) bool { return a.Obligation != nil && a.Name == b.Name && e.together(a, b) },
		func(a, b *pact.Candidate) bool { return a.Obligation != nil && e.together(a, b) },
		func(a, b *pact.Candidate) bool { return a.Obligation != nil && a.Name == b.Name },
	} {
		for i := range out {
			for k := range e.was {
				b := &e.was[k]
				if out[i].was == nil && !taken[k] && out[i].now.Subject == b.Subject && kindOf(out[i].now) == kindOf(b) && (b.Obligation != nil || out[i].now.Name == b.Name) && fits(out[i].now, b) {
					out[i].was, taken[k] = b, true
				}
			}
		}
	}
	for k := range e.was {
		if !taken[k] {
			out = append(out, turn{was: &e.was[k]})
		}
	}
	return out
}

func kindOf(c *pact.Candidate) string {
	if c.Obligation != nil {
		return c.Obligation.Kind
	}
	return ""
}

// together tells whether two candidates rest on the same stretch of the text.
func (e *earlier) together(now, was *pact.Candidate) bool {
	for _, b := range was.Evidence {
		if b.Passage == nil {
			continue
		}
		from, to := e.at.Now(b.Passage.Start, b.Passage.End)
		for _, a := range now.Evidence {
			if a.Passage != nil && from < a.Passage.End && a.Passage.Start < to {
				return true
			}
		}
	}
	return false
}

// unturned tells whether two candidates say the same, their open questions included.
func unturned(a, b *pact.Candidate) bool {
	if a.Obligation != nil && b.Obligation != nil {
		return len(differences(a.Obligation, b.Obligation)) == 0
	}
	return same(*a, *b) && (a.Value != nil || asksSame(a.Ambiguities, b.Ambiguities))
}

// verbatim is unturned without a look at the words, for pairs that stand apart: a contract has many obligations.
func verbatim(a, b *pact.Obligation) bool {
	return bytes.Equal(a.Params, b.Params) && a.Bearer == b.Bearer && a.Beneficiary == b.Beneficiary && a.Trigger == b.Trigger && a.Frequency == b.Frequency &&
		a.Deliverable == b.Deliverable && len(a.Ambiguities) == len(b.Ambiguities)
}

func asksSame(a, b []pact.Ambiguity) bool {
	x, errA := json.Marshal(a)
	y, errB := json.Marshal(b)
	return errA == nil && errB == nil && bytes.Equal(x, y)
}

// ask puts the questions of the turns to what all engines together found, and adds what the changes took out. It tells which of the
// candidates are settled: they say the same with the changes and without.
func (e *earlier) ask(all []pact.Candidate, own []pact.Candidate) ([]pact.Candidate, map[int]bool) {
	settled := map[int]bool{}
	for _, t := range e.turns(own) {
		if t.now == nil {
			all = e.takenOut(all, *t.was)
			continue
		}
		i := slices.IndexFunc(all, func(c pact.Candidate) bool { return c.Subject == t.now.Subject && c.Name == t.now.Name })
		if i < 0 {
			continue
		}
		c := &all[i]
		if t.was != nil && unturned(t.now, t.was) {
			settled[i] = same(*c, *t.now)
			continue
		}
		askTurn(c, t.was)
	}
	return all, settled
}

// askTurn asks which of two readings holds.
func askTurn(c *pact.Candidate, was *pact.Candidate) {
	a := pact.Ambiguity{Code: "tracked_change"}
	switch {
	case c.Obligation != nil && was == nil:
		a.Question = "A tracked change is open: without it this obligation is not in the text. Does it hold?"
		a.Texts = []string{"with the change: it holds", "without the change: there is none"}
	case c.Obligation != nil:
		with, without := []string{}, []string{}
		for _, d := range differences(c.Obligation, was.Obligation) {
			with, without = append(with, d.now), append(without, d.was)
		}
		if len(with) == 0 {
			return // another engine's reading leads, and it says what stood before
		}
		a.Question = "A tracked change is open, and without it the text says something else. Which holds?"
		a.Texts = []string{"with the change: " + strings.Join(with, ", "), "without the change: " + strings.Join(without, ", ")}
	case was == nil || was.Value == nil || c.Value == nil:
		if c.Value != nil {
			a.Readings = append(a.Readings, *c.Value)
		}
		a.Question = "A tracked change is open: without it this value is not in the text. Does it hold?"
		if was != nil && was.Value != nil {
			a.Readings = append(a.Readings, *was.Value)
			a.Question = "A tracked change is open: without it the text gives this value. Does it hold?"
		} else if was != nil {
			a.Question = "A tracked change is open: without it the text leaves this value open. Does it hold?"
		}
	case SameMeaning(*c.Value, *was.Value):
		return
	default:
		a.Readings = []pact.Value{*c.Value, *was.Value}
		a.Question = "A tracked change is open: with it the text says the first, without it the second. Which holds?"
	}
	asks := &c.Ambiguities
	if c.Obligation != nil {
		asks = &c.Obligation.Ambiguities
	}
	if !slices.ContainsFunc(*asks, func(x pact.Ambiguity) bool { return x.Code == a.Code }) {
		*asks = append(slices.Clone(*asks), a)
	}
	if c.Obligation != nil {
		c.Ambiguities = c.Obligation.Ambiguities
		if c.Obligation.Confidence.GreaterThan(openCap) {
			c.Obligation.Confidence = openCap
		}
	}
	if c.Confidence.GreaterThan(openCap) {
		c.Confidence = openCap
	}
}

// takenOut adds what only stands in words that a change deletes: whether it is gone is not decided. Its passage is what is left of
// its place, so its words do not follow from the text and it is never taken without a person.
func (e *earlier) takenOut(all []pact.Candidate, c pact.Candidate) []pact.Candidate {
	if slices.ContainsFunc(all, func(x pact.Candidate) bool { return x.Subject == c.Subject && x.Name == c.Name }) && c.Obligation == nil {
		return all // another engine reads it in the text as it stands
	}
	a := pact.Ambiguity{Code: "tracked_change", Question: "A tracked change that is still open deletes this. Does it still hold?"}
	if c.Value != nil {
		a.Readings = []pact.Value{*c.Value}
	} else {
		a.Texts = []string{"with the change: there is none", "without the change: it holds"}
	}
	c.Evidence = e.remains(c.Evidence)
	c.Verification, c.Rivals, c.Order = pact.Unverified, nil, len(all)
	c.Ambiguities = append(slices.Clone(c.Ambiguities), a)
	if c.Confidence.GreaterThan(openCap) {
		c.Confidence = openCap
	}
	if c.Obligation != nil {
		o := *c.Obligation
		o.Evidence, o.Verification, o.Confidence, o.Ambiguities = c.Evidence, c.Verification, c.Confidence, c.Ambiguities
		for n := 2; slices.ContainsFunc(all, func(x pact.Candidate) bool { return x.Subject == c.Subject && x.Name == c.Name }); n++ {
			c.Name = fmt.Sprintf("%s/%d", cmp.Or(o.Key, o.Kind), n)
		}
		if o.Key != "" {
			o.Key = c.Name
		}
		c.Obligation = &o
	}
	return append(all, c)
}

// remains gives the passages of the text with the changes where evidence of the earlier one stood.
func (e *earlier) remains(list []pact.Evidence) []pact.Evidence {
	var out []pact.Evidence
	for _, was := range list {
		if was.Passage == nil {
			continue
		}
		from, to := e.at.Now(was.Passage.Start, was.Passage.End)
		if i := e.d.BlockAt(from); from >= to && i >= 0 { // all of it was deleted: the paragraph at its place
			from, to = e.d.Blocks[i].Start, e.d.Blocks[i].End
		}
		if from >= to {
			continue
		}
		p := e.d.Passage(was.Passage.DocumentID, from, to)
		p.Verification = pact.Unverified
		out = append(out, pact.Evidence{Passage: &p})
	}
	return out
}

// difference is one thing in which two readings of an obligation differ, in words.
type difference struct{ now, was string }

// differences compares what obligations say: parameters, who owes whom, and of plain duties what is owed. Quotes and titles follow
// from these.
func differences(a, b *pact.Obligation) []difference {
	x, y := leaves(a.Params), leaves(b.Params)
	for _, f := range [][3]string{{"owed by", a.Bearer, b.Bearer}, {"owed to", a.Beneficiary, b.Beneficiary}, {"when", a.Trigger, b.Trigger}, {"how often", a.Frequency, b.Frequency}} {
		x[f[0]], y[f[0]] = f[1], f[2]
	}
	if plain(a.Kind) {
		x["what"], y["what"] = a.Deliverable, b.Deliverable
	}
	names := map[string]bool{}
	for n := range x {
		names[n] = true
	}
	for n := range y {
		names[n] = true
	}
	var out []difference
	for _, n := range slices.Sorted(maps.Keys(names)) {
		if wording.Fold(x[n]) != wording.Fold(y[n]) {
			out = append(out, difference{said(n, x[n]), said(n, y[n])})
		}
	}
	if len(out) == 0 && !asksSame(a.Ambiguities, b.Ambiguities) {
		out = append(out, difference{"the questions that the text leaves open", "other questions"})
	}
	return out
}

// plain tells the kinds whose deliverable is what is owed, and not only the quote of the figures.
func plain(kind string) bool {
	k, err := obligation.KindOf(kind)
	return err != nil || reflect.TypeOf(k.Params()) == reflect.TypeFor[obligation.DutyParams]()
}

func said(name, value string) string {
	name = strings.NewReplacer("_percent", "", "_", " ").Replace(name)
	if value == "" {
		return "no " + name
	}
	return name + " " + value
}

// leaves writes each parameter in words.
func leaves(params []byte) map[string]string {
	out := map[string]string{}
	d := json.NewDecoder(bytes.NewReader(params))
	d.UseNumber()
	var m map[string]any
	if len(params) == 0 || d.Decode(&m) != nil {
		return out
	}
	for k, v := range m {
		if s := inWords(v); s != "" {
			if strings.HasSuffix(k, "_percent") {
				s += " %"
			}
			out[k] = s
		}
	}
	return out
}

func inWords(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case map[string]any:
		if length, err := json.Marshal(x); err == nil && x["unit"] != nil && len(x) == 2 {
			var d calendar.Duration
			if json.Unmarshal(length, &d) == nil {
				return d.String()
			}
		}
		if x["value"] != nil && x["currency"] != nil {
			return strings.TrimSpace(inWords(x["value"]) + " " + inWords(x["currency"]))
		}
		var parts []string
		for _, k := range slices.Sorted(maps.Keys(x)) {
			if s := inWords(x[k]); s != "" {
				parts = append(parts, strings.ReplaceAll(k, "_", " ")+" "+s)
			}
		}
		return strings.Join(parts, " ")
	case []any:
		var parts []string
		for _, one := range x {
			parts = append(parts, inWords(one))
		}
		return strings.Join(parts, "; ")
	}
	return fmt.Sprint(v)
}
