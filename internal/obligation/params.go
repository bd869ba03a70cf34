package obligation

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/strict"
)

// ClockParams are the parameters of response_time and resolution_time.
//
// Target is counted on Hours, whatever its unit: "hour" and "minute" are running time of that calendar (all time, where
// Hours is always open); "business_hour" is the same but needs a calendar that closes; "business_day" is explained at
// DayRule; "day" and "week" are calendar days, and only allowed where Hours is always open.
type ClockParams struct {
	// Priority the target holds for: "1", "P1" and "1 - Critical" are the same, and so are "Critical" and "1 - Critical"; "Critical" and
	// "1" are not. "" holds for every priority. A ticket whose priority no event tells is judged under none; what is told first holds from the
	// opening.
	Priority string `json:"priority,omitempty"`
	// Service whose tickets the target holds for, as tickets name it (data.service; what was told last counts). Absent: all tickets that no clock
	// of the same kind and priority for their service judges. A ticket that names none is judged, unless clocks of the same kind and priority are
	// for different services: then it is asked. Where several that differ may judge a ticket it is asked which does.
	Service string            `json:"service,omitempty"`
	Target  calendar.Duration `json:"target,omitzero"` // the time allowed, counted on hours; needed unless by is given
	// By is a due time instead of a target: "by 16:00 on the next business day".
	By *RelativeTarget `json:"by,omitempty"`
	// ByHolds says what a hold does to a due time: ignore (it stands), or shift (it moves by as long as the hold lasted).
	ByHolds string `json:"by_holds,omitempty" enum:"ignore,shift"`
	// LessThan is set where the clause says "less than": then elapsed = target is a breach.
	LessThan bool `json:"less_than,omitempty"`
	// Hours: when the clock runs; absent: always, and a target in business time asks for them.
	Hours calendar.Hours `json:"hours,omitzero"`
	// DayRule says what a business day is: working_time (default) is the open time of a full working day for each day;
	// end_of_day ends with the closing time of the n-th business day after the day of opening.
	DayRule string `json:"day_rule,omitempty" enum:"working_time,end_of_day"`
	// Pauses says whether holds stop the clock. PauseStates names the states or reasons that do; none named = every hold.
	Pauses bool `json:"pauses,omitempty"`
	// PauseStates: with pauses: the states or reasons of holds that stop the clock; absent: every hold does.
	PauseStates []string `json:"pause_states,omitempty"`
	// Thresholds are the percentages at which the clock is at risk, compared with >=. Default ["90"].
	Thresholds []decimal.Decimal `json:"thresholds,omitempty"`
	// OnPriorityChange: carry_minus_pauses (default), carry, restart, stricter.
	OnPriorityChange string `json:"on_priority_change,omitempty" enum:"carry_minus_pauses,carry,restart,stricter"`
	// OnReopen: resume (default: the closed time does not count), restart, total (the closed time counts), first_cycle_final.
	OnReopen string `json:"on_reopen,omitempty" enum:"resume,restart,total,first_cycle_final"`
	// Conditions run the clock by the states of the ticket (events ticket_state).
	Conditions *ClockConditions `json:"conditions,omitempty"`
	// LevelOnly: the time is promised for a share of the tickets alone ("95 % of Priority 1 incidents within 4 hours"), which a service_level
	// counts. A ticket that takes longer is shown as missed, and opens no finding: that it took longer breaks no promise by itself.
	LevelOnly bool `json:"level_only,omitempty"`
}

