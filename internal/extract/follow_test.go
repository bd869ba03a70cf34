package extract_test

import (
	"slices"
	"testing"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/pact"
)

func TestWhatAContractAsksForIsReadSoThatItCanBeJudged(t *testing.T) {
	t.Parallel()
	const head = "Services Agreement\n\nThis Agreement is made as of 1 January 2026 (the \"Effective Date\") between Halden Systems Inc. (\"Provider\") and Brightwater Logistics Ltd (\"Customer\").\n\n"
	for _, c := range []struct{ clause, kind, duty, params, asks string }{
		{"Provider shall deliver to Customer a service level report by the 5th day of each calendar month for the preceding month.", "recurring_duty", "reporting", `{"item":"Deliver to Customer a service level report","period":"month","day":5}`, ""},
		{"Within thirty (30) days after each change of control of Provider, Provider shall notify Customer in writing.", "conditional_duty", "notice", `{"trigger":"change of control of Provider","within":{"value":30,"unit":"day"}}`, ""},
		{"Provider shall submit a security report within ten (10) Business Days after the end of each calendar quarter.", "recurring_duty", "reporting", `{"item":"Submit a security report","period":"quarter","after":{"value":10,"unit":"business_day"}}`, ""},
		{"Provider shall provide Customer with an audit report each year by March 31.", "recurring_duty", "reporting", `{"item":"Provide Customer with an audit report","period":"year","anchor":"2025-04-01","day":31,"in_period":true}`, ""},
		{"On or before January 31 and July 31 in each year Provider shall deliver to Customer a usage report.", "recurring_duty", "reporting", `{"item":"Deliver to Customer a usage report","period":"half_year","anchor":"2025-08-01","day":-1,"in_period":true}`, ""},
		{"Provider shall deliver to Customer a usage report by 30 June and 31 December of each year.", "recurring_duty", "reporting", `{"item":"Deliver to Customer a usage report","period":"half_year","anchor":"2026-01-01","day":-1,"in_period":true}`, ""},
		{"Provider shall deliver to Customer a usage report by 15 March and 31 October of each year.", "reporting", "", `{"by_day":15,"by_month":3}`, ""},
		{"Provider shall send Customer monthly reports on usage.", "recurring_duty", "reporting", `{"item":"Send Customer monthly reports on usage","period":"month"}`, "day"},
		{"Provider shall complete the migration by 15 March 2026.", "milestone", "delivery", `{"milestones":[{"name":"Complete the migration","due":"2026-03-15"}]}`, ""},
		{"Customer shall accept or reject each deliverable within ten (10) Business Days after delivery.", "conditional_duty", "acceptance", `{"trigger":"delivery","within":{"value":10,"unit":"business_day"}}`, ""},
		{"Provider shall submit usage data to Customer by the 10th day of the following month for each calendar month.", "recurring_duty", "delivery", `{"item":"Submit usage data to Customer","period":"month","day":10}`, ""},
		{"Provider shall send Customer a statement by the fifth Business Day of each month.", "recurring_duty", "reporting", `{"item":"Send Customer a statement","period":"month","business_day":5}`, ""},
		{"Provider shall submit monthly usage data within 15 days after the end of each quarter.", "delivery", "", `{"due":{"value":15,"unit":"day"},"anchor":"the end of each quarter"}`, ""},
		{"Provider shall deliver audited accounts within 90 days after the end of each contract year.", "recurring_duty", "reporting", `{"item":"Deliver audited accounts","period":"year","anchor":"2026-01-01","after":{"value":90,"unit":"day"}}`, ""},
		{"Provider shall deliver the final report within 30 days of 30 June 2026.", "reporting", "", `{"due":{"value":30,"unit":"day"},"anchor":"30 June 2026"}`, ""},
		{"If Customer does not return the form within 30 days, Provider shall notify Customer in writing.", "notice", "", `{}`, ""},
		{"Customer shall return the equipment by the last day of the Term.", "delivery", "", `{}`, ""},
		{"Provider shall promptly inform Customer upon request.", "notice", "", `{}`, ""},
		{"Customer shall pay each undisputed invoice within thirty (30) days after receipt. Late payments bear interest at 1% per month.", "invoice_payment", "", `{"terms":"net 30","start":"receipt","late":{"method":"contract","percent":"1","per":"month"}}`, ""},
		{"Customer shall pay each invoice net 30 EOM.", "invoice_payment", "", `{"terms":"net 30 EOM"}`, "net_eom"},
		{"Provider shall make the Hosted Service available 99.9% of the time in each calendar month.", "availability", "", `{"service":"hosted-service","target":"99.9","zone":""}`, ""},
	} {
		p := extract.Pipeline{Extractors: []extract.Extractor{&grammar.Extractor{}}}
		r, err := p.Read(t.Context(), extracttest.Plain(head+"1. "+c.clause))
		if err != nil {
			t.Fatal(err)
		}
		var got []pact.Candidate
		for _, one := range r.Candidates {
			if one.Obligation != nil {
				got = append(got, one)
			}
		}
		if len(got) != 1 {
			t.Errorf("%s: %d obligations, not one", c.clause, len(got))
			continue
		}
		o := got[0].Obligation
		if o.Kind != c.kind || o.Duty != c.duty || string(o.Params) != c.params || got[0].Verification != pact.Verified {
			t.Errorf("%s\n got %s (%s) %s, %s\nwant %s (%s) %s", c.clause, o.Kind, o.Duty, o.Params, got[0].Verification, c.kind, c.duty, c.params)
		}
		if asks := slices.ContainsFunc(got[0].Ambiguities, func(a pact.Ambiguity) bool { return a.Code == c.asks }); asks != (c.asks != "") {
			t.Errorf("%s: asks %v, want %q", c.clause, got[0].Ambiguities, c.asks)
		}
	}
}
