package grammar

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Extractor finds candidates by grammar. It has no state that changes and may be used by many at once.
type Extractor struct {
	rank   *Ranking
	source string // name and version where the ranking is not the one that ships
}

// New makes the extractor with the ranking that ships.
func New() *Extractor { return &Extractor{} }

// NewWith makes the extractor with another ranking: to measure one on contracts it was not learned from.
func NewWith(rank *Ranking) *Extractor { return &Extractor{rank: rank} }

// Open makes the extractor with a ranking of one's own, as `pactloop evaluate --learn` writes it. Its version names the file, and
// so does everything it reads; the file that ships gives the extractor of New. A file that does not fit this program is refused.
func Open(ranking []byte) (*Extractor, error) {
	if bytes.Equal(ranking, shipped) {
		return New(), nil
	}
	rank, _, err := DecodeRanking(ranking)
	if err != nil {
		return nil, err
	}
	for _, name := range rankedFields() {
		if rank.fields[name] == nil {
			return nil, fmt.Errorf("reading the ranking: it knows nothing of %s; learn it again", name)
		}
	}
	sum := sha256.Sum256(ranking)
	return &Extractor{rank: rank, source: source + ".ranking-" + hex.EncodeToString(sum[:6])}, nil
}

// Name is "grammar".
func (*Extractor) Name() string { return "grammar" }

// Version changes with every change that can change candidates.
func (x *Extractor) Version() string {
	if x.source != "" {
		return strings.TrimPrefix(x.source, "grammar/")
	}
	return strings.TrimPrefix(source, "grammar/")
}

const source = "grammar/15"

// maxText bounds the work on one document; a contract of 2,000 pages has about 6 MB.
const maxText = 16 << 20

// Extract proposes candidates for what is wanted.
func (x *Extractor) Extract(ctx context.Context, d *document.Document, want extract.Schema) ([]pact.Candidate, error) {
	if d == nil || len(d.Text) == 0 {
		return nil, nil
	}
	if len(d.Text) > maxText {
		return nil, fmt.Errorf("reading terms: the text has %d MB, more than %d MB", len(d.Text)>>20, maxText>>20)
	}
	r := newReading(d)
	if r.rank = x.rank; r.rank == nil {
		var err error
		if r.rank, err = shippedRanking(); err != nil {
			return nil, err
		}
	}
	for _, find := range []func(*reading){
		findTitle, readReference, readOperations, findNumber,
		findParties, findSignatures, decideParties,
		findClaims, findDates, findLaw, findTerm, findExpiration, findRenewal,
		findPayment, askOfNotes, findValues, findCap, findBlanks,
		findZone, findAvailability, findLevels, findShares,
		findHeldCover, findClauses, findOrder,
		findTiers, findFlatRebates, findCommitment, findEscalator, findCover, findDelay, findMilestones, findUnitPrices, anchorPeriods,
		findDuties, dropToldDuties,
		findAmendments, deriveRenewalNotice, findOperations, findReference,
	} {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("reading terms: %w", err)
		}
		find(r)
	}
	return x.sign(wanted(r.found, want)), nil
}

// sign says who read, where that is not what ships.
func (x *Extractor) sign(found []pact.Candidate) []pact.Candidate {
	if x.source == "" {
		return found
	}
	for i := range found {
		found[i].Extractor = x.source
		x.sign(found[i].Rivals)
	}
	return found
}

