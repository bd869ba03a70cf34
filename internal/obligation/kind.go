// Package obligation judges obligations: what a kind needs, when it falls due, how it is judged, what money follows.
//
// It owns the kinds (one file each), their parameter structs with strict decoding, and the computation of an assessment
// from parameters, events and an instant, with a trace a person can follow. It does not own which events belong to a
// contract, what is done about a breach, or when to look again: monitor and respond do. Invariants: pure (no clock, no
// I/O); the same input gives the same output byte for byte, whatever the order of the events; elapsed time, percentages
// and money are exact and compared before any rounding.
package obligation

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// Kind is one kind of obligation.
type Kind interface {
	Name() string
	// Params gives an empty parameter struct, for schemas and forms.
	Params() any
	// Check tells what is missing or unclear, in words a reviewer can act on. None = it can be assessed.
	Check(o pact.Obligation) []pact.Ambiguity
	// Occurrences lists what falls due within a period by the calendar. Kinds that are opened by events list none; see Opener.
	Occurrences(o pact.Obligation, p calendar.Period) []pact.Occurrence
	// Assess judges one occurrence as of in.At. It fails with fault.Invalid where the parameters can not be used and with
	// fault.Unsupported where the clause means something this build can not compute; never with a guess.
	Assess(in Input) (pact.Assessment, error)
}

// Opener is a kind whose occurrences are opened by events: a ticket's clock.
type Opener interface {
	// Opened lists the occurrences the events open under the obligation, ordered by key.
	Opened(o pact.Obligation, events []pact.Event) []pact.Occurrence
}

// Input is everything an assessment depends on.
type Input struct {
	Obligation pact.Obligation
	// Timeline knows the versions of the obligation and its siblings (other priorities); which one applies is decided by
	// the date of the ticket or the month. Empty: Obligation alone applies.
	Timeline   effective.Timeline
	Occurrence pact.Occurrence
	// Events of the subject in any order, with repeats and corrections; others are left aside.
	Events []pact.Event
	// Log has the events instead, put in order for many judgements; kinds that follow tickets are given Events. nil: Events are put in
	// order for this one.
	Log       *Log
	Calendars calendar.Set
	Charges   []pact.Charge
	At        time.Time
	// Compiled keeps what assessments with the same Calendars made of parameters. nil: they are read each time.
	Compiled *Compiled

	decided []string               // the questions for which a reading was taken
	noFee   func(item string) bool // the charges that are no part of the fees a credit is of; nil: all are
	unsaid  unsaid                 // how notices are read that do not say what they are about
	midway  midway                 // the periods within which the terms change, and which terms govern them
}

// registered is a kind in this build, and everything the product does with it beside judging it.
type registered struct {
	kind Kind
	// read: documents are read for it.
	read bool
	// ahead is how many months before they fall due its occurrences are shown.
	ahead int
	feed  Feed
	words words
}

// table is the one list of kinds. A new kind is a file and a line here.
var table = sync.OnceValue(func() []registered {
	tickets, spend, measured := ticketEvents(), spendEvents(), measuredEvents()
	return []registered{
		{kind: ResponseTime{}, read: true, feed: Feed{By: ByTicket, Timers: true, Events: tickets}, words: clockWords{}},
		{kind: ResolutionTime{}, read: true, feed: Feed{By: ByTicket, Timers: true, Events: tickets}, words: clockWords{}},
		{kind: Availability{}, read: true, feed: Feed{By: ByPeriod, Timers: true, Wide: []string{"rate"}, Events: []string{"outage", "sample", "charge", "rate"}}, words: monthWords{}},
		{kind: RenewalNotice{}, read: true, ahead: 24, feed: Feed{By: ByContract, Timers: true, Early: 24, Events: []string{"notice_sent", "notice_received", RenewalDecided}}, words: renewalWords{}},
		{kind: ServiceLevel{}, feed: Feed{By: ByPeriod, Timers: true, Wide: []string{"rate"}, Events: append(slices.Clone(measured), "survey", "rate")}, words: levelWords{}},
		{kind: InvoicePayment{}, feed: Feed{
			By: ByMatter, Timers: true, Wide: []string{"rate", "milestone", "trigger", "accepted"},
			Events: []string{"invoice", "invoice_received", "invoice_returned", "delivery", "accepted", "payment", "credit_note", "rate", "milestone", "trigger"},
		}, words: paymentWords{}},
		{kind: UnitPrice{}, feed: Feed{
			By: ByMatter, Wide: []string{"rate", "index_value", "notice_sent", "notice_received"},
			Events: []string{"invoice", "purchase_order", "credit_note", "rate", "index_value", "notice_sent", "notice_received"},
		}, words: priceWords{}},
		{kind: VolumePrice{}, feed: Feed{By: ByPeriod, Timers: true, Wide: []string{"rate", "credit_note"}, Events: spend}, words: plainWords{}},
		{kind: Rebate{}, feed: Feed{By: ByPeriod, Timers: true, Wide: []string{"rate", "credit_note", "default", "cured"}, Events: append(slices.Clone(spend), "default", "cured")}, words: rebateWords{}},
		{kind: MinimumCommitment{}, feed: Feed{By: ByPeriod, Timers: true, Wide: []string{"rate", "credit_note"}, Events: spend}, words: commitmentWords{}},
		{kind: SpendCeiling{}, feed: Feed{By: ByPeriod, Wide: []string{"rate", "credit_note"}, Events: spend}, words: ceilingWords{}},
		{kind: PriceEscalator{}, ahead: 12, feed: Feed{By: ByContract, Timers: true, Early: 12, Events: []string{"index_value", "notice_sent", "notice_received"}}, words: newPriceWords{}},
		{kind: DeliverySchedule{}, ahead: 3, feed: Feed{By: ByMatter, Timers: true, Early: 3, Wide: []string{"delay_excused"}, Events: []string{"purchase_order", "delivery", "delay_excused"}}, words: deliveryWords{}},
		{kind: RecurringDuty{}, feed: Feed{By: ByPeriod, Timers: true, Early: 1, Events: []string{"done", "submitted", "decision"}}, words: dutyWords{}},
		{kind: ConditionalDuty{}, feed: Feed{
			By: ByMatter, Timers: true,
			Events: []string{"trigger", "breach", "default", "delivery", "accepted", "rejected", "milestone", "notice_sent", "notice_received", "certificate_cancelled", "done", "cured", "decision"},
		}, words: dutyWords{}},
		{kind: Milestone{}, feed: Feed{By: ByContract, Timers: true, Events: []string{"milestone", "submitted", "accepted", "rejected", "done", "decision", "invoice", "credit_note"}}, words: milestoneWords{}},
		{kind: Certificate{}, feed: Feed{By: ByContract, Timers: true, Events: []string{"certificate", "certificate_cancelled"}}, words: certificateWords{}},
		{kind: RevenueSchedule{}, feed: Feed{By: ByContract, Timers: true, Events: []string{"milestone", "accepted", "done", "progress", "modification"}}, words: plainWords{}},
		{kind: CreditPool{}, feed: Feed{By: ByPeriod, Timers: true, Wide: []string{"rate"}, Events: slices.Concat(measured, []string{"survey", "outage", "rate"})}, words: levelWords{}},
	}
})

