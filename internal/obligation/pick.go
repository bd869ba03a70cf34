package obligation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// Picker is a kind that looks only at some of the events of its feed: at those that name what its parameters name. Without it a kind
// looks at all of them. It uses the comparisons of the judgement itself, and that no event it passes over changes a judgement is
// tested over every scenario of package backtest.
type Picker interface {
	Picks(o pact.Obligation, e pact.Event) Pick
}

// Pick tells whether an obligation looks at an event, and if not, why.
type Pick struct {
	// Mine: it is about the obligation, which does not use it all the same, because of Why.
	Mine  bool
	Taken bool
	// Of: it is taken only where it refers to an event of this kind that is taken itself; "" is any.
	Of string
	// What the event would have to name ("service", "milestone"), what it names, and the names that are looked for.
	What, Said string
	Words      []string
	// Why it is passed over, where that is no matter of names.
	Why string
	// Wrong is the member of an event that is about the obligation and says what can not be, because of Why: "data.value".
	Wrong string
}

// Picks asks the kind of an obligation whether it looks at an event. An obligation whose feed does not have the kind of event takes
// nothing and says nothing.
func Picks(o pact.Obligation, e pact.Event) Pick {
	k, err := KindOf(o.Kind)
	if err != nil || !slices.Contains(FeedOf(o.Kind).Events, e.Kind) {
		return Pick{}
	}
	if p, ok := k.(Picker); ok {
		return p.Picks(o, e)
	}
	return Pick{Taken: true}
}

// Names are the matters an event is about: its subject, and the orders and invoices it refers to.
func Names(e pact.Event) []string { return names(e) }

// DatesOf are the dates an event may count on, a day wider on each side for zones.
func DatesOf(e pact.Event) calendar.Period { return datesOf(e) }

// Impossible tells whether an event lies so far away that no calendar reaches it; it never counts.
func Impossible(e *pact.Event) bool {
	return e.OccurredAt.Before(calendar.Earliest()) || e.OccurredAt.After(calendar.Latest()) || e.Data.Date != "" && (e.Data.Date < "1900-01-01" || e.Data.Date > "2180-12-31")
}

func taken() Pick { return Pick{Taken: true} }

// named picks an event that names one of some words; no words take everything.
func named(what string, words []string, said ...string) Pick {
	first := ""
	for _, s := range said {
		if has(words, s) {
			return taken()
		}
		first = cmp.Or(first, strings.TrimSpace(s))
	}
	return Pick{Taken: len(words) == 0, What: what, Said: first, Words: words}
}

// ofService picks what is of a service. A charge needs its name, everything else may leave it out.
func ofService(e pact.Event, service string) Pick {
	p := Pick{What: "service", Said: cmp.Or(e.Data.Service, e.Subject), Words: []string{service}}
	if e.Kind == "charge" {
		p.Said, p.Taken = e.Data.Service, sameWord(service, AnyService) || sameWord(e.Data.Service, service)
		return p
	}
	p.Taken = service == "" || sameService(e, service)
	return p
}

// Picks takes what names the service, and of outages and readings those the definition measures.
func (Availability) Picks(o pact.Obligation, e pact.Event) Pick {
	var p AvailabilityParams
	if decode(o.Params, &p) != nil {
		return taken()
	}
	if e.Kind == "rate" {
		return oneCurrencyAlone()
	}
	byMinutes := p.Definition == "" || p.Definition == "minutes"
	if e.Kind == "sample" && byMinutes {
		return Pick{Why: "measures by minutes of outage, and not by readings"}
	}
	if e.Kind == "outage" && !byMinutes && e.Data.Excluded == "" {
		return Pick{Why: "measures by readings (" + strings.ReplaceAll(p.Definition, "_", " ") + "), and not by outages"}
	}
	return ofService(e, p.Service)
}

// oneCurrencyAlone refuses a rate that no judgement used.
func oneCurrencyAlone() Pick {
	return Pick{Why: "needed no exchange rate of that day"}
}

