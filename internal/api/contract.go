package api

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/insight"
	"github.com/pactloop/pactloop/internal/intake"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

type contractPage struct {
	Contract  pact.Contract   `json:"contract"`
	Version   *pact.Version   `json:"version,omitempty" doc:"The current version; absent until one is published."`
	Family    []pact.Contract `json:"family"`
	Documents []pact.Document `json:"documents"`
	Links     []pact.Link     `json:"links"`
	Review    *pact.Review    `json:"review,omitempty" doc:"The open review."`
	InForce   []inForce       `json:"in_force"`
	Changes   []familyChange  `json:"changes"`
	Ends      string          `json:"ends,omitempty" doc:"When the contract ends or ended, and by what, where that is certain."`
	// Renewal is absent where nothing is known of one.
	Renewal *insight.RenewalRow `json:"renewal,omitempty" doc:"The next renewal, as the outlook has it."`
}

// inForce is a term of the contract as amendments leave it today.
type inForce struct {
	Name       string          `json:"name"`
	Label      string          `json:"label"`
	Value      *pact.Value     `json:"value,omitempty" doc:"Absent where nothing holds any more: deleted, waived, or not decided between documents."`
	ContractID pact.ContractID `json:"contract_id,omitempty" doc:"The document of the family that governs it."`
	From       calendar.Date   `json:"from,omitempty"`
	Rule       string          `json:"rule"`
	Evidence   []pact.Evidence `json:"evidence,omitempty" doc:"Where the value stands, if another document of the family governs it."`
	Order      []pact.Evidence `json:"order,omitempty" doc:"The reviewed clause on precedence that decided between documents of the family, where one did."`
	Question   string          `json:"question,omitempty" doc:"What documents of the family leave open: no value holds until it is answered."`
	Readings   []superseded    `json:"readings,omitempty" doc:"What each of those documents says, where they differ."`
	Superseded []superseded    `json:"superseded" doc:"Values it took the place of."`
	Coming     []superseded    `json:"coming" doc:"Values published for a later day."`
}

type inForcePage struct {
	On      calendar.Date  `json:"on"`
	Items   []inForce      `json:"items"`
	Changes []familyChange `json:"changes" doc:"What amendments do to the contract, in the order in which it takes effect."`
	Ends    string         `json:"ends,omitempty" doc:"When the contract ends or ended by that day, and by what, where that is certain."`
}

// familyChange is an operation of an amendment.
type familyChange struct {
	ContractID pact.ContractID        `json:"contract_id"`
	Title      string                 `json:"title" doc:"Of the amendment."`
	From       calendar.Date          `json:"from,omitempty" doc:"The day it takes effect."`
	Says       string                 `json:"says" doc:"The operation in words."`
	Operation  pact.ReviewedOperation `json:"operation"`
}

// superseded is a value of the same term that does not hold on the day.
type superseded struct {
	Value      pact.Value      `json:"value"`
	ContractID pact.ContractID `json:"contract_id"`
	Title      string          `json:"title" doc:"Of the document that says it."`
	From       calendar.Date   `json:"from,omitempty"`
	Why        string          `json:"why"`
	By         string          `json:"by,omitempty" doc:"Title of the document that took its place."`
}

