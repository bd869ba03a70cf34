package obligation

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// Renewal is one renewal with its days.
type Renewal struct {
	Number      int              // 1 is the first renewal
	RenewalDate calendar.Date    // first day of the next term
	LastDay     calendar.Date    // last day of the term before
	NextLastDay calendar.Date    // last day of the renewed term; "" where it neither renews by itself nor by an option
	Notice      *calendar.Notice // nil where no notice period is known
	Anchor      calendar.Date
	Alerts      []Alert // in order of time
	TooLate     []Alert // that would come after the last day to send notice
}

// Alert is a reminder some days ahead of the send-by day, or of the renewal itself.
type Alert struct {
	Ahead     int
	OfRenewal bool
	On        calendar.Date
}

// threshold names an alert in an assessment: "90", or "90 before renewal".
func (a Alert) threshold() string {
	if a.OfRenewal {
		return strconv.Itoa(a.Ahead) + beforeRenewal
	}
	return strconv.Itoa(a.Ahead)
}

const beforeRenewal = " before renewal"

// Renewals lists the renewals whose date lies in the period. set finds the business days.
func (p RenewalParams) Renewals(set calendar.Set, period calendar.Period) ([]Renewal, error) {
	if p.Evergreen {
		return nil, nil
	}
	first, err := p.firstRenewal()
	if err != nil {
		return nil, err
	}
	var out []Renewal
	for n := 1; n <= maxRenewals; n++ {
		date, ok := p.renewalDate(first, n)
		if !ok || period.Until != "" && date >= period.Until {
			break
		}
		if period.Contains(date) {
			r, err := p.renewal(set, n, date)
			if err != nil {
				return nil, err
			}
			if next, ok := p.renewalDate(first, n+1); ok && (p.renews() || p.Option) {
				r.NextLastDay = next.AddDays(-1)
			} else if (p.renews() || p.Option) && p.RenewalTerm != nil {
				r.NextLastDay = calendar.TermEnd(date, *p.RenewalTerm)
			}
			out = append(out, r)
		}
		last := !p.goesOn() || p.RenewalTerm == nil || p.MaxRenewals > 0 && n >= p.MaxRenewals
		if last || period.Until == "" && date >= period.From { // without an end of the period only the next one is meant
			break
		}
	}
	return out, nil
}

// maxRenewals bounds the renewals looked at.
const maxRenewals = 2000

func (p RenewalParams) renews() bool { return p.AutoRenewal != nil && *p.AutoRenewal }

// lapses tells whether the contract ends with its term of itself: it does not renew, and there is no notice to give.
func (p RenewalParams) lapses() bool {
	return p.AutoRenewal != nil && !*p.AutoRenewal && !p.Option && !p.Evergreen && p.Notice == nil
}

// WithoutOccurrence says why nothing can ever fall due of an obligation; "" where something may.
func WithoutOccurrence(o pact.Obligation) string {
	var p RenewalParams
	if !isRenewal(o) || decode(o.Params, &p) != nil || !p.lapses() {
		return ""
	}
	first, err := p.firstRenewal()
	if err != nil {
		return ""
	}
	return "the contract ends with its term on " + string(first.AddDays(-1)) + ", and there is no notice to give"
}

// goesOn tells whether there may be another renewal after one: by itself, or by the next option, if this one is taken up. An option without
// a number is one option.
func (p RenewalParams) goesOn() bool { return p.renews() || p.Option && p.MaxRenewals > 1 }

// firstRenewal is the first day after the current term.
func (p RenewalParams) firstRenewal() (calendar.Date, error) {
	switch {
	case p.RenewalDate != "":
		return p.RenewalDate, nil
	case p.ExpirationDate != "":
		return p.ExpirationDate.AddDays(1), nil
	case p.StartDate != "" && p.Term != nil:
		if end := calendar.TermEnd(p.StartDate, *p.Term); end != "" {
			return end.AddDays(1), nil
		}
	}
	return "", fault.New(fault.Invalid, "Neither the renewal date nor the expiration date is known.")
}

