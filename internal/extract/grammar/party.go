package grammar

import (
	"math"
	"math/bits"
	"sort"
	"strings"

	"github.com/hbollon/go-edlib"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// nameChoice is a name that may be that of a party.
type nameChoice struct {
	name     wording.Name // spans in the flow
	features []feature
	plain    string // for comparing
	parsed   bool
	speaks   int    // how much is said of it right after
	role     string // of a line "Customer: Acme Ltd"
	aside    bool   // it stands only where it says something of a party: "By: Acme GP LLC, its general partner", "a division of Acme Corp."
	called   bool   // the head gives it a role for a short name: `Acme B.V., hereinafter: "Carrier"`
	listed   bool   // an item of the list of parties begins with it
}

const secondBar = 0.3

// calledChance is what a name of the head is worth that has a legal form and a role for a short name, however the preamble is written:
// enough for one of the likeliest two, and no more.
const calledChance = 0.15

const maxNames = 600

// shortContract is the length up to which all of a paper is looked at for names.
const shortContract = 7000

// partyWindows are the stretches where parties are named: the head, the preamble wherever it stands, the signatures.
func (r *reading) partyWindows() []wording.Span {
	if len(r.s) < shortContract {
		return []wording.Span{{Start: 0, End: len(r.s)}}
	}
	windows := []wording.Span{{Start: 0, End: r.safe(min(len(r.s), 3500))}}
	if r.starts > 0 {
		windows = append(windows, wording.Span{Start: r.safe(max(0, r.partiesAt-500)), End: r.safe(min(len(r.s), r.partiesAt+4500))})
	}
	if r.signs >= 0 {
		windows = append(windows, wording.Span{Start: r.signs, End: r.safe(min(len(r.s), r.signs+2500))})
	} else if len(r.s) > 6000 {
		windows = append(windows, wording.Span{Start: r.safe(len(r.s) - 2000), End: len(r.s)})
	}
	// "For and on behalf of": a signature block with its name, however many there are.
	for from, n := len(r.lower)*2/3, 0; n < 120; n++ {
		k := strings.Index(r.lower[from:], "on behalf of")
		if k < 0 {
			break
		}
		from += k + 12
		windows = append(windows, wording.Span{Start: from, End: r.safe(min(len(r.s), from+110))})
	}
	sort.Slice(windows, func(i, j int) bool { return windows[i].Start < windows[j].Start })
	out := windows[:1]
	for _, w := range windows[1:] {
		last := &out[len(out)-1]
		if w.Start <= last.End {
			last.End = max(last.End, w.End)
			continue
		}
		out = append(out, w)
	}
	return out
}

// nameChoices are the names of those stretches, described.
func (r *reading) nameChoices() []nameChoice {
	parsed := map[wording.Span]bool{}
	for _, p := range r.parsed {
		parsed[wording.Span{Start: r.parsedAt + p.NameSpan.Start, End: 0}] = true
	}
	between := r.betweens()
	var out []nameChoice
	at := map[string]int{}
	mentions, plain := map[string]int{}, map[string]string{}
	total := 0
	for _, w := range r.partyWindows() {
		for _, n := range wording.Names(r.s[w.Start:w.End]) {
			if total++; total > maxNames {
				break
			}
			n.Start, n.End = n.Start+w.Start, n.End+w.Start
			if r.sourceLine(n.Start) {
				continue
			}
			key, ok := plain[n.Text]
			if !ok {
				key = plainName(n.Text)
				plain[n.Text] = key
			}
			mentions[key]++
			isParsed := parsed[wording.Span{Start: n.Start}]
			k, known := at[key]
			if known && mentions[key] > 4 && !isParsed {
				continue
			}
			fs, speaks := r.nameFeatures(n, between, isParsed, mentions[key])
			role, called, aside := r.roleLine(n), r.calledByRole(n), r.saidAside(n)
			if !known {
				at[key] = len(out)
				out = append(out, nameChoice{name: n, plain: key, features: fs, parsed: isParsed, speaks: speaks, role: role, called: called, aside: aside})
				continue
			}
			out[k].aside = out[k].aside && aside
			out[k].called = out[k].called || called
			if role != "" && out[k].role == "" {
				out[k].role, out[k].name = role, n
			}
			// What is true of any mention is true of the name; the mention that says most of it is quoted.
			c := &out[k]
			c.features = append(c.features, fs...)
			if isParsed && !c.parsed || speaks > c.speaks && isParsed == c.parsed {
				c.name, c.parsed, c.speaks = n, isParsed, speaks
			}
		}
	}
	r.oneName(out)
	out = r.byList(out, between)
	var seen marks
	for i := range out {
		k := min(max(mentions[out[i].plain], 1), 5)
		out[i].features = append(out[i].features, start('q', k).strong())
		out[i].features = seen.once(out[i].features)
	}
	return out
}

// marks is a bit for each feature, and a bit for each word of such bits that has any.
type marks struct {
	words [1 << 16 / 64]uint64
	some  [1 << 16 / 64 / 64]uint64
}

// once puts features in order, each once. A name that stands often has hundreds, most of them several times.
func (m *marks) once(list []feature) []feature {
	for _, f := range list {
		m.words[f>>6] |= 1 << (f & 63)
		m.some[f>>12] |= 1 << (f >> 6 & 63)
	}
	list = list[:0]
	for k, some := range m.some {
		for ; some != 0; some &= some - 1 {
			i := k<<6 | bits.TrailingZeros64(some)
			for word := m.words[i]; word != 0; word &= word - 1 {
				list = append(list, feature(i<<6|bits.TrailingZeros64(word)))
			}
			m.words[i] = 0
		}
		m.some[k] = 0
	}
	return list
}

// chance is the sigmoid of a score.
func chance(score float64) float64 { return 1 / (1 + math.Exp(-score)) }

// chosenName is a name taken for a party.
type chosenName struct {
	c      *nameChoice
	chance float64
}

// chooseNames takes the likely names, the likeliest of those that overlap or mean the same, and says how likely it is
// that these are all and no other is.
func (w *weights) chooseNames(choices []nameChoice) ([]chosenName, float64) {
	p := make([]float64, len(choices))
	order := make([]int, len(choices))
	for i := range choices {
		p[i] = chance(w.score(choices[i].features))
		if choices[i].role != "" {
			p[i] = math.Max(p[i], 0.9)
		}
		if choices[i].called {
			p[i] = math.Max(p[i], calledChance)
		}
		if choices[i].listed {
			p[i] = math.Max(p[i], listedChance)
		}
		if choices[i].aside {
			p[i] = 0
		}
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return p[order[a]] > p[order[b]] })
	var taken []chosenName
	belief := 1.0
	for _, i := range order {
		c := &choices[i]
		if w.shadowed(c, taken) {
			continue
		}
		bar := w.bar
		if len(taken) < 2 {
			bar = w.bar * secondBar // a contract has two parties, so less is needed for the likeliest two
		}
		if p[i] < bar || len(taken) >= 80 {
			belief *= 1 - math.Min(p[i], 0.95)
			if p[i] < 0.02 {
				break
			}
			continue
		}
		belief *= p[i]
		taken = append(taken, chosenName{c, p[i]})
	}
	sort.SliceStable(taken, func(a, b int) bool { return taken[a].c.name.Start < taken[b].c.name.Start })
	return taken, belief
}