// Picks takes the events that its measure counts.
func (ServiceLevel) Picks(o pact.Obligation, e pact.Event) Pick {
	var p ServiceLevelParams
	if decode(o.Params, &p) != nil {
		return taken()
	}
	switch e.Kind {
	case "charge":
		return ofService(e, cmp.Or(p.Service, AnyService))
	case "rate":
		return oneCurrencyAlone()
	}
	kinds := map[string][]string{
		"within_target": ticketEvents(), "first_contact": ticketEvents(), "satisfaction": {"survey"}, "satisfied_share": {"survey"}, "reported": {"measurement"},
		"error_rate": {"sample", "measurement"}, "ratio": {"sample", "measurement"},
	}[p.Measure]
	switch {
	case len(kinds) > 0 && !slices.Contains(kinds, e.Kind):
		return Pick{Why: "measures " + strings.ReplaceAll(p.Measure, "_", " ") + ", which does not count such events"}
	case strings.HasPrefix(e.Kind, "ticket_") && !serves(p.Service, e.Data.Service):
		return Pick{What: "service", Said: e.Data.Service, Words: []string{p.Service}}
	case strings.HasPrefix(e.Kind, "ticket_"):
		return taken()
	}
	of := ofService(e, p.Service)
	if of.Taken && !sameItem(e, p.Item) {
		return Pick{What: "item", Said: e.Data.Item, Words: []string{p.Item}}
	}
	if why := p.impossible(e.Data.Value); why != "" && of.Taken {
		return Pick{Why: why, Mine: true, Wrong: "data.value"}
	}
	if why := p.cycle().lacks(e.Data.Month, o.InForce); why != "" && of.Taken {
		return Pick{Why: why, Mine: true}
	}
	return of
}

// Picks takes reports that name a level of the pool. Levels that are obligations of the contract are judged by these.
func (CreditPool) Picks(o pact.Obligation, e pact.Event) Pick {
	var p CreditPoolParams
	if decode(o.Params, &p) != nil {
		return taken()
	}
	switch e.Kind {
	case "charge":
		return ofService(e, cmp.Or(p.Service, AnyService))
	case "rate":
		return oneCurrencyAlone()
	case "measurement":
		var words []string
		for _, l := range p.Levels {
			words = append(words, l.Level)
		}
		if why := p.cycle().lacks(e.Data.Month, o.InForce); why != "" && slices.ContainsFunc(words, func(w string) bool { return sameWord(w, e.Data.Item) }) {
			return Pick{Why: why, Mine: true}
		}
		return named("level of the pool", words, e.Data.Item)
	}
	return Pick{Why: "adds up its levels, which are judged by themselves or reported as measurements"}
}

// Picks takes invoices with an item that has a price, and orders where their prices count.
func (UnitPrice) Picks(o pact.Obligation, e pact.Event) Pick {
	var p UnitPriceParams
	if decode(o.Params, &p) != nil {
		return taken()
	}
	switch e.Kind {
	case "index_value", "notice_sent", "notice_received":
		if !slices.ContainsFunc(p.Prices, PriceRow.follows) {
			return Pick{Why: "has prices that follow no index (follows)"}
		}
		return taken()
	}
	if e.Kind != "invoice" || p.Against == "order" {
		return taken()
	}
	var words, said []string
	for _, r := range p.Prices {
		words = append(words, r.Item)
	}
	for _, l := range linesOf(e) {
		said = append(said, l.Item)
	}
	return named("item", words, said...)
}

// Picks takes invoices that the terms may be for, deliveries where the terms may count from one, and of rates those of currencies and those by
// which late interest is computed.
func (InvoicePayment) Picks(o pact.Obligation, e pact.Event) Pick {
	var p InvoicePaymentParams
	switch {
	case decode(o.Params, &p) != nil:
		return taken()
	case e.Kind == "rate" && !strings.Contains(e.Data.Item, "/"):
		names := p.Late.rates()
		if len(names) == 0 {
			return Pick{Why: "needs no rate but those of two currencies (data.item EUR/USD)"}
		}
		return named("rate", names, e.Data.Item)
	case e.Kind == "invoice":
		return p.Eligible.picks(subjectOf(e))
	case e.Kind == "delivery" && !p.fromDelivery():
		return Pick{Why: "counts from no delivery (start)"}
	}
	return taken()
}

// picks takes what the clause may be about.
func (sc *Scope) picks(x subject) Pick {
	if sc.fit(x) != fitsNot {
		return taken()
	}
	if len(sc.Services) > 0 && x.service != "" && !has(sc.Services, x.service) {
		return Pick{What: "service", Said: x.service, Words: sc.Services}
	}
	if len(sc.Items) == 0 {
		return Pick{Why: "leaves this item out (exclude)"}
	}
	return named("item", sc.Items, x.items...)
}

