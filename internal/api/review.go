package api

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
)

type reviewRow struct {
	Review   pact.Review   `json:"review"`
	Contract pact.Contract `json:"contract"`
	Document pact.Document `json:"document"`
}

type reviewPage struct {
	Review     pact.Review      `json:"review"`
	Contract   pact.Contract    `json:"contract"`
	Documents  []pact.Document  `json:"documents"`
	Candidates []pact.Candidate `json:"candidates" doc:"In the order to work them; it stays fixed."`
	Decisions  []pact.Decision  `json:"decisions"`
	Tracked    []trackedView    `json:"tracked" doc:"What open obligations look like in the register, under another key."`
	Policy     reviewPolicy     `json:"policy"`
	Specs      []pact.TermSpec  `json:"specs"`
}

type trackedView struct {
	CandidateID pact.CandidateID `json:"candidate_id"`
	review.Tracked
}

type reviewPolicy struct {
	Version   int    `json:"version"`
	Note      string `json:"note"`
	Threshold string `json:"threshold"`
	FirstN    int    `json:"first_n"`
}

type decisionBody struct {
	Kind       string           `json:"kind" enum:"accept,correct,reject,restore"`
	Revision   int64            `json:"revision" doc:"Revision of the candidate as it was shown."`
	Value      *pact.Value      `json:"value,omitempty"`
	Obligation *pact.Obligation `json:"obligation,omitempty"`
	Rival      *int             `json:"rival,omitempty" doc:"Take this rival's reading (from 0)."`
	SameAs     string           `json:"same_as,omitempty" maxLength:"240" doc:"Of an obligation that looks like a tracked one (tracked): the key of that one. It is accepted as the same, under that key."`
	Another    bool             `json:"another,omitempty" doc:"Of an obligation that looks like a tracked one: it is another one, and is tracked beside it."`
	NotTracked bool             `json:"not_tracked,omitempty" doc:"Of an obligation that is rejected: the contract says it, and nobody wants to follow it. It counts as read rightly."`
	Reason     string           `json:"reason,omitempty" maxLength:"2000"`
	Evidence   []pact.Evidence  `json:"evidence,omitempty" maxItems:"20"`
}

type additionBody struct {
	Subject    string           `json:"subject" enum:"term,obligation"`
	Name       string           `json:"name" maxLength:"120" doc:"Name of the term, or key of the obligation such as resolution_time/P1."`
	Value      *pact.Value      `json:"value,omitempty"`
	Obligation *pact.Obligation `json:"obligation,omitempty"`
	Evidence   []pact.Evidence  `json:"evidence,omitempty" maxItems:"20"`
	SameAs     string           `json:"same_as,omitempty" maxLength:"240" doc:"As of a decision."`
	Another    bool             `json:"another,omitempty" doc:"As of a decision."`
	Reason     string           `json:"reason,omitempty" maxLength:"2000"`
}

type confident struct {
	Candidates []pact.CandidateID `json:"candidates"`
	Accepted   bool               `json:"accepted"`
	Review     pact.Review        `json:"review"`
}

type restored struct {
	Review     pact.Review      `json:"review"`
	Candidates []pact.Candidate `json:"candidates"`
}

// searched says how much was looked through for a term, and what comes closest. It is computed from the document's text by
// the term's cue words each time it is asked; nothing of it is kept or taken as evidence.
type searched struct {
	DocumentID pact.DocumentID `json:"document_id"`
	Pages      int             `json:"pages" doc:"Pages that were searched; 0 for formats without pages."`
	Blocks     int             `json:"blocks" doc:"Paragraphs, list items and cells that were searched."`
	Passages   []nearPassage   `json:"passages" doc:"At most three, best first."`
}

type nearPassage struct {
	Passage pact.Passage `json:"passage"`
	Words   []string     `json:"words" doc:"The cue words that led here."`
}

// ByID is the path of one row.
type ByID struct {
	ID string `path:"id" maxLength:"80"`
}

