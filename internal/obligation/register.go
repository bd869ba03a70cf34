package obligation

import (
	"slices"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/pact"
)

// Dates are the days of a contract in lists and in other systems.
type Dates struct {
	Expires, Renews, SendBy calendar.Date
	Auto                    string // whether it renews by itself: yes, no, or "" where that is not known
}

// DatesOfContract are those that the register has.
func DatesOfContract(con pact.Contract) Dates {
	return Dates{con.ExpirationDate, con.RenewalDate, con.SendBy, yesNo(con.AutoRenewal)}
}

// Register puts the days into the register.
func (d Dates) Register(con *pact.Contract) {
	con.ExpirationDate, con.RenewalDate, con.SendBy = d.Expires, d.Renews, d.SendBy
	con.AutoRenewal = nil
	if d.Auto != "" {
		auto := d.Auto == "yes"
		con.AutoRenewal = &auto
	}
}

func yesNo(b *bool) string {
	if b == nil {
		return ""
	}
	return map[bool]string{true: "yes", false: "no"}[*b]
}

// DatesOfVersion are those that a version states or led to on the day of its publication.
func DatesOfVersion(v pact.Version) Dates {
	date := func(name string) calendar.Date {
		t, _ := v.Term(name)
		return t.Value.Date
	}
	auto, _ := v.Term("auto_renewal")
	return Dates{date("expiration_date"), date("renewal_date"), date("notice_send_by"), yesNo(auto.Value.Flag)}
}

// Registered is a contract with its amendments, as far as its dates hang on them.
type Registered struct {
	Contract    pact.ContractID
	Timeline    effective.Timeline // of the contract with its amendments (OfContract)
	Obligations []pact.Obligation  // what is judged under the contract (Stated)
	Says        Dates              // by the contract's own version
	Has         Dates              // what the register has now
	// Prevented is the first renewal that notice in time prevented, by its date (Prevented); "" where there is none.
	Prevented calendar.Date
}

// Prevented is the first renewal that notice in time prevented, among the occurrences of the notice of renewal o; "" where there is none.
func Prevented(o pact.Obligation, judged []pact.Occurrence) calendar.Date {
	var p RenewalParams
	if o.Kind != (RenewalNotice{}).Name() || decode(o.Params, &p) != nil || !p.EndsByNotice() {
		return ""
	}
	var first calendar.Date
	for _, occ := range judged {
		if day := calendar.Date(occ.Key); occ.Status == pact.Met && (first == "" || day < first) {
			first = day
		}
	}
	return first
}

// Stated lists the obligations of the versions of a contract and its amendments, each as it is stated first: one for each key and kind. Of
// another kind under the same key each holds where its document governs, and has occurrences of its own.
func Stated(versions []pact.Version) []pact.Obligation {
	var out []pact.Obligation
	for _, v := range versions {
		for _, o := range v.Obligations {
			if !slices.ContainsFunc(out, func(x pact.Obligation) bool { return x.Key == o.Key && x.Kind == o.Kind }) {
				out = append(out, o)
			}
		}
	}
	return out
}

// Dates are the days of the contract by the terms in force today; over are those of a renewal that is over and which notice may have
// prevented: then they stand. What an amendment moved goes back to what the contract itself says when the amendment is taken back, or says
// otherwise; a renewal since stays. A contract that notice ended has no renewal ahead, and ends with its term; the days come back when the
// notice is taken back.
func (r Registered) Dates(set calendar.Set, today calendar.Date) (now, over Dates) {
	now = r.Has
	switch t := r.Timeline.Term("expiration_date", today); {
	case t.Winner != nil:
		now.Expires = t.Winner.Term.Value.Date // none, where it has no end
	case len(t.Ambiguities) == 0:
		now.Expires = r.Says.Expires
	}
	o, amended, known := r.renewal(today)
	if o != nil && r.Prevented != "" {
		return Dates{Expires: r.Prevented.AddDays(-1), Auto: "no"}, over
	}
	if o != nil && now.Auto == "no" && r.Says.Auto != "no" && renewsByItself(*o) { // the notice was taken back
		now.Auto = "yes"
		defer func() {
			if next, ok := NextRenewal(*o, set, today); ok && now.Renews == "" {
				now.Renews, now.SendBy = next.RenewalDate, next.sendBy()
			}
		}()
	}
	switch {
	case !known:
		return now, over
	case o == nil:
		now.Renews, now.SendBy = r.Says.Renews, r.Says.SendBy
		return now, over
	case !amended:
		now.Renews, now.SendBy = r.unamended(*o, set, today)
	}
	if now.Renews != "" && now.Renews < today {
		over = now
	}
	if !amended && over.Renews == "" {
		return now, over
	}
	next, ok := NextRenewal(*o, set, today)
	if !ok && amended && evergreen(*o) {
		now.Renews, now.SendBy = "", ""
	}
	if !ok || !amended && next.RenewalDate <= now.Renews {
		return now, over
	}
	now.Renews, now.SendBy = next.RenewalDate, next.sendBy()
	return now, over
}

func renewsByItself(o pact.Obligation) bool {
	var p RenewalParams
	return decode(o.Params, &p) == nil && p.EndsByNotice()
}

// renewal is the notice of the renewal as the document in force on a day states it, and whether that is another than the contract; nil
// where there is none. known is false where the documents do not decide it.
func (r Registered) renewal(today calendar.Date) (o *pact.Obligation, amended, known bool) {
	kind := RenewalNotice{}.Name()
	i := slices.IndexFunc(r.Obligations, func(o pact.Obligation) bool { return o.Kind == kind && o.InheritedFrom == "" })
	if i < 0 {
		return nil, false, true
	}
	own := r.Obligations[i]
	switch t := r.Timeline.Obligation(own.Key, today); {
	case t.Winner != nil && t.Winner.Obligation.Kind == kind:
		return t.Winner.Obligation, t.Winner.Source.ContractID != r.Contract, true
	case t.Winner == nil && len(t.Ambiguities) > 0:
		return nil, false, false
	case t.Winner == nil && own.ContractID == r.Contract:
		return &own, false, true
	}
	return nil, false, true
}

// unamended are the days of renewal and of notice that the contract's own version leads to: those it was published with, or those of a
// renewal since, which the register has. Others an amendment put there that is gone.
func (r Registered) unamended(o pact.Obligation, set calendar.Set, today calendar.Date) (renews, sendBy calendar.Date) {
	has, says := r.Has, r.Says
	if says.Renews == "" {
		return has.Renews, has.SendBy
	}
	if last := min(has.Renews, today); says.Renews < last { // it may have been renewed since
		own, ok := NextRenewal(o, set, last)
		if ok && own.RenewalDate == has.Renews && own.sendBy() == has.SendBy {
			return has.Renews, has.SendBy
		}
	}
	return says.Renews, says.SendBy
}

func (r Renewal) sendBy() calendar.Date {
	if r.Notice == nil {
		return ""
	}
	return r.Notice.SendBy
}

// evergreen tells that a contract has no end at which it could renew.
func evergreen(o pact.Obligation) bool {
	var p RenewalParams
	return decode(o.Params, &p) == nil && p.Evergreen
}
