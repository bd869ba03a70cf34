package respond

import (
	"cmp"
	"context"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/outbox"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// mail queues the alert to who looks after the obligation, or else the contract, once per version of the finding.
func (d *Desk) mail(ctx context.Context, tx store.Tx, con pact.Contract, f pact.Finding) error {
	to, err := owner(ctx, tx, f)
	if err != nil {
		return err
	}
	if to = cmp.Or(to, d.DefaultOwner); to == "" {
		tx.Note(ctx, "mail", "the contract has no owner and there is no default owner")
		return nil
	}
	body, err := d.body(ctx, tx, con, f)
	if err != nil {
		return err
	}
	n := pact.Notification{
		ID: pact.NewID[pact.NotificationID]("ntf", tx.Now), BusinessUnit: f.BusinessUnit, Channel: "email", Recipient: to,
		Key:     strings.TrimPrefix(outbox.Key(string(f.ID), "email", to, fmt.Sprint(f.Version)), "pk_"),
		Subject: subject(f), Body: body, ContractID: con.ID, FindingID: f.ID, State: "pending",
	}
	_, err = tx.Notifications.One(ctx, store.Where(store.Eq("key", n.Key)))
	if err == nil {
		return nil
	}
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	if err := tx.Notifications.Insert(ctx, &n); err != nil {
		return err
	}
	return tx.EnqueueWith(ctx, job.Queued{Args: job.Send{NotificationID: n.ID}, Options: job.Options{Queue: "notify"}})
}

func subject(f pact.Finding) string {
	prefix := map[string]string{"at_risk": "At risk", "variance": "Variance", "breach": "Breach", obligation.ToDo: "To do"}[f.Severity]
	switch last := len(f.Corrections) - 1; {
	case f.State == pact.FindingCorrected:
		prefix = "Taken back"
	case nothingLeft(f):
		prefix = "Settled"
	case last < 0 || f.Corrections[last].Severity != f.Severity || f.Severity != "breach":
	case f.Corrections[last].Delta != nil && f.Corrections[last].Earlier.Amount == nil:
		prefix = "Breach, now with its amount"
	default:
		prefix = "Breach, corrected"
	}
	return prefix + ": " + f.Title
}

// asksWhether tells whether somebody is asked if it happened: the kind is done by an act that nothing measures, nothing says it was done, and
// no system reports on the duty.
func asksWhether(ctx context.Context, tx store.Tx, con pact.Contract, f pact.Finding) (bool, error) {
	if !slices.Contains(obligation.SelfReported(), f.Kind) || !f.Assessment.EndedAt.IsZero() || f.State != pact.FindingOpen {
		return false, nil
	}
	reports, err := store.Reports(ctx, tx.Contracts, tx.Events, con, obligation.PerformanceKinds())
	if err != nil || len(reports) == 0 && f.Kind != (obligation.Milestone{}).Name() {
		return err == nil, err
	}
	o, err := tx.Obligations.Get(ctx, string(f.ObligationID))
	if err != nil || !obligation.SelfReports(o) {
		return false, err
	}
	keys, err := store.OccurrenceKeys(ctx, tx.Occurrences, o)
	return !obligation.Reported(o, keys, reports), err
}

func (d *Desk) body(ctx context.Context, tx store.Tx, con pact.Contract, f pact.Finding) (string, error) {
	asked, err := asksWhether(ctx, tx, con, f)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", f.Message)
	fmt.Fprintf(&b, "Contract: %s (%s)\nCustomer: %s\n", con.Title, con.Number, con.Customer)
	if f.Amount != nil {
		fmt.Fprintf(&b, "%s: %s\n", obligation.SumName(f.Kind, f.Severity, f.Assessment), f.Amount)
	}
	if f.Assessment.AmountState == "needs_charge" {
		b.WriteString("Credit: cannot be computed yet, the charge of that month is missing.\n")
	}
	if f.ClaimBy != "" {
		fmt.Fprintf(&b, "Claim by: %s\n", f.ClaimBy)
	}
	if q := quote(f); q != "" {
		fmt.Fprintf(&b, "Clause: \"%s\"\n", q)
	}
	b.WriteString("\nHow it was computed:\n")
	for _, s := range f.Assessment.Trace {
		fmt.Fprintf(&b, "- %s: %s\n", s.Rule, s.Result)
	}
	if asked {
		fmt.Fprintf(&b, "\nDid it happen? Say on which day, or that it did not: %s/contracts/%s?tab=obligations\n", d.BaseURL, con.ID)
	}
	fmt.Fprintf(&b, "\nFinding: %s/findings/%s\nContract: %s/contracts/%s\n", d.BaseURL, f.ID, d.BaseURL, con.ID)
	return b.String(), nil
}

func quote(f pact.Finding) string {
	for _, e := range f.Clause {
		if e.Passage != nil {
			q := strings.Join(strings.Fields(e.Passage.Quote), " ")
			if r := []rune(q); len(r) > 300 {
				q = string(r[:300]) + " …"
			}
			return q
		}
	}
	return ""
}

// htmlOf is the same text as HTML: escaped, with the links made clickable.
func htmlOf(n pact.Notification) string {
	var b strings.Builder
	b.WriteString(`<!doctype html><html><body style="font-family:sans-serif;font-size:14px;line-height:1.5">`)
	for _, line := range strings.Split(n.Body, "\n") {
		label, url, ok := strings.Cut(line, ": ")
		if ok && (strings.HasPrefix(url, "http://") || strings.HasPrefix(url, "https://")) {
			fmt.Fprintf(&b, `%s: <a href="%s">%s</a><br>`, html.EscapeString(label), html.EscapeString(url), html.EscapeString(url))
			continue
		}
		b.WriteString(html.EscapeString(line) + "<br>")
	}
	b.WriteString("</body></html>")
	return b.String()
}
