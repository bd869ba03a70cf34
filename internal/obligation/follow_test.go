package obligation_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// A term of two years from 1 March 2025 that renews by itself, with a notice of 60 days; Amendment No. 1 extends it by twelve months and
// makes the notice 90 days.
func TestARenewalFollowsTheTermsThatAmendmentsChange(t *testing.T) {
	t.Parallel()
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
	amendment := pact.Version{ContractID: "con_a1", PublishedAt: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), Terms: []pact.Term{
		term("agreement_date", pact.OnDate("2026-11-15")), term("notice_period", pact.Lasting(90, calendar.Day)),
	}, Operations: []pact.ReviewedOperation{{Operation: pact.Operation{Kind: pact.Extend, By: &year}}}}
	members := []pact.Contract{{ID: "con_base", CurrentVersion: 1, Title: "Master agreement"}, {ID: "con_a1", ParentID: "con_base", Relation: "amendment", CurrentVersion: 1, Title: "Amendment No. 1"}}
	line, _, err := obligation.OfContract(members[0], members, func(c pact.Contract) (pact.Version, error) {
		if c.ID == "con_a1" {
			return amendment, nil
		}
		return base, nil
	})
	if err != nil {
		t.Fatal(err)
	}
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
