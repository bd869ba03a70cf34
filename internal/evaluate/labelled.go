package evaluate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/evaluate/paper"
	"github.com/pactloop/pactloop/internal/pact"
)

// LabelledDocument is one document of our own set: its words and what a careful reader finds in them. The form of the files
// is described in labelled/README.md.
type LabelledDocument struct {
	Name   string
	Half   string // train, dev, test or third
	Paper  paper.Text
	Text   string // plain text; labels are written against it
	Labels Labels
	source string // the file, to know renderings that are still good
}

// Labels are the labels of one document, as the file beside its text has them.
type Labels struct {
	Kind          string             `json:"kind"`
	Origin        string             `json:"origin"` // generated or written
	Style         string             `json:"style"`
	Renderings    []string           `json:"renderings,omitempty"` // beside text, which is always there
	Clauses       []LabelledClause   `json:"clauses"`
	Values        []LabelledValue    `json:"values"`
	ServiceLevels []LabelledLevel    `json:"service_levels"`
	Credits       []LabelledCredit   `json:"credits"`
	Obligations   []LabelledDuty     `json:"obligations"`
	Facts         []LabelledFact     `json:"facts"`
	Ambiguities   []LabelledQuestion `json:"ambiguities"`
	Absent        []string           `json:"absent"`
}

// Quoted are the words that a label stands on. As loaded, Quote is the full text of [Start, End), in code points of the plain
// text; in the file it may be shortened with " … ".
type Quoted struct {
	Quote      string `json:"quote"`
	Occurrence int    `json:"occurrence,omitempty"` // from 1; needed where the quote stands more than once
	Start      int    `json:"-"`
	End        int    `json:"-"`
}

// LabelledClause is a passage of a kind of ClauseKinds.
type LabelledClause struct {
	Kind string `json:"kind"`
	Quoted
}

// LabelledValue is the value of a term. Derived: only arithmetic gives it; not finding it is no miss.
type LabelledValue struct {
	Name    string     `json:"name"`
	Value   pact.Value `json:"value"`
	Derived bool       `json:"derived,omitempty"`
	Quoted
}

// LabelledLevel is a service level.
type LabelledLevel struct {
	Kind   string      `json:"kind"`
	Params LevelParams `json:"params"`
	Quoted
}

// LevelParams are the parameters of a service level as far as the text fixes them; names follow docs/schema/params.
type LevelParams struct {
	Priority   string          `json:"priority,omitempty"`
	Target     json.RawMessage `json:"target"`          // a duration, or a percentage as string
	Hours      json.RawMessage `json:"hours,omitempty"` // "24x7", "business", or a calendar
	LessThan   bool            `json:"less_than,omitempty"`
	DayRule    string          `json:"day_rule,omitempty"`
	Service    string          `json:"service,omitempty"`
	Zone       string          `json:"zone,omitempty"`
	Period     string          `json:"period,omitempty"` // in words: calendar month, quarter, …
	Exclusions []string        `json:"exclusions,omitempty"`
	MaintenanceParams
}

// Duration gives the target of a clock.
func (p LevelParams) Duration() (d calendar.Duration, ok bool) {
	return d, json.Unmarshal(p.Target, &d) == nil && d.Check() == nil
}

// Percent gives the target of a share.
func (p LevelParams) Percent() (d decimal.Decimal, ok bool) {
	return d, bytes.HasPrefix(p.Target, []byte(`"`)) && json.Unmarshal(p.Target, &d) == nil
}

// Always tells whether a clock runs all day, business whether it runs on a calendar that closes; neither where the text is silent.
func (p LevelParams) running() (always, business bool) {
	var word string
	if json.Unmarshal(p.Hours, &word) == nil {
		return word == "24x7", word == "business"
	}
	var h calendar.Hours
	if len(p.Hours) == 0 || json.Unmarshal(p.Hours, &h) != nil {
		return false, false
	}
	return h.Always, !h.Always && len(h.Week) > 0
}

// LabelledCredit is what follows when a level is missed.
type LabelledCredit struct {
	About  string       `json:"about"` // kind of the level
	Params CreditParams `json:"params"`
	Quoted
}

// CreditParams are the terms of a credit. A credit that is no percentage by band is told in words (Per).
type CreditParams struct {
	Tiers      []pact.Tier        `json:"tiers,omitempty"`
	CapPercent *decimal.Decimal   `json:"cap_percent,omitempty"`
	Claim      *calendar.Duration `json:"claim,omitempty"`
	Per        string             `json:"per,omitempty"`
}

// LabelledDuty is an obligation that a register should track.
type LabelledDuty struct {
	Bearer      string `json:"bearer"`
	Beneficiary string `json:"beneficiary,omitempty"`
	Deliverable string `json:"deliverable"`
	Frequency   string `json:"frequency"`
	Due         string `json:"due,omitempty"`
	Trigger     string `json:"trigger,omitempty"`
	Quoted
}

