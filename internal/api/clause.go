package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/danielgtaylor/huma/v2"
	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// clauseView is a passage of a document that says something of a kind.
type clauseView struct {
	Category     string            `json:"category"`
	Label        string            `json:"label"`
	Confidence   decimal.Decimal   `json:"confidence" doc:"How likely a person would mark this passage as of the category."`
	Verification pact.Verification `json:"verification"`
	Passage      pact.Passage      `json:"passage"`
}

// clauseKind says of one category whether a document has it.
type clauseKind struct {
	Category   string          `json:"category"`
	Label      string          `json:"label"`
	Question   string          `json:"question" doc:"What a reader wants to know of it."`
	Found      int             `json:"found" doc:"Passages of it; 0: none was found."`
	Confidence decimal.Decimal `json:"confidence" doc:"How likely the document has it at all."`
}

type clausePage struct {
	DocumentID pact.DocumentID `json:"document_id"`
	Extractor  string          `json:"extractor,omitempty" doc:"Name and version of what looked; absent where nobody did."`
	ReadAt     *time.Time      `json:"read_at,omitempty"`
	Categories []clauseKind    `json:"categories" doc:"Every category that was looked for, those that were not found too."`
	Items      []clauseView    `json:"items" doc:"In the order of the text."`
	Next       string          `json:"next,omitempty" doc:"Cursor of the next page; absent at the end."`
}

// spot is a run of the text, and in which section it stands.
type spot struct {
	Start  int    `json:"start"`
	End    int    `json:"end"`
	Page   int    `json:"page,omitempty"`
	Clause string `json:"clause,omitempty" doc:"Number of the section."`
}

type definitionView struct {
	Term    string `json:"term"`
	At      spot   `json:"at" doc:"Where the word is given its meaning."`
	Meaning string `json:"meaning"`
	Means   spot   `json:"means"`
	Used    int    `json:"used" doc:"How often the word stands elsewhere."`
	Uses    []spot `json:"uses" doc:"The first fifty of these places."`
}

type referenceView struct {
	Text     string `json:"text" doc:"As it stands: Section 4.2."`
	At       spot   `json:"at"`
	Number   string `json:"number"`
	External bool   `json:"external" doc:"It says itself that it means another document."`
	Target   *spot  `json:"target,omitempty" doc:"The section it names; absent where nothing in the document has that number."`
	Heading  string `json:"heading,omitempty" doc:"Of the target."`
}

type signatureView struct {
	document.Signature
	Page   int    `json:"page,omitempty"`
	Clause string `json:"clause,omitempty"`
}

// clauseCount says how many contracts have a category.
type clauseCount struct {
	Category string `json:"category"`
	Label    string `json:"label"`
	Question string `json:"question"`
	With     int    `json:"with" doc:"Contracts in a document of which it was found."`
	Without  int    `json:"without" doc:"Contracts that were read and in which it was not found."`
}

const mostUses = 50

func (s *Server) clauseRoutes() {
	huma.Register(s.api, op(http.MethodGet, "/documents/{id}/clauses", "listClauses", "The clauses of a document by category", "Documents", pact.Viewer), func(ctx context.Context, in *struct {
		ByID
		Paging
		Category string `query:"category" maxLength:"60" doc:"Clauses of this category only."`
	},
	) (*answer[clausePage], error) {
		out, err := s.clauses(ctx, in.ID, in.Category, in.Paging)
		return respondWith(ctx, s, out, err)
	})
	huma.Register(s.api, op(http.MethodGet, "/documents/{id}/definitions", "listDefinitions", "The words a document defines, and where it uses them", "Documents", pact.Viewer), func(ctx context.Context, in *struct {
		ByID
		Paging
	},
	) (*answer[page[definitionView]], error) {
		d, err := s.reading(ctx, in.ID)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		used := newUsage(d)
		return pieces(ctx, s, d, d.Definitions, in.Paging, used.definition)
	})
	huma.Register(s.api, op(http.MethodGet, "/documents/{id}/references", "listReferences", "Where a document names another place, with the place", "Documents", pact.Viewer), func(ctx context.Context, in *struct {
		ByID
		Paging
	},
	) (*answer[page[referenceView]], error) {
		d, err := s.reading(ctx, in.ID)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return pieces(ctx, s, d, d.References, in.Paging, func(r document.Reference) referenceView { return referenceOf(d, r) })
	})
	huma.Register(s.api, op(http.MethodGet, "/documents/{id}/signatures", "listSignatures", "The places where the parties sign", "Documents", pact.Viewer), func(ctx context.Context, in *ByID) (*answer[items[signatureView]], error) {
		d, err := s.reading(ctx, in.ID)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		out := make([]signatureView, 0, len(d.Signatures))
		for _, sig := range d.Signatures {
			at := spotOf(d, sig.Start, sig.End)
			out = append(out, signatureView{Signature: sig, Page: at.Page, Clause: at.Clause})
		}
		return list(out), nil
	})
	huma.Register(s.api, op(http.MethodGet, "/clauses", "countClauses", "Every category of clause, with how many contracts have it", "Contracts", pact.Viewer), func(ctx context.Context, _ *struct{}) (*answer[items[clauseCount]], error) {
		out, err := s.clauseCounts(ctx)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return list(out), nil
	})
}

