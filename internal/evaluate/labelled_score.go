package evaluate

import (
	"encoding/json"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// FoundClause is a passage that a reader takes for a clause of a kind (ClauseKinds).
type FoundClause struct {
	Kind  string
	Quote string
}

// Reading is what was found in one rendering of a document.
type Reading struct {
	Candidates []pact.Candidate
	Clauses    []FoundClause
}

// Spans counts found passages of one kind, and in how many documents the kind was rightly seen.
type Spans struct {
	Gold       int `json:"gold"`
	Given      int `json:"given"`
	Right      int `json:"right"`
	PresentTP  int `json:"present_right"`
	PresentFP  int `json:"present_false"`
	PresentFN  int `json:"present_missed"`
	Unlabelled int `json:"unlabelled,omitempty"` // given where the kind is neither labelled nor listed as absent: not counted
}

// Count is right, wrong, missing and false of a field.
type Count struct {
	Gold    int    `json:"gold"`
	Right   int    `json:"right"`
	Wrong   int    `json:"wrong"`
	Missing int    `json:"missing"`
	False   int    `json:"false"`
	Misses  []Miss `json:"misses,omitempty"`
}

// Matched counts things that are found or not: tiers, obligations, ambiguities.
type Matched struct {
	Gold  int `json:"gold"`
	Given int `json:"given"`
	Right int `json:"right"`
}

// Score is the measure of one group of documents in one rendering.
type Score struct {
	Half      string `json:"half"`
	Origin    string `json:"origin"`
	Rendering string `json:"rendering"`
	Documents int    `json:"documents"`

	Clauses     map[string]*Spans   `json:"clauses"`
	Values      map[string]*Count   `json:"values"`
	Levels      map[string]*Count   `json:"service_levels"` // by kind
	Hours       Count               `json:"service_level_hours"`
	Tiers       Matched             `json:"credit_tiers"`
	CreditCaps  Count               `json:"credit_caps"`
	Changes     Matched             `json:"changes"` // operations of amendments
	Obligations Matched             `json:"obligations"`
	Frequencies Count               `json:"obligation_frequencies"` // of the matched ones
	Ambiguities Matched             `json:"ambiguities"`            // given: questions asked about terms that are labelled or listed as absent
	Guessed     int                 `json:"guessed"`                // terms that are open and got a value without a question
	Sure        Matched             `json:"sure"`                   // values with a confidence of 0.85 and more: given and right
	Facts       map[string]*Matched `json:"facts"`                  // price tiers, rebates, commitments, escalators, insurance, milestones, damages
	Maintenance Count               `json:"maintenance"`            // of availability whose target is right: notice, hours and allowance of maintenance, each a member
	FactMisses  []Miss              `json:"fact_misses,omitempty"`  // facts not found, then facts nobody labelled
	Formless    int                 `json:"facts_without_form"`     // labelled facts, changes apart, for which the product has no form yet
	Unread      []string            `json:"unread,omitempty"`

	misses int
}

func newScore(half, origin, rendering string, misses int) *Score {
	return &Score{Half: half, Origin: origin, Rendering: rendering, Clauses: map[string]*Spans{}, Values: map[string]*Count{}, Levels: map[string]*Count{}, Facts: map[string]*Matched{}, misses: misses}
}

// add counts one document.
func (s *Score) add(d *LabelledDocument, r Reading) {
	s.Documents++
	s.addFacts(d, r.Candidates)
	s.addClauses(d, r.Clauses)
	s.addValues(d, r.Candidates)
	s.addLevels(d, r.Candidates)
	s.addCredits(d, r.Candidates)
	s.addChanges(d, r.Candidates)
	s.addObligations(d, r.Candidates)
	s.addAmbiguities(d, r.Candidates)
}

func at[T any](m map[string]*T, key string) *T {
	if m[key] == nil {
		m[key] = new(T)
	}
	return m[key]
}

func (s *Score) addClauses(d *LabelledDocument, given []FoundClause) {
	for _, kind := range ClauseKinds() {
		var gold, found []string
		for _, c := range d.Labels.Clauses {
			if c.Kind == kind {
				gold = append(gold, c.Quote)
			}
		}
		for _, c := range given {
			if c.Kind == kind {
				found = append(found, c.Quote)
			}
		}
		n := at(s.Clauses, kind)
		if len(gold) == 0 && !slices.Contains(d.Labels.Absent, kind) {
			n.Unlabelled += len(found)
			continue
		}
		n.Gold += len(gold)
		n.Given += len(found)
		n.Right += len(pairs(gold, found, func(a, b string) (float64, bool) { j := Jaccard(a, b); return j, j >= SameClause }))
		switch {
		case len(gold) > 0 && len(found) > 0:
			n.PresentTP++
		case len(found) > 0:
			n.PresentFP++
		case len(gold) > 0:
			n.PresentFN++
		}
	}
}

// pairs matches one to one, the likest first; ties go to the earlier ones.
func pairs[A, B any](gold []A, found []B, like func(A, B) (float64, bool)) map[int]int {
	type pair struct {
		g, f int
		like float64
	}
	var all []pair
	for g := range gold {
		for f := range found {
			if l, ok := like(gold[g], found[f]); ok {
				all = append(all, pair{g, f, l})
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].like > all[j].like })
	out, used := map[int]int{}, map[int]bool{}
	for _, p := range all {
		if _, taken := out[p.g]; !taken && !used[p.f] {
			out[p.g], used[p.f] = p.f, true
		}
	}
	return out
}

func (s *Score) miss(c *Count, d *LabelledDocument, gold, got, quote string) {
	if len(c.Misses) < s.misses {
		c.Misses = append(c.Misses, Miss{d.Name, gold, got, quote})
	}
}

func (s *Score) addValues(d *LabelledDocument, got []pact.Candidate) {
	for _, v := range d.Labels.Values {
		n := at(s.Values, v.Name)
		c := found(got, v.Name)
		empty := c == nil || c.Value == nil
		if empty && v.Derived {
			continue
		}
		n.Gold++
		if empty {
			n.Missing++
			s.miss(n, d, v.Value.String(), "", v.Quote)
			continue
		}
		right := sameValue(v.Name, v.Value, *c.Value)
		s.sure(c, right)
		if right {
			n.Right++
			s.addRoles(d, v, *c.Value)
			continue
		}
		n.Wrong++
		s.miss(n, d, v.Value.String(), c.Value.String(), quoteOf(c))
	}
	for _, name := range d.Labels.Absent {
		if c := found(got, name); c != nil && c.Value != nil {
			n := at(s.Values, name)
			n.False++
			s.sure(c, false)
			s.miss(n, d, "", c.Value.String(), quoteOf(c))
		}
	}
}

// addRoles counts, where all names are right, whether all roles are.
func (s *Score) addRoles(d *LabelledDocument, gold LabelledValue, got pact.Value) {
	if gold.Name != "parties" {
		return
	}
	n := at(s.Values, "parties (roles)")
	n.Gold++
	roles := map[string]string{}
	for _, p := range got.Parties {
		roles[nameKey(p.Name)] = p.Role
	}
	for _, p := range gold.Value.Parties {
		got, given := roles[nameKey(p.Name)]
		switch {
		case !given || got == "":
			n.Missing++
			return
		case !d.sameRole(p.Role, got):
			n.Wrong++
			s.miss(n, d, p.Name+": "+p.Role, got, "")
			return
		}
	}
	n.Right++
}

var sureFrom = decimal.New(85, -2)

func (s *Score) sure(c *pact.Candidate, right bool) {
	if c.Confidence.LessThan(sureFrom) {
		return
	}
	s.Sure.Given++
	if right {
		s.Sure.Right++
	}
}

// levelsOf gives the service levels among the candidates.
func levelsOf(got []pact.Candidate) []LabelledLevel {
	var out []LabelledLevel
	for _, c := range got {
		if c.Obligation == nil || !slices.Contains(levelKinds(), c.Obligation.SaidAs()) {
			continue
		}
		l := LabelledLevel{Kind: c.Obligation.SaidAs()}
		if json.Unmarshal(c.Obligation.Params, &l.Params) != nil {
			continue
		}
		if c.Obligation.Duty != "" {
			l.Params.Priority, _, _ = strings.Cut(c.Obligation.Metric, ": ")
			if l.Params.Priority == c.Obligation.Metric {
				l.Params.Priority = "" // its measure alone
			}
		}
		l.Quote = quoteOf(&c)
		out = append(out, l)
	}
	return out
}

func (s *Score) addLevels(d *LabelledDocument, got []pact.Candidate) {
	given := levelsOf(got)
	same := pairs(d.Labels.ServiceLevels, given, func(a, b LabelledLevel) (float64, bool) { return likePriority(a, b) })
	matched := map[int]bool{}
	for i, gold := range d.Labels.ServiceLevels {
		n := at(s.Levels, gold.Kind)
		n.Gold++
		j, ok := same[i]
		if !ok {
			n.Missing++
			s.miss(n, d, gold.Params.Priority+" "+string(gold.Params.Target), "", gold.Quote)
			continue
		}
		matched[j] = true
		if !sameTarget(gold.Params, given[j].Params) {
			n.Wrong++
			s.miss(n, d, gold.Params.Priority+" "+string(gold.Params.Target), given[j].Params.Priority+" "+string(given[j].Params.Target), given[j].Quote)
			continue
		}
		n.Right++
		s.addHours(d, gold, given[j])
		s.addMaintenance(d, gold, given[j])
	}
	for j, l := range given {
		if !matched[j] {
			n := at(s.Levels, l.Kind)
			n.False++
			s.miss(n, d, "", l.Params.Priority+" "+string(l.Params.Target), l.Quote)
		}
	}
}

// addHours counts, of the levels whose target is right, when the clock runs.
func (s *Score) addHours(d *LabelledDocument, gold, got LabelledLevel) {
	always, business := gold.Params.running()
	if !always && !business {
		return
	}
	s.Hours.Gold++
	a, b := got.Params.running()
	switch {
	case a == always && b == business:
		s.Hours.Right++
		return
	case !a && !b:
		s.Hours.Missing++
	default:
		s.Hours.Wrong++
	}
	s.miss(&s.Hours, d, gold.Params.Priority+" "+string(gold.Params.Hours), string(got.Params.Hours), gold.Quote)
}

var priorityNumber = regexp.MustCompile(`^(?:p|prio|priority|sev|severity|class|level|s)?[\s-]*(\d)\b`)

// likePriority tells whether two levels of a kind are about the same: the number where both have one, otherwise common words.
func likePriority(a, b LabelledLevel) (float64, bool) {
	if a.Kind != b.Kind {
		return 0, false
	}
	x, y := strings.ToLower(strings.TrimSpace(a.Params.Priority)), strings.ToLower(strings.TrimSpace(b.Params.Priority))
	if x == y {
		// Two levels without priority differ by their service.
		return 1 + Jaccard(notLetters.ReplaceAllString(strings.ToLower(a.Params.Service), " "), notLetters.ReplaceAllString(strings.ToLower(b.Params.Service), " ")), true
	}
	m, n := priorityNumber.FindStringSubmatch(x), priorityNumber.FindStringSubmatch(y)
	if m != nil && n != nil {
		return 1, m[1] == n[1]
	}
	j := Jaccard(notLetters.ReplaceAllString(x, " "), notLetters.ReplaceAllString(y, " "))
	return j, j >= SameClause
}

func sameTarget(gold, got LevelParams) bool {
	if a, ok := gold.Duration(); ok {
		b, ok := got.Duration()
		if !ok {
			return false
		}
		_, business := gold.running()
		plain := func(d calendar.Duration) calendar.Duration {
			// "9 hours" that run in business hours and "9 business hours" are the same time.
			if d.Unit == calendar.BusinessHour && business {
				d.Unit = calendar.Hour
			}
			return d
		}
		return plain(a) == plain(b) || inMinutes(plain(a)) > 0 && inMinutes(plain(a)) == inMinutes(plain(b))
	}
	a, okA := gold.Percent()
	b, okB := got.Percent()
	return okA && okB && a.Equal(b) && samePeriod(gold.Period, got.Period)
}

// samePeriod compares over which time a share is measured, where the label says it; a reading without one means the month.
func samePeriod(gold, got string) bool {
	return gold == "" || periodNamed(gold) == periodNamed(got)
}

// periodNamed is the period that words name, as the parameters name it.
func periodNamed(words string) string {
	words = strings.ReplaceAll(strings.ToLower(words), "-", "_")
	for _, period := range []string{"rolling_year", "half_year", "quarter", "year", "week", "day", "term"} {
		if strings.Contains(words, period) || strings.Contains(words, strings.ReplaceAll(period, "_", " ")) {
			return period
		}
	}
	if strings.Contains(words, "annual") {
		return "year"
	}
	return "month"
}

// inMinutes gives the length of a time that is counted in minutes or hours, else 0.
func inMinutes(d calendar.Duration) int {
	switch d.Unit {
	case calendar.Minute:
		return d.Value
	case calendar.Hour:
		return 60 * d.Value
	}
	return 0
}

// creditParams are the members of an obligation's parameters that belong to its credits.
type creditMembers struct {
	Tiers []pact.Tier      `json:"tiers"`
	Cap   *decimal.Decimal `json:"cap_percent"`
	// Credit has them where they are one of several parts of a level.
	Credit *obligation.CreditParams `json:"credit"`
}

func (m *creditMembers) of(o *pact.Obligation) bool {
	if json.Unmarshal(o.Params, m) != nil {
		return false
	}
	if m.Credit == nil {
		return true
	}
	for _, t := range m.Credit.Tiers {
		if t.Percent != nil {
			m.Tiers = append(m.Tiers, pact.Tier{From: t.From, Over: t.Over, Below: t.Below, UpTo: t.UpTo, Credit: *t.Percent})
		}
	}
	return true
}

func (s *Score) addCredits(d *LabelledDocument, got []pact.Candidate) {
	var gold, given []pact.Tier
	var wantCap, gotCap *decimal.Decimal
	for _, c := range d.Labels.Credits {
		gold = append(gold, c.Params.Tiers...)
		if c.About == "availability" && c.Params.CapPercent != nil {
			wantCap = c.Params.CapPercent
		}
	}
	for _, c := range got {
		var m creditMembers
		switch {
		case c.Name == "service_credits" && c.Value != nil:
			m.Tiers = c.Value.Tiers
		case c.Obligation == nil || factKind(c.Obligation) || !m.of(c.Obligation):
			continue
		}
		if m.Cap != nil {
			gotCap = m.Cap
		}
		for _, t := range m.Tiers { // the term and the obligation say the same; it counts once
			if commonTiers([]pact.Tier{t}, given) == 0 {
				given = append(given, t)
			}
		}
	}
	s.Tiers.Gold += len(gold)
	s.Tiers.Given += len(given)
	s.Tiers.Right += commonTiers(gold, given)
	switch {
	case wantCap != nil && gotCap == nil:
		s.CreditCaps.Gold++
		s.CreditCaps.Missing++
	case wantCap != nil && wantCap.Equal(*gotCap):
		s.CreditCaps.Gold++
		s.CreditCaps.Right++
	case wantCap != nil:
		s.CreditCaps.Gold++
		s.CreditCaps.Wrong++
	case gotCap != nil:
		s.CreditCaps.False++
	}
}

// addChanges counts the operations of an amendment: right are those of the same kind on the same clause.
func (s *Score) addChanges(d *LabelledDocument, got []pact.Candidate) {
	var gold []LabelledFact
	for _, f := range d.Labels.Facts {
		if f.Kind == "change" {
			gold = append(gold, f)
		}
	}
	var given []pact.Operation
	for _, c := range got {
		if c.Subject == "operation" && c.Value != nil && c.Value.Operation != nil {
			given = append(given, *c.Value.Operation)
		}
	}
	same := pairs(gold, given, func(f LabelledFact, o pact.Operation) (float64, bool) { return 1, sameChange(f.Fields, o) })
	s.Changes.Gold += len(gold)
	s.Changes.Given += len(given)
	s.Changes.Right += len(same)
}

// sameChange compares kind, clause and, where the label has them, the new name and the new last day. The clause of an extension does
// not count: what runs longer is the term, wherever it is written.
func sameChange(label map[string]string, o pact.Operation) bool {
	if label["operation"] != string(o.Kind) {
		return false
	}
	if o.Kind == pact.Extend {
		return label["to"] == "" || label["to"] == string(o.To)
	}
	return clauseNumber(label["target"]) == clauseNumber(o.Target) && (label["new_target"] == "" || clauseNumber(label["new_target"]) == clauseNumber(o.NewTarget))
}

var clauseWord = regexp.MustCompile(`(?i)\b(?:section|clause|article|paragraph)\b|§`)

// clauseNumber brings the ways to name a clause to one: "Section 12.1(b)" and "12.1(b)", "Article 4 paragraph 2" and "4 2".
func clauseNumber(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(clauseWord.ReplaceAllString(s, " "))), " ")
}