// LabelledFact is what the product has no form for yet.
type LabelledFact struct {
	Kind   string            `json:"kind"`
	Fields map[string]string `json:"fields"`
	Quoted
}

// LabelledQuestion is an ambiguity that must be raised.
type LabelledQuestion struct {
	Code   string   `json:"code"`
	About  string   `json:"about"`
	Quotes []string `json:"quotes"`
}

// ClauseKinds are the kinds of clause: first those that CUAD lacks, then the usual ones.
func ClauseKinds() []string {
	return []string{
		"service_level", "service_credit", "payment_terms", "price_and_tiers", "delivery", "reporting_duty", "acceptance_and_milestones",
		"data_protection", "security_attestation", "audit_duty",
		"renewal", "notice", "liability_cap", "insurance", "governing_law", "term", "termination",
	}
}

func documentKinds() []string {
	return []string{"sla", "msa", "sow", "support", "supply", "price_schedule", "insurance_certificate", "amendment"}
}

func levelKinds() []string {
	return []string{"response_time", "resolution_time", "availability", "first_call_resolution", "within_target", "error_rate"}
}

func ambiguityCodes() []string {
	return []string{"words_against_figures", "two_dates", "tier_gap", "tier_overlap", "net_eom", "clauses_in_conflict", "hours_unclear", "base_unclear"}
}

func factFields() map[string][]string {
	return map[string][]string{
		"price":              {"item", "price", "unit"},
		"price_tier":         {"item", "from", "until", "price", "percent", "method"},
		"rebate":             {"from", "until", "percent", "per"},
		"minimum_commitment": {"amount", "quantity", "per"},
		"escalator":          {"index", "percent", "floor", "cap", "notice"},
		"insurance":          {"cover", "per_occurrence", "aggregate", "policy", "insurer", "from", "until"},
		"milestone":          {"name", "date", "amount", "percent", "trigger", "due_days"},
		"late_interest":      {"percent", "per", "over"},
		"delay_damages":      {"percent", "amount", "per", "cap"},
		"change":             {"operation", "target", "new_target", "to", "effective"},
	}
}

// halves of the set: train may be trained and tuned on, dev and third only tuned on, test only measured on.
func halves() []string { return []string{"train", "dev", "test", "third"} }

// LoadLabelled reads the halves of a labelled set. A half without documents is fine: the other author may not have delivered.
// The error names everything that is wrong, so that an author can mend it in one go.
func LoadLabelled(set fs.FS) ([]LabelledDocument, error) {
	var all []LabelledDocument
	var wrong []error
	for _, half := range halves() {
		names, err := fs.Glob(set, half+"/*.json")
		if err != nil {
			return nil, fmt.Errorf("listing labels: %w", err)
		}
		texts, err := fs.Glob(set, half+"/*.txt")
		if err != nil {
			return nil, fmt.Errorf("listing texts: %w", err)
		}
		for _, name := range texts {
			if !slices.Contains(names, strings.TrimSuffix(name, ".txt")+".json") {
				wrong = append(wrong, fmt.Errorf("%s has no labels beside it", name))
			}
		}
		sort.Strings(names)
		for _, name := range names {
			d, err := loadLabelled(set, half, strings.TrimSuffix(path.Base(name), ".json"))
			if err != nil {
				wrong = append(wrong, fmt.Errorf("%s: %w", name, err))
			}
			all = append(all, d)
		}
	}
	return all, errors.Join(wrong...)
}

func loadLabelled(set fs.FS, half, name string) (LabelledDocument, error) {
	d := LabelledDocument{Name: name, Half: half}
	raw, err := fs.ReadFile(set, path.Join(half, name+".txt"))
	if err != nil {
		return d, fmt.Errorf("reading the text beside the labels: %w", err)
	}
	d.source = string(raw)
	if d.Paper, err = paper.Parse(string(raw)); err != nil {
		return d, err
	}
	d.Text = paper.Plain(d.Paper)
	labels, err := fs.ReadFile(set, path.Join(half, name+".json"))
	if err != nil {
		return d, fmt.Errorf("reading labels: %w", err)
	}
	in := json.NewDecoder(bytes.NewReader(labels))
	in.DisallowUnknownFields()
	if err := in.Decode(&d.Labels); err != nil {
		return d, fmt.Errorf("reading labels: %w", err)
	}
	return d, d.settle()
}