// AvailabilityParams are the parameters of availability.
type AvailabilityParams struct {
	Service string `json:"service"` // as events and charges name it; "service" where the contract has only one
	// Definition: minutes (default) is (total - down) / total. threshold_minute: a minute is down whose error rate (events
	// sample) is above ErrorThreshold. mean_error_rate: 100 % less the mean of the error rates of all intervals. score: the sum
	// of the scores of all samples by their number.
	Definition string `json:"definition,omitempty" enum:"minutes,threshold_minute,mean_error_rate,score"`
	// ErrorThreshold in percent; above it a minute is down, with ErrorInclusive at it too.
	ErrorThreshold *decimal.Decimal `json:"error_threshold,omitempty"`
	ErrorInclusive bool             `json:"error_inclusive,omitempty"` // a minute exactly at error_threshold is down, too; absent: it is up
	// SampleMinutes is the length of an interval: 1 by default, 5 for mean_error_rate.
	SampleMinutes int `json:"sample_minutes,omitempty"`
	// FastMS and SlowMS make scores of latencies in milliseconds (value of a sample): 1 up to FastMS, 0.5 up to SlowMS, 0 beyond
	// or where the state is "error". Without them the value of a sample is its score.
	FastMS int `json:"fast_ms,omitempty"`
	// SlowMS: up to so many milliseconds a sample scores 0.5, beyond them 0; given together with fast_ms.
	SlowMS int `json:"slow_ms,omitempty"`
	// Period it is measured over: month (default), quarter, half_year, year, rolling_year, term; from Anchor on where its
	// periods are not those of the calendar (a billing cycle from the 15th, a contract year).
	Period string `json:"period,omitempty" enum:"month,quarter,half_year,year,rolling_year,term"`
	// Anchor: first day of one of the periods; absent: they are those of the calendar; a term and a rolling_year have none.
	Anchor calendar.Date `json:"anchor,omitempty"`
	// AveragePeriods: the promise and the credit are of the mean of so many periods, the one that is judged and those before it, each with the
	// same weight: 2 for "averaged with the previous month". Absent, or 1: each period by itself.
	AveragePeriods int `json:"average_periods,omitempty"`
	// FirstPeriod says how a period is judged before which there are not as many: by those there are (alone), or with 100 % for each that is
	// missing (full). Absent: it is asked, where it matters.
	FirstPeriod string `json:"first_period,omitempty" enum:"alone,full"`
	// MidPeriod says which terms govern a period within which an amendment changes them, or ends the obligation: those at its start (start),
	// those after the change (amended), or each part its own (parts), its credit then for its share of the days. The version that the change
	// gives says it. Absent: it is asked, where it matters.
	MidPeriod string          `json:"mid_period,omitempty" enum:"start,amended,parts"`
	Target    decimal.Decimal `json:"target"` // 99.9 means 99.9 %
	Zone      string          `json:"zone"`   // IANA; whose calendar month and whose minutes
	// Tiers: credit by the availability that was measured, in percent of the fees; absent: the reviewed term service_credits, if there is one.
	Tiers []pact.Tier `json:"tiers,omitempty"`
	// Exclusions names the kinds of outage that do not count: maintenance, customer, force_majeure. Each needs an approver.
	Exclusions []string `json:"exclusions,omitempty"`
	// MaintenanceNotice is how long before its beginning maintenance must have been announced (data.announced_at) to be excluded:
	// "maintenance announced at least 3 days ahead". Hours are counted to the minute; days, weeks, months and business days
	// (Monday to Friday) by the date in Zone, the day of the maintenance not counted.
	MaintenanceNotice *calendar.Duration `json:"maintenance_notice,omitempty"`
	// MaintenanceHours are recurring windows ("Sundays 02:00 to 06:00"), in Zone where they name none: what is reported as maintenance
	// within them needs neither approver nor announcement. What lies outside is maintenance like any other. MaintenanceHoursAny leaves
	// every outage within them out, whatever its cause.
	MaintenanceHours calendar.Hours `json:"maintenance_hours,omitzero"`
	// MaintenanceHoursAny: every outage within maintenance_hours is left out, whatever its cause; absent: maintenance alone is.
	MaintenanceHoursAny bool `json:"maintenance_hours_any,omitempty"`
	// MaintenanceHoursAnnounced: both are needed, so that only maintenance within MaintenanceHours that was also announced in time
	// (MaintenanceNotice) and approved is left out ("Sundays 02:00 to 06:00, on 72 hours' notice").
	MaintenanceHoursAnnounced bool `json:"maintenance_hours_announced,omitempty"`
	// MaintenanceAllowance is how many hours or minutes of maintenance are left out in a calendar month of Zone at most ("up to 8 hours a
	// month"), in order of time; what is beyond counts. Time within MaintenanceHours is maintenance too.
	MaintenanceAllowance *calendar.Duration `json:"maintenance_allowance,omitempty"`
	// MinimumSpan: a run of fewer whole minutes does not count.
	MinimumSpan int `json:"minimum_span_minutes,omitempty"`
	// PartialMinutes: whole (default) counts clock minutes that are down from beginning to end; started counts every minute
	// touched; exact counts seconds.
	PartialMinutes string `json:"partial_minutes,omitempty" enum:"whole,started,exact"`
	// Thresholds are shares of the allowed downtime at which the month is at risk. Default ["90"].
	Thresholds []decimal.Decimal `json:"thresholds,omitempty"`
	// ClaimDays: number of days from that of claim_anchor until the last day to claim; absent: those of the reviewed term claim_window, else
	// no such day, or with second_month_end that day itself.
	ClaimDays int `json:"claim_days,omitempty"`
	// ClaimAnchor says from when ClaimDays count: month_end (default), or second_month_end (end of the second month after
	// the one measured; "by the end of the second billing cycle").
	ClaimAnchor string `json:"claim_anchor,omitempty" enum:"month_end,second_month_end"`
	// CapPercent limits the credit of a month, in percent of that month's charge.
	CapPercent *decimal.Decimal `json:"cap_percent,omitempty"`
	// MinimumPayable: a credit below it, before rounding, is not paid.
	MinimumPayable *money.Amount `json:"minimum_payable,omitempty"`
	FeeBase        string        `json:"fee_base,omitempty"` // what the credit is a percentage of, in the words of the clause
	// Credit is the full form of what is owed, instead of Tiers, ClaimDays, CapPercent and MinimumPayable.
	Credit *CreditParams `json:"credit,omitempty"`
}

