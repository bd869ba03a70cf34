package calendar

import (
	"fmt"
	"strings"
)

// NoticeParams say how the last safe day for a notice is computed. They are kept with the result, so that anyone can
// compute it again.
type NoticeParams struct {
	Anchor    Date     `json:"anchor"` // the day the period counts back from; it is not counted itself
	Period    Duration `json:"period"`
	ClearDays bool     `json:"clear_days,omitempty"` // neither the day of notice nor the anchor counts: one day more
	Roll      Roll     `json:"roll,omitempty"`       // default preceding: the safe side
	Delivery  Delivery `json:"delivery,omitzero"`
	Zone      string   `json:"zone,omitempty"` // in which the days begin and end; UTC where absent
	Hours     Hours    `json:"hours,omitzero"` // whose business days; Monday to Friday where absent
}

// Notice is the answer. SendBy is the last day on which it is safe to send, ReceiveBy the last day on which it must have
// arrived; both include their whole day in Zone.
type Notice struct {
	LastDay   Date   `json:"last_day"` // before rolling and delivery
	ReceiveBy Date   `json:"receive_by"`
	SendBy    Date   `json:"send_by"`
	Trace     []Step `json:"trace"`
}

// Step is one line of a computation of dates.
type Step struct {
	Rule   string `json:"rule"`
	Inputs string `json:"inputs,omitempty"`
	Result string `json:"result"`
}

// Received is the day on which a notice sent on another is deemed received; ok is false where the clause has no rule of receipt, the
// receipt has to be shown, or the day can not be counted.
func (s Set) Received(p NoticeParams, sent Date) (Date, bool) {
	days, _, err := s.businessDays(p)
	if err != nil || p.Delivery.IsZero() || p.Delivery.Shown() {
		return "", false
	}
	return p.Delivery.received(days, sent)
}

// Notice computes the last safe day. It fails where the parameters do not determine one.
func (s Set) Notice(p NoticeParams) (Notice, error) {
	if p.Anchor.IsZero() {
		return Notice{}, fmt.Errorf("a notice needs the day it counts back from")
	}
	if err := p.Period.Check(); err != nil {
		return Notice{}, fmt.Errorf("notice period: %w", err)
	}
	if err := p.Roll.Check(); err != nil {
		return Notice{}, err
	}
	if err := p.Delivery.Check(); err != nil {
		return Notice{}, err
	}
	days, named, err := s.businessDays(p)
	if err != nil {
		return Notice{}, err
	}
	var n Notice
	if n.LastDay, err = countBack(p, days); err != nil {
		return Notice{}, err
	}
	n.add("count back", fmt.Sprintf("%s before %s, the day itself not counted", p.Period, p.Anchor), day(n.LastDay))
	if p.ClearDays {
		n.LastDay = n.LastDay.AddDays(-1)
		n.add("clear days: the day of notice does not count either", "1 day earlier", day(n.LastDay))
	}
	roll := p.Roll
	if roll == "" {
		roll = Preceding
	}
	var ok bool
	if n.ReceiveBy, ok = days.Roll(n.LastDay, roll); !ok {
		return Notice{}, fmt.Errorf("no business day near %s", n.LastDay)
	}
	switch {
	case roll == NoRoll:
		n.add("no roll", "the clause counts every day", day(n.ReceiveBy))
	case n.ReceiveBy == n.LastDay:
		n.add("roll to a business day", fmt.Sprintf("%s, %s", roll, named), "stays "+day(n.ReceiveBy))
	default:
		n.add("roll to a business day", fmt.Sprintf("%s, %s", roll, named), day(n.ReceiveBy))
	}
	if n.SendBy, err = sendBy(p, days, n.ReceiveBy); err != nil {
		return Notice{}, err
	}
	if p.Delivery.IsZero() {
		n.add("sent is received", "the clause names no rule of receipt", "send by "+day(n.SendBy))
		return n, nil
	}
	if p.Delivery.Shown() {
		n.add("receipt has to be shown", p.Delivery.String(), fmt.Sprintf("received by %s: how long before it must be sent is not known, %s is the last day at all", day(n.ReceiveBy), day(n.SendBy)))
		return n, nil
	}
	n.add("deemed receipt", p.Delivery.String(), fmt.Sprintf("received by %s, send by %s", day(n.ReceiveBy), day(n.SendBy)))
	return n, nil
}