type obligationView struct {
	Obligation pact.Obligation `json:"obligation"`
	// LookedAfterBy is who may answer and check in beside reviewers, whichever document names them.
	LookedAfterBy string            `json:"looked_after_by,omitempty" doc:"E-mail of who looks after it: its own owner, or else that of the contract."`
	Occurrences   []pact.Occurrence `json:"occurrences" doc:"Judged by what this document says: the latest twelve."`
	Judged        bool              `json:"judged,omitempty" doc:"The kind is judged. Of others the register keeps what is known."`
	Questions     []checkLine       `json:"questions,omitempty" doc:"What its parameters leave open: until it is answered nothing is judged, or the amount waits."`
	Asks          []openQuestion    `json:"asks,omitempty" doc:"What stops a judgement or an amount and waits for an answer."`
	Waiting       *pact.Approval    `json:"waiting,omitempty" doc:"An answer about this obligation that waits for a second person."`
	// SelfReported and Performed belong to duties that somebody does and nothing measures.
	SelfReported bool        `json:"self_reported,omitempty" doc:"No connected system reports whether it was done: its owner is asked."`
	AskedTime    bool        `json:"asked_time,omitempty" doc:"With yes the time is asked (at) and not the day alone (on): the time to do it, or to cure it, is in hours."`
	Performed    []performed `json:"performed,omitempty" doc:"What was answered, by occurrence; the answers that stand."`
	// TriggerAsked and Triggers belong to duties that something starts and no system reports it.
	TriggerAsked bool          `json:"trigger_asked,omitempty" doc:"No connected system reports what starts the duty: who looks after it says when it was started."`
	TriggerTime  bool          `json:"trigger_time,omitempty" doc:"The time is asked (at) and not the day alone (on): the time to do it is in hours."`
	Triggers     []pact.Event  `json:"triggers,omitempty" doc:"What was said to have started it; the statements that stand, the latest first. The subject is the key of the occurrence."`
	Replaced     *replacement  `json:"replaced,omitempty" doc:"Where another document of the family states it anew."`
	Inherited    *inherited    `json:"inherited,omitempty" doc:"The contract above that passes it on."`
	EndsOn       calendar.Date `json:"ends_on,omitempty" doc:"Last day of the contract, where its end is what ends the obligation."`
	Ends         string        `json:"ends,omitempty" doc:"The same in words, with what ends it."`
	Segments     []segment     `json:"segments,omitempty" doc:"How it is stated from day to day, by the contract and its amendments, or of what is passed on by those of the contract above: where that changes."`
}

// inherited is the contract whose rule passes an obligation on.
type inherited struct {
	ContractID pact.ContractID `json:"contract_id"`
	Title      string          `json:"title"`
}

// segment is a run of days in which one document states an obligation.
type segment struct {
	From       calendar.Date   `json:"from,omitempty"`
	Until      calendar.Date   `json:"until,omitempty" doc:"First day on which it no longer does."`
	ContractID pact.ContractID `json:"contract_id"`
	Title      string          `json:"title" doc:"Of the document that states it."`
	Params     json.RawMessage `json:"params,omitempty"`
}

// openQuestion is asked by the parameters of an obligation, or by an occurrence that is judged by it.
type openQuestion struct {
	Question     pact.Ambiguity    `json:"question"`
	OccurrenceID pact.OccurrenceID `json:"occurrence_id,omitempty"`
	Subject      string            `json:"subject,omitempty" doc:"What the occurrence is about."`
	Others       int               `json:"others,omitempty" doc:"Occurrences that ask the same."`
	FindingID    pact.FindingID    `json:"finding_id,omitempty" doc:"The finding that asks it: it is answered there."`
	Asked        pact.Obligation   `json:"asked" doc:"The obligation that is asked about, as the document in force states it. An answer names its revision."`
	Waiting      *pact.Approval    `json:"waiting,omitempty" doc:"An answer about the obligation that is asked about, to this question or to another, that waits for a second person: until it is decided on or taken back there is no other."`
}

// replacement is the document that states an obligation anew.
type replacement struct {
	ContractID pact.ContractID `json:"contract_id"`
	Title      string          `json:"title"`
	From       calendar.Date   `json:"from,omitempty"`
}

type uploaded struct {
	Contract pact.Contract `json:"contract"`
	Document pact.Document `json:"document"`
	Repeated bool          `json:"repeated" doc:"The same file was here before."`
}

type uploadForm struct {
	File         huma.FormFile `form:"file" required:"true"`
	BusinessUnit string        `form:"business_unit" required:"false"`
	Title        string        `form:"title" required:"false"`
	ParentID     string        `form:"parent_id" required:"false"`
	Relation     string        `form:"relation" required:"false"`
	Owner        string        `form:"owner" required:"false"`
	Number       string        `form:"contract_number" required:"false" doc:"The number by which people know the contract."`
	Customer     string        `form:"customer" required:"false"`
	Type         string        `form:"contract_type" required:"false"`
	ParentNumber string        `form:"parent_number" required:"false" doc:"Instead of parent_id: the number of a contract of the same business unit."`
}