func (s *Server) reviewRoutes() {
	huma.Register(s.api, op(http.MethodGet, "/reviews", "listReviews", "The queue, lowest confidence first", "Review", pact.Viewer), func(ctx context.Context, in *struct {
		Paging
		State        []string `query:"state" enum:"waiting,in_review,finished,superseded" doc:"States, separated by commas."`
		ContractType string   `query:"contract_type"`
		ContractID   string   `query:"contract_id"`
		Assignee     string   `query:"assignee"`
	},
	) (*answer[page[reviewRow]], error) {
		q := store.Query{Where: conds("state", listed(in.State), "contract_id", in.ContractID, "assignee", in.Assignee), Order: []string{"min_confidence", "due_at"}, Limit: in.Limit, After: in.After}
		p, err := s.Store.Reads().Reviews.List(ctx, q)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		out := page[reviewRow]{Items: []reviewRow{}, Next: p.Next}
		for _, r := range p.Items {
			row, err := s.reviewRow(ctx, r)
			if err != nil {
				return nil, s.fail(ctx, err)
			}
			if in.ContractType == "" || row.Contract.ContractType == in.ContractType {
				out.Items = append(out.Items, row)
			}
		}
		return &answer[page[reviewRow]]{Body: out}, nil
	})
	huma.Register(s.api, op(http.MethodGet, "/reviews/{id}", "getReview", "A review with its candidates", "Review", pact.Viewer), func(ctx context.Context, in *ByID) (*answer[reviewPage], error) {
		out, err := s.reviewPage(ctx, in.ID)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return &answer[reviewPage]{Body: out}, nil
	})
	huma.Register(s.api, op(http.MethodGet, "/reviews/{id}/nearest", "nearestPassages", "Where a term that was not found may be said", "Review", pact.Viewer), func(ctx context.Context, in *struct {
		ByID
		Name string `query:"name" maxLength:"120" required:"true" doc:"Name of the term."`
	},
	) (*answer[searched], error) {
		out, err := s.nearest(ctx, in.ID, in.Name)
		return respondWith(ctx, s, out, err)
	})
	huma.Register(s.api, op(http.MethodPost, "/reviews/{id}/assign", "assignReview", "Assign a review", "Review", pact.Reviewer), func(ctx context.Context, in *struct {
		ByID
		Body struct {
			Assignee string `json:"assignee" maxLength:"320"`
			Revision int64  `json:"revision"`
		}
	},
	) (*answer[pact.Review], error) {
		r, err := s.Review.Assign(ctx, pact.ReviewID(in.ID), in.Body.Assignee, in.Body.Revision)
		return respondWith(ctx, s, r, err)
	})
	huma.Register(s.api, op(http.MethodPost, "/candidates/{id}/decisions", "decide", "Decide on a candidate", "Review", pact.Reviewer), func(ctx context.Context, in *struct {
		ByID
		Body decisionBody
	},
	) (*answer[review.Decided], error) {
		b := in.Body
		if err := errors.Join(s.checkEvidence(ctx, b.Evidence), s.findQuotesOf(ctx, in.ID, b.Evidence), checkParams(b.Obligation)); err != nil {
			return nil, s.fail(ctx, err)
		}
		out, err := s.Review.Decide(ctx, pact.CandidateID(in.ID), review.Choice{Kind: b.Kind, Revision: b.Revision, Value: b.Value, Obligation: b.Obligation, Rival: b.Rival, SameAs: b.SameAs, Another: b.Another, NotTracked: b.NotTracked, Reason: b.Reason, Evidence: b.Evidence})
		if fault.Is(err, fault.Conflict) {
			if c, gerr := s.Store.Reads().Candidates.Get(ctx, in.ID); gerr == nil {
				return nil, s.failWith(ctx, err, c)
			}
		}
		return respondWith(ctx, s, out, err)
	})
	add := op(http.MethodPost, "/reviews/{id}/candidates", "addCandidate", "Add what the reader missed", "Review", pact.Reviewer)
	add.DefaultStatus = http.StatusCreated
	huma.Register(s.api, add, func(ctx context.Context, in *struct {
		ByID
		Body additionBody
	},
	) (*answer[review.Decided], error) {
		b := in.Body
		if err := errors.Join(s.checkEvidence(ctx, b.Evidence), s.findQuotes(ctx, in.ID, b.Evidence), checkParams(b.Obligation)); err != nil {
			return nil, s.fail(ctx, err)
		}
		out, err := s.Review.Add(ctx, pact.ReviewID(in.ID), review.Addition{Subject: b.Subject, Name: b.Name, Value: b.Value, Obligation: b.Obligation, Evidence: b.Evidence, SameAs: b.SameAs, Another: b.Another, Reason: b.Reason})
		return respondWith(ctx, s, out, err)
	})
	huma.Register(s.api, op(http.MethodPost, "/reviews/{id}/accept-confident", "acceptConfident", "Accept what is certain, in bulk", "Review", pact.Reviewer), func(ctx context.Context, in *struct {
		ByID
		Body struct {
			Preview bool `json:"preview,omitempty" doc:"Only list what would be accepted."`
		}
	},
	) (*answer[confident], error) {
		out, err := s.acceptConfident(ctx, pact.ReviewID(in.ID), in.Body.Preview)
		return respondWith(ctx, s, out, err)
	})
	huma.Register(s.api, op(http.MethodPost, "/reviews/{id}/restore", "restoreDecisions", "Take decisions back", "Review", pact.Reviewer), func(ctx context.Context, in *struct {
		ByID
		Body struct {
			CandidateIDs []pact.CandidateID `json:"candidate_ids" minItems:"1" maxItems:"500"`
		}
	},
	) (*answer[restored], error) {
		rev, cs, err := s.Review.DecideAll(ctx, pact.ReviewID(in.ID), "restore", in.Body.CandidateIDs)
		return respondWith(ctx, s, restored{Review: rev, Candidates: cs}, err)
	})
	huma.Register(s.api, op(http.MethodPost, "/reviews/{id}/finish", "finishReview", "Publish the version; writes start here", "Review", pact.Reviewer), func(ctx context.Context, in *struct {
		ByID
		Body struct {
			Revision int64 `json:"revision"`
		}
	},
	) (*answer[pact.Review], error) {
		r, err := s.Review.Finish(ctx, pact.ReviewID(in.ID), in.Body.Revision)
		return respondWith(ctx, s, r, err)
	})
}

