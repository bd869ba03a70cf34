package evaluate_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/evaluate"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/read"
	"github.com/pactloop/pactloop/internal/review"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// fixed reads the law that its function gives for a document.
type fixed func(text string) string

func (fixed) Name() string    { return "fixed" }
func (fixed) Version() string { return "1" }

func (f fixed) Extract(_ context.Context, d *document.Document, _ extract.Schema) ([]pact.Candidate, error) {
	law := f(d.Text)
	if law == "" {
		return nil, nil
	}
	v := pact.Text(law)
	p := d.Passage("", 0, len([]rune(d.Text)))
	return []pact.Candidate{{Subject: "term", Name: "governing_law", Value: &v, Confidence: decimal.New(8, -1), Extractor: "fixed/1", Evidence: []pact.Evidence{{Passage: &p}}}}, nil
}

// again reads every obligation that people decided on, rejected ones, too.
type again []evaluate.DutyLabel

func (again) Name() string    { return "again" }
func (again) Version() string { return "1" }

func (a again) Extract(_ context.Context, d *document.Document, _ extract.Schema) ([]pact.Candidate, error) {
	var out []pact.Candidate
	for i, l := range a {
		p := d.Passage("", l.Start, max(l.End, l.Start+1))
		o := &pact.Obligation{Key: fmt.Sprint(i), Kind: l.Kind, Params: l.Params}
		out = append(out, pact.Candidate{Subject: "obligation", Name: o.Key, Obligation: o, Confidence: decimal.New(8, -1), Extractor: "again/1", Evidence: []pact.Evidence{{Passage: &p}}})
	}
	return out, nil
}

// out is an external engine that is away.
type out struct{ fixed }

func (out) Run(context.Context, *document.Document, extract.Schema) (extract.Run, error) {
	return extract.Run{State: extract.RunPartial, Reason: "The budget is used up."}, nil
}

func samples(kind string, laws ...string) []evaluate.Sample {
	var out []evaluate.Sample
	for _, law := range laws {
		s := evaluate.Sample{Title: law, Type: kind, Document: extracttest.Plain("The law of " + law + " applies."), Labels: map[string]*pact.Value{"governing_law": nil}}
		if law != "nowhere" {
			v := pact.Text(law)
			s.Labels["governing_law"] = &v
		}
		out = append(out, s)
	}
	return out
}

// reads is an engine that gives one term.
type reads struct {
	name  string
	value pact.Value
}

func (reads) Name() string    { return "reads" }
func (reads) Version() string { return "1" }

func (r reads) Extract(_ context.Context, d *document.Document, _ extract.Schema) ([]pact.Candidate, error) {
	p := d.Passage("", 0, len([]rune(d.Text)))
	return []pact.Candidate{{Subject: "term", Name: r.name, Value: &r.value, Confidence: decimal.New(8, -1), Extractor: "reads/1", Evidence: []pact.Evidence{{Passage: &p}}}}, nil
}

// Labels of strangers have conventions; what a reviewer decided is meant as it stands. A reading that was corrected is wrong, by a day, too.
func TestWhatAReviewerCorrectedIsNotRight(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name              string
		label, read       pact.Value
		strangers, decide int // how many are right
	}{
		{"title", pact.Text("Support Agreement (Pinnacle)"), pact.Text("SUPPORT AGREEMENT"), 1, 0},
		{"title", pact.Text("Support Agreement"), pact.Text("SUPPORT  AGREEMENT"), 1, 1},
		{"expiration_date", pact.OnDate("2029-03-01"), pact.OnDate("2029-02-28"), 1, 0},
		{"expiration_date", pact.OnDate("2029-03-01"), pact.OnDate("2029-03-01"), 1, 1},
		{"expiration_date", pact.OnDate("2029-03-01"), pact.OnDate("2029-02-27"), 0, 0},
	} {
		for decided, want := range map[bool]int{false: c.strangers, true: c.decide} {
			s := evaluate.Sample{Title: "x", Type: "support", Decided: decided, Document: extracttest.Plain("Support Agreement"), Labels: map[string]*pact.Value{c.name: &c.label}}
			m, err := evaluate.Measure(t.Context(), []evaluate.Sample{s}, evaluate.Engine{Name: "e", Pipeline: extract.Pipeline{Extractors: []extract.Extractor{reads{c.name, c.read}}}})
			if err != nil {
				t.Fatal(err)
			}
			if got := m.Cells[0].Right; got != want || m.Cells[0].Right+m.Cells[0].Wrong != 1 {
				t.Errorf("%s, decided %v: %s for %s: %+v", c.name, decided, c.read.String(), c.label.String(), m.Cells[0])
			}
		}
	}
}

