package exchange_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/exchange"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/insight"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

const byItself = `{"expiration_date":"2026-08-31","auto_renewal":true,"renewal_term":{"value":12,"unit":"month"},"notice":{"value":90,"unit":"day"}}`

// outlookRow judges a renewal and gives its line of the outlook.
func outlookRow(t *testing.T, h *apitest.House, con pact.Contract, renewal string) insight.RenewalRow {
	t.Helper()
	judged(t, h, con, renewal)
	p, err := h.Insight.Outlook(storetest.As(t, pact.Viewer, "north"), insight.RenewalFilter{Days: 365}, 10, "")
	if err != nil || len(p.Items) == 0 {
		t.Fatalf("%+v %v", p, err)
	}
	return p.Items[0]
}

func TestARenewalIsLetGoWithoutNoticeUntilThatIsTakenBack(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := renewing(t, h, "north", byItself)
		lookAt := func(day calendar.Date) {
			t.Helper()
			h.Clock.Set(day.Time())
			if err := h.Watch.Monitor(storetest.System(t), job.Monitor{ContractID: con.ID}); err != nil {
				t.Fatal(err)
			}
		}
		finding := func() pact.Finding {
			t.Helper()
			return apitest.One(t, h.Store.Reads().Findings, store.Eq("contract_id", con.ID))
		}
		lookAt("2026-05-20") // within the alerts: notice has to be sent by 2 June
		if f := finding(); f.State != pact.FindingOpen || f.Severity != "at_risk" {
			t.Fatalf("the alert is %s, %s", f.State, f.Severity)
		}
		by, d := storetest.As(t, pact.Reviewer, "north"), exchange.RenewalDecision{Renewal: "2026-09-01", Decision: "renew", Reason: "the price is right", Note: "minutes of 19 May"}
		e, err := h.Exchange.DecideRenewal(by, con.ID, d)
		if err != nil || e.Kind != "renewal_decided" || e.MatchedBy != "decided by reviewer" || e.Data.Date != "2026-05-20" {
			t.Fatalf("%+v %v", e, err)
		}
		r := outlookRow(t, h, con, "2026-09-01")
		if r.Notice != insight.WillRenew || r.RenewalDate != "2026-09-01" || r.Decision == nil || r.Decision.Reason != d.Reason || r.Decision.Note != d.Note || r.Decision.ActorID != "usr_reviewer" || r.Sent != nil {
			t.Errorf("decided: %+v %+v", r, r.Decision)
		}
		if f := finding(); f.State != pact.FindingClosed || f.Corrections[len(f.Corrections)-1].Reason != "It was decided that no notice is sent." {
			t.Errorf("the alert is %s: %+v", f.State, f.Corrections)
		}
		if next, err := h.Insight.NextRenewal(storetest.As(t, pact.Viewer, "north"), con.ID); err != nil || next == nil || next.Notice != insight.WillRenew {
			t.Errorf("the page of the contract has %+v %v", next, err)
		}
		moments, err := h.Insight.Timeline(storetest.As(t, pact.Viewer, "north"), con.ID)
		if err != nil || !slices.ContainsFunc(moments, func(m insight.Moment) bool {
			return m.Title == "Decided to let it renew on 2026-09-01" && m.Detail == "decided by reviewer. the price is right. minutes of 19 May."
		}) {
			t.Errorf("the timeline has %+v %v", moments, err)
		}
		log, err := h.Store.Audit().List(storetest.System(t), store.AuditQuery{Subject: string(con.ID), Act: "renewal.decide"})
		if err != nil || len(log.Items) != 1 || log.Items[0].ActorID != "usr_reviewer" || log.Items[0].Notes["decision"] != "renew" || log.Items[0].Notes["reason"] != d.Reason {
			t.Errorf("%+v %v", log.Items, err)
		}
		lookAt("2026-06-10") // after the last day to send notice, and nobody was told more
		if f := finding(); f.State != pact.FindingClosed {
			t.Errorf("after the last day the alert is %s", f.State)
		}
		if r := outlookRow(t, h, con, "2026-09-01"); r.Notice != insight.WillRenew {
			t.Errorf("after the last day: %s", r.Notice)
		}
		h.Clock.Set(calendar.Date("2026-05-21").Time())
		back, err := h.Exchange.TakeBackDecision(by, con.ID, exchange.TakenBack{EventID: e.ID, Reason: "the board wants another offer"})
		if err != nil || back.Kind != "correction" || back.Replaces != e.ID {
			t.Fatalf("%+v %v", back, err)
		}
		h.Clock.Set(calendar.Date("2026-06-11").Time())
		if r := outlookRow(t, h, con, "2026-09-01"); r.Notice != insight.NoticeLate || r.Decision != nil {
			t.Errorf("taken back: %+v", r)
		}
	})
}

