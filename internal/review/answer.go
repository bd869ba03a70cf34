package review

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// Answer is what a person says to a question that stops an amount: one of the readings, or what the parameters are instead.
type Answer struct {
	Question string // as it was shown
	Reading  string // of the question's outcomes
	Params   json.RawMessage
	Reason   string
	Revision int64 // of the obligation, as the person saw it
}

// Answered is what became of an answer.
type Answered struct {
	Decision   *pact.Decision  `json:"decision,omitempty" doc:"Absent where the answer waits."`
	Obligation pact.Obligation `json:"obligation" doc:"As it stands now, with what the answer decides."`
	Version    int             `json:"version" doc:"The version of the register that carries it; the one in force where the answer waits."`
	Waiting    *pact.Approval  `json:"waiting,omitempty" doc:"Where the answer takes a breach or a credit back: it holds once a second person approves it."`
}

// Answer settles a question about the amount of a finding. It is a decision on the candidate from which the obligation was
// published, so that every later version carries it, and publishes the next version; all that was judged by the obligation is
// judged again. Needs role reviewer, and as every reviewer's that person's eyes are used up for approving the money. A question
// that is no longer asked, or an obligation that moved on, gives fault.Conflict.
func (d *Desk) Answer(ctx context.Context, id pact.FindingID, a Answer) (Answered, error) {
	return d.answer(ctx, string(id), a, pact.WaitingAnswer{OfFinding: true}, id, ofFinding(id))
}

func ofFinding(id pact.FindingID) about {
	return func(ctx context.Context, tx store.Tx) (pact.ObligationID, []pact.Ambiguity, error) {
		f, err := tx.Findings.Get(ctx, string(id))
		return askedOf(f.Assessment, f.ObligationID), f.Assessment.Ambiguities, err
	}
}

// AnswerObligation settles a question that no finding asks, in the same way: of an occurrence that is judged by the obligation, or, where
// none is named, of the parameters of the obligation themselves, which stop every judgement by it.
func (d *Desk) AnswerObligation(ctx context.Context, id pact.ObligationID, occurrence pact.OccurrenceID, a Answer) (Answered, error) {
	return d.answer(ctx, string(id), a, pact.WaitingAnswer{OccurrenceID: occurrence}, "", ofObligation(id, occurrence))
}

func ofObligation(id pact.ObligationID, occurrence pact.OccurrenceID) about {
	return func(ctx context.Context, tx store.Tx) (pact.ObligationID, []pact.Ambiguity, error) {
		if occurrence == "" {
			o, err := tx.Obligations.Get(ctx, string(id))
			return id, obligation.Check(o), err
		}
		if _, err := tx.Obligations.Get(ctx, string(id)); err != nil {
			return "", nil, err
		}
		occ, err := tx.Occurrences.Get(ctx, string(occurrence))
		if err != nil {
			return "", nil, err
		}
		if askedOf(occ.Assessment, occ.ObligationID) != id {
			return "", nil, fault.New(fault.Conflict, "The occurrence is judged by another obligation now. Look at it again. Nothing was changed.")
		}
		return id, occ.Assessment.Ambiguities, nil
	}
}

// about gives the obligation that is asked about, and what is asked.
type about func(context.Context, store.Tx) (pact.ObligationID, []pact.Ambiguity, error)

// prepared is an answer that was held against the question as it stands, with all it touches locked.
type prepared struct {
	by         string
	text       string
	patch      json.RawMessage
	question   pact.Ambiguity
	contract   pact.Contract
	obligation pact.Obligation
	candidate  pact.Candidate
	review     pact.Review
}