// clauses reads what the last reading of a document found. A cursor belongs to that reading: after another one it is refused.
func (s *Server) clauses(ctx context.Context, id, category string, p Paging) (clausePage, error) {
	out := clausePage{DocumentID: pact.DocumentID(id), Categories: []clauseKind{}, Items: []clauseView{}}
	if _, err := s.Store.Reads().Documents.Get(ctx, id); err != nil {
		return out, err
	}
	if err := s.knownCategory(category); err != nil {
		return out, err
	}
	run, err := s.Store.Reads().Extractions.One(ctx, store.Where(store.Eq("document_id", id), store.Eq("extractor", "clause")).By("-started_at"))
	if fault.Is(err, fault.NotFound) { // never read for clauses: only the first page is there
		_, _, err = cut([]pact.Clause{}, "", p)
		return out, err
	}
	if err != nil {
		return out, err
	}
	var set extract.ClauseSet
	if err := json.Unmarshal([]byte(run.Output), &set); err != nil {
		return out, fmt.Errorf("reading the clauses of %s: %w", run.ID, err)
	}
	out.Extractor, out.ReadAt = run.Extractor+"/"+run.Version, &run.FinishedAt
	out.Categories = s.kindsOf(set)
	var chosen []pact.Clause
	for _, c := range set.Clauses {
		if c.Evidence.Passage != nil && (category == "" || c.Category == category) {
			chosen = append(chosen, c)
		}
	}
	part, next, err := cut(chosen, string(run.ID), p)
	if err != nil {
		return out, err
	}
	out.Next = next
	for _, c := range part {
		out.Items = append(out.Items, clauseView{Category: c.Category, Label: c.Label, Confidence: c.Confidence, Verification: c.Verification, Passage: *c.Evidence.Passage})
	}
	return out, nil
}

func (s *Server) knownCategory(name string) error {
	if name == "" || slices.ContainsFunc(s.Clauses, func(c extract.ClauseCategory) bool { return c.Name == name }) {
		return nil
	}
	return fault.New(fault.Invalid, "%q is no category of clauses. GET /clauses lists them.", name)
}

// kindsOf says of every category that was looked for how often it was found, in the order in which readers know them.
func (s *Server) kindsOf(set extract.ClauseSet) []clauseKind {
	found := map[string]int{}
	for _, c := range set.Clauses {
		found[c.Category]++
	}
	out := []clauseKind{}
	for _, c := range s.Clauses {
		i := slices.IndexFunc(set.Presence, func(p pact.ClausePresence) bool { return p.Category == c.Name })
		if i < 0 {
			continue // a category that the version which read it did not know
		}
		out = append(out, clauseKind{Category: c.Name, Label: c.Label, Question: c.Question, Found: found[c.Name], Confidence: set.Presence[i].Confidence})
	}
	return out
}

// cut takes a page of what is kept as one list. The cursor names the list, so that it is never applied to another.
func cut[T any](all []T, of string, p Paging) (part []T, next string, err error) {
	from := 0
	if p.After != "" {
		name, at, ok := strings.Cut(p.After, "@")
		from, err = strconv.Atoi(at)
		if !ok || err != nil || of == "" || name != of || from < 0 || from > len(all) {
			f := fault.New(fault.Invalid, "The cursor does not belong to this list: it was read anew meanwhile, or the cursor was changed. Begin at the first page.")
			f.Details = []fault.Detail{{Field: "query.after", Message: "not a cursor that this list gave"}}
			return nil, "", f
		}
	}
	to := min(len(all), from+p.Limit)
	if to < len(all) {
		next = of + "@" + strconv.Itoa(to)
	}
	return all[from:to], next, nil
}

