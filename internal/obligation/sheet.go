package obligation

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// checked are parameters that know what is missing in them and in which zone their days begin.
type checked interface {
	check() []pact.Ambiguity
	zoneName() string
}

// sheet is what a judgement is written on: the assessment, its trace, and the events that count.
type sheet struct {
	tracer
	a      *pact.Assessment
	in     Input
	log    *Log
	counts *view // the events that count, in order of time
	today  calendar.Date
	used   used
	// Of obligations that count purchases: their periods, and the last day on which an invoice that is not paid yet can be paid in time.
	periods      cycle
	payableUntil calendar.Date
	payableIDs   []pact.EventID // of those invoices
}

// used is what the list of events of an assessment has, once it is long.
type used struct {
	of   *pact.Assessment
	many int // how long its list was
	ids  map[pact.EventID]bool
}

// begin finds the version of an obligation that governs on a date, reads its parameters and the events. done is true where
// the judgement ends there: nothing in force, or documents that conflict. on gives the date from the parameters and events of
// the obligation as it is listed; "" is the day of the judgement.
func begin[P checked](in Input, on func(p P, s *sheet) calendar.Date) (p P, s *sheet, done bool, err error) {
	a := pact.Assessment{Status: pact.Pending, At: in.At.UTC()}
	s = &sheet{a: &a, in: in}
	if err = decode(in.Obligation.Params, &p); err != nil {
		return p, s, true, err
	}
	s.zone = zoneOf(p.zoneName())
	s.log = in.log()
	s.in.Log = s.log // what is judged on the way, such as earlier periods, shares it
	s.counts = s.log.at(in.At)
	s.today = calendar.DateIn(calendar.Clamp(in.At), s.zone)
	date := s.today
	if on != nil {
		if d := on(p, s); d != "" {
			date = d
		}
	}
	version, holds, choice, unclear := in.inForce(date)
	a.Trace = append(a.Trace, choice...)
	if len(unclear) > 0 {
		a.Ambiguities = unclear
		return p, s, true, nil
	}
	if !holds {
		a.Status = pact.Excused
		a.Trace = append(a.Trace, pact.TraceStep{Rule: "not in force", Inputs: "on " + string(date), Result: "no version of the clause holds"})
		return p, s, true, nil
	}
	var mine P
	if err = decode(version.Params, &mine); err != nil {
		return p, s, true, err
	}
	if err = stopped(mine.check()); err != nil {
		return p, s, true, err
	}
	a.GovernedBy = version.ID
	s.tracer = newTracer(version, zoneOf(mine.zoneName()), &a)
	s.in.Obligation = version
	a.Trace = append(a.Trace, s.counts.notes...)
	return mine, s, false, nil
}

// beginCycle begins the judgement of one period: of the version that governs where the period does, or where the clause
// begins within it. An error comes without a judgement.
func beginCycle[P interface {
	checked
	cycle() cycle
}](in Input) (p P, s *sheet, whole calendar.Period, done bool, err error) {
	p, s, done, err = begin(in, func(p P, _ *sheet) calendar.Date {
		one, err := p.cycle().of(in.Occurrence.Key, in.Obligation.InForce)
		if err != nil {
			return ""
		}
		return max(one.From, in.held(one).From)
	})
	if err != nil || done {
		return p, s, whole, done, err
	}
	if whole, err = p.cycle().of(in.Occurrence.Key, in.Obligation.InForce); err != nil {
		*s.a = pact.Assessment{}
		return p, s, whole, done, err
	}
	p.cycle().ofCalendar(in, whole, s.tracer)
	s.periods = p.cycle()
	return p, s, whole, done, err
}

// soft questions stop only the amount that hangs on them; the reading of each is computed where they matter.
func soft(code string) bool {
	return slices.Contains([]string{"tier_gap", "tier_overlap", "tier_bounds", "net_eom", "net_prox", "discount_eom", "points_gap", "reopen_window"}, code)
}

func zoneOf(name string) *time.Location {
	if zone, err := calendar.LoadZone(name); err == nil {
		return zone
	}
	return time.UTC
}

// zoneCheck asks for a usable zone; "" is UTC.
func (q *questions) zone(name string) {
	if name == "" {
		return
	}
	if _, err := calendar.LoadZone(name); err != nil {
		q.ask("zone", "In whose zone do the days begin? (%v)", err)
	}
}

// decimals asks about numbers no clause can mean; nil is absent.
func (q *questions) decimals(code string, low, high int64, list ...*decimal.Decimal) {
	for _, d := range list {
		q.between(code, code, low, high, d)
	}
}