// respondWith answers with a value, or with the error as a problem.
func respondWith[T any](ctx context.Context, s *Server, v T, err error) (*answer[T], error) {
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return &answer[T]{Body: v}, nil
}

// checkEvidence verifies passages that a person chose: the quote must stand in the text at these offsets, and the places are
// ours to say. What comes from outside is never taken as verified.
func (s *Server) checkEvidence(ctx context.Context, evidence []pact.Evidence) error {
	actor, _ := pact.ActorFrom(ctx)
	for i := range evidence {
		e := &evidence[i]
		if e.Statement != nil {
			e.Statement.By, e.Statement.At, e.Statement.Reason, e.Statement.Decides = actor.ID, s.Now().UTC(), "", nil
		}
		if e.Passage == nil {
			continue
		}
		d, err := s.reading(ctx, string(e.Passage.DocumentID))
		if err != nil {
			return err
		}
		if e.Passage.End-e.Passage.Start > 20_000 || e.Passage.Start < 0 || d.Slice(e.Passage.Start, e.Passage.End) != e.Passage.Quote || e.Passage.Quote == "" {
			return fault.New(fault.Invalid, "The quote does not stand in the document at the place given. Select it again.")
		}
		*e.Passage = d.Passage(e.Passage.DocumentID, e.Passage.Start, e.Passage.End)
	}
	return nil
}

// minQuoted is how many characters of words that stand in a document are a quote of it.
const minQuoted = 20

// findQuotesOf does the same for words that are given with a decision on a candidate.
func (s *Server) findQuotesOf(ctx context.Context, candidateID string, evidence []pact.Evidence) error {
	if !slices.ContainsFunc(evidence, quotable) {
		return nil
	}
	c, err := s.Store.Reads().Candidates.Get(ctx, candidateID)
	if err != nil {
		return err
	}
	return s.findQuotes(ctx, string(c.ReviewID), evidence)
}

// quotable tells whether evidence is a person's words that may be a quote.
func quotable(e pact.Evidence) bool {
	return e.Statement != nil && len([]rune(e.Statement.Text)) >= minQuoted
}

// findQuotes looks a reviewer's words up in the document of the review. What stands there is evidence with a place, page and hash, and no
// longer only the word of a person; anything else stays a statement.
func (s *Server) findQuotes(ctx context.Context, reviewID string, evidence []pact.Evidence) error {
	if !slices.ContainsFunc(evidence, quotable) {
		return nil
	}
	rev, err := s.Store.Reads().Reviews.Get(ctx, reviewID)
	if err != nil {
		return err
	}
	d, err := s.reading(ctx, string(rev.DocumentID))
	if err != nil {
		return err
	}
	for i, e := range evidence {
		if !quotable(e) {
			continue
		}
		c := pact.Candidate{Evidence: []pact.Evidence{{Passage: &pact.Passage{Quote: e.Statement.Text}}}}
		extract.Verify(&c, d)
		if found := c.Evidence[0].Passage; found.Verification != pact.Unverified {
			passage := d.Passage(rev.DocumentID, found.Start, found.End)
			evidence[i] = pact.Evidence{Passage: &passage}
		}
	}
	return nil
}