// answer does it, or lets it wait where it takes something back. waiting is the answer as it would wait.
func (d *Desk) answer(ctx context.Context, subject string, a Answer, waiting pact.WaitingAnswer, finding pact.FindingID, ask about) (Answered, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Reviewer) {
		return Answered{}, fault.New(fault.Denied, "Answering a question about a contract needs the role reviewer.")
	}
	if a.Reason = strings.TrimSpace(a.Reason); a.Reason == "" {
		return Answered{}, fault.New(fault.Invalid, "Say why: the reason stands beside the amount from now on. Nothing was changed.")
	}
	prepare := func(ctx context.Context, tx store.Tx) (prepared, error) { return d.prepare(ctx, tx, actor.ID, a, ask) }
	var out Answered
	err := d.foreseeing(ctx, store.Act{Name: "question.answer", Subject: subject}, prepare, func(ctx context.Context, tx store.Tx, p prepared, lowers []pact.Lowered) error {
		var err error
		if len(lowers) == 0 {
			out, err = d.hold(ctx, tx, p, a)
			return err
		}
		waiting.ObligationID, waiting.Obligation, waiting.By, waiting.Lowers = p.obligation.ID, p.obligation.Title, actor.ID, lowers
		waiting.Question, waiting.Reading, waiting.Params, waiting.Reason, waiting.Revision = a.Question, a.Reading, a.Params, a.Reason, a.Revision
		out.Obligation, out.Version = p.obligation, p.contract.CurrentVersion
		out.Waiting, err = wait(ctx, tx, p, waiting, finding)
		return err
	})
	return out, err
}

// prepare holds an answer against the question, and locks what it touches.
func (d *Desk) prepare(ctx context.Context, tx store.Tx, by string, a Answer, ask about) (prepared, error) {
	p := prepared{by: by}
	id, questions, err := ask(ctx, tx)
	if err != nil {
		return p, err
	}
	if p.question, err = asked(questions, a.Question); err != nil {
		return p, err
	}
	seen, err := tx.Obligations.Get(ctx, string(id))
	if err != nil {
		return p, err
	}
	if p.candidate, p.review, err = origin(ctx, tx, seen); err != nil {
		return p, err
	}
	if p.contract, err = tx.Contracts.Lock(ctx, string(seen.ContractID)); err != nil {
		return p, err
	}
	if p.obligation, err = tx.Obligations.Lock(ctx, string(seen.ID)); err != nil {
		return p, err
	}
	if p.obligation.Revision != a.Revision || p.obligation.DecisionID != seen.DecisionID {
		return p, fault.New(fault.Conflict, "%s changed meanwhile. Look at it again, then answer.", p.obligation.Title)
	}
	if p.patch, err = chosen(p.question, a); err != nil {
		return p, err
	}
	if a.Reading == "" {
		if err := refuse(obligation.NotAsked(p.obligation, p.question, p.patch), "body.params"); err != nil {
			return p, err
		}
	}
	p.text = answerText(p.question, a)
	_, err = answered(p.obligation, p.patch)
	return p, err
}

// hold makes the decision, and publishes the version that carries it.
func (d *Desk) hold(ctx context.Context, tx store.Tx, p prepared, a Answer) (Answered, error) {
	con, c, rev := p.contract, p.candidate, p.review
	said := pact.Evidence{Statement: &pact.Statement{By: p.by, At: tx.Now, Text: p.text, Reason: a.Reason, Decides: members(p.patch)}}
	dec := pact.Decision{
		ID: pact.NewID[pact.DecisionID]("dec", tx.Now), BusinessUnit: con.BusinessUnit, ContractID: con.ID, ReviewID: rev.ID, CandidateID: c.ID,
		Kind: "answer", By: p.by, At: tx.Now, Reason: a.Reason, PolicyVersion: rev.PolicyVersion, Before: c.State, Evidence: []pact.Evidence{said},
	}
	v, err := nextVersion(ctx, tx, con, p.obligation, p.patch, said, dec)
	if err != nil {
		return Answered{}, err
	}
	if err := settle(&c, p.patch, said, dec.ID); err != nil {
		return Answered{}, err
	}
	dec.Obligation = c.DecidedObligation
	if !slices.Contains(rev.Reviewers, p.by) {
		rev.Reviewers = append(rev.Reviewers, p.by)
	}
	if err := tx.Decisions.Insert(ctx, &dec); err != nil {
		return Answered{}, err
	}
	if err := tx.Candidates.Update(ctx, &c); err != nil {
		return Answered{}, err
	}
	if err := tx.Reviews.Update(ctx, &rev); err != nil {
		return Answered{}, err
	}
	con.CurrentVersion = v.Number
	for name, day := range map[string]*calendar.Date{"renewal_date": &con.RenewalDate, "notice_send_by": &con.SendBy} {
		if t, ok := v.Term(name); ok && t.Derivation != nil && p.obligation.Kind == "renewal_notice" {
			*day = t.Value.Date
		}
	}
	if err := amendedDates(ctx, tx, &con, v); err != nil {
		return Answered{}, err
	}
	if err := tx.Contracts.Update(ctx, &con); err != nil {
		return Answered{}, err
	}
	tx.Note(ctx, "answer", p.text)
	tx.Note(ctx, "version", v.Number)
	i := slices.IndexFunc(v.Obligations, func(x pact.Obligation) bool { return x.ID == p.obligation.ID })
	if err := tx.Enqueue(ctx, job.PlanWrites{ContractID: con.ID, Version: v.Number}); err != nil {
		return Answered{}, err
	}
	return Answered{Decision: &dec, Obligation: v.Obligations[i], Version: v.Number}, tx.Enqueue(ctx, job.Monitor{ContractID: con.ID, Version: v.Number})
}