// RenewalParams are the parameters of renewal_notice. Either a date (RenewalDate or ExpirationDate) or StartDate with
// Term is needed, unless the contract is evergreen.
type RenewalParams struct {
	// StartDate: first day of the contract, from which term counts; absent: the reviewed term effective_date.
	StartDate      calendar.Date      `json:"start_date,omitempty"`
	Term           *calendar.Duration `json:"term,omitempty"`            // length of the first term; absent: the reviewed term of that name
	ExpirationDate calendar.Date      `json:"expiration_date,omitempty"` // last day of the current term
	RenewalDate    calendar.Date      `json:"renewal_date,omitempty"`    // first day of the next term
	// CountFrom is the day the notice counts back from: expiration_date (default where known: the safe side), or renewal_date.
	CountFrom string `json:"count_from,omitempty" enum:"expiration_date,renewal_date"`
	// AutoRenewal: whether the contract renews by itself; absent: the reviewed term of that name, else it is asked.
	AutoRenewal *bool `json:"auto_renewal,omitempty"`
	// RenewalTerm: length of each term after the first; needed where it renews by itself; absent: the reviewed term of that name.
	RenewalTerm *calendar.Duration `json:"renewal_term,omitempty"`
	MaxRenewals int                `json:"max_renewals,omitempty"` // 0 = no limit
	// RenewalPrice is the price of a renewed term in percent of that before: 103 for 3 % more, each time it renews. Absent: the clause changes none.
	RenewalPrice *decimal.Decimal `json:"renewal_price_percent,omitempty"`
	// Holdover: the contract goes on from month to month where it is used beyond its last term. Absent: it ends.
	Holdover  *Holdover `json:"holdover,omitempty"`
	Evergreen bool      `json:"evergreen,omitempty"` // runs until ended by notice
	// Notice: how long before the day of count_from notice must be received; absent: the reviewed term notice_period, else it is asked.
	Notice *calendar.Duration `json:"notice,omitempty"`
	// ClearDays: the day of the notice does not count either: notice is due a day earlier; absent: it counts.
	ClearDays bool `json:"clear_days,omitempty"`
	// Earliest: notice given longer than this before the day it counts back from is too early and does not count ("not more than 45
	// and not less than 15 days").
	Earliest *calendar.Duration `json:"earliest,omitempty"`
	// EndOf moves the end that a notice leads to, of an evergreen contract, to the end of the month, quarter, half year or year in
	// which it falls.
	EndOf string `json:"end_of,omitempty" enum:"month,quarter,half_year,year"`
	// Option: the contract is extended only by notice; without it, it ends, and the option is lost.
	Option bool `json:"option,omitempty"`
	// Roll of a last day that is no business day: preceding (default: the safe side), following, modified_following, none.
	Roll calendar.Roll `json:"roll,omitempty" enum:"preceding,following,modified_following,none"`
	// Delivery: when a notice that was sent counts as received; absent: on the day it is sent.
	Delivery calendar.Delivery `json:"delivery,omitzero"`
	// Zone: IANA name of the zone in which days begin; absent: that of hours, else of the reviewed terms, else UTC.
	Zone  string         `json:"zone,omitempty"`
	Hours calendar.Hours `json:"hours,omitzero"` // whose business days; Monday to Friday where absent
	// Alerts are days before the send-by day. Default [120, 90, 60].
	Alerts []int `json:"alerts,omitempty"`
	// RenewalAlerts are alerts some days before the renewal, beside Alerts; one that would fall after the send-by day is refused. As
	// those of Alerts they move to the business day before.
	RenewalAlerts []int `json:"renewal_alerts,omitempty"`
	// Waiver says what it means that the clause is waived on the last day for notice: that day is let go of, and notice counts until the term
	// is over (due), or notice was due by it all the same (about). Absent: it is asked.
	Waiver string `json:"waiver,omitempty" enum:"due,about"`
}