func (s *Server) contractRoutes() {
	huma.Register(s.api, op(http.MethodGet, "/contracts", "listContracts", "Find contracts", "Contracts", pact.Viewer), func(ctx context.Context, in *struct {
		Paging
		Search       string   `query:"q" maxLength:"200" doc:"Words of the title, number or customer."`
		State        []string `query:"state" enum:"received,in_review,active,stuck,ended" doc:"States, separated by commas."`
		ContractType string   `query:"contract_type"`
		Customer     string   `query:"customer"`
		FamilyID     string   `query:"family_id"`
		With         string   `query:"with_clause" maxLength:"60" doc:"A category of GET /clauses that was found in a document of the contract."`
		Without      string   `query:"without_clause" maxLength:"60" doc:"A category that was looked for and not found in any document of the contract."`
		Order        string   `query:"order" enum:"-created_at,created_at,title,customer,send_by,renewal_date,expiration_date" default:"-created_at"`
	},
	) (*answer[page[pact.Contract]], error) {
		q := store.Query{Where: conds("state", listed(in.State), "contract_type", in.ContractType, "family_id", in.FamilyID), Search: in.Search, Order: []string{in.Order}, Limit: in.Limit, After: in.After}
		if in.Customer != "" {
			q.Where = append(q.Where, store.Eq("customer", in.Customer))
		}
		for op, name := range map[string]string{"has": in.With, "has_not": in.Without} {
			if err := s.knownCategory(name); err != nil {
				return nil, s.fail(ctx, err)
			}
			if name != "" {
				q.Where = append(q.Where, store.Is("clauses", op, name))
			}
		}
		p, err := s.Store.Reads().Contracts.List(ctx, q)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return pageOf(p, same[pact.Contract]), nil
	})
	upload := op(http.MethodPost, "/contracts", "uploadContract", "Upload a document", "Contracts", anyone)
	upload.Description = "Needs the role reviewer or connector. The same file again gives the contract it gave before."
	upload.DefaultStatus = http.StatusCreated
	upload.MaxBodyBytes = -1 // bounded before routing
	upload.BodyReadTimeout = 10 * time.Minute
	huma.Register(s.api, upload, func(ctx context.Context, in *struct {
		RawBody huma.MultipartFormFiles[uploadForm]
	},
	) (*answer[uploaded], error) {
		out, err := s.upload(ctx, in.RawBody.Data())
		return respondWith(ctx, s, out, err)
	})
	huma.Register(s.api, op(http.MethodGet, "/contracts/{id}", "getContract", "A contract with what belongs to it", "Contracts", pact.Viewer), func(ctx context.Context, in *ByID) (*answer[contractPage], error) {
		out, err := s.contractPage(ctx, in.ID)
		return respondWith(ctx, s, out, err)
	})
	huma.Register(s.api, op(http.MethodGet, "/contracts/{id}/in-force", "termsInForce", "The terms in force on a day, with what they superseded", "Contracts", pact.Viewer), func(ctx context.Context, in *struct {
		ByID
		On calendar.Date `query:"on" maxLength:"10" doc:"A day such as 2026-03-31; today where absent."`
	},
	) (*answer[inForcePage], error) {
		out, err := s.inForceOn(ctx, in.ID, in.On)
		return respondWith(ctx, s, out, err)
	})
	huma.Register(s.api, op(http.MethodGet, "/contracts/{id}/versions", "listVersions", "Published versions", "Contracts", pact.Viewer), func(ctx context.Context, in *ByID) (*answer[items[pact.Version]], error) {
		if _, err := s.Store.Reads().Contracts.Get(ctx, in.ID); err != nil {
			return nil, s.fail(ctx, err)
		}
		vs, err := s.Store.Reads().Versions.All(ctx, store.Where(store.Eq("contract_id", in.ID)).By("-number"))
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return list(vs), nil
	})
	huma.Register(s.api, op(http.MethodGet, "/contracts/{id}/obligations", "listObligations", "Obligations with their latest occurrences", "Contracts", pact.Viewer), func(ctx context.Context, in *ByID) (*answer[items[obligationView]], error) {
		out, err := s.obligations(ctx, in.ID)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return list(out), nil
	})
	huma.Register(s.api, op(http.MethodPost, "/contracts/{id}/backtest", "backtestContract", "What follows from a contract and what was reported under it, as registered or with other terms; nothing is kept", "Contracts", pact.Viewer), func(ctx context.Context, in *struct {
		ByID
		Body struct {
			From    calendar.Date     `json:"from,omitempty" doc:"First date of the occurrences."`
			To      calendar.Date     `json:"to,omitempty" doc:"First date that no longer counts."`
			AsOf    time.Time         `json:"as_of,omitzero" doc:"Instant of the judgement: what was reported later is not known. Default: now."`
			Changes []insight.Changed `json:"changes,omitempty" maxItems:"100" doc:"What if: obligations with other parameters."`
			Without []pact.ContractID `json:"without,omitempty" maxItems:"100" doc:"Amendments to leave out, of the contract or of one above it: what did they change?"`
		}
	},
	) (*answer[insight.Replayed], error) {
		b := in.Body
		out, err := s.Insight.Backtest(ctx, pact.ContractID(in.ID), insight.Replay{From: b.From, To: b.To, AsOf: b.AsOf, Changes: b.Changes, Without: b.Without})
		return respondWith(ctx, s, out, err)
	})
	huma.Register(s.api, op(http.MethodGet, "/contracts/{id}/timeline", "contractTimeline", "What happened, newest first", "Contracts", pact.Viewer), func(ctx context.Context, in *ByID) (*answer[items[insight.Moment]], error) {
		out, err := s.Insight.Timeline(ctx, pact.ContractID(in.ID))
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return list(out), nil
	})
}

