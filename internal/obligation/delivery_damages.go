package obligation

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// DamagesParams are liquidated damages: Percent of the value of what is late, or Amount (for each unit with PerUnit), for each Step.
// What grows with the part that is late (a percentage of its value, an amount for each unit) is counted part by part, each with its own
// days; an amount, or a percentage of the whole line, is owed once for the line, until the last part came.
type DamagesParams struct {
	Percent *decimal.Decimal `json:"percent,omitempty"` // of the value that base names, for each step
	Amount  *money.Amount    `json:"amount,omitempty"`  // a sum for each step, instead of percent
	// PerUnit: amount is for each unit that is late (of a bonus: early); absent: for the line.
	PerUnit bool   `json:"per_unit,omitempty"`
	Step    string `json:"step,omitempty" enum:"day,week"` // default day
	// Count: started steps or only full ones. For days of the calendar there is no difference; weeks and runs of 24 hours need it.
	Count      string           `json:"count,omitempty" enum:"started,full"`
	CapPercent *decimal.Decimal `json:"cap_percent,omitempty"` // of the value of the whole line
	// CapAmount: the most for a line, as a sum; beside cap_percent both hold; absent: no such cap.
	CapAmount *money.Amount `json:"cap_amount,omitempty"`
	// Base of Percent: late (default; the value of what is late), or line (the value of the whole line).
	Base string `json:"base,omitempty" enum:"late,line"`
}

// daysLate counts the days of a batch.
func (d *deliveryLine) daysLate(b batch) *big.Rat {
	from := d.dueBy(b.on)
	if !d.p.GraceCounts {
		from = from.AddDays(d.p.GraceDays)
	}
	if b.since != "" {
		from = b.since
	}
	until := b.on
	if until == "" {
		until = d.s.today
	}
	switch d.p.Days {
	case "business":
		n := 0
		for day := from.AddDays(1); day <= until && n < 10_000; day = day.AddDays(1) {
			if d.days.IsBusinessDay(day) && !slices.ContainsFunc(d.free, func(w calendar.Period) bool { return w.Contains(day) }) {
				n++
			}
		}
		return ratOf(n)
	case "hours24":
		begin := d.s.end(from)
		if b.since != "" {
			begin = b.sinceAt
		}
		late := []calendar.Span{{Start: begin, End: b.at}}
		for _, w := range d.free {
			late = calendar.Subtract(late, []calendar.Span{{Start: d.s.start(w.From), End: d.s.start(w.Until)}})
		}
		var sum time.Duration
		for _, one := range late {
			sum += max(0, one.End.Sub(one.Start))
		}
		return big.NewRat(int64(sum), int64(24*time.Hour))
	}
	n := from.DaysUntil(until)
	for _, w := range d.free {
		n -= max(0, max(from.AddDays(1), w.From).DaysUntil(min(until.AddDays(1), w.Until)))
	}
	return ratOf(max(0, n))
}

// waivedDays finds the days on which the clause is waived while a part is late, and takes them off where the waiver lets go of what falls due on
// them. Where it does not say so it is asked, and false.
func (d *deliveryLine) waivedDays(late []batch) bool {
	s := d.s
	if s.in.waived(d.line.Due) != "" {
		return true // whether it is late at all is asked
	}
	var words []string
	var free []calendar.Period
	for _, w := range s.in.waivedWithin(calendar.Period{From: d.line.Due.AddDays(1), Until: s.today.AddDays(1)}) {
		alone := *d
		alone.free = []calendar.Period{w}
		if slices.ContainsFunc(late, func(b batch) bool { return alone.daysLate(b).Cmp(d.daysLate(b)) != 0 }) {
			words, free = append(words, daysText(w)), append(free, w)
		}
	}
	switch {
	case len(free) == 0:
	case d.p.Waiver == waivesAbout:
		s.add("late on waived days", strings.Join(words, ", "), "they cost damages, as waiver says")
	case d.p.Waiver == waivesDue:
		d.free = free
		s.add("waived days cost no damages", strings.Join(words, ", "), "as waiver says")
	default:
		s.ask("waiver", sprintf("The clause is waived on days on which the delivery was late (%s). Do they cost damages?", strings.Join(words, ", ")),
			pact.Outcome{Reading: "no: the waiver lets go of the damages of its days", Set: member("waiver", waivesDue)},
			pact.Outcome{Reading: "yes: the waiver is of what its days are about, and the line was promised before", Set: member("waiver", waivesAbout)})
		return false
	}
	return true
}

// ofLine tells whether the rule gives one sum for the whole line, whatever its parts.
func (r DamagesParams) ofLine() bool {
	return r.Percent == nil && !r.PerUnit || r.Percent != nil && r.Base == "line"
}

// steps counts the steps of a rule in a number of days.
func (r DamagesParams) steps(days *big.Rat, count string) *big.Rat {
	per := int64(1)
	if r.Step == "week" {
		per = 7
	}
	return new(big.Rat).SetInt(wholeSteps(quo(days, big.NewRat(per, 1)), count != "full"))
}

