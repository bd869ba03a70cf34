//go:build demo

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/demo"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/samples"
)

// opportunities are the deals of the story that belong to a reviewed contract, by contract number.
var opportunities = map[string]string{ //nolint:gochecknoglobals // a table
	"SA-2023-789": "ACME – Halden Dispatch Enterprise", "SOW-2026-011": "ACME – Toledo and Akron depots", "HS-MSV-2022-031": "Lakeshore – Managed portal",
	"HS-HST-2025-152": "Veridian – Canadian hosting", "HS-PSA-2025-066": "Pinecrest – Application management",
}

// salesforce: each reviewed contract stands on its own opportunity as a careful person reads it, with the machine's values
// beside, one object for each obligation, and one task at the last day for a notice.
func (w *world) salesforce(t *testing.T) {
	state := sim[struct {
		SObjects map[string][]system `json:"sobjects"`
	}](w.ctx, t, w.d.Town.URLs.Salesforce, "/_sim/state").SObjects
	for id, want := range w.reviewed(t) {
		con := w.byID(t, id)
		name, ok := opportunities[con.Number]
		hasDeal := ok && con.Relation != "amendment" // Müller counts notice in months, which is no number of days: a person settles it
		var deal system
		if hasDeal {
			i := slices.IndexFunc(state["Opportunity"], func(o system) bool { return field(o, "Name") == name })
			if i < 0 {
				t.Fatalf("there is no opportunity %q", name)
			}
			deal = state["Opportunity"][i]
		}
		w.objects(t, con, deal, want, state["Contract_Obligation__c"])
		if !hasDeal {
			continue
		}
		w.deal(t, con, deal, want)
		w.renewalTask(t, con, deal, want, state["Task"])
	}
}

// objects: one object for each obligation, with every field of the mapping.
func (w *world) objects(t *testing.T, con pact.Contract, deal system, want samples.Expected, objects []system) {
	t.Helper()
	v := w.version(t, con)
	for _, o := range v.Obligations {
		var have []system
		for _, x := range objects {
			if field(x, "Contract_Number__c") == con.Number && field(x, "Pactloop_Key__c") == string(o.ID) {
				have = append(have, x)
			}
		}
		if len(have) != 1 {
			t.Errorf("%s: the obligation %s is in Salesforce %d times", con.Number, o.Key, len(have))
			continue
		}
		expect := map[string]string{"Name": o.Title, "Type__c": o.SaidAs(), "Responsible_Party__c": o.Bearer, "Deliverable__c": o.Deliverable, "Frequency__c": o.Frequency, "Status__c": "Pending"}
		if deal != nil {
			expect["Account__c"], expect["Opportunity__c"], expect["OwnerId"] = field(deal, "AccountId"), field(deal, "Id"), field(deal, "OwnerId")
		}
		effective, _ := expectedValue(t, want, "effective_date")
		i := slices.IndexFunc(want.Obligations, func(x samples.ExpectedObligation) bool { return x.Key == o.Key })
		if i >= 0 { // by hand, and not by what the register says of itself
			by := want.Obligations[i]
			expect["Type__c"], expect["Responsible_Party__c"], expect["Start_Date__c"] = by.Kind, by.Bearer, effective
			if by.InForceFrom != "" {
				expect["Start_Date__c"] = by.InForceFrom
			}
		}
		for column, value := range expect {
			if got := shown(have[0], column); got != value {
				t.Errorf("%s: %s of the obligation %s is %q in Salesforce, want %q", con.Number, column, o.Key, got, value)
			}
		}
	}
}

// deal: every field of the mapping as worked out by hand, with the machine's value beside it.
func (w *world) deal(t *testing.T, con pact.Contract, deal system, want samples.Expected) {
	t.Helper()
	if want.CRM == nil {
		t.Errorf("%s has a deal, and its expectations do not say what it shows", con.Number)
		return
	}
	for _, m := range w.mapped(t, "salesforce", "contract") {
		if m.Field == "Contract_Terms__c" {
			if got := field(deal, m.Field); strings.Contains(got, "usr_") || !strings.Contains(got, "reviewed by Renata Solis") {
				t.Errorf("%s: the terms in Salesforce do not say who reviewed them: %.200s", con.Number, got)
			}
		}
		if m.Const != "" || m.Field == "Contract_Terms__c" {
			continue
		}
		value, ok := want.CRM.Opportunity[m.Field]
		if !ok {
			t.Errorf("%s: the expectations do not name the mapped field %s", con.Number, m.Field)
			continue
		}
		if got := shown(deal, m.Field); !same(got, value) && !(value == "" && got == "false") { // a checkbox is never empty
			t.Errorf("%s: %s is %q in Salesforce, want %q (%s)", con.Number, m.Field, got, value, want.CRM.Why)
		}
		if m.Source == "" {
			t.Errorf("the field %s has no field beside it for what the machine read", m.Field)
		}
		w.extracted(t, con, deal, m.Term, m.Source, value)
	}
	if want := "Contract Executed"; con.Number != "HS-MSV-2022-031" && field(deal, "StageName") != want { // Lakeshore's deal was closed before
		t.Errorf("%s: the stage is %q, want %q", con.Number, field(deal, "StageName"), want)
	}
	terms := field(deal, "Contract_Terms__c")
	for _, o := range w.version(t, con).Obligations {
		if !strings.Contains(terms, "<li>"+html.EscapeString(o.Title)+"</li>") {
			t.Errorf("%s: the terms on the opportunity do not name %q: %s", con.Number, o.Title, terms)
		}
	}
	for _, x := range w.version(t, con).Terms {
		if x.Name != "title" && !strings.Contains(terms, html.EscapeString(x.Value.String())) {
			t.Errorf("%s: the terms on the opportunity do not say %s: %q is missing in %s", con.Number, x.Name, x.Value.String(), terms)
		}
	}
}