func (s *Server) upload(ctx context.Context, form *uploadForm) (uploaded, error) {
	actor, _ := pact.ActorFrom(ctx)
	if !actor.May(pact.Reviewer) && !actor.May(pact.Connector) {
		return uploaded{}, fault.New(fault.Denied, "Uploading needs the role reviewer or connector.")
	}
	if form == nil || !form.File.IsSet {
		return uploaded{}, fault.New(fault.Invalid, "Send the document as the form field \"file\".")
	}
	defer form.File.Close()
	body, err := io.ReadAll(io.LimitReader(form.File, s.MaxFile+1))
	if err != nil {
		return uploaded{}, fault.Wrap(fault.Invalid, err, "The file could not be read to its end. Nothing was kept.")
	}
	unit := form.BusinessUnit
	if unit == "" && len(actor.Units) == 1 && actor.Units[0] != "*" {
		unit = actor.Units[0]
	}
	if unit == "" {
		unit = "default"
	}
	out, err := s.Intake.Upload(ctx, intake.Upload{
		BusinessUnit: unit, Filename: form.File.Filename, Title: form.Title, ParentID: pact.ContractID(form.ParentID), Relation: form.Relation, Owner: form.Owner, Body: body,
		Number: form.Number, Customer: form.Customer, Type: form.Type, ParentNumber: form.ParentNumber,
	})
	return uploaded{Contract: out.Contract, Document: out.Document, Repeated: out.Repeated}, err
}

