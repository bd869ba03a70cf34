package obligation

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// beside lists, for the code of a question, the parameters it is about beside the one of its own name. Those of a credit stand in the
// parameters themselves or in their credit.
var beside = map[string][]string{
	"additional_insured":   {"required", "others"},
	"affiliates":           {"eligible"},
	"after":                {"day"},
	"amount":               {"quantity", "price"},
	"anchor":               {"period"},
	"at_risk":              {"at_risk_percent", "at_risk_amount"},
	"auto_renewal":         {"renewal_term"},
	"base_month":           {"reference_month", "lag_months"},
	"business_day":         {"day_rule", "target", "hours"},
	"by":                   {"target", "hours"},
	"by_holds":             {"pauses"},
	"cap_currency":         {"convert", "cap_amount", "at_risk", "at_risk_amount", "rolling_cap", "liability_cap"},
	"charge_currency":      {"credit"},
	"claim_days":           {"minimum_span_minutes"},
	"clock":                {"clocks", "zone"},
	"constraint":           {"variable"},
	"contract_end":         {}, // it is asked, and answered, where the renewal is judged
	"conversion":           {"conversions", "prices", "eligible"},
	"currency":             {}, // the events tell, and no parameter
	"credited_for":         {}, // as the events say
	"credit":               {"credit", "tiers", "linear", "per_step", "fee_multiple", "cap_percent", "minimum_payable", "claim_days"},
	"damage_steps":         {"damages"},
	"day":                  {"after", "anchor", "business_day"},
	"day_meaning":          {"target", "day_rule", "hours"},
	"done_which":           {}, // the events tell, and no parameter
	"error_threshold":      {"error_inclusive"},
	"every_months":         {"lag_months"},
	"fast_ms":              {"slow_ms"},
	"floor_percent":        {"cap_percent"},
	"follows":              {"prices"},
	"holdover":             {"evergreen"},
	"hours_missing":        {"hours", "zone"},
	"delivery_line":        {}, // the events tell, and no parameter
	"excluded_ticket":      {},
	"moved_day":            {},
	"index":                {"fixed_percent"},
	"index_month":          {"reference_month", "lag_months"},
	"late_balance":         {"late"},
	"late_months":          {"late"},
	"make_up_periods":      {"carry_forward", "carry_percent"},
	"minimum_payable":      {"minimum_exclusive", "convert"},
	"one_time_fees":        {"credit", "tiers", "linear", "per_step", "fee_multiple", "cap_percent", "minimum_payable", "claim_days"},
	"prorate":              {"anchor"},
	"rate":                 {}, // the events tell, and no parameter
	"milestones":           {"contract_value"},
	"negative_index":       {"floor_percent"},
	"net_eom":              {"eom_reading", "terms"},
	"no_next_period":       {}, // a charge tells
	"discontinued_index":   {"successor", "fallback_percent"},
	"discount_eom":         {"discount_start", "terms"},
	"list_price":           {}, // the events tell, and no parameter
	"net_prox":             {"net_reading", "terms"},
	"no_price":             {"prices"},
	"notice":               {"delivery", "earliest"},
	"notice_about":         {}, // the events tell, and no parameter
	"notice_missing":       {"notice"},
	"percent":              {"fixed_percent", "fallback_percent", "share_percent", "margin_percent", "cap_percent", "floor_percent"},
	"performance":          {"variable"},
	"level_open":           {}, // it is asked, and answered, where the level is judged
	"level_period":         {"levels"},
	"points_gap":           {"points"},
	"reopen_window":        {"reopen_days"},
	"report_period":        {},
	reportsDiffer:          {}, // the events tell, and no parameter
	"retention_rest":       {"retention"},
	"unreported_level":     {"unreported"},
	"precedence":           {},
	"price":                {"amount", "quantity"},
	"payment_taken_back":   {}, // as the events say
	"receipt":              {}, // the event notice_received tells
	"renewal_alerts":       {"alerts"},
	"renewal_date":         {"expiration_date", "term", "start_date"},
	"renewal_date_missing": {"renewal_date", "expiration_date", "term", "start_date"},
	"bonus_steps":          {"bonus"},
	"order_line":           {}, // as the events say
	"line_unit":            {"prices", "conversions"},
	"same_number":          {}, // the events tell, and no parameter
	"set_off_currency":     {"convert", "credit"},
	"ssp":                  {"performance"},
	"started_again":        {}, // as the events say
	"term":                 {"renewal_term"},
	"tier_bounds":          {"bounds", "tiers"},
	"tier_beyond":          {"tiers"},
	"tier_gap":             {"tiers"},
	"tier_overlap":         {"tiers"},
	"total_cost":           {"performance"},
	"method":               {"performance", "variable"},
	"trigger_evidence":     {"evidence_required"},
	"ticket_service":       {}, // the events tell, and no parameter
	"trigger_time":         {}, // as the events say
	"two_prices":           {"prices"},
	"unnamed_item":         {}, // the events tell, and no parameter
	"unit":                 {"target", "day_rule", "hours"},
	"waived_due":           {"waiver"},
	"which_contract":       {},
	"base":                 {"damages"},
	"counted_by":           {"eligible"},
	"compounding":          {"late"},
	"count":                {"damages", "per_step"},
	"day_count":            {"late"},
	"month_balance":        {"late"},
	"month_count":          {"late"},
	"paid_within_days":     {"eligible"},
	"per":                  {"late"},
	"rest":                 {"retention"},
	"step":                 {"damages"},
}