// renewalTask: one task at the last day to send notice, as worked out by hand; none where nothing renews.
func (w *world) renewalTask(t *testing.T, con pact.Contract, deal system, want samples.Expected, tasks []system) {
	t.Helper()
	i := slices.IndexFunc(want.Obligations, func(o samples.ExpectedObligation) bool { return o.Kind == "renewal_notice" })
	due := ""
	if i >= 0 {
		due = want.Obligations[i].SendBy
	}
	have := slices.DeleteFunc(slices.Clone(tasks), func(x system) bool { return field(x, "WhatId") != field(deal, "Id") })
	if due == "" {
		if len(have) > 0 {
			t.Errorf("%s has %d renewal tasks, and nothing to renew", con.Number, len(have))
		}
		return
	}
	if len(have) != 1 {
		t.Errorf("%s has %d renewal tasks, want 1", con.Number, len(have))
		return
	}
	for column, value := range map[string]string{
		"ActivityDate": due, "Subject": "Renewal decision: " + con.Title, "Status": "Not Started", "Priority": "High", "Type": "Renewal", "OwnerId": field(deal, "OwnerId"),
		"Description": fmt.Sprintf("Last day to send notice: %s. Renewal: %s. Contract: %s.", due, want.CRM.Opportunity["Contract_Renewal_Date__c"], con.Number),
	} {
		if got := field(have[0], column); got != value {
			t.Errorf("%s: %s of the renewal task is %q, want %q", con.Number, column, got, value)
		}
	}
}

// mapped are the fields of a connection's mapping for a purpose, as the API shows it.
func (w *world) mapped(t *testing.T, connection, purpose string) []pact.FieldMapping {
	t.Helper()
	m := get[struct {
		Mapping pact.Mapping `json:"mapping"`
	}](w.ctx, t, w.d.Admin, "/connections/"+w.d.State.Connections[connection]+"/mapping").Mapping
	i := slices.IndexFunc(m.Objects, func(o pact.ObjectMapping) bool { return o.For == purpose })
	if i < 0 {
		t.Fatalf("the mapping of %s has nothing for %s", connection, purpose)
	}
	return m.Objects[i].Fields
}

// shown is a field as a person sees it: nothing where there is nothing.
func shown(o system, name string) string {
	if v := field(o, name); v != "null" && v != "<nil>" {
		return v
	}
	return ""
}

// extracted: the field beside holds what the machine read; what a person typed never stands there.
func (w *world) extracted(t *testing.T, con pact.Contract, deal system, term, column, want string) {
	t.Helper()
	v := w.version(t, con)
	if read, ok := v.Term(term); ok && read.Extractor == "person" || !ok && term != "renewal_alert_date" { // which is no term
		want = ""
	}
	got := shown(deal, column)
	if want == "" && (got == "" || got == "false") { // a checkbox is never empty
		return
	}
	if !same(got, want) {
		t.Errorf("%s: %s is %q in Salesforce, want %q", con.Number, column, got, want)
	}
}