func (s *Server) nearest(ctx context.Context, id, name string) (searched, error) {
	rev, err := s.Store.Reads().Reviews.Get(ctx, id)
	if err != nil {
		return searched{}, err
	}
	spec, ok := pact.TermSpecOf(name)
	if !ok {
		return searched{}, fault.New(fault.Invalid, "There is no term named %q.", name)
	}
	d, err := s.reading(ctx, string(rev.DocumentID))
	if err != nil {
		return searched{}, err
	}
	out := searched{DocumentID: rev.DocumentID, Pages: len(d.Pages), Blocks: len(d.Blocks), Passages: []nearPassage{}}
	for _, n := range extract.Nearest(d, spec, 3) {
		out.Passages = append(out.Passages, nearPassage{Passage: d.Passage(rev.DocumentID, n.Start, n.End), Words: n.Words})
	}
	return out, nil
}

func (s *Server) reviewRow(ctx context.Context, r pact.Review) (reviewRow, error) {
	con, err := s.Store.Reads().Contracts.Get(ctx, string(r.ContractID))
	if err != nil {
		return reviewRow{}, err
	}
	doc, err := s.Store.Reads().Documents.Get(ctx, string(r.DocumentID))
	return reviewRow{Review: r, Contract: con, Document: doc}, err
}

func (s *Server) reviewPage(ctx context.Context, id string) (reviewPage, error) {
	reads := s.Store.Reads()
	rev, err := reads.Reviews.Get(ctx, id)
	if err != nil {
		return reviewPage{}, err
	}
	out := reviewPage{Review: rev, Specs: pact.TermSpecs()}
	if out.Contract, err = reads.Contracts.Get(ctx, string(rev.ContractID)); err != nil {
		return out, err
	}
	if out.Documents, err = reads.Documents.All(ctx, store.Where(store.Eq("contract_id", rev.ContractID)).By("created_at")); err != nil {
		return out, err
	}
	if out.Candidates, err = reads.Candidates.All(ctx, store.Where(store.Eq("review_id", rev.ID)).By("order")); err != nil {
		return out, err
	}
	if out.Tracked, err = s.tracked(ctx, rev, out.Candidates); err != nil {
		return out, err
	}
	out.Candidates = review.Settled(out.Candidates)
	if out.Decisions, err = reads.Decisions.All(ctx, store.Where(store.Eq("review_id", rev.ID)).By("at")); err != nil {
		return out, err
	}
	row, policy, err := s.Review.ActivePolicy(ctx)
	out.Policy = reviewPolicy{Version: row.Version, Note: row.Note, Threshold: policy.Threshold.String(), FirstN: policy.FirstN}
	return out, err
}

// tracked lists what the open obligations of a review look like, in the order of the candidates.
func (s *Server) tracked(ctx context.Context, rev pact.Review, candidates []pact.Candidate) ([]trackedView, error) {
	alike, err := s.Review.Tracked(ctx, rev, candidates)
	if err != nil {
		return nil, err
	}
	out := []trackedView{}
	for _, c := range candidates {
		for _, t := range alike[c.ID] {
			out = append(out, trackedView{CandidateID: c.ID, Tracked: t})
		}
	}
	return out, nil
}

func (s *Server) acceptConfident(ctx context.Context, id pact.ReviewID, preview bool) (confident, error) {
	rev, err := s.Store.Reads().Reviews.Get(ctx, string(id))
	if err != nil {
		return confident{}, err
	}
	cs, err := s.Review.Confident(ctx, id)
	if err != nil {
		return confident{}, err
	}
	out := confident{Candidates: []pact.CandidateID{}, Review: rev}
	for _, c := range cs {
		out.Candidates = append(out.Candidates, c.ID)
	}
	if preview || len(cs) == 0 {
		return out, nil
	}
	out.Review, _, err = s.Review.DecideAll(ctx, id, "accept", out.Candidates)
	out.Accepted = err == nil
	return out, err
}
