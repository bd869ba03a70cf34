package review

import (
	"encoding/json"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// derive adds what follows from reviewed terms: the expiration date, the obligation to watch the renewal, the next renewal
// date and the last safe day to send notice. Each carries its derivation, so that it can be computed again. What the
// contract says itself always stands.
func derive(v *pact.Version, today calendar.Date) {
	start, _ := v.Term("effective_date")
	term, hasTerm := v.Term("term")
	if _, said := v.Term("expiration_date"); !said && hasTerm && start.Value.Date != "" && term.Value.Duration != nil {
		if end := calendar.TermEnd(start.Value.Date, *term.Value.Duration); end != "" {
			addDerived(v, "expiration_date", end, "effective_date + term - 1 day", map[string]string{"effective_date": string(start.Value.Date), "term": term.Value.Duration.String()})
		}
	}
	watchRenewal(v)
	for i := range v.Obligations {
		v.Obligations[i] = obligation.Complete(v.Obligations[i], v.Terms)
	}
	deriveNotice(v, today)
}

// deriveNotice fills in the next renewal and the last safe day to send notice: with a receipt that is deemed to come later than the sending,
// the day on which it must be sent to be there in time.
func deriveNotice(v *pact.Version, today calendar.Date) {
	i := slices.IndexFunc(v.Obligations, func(o pact.Obligation) bool { return o.Kind == "renewal_notice" })
	if i < 0 {
		return
	}
	var p obligation.RenewalParams
	if json.Unmarshal(v.Obligations[i].Params, &p) != nil {
		return
	}
	renewals, err := p.Renewals(calendar.Set{}, calendar.Period{From: today})
	if err != nil || len(renewals) == 0 {
		return
	}
	next := renewals[0]
	addDerived(v, "renewal_date", next.RenewalDate, "first renewal on or after the day of publication", map[string]string{"today": string(today)})
	if next.Notice != nil {
		addDerived(v, "notice_send_by", next.Notice.SendBy, "renewal - notice period, rolled to the earlier business day", map[string]string{"renewal_date": string(next.RenewalDate), "notice_period": p.Notice.String()})
	}
}

// deriveAgain computes the days of notice anew for a version whose parameters changed. What the contract says itself stands.
func deriveAgain(v *pact.Version, today calendar.Date) {
	v.Terms = slices.DeleteFunc(slices.Clone(v.Terms), func(t pact.Term) bool {
		return t.Derivation != nil && t.Extractor == "derived" && (t.Name == "renewal_date" || t.Name == "notice_send_by")
	})
	deriveNotice(v, today)
}

func addDerived(v *pact.Version, name string, date calendar.Date, rule string, inputs map[string]string) {
	if _, said := v.Term(name); said || date == "" {
		return
	}
	v.Terms = append(v.Terms, pact.Term{
		Name: name, Value: pact.OnDate(date), Derivation: &pact.Derivation{Rule: rule, Inputs: inputs}, Confidence: decimal.NewFromInt(1), Verification: pact.Verified, Extractor: "derived",
	})
}

// watchRenewal adds the obligation to watch the notice day where the terms give a notice period and no passage gave the
// obligation itself.
func watchRenewal(v *pact.Version) {
	notice, ok := v.Term("notice_period")
	if !ok || notice.Value.Duration == nil || slices.ContainsFunc(v.Obligations, func(o pact.Obligation) bool { return o.Kind == "renewal_notice" }) {
		return
	}
	renews, ok := v.Term("auto_renewal")
	if !ok {
		return
	}
	v.Obligations = append(v.Obligations, pact.Obligation{
		Key: "renewal_notice", Kind: "renewal_notice", Title: "Decide on the renewal and send notice in time", Params: json.RawMessage(`{}`),
		Evidence: notice.Evidence, Confidence: decimal.Min(notice.Confidence, renews.Confidence), Verification: notice.Verification, DocumentID: notice.DocumentID, DecisionID: notice.DecisionID,
	})
}
