package obligation

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// Case is a judgement that somebody is told about.
type Case struct {
	Obligation pact.Obligation
	Occurrence pact.Occurrence // with its assessment
	Contract   pact.Contract
	// Closed: it ended well after all; nothing is taken back.
	Closed bool
}

// Told is a judgement in words.
type Told struct {
	Title   string
	Message string // sentences, without customer and contract
	Subject string
}

// words say what is told of a kind's judgements.
type words interface {
	tell(c Case) (title, message string)
}

// weigher is a kind whose judgements matter by another rule than at risk and breached.
type weigher interface {
	severity(o pact.Obligation, a pact.Assessment) string
}

// staker is a kind whose judgements are about another sum than the one that follows from them.
type staker interface {
	stake(a pact.Assessment) *money.Amount
}

// alerting is a kind whose thresholds are days before something, and not percentages.
type alerting interface {
	alert(threshold string) string
}

func wordsOf(kind string) words {
	for _, r := range table() {
		if r.kind.Name() == kind {
			return r.words
		}
	}
	return plainWords{}
}

// Tell says a judgement in words.
func Tell(c Case) Told {
	t := Told{Subject: cmp.Or(c.Occurrence.Subject, c.Occurrence.Key)}
	if FeedOf(c.Obligation.Kind).By == ByTicket {
		t.Subject = c.Occurrence.Key
	}
	t.Title, t.Message = wordsOf(c.Obligation.Kind).tell(c)
	return t
}

// Severity says how much a judgement matters: breach, variance (money differs from what was agreed, though nobody is in
// breach), at_risk, info (ToDo: nothing is wrong, and something is to be done); "" is not at all.
func Severity(o pact.Obligation, a pact.Assessment) string {
	if w, ok := wordsOf(o.Kind).(weigher); ok {
		return w.severity(o, a)
	}
	return byStatus(a)
}

func byStatus(a pact.Assessment) string {
	switch a.Status {
	case pact.AtRisk:
		return "at_risk"
	case pact.Breached:
		return "breach"
	}
	return ""
}

// Stake is the sum a judgement is about: the one that follows from it, or, where none follows, the one that was lost. It is
// always a sum of the assessment.
func Stake(kind string, a pact.Assessment) *money.Amount {
	if s, ok := wordsOf(kind).(staker); ok {
		return s.stake(a)
	}
	return a.Amount
}

// Reached says in words that a threshold was reached.
func Reached(kind, threshold string) string {
	if w, ok := wordsOf(kind).(alerting); ok {
		return w.alert(threshold)
	}
	return fmt.Sprintf("The next threshold was reached: %s %%.", threshold)
}

// Lapsed says in words that what was at risk is over and excused; "" where nothing special is to be said.
func Lapsed(kind string, a pact.Assessment) string {
	if w, ok := wordsOf(kind).(interface {
		lapsed(a pact.Assessment) string
	}); ok {
		return w.lapsed(a)
	}
	return ""
}

// line finds a sum of an assessment by its name.
func line(a pact.Assessment, name string) *money.Amount {
	if i := slices.IndexFunc(a.Amounts, func(l pact.AmountLine) bool { return l.Name == name }); i >= 0 {
		return &a.Amounts[i].Amount
	}
	return nil
}

// sums adds to a message what follows in money.
func (c Case) sums(message, name string) string {
	a := c.Occurrence.Assessment
	switch {
	case a.Amount != nil && !a.Amount.IsZero():
		message += " " + name + ": " + a.Amount.String() + "."
		if a.Status == pact.Breached && a.EndedAt.IsZero() && !a.BreachedAt.IsZero() {
			message += " As of " + c.on(a.At) + "; it is not settled."
		}
	case a.AmountState == "ambiguous" && len(a.Ambiguities) > 0:
		message += " The amount waits for a decision: " + a.Ambiguities[0].Question
	case a.AmountState == "needs_charge":
		message += " The amount needs the charges of that time."
	case a.AmountState != "":
		message += " The amount waits: " + strings.ReplaceAll(a.AmountState, "_", " ") + "."
	}
	return message
}

// zone is where the days of the obligation begin.
func (c Case) zone() *time.Location { return daysOf(c.Obligation) }