// wanted keeps what the schema asks for, in the order of display.
func wanted(found []pact.Candidate, want extract.Schema) []pact.Candidate {
	order := map[string]int{}
	for i, s := range pact.TermSpecs() {
		order[s.Name] = i
	}
	terms, kinds := map[string]bool{}, map[string]bool{}
	for _, t := range want.Terms {
		terms[t.Name] = true
	}
	for _, k := range want.Kinds {
		kinds[k] = true
	}
	kept := make([]pact.Candidate, 0, len(found))
	for _, c := range found {
		if c.Subject == "term" && len(terms) > 0 && !terms[c.Name] {
			continue
		}
		if c.Subject == "obligation" && len(kinds) > 0 && !kinds[c.Obligation.Kind] {
			continue
		}
		kept = append(kept, c)
	}
	rank := func(c pact.Candidate) int {
		if c.Subject == "term" {
			return order[c.Name]
		}
		return len(order)
	}
	sort.SliceStable(kept, func(i, j int) bool { return rank(kept[i]) < rank(kept[j]) })
	for i := range kept {
		kept[i].Order = i
	}
	return kept
}

// reading is the work on one document. Finders add to it in order and may look at what earlier ones found.
type reading struct {
	flow
	found      []pact.Candidate
	paper      string // contract type, "" where unknown
	starts     int    // where the body of the contract begins, after its parties
	partiesAt  int    // where the parties are named
	recitalsAt int    // where the recitals begin, -1 without, 0 before it was looked for
	signs      int    // where the signatures begin, -1 where that is not told
	rank       *Ranking
	facts      facts
	parsed     []wording.Party // as the preamble's grammar reads them
	parsedAt   int
	claims     uint          // what the contract says of the day it takes effect
	begins     *shiftedStart // where it begins some time after another day
	startsAt   int           // where it says that this is its own date or that of the last signature, 0 without
	zone       string
	hours      serviceHours
	clocks     *[]running
	renewal    renewalFacts
	operations []pact.Candidate // what the paper does to another
	reference  *pact.Candidate  // to which it belongs
	aboveAt    wording.Span     // the words that name it, where it is not amended
	unread     []unreadChange   // sentences that seem to change another contract, in a way that is not read
	awaits     string           // the condition on which it takes effect, where it has no day yet
	awaitsAt   wording.Span
	uptime     *decimal.Decimal
	levelAt    []wording.Span    // where service levels were read
	subject    map[string]string // whom a subject means, as it is written
	bearers    map[string]string // and in small letters, once it was looked up
	subjects   map[int]string    // who a sentence is about
	ends       subjectWords      // last words of subjects that may mean somebody
	uses       map[string]int    // how often a short name stands in the contract, once it was asked
	acts       map[string]int    // how often a word acts as only somebody can
	room       []token           // for the words of a sentence
	listBearer string            // who owes the items of the list that is open
	lastNoun   string            // what the incidents of the sentence before were called, and where
	nounAt     int
}

func newReading(d *document.Document) *reading { return &reading{flow: newFlow(d), signs: -1} }

// dropToldDuties leaves out plain duties that an obligation with parameters of its own tells better: the insurance that must be
// held, what must be bought at least, and the notices and claims that are parameters of a certificate or a level.
func dropToldDuties(r *reading) {
	kept := make([]pact.Candidate, 0, len(r.found))
	for _, c := range r.found {
		if c.Obligation == nil || !slices.ContainsFunc(r.found, func(o pact.Candidate) bool { return o.Obligation != nil && tellsBetter(o.Obligation, c.Obligation) }) {
			kept = append(kept, c)
		}
	}
	r.found = kept
}

// paysBills is the payment of an invoice under another verb: "release payment", "effect payment of invoices".
var paysBills = expression.MustCompile(`(?i)^(?:release|make|effect|process|remit|transfer|arrange)s? (?:the |all |each |any |its )?(?:payments?|invoices?|(?:invoice|undisputed) amounts?)\b`)

var ofCancelling = expression.MustCompile(`(?i)\bcancell?\w*`)

