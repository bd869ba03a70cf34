package extract

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
)

// openCap is the highest confidence of what was read from words with an open tracked change: just below the usual limit.
var openCap = decimal.New(84, -2)

// Tracked asks what holds where a document still carries tracked changes. The text holds what was inserted; what was deleted
// stands beside it. A value that would be another without the change is ambiguous, with both readings: no side is picked. What
// can not be read without the change is capped; what reads the same either way is left alone, as are the settled ones (by index),
// of which two readings of the whole text have told it. It is what is left to do for values that only an outside engine reads.
func Tracked(candidates []pact.Candidate, d *document.Document, settled map[int]bool) {
	ch := changesOf(d)
	if len(ch.inserted) == 0 && len(ch.deleted) == 0 {
		return
	}
	for i := range candidates {
		if !settled[i] {
			ch.ask(&candidates[i])
		}
	}
}

// changes are the open tracked changes of a text.
type changes struct {
	runes    []rune
	inserted []document.Run
	deleted  []document.Aside // where they stood; their words are not in the text
}

func changesOf(d *document.Document) changes {
	var ch changes
	for _, b := range d.Blocks {
		for _, r := range b.Runs {
			if r.Mark == "inserted" {
				ch.inserted = append(ch.inserted, r)
			}
		}
	}
	for _, a := range d.Asides {
		// Words struck through by their format are no tracked change: they have a reason instead of an author.
		if a.Kind == document.Deleted && a.Why == "" {
			ch.deleted = append(ch.deleted, a)
		}
	}
	if len(ch.inserted)+len(ch.deleted) > 0 {
		ch.runes = []rune(d.Text)
	}
	return ch
}

func (ch changes) ask(c *pact.Candidate) {
	evidence := c.Evidence
	if c.Obligation != nil {
		evidence = append(slices.Clone(evidence), c.Obligation.Evidence...)
	}
	open := false
	for _, e := range evidence {
		p := e.Passage
		if p == nil || p.Start < 0 || p.End > len(ch.runes) || p.Start >= p.End {
			continue
		}
		now, before, touched := ch.sides(p.Start, p.End)
		if !touched {
			continue
		}
		settled := false
		if c.Value != nil {
			settled = askValue(c, now, before)
		} else if c.Obligation != nil {
			askObligation(c, now, before)
		}
		open = open || !settled
	}
	if open && c.Confidence.GreaterThan(openCap) {
		c.Confidence = openCap
	}
	if c.Obligation != nil && open && c.Obligation.Confidence.GreaterThan(openCap) {
		c.Obligation.Confidence = openCap
	}
	for i := range c.Rivals {
		ch.ask(&c.Rivals[i])
	}
}

// sides gives a stretch of the text as it stands and as it stood before the changes inside of it.
func (ch changes) sides(start, end int) (now, before string, touched bool) {
	gone := func(at int) bool {
		return slices.ContainsFunc(ch.inserted, func(r document.Run) bool { return r.Start <= at && at < r.End })
	}
	var b strings.Builder
	for at := start; at <= end; at++ {
		for _, a := range ch.deleted {
			if a.Start != at || at == end && at < len(ch.runes) && !unicode.IsSpace(ch.runes[at]) {
				continue
			}
			touched = true
			// The place of a deletion is before the space that parts it from its neighbour.
			if at > start && !unicode.IsSpace(ch.runes[at-1]) && (at == len(ch.runes) || unicode.IsSpace(ch.runes[at])) {
				b.WriteByte(' ')
			}
			b.WriteString(a.Text)
		}
		if at == end {
			break
		}
		if gone(at) {
			touched = true
			continue
		}
		b.WriteRune(ch.runes[at])
	}
	return string(ch.runes[start:end]), b.String(), touched
}

// askValue makes a value ambiguous that is another one without the changes. It tells whether the value is known to be the
// same either way.
func askValue(c *pact.Candidate, now, before string) bool {
	with, without := valuesIn(c.Value.Kind, now), valuesIn(c.Value.Kind, before)
	at := slices.IndexFunc(with, func(v pact.Value) bool { return v.Equal(*c.Value) })
	if at < 0 {
		return false // the value does not stand in these words alone
	}
	if len(with) == len(without) && without[at].Equal(*c.Value) {
		return true
	}
	a := pact.Ambiguity{Code: "tracked_change", Readings: []pact.Value{*c.Value}}
	if len(with) == len(without) {
		a.Readings = append(a.Readings, without[at])
		a.Question = "A tracked change is open: the words inserted say the first, the words deleted said the second. Which holds?"
	} else if slices.ContainsFunc(without, func(v pact.Value) bool { return v.Equal(*c.Value) }) {
		return false // it stands on both sides, among others
	} else {
		a.Question = "A tracked change is open: without it this value is not in the text. Does it hold?"
	}
	if !slices.ContainsFunc(c.Ambiguities, func(x pact.Ambiguity) bool { return x.Code == a.Code }) {
		c.Ambiguities = append(c.Ambiguities, a)
	}
	return false
}

// askObligation does the same for lengths of time among the parameters of an obligation.
func askObligation(c *pact.Candidate, now, before string) {
	o := c.Obligation
	with, without := valuesIn(pact.DurationValue, now), valuesIn(pact.DurationValue, before)
	if len(with) != len(without) || slices.ContainsFunc(o.Ambiguities, func(x pact.Ambiguity) bool { return x.Code == "tracked_change" }) {
		return
	}
	for i, v := range with {
		param, err := json.Marshal(v.Duration)
		if err != nil || v.Equal(without[i]) || !strings.Contains(string(o.Params), string(param)) {
			continue
		}
		o.Ambiguities = append(o.Ambiguities, pact.Ambiguity{
			Code: "tracked_change", Question: "A tracked change is open. Which holds?",
			Texts: []string{fmt.Sprintf("%s, as inserted", v.Duration), fmt.Sprintf("%s, as deleted", without[i].Duration)},
		})
		c.Ambiguities = o.Ambiguities
	}
}

// valuesIn reads every value of a kind that words give without doubt, in order; none for kinds that are no single measure.
func valuesIn(kind pact.ValueKind, s string) []pact.Value {
	q := wording.Normal(s).S
	var out []pact.Value
	switch kind {
	case pact.DurationValue:
		for _, d := range wording.Durations(q) {
			if len(d.Readings) == 0 {
				out = append(out, pact.Lasting(d.Duration.Value, d.Duration.Unit))
			}
		}
	case pact.DateValue:
		for _, d := range wording.Dates(q) {
			if d.Date != "" {
				out = append(out, pact.OnDate(d.Date))
			}
		}
	case pact.MoneyValue:
		for _, m := range wording.Sums(q) {
			if len(m.Readings) == 0 {
				out = append(out, pact.Sum(m.Amount))
			}
		}
	case pact.PercentageValue:
		for _, p := range wording.Percents(q) {
			if len(p.Readings) == 0 {
				out = append(out, pact.Percent(p.Value))
			}
		}
	}
	return out
}