// between asks about a number no clause can mean, by the member it stands in ("late.percent"); nil is absent.
func (q *questions) between(code, member string, low, high int64, d *decimal.Decimal) {
	switch {
	case d == nil:
	case !money.Sane(*d):
		q.ask(code, "%s is a number too large or too long: it must lie between %d and %d.", member, low, high)
	case d.LessThan(decimal.NewFromInt(low)) || d.GreaterThan(decimal.NewFromInt(high)):
		q.ask(code, "%s is out of range, %s: it must lie between %d and %d.", member, short(d.String()), low, high)
	}
}

// amount asks about a sum that is none, or lies below zero, by the member it stands in ("late.fixed"): what a clause gives is a price, a fee or a
// limit, and who owes it is in its words. nil is absent.
func (q *questions) amount(code, member string, a *money.Amount) {
	switch {
	case a == nil:
	case a.Check() != nil || !money.Sane(a.Value):
		q.ask(code, "%s is no amount of money with a currency.", member)
	case a.Value.IsNegative():
		q.ask(code, "%s is out of range, %s: it can not lie below zero.", member, short(a.String()))
	}
}

// currency asks about what is no currency; "" is absent.
func (q *questions) currency(code string) {
	if code != "" && !money.IsCurrency(code) {
		q.ask("currency", "%.20q is no currency of ISO 4217. Which is meant?", code)
	}
}

// oneCurrency asks about sums that are added or compared, and are in several currencies; nil is absent.
func (q *questions) oneCurrency(code, what string, list ...*money.Amount) {
	var named []string
	for _, a := range list {
		if a != nil && a.Currency != "" && !slices.Contains(named, a.Currency) {
			named = append(named, a.Currency)
		}
	}
	if len(named) > 1 {
		q.ask(code, "%s are in %s, and can be added in one currency alone. Which sums are meant?", what, strings.Join(named, " and "))
	}
}

// days asks about counts of days no clause can mean.
func (q *questions) days(code string, list ...int) {
	for _, n := range list {
		if n < 0 || n > 36_600 {
			q.ask(code, "%d days can not be meant by %s.", n, strings.ReplaceAll(code, "_", " "))
		}
	}
}

// dateOf is the civil date an event stands for.
func (s *sheet) dateOf(e pact.Event) calendar.Date { return dayOf(e, s.zone) }

// maxCorrected bounds the corrections of corrections that are followed.
const maxCorrected = 100

// came is the day on which a report came: the later of the day it names and that on which it happened. When we received it says
// nothing: history is brought in later. A correction came with the report of the same figure that it replaces.
func (s *sheet) came(e pact.Event) calendar.Date {
	for range maxCorrected {
		old := s.event(e.Replaces)
		if old == nil || old.Kind != e.Kind || !samePeriod(old.Data.Month, e.Data.Month) || !strings.EqualFold(old.Data.Item, e.Data.Item) || !strings.EqualFold(old.Data.Service, e.Data.Service) {
			break
		}
		e = *old
	}
	return max(s.dateOf(e), calendar.DateIn(calendar.Clamp(e.OccurredAt), s.zone))
}

// reportedOn tells in words when a report came.
func (s *sheet) reportedOn(e pact.Event) string {
	on, came := s.dateOf(e), s.came(e)
	if came <= on {
		return "reported on " + string(on)
	}
	return fmt.Sprintf("reported for %s, given on %s", on, came)
}

// event finds an event by its id, whether or not it still counts.
func (s *sheet) event(id pact.EventID) *pact.Event {
	if id == "" {
		return nil
	}
	for _, place := range slices.Backward(s.log.book.byID()[id]) {
		if s.log.has(place) {
			return s.log.book.order[place]
		}
	}
	return nil
}

// of lists the events of some kinds about a subject, in order of their days; "" is any.
func (s *sheet) of(subject string, kinds ...string) []pact.Event {
	return inDays(s.given(subject, kinds...), s.zone)
}

// given lists them in the order in which they were given, for reports of figures, of which the last one counts.
func (s *sheet) given(subject string, kinds ...string) []pact.Event {
	var out []pact.Event
	if subject == "" {
		for e := range s.counts.each(kinds...) {
			out = append(out, *e)
		}
		return out
	}
	for e := range s.counts.about([]string{subject}, kinds...) {
		if e.Subject == subject || e.Data.Reference == subject {
			out = append(out, *e)
		}
	}
	return out
}