// ZoneOf is the zone in which the days of an obligation begin.
func ZoneOf(o pact.Obligation) *time.Location { return daysOf(o) }

// daysOf is the zone in which the days of an obligation begin: that of its parameters, or of its business hours; UTC where neither has one.
func daysOf(o pact.Obligation) *time.Location {
	var p struct {
		Zone  string         `json:"zone"`
		Hours calendar.Hours `json:"hours"`
	}
	_ = json.Unmarshal(o.Params, &p) // what can not be read has no zone
	return zoneOf(cmp.Or(p.Zone, p.Hours.Zone))
}

// LastDay is the last day on which what is due before an instant can be done in time, as the contract counts days: before 10 March begins
// in New York is on 9 March. "" where there is no such instant.
func LastDay(o pact.Obligation, due time.Time) calendar.Date {
	if due.IsZero() {
		return ""
	}
	return calendar.DateIn(calendar.Clamp(due.Add(-time.Nanosecond)), daysOf(o))
}

// last is the day that is over at an instant, and on is the day of an instant, as people of the contract say it.
func (c Case) last(t time.Time) string { return c.on(t.Add(-time.Second)) }

func (c Case) on(t time.Time) string { return t.In(c.zone()).Format("2 Jan 2006") }

func byStatusWords(s pact.Status, breached, atRisk, fine string) string {
	switch s {
	case pact.Breached:
		return breached
	case pact.AtRisk:
		return atRisk
	}
	return fine
}

// plainWords are for kinds that say no more than how it stands.
type plainWords struct{}

func (plainWords) tell(c Case) (title, message string) {
	a := c.Occurrence.Assessment
	about := cmp.Or(c.Occurrence.Subject, c.Occurrence.Key)
	return c.Obligation.Title + ": " + about, c.sums(fmt.Sprintf("%s, %s: %s.", c.Obligation.Title, about, strings.ReplaceAll(string(a.Status), "_", " ")), "Amount")
}

type clockWords struct{}

func (clockWords) tell(c Case) (title, message string) {
	a := c.Occurrence.Assessment
	what := strings.TrimSuffix(c.Obligation.Kind, "_time")
	ticket := "Ticket #" + strings.TrimPrefix(c.Occurrence.Key, "#")
	window := fmt.Sprintf("agreed %s %s window", windowOf(a.Target), what)
	switch {
	case a.Status == pact.AtRisk:
		return fmt.Sprintf("%s at %s%% of its %s time", ticket, whole(a), what), fmt.Sprintf("%s is at %s%% of %s.", ticket, whole(a), window)
	case a.Status == pact.Breached:
		return fmt.Sprintf("%s breached its %s time", ticket, what), fmt.Sprintf("%s has breached the %s at %s.", ticket, window, a.BreachedAt.UTC().Format("2 Jan 2006 15:04 MST"))
	case c.Closed: // it was only at risk: nothing is taken back
		return fmt.Sprintf("%s kept its %s time", ticket, what), fmt.Sprintf("%s ended in time: %s of the %s.", ticket, Length(a.Elapsed), window)
	}
	return fmt.Sprintf("%s kept its %s time", ticket, what), fmt.Sprintf("Correction: %s is now judged as %s (%s of the %s).", ticket, strings.ReplaceAll(string(a.Status), "_", " "), Length(a.Elapsed), window)
}

// severity is none of a ticket that only counts for a level, by the words in force when it was opened.
func (clockWords) severity(_ pact.Obligation, a pact.Assessment) string {
	if a.LevelOnly {
		return ""
	}
	return byStatus(a)
}

// whole is the percentage without decimals; never rounded up.
func whole(a pact.Assessment) string {
	p, _, _ := strings.Cut(a.Percent, ".")
	return cmp.Or(p, a.Threshold)
}