func TestWhatIsDecidedLastAboutARenewalCounts(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) { // it is 2 March 2026
		con := renewing(t, h, "north", byItself)
		by := storetest.As(t, pact.Reviewer, "north")
		decide := func(what string) pact.Event {
			t.Helper()
			e, err := h.Exchange.DecideRenewal(by, con.ID, exchange.RenewalDecision{Renewal: "2026-09-01", Decision: what, Reason: "so it was agreed"})
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			return e
		}
		is := func(what string, want insight.NoticeState) insight.RenewalRow {
			t.Helper()
			r := outlookRow(t, h, con, "2026-09-01")
			if r.Notice != want {
				t.Errorf("%s: %s, want %s", what, r.Notice, want)
			}
			return r
		}
		decide("negotiate")
		if r := is("negotiated", insight.Negotiating); r.DaysLeft == nil {
			t.Error("while it is negotiated nobody sees the days left")
		}
		decide("renew")
		is("decided after negotiating", insight.WillRenew)
		sent, err := h.Exchange.RecordNotice(by, con.ID, exchange.SentNotice{Renewal: "2026-09-01", SentOn: "2026-03-02", Reference: "RL 1"})
		if err != nil {
			t.Fatal(err)
		}
		if r := is("notice after the decision", insight.NoticeSent); r.Decision != nil || r.Sent == nil {
			t.Errorf("notice after the decision: %+v", r)
		}
		if _, err := h.Exchange.DecideRenewal(by, con.ID, exchange.RenewalDecision{Renewal: "2026-09-01", Decision: "negotiate", Reason: "perhaps"}); !fault.Is(err, fault.Conflict) {
			t.Errorf("negotiating over a notice: %v", err)
		}
		colleague := pact.WithActor(t.Context(), pact.Actor{ID: "usr_other", Kind: "person", Role: pact.Reviewer, Units: []string{"north"}})
		if _, err := h.Exchange.DecideRenewal(colleague, con.ID, exchange.RenewalDecision{Renewal: "2026-09-01", Decision: "renew", Reason: "so it was agreed"}); !fault.Is(err, fault.Denied) {
			t.Errorf("a colleague over a notice: %v", err)
		}
		is("refused", insight.NoticeSent)
		decide("renew")
		is("decided after the notice", insight.WillRenew)
		if gone, err := h.Store.Reads().Events.Count(storetest.System(t), store.Where(store.Eq("replaces", sent.ID))); err != nil || gone != 1 {
			t.Errorf("the notice is replaced %d times, %v", gone, err)
		}
		again, err := h.Exchange.RecordNotice(by, con.ID, exchange.SentNotice{Renewal: "2026-09-01", SentOn: "2026-03-02"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Exchange.TakeBackNotice(by, con.ID, exchange.TakenBack{EventID: again.ID, Reason: "a slip"}); err != nil {
			t.Fatal(err)
		}
		is("the notice taken back", insight.NoticeOpen) // what it took the place of does not come back by itself
	})
}

func TestANoticeOfTheOtherSideIsNoMatterOfADecisionHere(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := renewing(t, h, "north", byItself)
		got, err := h.Exchange.TakeEvents(storetest.As(t, pact.Connector, "north"), "north", []pact.Event{{ExternalID: "n", Kind: "notice_received", Subject: "2026-09-01", OccurredAt: h.Clock.Now().Add(-time.Hour), Data: pact.EventData{Contract: con.Number}}})
		if err != nil || len(got.Events) != 1 || got.Events[0].ContractID != con.FamilyID {
			t.Fatalf("%+v %v", got, err)
		}
		if r := outlookRow(t, h, con, "2026-09-01"); r.Notice != insight.NoticeSent {
			t.Fatalf("%+v", r)
		}
		if _, err := h.Exchange.DecideRenewal(storetest.As(t, pact.Admin, "north"), con.ID, exchange.RenewalDecision{Renewal: "2026-09-01", Decision: "renew", Reason: "we like it"}); !fault.Is(err, fault.Conflict) {
			t.Errorf("decided over a notice of the other side: %v", err)
		}
	})
}