// shadowed tells whether a name overlaps one that was taken, or is a part or a longer writing of it.
func (w *weights) shadowed(c *nameChoice, taken []chosenName) bool {
	own := c.plain
	for _, t := range taken {
		if c.name.Start < t.c.name.End && t.c.name.Start < c.name.End {
			return true
		}
		other := t.c.plain
		if own == other || len(own) > 2 && (strings.HasPrefix(other, own+" ") || strings.HasPrefix(own, other+" ")) || tailOf(own, other) || tailOf(other, own) || retyped(own, other) {
			return true
		}
	}
	return false
}

// tailOf tells whether a name is the end of a longer one.
func tailOf(name, longer string) bool {
	return strings.HasSuffix(longer, " "+name) && strings.IndexByte(name, ' ') > 0
}

// retyped tells whether two long names are one that was once typed otherwise: "Acme Holding, Inc." for "Acme Holdings, Inc."
func retyped(a, b string) bool {
	if len(a) < 12 || len(b) < 12 || a[:4] != b[:4] || len(a)-len(b) > 2 || len(b)-len(a) > 2 || strings.ContainsAny(a, "0123456789") || strings.ContainsAny(b, "0123456789") {
		return false
	}
	x, y := strings.Fields(a), strings.Fields(b)
	return len(x) == len(y) && x[len(x)-1] == y[len(y)-1] && edlib.OSADamerauLevenshteinDistance(a, b) <= 1
}

