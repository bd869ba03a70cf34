// Package samples holds the demo company: its contracts, the accounts and services that its other systems know, and a
// month of tickets and outages. Everything in it is invented and written for this repository.
//
// It owns: contracts/ (files as they would arrive), seed/ (state of the other systems in the native shape of their
// APIs), story.json (what happens in March 2026, step by step), expected/ (what a careful reader finds in each contract,
// how each clock must end, and which deals are marked for review), story.md (the same for people).
//
// It does not own: playing the story (the demo does), nor judging an extractor (evaluation does).
//
// Invariants, each tested: every quote in expected/ stands in the text of its contract; story steps are in the order of
// their instants; whatever a step names exists. The contracts are made by samples/generate and are not edited by hand.
package samples

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"time"
)

// Files is the folder as embedded in the binary. The paths of attachments in seed/ironclad.json are relative to it.
//
//go:embed contracts expected seed story.json story.md
var Files embed.FS

// Story is the script of the month.
type Story struct {
	Title    string    `json:"title"`
	Company  string    `json:"company"`
	Zone     string    `json:"zone"`
	StartsAt time.Time `json:"starts_at"`
	EndsAt   time.Time `json:"ends_at"`
	Steps    []Step    `json:"steps"`
}

// Step is one thing that happens. Do says which of the other fields count:
//
//	ironclad.complete     Workflow is signed; its webhook (workflow_completed) is delivered Times times
//	ironclad.lose         Workflow is signed and no webhook is delivered: the poll or a later step must tell
//	ironclad.fire         a webhook with Event about Workflow, Times times, whatever its state (late, out of order)
//	ironclad.forge        the same with a false signature
//	servicenow.create     a row of Table with Fields; ID is our handle for later steps
//	servicenow.late_create likewise, reported after the fact: opened_at lies before At
//	servicenow.update     a change of the row ID
//	event                 JSON is posted to /api/v1/events
//	review                By works through the review of the contract that came from Record, guided by Expected
//	note                  Text tells the viewer what to notice
type Step struct {
	At       time.Time         `json:"at"`
	Do       string            `json:"do"`
	Workflow string            `json:"workflow,omitempty"`
	Event    string            `json:"event,omitempty"`
	Times    int               `json:"times,omitempty"`
	Table    string            `json:"table,omitempty"`
	ID       string            `json:"id,omitempty"`
	Fields   map[string]string `json:"fields,omitempty"`
	As       string            `json:"as,omitempty"` // user_name of who writes to ServiceNow; decides who a comment is by
	JSON     json.RawMessage   `json:"json,omitempty"`
	Record   string            `json:"record,omitempty"`
	Expected string            `json:"expected,omitempty"`
	By       string            `json:"by,omitempty"`
	Text     string            `json:"text,omitempty"`
}

// LoadStory reads story.json.
func LoadStory() (Story, error) {
	var s Story
	if err := load("story.json", &s); err != nil {
		return Story{}, err
	}
	return s, nil
}

// Seed is the initial state of another system: ironclad, salesforce or servicenow.
func Seed(system string) ([]byte, error) {
	raw, err := Files.ReadFile(path.Join("seed", system+".json"))
	if err != nil {
		return nil, fmt.Errorf("reading the seed of %s: %w", system, err)
	}
	return raw, nil
}

// Expected is what a careful person finds in one contract.
type Expected struct {
	File        string               `json:"file"`   // "contracts/…"
	Source      string               `json:"source"` // the text it was made from: generate/text/<source>.txt
	State       string               `json:"state"`  // read, tracked_changes, scan, damaged, encrypted
	Amends      string               `json:"amends,omitempty"`
	Note        string               `json:"note,omitempty"`
	CRM         *ExpectedCRM         `json:"crm,omitempty"` // of contracts that have a deal in the story
	Terms       []ExpectedTerm       `json:"terms"`
	Obligations []ExpectedObligation `json:"obligations"`
	Ambiguities []ExpectedAmbiguity  `json:"ambiguities"`
}

// ExpectedCRM is what a CRM shows of the contract's deal, worked out by hand; "" where the field stays empty.
type ExpectedCRM struct {
	Opportunity map[string]string `json:"opportunity"` // every field that the shipped mapping fills from a value
	Why         string            `json:"why"`         // of the dates that no contract says in so many words
}

// ExpectedTerm is a value in the JSON form of pact.Value with the words it stands on.
type ExpectedTerm struct {
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value"`
	Quote string          `json:"quote"`
}

// ExpectedObligation is a duty with the words it stands on. Params has the JSON form of the parameters of its kind; kinds
// that the product does not judge yet say what they mean in fields of their own.
type ExpectedObligation struct {
	Key             string          `json:"key"`
	Kind            string          `json:"kind"`
	Title           string          `json:"title,omitempty"` // as a reviewer names it; the quote where absent
	Bearer          string          `json:"bearer,omitempty"`
	InForceFrom     string          `json:"in_force_from,omitempty"`
	Params          json.RawMessage `json:"params,omitempty"`
	LastDayOfNotice string          `json:"last_day_of_notice,omitempty"` // as the clause counts
	SendBy          string          `json:"send_by,omitempty"`            // the same, moved to the business day before
	Quote           string          `json:"quote"`
	Also            []string        `json:"also,omitempty"` // words of other clauses it stands on
}