func TestADecisionFollowsTheTermsInForce(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{}) // it is 2 March 2026
	by := storetest.As(t, pact.Reviewer, "north")
	renew := exchange.RenewalDecision{Renewal: "2026-09-01", Decision: "renew", Reason: "we like it"}
	byItself := renewing(t, h, "north", byItself)
	no := false
	amendTerms(t, h, byItself, "2026-03-01", pact.Term{Name: "auto_renewal", Value: pact.Value{Kind: pact.FlagValue, Flag: &no}, Verification: pact.Verified})
	if r := outlookRow(t, h, byItself, "2026-09-01"); r.WithoutNotice != "end" {
		t.Errorf("the outlook says that it would %s without notice", r.WithoutNotice)
	}
	if _, err := h.Exchange.DecideRenewal(by, byItself.ID, renew); !fault.Is(err, fault.Invalid) {
		t.Errorf("to renew what does not renew by itself any more: %v", err)
	}
	end := renew
	end.Decision = "end"
	if _, err := h.Exchange.DecideRenewal(by, byItself.ID, end); err != nil {
		t.Errorf("to let it end, as the amendment says: %v", err)
	}
}

// amendTerms publishes an amendment that changes terms of a contract from a day on.
func amendTerms(t *testing.T, h *apitest.House, con pact.Contract, from calendar.Date, terms ...pact.Term) {
	t.Helper()
	var am pact.Contract
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		id := pact.NewID[pact.ContractID]("con", tx.Now)
		am = pact.Contract{ID: id, BusinessUnit: "north", FamilyID: con.FamilyID, ParentID: con.ID, Relation: "amendment", Number: "R-1-A1", Title: "Amendment 1", State: pact.ContractActive, Phase: "full", CurrentVersion: 1, SourceKey: string(id)}
		if err := tx.Contracts.Insert(ctx, &am); err != nil {
			return err
		}
		return tx.Versions.Insert(ctx, &pact.Version{BusinessUnit: "north", ContractID: id, Number: 1, PublishedBy: "test", PublishedAt: tx.Now, EffectiveFrom: from, Terms: terms})
	})
	if err := h.Watch.Monitor(storetest.System(t), job.Monitor{ContractID: am.ID, Version: 1}); err != nil {
		t.Fatal(err)
	}
}

func TestNothingIsDecidedAfterTheLastDayOfAnAmendedNotice(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{}) // it is 2 March 2026
	con := renewing(t, h, "north", byItself)
	amendTerms(t, h, con, "2026-03-01", pact.Term{Name: "notice_period", Value: pact.Value{Kind: pact.DurationValue, Duration: &calendar.Duration{Value: 190, Unit: calendar.Day}}, Verification: pact.Verified})
	if r := outlookRow(t, h, con, "2026-09-01"); r.SendBy != "2026-02-20" || r.Notice != insight.NoticeLate {
		t.Errorf("190 days before 31 August, rolled to a business day before: %s, %s", r.SendBy, r.Notice)
	}
	d := exchange.RenewalDecision{Renewal: "2026-09-01", Decision: "renew", Reason: "we like it"}
	if _, err := h.Exchange.DecideRenewal(storetest.As(t, pact.Reviewer, "north"), con.ID, d); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "2026-02-20") {
		t.Errorf("decided after the last day: %v", err)
	}
}

