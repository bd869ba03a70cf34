package exchange_test

import (
	"context"
	"encoding/json"
	"testing"

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

// renewing makes an active contract whose renewal is watched, with a published version.
func renewing(t *testing.T, h *apitest.House, unit, params string) pact.Contract {
	t.Helper()
	var con pact.Contract
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		id := pact.NewID[pact.ContractID]("con", tx.Now)
		con = pact.Contract{ID: id, BusinessUnit: unit, FamilyID: id, Number: "R-1", Title: "Hosting", Customer: "Acme Corp", State: pact.ContractActive, Phase: "full", CurrentVersion: 1, SourceKey: string(id)}
		o := pact.Obligation{ID: pact.NewID[pact.ObligationID]("obl", tx.Now), BusinessUnit: unit, ContractID: id, Key: "renewal_notice", Kind: "renewal_notice", Title: "Notice", Params: json.RawMessage(params), Verification: pact.Verified}
		v := pact.Version{BusinessUnit: unit, ContractID: id, Number: 1, PublishedBy: "test", PublishedAt: tx.Now, Obligations: []pact.Obligation{o}}
		if err := tx.Contracts.Insert(ctx, &con); err != nil {
			return err
		}
		if err := tx.Obligations.Insert(ctx, &o); err != nil {
			return err
		}
		return tx.Versions.Insert(ctx, &v)
	})
	if err := h.Watch.Monitor(storetest.System(t), job.Monitor{ContractID: con.ID, Version: 1}); err != nil {
		t.Fatal(err)
	}
	return con
}

// judged does what the job that follows a recorded notice asks for.
func judged(t *testing.T, h *apitest.House, con pact.Contract, renewal string) {
	t.Helper()
	if err := h.Watch.Assess(storetest.System(t), job.Assess{ContractID: con.FamilyID, Subject: renewal}); err != nil {
		t.Fatal(err)
	}
}

func TestANoticeThatAPersonRecordsDecidesTheRenewal(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{}) // it is 2 March 2026
	con := renewing(t, h, "north", `{"expiration_date":"2026-08-31","auto_renewal":true,"renewal_term":{"value":12,"unit":"month"},"notice":{"value":90,"unit":"day"}}`)
	view := insight.New(insight.Config{Store: h.Store, Now: h.Clock.Now})
	row := func() insight.RenewalRow {
		t.Helper()
		p, err := view.Outlook(storetest.As(t, pact.Viewer, "north"), insight.RenewalFilter{Days: 365}, 10, "")
		if err != nil || len(p.Items) != 1 {
			t.Fatalf("%+v %v", p, err)
		}
		return p.Items[0]
	}
	if r := row(); r.Notice != insight.NoticeOpen || r.RenewalDate != "2026-09-01" || r.SendBy == "" || r.DaysLeft == nil || *r.DaysLeft <= 0 {
		t.Fatalf("before: %+v", r)
	}
	by := storetest.As(t, pact.Reviewer, "north")
	e, err := h.Exchange.RecordNotice(by, con.ID, exchange.SentNotice{Renewal: "2026-09-01", SentOn: "2026-03-02", Reference: "RL 1", Note: "by courier"})
	if err != nil || e.Kind != "notice_sent" || e.Data.Item != "renewal" || e.MatchedBy != "recorded by reviewer" {
		t.Fatalf("%+v %v", e, err)
	}
	judged(t, h, con, "2026-09-01")
	if r := row(); r.Notice != insight.NoticeSent || r.Sent == nil || r.Sent.On != "2026-03-02" || r.Sent.Reference != "RL 1" {
		t.Errorf("after: %+v", r)
	}
	log, err := h.Store.Audit().List(storetest.System(t), store.AuditQuery{Subject: string(con.ID), Act: "notice.record"})
	if err != nil || len(log.Items) != 1 || log.Items[0].ActorID != "usr_reviewer" || log.Items[0].Notes["renewal"] != "2026-09-01" || log.Items[0].Notes["reference"] != "RL 1" {
		t.Errorf("%+v %v", log.Items, err)
	}
	for _, c := range []struct {
		what string
		ctx  context.Context
		n    exchange.SentNotice
		want fault.Kind
	}{
		{"the same again", by, exchange.SentNotice{Renewal: "2026-09-01", SentOn: "2026-03-02"}, fault.Conflict},
		{"a viewer", storetest.As(t, pact.Viewer, "north"), exchange.SentNotice{Renewal: "2026-09-01", SentOn: "2026-03-01"}, fault.Denied},
		{"another unit", storetest.As(t, pact.Reviewer, "south"), exchange.SentNotice{Renewal: "2026-09-01", SentOn: "2026-03-01"}, fault.NotFound},
		{"a day ahead", by, exchange.SentNotice{Renewal: "2026-09-01", SentOn: "2026-03-09"}, fault.Invalid},
		{"no date", by, exchange.SentNotice{Renewal: "2026-09-01", SentOn: "yesterday"}, fault.Invalid},
		{"no renewal", by, exchange.SentNotice{Renewal: "soon", SentOn: "2026-03-01"}, fault.Invalid},
		{"a renewal that there is not", by, exchange.SentNotice{Renewal: "2026-10-01", SentOn: "2026-03-01"}, fault.Invalid},
	} {
		if _, err := h.Exchange.RecordNotice(c.ctx, con.ID, c.n); !fault.Is(err, c.want) {
			t.Errorf("%s: %v, want %s", c.what, err, c.want)
		}
	}
}

