package obligation_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// A term of two years from 1 March 2025 that renews by itself, with a notice of 60 days; Amendment No. 1 extends it by twelve months and
// makes the notice 90 days.
func TestARenewalFollowsTheTermsThatAmendmentsChange(t *testing.T) {
	t.Parallel()
	year := calendar.Duration{Value: 12, Unit: calendar.UnitMonth}
	amendment := pact.Version{ContractID: "con_a1", PublishedAt: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), Terms: []pact.Term{
		{Name: "agreement_date", Value: pact.OnDate("2026-11-15")}, {Name: "notice_period", Value: pact.Lasting(90, calendar.Day)},
	}, Operations: []pact.ReviewedOperation{{Operation: pact.Operation{Kind: pact.Extend, By: &year}}}}
	line := amended(t, amendment)
	for on, want := range map[calendar.Date][3]string{"2026-11-14": {"2027-02-28", "2027-03-01", "2026-12-30"}, "2026-11-15": {"2028-02-29", "2028-03-01", "2027-12-01"}} {
		for i, name := range []string{"expiration_date", "renewal_date", "notice_send_by"} {
			r := line.Term(name, on)
			if r.Winner == nil || string(r.Winner.Term.Value.Date) != want[i] {
				t.Errorf("on %s the %s is %+v, want %s", on, name, r.Winner, want[i])
			}
			if on == "2026-11-15" && (len(r.Losers) == 0 || r.Losers[0].By != "Amendment No. 1") {
				t.Errorf("%s does not name the amendment: %+v", name, r.Losers)
			}
		}
		o := line.Obligation("renewal_notice", on)
		if o.Winner == nil || o.Winner.Obligation.ID != "obl_1" || !strings.Contains(string(o.Winner.Obligation.Params), want[0]) {
			t.Fatalf("on %s: %+v", on, o)
		}
		if next, ok := obligation.NextRenewal(*o.Winner.Obligation, calendar.Set{}, on); !ok || string(next.Notice.SendBy) != want[2] {
			t.Errorf("on %s notice goes by %+v, want %s", on, next.Notice, want[2])
		}
	}
}

// amended is the timeline of a contract of two years from 1 March 2025 that renews by itself with a notice of 60 days, with amendments.
func amended(t *testing.T, amendments ...pact.Version) effective.Timeline {
	t.Helper()
	return amendedUnder(t, nil, amendments...)
}

// amendedUnder is the same of an order form under a master agreement with these terms; nil is none.
func amendedUnder(t *testing.T, master []pact.Term, amendments ...pact.Version) effective.Timeline {
	t.Helper()
	year, two, sixty := calendar.Duration{Value: 12, Unit: calendar.UnitMonth}, calendar.Duration{Value: 2, Unit: calendar.Year}, calendar.Duration{Value: 60, Unit: calendar.Day}
	yes := true
	params, err := json.Marshal(obligation.RenewalParams{Notice: &sixty, RenewalTerm: &year, Term: &two, AutoRenewal: &yes, StartDate: "2025-03-01", ExpirationDate: "2027-02-28"})
	if err != nil {
		t.Fatal(err)
	}
	derived := &pact.Derivation{Rule: "first renewal"}
	term := func(name string, v pact.Value) pact.Term { return pact.Term{Name: name, Value: v} }
	base := pact.Version{ContractID: "con_base", EffectiveFrom: "2025-03-01", PublishedAt: time.Date(2025, 3, 2, 9, 0, 0, 0, time.UTC), Terms: []pact.Term{
		term("effective_date", pact.OnDate("2025-03-01")), term("term", pact.Value{Kind: pact.DurationValue, Duration: &two}), term("expiration_date", pact.OnDate("2027-02-28")),
		term("auto_renewal", pact.Yes(true)), term("renewal_term", pact.Value{Kind: pact.DurationValue, Duration: &year}), term("notice_period", pact.Value{Kind: pact.DurationValue, Duration: &sixty}),
		{Name: "renewal_date", Value: pact.OnDate("2027-03-01"), Derivation: derived},
		{Name: "notice_send_by", Value: pact.OnDate("2026-12-30"), Derivation: derived},
	}, Obligations: []pact.Obligation{{ID: "obl_1", ContractID: "con_base", Key: "renewal_notice", Kind: "renewal_notice", Params: params}}}
	members := []pact.Contract{{ID: "con_base", CurrentVersion: 1, Title: "Master agreement"}}
	versions := map[pact.ContractID]pact.Version{"con_base": base}
	if master != nil {
		members[0].ParentID, members[0].Relation = "con_m", "order_form"
		members = append(members, pact.Contract{ID: "con_m", CurrentVersion: 1, Title: "MSA"})
		versions["con_m"] = pact.Version{ContractID: "con_m", EffectiveFrom: "2024-01-01", PublishedAt: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), Terms: master}
	}
	for i, a := range amendments {
		members = append(members, pact.Contract{ID: a.ContractID, ParentID: "con_base", Relation: "amendment", CurrentVersion: 1, Title: fmt.Sprintf("Amendment No. %d", i+1)})
		versions[a.ContractID] = a
	}
	line, _, err := obligation.OfContract(members[0], members, func(c pact.Contract) (pact.Version, error) { return versions[c.ID], nil })
	if err != nil {
		t.Fatal(err)
	}
	return line
}