func TestANoticeThatDoesNotCountTakesNoDecisionBack(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})                                                                    // it is 2 March 2026
	con := renewing(t, h, "north", strings.TrimSuffix(byItself, "}")+`,"earliest":{"value":120,"unit":"day"}}`) // from 3 May on
	by := storetest.As(t, pact.Reviewer, "north")
	d := exchange.RenewalDecision{Renewal: "2026-09-01", Decision: "renew", Reason: "the price is right"}
	if _, err := h.Exchange.DecideRenewal(by, con.ID, d); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Exchange.RecordNotice(by, con.ID, exchange.SentNotice{Renewal: "2026-09-01", SentOn: "2026-03-02"}); err != nil {
		t.Fatal(err)
	}
	if r := outlookRow(t, h, con, "2026-09-01"); r.Notice != insight.WillRenew || r.Decision == nil {
		t.Errorf("after a notice that is too early to count: %s, %+v", r.Notice, r.Decision)
	}
	h.Clock.Set(calendar.Date("2026-05-10").Time())
	if _, err := h.Exchange.RecordNotice(by, con.ID, exchange.SentNotice{Renewal: "2026-09-01", SentOn: "2026-05-10"}); err != nil {
		t.Fatal(err)
	}
	if r := outlookRow(t, h, con, "2026-09-01"); r.Notice != insight.NoticeSent || r.Decision != nil {
		t.Errorf("after a notice that counts: %s, %+v", r.Notice, r.Decision)
	}
}

func TestANoticeThatWaitsForItsReceiptStandsUntilItIsDecidedOtherwise(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) { // it is 2 March 2026
		con := renewing(t, h, "north", strings.TrimSuffix(byItself, "}")+`,"delivery":{"method":"courier"}}`)
		by := storetest.As(t, pact.Reviewer, "north")
		d := exchange.RenewalDecision{Renewal: "2026-09-01", Decision: "renew", Reason: "the price is right"}
		if _, err := h.Exchange.RecordNotice(by, con.ID, exchange.SentNotice{Renewal: "2026-09-01", SentOn: "2026-03-01"}); err != nil {
			t.Fatal(err)
		}
		if r := outlookRow(t, h, con, "2026-09-01"); r.Sent == nil || r.Sent.DaysLate != 0 || r.Question == "" || r.Notice != insight.NoticeOpen {
			t.Errorf("by courier: %+v %+v", r, r.Sent)
		}
		if _, err := h.Exchange.DecideRenewal(by, con.ID, d); err != nil {
			t.Fatal(err)
		}
		if r := outlookRow(t, h, con, "2026-09-01"); r.Notice != insight.WillRenew || r.Sent != nil || r.Question != "" {
			t.Errorf("decided over a notice of one's own: %+v", r)
		}
		got, err := h.Exchange.TakeEvents(storetest.As(t, pact.Connector, "north"), "north", []pact.Event{{ExternalID: "n", Kind: "notice_sent", Subject: "2026-09-01", OccurredAt: h.Clock.Now(), Data: pact.EventData{Contract: con.Number}}})
		if err != nil || len(got.Events) != 1 {
			t.Fatalf("%+v %v", got, err)
		}
		if r := outlookRow(t, h, con, "2026-09-01"); r.Notice != insight.NoticeOpen || r.Question == "" {
			t.Fatalf("reported after the decision: %+v", r)
		}
		d.Reason = "still"
		d.Decision = "negotiate"
		if _, err := h.Exchange.DecideRenewal(by, con.ID, d); !fault.Is(err, fault.Conflict) {
			t.Errorf("decided over a notice that another system reported: %v", err)
		}
	})
}