func TestANoticeIsTakenBackByWhoRecordedIt(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) { // it is 2 March 2026
		con := renewing(t, h, "north", `{"expiration_date":"2026-08-31","auto_renewal":true,"renewal_term":{"value":12,"unit":"month"},"notice":{"value":90,"unit":"day"}}`)
		by, n := storetest.As(t, pact.Reviewer, "north"), exchange.SentNotice{Renewal: "2026-09-01", SentOn: "2026-03-02", Reference: "RL 1"}
		state := func() insight.NoticeState {
			t.Helper()
			judged(t, h, con, "2026-09-01")
			p, err := h.Insight.Outlook(storetest.As(t, pact.Viewer, "north"), insight.RenewalFilter{Days: 365}, 10, "")
			if err != nil || len(p.Items) == 0 {
				t.Fatalf("%+v %v", p, err)
			}
			return p.Items[0].Notice
		}
		e, err := h.Exchange.RecordNotice(by, con.ID, n)
		if err != nil || state() != insight.NoticeSent {
			t.Fatalf("%s %v", state(), err)
		}
		for _, c := range []struct {
			what string
			ctx  context.Context
			t    exchange.TakenBack
			want fault.Kind
		}{
			{"a viewer", storetest.As(t, pact.Viewer, "north"), exchange.TakenBack{EventID: e.ID, Reason: "a slip"}, fault.Denied},
			{"a colleague", pact.WithActor(t.Context(), pact.Actor{ID: "usr_other", Kind: "person", Role: pact.Reviewer, Units: []string{"north"}}), exchange.TakenBack{EventID: e.ID, Reason: "a slip"}, fault.Denied},
			{"without a reason", by, exchange.TakenBack{EventID: e.ID, Reason: " "}, fault.Invalid},
			{"no notice", by, exchange.TakenBack{EventID: "evt_0", Reason: "a slip"}, fault.Invalid},
			{"another unit", storetest.As(t, pact.Reviewer, "south"), exchange.TakenBack{EventID: e.ID, Reason: "a slip"}, fault.NotFound},
		} {
			if _, err := h.Exchange.TakeBackNotice(c.ctx, con.ID, c.t); !fault.Is(err, c.want) {
				t.Errorf("%s: %v, want %s", c.what, err, c.want)
			}
		}
		back, err := h.Exchange.TakeBackNotice(by, con.ID, exchange.TakenBack{EventID: e.ID, Reason: "it went to another supplier"})
		if err != nil || back.Kind != "correction" || back.Replaces != e.ID || state() != insight.NoticeOpen {
			t.Fatalf("%+v %v", back, err)
		}
		if _, err := h.Exchange.TakeBackNotice(by, con.ID, exchange.TakenBack{EventID: e.ID, Reason: "again"}); !fault.Is(err, fault.Conflict) {
			t.Errorf("taken back twice: %v", err)
		}
		log, err := h.Store.Audit().List(storetest.System(t), store.AuditQuery{Subject: string(con.ID), Act: "notice.withdraw"})
		if err != nil || len(log.Items) != 1 || log.Items[0].ActorID != "usr_reviewer" || log.Items[0].Notes["reason"] != "it went to another supplier" {
			t.Errorf("%+v %v", log.Items, err)
		}
		if _, err := h.Exchange.RecordNotice(by, con.ID, n); err != nil || state() != insight.NoticeSent {
			t.Errorf("recorded again: %s, %v", state(), err)
		}
	})
}