// damages adds up what is owed for what is late, batch by batch or for the line as a whole, then caps it.
func (d *deliveryLine) damages(late []batch) {
	r, s := d.p.Damages, d.s
	if n := len(late); r.ofLine() && n > 1 {
		s.add("damages of the line as a whole", counts(n, "part")+" late", "counted once, until the last of them")
		late = wholeLine(late) // the line is late until the last of it came
	}
	cur := d.currency(r)
	if cur == "" {
		s.waits("needs_price", "damages", "the value of the line is not known")
		return
	}
	if d.mixed(r, "damages", cur) {
		return
	}
	if !d.waivedDays(late) {
		return
	}
	needsCount := r.Count == "" && slices.ContainsFunc(late, func(b batch) bool { return r.steps(d.daysLate(b), "started").Cmp(r.steps(d.daysLate(b), "full")) != 0 })
	if needsCount {
		started, full := money.FromRatio(d.sumOf(r, late, "started", false), cur), money.FromRatio(d.sumOf(r, late, "full", false), cur)
		s.ask("damage_steps", fmt.Sprintf("Do damages count each %s that has begun, or only full ones?", cmp.Or(r.Step, "day")),
			pact.Outcome{Reading: "started", Amount: &started, Set: `"damages": {"count": "started"}`}, pact.Outcome{Reading: "full", Amount: &full, Set: `"damages": {"count": "full"}`})
		return
	}
	exact := d.sumOf(r, late, r.Count, true)
	sum := s.sum("liquidated damages", exact, cur, "")
	s.owe(sum)
	s.add("rounding, half up, once", exactText(exact, cur), sum.String())
}

func (d *deliveryLine) currency(r *DamagesParams) string {
	switch {
	case r.Amount != nil:
		return r.Amount.Currency
	case d.line.Price != nil:
		return d.line.Price.Currency
	}
	return ""
}

// mixed asks where a cap is in another currency than what it caps.
func (d *deliveryLine) mixed(r *DamagesParams, name, cur string) bool {
	other := ""
	if r.CapAmount != nil && r.CapAmount.Currency != cur {
		other = r.CapAmount.Currency
	}
	if r.CapPercent != nil && d.line.Price != nil && d.line.Price.Currency != cur {
		other = d.line.Price.Currency
	}
	if other == "" {
		return false
	}
	d.s.ask(name, fmt.Sprintf("The cap of the %s is in %s, and they are in %s. What is the cap in %s?", name, other, cur, cur))
	return true
}

func (d *deliveryLine) sumOf(r *DamagesParams, parts []batch, count string, say bool) *big.Rat {
	return d.add(r, parts, count, say, "damages", d.daysLate)
}

// add sums a rule over parts, each by its own days, and caps the sum.
func (d *deliveryLine) add(r *DamagesParams, parts []batch, count string, say bool, name string, daysOf func(batch) *big.Rat) *big.Rat {
	cur := d.currency(r)
	add := func(rule, inputs, result string, ids ...pact.EventID) {
		if say {
			d.s.add(rule, inputs, result, ids...)
		}
	}
	value := new(big.Rat)
	if d.line.Price != nil {
		value = mul(d.line.Quantity.Rat(), d.line.Price.Ratio())
		if r.Percent != nil || r.CapPercent != nil {
			add("value of the line", fmt.Sprintf("%s × %s", d.line.Quantity, d.line.Price), exactText(value, cur), d.source()...)
		}
	}
	sum := new(big.Rat)
	for _, b := range parts {
		days := daysOf(b)
		n := r.steps(days, count)
		steps := ratCounts(n, cmp.Or(r.Step, "day"))
		when := "not delivered, until " + string(d.s.today)
		if b.on != "" {
			when = "delivered on " + string(b.on)
		}
		if b.since != "" {
			when = "sent back on " + string(b.since) + ", " + when
		}
		var part *big.Rat
		var words string
		switch {
		case r.Percent != nil:
			base := value
			if r.Base != "line" && d.line.Price != nil {
				base = mul(b.quantity, d.line.Price.Ratio())
			}
			part = mul(percentOf(base, *r.Percent), n)
			words = fmt.Sprintf("%s × %s %% × %s", exactText(base, cur), r.Percent, steps)
		case r.PerUnit:
			part = mul(mul(b.quantity, r.Amount.Ratio()), n)
			words = fmt.Sprintf("%s × %s × %s", ratCounts(b.quantity, "unit"), r.Amount, steps)
		default:
			part = mul(r.Amount.Ratio(), n)
			words = fmt.Sprintf("%s × %s", r.Amount, steps)
		}
		add(name, fmt.Sprintf("%s %s, %s: %s", exactNumber(b.quantity, 0), when, ratCounts(days, "day"), words), exactText(part, cur), b.id)
		sum = plus(sum, part)
	}
	if c := r.CapPercent; c != nil && value.Sign() > 0 {
		if limit := percentOf(value, *c); limit.Cmp(sum) < 0 {
			sum = limit
			add("cap of the "+name, fmt.Sprintf("%s %% of the line, %s", c, exactText(value, cur)), "cut to "+exactText(sum, cur))
		}
	}
	if c := r.CapAmount; c != nil && c.Ratio().Cmp(sum) < 0 {
		sum = c.Ratio()
		add("cap of the "+name, c.String(), "cut to "+exactText(sum, cur))
	}
	return sum
}