// use notes events that the judgement rests on.
func (s *sheet) use(events ...pact.Event) {
	for i := range events {
		s.useOne(&events[i])
	}
}

// useOne is use of one event. Few are compared with one another faster than looked up.
func (s *sheet) useOne(e *pact.Event) {
	id := eventID(e)
	if len(s.a.EventIDs) <= few {
		if !slices.Contains(s.a.EventIDs, id) {
			s.a.EventIDs = append(s.a.EventIDs, id)
		}
		return
	}
	if s.used.of != s.a || s.used.many != len(s.a.EventIDs) { // a reading beside this one has its own, and others add to the list too
		s.used = used{s.a, len(s.a.EventIDs), make(map[pact.EventID]bool, 2*len(s.a.EventIDs))}
		for _, known := range s.a.EventIDs {
			s.used.ids[known] = true
		}
	}
	if !s.used.ids[id] {
		s.used.ids[id] = true
		s.a.EventIDs = append(s.a.EventIDs, id)
		s.used.many++
	}
}

// end is the instant at which a day is over in the zone of the contract.
func (s *sheet) end(d calendar.Date) time.Time { return d.AddDays(1).In(s.zone).UTC() }

// start is the instant at which a day begins.
func (s *sheet) start(d calendar.Date) time.Time { return d.In(s.zone).UTC() }

// over tells whether a day is over at the instant of the judgement.
func (s *sheet) over(d calendar.Date) bool { return s.today > d }

// sum rounds an exact value once, half up, and keeps it as a line.
func (s *sheet) sum(name string, exact *big.Rat, currency string, on calendar.Date) money.Amount {
	rounded := money.FromRatio(exact, currency)
	line := pact.AmountLine{Name: name, Amount: rounded, On: on}
	if rounded.Ratio().Cmp(exact) != 0 {
		line.Exact = money.RatioString(exact, 12, 6)
	}
	s.a.Amounts = append(s.a.Amounts, line)
	return rounded
}

// owe sets the amount that follows from the judgement.
func (s *sheet) owe(a money.Amount) { s.a.Amount = &a }

// ask stops the amount: the question stands with what each reading comes to.
func (s *sheet) ask(code, question string, outcomes ...pact.Outcome) {
	s.a.AmountState = "ambiguous"
	s.a.Ambiguities = append(s.a.Ambiguities, pact.Ambiguity{Code: code, Question: question, Outcomes: outcomes})
	result := "asked"
	if len(outcomes) > 0 {
		result = counts(len(outcomes), "reading")
	}
	s.add("ambiguous: the amount waits for a decision", question, result)
}

// waits says that the amount needs something nobody reported yet.
func (s *sheet) waits(state, rule, why string) {
	s.a.AmountState = state
	s.add(rule, "", why)
}

// done closes a judgement.
func (s *sheet) done(status pact.Status) pact.Assessment {
	s.a.Status = status
	return *s.a
}

// in converts an amount into another currency by the last rate reported on or before a day, and says so. ok is false where
// none is known: then the amount waits.
func (s *sheet) convert(a money.Amount, currency string, on calendar.Date, purpose string) (*big.Rat, bool) {
	if a.Currency == currency {
		return a.Ratio(), true
	}
	rate, best := s.counts.rate(a.Currency, currency, on, s.zone)
	if best == nil {
		s.waits("needs_rate", "exchange rate", fmt.Sprintf("no rate %s/%s of %s or before is known", a.Currency, currency, on))
		return nil, false
	}
	out := mul(a.Ratio(), rate)
	s.use(*best)
	s.add("exchange rate for "+purpose, fmt.Sprintf("%s at %s = %s of %s", a, best.Data.Item, best.Data.Value, s.dateOf(*best)), exactText(out, currency), idOf(*best))
	return out, true
}

// exactText writes an exact sum: every digit where it ends, otherwise cut.
func exactText(r *big.Rat, currency string) string {
	return exactNumber(r, int(money.MinorUnits(currency))) + " " + currency
}

func exactNumber(r *big.Rat, least int) string {
	text := money.RatioString(r, 12, 6)
	_, digits, _ := strings.Cut(text, ".")
	if len(digits) < least {
		return r.FloatString(least)
	}
	return text
}

// percentOf is a percentage of an exact value.
func percentOf(r *big.Rat, percent decimal.Decimal) *big.Rat {
	out := new(big.Rat).Mul(r, percent.Rat())
	return out.Quo(out, big.NewRat(100, 1))
}

func ratOf(n int) *big.Rat { return new(big.Rat).SetInt64(int64(n)) }