// plainName is a name without case, stops and commas.
func plainName(s string) string {
	return strings.Join(strings.Fields(plainForms.Replace(strings.ToLower(s))), " ")
}

var plainForms = strings.NewReplacer(".", "", ",", "", "the ", "", "corporation", "corp", "incorporated", "inc", "limited", "ltd", "company", "co")

// theBefore tells whether a company is called with its article: "by and between The Marlow Company and". At the beginning of a
// sentence or a line the article says nothing.
func (r *reading) theBefore(n wording.Name) bool {
	const article = len("The ")
	if n.Start < article+2 || !n.Form {
		return false
	}
	switch r.s[n.Start-article : n.Start] {
	case "The ":
	case "THE ":
		if !n.Caps {
			return false
		}
	default:
		return false
	}
	before := strings.TrimRight(r.s[max(0, n.Start-article-12):n.Start-article], " ")
	if before == "" {
		return false
	}
	last := before[len(before)-1]
	return last == ',' || last == '(' || last == ')' || wordByte(last) && !n.Caps
}

var (
	individual = expression.MustCompile(`(?i)\b(?:the undersigned|employee|executive|you agree|you acknowledge|i agree|i acknowledge|i understand|i will|dear m[rs]s?\.|dear [a-z]+[:,])`)
	signsFor   = expression.MustCompile(`(?i)^[^\n]{0,50}?[ ,\n]*(?:title|its|chief|president|vice|senior|officer|director|manager|secretary|treasurer|counsel|chairman|general|executive vice|ceo|cfo|authorized)\b`)
	noPerson   = expression.MustCompile(`(?i)\b(?:chief|executive|officer|president|director|human|resources|information|protected|committee|number|names?|print(?:ed)?|list|sheets?|attached|attachments?|by|its|title|date|signature|signed|company|agreement|corporation|department|stores?|factory|board|counsel|general|legal|vice|manager|secretary|witness|notary|public|state|county|exhibit|schedule|appendix|inventions?|prior|employee|employer|confidential|street|avenue|suite|road|new|north|south|east|west|united|page|very|truly|yours|sincerely|accepted|agreed|acknowledged|received|undersigned|party|services?|group|holdings|partners|capital|competitors|description|business|park|agreements?|acknowledg\w*|covenants?|home|address|you|i|place|development|corporate|restrictive|of|and|the|for)\b`)
	byHand     = expression.MustCompile(`(?i)\b(?:by|per):?[ _\n\t]*(?:/s/)?[ _]*$`)
)

// undersigned is the person who is the other party of a contract with one company: a letter to an employee names him where he signs,
// without a title and not on behalf of anybody.
func (r *reading) undersigned(w *weights, names []nameChoice, taken []chosenName) *nameChoice {
	if len(taken) != 1 || !taken[0].c.name.Form || len(individual.FindAllStringIndex(r.lower, 4)) < 3 {
		return nil
	}
	var best *nameChoice
	score := 0.0
	for i := range names {
		c := &names[i]
		n := c.name
		if n.Form || n.Words < 2 || n.Words > 4 || !person(n.Text) || strings.ContainsAny(n.Text, "0123456789&/") || noPerson.MatchString(n.Text) || strings.HasPrefix(taken[0].c.plain, strings.ToLower(firstWord(n.Text))+" ") || w.shadowed(c, taken) {
			continue
		}
		signs, hand := 0, false
		for k := len(r.s) / 2; signs < 3; { // each place in the last part where the name stands
			j := strings.Index(r.s[k:], n.Text)
			if j < 0 {
				break
			}
			at := k + j
			k = at + len(n.Text)
			before, after := r.s[r.safe(max(0, at-30)):at], r.s[k:r.safe(min(len(r.s), k+90))]
			if signsFor.MatchString(after) || byHand.MatchString(before) {
				signs = -9
				break
			}
			if strings.HasSuffix(strings.TrimRight(before, " "), "/s/") || strings.HasPrefix(strings.TrimLeft(after, " ,"), "\n") || strings.TrimSpace(after) == "" || strings.Contains(before, "ame:") || strings.HasSuffix(before, "\n") || strings.Contains(before, "__") || strings.Contains(before, "--") {
				signs++
			}
			hand = hand || holds(before, "/s/", "ame:", "__", "--")
		}
		if p := chance(w.score(c.features)) * float64(signs); signs > 0 && hand && p > score {
			best, score = c, p
		}
	}
	return best
}