func (s *Score) addObligations(d *LabelledDocument, got []pact.Candidate) {
	var given []pact.Candidate
	for _, c := range got {
		if c.Obligation != nil && c.Obligation.Kind != "renewal_notice" && !slices.Contains(levelKinds(), c.Obligation.SaidAs()) {
			given = append(given, c)
			given = append(given, stepsOf(c)...)
		}
	}
	same := pairs(d.Labels.Obligations, given, d.likeDuty)
	s.Obligations.Gold += len(d.Labels.Obligations)
	s.Obligations.Given += len(given)
	s.Obligations.Right += len(same)
	matched := map[int]bool{}
	for _, j := range same {
		matched[j] = true
	}
	for j, c := range given { // labelled as facts; that one is no duty of the register too is no mistake
		if factKind(c.Obligation) && !matched[j] {
			s.Obligations.Given--
		}
	}
	for i, j := range same {
		n := &s.Frequencies
		n.Gold++
		want, is := d.Labels.Obligations[i].Frequency, frequencyOf(given[j].Obligation.Frequency)
		switch {
		case is == want:
			n.Right++
		case is == "":
			n.Missing++
		default:
			n.Wrong++
			s.miss(n, d, want, is, d.Labels.Obligations[i].Quote)
		}
	}
}

// stepsOf are the rows of a plan of milestones that have a day, each as the duty that a label may have of it.
func stepsOf(c pact.Candidate) (out []pact.Candidate) {
	var p obligation.MilestoneParams
	if c.Obligation.Kind != "milestone" || !factKind(c.Obligation) || json.Unmarshal(c.Obligation.Params, &p) != nil {
		return nil
	}
	for _, m := range p.Milestones {
		if m.Due != "" {
			o := pact.Obligation{Kind: "milestone", Bearer: c.Obligation.Bearer, Deliverable: m.Name, Frequency: "once"}
			out = append(out, pact.Candidate{Subject: "obligation", Obligation: &o})
		}
	}
	return out
}

