package review

import (
	"encoding/json"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// Notice of 30 days before 15 June 2026 is to be there by Saturday 16 May, rolled to Friday 15 May. Where what is sent is there on the next
// business day only, it must be sent on Thursday 14 May.
func TestTheDayOfNoticeFollowsTheAnswer(t *testing.T) {
	t.Parallel()
	v := pact.Version{Obligations: []pact.Obligation{{
		Key: "renewal_notice", Kind: "renewal_notice",
		Params: json.RawMessage(`{"renewal_date": "2026-06-15", "auto_renewal": true, "renewal_term": {"value": 1, "unit": "year"}, "notice": {"value": 30, "unit": "day"}}`),
	}}}
	sendBy := func() string {
		x, _ := v.Term("notice_send_by")
		return string(x.Value.Date)
	}
	deriveNotice(&v, "2026-01-10")
	if got := sendBy(); got != "2026-05-15" {
		t.Fatalf("to be sent by %q", got)
	}
	with, err := obligation.Patch(v.Obligations[0].Params, json.RawMessage(`{"delivery": {"business_days": 1, "on_business_day": true}}`))
	if err != nil {
		t.Fatal(err)
	}
	v.Obligations[0].Params = with
	deriveAgain(&v, "2026-01-10")
	if got := sendBy(); got != "2026-05-14" {
		t.Errorf("to be sent by %q, so that it is there on the 15th", got)
	}
	v.Terms = []pact.Term{{Name: "notice_send_by", Value: pact.OnDate("2026-05-01"), Extractor: "person"}}
	deriveAgain(&v, "2026-01-10")
	if got := sendBy(); got != "2026-05-01" {
		t.Errorf("to be sent by %q; what the contract says itself stands", got)
	}
}

// The obligation to watch a renewal is no surer than the terms it is made of.
func TestTheWatchedNoticeIsNoSurerThanThatTheContractRenews(t *testing.T) {
	t.Parallel()
	thirty, yes := calendar.Duration{Value: 30, Unit: calendar.Day}, pact.Yes(true)
	v := pact.Version{Terms: []pact.Term{
		{Name: "notice_period", Value: pact.Value{Kind: pact.DurationValue, Duration: &thirty}, Confidence: decimal.New(95, -2)},
		{Name: "auto_renewal", Value: yes, Confidence: decimal.New(75, -2)},
	}}
	watchRenewal(&v)
	if len(v.Obligations) != 1 || !v.Obligations[0].Confidence.Equal(decimal.New(75, -2)) {
		t.Errorf("%+v", v.Obligations)
	}
}