// picks takes purchases of which at least one line counts.
func (el Eligible) picks(e pact.Event, in measure, alsoPaid bool) Pick {
	switch e.Kind {
	case "invoice", "purchase", "usage", "credit_note":
	case "payment":
		if el.PaidWithinDays > 0 || alsoPaid {
			return taken()
		}
		return Pick{Why: "counts what is bought, whenever it is paid"}
	default:
		return taken()
	}
	if len(el.Services) > 0 {
		if p := named("service", el.Services, e.Data.Service); !p.Taken {
			return p
		}
	}
	if why := in.lacking(e); why != "" {
		return Pick{Mine: true, Why: "counts " + map[bool]string{true: "units", false: "money"}[in.units] + ", and it " + why}
	}
	items := []string{e.Data.Item}
	if e.Kind == "credit_note" && e.Data.Item == "" && len(e.Data.Lines) == 0 && (e.Subject != "" || e.Data.Reference != "") {
		return taken() // its item is that of the invoice it names
	}
	if len(e.Data.Lines) > 0 {
		items = nil
		for _, l := range e.Data.Lines {
			items = append(items, l.Item)
		}
	}
	if !slices.ContainsFunc(items, func(i string) bool { return !has(el.Exclude, i) }) {
		return Pick{Why: "leaves this item out (exclude)"}
	}
	return named("item", el.Items, items...)
}

// Picks takes purchases that count.
func (VolumePrice) Picks(o pact.Obligation, e pact.Event) Pick { return pickTiered(o, e, false) }

// Picks takes purchases that count, and payments of the rebate.
func (Rebate) Picks(o pact.Obligation, e pact.Event) Pick { return pickTiered(o, e, true) }

func pickTiered(o pact.Obligation, e pact.Event, alsoPaid bool) Pick {
	var p TieredParams
	if decode(o.Params, &p) != nil {
		return taken()
	}
	if why := p.cycle().lacks(e.Data.Month, o.InForce); why != "" && e.Kind == "payment" && alsoPaid && p.Eligible.PaidWithinDays == 0 {
		return Pick{Why: why, Mine: true}
	}
	return p.Eligible.picks(e, measure{units: !p.byAmount()}, alsoPaid)
}

// Picks takes purchases that count.
func (MinimumCommitment) Picks(o pact.Obligation, e pact.Event) Pick {
	var p CommitmentParams
	if decode(o.Params, &p) != nil {
		return taken()
	}
	return p.Eligible.picks(e, measure{units: p.Quantity != nil}, false)
}

// Picks takes purchases that count.
func (SpendCeiling) Picks(o pact.Obligation, e pact.Event) Pick {
	var p CeilingParams
	if decode(o.Params, &p) != nil {
		return taken()
	}
	return p.Eligible.picks(e, measure{}, false)
}

// Picks takes values of the index that the price follows, and notice of its adjustments.
func (k PriceEscalator) Picks(o pact.Obligation, e pact.Event) Pick {
	var p EscalatorParams
	switch {
	case decode(o.Params, &p) != nil:
		return taken()
	case e.Kind == "index_value":
		of := taken()
		if e.Data.Item != "" {
			of = named("index", p.series(), e.Data.Item)
		}
		if of.Taken && e.Data.Value != nil && !e.Data.Value.IsPositive() {
			return Pick{Why: "needs a value of the index above zero", Mine: true, Wrong: "data.value"}
		}
		return of
	case p.NoticeDays == 0:
		return Pick{Why: "needs no notice of its adjustments"}
	}
	if about := matterOf(e.Data.Item); (about == aboutRenewal || about == aboutOther) && !sameWord(e.Data.Item, o.Key) && !sameWord(e.Data.Item, o.Title) {
		return Pick{Why: fmt.Sprintf("is about a price, and the notice about %q", short(e.Data.Item))}
	}
	return noticeOf("adjustment", k.Occurrences(o, calendar.Period{Until: farAhead(e)}), e, e.Subject, e.Data.Reference)
}