// unnamed is a party that the preamble leaves to the signature page, or blank, with the short names it gets: `and the customer named
// below ("Customer" or "you")`, `and ______, a ______ corporation ("Distributor")`.
var unnamed = expression.MustCompile(`(?i)^[^"]{0,240}"[^"]{1,40}"[^()]{0,40}\)?,? and (?:the |an? |each |that )?(?:[a-z_\[][^"()]{0,200}|_{3,}[^"()]{0,160}|\[[^"()]{0,160})\((?:the |hereinafter |hereinafter the )*"([^"]{2,40})"(?: or (?:the )?"([^"]{2,40})")?`)

// beside gives the only party that is named the role that goes with that of the one left blank beside it.
func (r *reading) beside(list []pact.Party) {
	if len(list) != 1 {
		return
	}
	k := strings.Index(r.s[:r.safe(min(len(r.s), 6000))], list[0].Name)
	if k < 0 {
		return
	}
	m := unnamed.FindStringSubmatch(r.s[k+len(list[0].Name) : r.safe(min(len(r.s), k+800))])
	if m == nil {
		return
	}
	role := wording.RoleOf(m[1])
	if role == "" {
		return
	}
	for _, alias := range m[1:] {
		if alias = strings.ToLower(alias); alias == "you" || alias == "we" {
			if r.bearers == nil {
				r.bearers = map[string]string{}
			}
			r.bearers[" "+alias] = role
		}
	}
	both := []pact.Party{list[0], {Role: role}}
	pairRoles(both)
	switch {
	case both[0].Role != "":
	case both[1].Role == "customer":
		both[0].Role = "supplier"
	case both[1].Role == "supplier":
		both[0].Role = "customer"
	}
	list[0].Role = both[0].Role
}

// decideParties makes the parties of the likely names.
func decideParties(r *reading) {
	w := r.rank.fields["parties"]
	if w == nil || r.certified() {
		return
	}
	names := r.nameChoices()
	taken, belief := w.chooseNames(names)
	if c := r.undersigned(w, names, taken); c != nil {
		taken = append(taken, chosenName{c, 0.5})
		belief *= 0.5
	}
	if len(taken) == 0 {
		return
	}
	var list []pact.Party
	var at []wording.Span
	for _, t := range taken {
		n := t.c.name
		p := wording.Described(r.s, n.Start, n.End).Party
		p.Name = n.Text
		if r.theBefore(n) {
			n.Start -= len("The ")
			p.Name = r.s[n.Start:n.Start+len("The ")] + p.Name
		}
		if p.Role == "" {
			p.Role = t.c.role
		}
		list = append(list, p)
		end := r.safe(min(len(r.s), n.End+140))
		if nl := strings.IndexByte(r.s[n.End:end], '\n'); nl >= 0 {
			end = n.End + nl
		}
		if k := len(at); k > 0 && n.Start <= at[k-1].End+160 && end-at[k-1].Start < 1500 {
			at[k-1].End = max(end, at[k-1].End)
			continue
		}
		at = append(at, wording.Span{Start: n.Start, End: end})
	}
	r.beside(list)
	r.rolesByDeeds(list)
	r.term("parties", &pact.Value{Kind: pact.PartiesValue, Parties: list}, sureness("parties", w.curve.confidence(belief, nameSignals(len(taken)))), at...)
}