func (s *Server) contractPage(ctx context.Context, id string) (contractPage, error) {
	reads := s.Store.Reads()
	con, err := reads.Contracts.Get(ctx, id)
	if err != nil {
		return contractPage{}, err
	}
	out := contractPage{Contract: con, InForce: []inForce{}, Changes: []familyChange{}}
	if out.Family, err = reads.Contracts.All(ctx, store.Where(store.Eq("family_id", con.FamilyID)).By("created_at")); err != nil {
		return out, err
	}
	if out.Documents, err = reads.Documents.All(ctx, store.Where(store.Eq("contract_id", id)).By("created_at")); err != nil {
		return out, err
	}
	if out.Links, err = reads.Links.All(ctx, store.Where(store.Eq("contract_id", id))); err != nil {
		return out, err
	}
	open, err := reads.Reviews.All(ctx, store.Where(store.Eq("contract_id", id), store.In("state", []string{"waiting", "in_review"})))
	if err != nil {
		return out, err
	}
	if len(open) > 0 {
		out.Review = &open[0]
	}
	if out.Renewal, err = s.Insight.NextRenewal(ctx, con.ID); err != nil {
		return out, err
	}
	if con.CurrentVersion == 0 {
		return out, nil
	}
	v, err := reads.Versions.One(ctx, store.Where(store.Eq("contract_id", id), store.Eq("number", con.CurrentVersion)))
	if err != nil {
		return out, err
	}
	out.Version = &v
	out.InForce, out.Changes, out.Ends, err = s.inForce(ctx, con, out.Family, calendar.DateIn(s.Now(), time.UTC))
	return out, err
}

// inForceOn gives the terms in force on a day, by what is published now.
func (s *Server) inForceOn(ctx context.Context, id string, on calendar.Date) (inForcePage, error) {
	reads := s.Store.Reads()
	con, err := reads.Contracts.Get(ctx, id)
	if err != nil {
		return inForcePage{}, err
	}
	if on == "" {
		on = calendar.DateIn(s.Now(), time.UTC)
	}
	if _, err := calendar.ParseDate(string(on)); err != nil {
		return inForcePage{}, fault.New(fault.Invalid, "%q is no date; write it as 2026-03-31.", string(on))
	}
	out := inForcePage{On: on, Items: []inForce{}, Changes: []familyChange{}}
	if con.CurrentVersion == 0 {
		return out, nil
	}
	family, err := reads.Contracts.All(ctx, store.Where(store.Eq("family_id", con.FamilyID)).By("created_at"))
	if err != nil {
		return out, err
	}
	out.Items, out.Changes, out.Ends, err = s.inForce(ctx, con, family, on)
	return out, err
}

// shownOccurrences is how many occurrences stand under an obligation.
const shownOccurrences = 12

func (s *Server) obligations(ctx context.Context, id string) ([]obligationView, error) {
	reads := s.Store.Reads()
	con, err := reads.Contracts.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	obs, err := reads.Obligations.All(ctx, store.Where(store.Eq("contract_id", id)).By("key"))
	if err != nil {
		return nil, err
	}
	family, err := reads.Contracts.All(ctx, store.Where(store.Eq("family_id", con.FamilyID)).By("created_at"))
	if err != nil {
		return nil, err
	}
	head := effective.Amended(con, family)
	line, _, err := obligation.OfContract(head, family, func(part pact.Contract) (pact.Version, error) {
		return reads.Versions.One(ctx, store.Where(store.Eq("contract_id", part.ID), store.Eq("number", part.CurrentVersion)))
	})
	if err != nil {
		return nil, err
	}
	ending, err := s.Insight.Ending(ctx, head, family, line.With(handedDown(obs)))
	if err != nil {
		return nil, err
	}
	members := make([]string, 0, len(family))
	for _, c := range family {
		members = append(members, string(c.ID))
	}
	waiting, err := s.waitingAnswers(ctx, members...)
	if err != nil {
		return nil, err
	}
	performed, err := s.performedUnder(ctx, head, obs)
	if err != nil {
		return nil, err
	}
	bases, err := s.bases(ctx, con, head)
	if err != nil {
		return nil, err
	}
	today := calendar.DateIn(s.Now(), time.UTC)
	out := make([]obligationView, 0, len(obs))
	for _, o := range obs {
		view := obligationView{Obligation: o, Replaced: replaced(line.Obligation(o.Key, today), o, today)}
		if end := ending.End(o.Key); end != nil {
			view.EndsOn, view.Ends = end.Last, end.Says(today)
		}
		above, key, err := s.passesOn(ctx, o, family)
		if err != nil {
			return nil, err
		}
		if above != nil {
			view.Inherited = &inherited{ContractID: above.ID, Title: above.Title}
		}
		if view.Segments, err = s.segments(ctx, o, line, family, above, key); err != nil {
			return nil, err
		}
		view.LookedAfterBy = cmp.Or(o.Owner, con.Owner)
		if con.ID != head.ID {
			view.LookedAfterBy = cmp.Or(bases.of(o).Owner, head.Owner)
		}
		judged, err := s.judgedBy(ctx, o, bases.of(o))
		if err != nil {
			return nil, err
		}
		view.Occurrences = judged[:min(len(judged), shownOccurrences)]
		if _, err := obligation.KindOf(o.Kind); err == nil {
			view.Judged = true
			for _, q := range obligation.Check(o) {
				view.Questions = append(view.Questions, checkLine{Field: obligation.Member(o, q), Message: q.Question})
			}
		}
		if view.Asks, err = s.asks(ctx, o, judged, view.Replaced != nil); err != nil {
			return nil, err
		}
		view.Waiting = waiting[o.ID]
		performed.show(&view, judged)
		if err := performed.showTriggers(ctx, &view); err != nil {
			return nil, err
		}
		for i, q := range view.Asks {
			view.Asks[i].Waiting = waiting[q.Asked.ID]
		}
		out = append(out, view)
	}
	return out, nil
}