func TestANoticeOfAnUnlikelyDayIsRefusedOrConfirmed(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	con := renewing(t, h, "north", `{"expiration_date":"2026-08-31","auto_renewal":true,"renewal_term":{"value":12,"unit":"month"},"notice":{"value":90,"unit":"day"}}`)
	h.Do(t, func(ctx context.Context, tx store.Tx) error {
		now, err := tx.Contracts.Get(ctx, string(con.ID))
		if err != nil {
			return err
		}
		now.EffectiveDate = "2024-09-01"
		return tx.Contracts.Update(ctx, &now)
	})
	for _, c := range []struct {
		on   calendar.Date
		sure bool
		want bool
	}{{"2020-01-01", false, false}, {"2020-01-01", true, false}, {"2025-01-01", false, false}, {"2025-01-01", true, true}, {"2025-09-01", false, true}} {
		if _, err := h.Exchange.RecordNotice(storetest.As(t, pact.Reviewer, "north"), con.ID, exchange.SentNotice{Renewal: "2026-09-01", SentOn: c.on, Sure: c.sure}); (err == nil) != c.want || err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("sent on %s, confirmed %v: %v", c.on, c.sure, err)
		}
	}
}

func TestALateNoticeIsShownAsLate(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	con := renewing(t, h, "north", `{"expiration_date":"2026-08-31","auto_renewal":true,"renewal_term":{"value":12,"unit":"month"},"notice":{"value":90,"unit":"day"}}`)
	h.Fire(t, calendar.Date("2026-07-02").Time())
	if _, err := h.Exchange.RecordNotice(storetest.As(t, pact.Reviewer, "north"), con.ID, exchange.SentNotice{Renewal: "2026-09-01", SentOn: "2026-06-10", Reference: "RL 7"}); err != nil {
		t.Fatal(err)
	}
	judged(t, h, con, "2026-09-01")
	p, err := h.Insight.Outlook(storetest.As(t, pact.Viewer, "north"), insight.RenewalFilter{Days: 180}, 10, "")
	if err != nil || len(p.Items) != 1 {
		t.Fatalf("%+v %v", p, err)
	}
	r := p.Items[0]
	if r.Notice != insight.NoticeLate || r.EndsOn != "" || r.Sent == nil || r.Sent.On != "2026-06-10" || r.Sent.Reference != "RL 7" || r.Sent.DaysLate != r.SendBy.DaysUntil("2026-06-10") || r.Sent.DaysLate <= 0 {
		t.Errorf("%+v, sent %+v", r, r.Sent)
	}
}