// flags: while a contract is held, its deal is marked and nothing else of it is said; the mark is raised once, and taken
// back once when the version is published. Where no deal is settled, nobody is marked, and the outbox says why.
func (w *world) flags(t *testing.T) {
	want, err := samples.LoadFlags()
	if err != nil {
		t.Fatal(err)
	}
	state := sim[struct {
		SObjects map[string][]system `json:"sobjects"`
	}](w.ctx, t, w.d.Town.URLs.Salesforce, "/_sim/state").SObjects
	told, first := map[string]int{}, map[string]string{}
	for _, r := range requests(w.ctx, t, w.d.Town.URLs.Salesforce) {
		_, deal, ok := strings.Cut(r.Path, "/sobjects/Opportunity/")
		if !r.Applied || !ok {
			continue
		}
		if first[deal] == "" {
			first[deal] = r.Body
		}
		if strings.Contains(r.Body, "Pactloop_Needs_Review__c") {
			told[deal+" "+r.Body]++
		}
	}
	total := 0
	for _, f := range want {
		con := w.contract(t, f.Contract)
		if f.Mark == "none" {
			i := slices.IndexFunc(w.actions(t, "salesforce"), func(a pact.Action) bool { return a.ContractID == con.ID && a.Kind == "needs_review_flag" })
			if i < 0 {
				t.Errorf("%s: the outbox does not say why no deal is marked (%s)", f.Contract, f.Why)
			} else if a := w.actions(t, "salesforce")[i]; a.State != pact.ActionUnmapped && (a.State != pact.ActionWithdrawn || con.CurrentVersion == 0) || a.Reason == "" {
				t.Errorf("%s: the mark is %s because of %q, want unmapped with a reason, or withdrawn after the review (%s)", f.Contract, a.State, a.Reason, f.Why)
			}
			continue
		}
		i := slices.IndexFunc(state["Opportunity"], func(o system) bool { return field(o, "Name") == f.Deal })
		if i < 0 {
			t.Fatalf("there is no opportunity %q", f.Deal)
		}
		deal := field(state["Opportunity"][i], "Id")
		on, off := `{"Pactloop_Needs_Review__c":true}`, `{"Pactloop_Needs_Review__c":false}`
		wantOff := 0
		if f.Mark == "taken_back" {
			wantOff = 1
		}
		if told[deal+" "+on] != 1 || told[deal+" "+off] != wantOff || first[deal] != on {
			t.Errorf("%s: marked %d times and taken back %d times, want 1 and %d; the first thing said of it is %.200s", f.Contract, told[deal+" "+on], told[deal+" "+off], wantOff, first[deal])
		}
		if got := field(state["Opportunity"][i], "Pactloop_Needs_Review__c"); got != fmt.Sprint(f.Mark == "raised") {
			t.Errorf("%s: the mark stands at %q", f.Contract, got)
		}
		total += 1 + wantOff
	}
	sum := 0
	for _, n := range told {
		sum += n
	}
	if sum != total {
		t.Errorf("%d marks were written, want %d: %v", sum, total, told)
	}
}

func (w *world) actions(t *testing.T, connection string) []pact.Action {
	t.Helper()
	return all[pact.Action](w.ctx, t, w.d.Admin, "/connections/"+w.d.State.Connections[connection]+"/actions")
}

// same compares as numbers where both are.
func same(a, b string) bool {
	x, errX := decimal.NewFromString(a)
	y, errY := decimal.NewFromString(b)
	return a == b || errX == nil && errY == nil && x.Equal(y)
}

// sampleTerm is what a sample says a term is; ok is false where it does not hold the term.
func sampleTerm(t *testing.T, e samples.Expected, name string) (v pact.Value, ok bool) {
	t.Helper()
	i := slices.IndexFunc(e.Terms, func(x samples.ExpectedTerm) bool { return x.Name == name })
	if i < 0 {
		return v, false
	}
	if err := json.Unmarshal(e.Terms[i].Value, &v); err != nil {
		t.Fatal(err)
	}
	return v, true
}

// expectedValue is a term as Salesforce shows it.
func expectedValue(t *testing.T, e samples.Expected, name string) (string, bool) {
	t.Helper()
	v, ok := sampleTerm(t, e, name)
	if !ok {
		return "", false
	}
	switch {
	case v.Kind == pact.EvergreenValue:
		return "", true
	case v.Money != nil:
		return v.Money.Value.String(), true
	case v.Flag != nil:
		return fmt.Sprint(*v.Flag), true
	case v.Duration != nil && v.Duration.Unit == "day":
		return fmt.Sprint(v.Duration.Value), true
	case v.Kind == pact.DateValue:
		return string(v.Date), true
	}
	return "", false
}

func (w *world) byID(t *testing.T, id string) pact.Contract {
	t.Helper()
	i := slices.IndexFunc(w.register, func(c pact.Contract) bool { return string(c.ID) == id })
	if i < 0 {
		t.Fatalf("there is no contract %s", id)
	}
	return w.register[i]
}

func (w *world) version(t *testing.T, con pact.Contract) pact.Version {
	t.Helper()
	page := get[struct {
		Version *pact.Version `json:"version"`
	}](w.ctx, t, w.d.Admin, "/contracts/"+string(con.ID))
	if page.Version == nil {
		t.Fatalf("%s has no published version", con.Number)
	}
	return *page.Version
}

