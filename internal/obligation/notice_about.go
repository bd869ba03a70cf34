package obligation

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// noticeAbout is the code of the question which of the two a notice is of, and readingOfRenewal the reading that it is of the renewal.
const (
	noticeAbout      = "notice_about"
	readingOfRenewal = "of the renewal"
)

// matter is what a notice is about, as data.item of its event says it; "" where that says nothing that is known here.
type matter string

const (
	aboutRenewal matter = "renewal"
	aboutPrice   matter = "price"
	aboutOther   matter = "other" // a claim, a breach: no renewal and no price
)

// NoticeOfRenewal and NoticeOfPrice are how data.item of notice_sent and notice_received says what it is about; other words do as well.
const (
	NoticeOfRenewal = "renewal"
	NoticeOfPrice   = "price increase"
)

// matterWords are beginnings of words by which a notice says what it is about.
var matterWords = []struct {
	of    matter
	words []string
}{
	{aboutRenewal, []string{"renew", "nonrenew", "terminat", "cancel", "expir", "extend", "extension", "option"}},
	{aboutPrice, []string{"price", "pricing", "uplift", "increas", "escalat", "indexation", "adjust", "fee", "rate", "tariff", "rent", "cpi", "rpi"}},
	{aboutOther, []string{"claim", "credit", "breach", "default", "dispute", "audit", "assignment", "delay", "incident"}},
}

// matterOf reads what a notice says that it is about. One that says two things says neither; but the price on renewal is a price.
func matterOf(item string) matter {
	words := strings.FieldsFunc(strings.ToLower(item), func(r rune) bool { return !unicode.IsLetter(r) })
	var said []matter
	for _, m := range matterWords {
		begins := func(w string) bool {
			return slices.ContainsFunc(m.words, func(b string) bool { return strings.HasPrefix(w, b) })
		}
		if slices.ContainsFunc(words, begins) {
			said = append(said, m.of)
		}
	}
	ends := func(w string) bool {
		return slices.Contains([]string{"non", "not", "no"}, w) || slices.ContainsFunc([]string{"nonrenew", "terminat", "cancel", "expir"}, func(b string) bool { return strings.HasPrefix(w, b) })
	}
	switch {
	case len(said) == 1:
		return said[0]
	case slices.Equal(said, []matter{aboutRenewal, aboutPrice}) && !slices.ContainsFunc(words, ends):
		return aboutPrice
	}
	return ""
}

// unsaid says how notices that do not say what they are about are read, where both a renewal and a price expect them.
type unsaid string

const (
	unsaidCounts unsaid = "counts"
	unsaidLeft   unsaid = "left out"
)

// countsFor tells whether a notice may count for the obligation that is judged, which is about a matter: not where its item says that it is
// about another one, or names another obligation.
func (in Input) countsFor(mine matter, e *pact.Event) bool {
	about := in.about(e)
	switch {
	case about == "":
		return in.unsaid != unsaidLeft || !in.bothExpect(e)
	case about == matter("obligation "+in.Obligation.Key):
		return true
	}
	return about == mine
}

// about is what a notice is about: the obligation whose key or title its item names, or the matter that it says.
func (in Input) about(e *pact.Event) matter {
	if strings.TrimSpace(e.Data.Item) == "" {
		return ""
	}
	named := func(o pact.Obligation) bool {
		return slices.Contains(FeedOf(o.Kind).Events, e.Kind) && (sameWord(o.Key, e.Data.Item) || sameWord(o.Title, e.Data.Item))
	}
	if named(in.Obligation) {
		return matter("obligation " + in.Obligation.Key)
	}
	other := ""
	in.Timeline.Any(func(o pact.Obligation) bool {
		if o.Key == in.Obligation.Key || !named(o) {
			return false
		}
		other = o.Key
		return true
	})
	if other != "" {
		return matter("obligation " + other)
	}
	return matterOf(e.Data.Item)
}