// ExpectedAmbiguity is a question that the text leaves open: no value may be picked for what it is about.
type ExpectedAmbiguity struct {
	About    string   `json:"about"`
	Question string   `json:"question"`
	Quotes   []string `json:"quotes"`
}

// LoadExpected reads the expectations of every contract, in the order of their names.
func LoadExpected() ([]Expected, error) {
	names, err := fs.Glob(Files, "expected/*.json")
	if err != nil {
		return nil, fmt.Errorf("listing expectations: %w", err)
	}
	var all []Expected
	for _, name := range names {
		if name == clocksFile || name == flagsFile || name == variancesFile {
			continue
		}
		var e Expected
		if err := load(name, &e); err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

const (
	clocksFile    = "expected/clocks.json"
	flagsFile     = "expected/flags.json"
	variancesFile = "expected/variances.json"
)

// Flag says what becomes of the mark "needs review" on the opportunity of a contract that is held for review.
type Flag struct {
	Contract string `json:"contract"`
	Deal     string `json:"deal,omitempty"` // the opportunity's name
	Mark     string `json:"mark"`           // taken_back, raised, none
	Why      string `json:"why,omitempty"`  // why there is none
}

// LoadFlags reads expected/flags.json.
func LoadFlags() ([]Flag, error) {
	var f []Flag
	if err := load(flagsFile, &f); err != nil {
		return nil, err
	}
	return f, nil
}

// Variance is what one of the story's other events must come to: a payment, a price, a certificate, a deliverable.
type Variance struct {
	Family     string `json:"family"`
	Contract   string `json:"contract"`
	Obligation string `json:"obligation"`
	Key        string `json:"key"` // of the occurrence
	Status     string `json:"status"`
	Severity   string `json:"severity"`
	Amount     string `json:"amount"`             // "" where the clause names none
	Measured   string `json:"measured,omitempty"` // what was measured, where it is a day: the last one to send notice
	// Clauses begin passages that the finding has to quote.
	Clauses []string `json:"clauses,omitempty"`
	Why     string   `json:"why"` // the arithmetic
}

// LoadVariances reads expected/variances.json.
func LoadVariances() ([]Variance, error) {
	var v []Variance
	if err := load(variancesFile, &v); err != nil {
		return nil, err
	}
	return v, nil
}

// Clocks says how every ticket clock of the story stands at AsOf.
type Clocks struct {
	AsOf             time.Time `json:"as_of"`
	ThresholdPercent string    `json:"threshold_percent"`
	Clocks           []Clock   `json:"clocks"`
	Availability     []Uptime  `json:"availability"`
}

// Clock is one response or resolution clock. Minutes are counted as the contract counts them.
type Clock struct {
	Ticket         string    `json:"ticket"`
	ID             string    `json:"id"` // the handle in the story
	Contract       string    `json:"contract"`
	Kind           string    `json:"kind"`
	Priority       string    `json:"priority"`
	TargetMinutes  int       `json:"target_minutes,omitempty"`
	ElapsedMinutes int       `json:"elapsed_minutes,omitempty"`
	Counted        string    `json:"counted,omitempty"` // "24x7" or "business hours"
	Verdict        string    `json:"verdict"`           // met, breached, pending, excused
	AtRiskAt       time.Time `json:"at_risk_at,omitzero"`
	BreachedAt     time.Time `json:"breached_at,omitzero"`
	RetractedFrom  time.Time `json:"retracted_from,omitzero"` // a breach that a later correction takes back
	Told           int       `json:"told,omitempty"`          // versions of its finding, where they do not follow from the instants above
	ToldWhy        string    `json:"told_why,omitempty"`
}

// Uptime is a month of availability. Percent is cut to six decimals for display and never compared.
type Uptime struct {
	Contract      string `json:"contract"`
	Month         string `json:"month"`
	TotalMinutes  int    `json:"total_minutes"`
	DownMinutes   int    `json:"down_minutes"`
	ExcludedDown  int    `json:"excluded_minutes"`
	Percent       string `json:"percent"`
	CreditPercent string `json:"credit_percent,omitempty"`
	Charge        string `json:"charge,omitempty"`
	Credit        string `json:"credit,omitempty"`
	State         string `json:"state"` // due, needs_charge, ambiguous
	ClaimBy       string `json:"claim_by"`
}

// LoadClocks reads expected/clocks.json.
func LoadClocks() (Clocks, error) {
	var c Clocks
	if err := load(clocksFile, &c); err != nil {
		return Clocks{}, err
	}
	return c, nil
}

func load(name string, into any) error {
	raw, err := Files.ReadFile(name)
	if err != nil {
		return fmt.Errorf("reading sample: %w", err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	return nil
}
