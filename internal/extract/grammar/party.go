package grammar

import (
	"math"
	"math/bits"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

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
	var seen marks
	for i := range out {
		k := min(mentions[out[i].plain], 5)
		out[i].features = append(out[i].features, start('q', k).strong())
		out[i].features = seen.once(out[i].features)
	}
	return out
}

// marks is a bit for each feature.
type marks [1 << 16 / 64]uint64

// once puts features in order, each once. A name that stands often has hundreds, most of them several times.
func (m *marks) once(list []feature) []feature {
	for _, f := range list {
		m[f>>6] |= 1 << (f & 63)
	}
	list = list[:0]
	for i, word := range m {
		for ; word != 0; word &= word - 1 {
			list = append(list, feature(i<<6|bits.TrailingZeros64(word)))
		}
		m[i] = 0
	}
	return list
}

// roleLine gives the role of a name that stands alone after it on a line: "Customer: Acme Ltd". Order forms name their
// parties so, and nothing else in them tells.
func (r *reading) roleLine(n wording.Name) string {
	line := strings.LastIndexByte(r.s[:n.Start], '\n') + 1
	label := roleLabel(r.lower[line:n.Start])
	if n.Start > 4000 || len(label) > 24 {
		return ""
	}
	rest := r.s[n.End:min(len(r.s), n.End+3)]
	if rest != "" && rest[0] != '\n' && rest[0] != ',' && rest[0] != '.' && !strings.HasPrefix(rest, " (") && !strings.HasPrefix(rest, ";") {
		return ""
	}
	if label == "" && line > 1 { // "CUSTOMER" in a line of its own, the name in the next
		above := strings.LastIndexByte(r.s[:line-1], '\n') + 1
		if label = roleLabel(r.lower[above : line-1]); len(label) > 24 {
			return ""
		}
	}
	return wording.RoleOf(label)
}

// calledByRole tells whether the head of the paper gives a company, or a person, a role for a short name.
func (r *reading) calledByRole(n wording.Name) bool {
	if n.Start > 4000 || n.Text[0] >= '0' && n.Text[0] <= '9' || !n.Form && !personal(n) {
		return false
	}
	m := shortNameIn(r.s[n.End:r.safe(min(len(r.s), n.End+170))])
	return m != nil && wording.RoleOf(m[1]) != "" && !strings.Contains(m[0], ";") && !strings.Contains(m[0], ". ") && !strings.Contains(m[0], " and ")
}

var (
	otherOf    = expression.MustCompile(`(?i)\b(?:an? (?:unincorporated |operating |wholly[- ]owned |majority[- ]owned |direct |indirect )*(?:division|subsidiary|affiliate|unit) of|subsidiary of|d/?b/?a/?|doing business as|trading as|f/?k/?a/?|a/?k/?a/?|formerly(?: known as)?|successor (?:in interest )?to)(?: the)?:? "?$`)
	signsBy    = expression.MustCompile(`(?i)\bby: ?$`)
	inCapacity = expression.MustCompile(`^,? ?(?:[Ii]ts?:? (?:sole |managing |general |duly )?(?:general|managing|manager|member|partner|trustee|agent|advis|attorney|investment)|(?:solely )?as (?:its |the )?(?:general|manag|trustee|agent|attorney|investment)|not in its)`)
)

// saidAside tells whether a company is named only to say something of another one: it signs for it, owns it, or is a name that it
// trades or traded under.
func (r *reading) saidAside(n wording.Name) bool {
	before := r.s[r.safe(max(0, n.Start-40)):n.Start]
	return otherOf.MatchString(before) || signsBy.MatchString(before) && inCapacity.MatchString(r.s[n.End:r.safe(min(len(r.s), n.End+50))])
}

// personal tells whether a name without a legal form may be that of a person.
func personal(n wording.Name) bool {
	return n.Words >= 2 && n.Words <= 4 && (person(n.Text) || n.Caps) && !strings.ContainsAny(n.Text, "0123456789&/")
}

// shortNameIn finds the short name that follows a name, in quotation marks or only in parentheses: "Ada Byron (EMPLOYEE)".
func shortNameIn(rest string) []string {
	m := shortName(rest)
	if m == nil || strings.Contains(m[0], " and ") && strings.Contains(m[0], "),") {
		if b := bracketedName(rest); b != nil {
			return b
		}
	}
	return m
}