func TestANoticeForOneContractOfAFamilyIsNoneForAnotherThatRenewsOnTheSameDay(t *testing.T) {
	t.Parallel()
	for _, number := range []string{"", "R-1"} { // none, and one that both have
		h := apitest.Build(t, apitest.Options{})
		const params = `{"expiration_date":"2026-08-31","auto_renewal":true,"renewal_term":{"value":12,"unit":"month"},"notice":{"value":90,"unit":"day"}}`
		head, order := renewing(t, h, "north", params), renewing(t, h, "north", params)
		h.Do(t, func(ctx context.Context, tx store.Tx) error {
			for _, con := range []*pact.Contract{&head, &order} {
				now, err := tx.Contracts.Get(ctx, string(con.ID))
				if err != nil {
					return err
				}
				now.Number, now.FamilyID = number, head.ID
				if con == &order {
					now.Relation, now.ParentID = "sow", head.ID
				}
				if err := tx.Contracts.Update(ctx, &now); err != nil {
					return err
				}
				*con = now
			}
			return nil
		})
		if _, err := h.Exchange.RecordNotice(storetest.As(t, pact.Reviewer, "north"), order.ID, exchange.SentNotice{Renewal: "2026-09-01", SentOn: "2026-03-02"}); err != nil {
			t.Fatal(err)
		}
		judged(t, h, order, "2026-09-01")
		p, err := insight.New(insight.Config{Store: h.Store, Now: h.Clock.Now}).Outlook(storetest.As(t, pact.Viewer, "north"), insight.RenewalFilter{Days: 365}, 10, "")
		if err != nil || len(p.Items) != 2 {
			t.Fatalf("%+v %v", p, err)
		}
		for _, row := range p.Items {
			want := insight.NoticeOpen
			if row.ContractID == order.ID {
				want = insight.NoticeSent
			}
			if row.Notice != want {
				t.Errorf("number %q: the notice of %s is %s, want %s", number, row.ContractID, row.Notice, want)
			}
		}
	}
}

func TestARenewalWhoseDeadlinePassedIsLateUntilItIsOver(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	renewing(t, h, "north", `{"expiration_date":"2026-08-31","auto_renewal":true,"renewal_term":{"value":12,"unit":"month"},"notice":{"value":90,"unit":"day"}}`)
	view := insight.New(insight.Config{Store: h.Store, Now: h.Clock.Now})
	h.Fire(t, h.Clock.Now().AddDate(0, 4, 0)) // 2 July
	p, err := view.Outlook(storetest.System(t), insight.RenewalFilter{Days: 180}, 10, "")
	if err != nil || len(p.Items) != 1 || p.Items[0].Notice != insight.NoticeLate || *p.Items[0].DaysLeft >= 0 {
		t.Fatalf("%+v %v", p.Items, err)
	}
	h.Fire(t, h.Clock.Now().AddDate(0, 3, 0)) // October: the next one is a year away
	if p, err = view.Outlook(storetest.System(t), insight.RenewalFilter{Days: 180}, 10, ""); err != nil || len(p.Items) != 0 {
		t.Errorf("%+v %v", p.Items, err)
	}
}

func TestAnEvergreenContractHasAListOfItsOwn(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	con := renewing(t, h, "north", `{"evergreen":true,"notice":{"value":60,"unit":"day"}}`)
	view := insight.New(insight.Config{Store: h.Store, Now: h.Clock.Now})
	row := func() insight.RenewalRow {
		t.Helper()
		p, err := view.Outlook(storetest.System(t), insight.RenewalFilter{Evergreen: true}, 10, "")
		if err != nil || len(p.Items) != 1 {
			t.Fatalf("%+v %v", p.Items, err)
		}
		return p.Items[0]
	}
	if r := row(); r.Notice != insight.NoticeAnyTime || r.EndsOn != "2026-05-01" { // it is 2 March 2026
		t.Fatalf("%+v", r)
	}
	h.Clock.Set(h.Clock.Now().AddDate(0, 0, 9)) // nothing happens, and no timer stands: the day on which it is looked at counts
	if r := row(); r.EndsOn != "2026-05-10" {
		t.Errorf("nine days later: %+v", r)
	}
	duties, err := view.Register(storetest.System(t), insight.DutyFilter{}, 10, "")
	if err != nil || len(duties.Items) != 1 || duties.Items[0].Assessment.Measured != "2026-05-10" {
		t.Errorf("in the register: %+v %v", duties.Items, err)
	}
	if _, err := h.Exchange.RecordNotice(storetest.As(t, pact.Reviewer, "north"), con.ID, exchange.SentNotice{Renewal: "evergreen", SentOn: "2026-03-01"}); err != nil {
		t.Fatal(err)
	}
	judged(t, h, con, "evergreen")
	if r := row(); r.Notice != insight.NoticeSent || r.Sent == nil || r.Sent.On != "2026-03-01" {
		t.Errorf("%+v", r)
	}
}