func TestComparison(t *testing.T) {
	t.Parallel()
	good := fixed(func(s string) string {
		law := strings.TrimSuffix(strings.TrimPrefix(s, "The law of "), " applies.")
		if law == "nowhere" {
			return ""
		}
		return law
	})
	noOhio := fixed(func(s string) string {
		if strings.Contains(s, "Ohio") {
			return "Utah"
		}
		return good(s)
	})
	eager := fixed(func(s string) string {
		if l := good(s); l != "" {
			return l
		}
		return "Ohio"
	})
	engine := func(f fixed) evaluate.Engine {
		return evaluate.Engine{Name: "e", Pipeline: extract.Pipeline{Extractors: []extract.Extractor{f}}}
	}
	set := append(samples("nda", "Ohio", "Texas", "Utah", "Iowa", "nowhere"), samples("msa", "Texas", "Utah", "Iowa", "Texas", "Utah", "Texas", "Utah")...)
	for name, c := range map[string]struct {
		a, b      fixed
		tolerance string
		noWorse   bool
		says      string
	}{
		"the same":                    {good, good, "0", true, ""},
		"one type is worse":           {good, noOhio, "0.1", false, "governing_law, type nda: accuracy falls from 1 to 0.8 on 5 contracts."},
		"worse within the tolerance":  {good, noOhio, "0.2", true, ""},
		"better":                      {noOhio, good, "0", true, ""},
		"values where there are none": {good, eager, "0.05", false, "all types: accuracy falls from 1 to 0.9166 on 12 contracts."},
	} {
		r, err := evaluate.Compare(t.Context(), set, engine(c.a), engine(c.b), decimal.RequireFromString(c.tolerance))
		if err != nil {
			t.Fatal(err)
		}
		if r.NoWorse != c.noWorse || !strings.Contains(strings.Join(r.Regressions, " "), c.says) {
			t.Errorf("%s: no worse %v, %v", name, r.NoWorse, r.Regressions)
		}
		var b bytes.Buffer
		if err := r.Print(&b); err != nil || !strings.Contains(b.String(), "governing_law") {
			t.Errorf("%s: %v, %s", name, err, b.String())
		}
	}
	few, err := evaluate.Compare(t.Context(), samples("nda", "Ohio", "Texas"), engine(good), engine(noOhio), decimal.Decimal{})
	if err != nil || !few.NoWorse {
		t.Errorf("two contracts are too few to refuse a version: %v, %v", few, err)
	}
	away := engine(good)
	away.External = func(context.Context) ([]extract.Accountable, error) { return []extract.Accountable{out{good}}, nil }
	if _, err := evaluate.Compare(t.Context(), set, engine(good), away, decimal.Decimal{}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("half an engine was measured: %v", err)
	}
}

