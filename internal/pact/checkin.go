package pact

import (
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
)

// CheckInPlan is how often the owner of an obligation says how it stands.
type CheckInPlan struct {
	Every string        `json:"every"`           // week, two_weeks, month, quarter
	First calendar.Date `json:"first,omitempty"` // absent: one interval after the plan is made
}

// Intervals are what a plan can say in Every.
func (CheckInPlan) Intervals() []string { return []string{"week", "two_weeks", "month", "quarter"} }

// After is the day by which the next check-in is due after one on a day.
func (p CheckInPlan) After(day calendar.Date) calendar.Date { return p.step(day, 1) }

// Begin is the day by which the first check-in is due of a plan that begins on a day: First, or the first day of its rhythm that is
// not over, or one interval from then where the plan names no day.
func (p CheckInPlan) Begin(today calendar.Date) calendar.Date {
	if p.First == "" {
		return p.After(today)
	}
	due := p.First
	for n := 1; due < today; n++ { // from the first day each time: the end of a month stays the end of a month
		due = p.step(p.First, n)
	}
	return due
}

func (p CheckInPlan) step(day calendar.Date, n int) calendar.Date {
	switch p.Every {
	case "week":
		return day.AddDays(7 * n)
	case "two_weeks":
		return day.AddDays(14 * n)
	case "quarter":
		return day.AddMonths(3 * n)
	}
	return day.AddMonths(n)
}

// SamePlan tells whether two plans ask for the same; nil asks for nothing.
func SamePlan(a, b *CheckInPlan) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// CheckIn is what somebody said of the state of an obligation on a day. It is kept as it was said.
type CheckIn struct {
	ID           CheckInID     `json:"id"`
	BusinessUnit string        `json:"business_unit"`
	ContractID   ContractID    `json:"contract_id"`
	ObligationID ObligationID  `json:"obligation_id"`
	State        string        `json:"state" enum:"on_track,at_risk,done"` // done: nothing more is asked
	Note         string        `json:"note"`
	By           string        `json:"by"`
	On           calendar.Date `json:"on"`                 // UTC
	DueOn        calendar.Date `json:"due_on,omitempty"`   // by when it was asked for; "" where it was said unasked
	NextDue      calendar.Date `json:"next_due,omitempty"` // by when the next one is asked for
	CreatedAt    time.Time     `json:"created_at"`
}

// What became of the check-in that a mail is about: it is due on the day, it was missed, somebody said how it stands, or nothing is asked
// any more.
const (
	CheckInToday    = "due"
	CheckInOverdue  = "overdue"
	CheckInAnswered = "answered"
	CheckInDropped  = "dropped"
)

// CheckInOpen lists what a mail says of a check-in that nobody has answered yet.
func CheckInOpen() []string { return []string{CheckInToday, CheckInOverdue} }