// ironclad: the record shows the reviewed values, and each obligation is there once.
func (w *world) ironclad(t *testing.T) {
	state := sim[struct {
		Records     []system `json:"records"`
		Obligations []system `json:"obligations"`
	}](w.ctx, t, w.d.Town.URLs.Ironclad, "/_sim/state")
	keys := map[string]int{}
	for _, o := range state.Obligations {
		keys[property(o, "pactloopKey")]++
	}
	for id, expected := range w.reviewed(t) {
		con := w.byID(t, id)
		i := slices.IndexFunc(state.Records, func(r system) bool { return con.Source != nil && field(r, "id") == con.Source.ExternalID })
		if i < 0 {
			t.Fatalf("%s is not in Ironclad", con.Number)
		}
		r := state.Records[i]
		for term, name := range map[string]string{
			"effective_date": "effectiveDate", "expiration_date": "expirationDate", "renewal_term": "renewalTerm", "notice_period": "noticePeriod",
			"auto_renewal": "autoRenewal", "total_contract_value": "contractValue", "governing_law": "governingLaw",
		} {
			want, said := inIronclad(t, expected, term)
			if got := property(r, name); said && got != want {
				t.Errorf("%s: Ironclad shows %s as %q, want %q", con.Number, name, got, want)
			}
		}
		for _, o := range w.version(t, con).Obligations {
			if keys[string(o.ID)] != 1 {
				t.Errorf("%s: the obligation %s is in Ironclad %d times", con.Number, o.Key, keys[string(o.ID)])
			}
		}
	}
	for _, f := range w.findings {
		if keys[string(f.ID)] != 1 {
			t.Errorf("the finding %q has %d risk tasks in Ironclad, want 1", f.Title, keys[string(f.ID)])
		}
	}
}

// inIronclad is a term of the sample as Ironclad types it; not said where the sample does not hold it, or holds no value of a
// kind that Ironclad takes.
func inIronclad(t *testing.T, e samples.Expected, name string) (want string, said bool) {
	t.Helper()
	v, ok := sampleTerm(t, e, name)
	if !ok {
		return "", false
	}
	switch {
	case v.Kind == pact.DateValue:
		return string(v.Date) + "T00:00:00Z", true
	case v.Money != nil:
		return fmt.Sprintf(`{"amount":%s,"currency":%q}`, v.Money.Value, v.Money.Currency), true
	case v.Flag != nil:
		return fmt.Sprint(*v.Flag), true
	case v.Duration != nil:
		return fmt.Sprintf("P%d%s", v.Duration.Value, map[calendar.Unit]string{calendar.Day: "D", calendar.Week: "W", calendar.UnitMonth: "M", calendar.Year: "Y"}[v.Duration.Unit]), true
	case v.Text != "":
		return v.Text, true
	}
	return "", false
}

func property(o system, name string) string {
	props, _ := o["properties"].(map[string]any)
	p, _ := props[name].(map[string]any)
	return field(p, "value")
}

// clocks: every clock of the samples stands as it was worked by hand, to the instant.
func (w *world) clocks(t *testing.T) {
	want, err := samples.LoadClocks()
	if err != nil {
		t.Fatal(err)
	}
	occurrences := map[string][]pact.Occurrence{} // kind/ticket
	for _, con := range w.register {
		if con.CurrentVersion == 0 {
			continue
		}
		for _, v := range get[struct {
			Items []struct {
				Obligation  pact.Obligation   `json:"obligation"`
				Occurrences []pact.Occurrence `json:"occurrences"`
			} `json:"items"`
		}](w.ctx, t, w.d.Admin, "/contracts/"+string(con.ID)+"/obligations").Items {
			for _, o := range v.Occurrences {
				occurrences[v.Obligation.Kind+"/"+o.Key] = append(occurrences[v.Obligation.Kind+"/"+o.Key], o)
			}
		}
	}
	final := w.final(t, want.Clocks)
	for _, c := range final {
		have := live(occurrences[c.Kind+"/"+c.Ticket])
		if len(have) != 1 {
			t.Errorf("%s of %s has %d clocks that count, want 1", c.Kind, c.Ticket, len(have))
			continue
		}
		a := have[0].Assessment
		status := string(a.Status)
		if c.Verdict == "pending" && (status == "on_track" || status == "at_risk") {
			status = "pending"
		}
		if status != c.Verdict {
			t.Errorf("%s of %s is %s, want %s", c.Kind, c.Ticket, a.Status, c.Verdict)
		}
		if !a.BreachedAt.Equal(c.BreachedAt) {
			t.Errorf("%s of %s is breached at %v, want %v", c.Kind, c.Ticket, a.BreachedAt, c.BreachedAt)
		}
		if c.Verdict != "excused" && c.Verdict != "pending" { // what still runs was counted when it last changed
			if elapsed, err := time.ParseDuration(a.Elapsed); err != nil || int(elapsed.Minutes()) != c.ElapsedMinutes {
				t.Errorf("%s of %s counts %s, want %d minutes", c.Kind, c.Ticket, a.Elapsed, c.ElapsedMinutes)
			}
		}
	}
}