// SendBy is the last day on which a notice is sent in time to be received by a day, under the rule of receipt and the business days of p.
func (s Set) SendBy(p NoticeParams, receiveBy Date) (Date, error) {
	days, _, err := s.businessDays(p)
	if err != nil {
		return "", err
	}
	return sendBy(p, days, receiveBy)
}

// Received is the day a notice sent on a day counts as received.
func (d Delivery) received(days *Calendar, sent Date) (Date, bool) {
	at := sent.AddDays(d.Days)
	at, ok := days.AddBusinessDays(at, d.BusinessDays)
	if ok && d.OnBusinessDay {
		return days.Roll(at, Following)
	}
	return at, ok
}

// String says the rule in words.
func (d Delivery) String() string {
	var parts []string
	if d.Method != "" {
		parts = append(parts, "by "+d.Method)
	}
	switch {
	case d.BusinessDays == 1 && d.Days == 0:
		parts = append(parts, "received on the next business day")
	case d.BusinessDays > 0 && d.Days == 0:
		parts = append(parts, fmt.Sprintf("received %d business days later", d.BusinessDays))
	case d.Days > 0 && d.BusinessDays == 0:
		parts = append(parts, fmt.Sprintf("received %s later", Duration{Value: d.Days, Unit: Day}))
	case d.Days > 0:
		parts = append(parts, fmt.Sprintf("received %d days and %d business days later", d.Days, d.BusinessDays))
	case d.Shown():
		parts = append(parts, "received when it is signed for")
	default:
		parts = append(parts, "received when sent")
	}
	if d.OnBusinessDay {
		parts = append(parts, "receipt only on a business day")
	}
	return strings.Join(parts, ", ")
}

// businessDays finds the calendar whose business days count, and its name for the trace.
func (s Set) businessDays(p NoticeParams) (*Calendar, string, error) {
	h, named := s.Resolve(p.Hours), p.Hours.Name
	if h.IsZero() {
		zone := p.Zone
		if zone == "" {
			zone = "UTC"
		}
		h, named = Weekdays(zone, "00:00", "24:00"), "Monday to Friday"
	}
	if named == "" {
		named = "business days of the contract"
	}
	c, err := s.Get(h)
	if err != nil {
		return nil, "", err
	}
	return c, named, nil
}

func countBack(p NoticeParams, days *Calendar) (Date, error) {
	if p.Period.Unit == BusinessDay {
		if p.Period.Value > 10_000 {
			return "", fmt.Errorf("a notice of %s is out of range", p.Period)
		}
		d, ok := days.AddBusinessDays(p.Anchor, -p.Period.Value)
		if !ok {
			return "", fmt.Errorf("no %s before %s", p.Period, p.Anchor)
		}
		return d, nil
	}
	d, ok := p.Period.Before(p.Anchor)
	if !ok {
		return "", fmt.Errorf("a notice period in %ss can not be counted in days", p.Period.Unit)
	}
	return known(d)
}

// sendBy finds the latest day that is a business day (unless days are not rolled at all) and still arrives in time.
func sendBy(p NoticeParams, days *Calendar, receiveBy Date) (Date, error) {
	if p.Delivery.IsZero() {
		return receiveBy, nil
	}
	for sent, tries := receiveBy, 0; tries < maxRun && !sent.IsZero(); sent, tries = sent.AddDays(-1), tries+1 {
		if p.Roll != NoRoll && !days.IsBusinessDay(sent) {
			continue
		}
		if arrived, ok := p.Delivery.received(days, sent); ok && arrived <= receiveBy {
			return sent, nil
		}
	}
	return "", fmt.Errorf("no day on which a notice can be sent to arrive by %s", receiveBy)
}

func (n *Notice) add(rule, inputs, result string) {
	n.Trace = append(n.Trace, Step{Rule: rule, Inputs: inputs, Result: result})
}

// day writes a date with its weekday, because that is what a person checks first.
func day(d Date) string { return d.Weekday().String()[:3] + " " + string(d) }

// AlertDay is the day for a reminder some days ahead of another day, rolled to the previous business day.
func (s Set) AlertDay(p NoticeParams, before Date, ahead int) (Date, error) {
	days, _, err := s.businessDays(p)
	if err != nil {
		return "", err
	}
	d, ok := days.Roll(before.AddDays(-ahead), Preceding)
	if !ok {
		return "", fmt.Errorf("no business day %d days before %s", ahead, before)
	}
	return d, nil
}