// settle places every quote in the text and checks every label; it reports all that is wrong.
func (d *LabelledDocument) settle() error {
	var wrong []error
	complain := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	l := &d.Labels
	tokens := tokensOf(d.Text)
	place := func(what string, q *Quoted) {
		if err := q.place(d.Text, tokens); err != nil {
			complain("%s: %w", what, err)
		}
	}
	oneOf(complain, "kind", l.Kind, documentKinds())
	oneOf(complain, "origin", l.Origin, []string{"generated", "written"})
	for _, r := range l.Renderings {
		oneOf(complain, "rendering", r, []string{paper.PDFKind, paper.DOCXKind, paper.ScanKind})
	}
	for i := range l.Clauses {
		oneOf(complain, "kind of clause", l.Clauses[i].Kind, ClauseKinds())
		place("clause "+l.Clauses[i].Kind, &l.Clauses[i].Quoted)
	}
	for i := range l.Values {
		v := &l.Values[i]
		d.checkValue(complain, v)
		place("value "+v.Name, &v.Quoted)
	}
	for i := range l.ServiceLevels {
		s := &l.ServiceLevels[i]
		s.check(complain)
		place("service level "+s.Kind+" "+s.Params.Priority, &s.Quoted)
	}
	for i := range l.Credits {
		oneOf(complain, "credit about", l.Credits[i].About, levelKinds())
		place("credit", &l.Credits[i].Quoted)
	}
	for i := range l.Obligations {
		o := &l.Obligations[i]
		oneOf(complain, "frequency", o.Frequency, []string{"once", "weekly", "monthly", "quarterly", "half-yearly", "yearly", "on_event"})
		if o.Bearer == "" || o.Deliverable == "" {
			complain("an obligation needs bearer and deliverable: %.60q", o.Quote)
		}
		place("obligation "+o.Deliverable, &o.Quoted)
	}
	for i := range l.Facts {
		f := &l.Facts[i]
		fields, known := factFields()[f.Kind]
		if !known {
			complain("unknown kind of fact %q", f.Kind)
		}
		for name := range f.Fields {
			if known && !slices.Contains(fields, name) {
				complain("fact %s has no field %q; it has %s", f.Kind, name, strings.Join(fields, ", "))
			}
		}
		if f.Kind == "change" {
			kinds := []string{}
			for _, k := range pact.OperationKinds() {
				kinds = append(kinds, string(k))
			}
			oneOf(complain, "operation of a change", f.Fields["operation"], kinds)
		}
		place("fact "+f.Kind, &f.Quoted)
	}
	for _, a := range l.Ambiguities {
		oneOf(complain, "code of an ambiguity", a.Code, ambiguityCodes())
		for i := range a.Quotes {
			q := Quoted{Quote: a.Quotes[i], Occurrence: 1}
			place("ambiguity about "+a.About, &q)
			a.Quotes[i] = q.Quote
		}
		if len(a.Quotes) == 0 {
			complain("the ambiguity about %s stands on no quote", a.About)
		}
	}
	d.checkAbsent(complain)
	return errors.Join(wrong...)
}

type complainer func(format string, args ...any)

func oneOf(complain complainer, what, got string, known []string) {
	if !slices.Contains(known, got) {
		complain("%s %q is none of %s", what, got, strings.Join(known, ", "))
	}
}

func (d *LabelledDocument) checkValue(complain complainer, v *LabelledValue) {
	spec, known := pact.TermSpecOf(v.Name)
	if !known {
		complain("the product has no term %q", v.Name)
		return
	}
	if err := v.Value.Check(); err != nil {
		complain("value %s: %w", v.Name, err)
	}
	if v.Value.Kind != spec.Kind && !slices.Contains(spec.Also, v.Value.Kind) {
		complain("value %s is of kind %s, not %s", v.Name, v.Value.Kind, spec.Kind)
	}
	for _, a := range d.Labels.Ambiguities {
		if a.About == v.Name {
			complain("%s is open (%s) and must have no value", v.Name, a.Code)
		}
	}
}

func (s *LabelledLevel) check(complain complainer) {
	oneOf(complain, "kind of service level", s.Kind, levelKinds())
	_, clock := s.Params.Duration()
	_, share := s.Params.Percent()
	if timed := s.Kind == "response_time" || s.Kind == "resolution_time"; timed != clock || timed == share {
		complain("service level %s %s has the target %s", s.Kind, s.Params.Priority, s.Params.Target)
	}
	if always, business := s.Params.running(); len(s.Params.Hours) > 0 && !always && !business {
		complain("service level %s %s has the hours %s", s.Kind, s.Params.Priority, s.Params.Hours)
	}
}

func (d *LabelledDocument) checkAbsent(complain complainer) {
	for _, name := range d.Labels.Absent {
		if _, term := pact.TermSpecOf(name); !term && !slices.Contains(ClauseKinds(), name) {
			complain("absent: %q is neither a term nor a kind of clause", name)
		}
		for _, v := range d.Labels.Values {
			if v.Name == name {
				complain("%s has a value and is listed as absent", name)
			}
		}
		for _, c := range d.Labels.Clauses {
			if c.Kind == name {
				complain("%s has a clause and is listed as absent", name)
			}
		}
	}
}