// tellsBetter tells whether an obligation with parameters tells a plain duty of the same words.
func tellsBetter(o, duty *pact.Obligation) bool {
	if duty.Kind == "insurance" && o.Kind == "certificate" || duty.Kind == "minimum_purchase" && o.Kind == "minimum_commitment" {
		return sameWords(o, duty)
	}
	if o.Kind == "milestone" {
		return sameMilestone(o, duty)
	}
	if o.Kind == "invoice_payment" {
		return paysBills.MatchString(duty.Deliverable) && sameWords(o, duty)
	}
	if duty.Kind != "notice" {
		return false
	}
	switch o.Kind {
	case "certificate":
		return bytes.Contains(o.Params, []byte(`"cancellation_notice_days"`)) && ofCancelling.MatchString(duty.Deliverable) && sameWords(o, duty)
	case "availability":
		return bytes.Contains(o.Params, []byte(`"claim_days"`)) && claiming.MatchString(duty.Deliverable[strings.IndexByte(duty.Deliverable+" ", ' '):]) && sameWords(o, duty)
	}
	return false
}

// sameMilestone tells whether a plan of milestones has the payment that a plain duty says, or what is due by its day.
func sameMilestone(o, duty *pact.Obligation) bool {
	if duty.Kind != "payment" && duty.Kind != "delivery" || !sameWords(o, duty) {
		return false
	}
	var p obligation.MilestoneParams
	if json.Unmarshal(o.Params, &p) != nil {
		return false
	}
	if duty.Kind == "delivery" {
		var d obligation.DutyParams
		return json.Unmarshal(duty.Params, &d) == nil && d.ByDate != "" && slices.ContainsFunc(p.Milestones, func(m obligation.MilestoneRow) bool { return m.Due == d.ByDate })
	}
	return slices.ContainsFunc(p.Milestones, func(m obligation.MilestoneRow) bool {
		sums, shares := wording.Sums(duty.Deliverable), wording.Percents(duty.Deliverable)
		return m.Amount != nil && slices.ContainsFunc(sums, func(s wording.Sum) bool { return s.Amount.Equal(*m.Amount) }) ||
			m.Percent != nil && slices.ContainsFunc(shares, func(s wording.Percent) bool { return s.Value.Equal(*m.Percent) })
	})
}

// sameWords tells whether the evidence of two obligations shares words.
func sameWords(a, b *pact.Obligation) bool { return overlap(a.Evidence, b.Evidence) }

// term adds a term; v may be nil where the text leaves no safe reading.
func (r *reading) term(name string, v *pact.Value, confidence string, at ...wording.Span) *pact.Candidate {
	spec, _ := pact.TermSpecOf(name)
	r.found = append(r.found, pact.Candidate{
		Subject: "term", Name: name, Label: spec.Label, Value: v, Evidence: r.evidence(at...),
		Confidence: sure(confidence), Verification: pact.Verified, Extractor: source,
	})
	return &r.found[len(r.found)-1]
}

// get gives the candidate of a term, or nil.
func (r *reading) get(name string) *pact.Candidate {
	for i := range r.found {
		if r.found[i].Subject == "term" && r.found[i].Name == name {
			return &r.found[i]
		}
	}
	return nil
}

func (r *reading) value(name string) *pact.Value {
	if c := r.get(name); c != nil {
		return c.Value
	}
	return nil
}

// rival adds another reading to a candidate, if it differs from what is there.
func rival(c *pact.Candidate, v pact.Value, confidence string, evidence []pact.Evidence) {
	if c.Value != nil && c.Value.Equal(v) {
		return
	}
	for _, o := range c.Rivals {
		if o.Value != nil && o.Value.Equal(v) {
			return
		}
	}
	if len(c.Rivals) >= 4 {
		return
	}
	c.Rivals = append(c.Rivals, pact.Candidate{
		Subject: c.Subject, Name: c.Name, Label: c.Label, Value: &v, Evidence: evidence,
		Confidence: sure(confidence), Verification: pact.Verified, Extractor: source,
	})
}

func sure(s string) decimal.Decimal {
	d, err := decimal.NewFromString(s)
	if err != nil {
		return decimal.Decimal{}
	}
	return d
}
