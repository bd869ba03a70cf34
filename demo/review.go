package demo

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/samples"
)

type reviewPage struct {
	Review     pact.Review      `json:"review"`
	Contract   pact.Contract    `json:"contract"`
	Candidates []pact.Candidate `json:"candidates"`
}

// Review works through a contract's review like a careful person with the contract in hand: what is right is accepted, what
// is wrong or missing is corrected with the words it stands on, what the contract does not say is rejected.
func (d *Demo) Review(ctx context.Context, s samples.Step) error {
	c, err := d.player(ctx, s.By)
	if err != nil {
		return err
	}
	page, err := d.openReview(ctx, c, s.Record)
	if err != nil || page == nil {
		return err
	}
	want, err := expectation(s.Expected)
	if err != nil {
		return err
	}
	var accepted, corrected, rejected, added int
	for _, cand := range page.Candidates {
		if cand.State != pact.CandidateOpen && cand.State != pact.CandidateNotFound {
			continue
		}
		body := decisionOn(cand, page.Candidates, want)
		switch body["kind"] {
		case "accept":
			accepted++
		case "correct":
			corrected++
		default:
			rejected++
		}
		if err := c.Do(ctx, http.MethodPost, "/candidates/"+string(cand.ID)+"/decisions", body, nil); err != nil {
			return fmt.Errorf("%s of %q (%s): %w", body["kind"], page.Contract.Title, cand.Name, err)
		}
	}
	for _, o := range want.Obligations {
		if len(o.Params) == 0 || found(page.Candidates, o) {
			continue
		}
		if err := c.Do(ctx, http.MethodPost, "/reviews/"+string(page.Review.ID)+"/candidates", addition(o), nil); err != nil {
			return fmt.Errorf("adding %s to %q: %w", o.Key, page.Contract.Title, err)
		}
		added++
	}
	for _, term := range want.Terms {
		if slices.ContainsFunc(page.Candidates, func(c pact.Candidate) bool { return c.Subject == "term" && c.Name == term.Name }) {
			continue
		}
		if err := c.Do(ctx, http.MethodPost, "/reviews/"+string(page.Review.ID)+"/candidates", termAddition(term), nil); err != nil {
			return fmt.Errorf("adding %s to %q: %w", term.Name, page.Contract.Title, err)
		}
		added++
	}
	var after reviewPage
	if err := c.Do(ctx, http.MethodGet, "/reviews/"+string(page.Review.ID), nil, &after); err != nil {
		return err
	}
	if err := c.Do(ctx, http.MethodPost, "/reviews/"+string(page.Review.ID)+"/finish", map[string]any{"revision": after.Review.Revision}, nil); err != nil {
		return fmt.Errorf("finishing the review of %q: %w", page.Contract.Title, err)
	}
	fmt.Fprintf(d.Out, "  reviewed %-48s %2d accepted, %2d corrected, %2d rejected, %2d added\n", clip(page.Contract.Title, 48), accepted, corrected, rejected, added)
	return nil
}

// found tells whether the reader proposed the obligation, under whatever key.
func found(have []pact.Candidate, o samples.ExpectedObligation) bool {
	return slices.ContainsFunc(have, func(c pact.Candidate) bool {
		return c.Subject == "obligation" && c.Obligation != nil && meant(*c.Obligation, o)
	})
}