// roleLabel is what stands before a name, without what only leads to it.
func roleLabel(s string) string {
	s = strings.Trim(s, " \t:")
	s = strings.TrimLeft(s, "0123456789.() ")
	for _, lead := range []string{"signed ", "for ", "and ", "on behalf of ", "the ", "(1) ", "(2) ", "name of "} {
		s = strings.TrimPrefix(s, lead)
	}
	for _, tail := range []string{" name", " details", " (name)", " company"} {
		s = strings.TrimSuffix(s, tail)
	}
	return s
}

var (
	sells = expression.MustCompile(`^(?:'s)?,? (?:(?:shall|will|must|agrees to|undertakes to|is to|has agreed to|also|hereby|then) )*(?:provides?|supply|supplies|delivers?|performs?|hosts?|maintains? the|sells?|manufactures?|carr(?:y|ies) out|invoices?|renders?|prints|ships?|repairs?|installs?|develops?|makes? available|operates? the|keeps the service|grants?|remed(?:y|ies)|attends?|answers?|cleans?|collects?|transports?|trains?|advises?|designs?|builds?|tests?|monitors?|produces?|services|fixes|prepares?|hands? over|keeps? (?:the|spare|stock)|replaces?|assigns? (?:staff|personnel|engineers))\b|^'s (?:invoices?|charges|prices|rates|warrant\w+|staff|personnel|technicians?|engineers?|employees|consultants|workshop|depot|quotation|offer|proposal|bid|tender)\b`)
	buys  = expression.MustCompile(`^(?:'s)?,? (?:(?:shall|will|must|agrees to|undertakes to|is to|has agreed to|also|hereby|may|then) )*(?:pays?|purchases?|buys?|orders?|procures?|places? orders?|settles?|calls? off|engages?|appoints?|commissions?|subscribes?|accepts? (?:or|the (?:deliver|work|goods))|uses? the service|retains? the|inspects?|reimburses?|takes? delivery|receives? (?:the|an?|each) (?:service|deliver|invoice|goods|credit)|may (?:inspect|reject|deduct|set off|withhold))\b|^'s (?:purchase orders?|orders|premises|sites?|use of|requirements|purchases|warehouse|plant|users|data)\b`)
)

// rolesByDeeds gives the parties of a contract between two, where the text names no role, the role of who sells and who buys by
// what they are to do. It needs deeds of one kind alone, or mostly.
func (r *reading) rolesByDeeds(list []pact.Party) {
	if len(list) != 2 || r.paper == "nda" {
		return
	}
	pairRoles(list)
	if list[0].Role != "" && list[1].Role != "" {
		return
	}
	other := map[string]string{"supplier": "customer", "customer": "supplier"}
	for i := range list {
		if list[i].Role == "" && other[list[1-i].Role] != "" {
			list[i].Role = other[list[1-i].Role]
			return
		}
	}
	if list[0].Role != "" || list[1].Role != "" {
		return
	}
	var sold, bought [2]int
	for i := range list {
		for _, name := range callings(list[i]) {
			for k, n := 0, 0; n < 300; n++ {
				j := strings.Index(r.lower[k:], name)
				if j < 0 {
					break
				}
				at := k + j
				k = at + len(name)
				if at > 0 && wordByte(r.s[at-1]) {
					continue
				}
				after := r.lower[k:min(len(r.lower), k+60)]
				switch {
				case sells.MatchString(after):
					sold[i]++
				case buys.MatchString(after):
					bought[i]++
				}
			}
		}
	}
	lead := sold[0] - bought[0] - sold[1] + bought[1] // who sells more than the other
	if lead < 0 {
		lead = -lead
		list[1].Role, list[0].Role = "supplier", "customer"
	} else {
		list[0].Role, list[1].Role = "supplier", "customer"
	}
	if lead < 2 {
		list[0].Role, list[1].Role = "", ""
	}
}

// pairRoles names the one who orders a customer beside a supplier, and the one who works a supplier beside a customer, whatever the
// trade calls them: an employer of works, a principal of a contractor, a carrier of goods.
func pairRoles(list []pact.Party) {
	for i := range list {
		mine, yours := &list[i].Role, list[1-i].Role
		switch {
		case yours == "supplier":
			switch *mine {
			case "principal", "employer", "owner", "sponsor", "operator", "user", "shipper":
				*mine = "customer"
			}
		case yours == "customer":
			switch *mine {
			case "consultant", "manufacturer", "subcontractor", "transporter", "operator", "developer", "adviser", "advisor", "agent", "servicer":
				*mine = "supplier"
			}
		}
	}
}