// final are the clocks about whose tickets the steps that were not played yet say nothing more.
func (w *world) final(t *testing.T, clocks []samples.Clock) []samples.Clock {
	t.Helper()
	story, err := samples.LoadStory()
	if err != nil {
		t.Fatal(err)
	}
	later := map[string]bool{}
	for _, s := range story.Steps[len(w.steps):] {
		later[s.ID] = true
	}
	out := slices.DeleteFunc(slices.Clone(clocks), func(c samples.Clock) bool { return later[c.ID] || c.BreachedAt.After(w.d.Town.Clock.Now()) })
	if len(out) == 0 {
		t.Error("no clock is final; the test proved nothing")
	}
	return out
}

// versions: a finding was told once for each thing that happened to its clock, and for nothing else: at risk, breached, taken
// back, ended in time.
func (w *world) versions(t *testing.T) {
	want, err := samples.LoadClocks()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range w.final(t, want.Clocks) {
		n := 0
		for _, happened := range []bool{
			!c.AtRiskAt.IsZero(), !c.BreachedAt.IsZero() || !c.RetractedFrom.IsZero(), !c.RetractedFrom.IsZero(),
			!c.AtRiskAt.IsZero() && c.Verdict == "met" && c.RetractedFrom.IsZero(),
		} {
			if happened {
				n++
			}
		}
		if c.Told > 0 {
			n = c.Told
		}
		var have []pact.Finding
		for _, f := range w.findings {
			if f.Subject == c.Ticket && f.Kind == c.Kind {
				have = append(have, f)
			}
		}
		if len(have) != min(n, 1) {
			t.Errorf("%s of %s has %d findings, want %d", c.Kind, c.Ticket, len(have), min(n, 1))
			continue
		}
		for _, f := range have {
			if f.Version != n || len(f.Corrections) != n-1 {
				t.Errorf("%s of %s has version %d with %d corrections, want %d: %q", c.Kind, c.Ticket, f.Version, len(f.Corrections), n, reasons(f))
			}
			said := reasons(f)
			slices.Sort(said)
			if len(slices.Compact(said)) != len(f.Corrections) {
				t.Errorf("%s of %s was corrected twice for one reason: %q", c.Kind, c.Ticket, reasons(f))
			}
		}
	}
}

func reasons(f pact.Finding) []string {
	var out []string
	for _, c := range f.Corrections {
		out = append(out, c.Reason)
	}
	return out
}

// live leaves out clocks that another took the place of: a priority that no longer holds, a version that does not apply.
func live(in []pact.Occurrence) []pact.Occurrence {
	if len(in) < 2 {
		return in
	}
	return slices.DeleteFunc(slices.Clone(in), func(o pact.Occurrence) bool { return o.Status == pact.Excused })
}

// messages: what was said at the threshold and at the breach, word for word.
func (w *world) messages(t *testing.T) {
	said := w.comments(t)
	for _, want := range []string{
		"Ticket #INC0010004 is at 90% of agreed 4-hour resolution window. Customer: Acme Corporation. Contract: SA-2023-789.",
		"Ticket #INC0010004 has breached the agreed 4-hour resolution window at 5 Mar 2026 07:15 UTC. Customer: Acme Corporation. Contract: SA-2023-789.",
	} {
		n := 0
		for _, s := range said {
			if strings.Contains(s, want) && strings.HasPrefix(s, "@Rosalind Tan: ") {
				n++
			}
		}
		if n != 1 {
			t.Errorf("the ticket has %d comments to its lead that say %q, want 1", n, want)
		}
	}
}

// comments are what we wrote on tickets.
func (w *world) comments(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, e := range effects(w.ctx, t, w.d.Town.URLs.ServiceNow) {
		if e.Kind == "work_notes" && strings.Contains(e.Detail, "[pk_") {
			for range e.Count {
				out = append(out, e.Detail)
			}
		}
	}
	return out
}

// alerts: a version of a finding leaves one comment, where it is about a ticket, and one mail. That a clock ended well
// closes the finding and is told to nobody.
func (w *world) alerts(t *testing.T) { w.told(t, 0) }