// Asked is the obligation that the questions of a finding are about: as the document in force states it.
func Asked(f pact.Finding) pact.ObligationID { return askedOf(f.Assessment, f.ObligationID) }

func askedOf(a pact.Assessment, judged pact.ObligationID) pact.ObligationID {
	if a.GovernedBy != "" {
		return a.GovernedBy
	}
	return judged
}

// asked finds the question in what is asked now.
func asked(questions []pact.Ambiguity, question string) (pact.Ambiguity, error) {
	for _, q := range questions {
		if q.Question == question {
			return q, nil
		}
	}
	if len(questions) == 0 {
		return pact.Ambiguity{}, fault.New(fault.Conflict, "Nothing is asked here any more: it was answered, or became known. Nothing was changed.")
	}
	return pact.Ambiguity{}, fault.New(fault.Conflict, "This is not asked any more; the question is now: %s Nothing was changed.", questions[0].Question)
}

// chosen gives the members of the parameters that the answer decides.
func chosen(q pact.Ambiguity, a Answer) (json.RawMessage, error) {
	switch {
	case (a.Reading == "") == (len(a.Params) == 0):
		return nil, fault.New(fault.Invalid, "Choose one of the readings, or say what the parameters are instead; one of the two. Nothing was changed.")
	case a.Reading == "":
		return a.Params, nil
	}
	patch, ok := obligation.Settled(q, a.Reading)
	if ok {
		return patch, nil
	}
	for _, o := range q.Outcomes {
		if o.Reading == a.Reading {
			return nil, fault.New(fault.Unsupported, "The reading %q decides nothing by itself. Correct the events, or say what the parameters are instead. Nothing was changed.", short(a.Reading))
		}
	}
	return nil, fault.New(fault.Conflict, "%q is none of the readings of the question as it stands now. Look at it again. Nothing was changed.", short(a.Reading))
}

func short(text string) string { return fmt.Sprintf("%.120s", text) }

func answerText(q pact.Ambiguity, a Answer) string {
	if a.Reading != "" {
		return q.Question + " Answer: " + a.Reading + "."
	}
	return q.Question + " Answer: the parameters were stated."
}