// pieces gives a page of what the reader found in a text.
func pieces[T, R any](ctx context.Context, s *Server, d *document.Document, all []T, p Paging, view func(T) R) (*answer[page[R]], error) {
	part, next, err := cut(all, string(d.TextID), p)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return pageOf(store.Page[T]{Items: part, Next: next}, view), nil
}

func spotOf(d *document.Document, start, end int) spot {
	out := spot{Start: start, End: end}
	if i := d.BlockAt(start); i >= 0 && i < len(d.Blocks) {
		out.Page = d.Blocks[i].Page
	}
	if sec := d.SectionAt(start); sec != nil {
		out.Clause = sec.Number
	}
	return out
}

func referenceOf(d *document.Document, r document.Reference) referenceView {
	out := referenceView{Text: d.Slice(r.Start, r.End), At: spotOf(d, r.Start, r.End), Number: r.Number, External: r.External}
	if r.Target >= 0 && r.Target < len(d.Sections) {
		sec := d.Sections[r.Target]
		at := spotOf(d, sec.Start, sec.Start)
		at.End, at.Clause = headingEnd(d, sec), sec.Number
		out.Target, out.Heading = &at, sec.Title
	}
	return out
}

// headingEnd is where the block ends with which a section begins: what is shown of a section that is jumped to.
func headingEnd(d *document.Document, sec document.Section) int {
	if i := d.BlockAt(sec.Start); i >= 0 && i < len(d.Blocks) {
		return min(d.Blocks[i].End, sec.End)
	}
	return sec.End
}

// usage finds where words of a text are used. The text is taken apart once for all words.
type usage struct {
	d     *document.Document
	runes []rune
}

func newUsage(d *document.Document) *usage { return &usage{d: d, runes: []rune(d.Text)} }

func (u *usage) definition(def document.Definition) definitionView {
	out := definitionView{
		Term: def.Term, At: spotOf(u.d, def.Start, def.End), Meaning: u.d.Slice(def.MeaningStart, def.MeaningEnd),
		Means: spotOf(u.d, def.MeaningStart, def.MeaningEnd), Uses: []spot{},
	}
	word := []rune(def.Term)
	for at := range u.at(word) {
		if at < def.End && at+len(word) > def.Start {
			continue // the definition itself
		}
		if out.Used++; len(out.Uses) < mostUses {
			out.Uses = append(out.Uses, spotOf(u.d, at, at+len(word)))
		}
	}
	return out
}

// at gives each place of a word that stands as a whole word, with its capitals: "Services" is no use of "Service".
func (u *usage) at(word []rune) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		if len(word) == 0 {
			return
		}
		for i := 0; i+len(word) <= len(u.runes); i++ {
			if u.runes[i] != word[0] || !slices.Equal(u.runes[i:i+len(word)], word) {
				continue
			}
			before, after := i == 0 || !letter(u.runes[i-1]), i+len(word) == len(u.runes) || !letter(u.runes[i+len(word)])
			if before && after && !yield(i) {
				return
			}
		}
	}
}

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// clauseCounts counts contracts in the actor's scope by category. A contract that nobody searched counts as neither.
func (s *Server) clauseCounts(ctx context.Context) ([]clauseCount, error) {
	with, read := map[string]int{}, 0
	q := store.Where(store.Is("clauses", "not_null", nil))
	q.Only = []string{"id", "clauses"}
	if err := s.Store.Reads().Contracts.Each(ctx, q, func(c pact.Contract) error {
		read++
		for _, name := range c.Clauses {
			with[name]++
		}
		return nil
	}); err != nil {
		return nil, err
	}
	out := []clauseCount{}
	for _, c := range s.Clauses {
		out = append(out, clauseCount{Category: c.Name, Label: c.Label, Question: c.Question, With: with[c.Name], Without: read - with[c.Name]})
	}
	return out, nil
}