// told: as alerts, where the process died, or the mail server's answer was lost, while up to so many mails were handed over.
// Each of those is shown as possibly sent, and came once or not at all.
func (w *world) told(t *testing.T, uncertain int) {
	comments := 0
	left := mails(w.ctx, t, w.d)
	states := map[string]int{}
	for _, f := range w.findings {
		told := f.Version
		if f.State == pact.FindingClosed || f.State == pact.FindingWaived {
			told--
		}
		if f.RecordRef != nil {
			comments += told
			if f.Lead == "" {
				t.Errorf("%q names no lead", f.Title)
			}
		}
		letters := get[struct {
			Notifications []pact.Notification `json:"notifications"`
		}](w.ctx, t, w.d.Admin, "/findings/"+string(f.ID)).Notifications
		if len(letters) != told {
			t.Errorf("%q has %d mails, want %d: one for each version that is told", f.Title, len(letters), told)
		}
		for _, n := range letters {
			states[n.State]++
			id := ""
			for x := range left {
				if strings.HasPrefix(strings.Trim(x, "<>"), n.Key+"@") {
					id = x
				}
			}
			if copies := len(left[id]); copies > 1 || copies == 0 && n.State != "possibly_sent" {
				t.Errorf("the mail %q of %q is %s, and came %d times", n.Subject, f.Title, n.State, copies)
			}
			delete(left, id)
		}
	}
	if got := len(w.comments(t)); got != comments {
		t.Errorf("%d comments on tickets, want %d: one for each version of a finding", got, comments)
	}
	for id := range left {
		t.Errorf("the mail %q belongs to no version of a finding", id)
	}
	if states["sent"] == 0 || states["pending"]+states["failed"] > 0 || states["possibly_sent"] > uncertain {
		t.Errorf("the mails are %v, want all sent but %d at most", states, uncertain)
	}
}

// clauses: a finding quotes the clause it was judged by, of the amendment where that had replaced the contract's.
func (w *world) clauses(t *testing.T) {
	obligations := map[pact.ObligationID]pact.Obligation{}
	replaced := 0
	for _, con := range w.register {
		if con.CurrentVersion == 0 {
			continue
		}
		for _, v := range get[struct {
			Items []struct {
				Obligation pact.Obligation `json:"obligation"`
				Replaced   *struct {
					ContractID pact.ContractID `json:"contract_id"`
				} `json:"replaced"`
				Occurrences []pact.Occurrence `json:"occurrences"`
			} `json:"items"`
		}](w.ctx, t, w.d.Admin, "/contracts/"+string(con.ID)+"/obligations").Items {
			obligations[v.Obligation.ID] = v.Obligation
			if v.Replaced != nil {
				replaced++
				if by := w.byID(t, string(v.Replaced.ContractID)); by.Relation != "amendment" {
					t.Errorf("%s: %s is replaced by %s, which is no amendment", con.Number, v.Obligation.Key, by.Number)
				}
			}
			for _, occ := range v.Occurrences {
				if occ.Assessment.GovernedBy != "" && occ.Assessment.GovernedBy != v.Obligation.ID {
					t.Errorf("%s: %s stands under %s, and was judged by another", con.Number, occ.Key, v.Obligation.Key)
				}
			}
		}
	}
	amended := 0
	for _, f := range w.findings {
		o, ok := obligations[f.Assessment.GovernedBy]
		if !ok {
			t.Errorf("the finding %q does not say which obligation governs", f.Title)
			continue
		}
		if f.Assessment.GovernedBy != f.ObligationID {
			amended++
		}
		most := len(o.Evidence) // and then the clauses that its steps cite beside its own, of the clocks of a level, each once
		for _, id := range f.Assessment.AlsoBy {
			most += len(obligations[id].Evidence)
		}
		if n := len(f.Clause); n < len(o.Evidence) || n > most {
			t.Errorf("the finding %q has %d quotes, its clauses between %d and %d", f.Title, n, len(o.Evidence), most)
			continue
		}
		for i := range o.Evidence {
			if a, b := f.Clause[i].Passage, o.Evidence[i].Passage; a != nil && b != nil && (a.Quote != b.Quote || a.DocumentID != b.DocumentID) {
				t.Errorf("the finding %q quotes %q, its clause is %q", f.Title, a.Quote, b.Quote)
			}
		}
	}
	if amended == 0 || replaced == 0 {
		t.Errorf("%d findings were judged by an amendment, and %d obligations are replaced; the story tells of some", amended, replaced)
	}
}