func TestADecisionThatCanNotBeIsRefused(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{}) // it is 2 March 2026
	con := renewing(t, h, "north", byItself)
	ever := renewing(t, h, "north", `{"evergreen":true,"notice":{"value":60,"unit":"day"}}`)
	option := renewing(t, h, "north", `{"expiration_date":"2026-08-31","auto_renewal":false,"option":true,"notice":{"value":90,"unit":"day"}}`)
	over := renewing(t, h, "north", `{"expiration_date":"2026-05-01","auto_renewal":true,"renewal_term":{"value":12,"unit":"month"},"notice":{"value":90,"unit":"day"}}`)
	by := storetest.As(t, pact.Reviewer, "north")
	renew := exchange.RenewalDecision{Renewal: "2026-09-01", Decision: "renew", Reason: "we like it"}
	with := func(set func(d *exchange.RenewalDecision)) exchange.RenewalDecision {
		d := renew
		set(&d)
		return d
	}
	for _, c := range []struct {
		what string
		ctx  context.Context
		con  pact.Contract
		d    exchange.RenewalDecision
		want fault.Kind
	}{
		{"a viewer", storetest.As(t, pact.Viewer, "north"), con, renew, fault.Denied},
		{"another unit", storetest.As(t, pact.Reviewer, "south"), con, renew, fault.NotFound},
		{"without a reason", by, con, with(func(d *exchange.RenewalDecision) { d.Reason = " " }), fault.Invalid},
		{"no decision", by, con, with(func(d *exchange.RenewalDecision) { d.Decision = "perhaps" }), fault.Invalid},
		{"no renewal", by, con, with(func(d *exchange.RenewalDecision) { d.Renewal = "2026-10-01" }), fault.Invalid},
		{"a day ahead", by, con, with(func(d *exchange.RenewalDecision) { d.DecidedOn = "2026-03-09" }), fault.Invalid},
		{"no date", by, con, with(func(d *exchange.RenewalDecision) { d.DecidedOn = "yesterday" }), fault.Invalid},
		{"to end what renews by itself", by, con, with(func(d *exchange.RenewalDecision) { d.Decision = "end" }), fault.Invalid},
		{"a contract without a renewal", by, ever, with(func(d *exchange.RenewalDecision) { d.Renewal = "evergreen" }), fault.Invalid},
		{"to renew what does not renew by itself", by, option, renew, fault.Invalid},
		{"after the last day", by, over, with(func(d *exchange.RenewalDecision) { d.Renewal = "2026-05-02" }), fault.Invalid},
	} {
		if _, err := h.Exchange.DecideRenewal(c.ctx, c.con.ID, c.d); !fault.Is(err, c.want) {
			t.Errorf("%s: %v, want %s", c.what, err, c.want)
		}
	}
	if _, err := h.Exchange.DecideRenewal(by, option.ID, with(func(d *exchange.RenewalDecision) { d.Decision = "end" })); err != nil {
		t.Errorf("an option that is not taken up: %v", err)
	}
	e, err := h.Exchange.DecideRenewal(by, con.ID, renew)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Exchange.DecideRenewal(by, con.ID, renew); !fault.Is(err, fault.Conflict) {
		t.Errorf("the same again: %v", err)
	}
	other := pact.WithActor(t.Context(), pact.Actor{ID: "usr_other", Kind: "person", Role: pact.Reviewer, Units: []string{"north"}})
	if _, err := h.Exchange.TakeBackDecision(other, con.ID, exchange.TakenBack{EventID: e.ID, Reason: "a slip"}); !fault.Is(err, fault.Denied) {
		t.Errorf("taken back by a colleague: %v", err)
	}
	if _, err := h.Exchange.TakeBackNotice(by, con.ID, exchange.TakenBack{EventID: e.ID, Reason: "a slip"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("taken back as a notice: %v", err)
	}
}

// The overview shows 20 notices that need attention. What was decided for takes none of their places.
func TestDecidedRenewalsCrowdOutNoNoticeThatWaits(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	h.Clock.Set(calendar.Date("2026-05-20").Time())
	dated := func(expiry, renewal, sendBy calendar.Date) pact.Contract {
		con := renewing(t, h, "north", strings.Replace(byItself, "2026-08-31", string(expiry), 1))
		con.RenewalDate, con.SendBy = renewal, sendBy
		h.Do(t, func(ctx context.Context, tx store.Tx) error { return tx.Contracts.Update(ctx, &con) })
		return con
	}
	for range 20 {
		con := dated("2026-08-31", "2026-09-01", "2026-06-02")
		if _, err := h.Exchange.DecideRenewal(storetest.As(t, pact.Reviewer, "north"), con.ID, exchange.RenewalDecision{Renewal: "2026-09-01", Decision: "renew", Reason: "the price is right"}); err != nil {
			t.Fatal(err)
		}
		judged(t, h, con, "2026-09-01")
	}
	waits := dated("2026-09-04", "2026-09-05", "2026-06-06")
	o, err := h.Insight.Overview(storetest.As(t, pact.Viewer, "north"))
	if err != nil {
		t.Fatal(err)
	}
	var notices []insight.Attention
	for _, a := range o.Attention {
		if a.Kind == "notice" {
			notices = append(notices, a)
		}
	}
	if len(notices) != 1 || notices[0].ContractID != waits.ID || len(o.Notices) != 20 {
		t.Errorf("%d notices; %+v need attention, want that of %s", len(o.Notices), notices, waits.ID)
	}
}