// renewalOn gives the renewal and the last day to send notice by the terms in force on a day.
func renewalOn(t *testing.T, line effective.Timeline, on calendar.Date) string {
	t.Helper()
	o := line.Obligation("renewal_notice", on)
	if o.Winner == nil {
		return o.Rule
	}
	next, ok := obligation.NextRenewal(*o.Winner.Obligation, calendar.Set{}, on)
	if !ok || next.Notice == nil {
		return string(o.Winner.Obligation.Params)
	}
	return fmt.Sprint(next.RenewalDate, " ", next.Notice.SendBy)
}

// Amendment No. 1 states the notice anew, and nothing else of the renewal: the rest stays as the contract has it, and its notice is not taken
// back by the older one of the contract when Amendment No. 2 extends the term.
func TestANoticeStatedAnewKeepsTheRestOfTheContract(t *testing.T) {
	t.Parallel()
	year := calendar.Duration{Value: 12, Unit: calendar.UnitMonth}
	first := pact.Version{ContractID: "con_a1", EffectiveFrom: "2026-01-10", PublishedAt: time.Date(2026, 1, 11, 9, 0, 0, 0, time.UTC), Obligations: []pact.Obligation{
		{ID: "obl_2", ContractID: "con_a1", Key: "renewal_notice", Kind: "renewal_notice", Params: json.RawMessage(`{"notice":{"value":120,"unit":"day"}}`)},
	}}
	second := pact.Version{ContractID: "con_a2", EffectiveFrom: "2026-11-15", PublishedAt: time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC), Operations: []pact.ReviewedOperation{{Operation: pact.Operation{Kind: pact.Extend, By: &year}}}}
	line := amended(t, first, second)
	for on, want := range map[calendar.Date]string{"2026-01-09": "2027-03-01 2026-12-30", "2026-01-10": "2027-03-01 2026-10-30", "2026-11-15": "2028-03-01 2027-11-01"} {
		if got := renewalOn(t, line, on); got != want {
			t.Errorf("on %s: %s, want %s", on, got, want)
		}
	}
}

// The master agreement has a notice of 90 days for its orders, and this order one of 60: the watch of the renewal and its dates follow the
// reviewed order of precedence. Where none decides the order is watched as it says itself, and the notice is a question.
func TestARenewalFollowsTheOrderOfPrecedence(t *testing.T) {
	t.Parallel()
	for order, want := range map[string]string{"this Agreement > Order Form": "2027-03-01 2026-11-30", "Order Form > this Agreement": "2027-03-01 2026-12-30", "": "2027-03-01 2026-12-30"} {
		master := []pact.Term{{Name: "notice_period", Value: pact.Lasting(90, calendar.Day), Evidence: []pact.Evidence{{Passage: &pact.Passage{Clause: "9", Quote: "Each Order Form renews unless notice is given."}}}}}
		if order != "" {
			master = append(master, pact.Term{Name: pact.PrecedenceTerm, Value: pact.Text(order), Evidence: []pact.Evidence{{Passage: &pact.Passage{Clause: "14", Quote: "It prevails."}}}})
		}
		line := amendedUnder(t, master)
		if got := renewalOn(t, line, "2026-06-01"); got != want {
			t.Errorf("%q: %s, want %s", order, got, want)
		}
		if r := line.Term("notice_send_by", "2026-06-01"); r.Winner == nil || !strings.HasSuffix(want, string(r.Winner.Term.Value.Date)) {
			t.Errorf("%q: notice goes by %+v, want %s", order, r.Winner, want)
		}
		if r := line.Term("notice_period", "2026-06-01"); (len(r.Ambiguities) > 0) != (order == "") {
			t.Errorf("%q: asked %+v", order, r.Ambiguities)
		}
	}
}