func mul(a, b *big.Rat) *big.Rat   { return new(big.Rat).Mul(a, b) }
func plus(a, b *big.Rat) *big.Rat  { return new(big.Rat).Add(a, b) }
func minus(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }
func quo(a, b *big.Rat) *big.Rat   { return new(big.Rat).Quo(a, b) }

func minRat(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) <= 0 {
		return a
	}
	return b
}

func maxRat(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) >= 0 {
		return a
	}
	return b
}

// opened lists one occurrence for each subject that an event of some kinds is about, under the version in force on its day.
func opened(o pact.Obligation, zone string, events []pact.Event, subject func(pact.Event) string, kinds ...string) []pact.Occurrence {
	z := zoneOf(zone)
	kept, _ := tidy(events, "", calendar.Latest())
	seen := map[string]bool{}
	var out []pact.Occurrence
	for _, e := range inDays(kept, z) {
		if !slices.Contains(kinds, e.Kind) {
			continue
		}
		key := subject(e)
		on := e.Data.Date
		if on == "" {
			on = calendar.DateIn(e.OccurredAt, z)
		}
		if key == "" || seen[key] || !o.InForce.Contains(on) {
			continue
		}
		seen[key] = true
		out = append(out, occurrence(o, key, titled(key, e.Data.Title), calendar.Span{Start: begins(e, z)}))
	}
	slices.SortFunc(out, func(a, b pact.Occurrence) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

func titled(key, title string) string {
	if title == "" {
		return key
	}
	return key + ": " + title
}

func occurrence(o pact.Obligation, key, subject string, period calendar.Span) pact.Occurrence {
	return pact.Occurrence{BusinessUnit: o.BusinessUnit, ContractID: o.ContractID, ObligationID: o.ID, Key: key, Subject: subject, Period: period, Status: pact.Pending}
}

// ask is the usual Check of a kind: what can not be decoded, then what the parameters ask.
func ask[P checked](o pact.Obligation) []pact.Ambiguity {
	var p P
	if err := decode(o.Params, &p); err != nil {
		return []pact.Ambiguity{{Code: "params", Question: sentence(err)}}
	}
	return p.check()
}

// business finds the calendar whose business days count; Monday to Friday where the clause names none.
func (s *sheet) business(h calendar.Hours) (*calendar.Calendar, error) {
	h = s.in.Calendars.Resolve(h)
	if h.IsZero() {
		h = calendar.Weekdays(s.zone.String(), "00:00", "24:00")
	}
	c, err := s.in.Calendars.Get(h)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "The business days can not be used: %v.", err)
	}
	return c, nil
}

// after moves a date by a duration that may count business days.
func (s *sheet) after(d calendar.Date, by calendar.Duration, days *calendar.Calendar) (calendar.Date, error) {
	var out calendar.Date
	var ok bool
	if by.Unit == calendar.BusinessDay {
		out, ok = days.AddBusinessDays(d, by.Value)
	} else {
		out, ok = by.After(d)
	}
	if !ok || out == "" {
		return "", fault.New(fault.Invalid, "%s from %s can not be counted in days.", by, d)
	}
	return out, nil
}

// roll moves a date that is no business day and says so.
func (s *sheet) roll(d calendar.Date, r calendar.Roll, days *calendar.Calendar) (calendar.Date, error) {
	if r == "" || r == calendar.NoRoll {
		return d, nil
	}
	out, ok := days.Roll(d, r)
	if !ok {
		return "", fault.New(fault.Invalid, "There is no business day near %s.", d)
	}
	if out != d {
		s.add("roll to a business day", dayText(d)+", "+string(r), dayText(out))
	}
	return out, nil
}

// dayText writes a date with its weekday, because that is what a person checks first.
func dayText(d calendar.Date) string {
	if d == "" {
		return ""
	}
	return d.Weekday().String()[:3] + " " + string(d)
}

// dayCount is a number of days in words.
func dayCount(n int) string { return counts(n, "day") }

// counts is a number of things in words: "1 miss", "2 misses".
func counts(n int, what string) string { return strconv.Itoa(n) + " " + plural(n == 1, what) }

// ratCounts is an exact number of things in words: "1 week", "1.5 days".
func ratCounts(n *big.Rat, what string) string {
	return exactNumber(n, 0) + " " + plural(n.Cmp(big.NewRat(1, 1)) == 0, what)
}

func plural(one bool, what string) string {
	switch {
	case one:
		return what
	case strings.HasSuffix(what, "s"):
		return what + "es"
	}
	return what + "s"
}