// bothExpect tells whether a renewal and a price of the contract both expect notice of the subject of an event.
func (in Input) bothExpect(e *pact.Event) bool {
	expected := func(is func(pact.Obligation, *pact.Event) bool) bool {
		return in.Timeline.Any(func(o pact.Obligation) bool { return is(o, e) })
	}
	return expected(priceExpects) && expected(in.renewalExpects)
}

// priceExpects tells whether an obligation is a price that rises on the day a notice is about, after notice alone.
func priceExpects(o pact.Obligation, e *pact.Event) bool {
	var p EscalatorParams
	if o.Kind != (PriceEscalator{}).Name() || decode(o.Params, &p) != nil || p.NoticeDays == 0 || p.FirstAdjustment == "" {
		return false
	}
	for n := range maxAdjustments {
		d := p.date(n)
		if d == "" {
			return false
		}
		if (e.Subject == string(d) || e.Data.Reference == string(d)) && o.InForce.Contains(d) {
			return true
		}
	}
	return false
}

// renewalExpects tells whether an obligation is a renewal that a notice may be of.
func (in Input) renewalExpects(o pact.Obligation, e *pact.Event) bool {
	var p RenewalParams
	if o.Kind != (RenewalNotice{}).Name() || decode(o.Params, &p) != nil {
		return false
	}
	if e.Subject == "" || e.Subject == string(in.Occurrence.ContractID) {
		return true
	}
	date, err := calendar.ParseDate(e.Subject)
	if err != nil || p.Evergreen {
		return p.Evergreen && e.Subject == EvergreenKey
	}
	list, err := p.Renewals(in.Calendars, calendar.Period{From: date, Until: date.AddDays(1)})
	return err == nil && len(list) > 0
}

// perNotice judges an obligation about a matter. Where a notice does not say what it is about, and both a renewal and a price expect it, it
// is judged with it and without it, and asked where that does not come to the same.
func (in Input) perNotice(k Kind, mine matter, zone *time.Location, assess func(Input) (pact.Assessment, error)) (pact.Assessment, error) {
	var open []pact.Event
	if in.unsaid == "" {
		in.Log = in.log()
		for e := range in.Log.at(in.At).each("notice_sent", "notice_received") {
			if in.about(e) == "" && in.bothExpect(e) {
				open = append(open, *e)
			}
		}
	}
	if len(open) == 0 {
		return assess(in)
	}
	open = inDays(open, zone)
	question := fmt.Sprintf("Notice of %s does not say what it is about, and both a renewal and a price expect it. Is it of the renewal, or of the price? Report it again with data.item %q or %q.", dayText(dayOf(open[0], zone)), NoticeOfRenewal, NoticeOfPrice)
	q := pact.Ambiguity{Code: noticeAbout, Question: question}
	var list []pact.Assessment
	for _, r := range []struct {
		of      matter
		reading string
	}{{aboutRenewal, readingOfRenewal}, {aboutPrice, "of the price"}} {
		one := in
		one.unsaid = unsaidLeft
		if r.of == mine {
			one.unsaid = unsaidCounts
		}
		a, err := one.weighed(k)
		if err != nil {
			return a, err
		}
		for _, e := range open {
			if !slices.Contains(a.EventIDs, idOf(e)) {
				a.EventIDs = append(slices.Clone(a.EventIDs), idOf(e))
			}
		}
		o := pact.Outcome{Reading: r.reading, Amount: a.Amount}
		if a.Amount == nil {
			o.Result = noticeResult(a)
		}
		q.Outcomes, list = append(q.Outcomes, o), append(list, a)
	}
	return compared("a notice does not say what it is about", q, list), nil
}

// noticeResult is a judgement without an amount in words: what its last step says, where that says more than its status.
func noticeResult(a pact.Assessment) string {
	if n := len(a.Trace); n > 0 && len(a.Ambiguities) == 0 && (a.Status == pact.Met || a.Status == pact.Excused) {
		return strings.ReplaceAll(string(a.Status), "_", " ") + ": " + a.Trace[n-1].Rule + ", " + a.Trace[n-1].Result
	}
	return resultOf(a)
}
