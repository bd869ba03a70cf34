package grammar

import (
	"math/bits"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

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

var (
	titleEnds = expression.MustCompile(`(?i)\b(?:officer|president|director|secretary|treasurer|manager|signatory|esq\.?|counsel|chairman|by|title|name|date|of|for|party [ab1-4]|\d{4})[:, ]*$`)
	handNext  = expression.MustCompile(`(?i)^[ ,.\n\t]{0,4}(?:by|per|/s/|signature|signed|its|name|_{3,}|-{4,}) ?:?`)
)

// oneName leaves out the halves of names that have "and" in them: "Hart Heating and Cooling, Inc." is no Cooling, Inc. Two companies may stand
// so, too. It is one where it stands in a line of its own, such as that of a signature; where an item of a numbered list holds no other
// name; where the first half ends with what is done or sold and not with a name; and where what follows gives it a short name and goes on
// with the other party, while the first half has none. The partners in "Larkin, Moss & Adeyemi, LLP" are no names of their own either.
func (r *reading) oneName(choices []nameChoice) {
	for i := range choices {
		second := &choices[i].name
		for k := range choices {
			if firm := &choices[k].name; k != i && firm.Form && firm.Start <= second.Start && second.End <= firm.End && wording.FirmList(firm.Text) {
				choices[i].aside = true
			}
		}
		if !second.Form || !strings.HasSuffix(r.lower[:second.Start], " and ") {
			continue
		}
		for k := range choices {
			whole := &choices[k].name
			if whole.Start >= second.Start || whole.End != second.End && whole.Text != r.s[whole.Start:second.Start]+second.Text {
				continue
			}
			first := r.s[whole.Start : second.Start-len(" and ")]
			if strings.ContainsAny(first, ",;()\"\n") || formAhead.MatchString(first) || !r.standsAlone(whole.Text) && !tradeAhead.MatchString(first) && !(itemAhead.MatchString(r.s[max(0, whole.Start-12):whole.Start]) || otherNext.MatchString(r.s[second.End:r.safe(min(len(r.s), second.End+400))])) {
				continue
			}
			choices[i].aside = true
			for h := range choices {
				if choices[h].name.Start == whole.Start && choices[h].name.Text == first {
					choices[h].aside = true
				}
			}
			break
		}
	}
}

var (
	formAhead = expression.MustCompile(`(?i)\b(?:inc|llc|l\.l\.c|ltd|limited|corp|corporation|company|co|plc|gmbh|ag|s\.?a|n\.?v|b\.?v|lp|llp|pty)\.?$`)
	// what somebody does or sells; a name that ends so goes on
	tradeAhead = expression.MustCompile(`(?i)\S (?:heating|cooling|cleaning|printing|roofing|plumbing|engineering|manufacturing|trading|consulting|marketing|shipping|mining|packaging|publishing|broadcasting|film|growth|design|research|software|construction|equipment|transport|trucking|logistics|security|technology|food|health|science|oil|gas|power|light|electric|water|sales|supply|trust|savings|life|property|income|tool|steel|glass|paper|timber|lumber)$`)
	itemAhead  = expression.MustCompile(`(?:^|\n) ?(?:\(\d\)|\d[.)]|\([a-c]\)) $`)
	otherNext  = expression.MustCompile(`^[^"\n]{0,260}\((?:the |hereinafter |"|[\w ]{0,30}")[^)\n]{1,60}\)[,;]? and (?:the )?(?:\(\d\) )?[A-Z]`)
)

// standsAlone tells whether a name makes a line, in any case of its letters.
func (r *reading) standsAlone(name string) bool {
	low := strings.TrimRight(strings.ToLower(name), ".")
	for at := 0; ; {
		k := strings.Index(r.lower[at:], low)
		if k < 0 {
			return false
		}
		at += k
		end := at + len(low)
		before := strings.TrimSpace(r.lower[strings.LastIndexByte(r.lower[:at], '\n')+1 : at])
		if (before == "" || before == "for") && (end >= len(r.lower) || strings.HasPrefix(strings.TrimLeft(r.lower[end:], ". :"), "\n") || strings.TrimLeft(r.lower[end:], ". :\n") == "") {
			return true
		}
		at = end
	}
}