// callings are how the text may call a party, in small letters.
func callings(p pact.Party) []string {
	var out []string
	for _, a := range p.Aliases {
		a = strings.TrimPrefix(lowerASCII(a), "the ")
		if len(a) > 2 && a != "we" && a != "you" {
			out = append(out, a)
		}
	}
	name := lowerASCII(p.Name)
	out = append(out, name)
	if first := strings.Trim(firstWord(name), ",."); len(first) > 4 && first != name {
		out = append(out, first)
	}
	sort.Strings(out)
	return slices.Compact(out)
}

// sourceLine tells whether a place stands in a line that says where a copy of the contract came from.
func (r *reading) sourceLine(i int) bool {
	line := strings.LastIndexByte(r.s[:i], '\n') + 1
	near := r.lower[max(line, i-90):i]
	return strings.Contains(near, "source:") && !strings.Contains(near, ".\n")
}

// betweens are the places after which the parties may be listed.
func (r *reading) betweens() []int {
	var at []int
	head := r.lower[:min(len(r.lower), 12000)]
	for _, w := range []string{"between", "among", "entered into by", "made by", "parties"} {
		for i := 0; len(at) < 60; {
			k := strings.Index(head[i:], w)
			if k < 0 {
				break
			}
			at = append(at, i+k)
			i += k + len(w)
		}
	}
	sort.Ints(at)
	return at
}

func (r *reading) nameFeatures(n wording.Name, between []int, parsed bool, nth int) ([]feature, int) {
	fs := make([]feature, 0, 72)
	strong := func(t byte, k int) { fs = append(fs, start(t, k).word('n').strong()) }
	var room [16]hash
	b := wordsBefore(r.s, n.Start, 7, room[:0])
	for i, w := range b {
		if i < 4 {
			fs = append(fs, start('b', i).word('n').word(w).feature())
		}
		fs = append(fs, start('B', 0).word('n').word(w).feature())
		if i > 0 && i < 4 {
			fs = append(fs, start('2', 0).word('n').word(b[i-1]).word(w).feature())
		}
	}
	a := wordsAfter(r.s, n.End, 7, room[8:8])
	for i, w := range a {
		if i < 4 {
			fs = append(fs, start('a', i).word('n').word(w).feature())
		}
		fs = append(fs, start('A', 0).word('n').word(w).feature())
		if i > 0 && i < 4 {
			fs = append(fs, start('3', 0).word('n').word(a[i-1]).word(w).feature())
		}
	}
	rest := r.s[n.End:r.safe(min(len(r.s), n.End+170))]
	alias, described := wording.Called(rest), wording.Describes(rest)
	mark := 0
	for k, yes := range []bool{n.Form, alias, described, alias && described, n.Form && described, n.Caps, parsed, nth == 1} {
		if yes {
			mark |= 1 << k
			strong('M', k)
		}
	}
	strong('W', mark)
	strong('c', min(n.Words, 7))
	fs = r.signedFeatures(fs, n, rest)
	fs = r.calledFeatures(fs, n, rest)
	near := 0
	if k := sort.SearchInts(between, n.Start); k > 0 {
		d := n.Start - between[k-1]
		switch {
		case d < 30:
			near = 1
		case d < 300:
			near = 2
		case d < 1200:
			near = 3
		}
	}
	strong('N', near)
	strong('O', near*2+int(mark&1))
	strong('Q', near*4+int(mark&3))
	bin := r.placeBin(n.Start)
	strong('p', bin)
	strong('r', bin*2+int(mark&1))
	if bin == 20 {
		fs = append(fs, start('R', mark&0x63).strong())
	}
	// How often the name, or the words before its form, stand in the contract; and whether it is signed by.
	core := n.Text
	if k := strings.LastIndexAny(core, " ,"); n.Form && k > 3 {
		core = strings.TrimRight(core[:k], ", ")
	}
	if len(core) >= 4 {
		if nth == 1 {
			strong('t', min(strings.Count(r.s[:min(len(r.s), 8000)], core), 9))
		}
		if nth == 1 && r.signs >= 0 && n.Start < r.signs {
			tail := r.lower[r.signs:min(len(r.lower), r.signs+3000)]
			if strings.Contains(tail, strings.ToLower(core)) {
				strong('S', 1+int(mark&1))
			} else {
				strong('S', 3)
			}
		}
	}
	fs = append(fs, start('f', 0).word('n').word(wordHash(lastWord(n.Text))).feature(), start('f', 1).word('n').word(wordHash(firstWord(n.Text))).feature())
	for _, w := range strings.Fields(n.Text) {
		fs = append(fs, start('f', 2).word('n').word(wordHash(strings.Trim(w, ".,"))).feature())
	}
	if n.Start == 0 || r.s[n.Start-1] == '\n' {
		strong('L', 1)
		if n.End < len(r.s) && r.s[n.End] == '\n' {
			strong('L', 2)
		}
	}
	if !n.Form && n.Words >= 2 && n.Words <= 4 {
		if person(n.Text) {
			strong('L', 3)
		}
		if person(n.Text) || n.Caps && !strings.ContainsAny(n.Text, "0123456789&/") {
			strong('L', 4+near*4+mark>>1&3)
		}
	}
	return fs, bits.OnesCount(uint(mark & 0x5e))
}

