package calendar

import (
	"fmt"
	"strings"
)

// Roll says where a date goes that is no business day.
type Roll string

// The conventions. Modified following goes forward unless that leaves the month, then back.
const (
	Preceding         Roll = "preceding"
	Following         Roll = "following"
	ModifiedFollowing Roll = "modified_following"
	NoRoll            Roll = "none"
)

// Check reports an unknown convention; "" is allowed and means the default of whoever uses it.
func (r Roll) Check() error {
	switch r {
	case "", Preceding, Following, ModifiedFollowing, NoRoll:
		return nil
	}
	return fmt.Errorf("unknown roll %.40q; use preceding, following, modified_following or none", string(r))
}

// Delivery says when a notice counts as received after it was sent. The zero value: on the day it is sent.
type Delivery struct {
	Method string `json:"method,omitempty"` // email, post, courier …, as the clause says
	// BusinessDays after the day of sending: 1 for "deemed received on the next business day".
	BusinessDays int `json:"business_days,omitempty"`
	// Days are calendar days after the day of sending.
	Days int `json:"days,omitempty"`
	// OnBusinessDay: receipt counts only on a business day.
	OnBusinessDay bool `json:"on_business_day,omitempty"`
}

// IsZero tells whether nothing is said about delivery.
func (d Delivery) IsZero() bool { return d == Delivery{} }

// Shown tells whether a notice is received when somebody signs for it, so that the day of receipt can not be counted from that of sending: a
// courier or registered mail for which the clause names no days.
func (d Delivery) Shown() bool {
	if d.BusinessDays > 0 || d.Days > 0 {
		return false
	}
	method := strings.ToLower(d.Method)
	for _, way := range []string{"courier", "signature", "registered", "certified", "recorded"} {
		if strings.Contains(method, way) {
			return true
		}
	}
	return false
}

// Check reports delays no clause asks for.
func (d Delivery) Check() error {
	if d.BusinessDays < 0 || d.Days < 0 || d.BusinessDays > 60 || d.Days > 60 {
		return fmt.Errorf("a delivery of %d business days and %d days is out of range", d.BusinessDays, d.Days)
	}
	return nil
}