// windowOf writes "4h0m0s" as "4-hour".
func windowOf(target string) string {
	d, err := time.ParseDuration(target)
	switch {
	case err != nil:
		return target
	case d%time.Hour == 0:
		return fmt.Sprintf("%d-hour", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("%d-minute", d/time.Minute)
	}
	return d.String()
}

// Length writes "1h50m0s" as "1 h 50 min".
func Length(elapsed string) string {
	d, err := time.ParseDuration(elapsed)
	if err != nil {
		return elapsed
	}
	var parts []string
	for _, u := range []struct {
		of   time.Duration
		name string
	}{{time.Hour, "h"}, {time.Minute, "min"}, {time.Second, "s"}} {
		if n := d / u.of; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, u.name))
		}
		d %= u.of
	}
	return cmp.Or(strings.Join(parts, " "), "0 min")
}

type monthWords struct{}

func (monthWords) tell(c Case) (title, message string) {
	a, about := c.Occurrence.Assessment, c.Occurrence.Subject
	title = byStatusWords(a.Status, "Availability missed: ", "Availability at risk: ", "Availability kept: ") + about
	message = fmt.Sprintf("%s: measured %s %%, promised %s %%.", about, shortly(a.Measured), a.Target)
	switch {
	case a.Amount != nil:
		message += " Credit: " + a.Amount.String() + "."
	case a.AmountState == "needs_charge":
		message += " The credit needs the charge of that month."
	}
	return title, message
}

// shortly shows at most four decimals, without rounding up to a promise that was not kept.
func shortly(s string) string {
	if i := strings.IndexByte(s, '.'); i >= 0 && len(s) > i+5 {
		return s[:i+5]
	}
	return s
}

// renewalWords: a renewal matters from its first alert on.
type renewalWords struct{}

func (renewalWords) severity(_ pact.Obligation, a pact.Assessment) string {
	if a.Status == pact.OnTrack && a.Threshold != "" {
		return "at_risk"
	}
	return byStatus(a)
}

func (renewalWords) alert(threshold string) string {
	if days, ok := strings.CutSuffix(threshold, beforeRenewal); ok {
		return fmt.Sprintf("The next alert is due: %s days before the renewal.", days)
	}
	return fmt.Sprintf("The next alert is due: %s days before the last day to send notice.", threshold)
}

func (renewalWords) lapsed(a pact.Assessment) string {
	if a.EndedAt.Before(a.DueAt) {
		return "It was decided that no notice is sent."
	}
	return "The last day to send notice is over."
}

func (renewalWords) tell(c Case) (title, message string) {
	by := c.Occurrence.Assessment.Measured
	return fmt.Sprintf("Notice for %s by %s", c.Contract.Title, by), fmt.Sprintf("The last day to send notice is %s; the contract renews or ends on %s.", by, c.Occurrence.Key)
}

// Figure is what was measured or agreed ("99.5", "") with its unit where the obligation has one: shares in per cent.
func Figure(o pact.Obligation, value string) string {
	if _, err := decimal.NewFromString(value); err != nil {
		return value
	}
	switch o.Kind {
	case (Availability{}).Name():
		return value + " %"
	case (ServiceLevel{}).Name():
		var p ServiceLevelParams
		if json.Unmarshal(o.Params, &p) == nil {
			return value + p.unit()
		}
	}
	return value
}

type levelWords struct{}

func (levelWords) tell(c Case) (title, message string) {
	a := c.Occurrence.Assessment
	name := cmp.Or(c.Obligation.Title, "Service level")
	title = name + byStatusWords(a.Status, " missed: ", " at risk: ", " kept: ") + c.Occurrence.Key
	message = fmt.Sprintf("%s, %s:", name, c.Occurrence.Key)
	if a.Measured != "" {
		message += " measured " + Figure(c.Obligation, shortly(a.Measured))
		if a.Target != "" {
			message += ", agreed " + Figure(c.Obligation, a.Target)
		}
	} else {
		message += " " + strings.ReplaceAll(string(a.Status), "_", " ")
	}
	return title, c.sums(message+".", "Credit")
}

// paymentWords: a discount that was missed, or deducted too late, and what was overpaid matter though nobody is in breach.
type paymentWords struct{}

const (
	discountMissed   = "discount missed"
	discountUnearned = "unearned discount"
	overpaid         = "overpaid"
)

func (paymentWords) severity(_ pact.Obligation, a pact.Assessment) string {
	if s := byStatus(a); s != "" {
		return s
	}
	for _, name := range []string{discountUnearned, discountMissed, overpaid} {
		if line(a, name) != nil {
			return "variance"
		}
	}
	return ""
}