// handedDown are the obligations that a contract above passes on, as they hold here.
func handedDown(obs []pact.Obligation) []effective.Entry {
	var out []effective.Entry
	for _, o := range obs {
		if o.InheritedFrom != "" {
			out = append(out, effective.Entry{Source: effective.Source{ContractID: o.ContractID, Inherited: true}, Obligation: &o})
		}
	}
	return out
}

// passesOn is the contract of a family that passes an obligation on, and the key it has there; nil of one that a contract states itself.
func (s *Server) passesOn(ctx context.Context, o pact.Obligation, family []pact.Contract) (*pact.Contract, string, error) {
	if o.InheritedFrom == "" {
		return nil, "", nil
	}
	above, err := maybe(s.Store.Reads().Obligations.Get(ctx, string(o.InheritedFrom)))
	if err != nil || above == nil {
		return nil, "", err
	}
	i := slices.IndexFunc(family, func(c pact.Contract) bool { return c.ID == above.ContractID })
	if i < 0 {
		return nil, "", nil
	}
	return &family[i], above.Key, nil
}

// segments are the runs of days in which documents state an obligation otherwise; none where one does from beginning to end. What a
// contract above passes on is stated there under a key, from the day it holds here.
func (s *Server) segments(ctx context.Context, o pact.Obligation, line effective.Timeline, family []pact.Contract, above *pact.Contract, key string) ([]segment, error) {
	var within calendar.Period
	switch {
	case o.InheritedFrom == "":
		key = o.Key
	case above == nil:
		return nil, nil
	default:
		var err error
		if line, _, err = obligation.OfContract(*above, family, func(part pact.Contract) (pact.Version, error) {
			return s.Store.Reads().Versions.One(ctx, store.Where(store.Eq("contract_id", part.ID), store.Eq("number", part.CurrentVersion)))
		}); err != nil {
			return nil, err
		}
		within = o.InForce
	}
	var out []segment
	for _, x := range line.Segments(key) {
		w := x.Resolution.Winner
		if w == nil || w.Obligation.Kind != o.Kind {
			continue
		}
		p := calendar.Period{From: max(x.Period.From, within.From), Until: x.Period.Until}
		if within.Until != "" && (p.Until == "" || within.Until < p.Until) {
			p.Until = within.Until
		}
		if p.Until != "" && p.Until <= p.From {
			continue
		}
		out = append(out, segment{From: p.From, Until: p.Until, ContractID: w.Source.ContractID, Title: w.Source.Title, Params: w.Obligation.Params})
	}
	if len(out) < 2 {
		return nil, nil
	}
	return out, nil
}

// replaced names what states an obligation instead: the document in force, or one that will be.
func replaced(r effective.Resolution, o pact.Obligation, today calendar.Date) *replacement {
	others := make([]effective.Entry, 0, len(r.Losers)+1)
	if r.Winner != nil {
		others = append(others, *r.Winner)
	}
	for _, l := range r.Losers {
		if l.Entry.From() > today {
			others = append(others, l.Entry)
		}
	}
	for _, e := range others {
		from := e.From()
		if e.Obligation.ID != o.ID && from >= o.InForce.From && e.Source.ContractID != o.ContractID {
			return &replacement{ContractID: e.Source.ContractID, Title: e.Source.Title, From: from}
		}
	}
	return nil
}