// Holdover is how a contract goes on from month to month after its last term, until notice ends it.
type Holdover struct {
	// Notice: how long before the end of a month it is ended. Absent: it is asked.
	Notice *calendar.Duration `json:"notice,omitempty"`
	// PricePercent: what is paid meanwhile, in percent of the price of the last term; absent: that price.
	PricePercent *decimal.Decimal `json:"price_percent,omitempty"`
}

// ShareParams are what documents tell of a level that is a share: first-call resolution, tickets or deliveries within their time, an
// error rate. AsJudged makes a service_level of it.
type ShareParams struct {
	Priority string          `json:"priority,omitempty"` // of which level or indicator, as the contract names it
	Target   decimal.Decimal `json:"target"`             // 95 means 95 %: at least, or at most for an error rate
	Measure  string          `json:"measure,omitempty"`  // what is counted, in the words of the contract
	Period   string          `json:"period,omitempty"`   // over which time: "month", "quarter", "year"
	Tiers    []pact.Tier     `json:"tiers,omitempty"`    // what is credited where it is missed
}

// decode reads parameters strictly: an unknown member is a mistake, not something to skip.
func decode(raw json.RawMessage, into any) error {
	if len(bytes.TrimSpace(raw)) == 0 {
		return fault.New(fault.Invalid, "The obligation has no parameters.")
	}
	if len(raw) > 256<<10 {
		return fault.New(fault.Invalid, "The parameters of the obligation are too long.")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		if _, err = d.Token(); err == io.EOF {
			return nil
		}
	}
	f := fault.Wrap(fault.Invalid, err, "The parameters of the obligation can not be read.")
	f.Details = strict.Decode(raw, into) // slower, and says where
	if len(f.Details) > 0 {
		f.Message = "The parameters of the obligation can not be read: " + strings.TrimPrefix(f.Details[0].Field+": "+f.Details[0].Message, ": ")
	}
	return f
}

// sentence is the part of an error a person can act on.
func sentence(err error) string {
	if f := fault.Of(err); f != nil {
		return f.Message
	}
	return err.Error()
}

// DutyParams are what documents tell of a duty: a report, a delivery, a payment, a notice, an audit. AsJudged makes of them what is
// judged; a duty of which it can make nothing is kept as it was read.
type DutyParams struct {
	Due         *calendar.Duration `json:"due,omitempty"`         // within which time; absent: the text gives none
	Anchor      string             `json:"anchor,omitempty"`      // from what the time runs, in the words of the contract: "each calendar quarter"
	Before      bool               `json:"before,omitempty"`      // the time runs back from the anchor: "30 days prior to"
	ByDay       int                `json:"by_day,omitempty"`      // day of the month by which it is due, 1 to 31
	ByMonth     int                `json:"by_month,omitempty"`    // month of the year by which it is due, 1 to 12; by its last day where there is no ByDay
	ByDate      calendar.Date      `json:"by_date,omitempty"`     // the one day by which it is due
	Zone        string             `json:"zone,omitempty"`        // whose days count, where the contract names one
	Metric      string             `json:"metric,omitempty"`      // the measure and its target, in the words of the contract
	Remedy      string             `json:"remedy,omitempty"`      // what follows if it is not done, in the words of the contract
	Regulations []string           `json:"regulations,omitempty"` // regulations and standards that the clause names
}

// marshal writes parameters that were made here.
func marshal(v any) (json.RawMessage, error) { return json.Marshal(v) }