// NotAsked lists what an answer changes of the parameters of an obligation that its question is not about, by member, for a form. It
// is about what its readings would set, and what its code says. A member that stays as it is changes nothing. A question
// whose code names nothing this build knows, such as one that the reading of a document left, limits no answer.
func NotAsked(o pact.Obligation, q pact.Ambiguity, patch json.RawMessage) []fault.Detail {
	about, known := subjects(o, q)
	if !known {
		return nil
	}
	after, err := Patch(o.Params, patch)
	if err != nil {
		return nil // it is refused where it is used
	}
	var out []fault.Detail
	for _, path := range changed(o.Params, after) {
		if !slices.Contains(about, path) && !slices.Contains(about, strings.SplitN(path, ".", 2)[0]) {
			out = append(out, fault.Detail{Field: path, Message: notAsked(about)})
		}
	}
	return out
}

func notAsked(about []string) string {
	if len(about) == 0 {
		return "The question is not about the parameters of the obligation, so an answer to it changes none of them."
	}
	return "The question is not about this; its answer may only set " + strings.Join(about, ", ") + "."
}

// subjects are the parameters a question is about; known is false where nothing tells.
func subjects(o pact.Obligation, q pact.Ambiguity) (about []string, known bool) {
	if q.Code == "params" { // they can not be read at all
		return nil, false
	}
	for _, x := range q.Outcomes {
		if patch, ok := Settled(q, x.Reading); ok {
			about = append(about, changed(nil, patch)...)
		}
	}
	more, listed := beside[q.Code]
	for _, name := range append([]string{q.Code}, more...) {
		if Member(o, pact.Ambiguity{Code: name}) == name {
			about = append(about, name)
		}
		if Member(o, pact.Ambiguity{Code: "credit"}) != "" && hasMember(reflect.TypeFor[CreditParams](), name) {
			about = append(about, "credit."+name)
		}
	}
	known = len(about) > 0 || listed && len(more) == 0
	for _, wrong := range Unusable(o) { // no answer is taken as long as another parameter can not be used
		about = append(about, wrong.Field)
	}
	slices.Sort(about)
	return slices.Compact(about), known
}

// changed lists the members in which two objects of parameters differ; those of a credit one by one.
func changed(before, after json.RawMessage) []string {
	var out []string
	a, b := members(before), members(after)
	for _, name := range namesOf(a, b) {
		if bytes.Equal(a[name], b[name]) {
			continue
		}
		x, y := members(a[name]), members(b[name])
		if name != "credit" || x == nil && y == nil || y == nil {
			out = append(out, name)
			continue
		}
		for _, inner := range namesOf(x, y) {
			if !bytes.Equal(x[inner], y[inner]) {
				out = append(out, name+"."+inner)
			}
		}
	}
	return out
}

// members are those of an object, each in one way of writing; nil where it is none.
func members(raw json.RawMessage) map[string]json.RawMessage {
	if len(raw) == 0 {
		return nil
	}
	plain, err := Patch(raw, json.RawMessage(`{}`)) // sorted, without spaces
	if err != nil {
		return nil
	}
	var out map[string]json.RawMessage
	if json.Unmarshal(plain, &out) != nil {
		return nil
	}
	return out
}

func namesOf(a, b map[string]json.RawMessage) []string {
	var out []string
	for name := range a {
		out = append(out, name)
	}
	for name := range b {
		out = append(out, name)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