// tells is the proposal that is the expected obligation: where several may be (milestones with their days, and the plan of payment for them), the
// one that quotes the expected words, or the first.
func tells(have []pact.Candidate, want samples.ExpectedObligation) pact.CandidateID {
	var first pact.CandidateID
	for _, c := range have {
		if c.Subject != "obligation" || c.Obligation == nil || !meant(*c.Obligation, want) {
			continue
		}
		if c.Obligation.Key == want.Key || slices.ContainsFunc(c.Obligation.Evidence, func(e pact.Evidence) bool {
			return e.Passage != nil && strings.Contains(oneLine(e.Passage.Quote), oneLine(want.Quote))
		}) {
			return c.ID
		}
		first = cmp.Or(first, c.ID)
	}
	return first
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// meant tells whether a proposed obligation is the expected one: the same key, or the same kind for the same priority, or
// the only one of its kind that has no priority (an availability, a renewal).
func meant(o pact.Obligation, want samples.ExpectedObligation) bool {
	if o.Key == want.Key {
		return true
	}
	if o.Kind != want.Kind || o.Duty != "" { // a duty that was read is told by its key alone
		return false
	}
	return priorityOf(o.Params) == priorityOf(want.Params)
}

func priorityOf(params json.RawMessage) string {
	var p struct {
		Priority string `json:"priority"`
	}
	_ = json.Unmarshal(params, &p)
	switch w := strings.ToLower(strings.TrimPrefix(strings.ToUpper(p.Priority), "P")); w {
	case "critical":
		return "1"
	case "high":
		return "2"
	case "normal", "medium":
		return "3"
	case "low":
		return "4"
	default:
		return w
	}
}

func addition(o samples.ExpectedObligation) map[string]any {
	body := map[string]any{"key": o.Key, "kind": o.Kind, "title": cmp.Or(o.Title, clip(o.Quote, 80)), "params": o.Params, "bearer": o.Bearer, "in_force": map[string]string{}, "confidence": "1"}
	if o.InForceFrom != "" {
		body["in_force"] = map[string]string{"from": o.InForceFrom}
	}
	return map[string]any{"subject": "obligation", "name": o.Key, "obligation": body, "reason": "found by the reviewer", "evidence": said(append([]string{o.Quote}, o.Also...)...)}
}

// said is the evidence of words that the reviewer read in the contract.
func said(quotes ...string) []pact.Evidence {
	var out []pact.Evidence
	for _, q := range quotes {
		out = append(out, pact.Evidence{Statement: &pact.Statement{By: ReviewerEmail, At: time.Date(2026, 3, 1, 20, 0, 0, 0, time.UTC), Text: q}})
	}
	return out
}

func termAddition(t samples.ExpectedTerm) map[string]any {
	return map[string]any{"subject": "term", "name": t.Name, "value": t.Value, "reason": "found by the reviewer", "evidence": said(t.Quote)}
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

func (d *Demo) player(ctx context.Context, email string) (*Client, error) {
	if c, ok := d.players[email]; ok {
		return c, nil
	}
	c := NewClient(d.Base, "")
	if err := c.SignIn(ctx, email, Password); err != nil {
		return nil, fmt.Errorf("signing in as %s: %w", email, err)
	}
	d.players[email] = c
	return c, nil
}

// openReview finds the open review of the contract that came from a record; nil where somebody finished it by hand.
func (d *Demo) openReview(ctx context.Context, c *Client, record string) (*reviewPage, error) {
	var contracts struct {
		Items []pact.Contract `json:"items"`
	}
	if err := c.Do(ctx, http.MethodGet, "/contracts"+query("limit", "200"), nil, &contracts); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(contracts.Items, func(x pact.Contract) bool { return x.Source != nil && x.Source.ExternalID == record })
	if i < 0 {
		return nil, fmt.Errorf("no contract came from the record %s", record)
	}
	var reviews struct {
		Items []struct {
			Review pact.Review `json:"review"`
		} `json:"items"`
	}
	if err := c.Do(ctx, http.MethodGet, "/reviews"+query("contract_id", string(contracts.Items[i].ID), "state", "waiting,in_review"), nil, &reviews); err != nil {
		return nil, err
	}
	if len(reviews.Items) == 0 {
		if contracts.Items[i].CurrentVersion > 0 {
			return nil, nil //nolint:nilnil // finished already
		}
		return nil, fmt.Errorf("the contract %q has no review", contracts.Items[i].Title)
	}
	var page reviewPage
	return &page, c.Do(ctx, http.MethodGet, "/reviews/"+string(reviews.Items[0].Review.ID), nil, &page)
}

func expectation(file string) (samples.Expected, error) {
	raw, err := samples.Files.ReadFile(file)
	if err != nil {
		return samples.Expected{}, err
	}
	var out samples.Expected
	return out, json.Unmarshal(raw, &out)
}

// decisionOn is what a careful reader decides.
func decisionOn(c pact.Candidate, have []pact.Candidate, want samples.Expected) map[string]any {
	body := map[string]any{"revision": c.Revision}
	reject := func(reason string) map[string]any {
		body["kind"], body["reason"] = "reject", reason
		return body
	}
	if c.Subject == "obligation" {
		i := slices.IndexFunc(want.Obligations, func(o samples.ExpectedObligation) bool {
			return c.Obligation != nil && len(o.Params) > 0 && tells(have, o) == c.ID
		})
		if i < 0 {
			body["not_tracked"] = true
			return reject("the team does not track this one")
		}
		o := *c.Obligation
		by := want.Obligations[i].Bearer
		also := want.Obligations[i].Also
		if len(also) == 0 && (by == "" || o.Bearer == by) && o.Key == want.Obligations[i].Key && sameParams(o.Params, want.Obligations[i].Params) && len(c.Ambiguities) == 0 {
			body["kind"] = "accept"
			return body
		}
		o.Key, o.Params, o.Ambiguities = want.Obligations[i].Key, want.Obligations[i].Params, nil
		o.Title = cmp.Or(want.Obligations[i].Title, o.Title)
		if by != "" { // who owes it was not told from the parties
			o.Bearer = by
		}
		if from := want.Obligations[i].InForceFrom; from != "" {
			_ = o.InForce.From.UnmarshalText([]byte(from))
		}
		body["kind"], body["obligation"], body["reason"] = "correct", o, "as the clause reads"
		if len(also) > 0 { // the words that were read, and those of the other clauses
			body["evidence"] = append(slices.Clone(c.Evidence), said(also...)...)
		}
		return body
	}
	i := slices.IndexFunc(want.Terms, func(t samples.ExpectedTerm) bool { return t.Name == c.Name })
	if i < 0 {
		if c.State == pact.CandidateNotFound {
			return reject("the contract does not say")
		}
		if c.Confidence.String() >= "0.7" && c.Verification == pact.Verified && len(c.Ambiguities) == 0 {
			body["kind"] = "accept" // a careful reader agrees with what the quote says, though nobody listed it
			return body
		}
		return reject("the contract does not say so")
	}
	var v pact.Value
	if err := json.Unmarshal(want.Terms[i].Value, &v); err != nil {
		return reject("the expectation is not readable: " + err.Error())
	}
	if c.Value != nil && c.Value.Equal(v) && len(c.Ambiguities) == 0 {
		body["kind"] = "accept"
		return body
	}
	body["kind"], body["value"], body["reason"] = "correct", v, "as the contract reads"
	return body
}

func sameParams(a, b json.RawMessage) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	p, errP := json.Marshal(x)
	q, errQ := json.Marshal(y)
	return errors.Join(errP, errQ) == nil && string(p) == string(q)
}