// renewalDate counts the n-th renewal. Terms in months count from the original start where it is known.
func (p RenewalParams) renewalDate(first calendar.Date, n int) (calendar.Date, bool) {
	if n == 1 {
		return first, true
	}
	if p.RenewalTerm == nil || p.RenewalTerm.Value <= 0 {
		return "", false
	}
	more, inMonths := p.RenewalTerm.Months()
	if inMonths && p.StartDate != "" && p.Term != nil {
		if months, ok := p.Term.Months(); ok && p.StartDate.AddMonths(months) == first {
			d := p.StartDate.AddMonths(months + (n-1)*more)
			return d, d != ""
		}
	}
	d, ok := calendar.Duration{Value: p.RenewalTerm.Value * (n - 1), Unit: p.RenewalTerm.Unit}.After(first)
	return d, ok && d != ""
}

func (p RenewalParams) renewal(set calendar.Set, n int, date calendar.Date) (Renewal, error) {
	r := Renewal{Number: n, RenewalDate: date, LastDay: date.AddDays(-1)}
	r.Anchor = r.LastDay
	if p.CountFrom == "renewal_date" || p.CountFrom == "" && p.ExpirationDate == "" && p.RenewalDate != "" {
		r.Anchor = r.RenewalDate
	}
	if p.Notice == nil {
		return r, nil
	}
	params := p.notice(r.Anchor)
	notice, err := set.Notice(params)
	if err != nil {
		return Renewal{}, fault.Wrap(fault.Invalid, err, "The day for the notice can not be computed: %v.", err)
	}
	r.Notice = &notice
	for _, ahead := range p.alerts() {
		on, err := set.AlertDay(params, notice.SendBy, ahead)
		if err != nil {
			return Renewal{}, fault.Wrap(fault.Invalid, err, "An alert can not be placed: %v.", err)
		}
		r.Alerts = append(r.Alerts, Alert{Ahead: ahead, On: on})
	}
	for _, ahead := range p.RenewalAlerts {
		if late := date.AddDays(-ahead); late == "" || late > notice.SendBy {
			r.TooLate = append(r.TooLate, Alert{Ahead: ahead, OfRenewal: true, On: late})
			continue
		}
		on, err := set.AlertDay(params, date, ahead)
		if err != nil {
			return Renewal{}, fault.Wrap(fault.Invalid, err, "An alert can not be placed: %v.", err)
		}
		r.Alerts = append(r.Alerts, Alert{Ahead: ahead, OfRenewal: true, On: on})
	}
	slices.SortFunc(r.Alerts, func(a, b Alert) int { return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(b.Ahead, a.Ahead)) })
	return r, nil
}

// AlertDate is the day of the reminder some days ahead of the day to send notice, on the business days of the obligation that
// watches it (domain rule: moved to the business day before). Without such an obligation they are Monday to Friday.
func AlertDate(obligations []pact.Obligation, sendBy calendar.Date, ahead int) (calendar.Date, error) {
	var params calendar.NoticeParams
	for _, o := range obligations {
		var p RenewalParams
		if o.Kind == (RenewalNotice{}).Name() && decode(o.Params, &p) == nil {
			params.Zone, params.Hours = p.Zone, p.Hours
		}
	}
	return calendar.Set{}.AlertDay(params, sendBy, ahead)
}

func (p RenewalParams) notice(anchor calendar.Date) calendar.NoticeParams {
	return calendar.NoticeParams{Anchor: anchor, Period: *p.Notice, ClearDays: p.ClearDays, Roll: p.Roll, Delivery: p.Delivery, Zone: p.Zone, Hours: p.Hours}
}

func (p RenewalParams) alerts() []int {
	if len(p.Alerts) == 0 {
		return []int{120, 90, 60}
	}
	return p.Alerts
}