func TestMeasurementsAreComparedOnTheSameContractsAndLabelsOnly(t *testing.T) {
	t.Parallel()
	measure := func(set []evaluate.Sample, law string) *evaluate.Measurement {
		t.Helper()
		e := evaluate.Engine{Name: law, Pipeline: extract.Pipeline{Extractors: []extract.Extractor{fixed(func(string) string { return law })}}}
		m, err := evaluate.Measure(t.Context(), set, e)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if m, err = evaluate.ReadMeasurement(bytes.NewReader(raw)); err != nil { // as it comes out of a file
			t.Fatal(err)
		}
		return m
	}
	ohio := samples("nda", "Ohio", "Ohio", "Ohio", "Ohio", "Ohio")
	a, b := measure(ohio, "Ohio"), measure(ohio, "Utah")
	if r, err := a.Against(b, decimal.Decimal{}); err != nil || r.NoWorse || len(r.Regressions) != 2 || len(r.NotCompared) != 0 || a.Versions[0] != "fixed/1" {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err := b.Against(a, decimal.Decimal{}); err != nil || !r.NoWorse {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := a.Against(measure(samples("nda", "Ohio"), "Ohio"), decimal.Decimal{}); !fault.Is(err, fault.Invalid) {
		t.Errorf("other contracts: %v", err)
	}
	relabelled := samples("nda", "Ohio", "Ohio", "Ohio", "Ohio", "Ohio")
	relabelled[0].Labels["governing_law"] = nil
	relabelled[0].Labels["title"] = nil
	ohio[0].Labels["title"] = nil
	if r, err := measure(ohio, "Ohio").Against(measure(relabelled, "Ohio"), decimal.Decimal{}); err != nil || len(r.NotCompared) != 2 || !strings.HasPrefix(r.NotCompared[0], "governing_law") || len(r.Cells) != 2 {
		t.Errorf("other labels: %+v, %v", r, err)
	}
	if _, err := evaluate.ReadMeasurement(strings.NewReader(`{"a":"x","cells":[]}`)); !fault.Is(err, fault.Invalid) {
		t.Errorf("a comparison is no measurement: %v", err)
	}
}

// shows finds one clause in every document.
type shows string

func (shows) Name() string    { return "clause" }
func (shows) Version() string { return "x" }

func (s shows) Clauses(context.Context, *document.Document) (extract.ClauseSet, error) {
	return extract.ClauseSet{Clauses: []pact.Clause{{Category: string(s)}}}, nil
}

func TestWhichClausesAContractHasIsCompared(t *testing.T) {
	t.Parallel()
	set := samples("nda", "Ohio", "Ohio", "Ohio", "Ohio", "Ohio")
	for i := range set {
		set[i].Labels, set[i].Clauses = nil, map[string]bool{"insurance": true, "non_compete": false}
	}
	finds := func(category string) evaluate.Engine {
		return evaluate.Engine{Name: category, Pipeline: extract.Pipeline{Clauses: shows(category)}}
	}
	r, err := evaluate.Compare(t.Context(), set, finds("insurance"), finds("non_compete"), decimal.Decimal{})
	if err != nil || r.NoWorse || !strings.Contains(strings.Join(r.Regressions, " "), "clause insurance, type nda: accuracy falls from 1 to 0 on 5 contracts.") {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestLabelledSetsAreRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, body string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := evaluate.Samples(dir, []int{0}); !fault.Is(err, fault.Invalid) {
		t.Errorf("an empty folder: %v", err)
	}
	write("cuad/cuad_train_408.jsonl", `{"title":"A","fold":0,"text":"x","spans":{"Governing Law":[{"text":"x","start":0}],"Insurance":[],"Unheard Of":[]},"values":{"Agreement Date":"3/1/24","Expiration Date":"perpetual","Renewal Term":"successive 1 year","Governing Law":"Ohio","Document Name":"Supply Agreement","Effective Date":"[]/[]/20[]","Parties":"Acme, Inc. (\"Acme\"); Halden Systems, Inc."}}
{"title":"B","fold":1,"text":"y","values":{}}
`)
	write("decided/decided.jsonl", `{"title":"C","type":"nda","text":"The law of Ohio applies.","labels":{"governing_law":{"kind":"text","text":"Ohio"},"notice_period":null}}
`)
	got, err := evaluate.Samples(dir, []int{0})
	if err != nil || len(got) != 2 || got[0].Type != "nda" || got[1].Type != "supply" {
		t.Fatalf("%+v, %v", got, err)
	}
	if v, known := got[0].Labels["notice_period"]; !known || v != nil {
		t.Error("null must be a label: the contract does not say it")
	}
	if c := got[1].Clauses; len(c) != 2 || !c["governing_law"] || c["insurance"] {
		t.Errorf("clauses %v", c)
	}
	l := got[1].Labels
	if _, known := l["effective_date"]; known || l["agreement_date"].Date != "2024-03-01" || l["expiration_date"].Kind != pact.EvergreenValue || l["renewal_term"].String() != "1 year" || l["notice_period"] != nil || l["parties"].String() != "Acme, Inc.; Halden Systems, Inc." {
		t.Errorf("labels %+v", l)
	}
	write("decided/decided.jsonl", `{"title":"C","labels":{"governing_law":{"kind":"date","text":"Ohio"}}}`)
	if _, err := evaluate.Samples(dir, nil); !fault.Is(err, fault.Invalid) {
		t.Errorf("a label that is no value: %v", err)
	}
}

func TestOurOwnSetCanBeComparedOn(t *testing.T) {
	t.Parallel()
	set, err := evaluate.Samples("labelled", nil)
	if err != nil || len(set) < 10 {
		t.Fatalf("%d samples, %v", len(set), err)
	}
	labels, absent := 0, 0
	for _, s := range set {
		for _, v := range s.Labels {
			labels++
			if v == nil {
				absent++
			}
		}
		if len(s.Clauses) != 10 {
			t.Errorf("%s: clauses %v", s.Title, s.Clauses)
		}
		if s.Type == "" || len(s.Document.Text) < 100 {
			t.Errorf("%s: type %q, %d characters", s.Title, s.Type, len(s.Document.Text))
		}
	}
	if labels < 50 || absent == labels {
		t.Errorf("%d labels, %d absent", labels, absent)
	}
}

func TestDecisionsBecomeALabelledSet(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		admin := storetest.System(t)
		if _, err := h.Review.SetPolicy(admin, "review", json.RawMessage(`{"threshold":"0.85","first_n":0,"value_limits":[],"named_fields":[],"phases":{}}`), ""); err != nil {
			t.Fatal(err)
		}
		d := extracttest.Plain("Non-Disclosure Agreement. The law of Ohio applies. Sixty (60) days notice.")
		reading, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Blobs.PutNamed(admin, string(d.TextID), reading); err != nil {
			t.Fatal(err)
		}
		var doc pact.Document
		err = h.Store.Change(admin, store.Act{Name: "test.seed"}, func(ctx context.Context, tx store.Tx) error {
			con := pact.Contract{ID: pact.NewID[pact.ContractID]("con", tx.Now), BusinessUnit: "north", State: pact.ContractReceived, Phase: "assisted"}
			con.FamilyID, con.SourceKey = con.ID, string(con.ID)
			if err := tx.Contracts.Insert(ctx, &con); err != nil {
				return err
			}
			doc = pact.Document{ID: pact.NewID[pact.DocumentID]("doc", tx.Now), BusinessUnit: "north", ContractID: con.ID, Filename: "a.txt", State: pact.DocumentRead, SHA256: d.Hash, TextID: d.TextID}
			if err := tx.Documents.Insert(ctx, &doc); err != nil {
				return err
			}
			for name, c := range map[string]struct {
				value      pact.Value
				confidence string
			}{
				"title": {pact.Text("Non-Disclosure Agreement"), "0.5"}, "contract_type": {pact.Text("nda"), "0.99"}, "governing_law": {pact.Text("Utah"), "0.5"}, "zone": {pact.Text("UTC"), "0.5"}, "renewal_term": {pact.Lasting(1, "year"), "0.5"},
			} {
				row := pact.Candidate{BusinessUnit: "north", ContractID: con.ID, DocumentID: doc.ID, State: pact.CandidateOpen, Subject: "term", Name: name, Label: name, Value: &c.value, Confidence: decimal.RequireFromString(c.confidence), Verification: pact.Verified, Extractor: "x/1"}
				if err := tx.Candidates.Insert(ctx, &row); err != nil {
					return err
				}
			}
			for i, key := range []string{"kept", "corrected", "moved", "rejected", "policy", "misread", "untracked"} {
				o := pact.Obligation{Key: key, Kind: "recurring_duty", Title: key, Params: json.RawMessage(`{"item":"` + key + `","period":"month","after":{"value":5,"unit":"day"}}`)}
				p := d.Passage(doc.ID, i, i+3)
				row := pact.Candidate{BusinessUnit: "north", ContractID: con.ID, DocumentID: doc.ID, State: pact.CandidateOpen, Subject: "obligation", Name: key, Label: key, Obligation: &o, Confidence: decimal.RequireFromString("0.5"), Verification: pact.Verified, Extractor: "x/1", Evidence: []pact.Evidence{{Passage: &p}}}
				if key == "policy" {
					row.Confidence = decimal.RequireFromString("0.99")
				}
				if err := tx.Candidates.Insert(ctx, &row); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Review.OpenReview(admin, job.OpenReview{DocumentID: doc.ID}); err != nil {
			t.Fatal(err)
		}
		rows, err := h.Store.Reads().Candidates.All(admin, store.Where(store.Eq("document_id", doc.ID)))
		if err != nil {
			t.Fatal(err)
		}
		ohio := pact.Text("Ohio")
		var rev pact.ReviewID
		for _, c := range rows {
			rev = c.ReviewID
			choice := map[string]review.Choice{
				"title": {Kind: "accept"}, "governing_law": {Kind: "correct", Value: &ohio}, "zone": {Kind: "reject"}, "renewal_term": {Kind: "reject", Reason: "Wrong value"}, "misread": {Kind: "reject", Reason: "Wrong passage"}, "parties": {Kind: "reject"}, "effective_date": {Kind: "reject"}, "kept": {Kind: "accept"}, "rejected": {Kind: "reject"}, "untracked": {Kind: "reject", NotTracked: true},
				"corrected": {Kind: "correct", Obligation: &pact.Obligation{Kind: "recurring_duty", Title: "corrected", Params: json.RawMessage(`{"item":"corrected","period":"month","after":{"value":6,"unit":"day"}}`)}},
				"moved":     {Kind: "correct", Obligation: &pact.Obligation{Kind: "availability", Title: "moved", Params: json.RawMessage(`{"service":"moved","target":"99.9","zone":"UTC"}`)}},
			}[c.Name]
			if choice.Kind == "" {
				continue
			}
			choice.Revision = c.Revision
			if _, err := h.Review.Decide(admin, c.ID, choice); err != nil {
				t.Fatal(err)
			}
		}
		count := func() int {
			var b bytes.Buffer
			done, err := evaluate.Export(admin, evaluate.ExportConfig{Store: h.Store, Blobs: h.Blobs, Out: &b, Keeps: func(string) bool { return false }})
			if err != nil {
				t.Fatal(err)
			}
			return done.Contracts
		}
		if n := count(); n != 0 {
			t.Errorf("%d contracts of reviews that are not finished", n)
		}
		if _, err := h.Review.Add(admin, rev, review.Addition{Subject: "obligation", Name: "added", Obligation: &pact.Obligation{Kind: "recurring_duty", Title: "added", Params: json.RawMessage(`{"item":"added","period":"year","after":{"value":7,"unit":"day"}}`)}}); err != nil {
			t.Fatal(err)
		}
		r, err := h.Store.Reads().Reviews.Get(admin, string(rev))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Review.Finish(admin, rev, r.Revision); err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		cfg := evaluate.ExportConfig{Store: h.Store, Blobs: h.Blobs, Keeps: read.Engines{KeptUnits: []string{" North"}}.Keeps}
		if done, path, err := evaluate.ExportTo(admin, cfg, t.TempDir()); err != nil || done != (evaluate.Exported{Kept: 1}) {
			t.Errorf("a contract of a unit that keeps its contracts: %+v, %v", done, err)
		} else if body, err := os.ReadFile(path); err != nil || len(body) != 0 {
			t.Errorf("it was written: %s, %v", body, err)
		}
		cfg.Keeps = read.Engines{KeptUnits: []string{"south"}}.Keeps
		done, _, err := evaluate.ExportTo(admin, cfg, dir)
		if err != nil || done != (evaluate.Exported{Contracts: 1}) {
			t.Fatalf("%+v, %v", done, err)
		}
		set, err := evaluate.Samples(dir, nil)
		if err != nil || len(set) != 1 {
			t.Fatalf("%v, %v", set, err)
		}
		s := set[0]
		if left, kept := evaluate.Sendable(set, read.Engines{KeptUnits: []string{"NORTH "}}.Keeps); len(left) != 0 || kept != 1 {
			t.Error("a choice that keeps the unit gets its contract to compare on")
		}
		old := s
		old.Unit = ""
		mine := evaluate.Sample{Title: "Example", Decided: true}
		if left, kept := evaluate.Sendable([]evaluate.Sample{s, old, mine}, cfg.Keeps); len(left) != 2 || kept != 1 {
			t.Errorf("%d left, %d kept: of an older export nobody knows the unit; a set of one's own has none", len(left), kept)
		}
		if left, kept := evaluate.Sendable([]evaluate.Sample{s, old, mine}); len(left) != 3 || kept != 0 {
			t.Errorf("%d left, %d kept where nothing is kept", len(left), kept)
		}
		var duties []string
		for _, l := range s.Duties {
			var params struct {
				Item    string            `json:"item"`
				Service string            `json:"service"`
				After   calendar.Duration `json:"after"`
			}
			if err := json.Unmarshal(l.Params, &params); err != nil {
				t.Fatal(err)
			}
			duties = append(duties, fmt.Sprint(params.Item, params.Service, " ", l.Kind, " ", params.After.Value, " ", l.End-l.Start, " ", l.Absent, " ", l.Unjudged))
		}
		slices.Sort(duties)
		if want := "added recurring_duty 7 0 false false; corrected recurring_duty 6 3 false false; kept recurring_duty 5 3 false false; misread recurring_duty 5 3 false true; moved availability 0 3 false false; policy recurring_duty 5 3 false true; rejected recurring_duty 5 3 true false; untracked recurring_duty 5 3 false false"; strings.Join(duties, "; ") != want {
			t.Errorf("obligations\n got %s\nwant %s", strings.Join(duties, "; "), want)
		}
		// They count in a comparison: an engine that reads no obligation any more is worse.
		reads := evaluate.Engine{Name: "old", Pipeline: extract.Pipeline{Extractors: []extract.Extractor{again(s.Duties)}}}
		cells, err := evaluate.Measure(t.Context(), []evaluate.Sample{s}, reads)
		if err != nil {
			t.Fatal(err)
		}
		counted := ""
		for _, c := range cells.Cells {
			if c.Subject == "obligation" && c.Type == "" {
				counted += fmt.Sprintf("%s %d/%d/%d/%d of %d; ", c.Field, c.Right, c.Wrong, c.Missing, c.False, c.Samples)
			}
		}
		if counted != "availability 1/0/0/0 of 1; recurring_duty 4/0/0/1 of 5; " {
			t.Errorf("counted %s", counted)
		}
		if _, known := s.Labels["contract_type"]; known {
			t.Error("what the policy accepted is no label")
		}
		if _, known := s.Labels["renewal_term"]; known {
			t.Error("what was read wrongly is labelled as not stated")
		}
		if s.Type != "nda" || s.Document.Text != d.Text || len(s.Document.Blocks) != len(d.Blocks) || s.Labels["governing_law"].Text != "Ohio" || s.Labels["title"].Text != "Non-Disclosure Agreement" || s.Labels["zone"] != nil || len(s.Labels) != 5 {
			t.Errorf("%s %+v", s.Type, s.Labels)
		}
	})
}