func (paymentWords) stake(a pact.Assessment) *money.Amount {
	if a.Amount != nil || a.AmountState != "" || a.Status == pact.Breached {
		return a.Amount
	}
	if lost := line(a, discountMissed); lost != nil {
		return lost
	}
	return line(a, overpaid)
}

func (paymentWords) tell(c Case) (title, message string) {
	a := c.Occurrence.Assessment
	invoice := "Invoice " + c.Occurrence.Key
	due := ""
	if a.Measured != "" {
		due = fmt.Sprintf("%s was due on %s.", invoice, a.Measured)
	}
	unearned, missed, over := line(a, discountUnearned), line(a, discountMissed), line(a, overpaid)
	switch {
	case a.Status == pact.Breached && a.EndedAt.IsZero():
		title, message = invoice+" is overdue", due
		if open := line(a, "overdue"); open != nil {
			message += " Open: " + open.String() + "."
		}
		return title, c.sums(message, "Owed for it")
	case a.Status == pact.Breached:
		return invoice + " was paid late", c.sums(due+" It was paid on "+c.last(a.EndedAt)+".", "Late interest")
	case unearned != nil:
		return "Discount deducted too late from " + strings.ToLower(invoice[:1]) + invoice[1:], fmt.Sprintf("%s The discount was deducted after its last day. Still owed: %s.", due, unearned)
	case missed != nil:
		return "Discount missed on " + strings.ToLower(invoice[:1]) + invoice[1:], fmt.Sprintf("%s The discount was not taken in time. Lost: %s.", due, missed)
	case over != nil:
		return invoice + " was overpaid", fmt.Sprintf("More was paid on %s than was owed. Overpaid: %s.", strings.ToLower(invoice[:1])+invoice[1:], over)
	case a.Status == pact.Met:
		return invoice + " is settled", strings.TrimSpace(due + " It is settled.")
	}
	return invoice + " is open", strings.TrimSpace(due + " It is open.")
}

type priceWords struct{}

func (priceWords) tell(c Case) (title, message string) {
	a, about := c.Occurrence.Assessment, cmp.Or(c.Occurrence.Subject, c.Occurrence.Key)
	if a.Status != pact.Breached || a.Amount == nil {
		return "Price as agreed: " + about, c.sums(fmt.Sprintf("%s: %s.", about, strings.ReplaceAll(string(a.Status), "_", " ")), "Difference")
	}
	size, name := *a.Amount, "Overcharged"
	if size.Value.IsNegative() {
		size, name = money.New(size.Value.Neg(), size.Currency), "Undercharged"
	}
	return "Wrong price: " + about, fmt.Sprintf("%s: %s were to be charged. %s: %s.", about, a.Target, name, size)
}

// rebateWords: a rebate that was earned is money to ask for, before anybody is late with it.
type rebateWords struct{}

func (rebateWords) severity(o pact.Obligation, a pact.Assessment) string {
	if s := byStatus(a); s != "" {
		return s
	}
	var p TieredParams
	earned := !a.EndedAt.IsZero() && a.Amount != nil && a.Amount.Value.IsPositive()
	if earned && (a.Status == pact.OnTrack || json.Unmarshal(o.Params, &p) == nil && p.PayDays == 0) {
		return "variance"
	}
	return ""
}

func (rebateWords) tell(c Case) (title, message string) {
	a := c.Occurrence.Assessment
	title = byStatusWords(a.Status, "Rebate not paid in time: ", "Rebate: ", "Rebate: ") + c.Occurrence.Key
	return title, c.sums(fmt.Sprintf("Rebate for %s on a volume of %s.", c.Occurrence.Key, cmp.Or(a.Measured, "nothing")), "Earned")
}

type commitmentWords struct{}

func (commitmentWords) tell(c Case) (title, message string) {
	a := c.Occurrence.Assessment
	title = byStatusWords(a.Status, "Commitment missed: ", "Commitment: ", "Commitment reached: ") + c.Occurrence.Key
	owed := "Owed for the shortfall"
	if a.Amount != nil && a.Amount.Value.IsNegative() {
		owed = "For what was made up"
	}
	return title, c.sums(fmt.Sprintf("%s of %s were bought in %s.", cmp.Or(shortly(a.Measured), "0"), shortly(a.Target), c.Occurrence.Key), owed)
}

