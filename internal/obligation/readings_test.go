package obligation_test

import (
	"encoding/json"
	"testing"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// What a clause says twice, or leaves between a few readings, is asked with them, and each of them decides it.
func TestEachReadingOfAClauseDecidesIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ kind, params, code string }{
		"a credit in both forms":           {"availability", `{"service":"X","target":"99.9","zone":"UTC","tiers":[{"below":"99.9","credit":"10"}],"credit":{"linear":{"percent_per_point":"1"}}}`, "credit"},
		"a credit by two rules":            {"service_level", `{"measure":"reported","target":"98","service":"s","credit":{"linear":{"percent_per_point":"1"},"tiers":[{"below":"98","percent":"10"}]}}`, "credit"},
		"announced and not excluded":       {"availability", `{"service":"X","target":"99.9","zone":"UTC","maintenance_notice":{"value":3,"unit":"day"}}`, "maintenance_notice"},
		"allowed and not excluded":         {"availability", `{"service":"X","target":"99.9","zone":"UTC","maintenance_allowance":{"value":3,"unit":"hour"}}`, "maintenance_allowance"},
		"tiers that overlap":               {"volume_price", `{"mode":"graduated","period":"month","tiers":[{"from":"0","to":"120","price":{"value":"2","currency":"USD"}},{"from":"100","price":{"value":"1","currency":"USD"}}]}`, "tiers"},
		"tiers with a gap":                 {"volume_price", `{"mode":"graduated","period":"month","tiers":[{"from":"0","to":"100","price":{"value":"2","currency":"USD"}},{"from":"120","price":{"value":"1","currency":"USD"}}]}`, "tiers"},
		"a level twice":                    {"credit_pool", `{"at_risk_percent":"10","levels":[{"level":"A","weight":"40"},{"level":"B","weight":"10"},{"level":"a","weight":"60"}]}`, "levels"},
		"renewal by itself or not":         {"renewal_notice", `{"expiration_date":"2026-12-31","renewal_term":{"value":1,"unit":"year"},"notice":{"value":30,"unit":"day"}}`, "auto_renewal"},
		"two ends of a term":               {"renewal_notice", `{"expiration_date":"2026-12-31","renewal_date":"2027-02-01","auto_renewal":true,"renewal_term":{"value":1,"unit":"year"},"notice":{"value":30,"unit":"day"}}`, "renewal_date"},
		"a target and a due time":          {"resolution_time", `{"target":{"value":4,"unit":"hour"},"by":{"business_days":1,"time":"16:00"},"hours":{"zone":"UTC","week":[{"days":["mon"],"from":"09:00","until":"17:00"}]}}`, "by"},
		"a milestone in two ways":          {"milestone", `{"contract_value":{"value":"100","currency":"USD"},"milestones":[{"name":"a","percent":"50","amount":{"value":"10","currency":"USD"}}]}`, "milestones"},
		"damages in two ways":              {"delivery_schedule", `{"lines":[{"line":"a","quantity":"1","due":"2026-01-01"}],"damages":{"percent":"1","amount":{"value":"10","currency":"USD"},"step":"day","count":"full"}}`, "damages"},
		"net 30 EOM":                       {"invoice_payment", `{"terms":"net 30 EOM"}`, "net_eom"},
		"2% 10th prox net 30":              {"invoice_payment", `{"terms":"2% 10th prox net 30"}`, "net_prox"},
		"a discount of net 30 EOM":         {"invoice_payment", `{"terms":"2/10 net 30 EOM","eom_reading":"after_month_end"}`, "discount_eom"},
		"days on a calendar that closes":   {"resolution_time", `{"target":{"value":2,"unit":"week"},"hours":{"zone":"UTC","week":[{"days":["mon","tue"],"from":"09:00","until":"17:00"}]}}`, "day_meaning"},
		"a rest of the retention":          {"invoice_payment", `{"terms":"net 30","retention":{"percent":"10","releases":[{"share":"60","event":"acceptance"}]}}`, "retention_rest"},
		"an index without a month":         {"price_escalator", `{"base_price":{"value":"5","currency":"USD"},"first_adjustment":"2026-01-01","index":"CPI","base_month":"2024-12"}`, "index_month"},
		"revenue at a point or over time":  {"revenue_schedule", `{"price":{"value":"5","currency":"USD"},"performance":[{"name":"a","ssp":"1"}]}`, "method"},
		"a variable amount without a word": {"revenue_schedule", `{"price":{"value":"5","currency":"USD"},"performance":[{"name":"a","ssp":"1","method":"output"}],"variable":[{"name":"b","method":"most_likely","outcomes":[{"value":"1","probability":"100"}]}]}`, "constraint"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := pact.Obligation{Key: "k", Kind: c.kind, Params: json.RawMessage(c.params)}
			find := func(o pact.Obligation) (pact.Ambiguity, bool) {
				for _, q := range obligation.Check(o) {
					if q.Code == c.code {
						return q, true
					}
				}
				return pact.Ambiguity{}, false
			}
			q, asked := find(o)
			if !asked || len(q.Outcomes) < 2 {
				t.Fatalf("asked %t, with the readings %+v: %+v", asked, q.Outcomes, obligation.Check(o))
			}
			for _, reading := range q.Outcomes {
				patch, ok := obligation.Settled(q, reading.Reading)
				if !ok {
					t.Errorf("nothing decides for %q", reading.Reading)
					continue
				}
				if wrong := obligation.NotAsked(o, q, patch); len(wrong) > 0 {
					t.Errorf("%q sets what the question is not about: %+v", reading.Reading, wrong)
				}
				params, err := obligation.Patch(o.Params, patch)
				if err != nil {
					t.Fatal(err)
				}
				decided := o
				decided.Params = params
				if again, still := find(decided); still {
					t.Errorf("after %q it is asked: %s (%s)", reading.Reading, again.Question, params)
				}
				for _, other := range obligation.Check(decided) {
					if other.Code == "params" {
						t.Errorf("%q makes parameters that can not be read: %s (%s)", reading.Reading, other.Question, params)
					}
				}
			}
		})
	}
}