var (
	titleEnds = expression.MustCompile(`(?i)\b(?:officer|president|director|secretary|treasurer|manager|signatory|esq\.?|counsel|chairman|by|title|name|date|of|for|party [ab1-4]|\d{4})[:, ]*$`)
	handNext  = expression.MustCompile(`(?i)^[ ,.\n\t]{0,4}(?:by|per|/s/|signature|signed|its|name|_{3,}|-{4,}) ?:?`)
)

// signedFeatures tell what a preamble and a signature block say of a name: the short name it gets and how often the contract uses
// that, and whether a hand signs for it.
func (r *reading) signedFeatures(fs []feature, n wording.Name, rest string) []feature {
	strong := func(t byte, k int) { fs = append(fs, start(t, k).word('n').strong()) }
	if m := shortName(rest); m != nil {
		alias := strings.TrimPrefix(m[1], "the ")
		used, counted := r.uses[alias]
		if !counted {
			used = strings.Count(r.s[:min(len(r.s), 60000)], alias)
			if r.uses == nil {
				r.uses = map[string]int{}
			}
			r.uses[alias] = used
		}
		bin := 0
		for _, bar := range []int{2, 4, 8, 16, 40} {
			if used >= bar {
				bin++
			}
		}
		strong('U', bin)
		if wording.RoleOf(alias) != "" {
			strong('V', 1)
		}
		if strings.Contains(rest[:len(m[0])], "hereinafter") || strings.Contains(rest[:len(m[0])], "referred to") {
			strong('V', 2)
		}
	}
	hand := handNext.MatchString(rest)
	before := r.s[r.safe(max(0, n.Start-24)):n.Start]
	titled := titleEnds.MatchString(before)
	if hand {
		strong('V', 3)
		if n.Form {
			strong('V', 4)
		}
	}
	if titled && hand {
		strong('V', 5)
	}
	low := strings.TrimRight(lowerASCII(before), " \n:")
	if strings.HasSuffix(low, "behalf of") {
		strong('V', 6)
		if n.Form && n.Start > len(r.s)*2/3 {
			strong('V', 7)
		}
	}
	// "Acme Fund LP / By: Acme GP LLC, its general partner": the first is a party, the second signs for it.
	agent := strings.HasSuffix(low, "by") && strings.HasSuffix(strings.TrimRight(before, " \n"), ":")
	mark := 0
	for k, yes := range []bool{hand, agent, n.Form, len(r.parsed) < 2, r.undersignedOnly()} {
		if yes {
			mark |= 1 << k
		}
	}
	strong('Z', mark)
	return fs
}

// undersignedOnly tells whether the head of the paper names its parties as "the undersigned": then those are the parties who sign.
func (r *reading) undersignedOnly() bool {
	return len(r.parsed) < 2 && strings.Contains(r.lower[:min(len(r.lower), 3500)], "undersigned")
}

// shortName finds the first words in quotation marks after a name, with what stands before them, if they may be a short name:
// it is ^[^"\n]{0,110}?"((?:the )?[A-Z][^"\n]{1,40})" written out, for it is asked of every name.
func shortName(s string) []string {
	from := strings.IndexByte(s, '"') + 1
	if from == 0 || strings.IndexByte(s[:from], '\n') >= 0 || utf8.RuneCountInString(s[:from-1]) > 110 {
		return nil
	}
	first := from
	if strings.HasPrefix(s[first:], "the ") {
		first += len("the ")
	}
	if first == len(s) || s[first] < 'A' || s[first] > 'Z' {
		return nil
	}
	size := strings.IndexByte(s[first:], '"')
	if size < 0 || strings.IndexByte(s[first:first+size], '\n') >= 0 {
		return nil
	}
	if more := utf8.RuneCountInString(s[first+1 : first+size]); more < 1 || more > 40 {
		return nil
	}
	return []string{s[:first+size+1], s[from : first+size]}
}

// bracketedName finds such words in parentheses.
func bracketedName(s string) []string {
	if k := strings.IndexAny(s, "\"\n();"); k < 0 || s[k] != '(' {
		return nil
	}
	return bracketed.FindStringSubmatch(s)
}