type ceilingWords struct{}

func (ceilingWords) tell(c Case) (title, message string) {
	a := c.Occurrence.Assessment
	title = byStatusWords(a.Status, "Ceiling exceeded: ", "Spending close to its ceiling: ", "Below the ceiling: ") + c.Occurrence.Key
	return title, c.sums(fmt.Sprintf("%s of %s were spent (%s %%).", a.Measured, a.Target, shortly(a.Percent)), "Above the ceiling")
}

type deliveryWords struct{}

func (deliveryWords) tell(c Case) (title, message string) {
	a := c.Occurrence.Assessment
	title = byStatusWords(a.Status, "Late delivery: ", "Delivery at risk: ", "Delivered: ") + c.Occurrence.Key
	message = fmt.Sprintf("%s: %s of %s came", cmp.Or(c.Occurrence.Subject, c.Occurrence.Key), cmp.Or(a.Measured, "0"), a.Target)
	if !a.DueAt.IsZero() {
		message += ", to be complete by " + c.last(a.DueAt)
	}
	if !a.EndedAt.IsZero() {
		message += "; complete on " + c.on(a.EndedAt)
	}
	return title, c.sums(message+".", map[bool]string{true: "Damages", false: "Amount"}[a.Status == pact.Breached])
}

type dutyWords struct{}

func (dutyWords) tell(c Case) (title, message string) {
	a, about := c.Occurrence.Assessment, cmp.Or(c.Occurrence.Subject, c.Occurrence.Key)
	name := cmp.Or(c.Obligation.Title, "Duty")
	if c.Obligation.Kind == "recurring_duty" {
		name = about
	} else {
		name += ": " + about
	}
	due := ""
	if !a.DueAt.IsZero() {
		due = " It was due by " + c.last(a.DueAt) + "."
	}
	switch {
	case a.Status == pact.Breached && a.EndedAt.IsZero():
		return "Overdue: " + name, c.sums(name+" was not done."+due, "Owed for the delay")
	case a.Status == pact.Breached:
		return "Done late: " + name, c.sums(name+" was done late, on "+c.on(a.EndedAt)+"."+due, "Owed for the delay")
	case a.Status == pact.AtRisk:
		return "To be cured: " + name, name + " was not done in time."
	}
	return "Done: " + name, fmt.Sprintf("%s: %s.", name, strings.ReplaceAll(string(a.Status), "_", " "))
}

type certificateWords struct{}

func (certificateWords) alert(threshold string) string {
	if threshold == "" {
		return "No certificate that holds now is known any more."
	}
	return fmt.Sprintf("The next alert is due: %s days before the last day of cover.", threshold)
}

func (certificateWords) lapsed(pact.Assessment) string { return "Cover is no longer needed." }

func (certificateWords) tell(c Case) (title, message string) {
	a := c.Occurrence.Assessment
	cover := strings.ReplaceAll(c.Occurrence.Key, "_", " ")
	switch a.Status {
	case pact.Breached:
		return "Gap in cover: " + cover, fmt.Sprintf("There is not enough cover of %s since %s.", cover, c.on(a.BreachedAt))
	case pact.AtRisk:
		if a.Measured == "" {
			return "No certificate known: " + cover, fmt.Sprintf("Nobody has reported a certificate of %s so far. Ask for it, or record it.", cover)
		}
		if i := slices.IndexFunc(a.Trace, func(t pact.TraceStep) bool { return t.Rule == coverBefore }); i >= 0 && a.Threshold == "" {
			return "Cover not shown: " + cover, fmt.Sprintf("No certificate shows the cover of %s that is required: %s. Ask for it, or record it.", cover, a.Trace[i].Inputs)
		}
		return "Cover ends soon: " + cover, fmt.Sprintf("The cover of %s ends on %s, and no certificate follows.", cover, a.Measured)
	}
	return "Covered: " + cover, fmt.Sprintf("There is enough cover of %s.", cover)
}