// frequencyOf brings the product's words for a frequency to those of the labels.
func frequencyOf(s string) string {
	switch f := strings.ToLower(strings.TrimSpace(s)); f {
	case "annually", "annual", "yearly":
		return "yearly"
	case "semi-annually", "semiannually", "half-yearly":
		return "half-yearly"
	case "event", "on event", "on_event", "per_event":
		return "on_event"
	case "one-off", "once", "one_time":
		return "once"
	default:
		return f
	}
}

// sameDeliverable is the limit of Jaccard from which two deliverables count as the same, function words left out.
const sameDeliverable = 0.4

func (d *LabelledDocument) likeDuty(gold LabelledDuty, got pact.Candidate) (float64, bool) {
	o := got.Obligation
	if !d.sameRole(gold.Bearer, o.Bearer) {
		return 0, false
	}
	like := jaccardOf(content(gold.Deliverable), content(o.Deliverable))
	quote := Jaccard(gold.Quote, quoteOf(&got))
	return max(like, quote), like >= sameDeliverable || quote >= SameClause
}

func jaccardOf(a, b []string) float64 {
	if len(a)+len(b) == 0 {
		return 0
	}
	return jaccard(a, b)
}

var functionWords = strings.Fields("a an the of for to and or in on at by with from its their each every all any this that which is be")