// bases are the obligations of the contract that an amendment changes; none of a contract that is no amendment.
type bases []pact.Obligation

func (s *Server) bases(ctx context.Context, con, head pact.Contract) (bases, error) {
	if con.ID == head.ID {
		return nil, nil
	}
	return s.Store.Reads().Obligations.All(ctx, store.Where(store.Eq("contract_id", head.ID)).By("created_at"))
}

// of is what an obligation of the amendment changes: of several rows of its key the one that is in the register, then the one that is judged
// by the same kind, then the newest. The zero obligation is none.
func (b bases) of(o pact.Obligation) pact.Obligation {
	var best pact.Obligation
	weight := func(x pact.Obligation) int {
		n := 0
		if x.InForce.Until == "" {
			n += 2
		}
		if x.Kind == o.Kind {
			n++
		}
		return n
	}
	for _, x := range b {
		if x.Key == o.Key && (best.ID == "" || weight(x) >= weight(best)) {
			best = x
		}
	}
	return best
}

// judgedBy gives the latest occurrences that were judged by what this obligation says. Those of an amendment are kept with the
// obligation that it changes, its base.
func (s *Server) judgedBy(ctx context.Context, o, base pact.Obligation) ([]pact.Occurrence, error) {
	reads := s.Store.Reads()
	ids := []string{string(o.ID)}
	if base.ID != "" {
		ids = append(ids, string(base.ID))
	}
	page, err := reads.Occurrences.List(ctx, store.Query{Where: []store.Cond{store.In("obligation_id", ids)}, Order: []string{"-updated_at"}, Limit: 100})
	out := []pact.Occurrence{}
	for _, occ := range page.Items {
		by := cmp.Or(occ.Assessment.GovernedBy, occ.ObligationID)
		if by == o.ID || o.InheritedFrom != "" {
			out = append(out, occ)
		}
	}
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(out, func(a, b pact.Occurrence) int { // what was judged at once, by when it is due
		return cmp.Or(b.UpdatedAt.Compare(a.UpdatedAt), a.DueAt.Compare(b.DueAt))
	})
	return out, s.Insight.Today(ctx, out)
}

// asks lists what is open about an obligation, each question once: what its parameters ask, unless another document took its place or
// the contract above answers for it, and what occurrences ask.
func (s *Server) asks(ctx context.Context, o pact.Obligation, judged []pact.Occurrence, replaced bool) ([]openQuestion, error) {
	var out []openQuestion
	asked := map[string]int{}
	if _, err := obligation.KindOf(o.Kind); err == nil && !replaced && o.InheritedFrom == "" {
		for _, q := range obligation.Check(o) {
			asked[q.Question] = len(out)
			out = append(out, openQuestion{Question: q, Asked: o})
		}
	}
	reads := s.Store.Reads()
	for _, occ := range judged {
		for _, q := range occ.Assessment.Ambiguities {
			if i, known := asked[q.Question]; known {
				out[i].Others++
				continue
			}
			asked[q.Question] = len(out)
			by, err := maybe(reads.Obligations.Get(ctx, string(cmp.Or(occ.Assessment.GovernedBy, occ.ObligationID))))
			if err != nil {
				return nil, err
			}
			if by == nil {
				by = &o
			}
			f, err := maybe(reads.Findings.One(ctx, store.Where(store.Eq("occurrence_id", occ.ID))))
			if err != nil {
				return nil, err
			}
			open := openQuestion{Question: q, OccurrenceID: occ.ID, Subject: cmp.Or(occ.Subject, occ.Key), Asked: *by}
			if f != nil && len(f.Assessment.Ambiguities) > 0 {
				open.FindingID = f.ID
			}
			out = append(out, open)
		}
	}
	return out, nil
}