func (w *world) retracted(t *testing.T) {
	clocks, err := samples.LoadClocks()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range w.final(t, clocks.Clocks) {
		i := slices.IndexFunc(w.findings, func(f pact.Finding) bool { return f.Subject == c.Ticket && f.Kind == c.Kind })
		switch {
		case !c.RetractedFrom.IsZero():
			if i < 0 || w.findings[i].State != pact.FindingCorrected || w.findings[i].Assessment.Status != pact.Met {
				t.Errorf("the breach of %s was not corrected", c.Ticket)
				continue
			}
			cs := w.findings[i].Corrections
			last := cs[len(cs)-1]
			if last.Reason == "" || !last.Earlier.BreachedAt.Equal(c.RetractedFrom) {
				t.Errorf("%s: corrected because of %q from a breach at %v, want a reason and %v", c.Ticket, last.Reason, last.Earlier.BreachedAt, c.RetractedFrom)
			}
		case c.Verdict == "breached":
			if i < 0 || w.findings[i].Severity != "breach" || w.findings[i].State != pact.FindingOpen || !w.findings[i].OccurredAt.Equal(c.BreachedAt) {
				t.Errorf("%s of %s has no open finding of a breach at %v", c.Kind, c.Ticket, c.BreachedAt)
			}
		}
	}
}

// uptime: the month to the minute, and the money that follows or does not.
func (w *world) uptime(t *testing.T) {
	clocks, err := samples.LoadClocks()
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range clocks.Availability {
		con := w.contract(t, u.Contract)
		i := slices.IndexFunc(w.findings, func(f pact.Finding) bool { return f.ContractID == con.ID && f.Kind == "availability" })
		if i < 0 {
			t.Errorf("%s has no finding about its uptime", u.Contract)
			continue
		}
		f := w.findings[i]
		page := get[struct {
			Occurrence *pact.Occurrence `json:"occurrence"`
		}](w.ctx, t, w.d.Admin, "/findings/"+string(f.ID))
		if page.Occurrence == nil || page.Occurrence.Assessment.Measured != u.Percent {
			t.Errorf("%s: measured %+v, want %s", u.Contract, page.Occurrence, u.Percent)
		}
		switch u.State {
		case "due":
			if f.Amount == nil || f.Amount.Value.StringFixed(2) != u.Credit || f.Amount.Currency != "USD" || string(f.ClaimBy) != u.ClaimBy || f.Credit != pact.CreditWaiting {
				t.Errorf("%s: %v %s by %s, want USD %s waiting for an approver, by %s", u.Contract, f.Amount, f.Credit, f.ClaimBy, u.Credit, u.ClaimBy)
			}
		case "needs_charge":
			if f.Amount != nil || f.Credit != pact.CreditNeedsCharge || string(f.ClaimBy) != u.ClaimBy {
				t.Errorf("%s: %v %s by %s, want no amount, needs_charge, by %s", u.Contract, f.Amount, f.Credit, f.ClaimBy, u.ClaimBy)
			}
		default: // the month falls between two rows of the table: a question, and no amount is picked
			if f.Amount != nil || f.Credit != pact.CreditAmbiguous || len(f.Assessment.Ambiguities) == 0 {
				t.Errorf("%s: %v %s with the questions %v, want no amount and a question", u.Contract, f.Amount, f.Credit, f.Assessment.Ambiguities)
			}
		}
	}
}

// families: a late payment, a wrong price, a gap in cover and a late deliverable are found as worked by hand, each once.
func (w *world) families(t *testing.T) {
	want, err := samples.LoadVariances()
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range want {
		con := w.contract(t, x.Contract)
		keys := map[pact.ObligationID]string{}
		occurrences := map[pact.OccurrenceID]pact.Occurrence{}
		for _, v := range get[struct {
			Items []struct {
				Obligation  pact.Obligation   `json:"obligation"`
				Occurrences []pact.Occurrence `json:"occurrences"`
			} `json:"items"`
		}](w.ctx, t, w.d.Admin, "/contracts/"+string(con.ID)+"/obligations").Items {
			keys[v.Obligation.ID] = v.Obligation.Key
			for _, o := range v.Occurrences {
				occurrences[o.ID] = o
			}
		}
		found := 0
		for _, f := range w.findings {
			if f.ContractID != con.ID || keys[f.ObligationID] != x.Obligation {
				continue
			}
			found++
			amount := ""
			if f.Amount != nil {
				amount = f.Amount.String()
			}
			if key := occurrences[f.OccurrenceID].Key; key != x.Key || string(f.Assessment.Status) != x.Status || f.Severity != x.Severity || amount != x.Amount {
				t.Errorf("%s: %q about %s is a %s, %s, %q; want %s, %s, %s, %q (%s)", x.Family, f.Title, key, f.Severity, f.Assessment.Status, amount, x.Key, x.Severity, x.Status, x.Amount, x.Why)
			}
			if x.Measured != "" && f.Assessment.Measured != x.Measured {
				t.Errorf("%s: %q says %s, want %s", x.Family, f.Title, f.Assessment.Measured, x.Measured)
			}
			for _, words := range x.Clauses {
				if !slices.ContainsFunc(f.Clause, func(e pact.Evidence) bool {
					return e.Passage != nil && strings.Contains(strings.Join(strings.Fields(e.Passage.Quote), " "), words)
				}) {
					t.Errorf("%s: %q quotes nowhere %q: %+v", x.Family, f.Title, words, f.Clause)
				}
			}
		}
		if found != 1 {
			t.Errorf("%s: %s of %s has %d findings, want 1", x.Family, x.Obligation, x.Contract, found)
		}
	}
}