var bracketed = expression.MustCompile(`^[^"\n();]{0,90}?\((?:the |hereinafter |herein |collectively |called |referred to as )*["?]?((?:the )?[A-Z][A-Za-z0-9&.' -]{1,34})["?]?\)`)

// calledFeatures tell how a name is called right after it: by a role, by its own initials or a word of its own, or by something else;
// in quotation marks or not.
func (r *reading) calledFeatures(fs []feature, n wording.Name, rest string) []feature {
	strong := func(t byte, k int) { fs = append(fs, start(t, k).word('n').strong()) }
	kind := 0
	if m := shortNameIn(rest); m != nil && !strings.Contains(m[0], ". ") {
		alias := strings.TrimPrefix(m[1], "the ")
		switch {
		case wording.RoleOf(alias) != "":
			kind = 1
		case ownCalling(n.Text, alias):
			kind = 2
		default:
			kind = 3
		}
	}
	zone := 0
	switch {
	case r.starts > 0 && n.Start >= r.partiesAt-5 && n.Start <= r.starts:
		zone = 1
	case n.Start < 4000:
		zone = 2
	}
	sort := 0
	switch {
	case n.Form:
	case personal(n):
		sort = 1
	default:
		sort = 2
	}
	before := strings.TrimRight(r.s[r.safe(max(0, n.Start-8)):n.Start], " ")
	lead := 0
	switch {
	case strings.HasSuffix(before, ")") || strings.HasSuffix(before, ",") || strings.HasSuffix(before, ";"):
		lead = 1
	case strings.HasSuffix(before, "and") || strings.HasSuffix(before, "AND"):
		lead = 2
	}
	strong('k', (kind*3+zone)*3+sort)
	// The recitals name the parties of other contracts too.
	recital, other := 0, 0
	if at := r.recitals(); at >= 0 && n.Start > at && (r.signs < 0 || n.Start < r.signs) {
		recital = 1
	}
	earlier := r.lower[max(0, n.Start-220):n.Start]
	if otherPaper.MatchString(earlier[strings.LastIndexAny(earlier, ".;")+1:]) {
		other = 1
	}
	strong('o', recital*2+other)
	strong('o', 10+(recital*2+other)*2+int(min(kind, 1)))
	strong('l', ((kind*3+zone)*3+sort)*3+lead)
	if wording.Describes(rest) {
		strong('m', (zone*3+sort)*3+lead)
	}
	return fs
}

var otherPaper = expression.MustCompile(`\b(?:that certain|pursuant to|(?:agreement|plan of merger),? dated)\b[^.;]*$`)

// recitals is where the recitals begin, -1 where there are none.
func (r *reading) recitals() int {
	if r.recitalsAt == 0 {
		head := r.lower[:min(len(r.lower), 15000)]
		r.recitalsAt = -1
		for _, w := range []string{"whereas", "witnesseth", "recitals", "background"} {
			if k := strings.Index(head, w); k > 0 && (r.recitalsAt < 0 || k < r.recitalsAt) {
				r.recitalsAt = k
			}
		}
	}
	return r.recitalsAt
}

var noStops = strings.NewReplacer(".", "", " ", "")

// ownCalling tells whether a short name is made of the name: its initials, or words of it.
func ownCalling(name, alias string) bool {
	words := strings.Fields(plainName(alias))
	if len(words) == 0 {
		return false
	}
	own := " " + plainName(name) + " "
	all := true
	for _, w := range words {
		all = all && strings.Contains(own, " "+w)
	}
	if all {
		return true
	}
	var initials strings.Builder
	for _, w := range strings.Fields(name) {
		if w[0] >= 'A' && w[0] <= 'Z' || w[0] == '&' {
			initials.WriteByte(w[0])
		}
	}
	short := strings.ToUpper(noStops.Replace(alias))
	return len(short) > 1 && strings.HasPrefix(initials.String(), short)
}

func lastWord(s string) string { return strings.Trim(s[strings.LastIndexByte(s, ' ')+1:], ".,") }

func firstWord(s string) string {
	if i := strings.IndexByte(s, ' '); i > 0 {
		return s[:i]
	}
	return s
}

// person tells whether a name is built like that of a person: no digits, each word begins with a capital and goes on small, or
// is an initial.
func person(s string) bool {
	for _, w := range strings.Fields(s) {
		w = strings.Trim(w, ",")
		if len(w) > 2 && (w[0] < 'A' || w[0] > 'Z' || strings.ToUpper(w) == w) {
			return false
		}
	}
	return true
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
	if w == nil {
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