func content(s string) []string {
	var out []string
	for _, w := range words(notLetters.ReplaceAllString(s, " ")) {
		if !slices.Contains(functionWords, w) {
			out = append(out, w)
		}
	}
	return out
}

// sameRole tells whether the role of a label and what a reader calls a party are the same party: by its role in the labels, its
// name, its alias, or the usual words for buying and selling sides.
func (d *LabelledDocument) sameRole(label, got string) bool {
	return label != "" && got != "" && d.side(label) == d.side(got)
}

func (d *LabelledDocument) side(name string) string {
	key := nameKey(name)
	for _, v := range d.Labels.Values {
		for _, p := range v.Value.Parties {
			if nameKey(p.Name) == key || slices.ContainsFunc(p.Aliases, func(a string) bool { return nameKey(a) == key }) {
				return usualSide(p.Role)
			}
		}
	}
	return usualSide(key)
}

func usualSide(role string) string {
	switch r := strings.ToLower(role); r {
	case "supplier", "provider", "service provider", "vendor", "seller", "contractor", "licensor", "lessor", "reseller", "operator":
		return "supplier"
	case "customer", "client", "buyer", "purchaser", "licensee", "lessee", "user", "principal":
		return "customer"
	case "both", "each party", "either party", "parties":
		return "both"
	default:
		return r
	}
}

func (s *Score) addAmbiguities(d *LabelledDocument, got []pact.Candidate) {
	asked := map[string]bool{}
	codes := map[string]bool{}
	for _, c := range got {
		questions := c.Ambiguities
		if c.Obligation != nil {
			questions = append(slices.Clone(questions), c.Obligation.Ambiguities...)
		}
		for _, a := range questions {
			codes[a.Code] = true
			if c.Subject == "term" {
				asked[c.Name] = true
			}
		}
	}
	for _, a := range d.Labels.Ambiguities {
		s.Ambiguities.Gold++
		raised := asked[a.About] || codes[a.Code]
		if raised {
			s.Ambiguities.Right++
			s.Ambiguities.Given++
		}
		if c := found(got, a.About); c != nil && c.Value != nil && !raised {
			s.Guessed++
		}
	}
	// A question about a term whose value is plain, or that is not there, is one question too many.
	for _, v := range d.Labels.Values {
		if asked[v.Name] {
			s.Ambiguities.Given++
		}
	}
	for _, name := range d.Labels.Absent {
		if asked[name] {
			s.Ambiguities.Given++
		}
	}
}