// fourEyes: the reviewer of the contract may not approve its money, a viewer may not either, and the approver may.
func (w *world) fourEyes(t *testing.T) {
	type row struct {
		Approval pact.Approval `json:"approval"`
	}
	waiting := all[row](w.ctx, t, w.d.Admin, "/approvals?state=waiting")
	if len(waiting) != 1 {
		t.Fatalf("%d approvals wait, want 1", len(waiting))
	}
	a := waiting[0].Approval
	path, body := "/approvals/"+string(a.ID)+"/decision", map[string]any{"kind": "approve", "reason": "as the clause says", "revision": a.Revision}
	if got := do(w.ctx, as(w.ctx, t, w.d, demo.ReviewerEmail), http.MethodPost, path, body); got != http.StatusForbidden {
		t.Errorf("the reviewer's approval is answered with %d, want 403", got)
	}
	if got := w.approveAsPromotedReviewer(t, path, body); got != http.StatusForbidden {
		t.Errorf("the reviewer, made an approver, is answered with %d, want 403: four eyes", got)
	}
	if got := do(w.ctx, as(w.ctx, t, w.d, demo.ApproverEmail), http.MethodPost, path, body); got != http.StatusOK {
		t.Errorf("the approver is answered with %d", got)
	}
	f := get[struct {
		Finding pact.Finding `json:"finding"`
	}](w.ctx, t, w.d.Admin, "/findings/"+string(a.FindingID)).Finding
	if f.Credit != pact.CreditDue {
		t.Errorf("the approved credit is %s, want due", f.Credit)
	}
}

// approveAsPromotedReviewer gives the reviewer the approver's role for one try: who reviewed stays who reviewed.
func (w *world) approveAsPromotedReviewer(t *testing.T, path string, body any) int {
	t.Helper()
	users := get[struct {
		Items []pact.User `json:"items"`
	}](w.ctx, t, w.d.Admin, "/users").Items
	i := slices.IndexFunc(users, func(u pact.User) bool { return u.Email == demo.ReviewerEmail })
	if i < 0 {
		t.Fatal("the reviewer is not among the people")
	}
	change := func(role pact.Role) {
		u := get[struct {
			Items []pact.User `json:"items"`
		}](w.ctx, t, w.d.Admin, "/users").Items[i]
		if err := w.d.Admin.Do(w.ctx, http.MethodPut, "/users/"+string(u.ID), map[string]any{"role": role, "revision": u.Revision}, nil); err != nil {
			t.Fatal(err)
		}
	}
	change(pact.Approver)
	defer change(pact.Reviewer)
	return do(w.ctx, as(w.ctx, t, w.d, demo.ReviewerEmail), http.MethodPost, path, body)
}

// goesOn: a stop and a start lose nothing, here or in the stand-ins; the trail verifies on the stopped folder too, and one
// changed byte is named.
func goesOn(ctx context.Context, t *testing.T, d *demo.Demo, data string) {
	t.Helper()
	before := len(all[pact.Contract](ctx, t, d.Admin, "/contracts"))
	deals := dealsOf(ctx, t, d)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	auditOnDisk(ctx, t, data)
	again := town(ctx, t, demo.Config{Data: data})
	if err := again.Play(ctx, nil); err != nil {
		t.Fatal(err)
	}
	if after := len(all[pact.Contract](ctx, t, again.Admin, "/contracts")); after != before {
		t.Errorf("%d contracts after the start, %d before", after, before)
	}
	if got := dealsOf(ctx, t, again); got != deals {
		t.Errorf("Salesforce forgot something:\n%s\nbefore:\n%s", got, deals)
	}
	if len(mails(ctx, t, again)) == 0 {
		t.Error("the mailbox is empty after the start")
	}
	verified(ctx, t, again)
}

func dealsOf(ctx context.Context, t *testing.T, d *demo.Demo) string {
	t.Helper()
	var b strings.Builder
	for _, o := range sim[struct {
		SObjects map[string][]system `json:"sobjects"`
	}](ctx, t, d.Town.URLs.Salesforce, "/_sim/state").SObjects["Opportunity"] {
		fmt.Fprintln(&b, field(o, "Name"), field(o, "StageName"), field(o, "Contract_Effective_Date__c"), field(o, "Total_Contract_Value__c"))
	}
	return b.String()
}