// origin is the candidate from which an obligation was published, with its review.
func origin(ctx context.Context, tx store.Tx, o pact.Obligation) (pact.Candidate, pact.Review, error) {
	none := fault.New(fault.Unsupported, "%s was not published from a passage of its own, so its question is answered in a new reading: ask to read the document again, and correct it there.", o.Title)
	if o.DecisionID == "" {
		return pact.Candidate{}, pact.Review{}, none
	}
	dec, err := tx.Decisions.Get(ctx, string(o.DecisionID))
	if err != nil {
		return pact.Candidate{}, pact.Review{}, fmt.Errorf("reading the decision behind %s: %w", o.Key, err)
	}
	c, err := tx.Candidates.Lock(ctx, string(dec.CandidateID))
	if err != nil {
		return c, pact.Review{}, err
	}
	if c.Subject != "obligation" {
		return c, pact.Review{}, none
	}
	rev, err := tx.Reviews.Lock(ctx, string(c.ReviewID))
	return c, rev, err
}

// settle puts an answer behind the candidate. Its state and who decided on it stay: the reading was not wrong, it was open.
func settle(c *pact.Candidate, patch json.RawMessage, said pact.Evidence, id pact.DecisionID) error {
	o := *c.Obligation
	if c.DecidedObligation != nil {
		o = *c.DecidedObligation
	}
	params, err := obligation.Patch(o.Params, patch)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "The parameters must be an object with the members to change. Nothing was changed.")
	}
	o.Params, o.Ambiguities = params, nil
	c.DecidedObligation, c.DecisionID = &o, id
	c.Evidence = append(slices.Clone(c.Evidence), said)
	return nil
}

// nextVersion is the version of the register that carries the answer: the one before it but for the one obligation.
func nextVersion(ctx context.Context, tx store.Tx, con pact.Contract, o pact.Obligation, patch json.RawMessage, said pact.Evidence, dec pact.Decision) (pact.Version, error) {
	v, err := tx.Versions.One(ctx, store.Where(store.Eq("contract_id", con.ID), store.Eq("number", con.CurrentVersion)))
	if err != nil {
		return v, fmt.Errorf("reading version %d of %s: %w", con.CurrentVersion, con.ID, err)
	}
	if con.Relation == "amendment" && v.EffectiveFrom == "" { // it may hold from its first publication on, and an answer moves no day
		v.EffectiveFrom, _ = effective.Begins(v)
	}
	v.ID, v.Number, v.PublishedBy, v.PublishedAt = pact.NewID[pact.VersionID]("ver", tx.Now), con.CurrentVersion+1, dec.By, tx.Now
	i := slices.IndexFunc(v.Obligations, func(x pact.Obligation) bool { return x.ID == o.ID })
	if i < 0 {
		return v, fault.New(fault.Conflict, "%s is no longer in the register. Nothing was changed.", o.Title)
	}
	v.Obligations = slices.Clone(v.Obligations)
	x := &v.Obligations[i]
	if *x, err = answered(*x, patch); err != nil {
		return v, err
	}
	x.DecisionID, x.Evidence = dec.ID, append(slices.Clone(x.Evidence), said)
	if x.Kind == "renewal_notice" {
		deriveAgain(&v, calendar.DateIn(tx.Now, time.UTC))
	}
	if err := replaceObligations(ctx, tx, con, &v); err != nil {
		return v, err
	}
	return v, tx.Versions.Insert(ctx, &v)
}

// members are the outermost members of what an answer decides.
func members(patch json.RawMessage) []string {
	var set map[string]json.RawMessage
	_ = json.Unmarshal(patch, &set) // it was merged into the parameters
	return slices.Sorted(maps.Keys(set))
}

// answered is an obligation with what an answer decides.
func answered(o pact.Obligation, patch json.RawMessage) (pact.Obligation, error) {
	params, err := obligation.Patch(o.Params, patch)
	if err != nil {
		return o, fault.Wrap(fault.Invalid, err, "The parameters must be an object with the members to change. Nothing was changed.")
	}
	o.Params, o.Ambiguities = params, nil
	if wrong := obligation.Unusable(o); len(wrong) > 0 {
		f := fault.New(fault.Invalid, "The parameters can not be used like this: %s Nothing was changed.", wrong[0].Message)
		for _, w := range wrong {
			f.Details = append(f.Details, fault.Detail{Field: strings.TrimSuffix("body.params."+w.Field, "."), Message: w.Message})
		}
		return o, f
	}
	return o, nil
}