// Read lists the kinds that documents are read for.
func Read() []Kind {
	var out []Kind
	for _, r := range table() {
		if r.read {
			out = append(out, r.kind)
		}
	}
	return out
}

// All lists every kind that is judged.
func All() []Kind {
	var out []Kind
	for _, r := range table() {
		out = append(out, r.kind)
	}
	return out
}

// Ahead is how many months before they fall due the occurrences of a kind are worth showing.
func Ahead(name string) int {
	for _, r := range table() {
		if r.kind.Name() == name {
			return r.ahead
		}
	}
	return 0
}

// KindOf finds a kind by name.
func KindOf(name string) (Kind, error) {
	for _, r := range table() {
		if r.kind.Name() == name {
			return r.kind, nil
		}
	}
	return nil, fault.New(fault.Unsupported, "Obligations of the kind %.60q can not be judged by this build.", name)
}

// Assess judges an occurrence by the kind of its obligation. Where the clause leaves a parameter open that has a few readings, it is judged
// under each of them, and the question names what each comes to. So it is where the terms change within the period that is judged.
func Assess(in Input) (pact.Assessment, error) {
	k, err := KindOf(in.Obligation.Kind)
	if err != nil {
		return pact.Assessment{}, err
	}
	a, err := in.assess(k)
	if err == nil && in.hangsOnEnd(a) {
		return in.perEnd(a)
	}
	return in.notedEnd(gathered(a)), err
}

// Check tells what is missing or unclear in an obligation. An unknown kind has nothing to check: it is kept in the
// register and not judged.
func Check(o pact.Obligation) []pact.Ambiguity {
	k, err := KindOf(o.Kind)
	if err != nil {
		return nil
	}
	return k.Check(o)
}

// inForce finds the version of the obligation that applies on a date, with the trace of the choice. ok is false where
// none does, also where the document that governs has under the same key what is judged by another kind; unclear says so where documents
// conflict.
func (in Input) inForce(on calendar.Date) (version pact.Obligation, ok bool, trace []pact.TraceStep, unclear []pact.Ambiguity) {
	r := in.Timeline.Obligation(in.Obligation.Key, on)
	if w := r.Winner; w != nil {
		if w.Obligation.Kind == in.Obligation.Kind {
			return *w.Obligation, true, r.Trace, nil
		}
		return in.Obligation, false, append(r.Trace, pact.TraceStep{
			Rule: "another kind of obligation", Inputs: cmp.Or(w.Source.Title, "the document that governs"), Result: "it is judged as " + sayKind(w.Obligation.Kind) + " from then on, and no longer as " + sayKind(in.Obligation.Kind),
		}), nil
	}
	if len(r.Losers) > 0 || len(r.Ambiguities) > 0 {
		return in.Obligation, false, r.Trace, r.Ambiguities
	}
	return in.Obligation, in.Obligation.InForce.Contains(on), nil, nil // no timeline: the obligation stands alone
}

func sayKind(name string) string { return strings.ReplaceAll(name, "_", " ") }

// governed are the runs of dates on which an obligation, in whatever version, is judged by the kind of this one; and those on which nobody
// knows which document governs. A run on which another kind took its place is none of them.
func governed(t effective.Timeline, o pact.Obligation) []effective.Segment {
	return slices.DeleteFunc(t.Segments(o.Key), func(s effective.Segment) bool {
		return s.Resolution.Winner != nil && s.Resolution.Winner.Obligation.Kind != o.Kind
	})
}