// Picks takes notice of one of the renewals, or of the end of a contract that runs until ended by notice; one without a subject may be of
// any of them.
func (k RenewalNotice) Picks(o pact.Obligation, e pact.Event) Pick {
	if e.Kind == RenewalDecided && WithoutNotice(o) == "" {
		return Pick{Mine: true, Why: "runs until ended by notice: there is no renewal to decide"}
	}
	if about := matterOf(e.Data.Item); e.Kind != RenewalDecided && (about == aboutPrice || about == aboutOther) && !sameWord(e.Data.Item, o.Key) && !sameWord(e.Data.Item, o.Title) {
		return Pick{Why: fmt.Sprintf("is about the renewal, and the notice about %q", short(e.Data.Item))}
	}
	if e.Kind != RenewalDecided && (e.Subject == "" || e.Subject == string(o.ContractID)) {
		return taken()
	}
	pick := noticeOf("renewal", k.Occurrences(o, calendar.Period{Until: farAhead(e)}), e, e.Subject)
	var p RenewalParams
	if decode(o.Params, &p) != nil || pick.Taken || p.Holdover == nil {
		return pick
	}
	if day, err := calendar.ParseDate(e.Subject); err == nil && p.heldOver(day) {
		return Pick{Mine: true, Why: "goes on from month to month by then, and the notice that ends it is not judged"}
	}
	return pick
}

// farAhead is a day behind everything that an event can give notice of: ten years after it, or after the day it names.
func farAhead(e pact.Event) calendar.Date {
	day := calendar.DateIn(calendar.Clamp(e.OccurredAt), time.UTC)
	if named, err := calendar.ParseDate(e.Subject); err == nil {
		day = max(day, named)
	}
	return min(day, "2160-12-31").AddMonths(120)
}

// noticeOf picks notice whose subject is the key of an occurrence. Of those it may have meant, the ones around its day are named.
func noticeOf(what string, list []pact.Occurrence, e pact.Event, said ...string) Pick {
	if len(list) == 0 {
		return taken()
	}
	day := calendar.DateIn(calendar.Clamp(e.OccurredAt), time.UTC).AddMonths(-1)
	var words []string
	for i := range list {
		if key := list[i].Key; slices.Contains(said, key) {
			return taken()
		} else if later := len(list)-i <= shownNotices || key >= string(day); later && len(words) < shownNotices {
			words = append(words, key)
		}
	}
	return Pick{What: what, Said: strings.TrimSpace(cmp.Or(said...)), Words: words}
}

// shownNotices bounds the days that notice may have meant.
const shownNotices = 3

// Picks takes deliveries of a line of the schedule; those of orders belong to their orders.
func (DeliverySchedule) Picks(o pact.Obligation, e pact.Event) Pick {
	var p DeliveryParams
	if decode(o.Params, &p) == nil && p.FromOrders && e.Kind == "purchase_order" && len(p.Lines) == 0 {
		return p.Eligible.picks(subjectOf(e))
	}
	if decode(o.Params, &p) != nil || p.FromOrders {
		return taken()
	}
	switch {
	case e.Kind == "purchase_order":
		return Pick{Why: "follows its own schedule, and no orders"}
	case e.Kind == "delay_excused" && (e.Subject == "" || e.Subject == o.Key):
		return taken()
	}
	var words []string
	for _, l := range p.Lines {
		words = append(words, l.Line)
		d := deliveryLine{line: l}
		if d.mine(e) {
			return taken()
		}
	}
	if e.Data.Line == "" && e.Data.Item != "" {
		for _, l := range p.Lines {
			words = append(words, l.Item)
		}
		return Pick{What: "line or item of the schedule", Said: e.Data.Item, Words: slices.DeleteFunc(words, func(w string) bool { return w == "" })}
	}
	return Pick{What: "line of the schedule", Said: cmp.Or(e.Data.Line, e.Subject, e.Data.Item), Words: words}
}

// Picks takes what names the duty, or names nothing.
func (RecurringDuty) Picks(o pact.Obligation, e pact.Event) Pick {
	var p RecurringParams
	if decode(o.Params, &p) != nil {
		return taken()
	}
	key := "" // of the occurrence, where the event is about a period
	if _, err := p.cycle().of(e.Subject, o.InForce); err == nil {
		key = e.Subject
	}
	if p.does(e, o.Key, key) {
		name := e.Data.Month
		if e.Kind == "decision" {
			if name = e.Data.Reference; name == "" {
				return Pick{Why: "needs to know of which period it was said (data.reference)", Mine: true}
			}
		}
		if why := p.cycle().lacks(name, o.InForce); why != "" && key == "" {
			return Pick{Why: why, Mine: true}
		}
		return taken()
	}
	return Pick{What: "duty", Said: cmp.Or(e.Data.Item, e.Subject), Words: []string{cmp.Or(p.Item, o.Key)}}
}

// Picks takes what starts the duty; what else is about it belongs to what started it.
func (ConditionalDuty) Picks(o pact.Obligation, e pact.Event) Pick {
	var p ConditionalParams
	if decode(o.Params, &p) == nil && p.Item != "" && slices.Contains(conditionalDone(), e.Kind) && e.Data.Reference != o.Key && !sameWord(e.Data.Item, p.Trigger) {
		words := []string{p.Item}
		return Pick{Taken: e.Data.Item == "" || has(words, e.Data.Item), What: "duty", Said: e.Data.Item, Words: words}
	}
	if decode(o.Params, &p) != nil || e.Kind != "trigger" || p.startedBy(e, o.Key) || p.Trigger == "" {
		return taken()
	}
	if StatedTrigger(e) {
		return Pick{Why: "is started by what was said about it, and not about another duty"}
	}
	return named("trigger", []string{p.Trigger}, e.Data.Item)
}

// Picks takes what names a milestone.
func (Milestone) Picks(o pact.Obligation, e pact.Event) Pick {
	var p MilestoneParams
	if decode(o.Params, &p) != nil {
		return taken()
	}
	var words []string
	for _, m := range p.Milestones {
		words = append(words, p.named(o, p.keyOf(o, m))...)
	}
	if e.Kind == "invoice" || e.Kind == "credit_note" {
		if !chargedFor(e, words).mine {
			p := Pick{What: "milestone", Said: cmp.Or(e.Data.Item, e.Data.Reference, e.Subject), Words: words}
			if e.Kind == "credit_note" { // it may be of an invoice that names one
				p.Taken, p.Of = true, "invoice"
			}
			return p
		}
		return taken()
	}
	return named("milestone", words, e.Data.Item, e.Subject)
}

// certificateKind is what a certificate names.
const certificateKind = "kind of certificate"

// Picks takes certificates of the kinds that are required, and umbrellas that may add to them.
func (Certificate) Picks(o pact.Obligation, e pact.Event) Pick {
	var p CertificateParams
	if decode(o.Params, &p) != nil || e.Data.Certificate == nil {
		return taken()
	}
	var words []string
	for _, r := range p.Required {
		words = append(words, r.Kind)
		if r.UmbrellaTopsUp && sameWord("umbrella", e.Data.Certificate.Kind) {
			return taken()
		}
	}
	return named(certificateKind, words, e.Data.Certificate.Kind)
}

// Picks takes what names a promise of the schedule. A modification that names none is looked at, as a contract of its own.
func (RevenueSchedule) Picks(o pact.Obligation, e pact.Event) Pick {
	var p RevenueParams
	if decode(o.Params, &p) != nil || e.Kind == "modification" {
		return taken()
	}
	var words []string
	for _, one := range p.Performance {
		words = append(words, one.Name)
	}
	return named("performance obligation", words, e.Data.Item, e.Subject)
}

// pickClock takes tickets that had the priority; the priority may change, so only one that never had it is passed over.
func pickClock(o pact.Obligation, e pact.Event, response bool) Pick {
	var p ClockParams
	if noneOfClock(&e, response) {
		return Pick{Mine: true, Why: "runs from the opening until the " + map[bool]string{true: "response", false: "resolution"}[response] + ", and is not judged from events of the kind " + e.Kind}
	}
	if decode(o.Params, &p) == nil && !serves(p.Service, e.Data.Service) {
		return Pick{What: "service", Said: e.Data.Service, Words: []string{p.Service}}
	}
	if decode(o.Params, &p) != nil || p.Priority == "" || e.Data.Priority == "" || samePriority(p.Priority, e.Data.Priority) {
		return taken()
	}
	return Pick{What: "priority", Said: e.Data.Priority, Words: []string{p.Priority}}
}

// Picks takes tickets of its priority.
func (ResponseTime) Picks(o pact.Obligation, e pact.Event) Pick { return pickClock(o, e, true) }

// Picks takes tickets of its priority.
func (ResolutionTime) Picks(o pact.Obligation, e pact.Event) Pick { return pickClock(o, e, false) }
