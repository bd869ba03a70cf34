package grammar

import (
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// facts are the values that stand anywhere in the text, scanned once.
type facts struct {
	dates   []wording.Date
	lengths []wording.Duration
	scanned bool
	order   byte           // of day and month in dates of numbers; 0 where not known
	orderBy wording.Span   // what tells
	orderOf calendar.Date  // the date that tells; "" where the country does
	open    []wording.Span // words that may leave the end open
	term    *int           // how plainly the text gives the contract a duration
	choices []choice       // of dates
	called  *int           // 1 where one of them is called the effective date
	auto    map[int]renews // by sentence
	asTerm  map[int][]feature
	scores  map[int]int    // of durations as the contract's term, by place
	cues    map[int]uint64 // by sentence
}

// renews is what a sentence says of renewal by itself.
type renews struct{ auto, known bool }

func (r *reading) scan() {
	if r.facts.scanned {
		return
	}
	r.facts.scanned = true
	r.facts.dates = wording.Dates(r.s)
	r.orderOfDates()
	r.facts.dates = slices.DeleteFunc(r.facts.dates, func(d wording.Date) bool { return r.sourceLine(d.Start) })
	r.facts.lengths = append(wording.Durations(r.s), wording.Anniversaries(r.s)...)
	r.facts.open = wording.OpenEnded(r.s)
	sort.SliceStable(r.facts.lengths, func(i, j int) bool { return r.facts.lengths[i].Start < r.facts.lengths[j].Start })
}

// orderOfDates finds whether the contract writes the month or the day first: from a date of its own that can be read in one way
// only, or, where none tells, from where it is written. Where dates of both orders stand, nothing is known.
func (r *reading) orderOfDates() {
	open, dayFirst := false, false
	for i := range r.facts.dates {
		d := &r.facts.dates[i]
		order := d.Order(r.s)
		open = open || len(d.Readings) == 2
		dayFirst = dayFirst || digitByte(r.s[d.Start]) && strings.ContainsAny(r.s[d.Start:d.End], " ") && !strings.Contains(r.lower[d.Start:d.End], "day")
		switch {
		case order == 0:
		case r.facts.order == 0:
			r.facts.order, r.facts.orderBy, r.facts.orderOf = order, d.Span, d.Date
		case r.facts.order != order:
			r.facts.order = 0
			return
		}
	}
	if r.facts.order != 0 || !open || dayFirst {
		return
	}
	if at, ok := wording.AmericanAddress(r.s); ok {
		r.facts.order, r.facts.orderBy, r.facts.orderOf = 'm', at, ""
	}
}

func digitByte(c byte) bool { return c >= '0' && c <= '9' }

// settle picks the reading of a date that another date of the contract, or its country, decides, and quotes that one too.
func (r *reading) settle(c *choice) {
	if len(c.readings) != 2 {
		return
	}
	if i := r.writtenOut(c.readings); i >= 0 {
		by := r.facts.dates[i]
		c.value, c.readings = pact.OnDate(by.Date), nil
		c.at = append(c.at, by.Span)
		c.derivation = &pact.Derivation{Rule: "the day that the contract writes out", Inputs: map[string]string{"date": string(by.Date)}}
		return
	}
	if r.facts.order == 0 {
		return
	}
	c.value, c.other = c.readings[0], c.readings[1]
	if r.facts.order == 'd' {
		c.value, c.other = c.other, c.value
	}
	c.readings = nil
	c.at = append(c.at, r.facts.orderBy)
	if r.facts.orderOf == "" {
		c.derivation = &pact.Derivation{Rule: "month first, as in the United States", Inputs: map[string]string{"date": string(c.value.Date)}}
		return
	}
	c.other = pact.Value{}
	c.derivation = &pact.Derivation{Rule: "day and month as in another date", Inputs: map[string]string{"date": string(c.value.Date), "other": string(r.facts.orderOf)}}
}

// dayOf is the day that a date means, "" where that is open.
func (r *reading) dayOf(d wording.Date) calendar.Date {
	if len(d.Readings) != 2 {
		return d.Date
	}
	c := choice{readings: []pact.Value{pact.OnDate(d.Readings[0]), pact.OnDate(d.Readings[1])}}
	r.settle(&c)
	return c.value.Date
}

// writtenOut finds a date that can be read in one way only and is one of two readings, where none is the other; otherwise -1.
func (r *reading) writtenOut(readings []pact.Value) int {
	found := -1
	for i := range r.facts.dates {
		d := &r.facts.dates[i]
		switch {
		case d.Date == "" || d.Date != readings[0].Date && d.Date != readings[1].Date:
		case found < 0:
			found = i
		case r.facts.dates[found].Date != d.Date:
			return -1
		}
	}
	return found
}

// datesIn gives the dates within a stretch of the flow.
func (r *reading) datesIn(sp wording.Span) []wording.Date {
	r.scan()
	all := r.facts.dates
	i := sort.Search(len(all), func(i int) bool { return all[i].Start >= sp.Start })
	j := i
	for j < len(all) && all[j].End <= sp.End {
		j++
	}
	return all[i:j]
}

// lengthsIn gives the durations within a stretch of the flow.
func (r *reading) lengthsIn(sp wording.Span) []wording.Duration {
	r.scan()
	all := r.facts.lengths
	i := sort.Search(len(all), func(i int) bool { return all[i].Start >= sp.Start })
	j := i
	for j < len(all) && all[j].End <= sp.End {
		j++
	}
	return all[i:j]
}

const (
	maxDates   = 160
	maxLengths = 200
)

// dateChoices are the dates that may be the contract's own: those of its head, of its end, and those called effective.
func (r *reading) dateChoices() []choice {
	if r.facts.choices == nil {
		r.facts.choices = r.makeDateChoices()
	}
	return r.facts.choices
}

func (r *reading) makeDateChoices() []choice {
	r.scan()
	all := r.facts.dates
	times := map[calendar.Date]int{}
	signs := r.signs
	if signs < 0 {
		signs = r.signedWithout()
	}
	var lastSigned, lastHead calendar.Date
	for _, d := range all {
		times[d.Date]++
		if signs >= 0 && d.Start >= signs && d.Start < signs+4000 {
			lastSigned = max(lastSigned, r.dayOf(d))
		}
		if d.Start < 5000 && d.Date > lastHead {
			lastHead = d.Date
		}
	}
	called := r.datesCalled()
	var out []choice
	for i, d := range all {
		if len(out) >= maxDates {
			break
		}
		head, tail := d.Start < 15000, d.Start > len(r.s)-5000 || signs >= 0 && d.Start >= signs-300
		near := r.lower[max(0, d.Start-90):min(len(r.s), d.End+90)]
		if !head && !tail && !strings.Contains(near, "effective") && !strings.Contains(near, "commence") {
			continue
		}
		if d.Blank && d.End-d.Start < 5 {
			continue
		}
		c := choice{at: []wording.Span{d.Span}, value: pact.OnDate(d.Date)}
		fs := r.surroundings(make([]feature, 0, 96), d.Span, 'd')
		add := func(t byte, n int) { fs = append(fs, start(t, n).strong()) }
		switch {
		case d.Blank:
			c.value = pact.Value{}
			add('v', 1)
		case len(d.Readings) > 0:
			for _, x := range d.Readings {
				c.readings = append(c.readings, pact.OnDate(x))
			}
			r.settle(&c)
			add('v', 2)
			if c.value.Date != "" && c.value.Date == lastSigned {
				add('v', 3)
			}
		default:
			add('t', min(times[d.Date], 4))
			if d.Date == lastSigned {
				add('v', 3)
			}
			if d.Date == lastHead && head {
				add('v', 4)
			}
		}
		add('i', min(i, 5))
		add('j', min(len(all)-1-i, 3))
		bin := r.placeBin(d.Start)
		add('P', bin)
		if r.signs < 0 && signs >= 0 && d.Start >= signs {
			add('P', 30)
		}
		if r.starts > 0 {
			switch {
			case d.Start < r.partiesAt:
				add('r', 1)
			case d.Start < r.starts:
				add('r', 2)
			case d.Start < r.starts+500:
				add('r', 3)
			default:
				add('r', 4)
			}
		}
		line := strings.LastIndexByte(r.s[:d.Start], '\n') + 1
		alone := strings.TrimSpace(r.s[line:d.Start]) == "" && (d.End >= len(r.s) || r.s[d.End] == '\n')
		if alone {
			add('v', 5)
			if salutation.MatchString(r.s[d.End:min(len(r.s), d.End+500)]) {
				add('v', 6)
			}
		}
		fs = append(fs, start('K', min(i, 3)).word(hash(bin)).strong(), start('L', min(d.Start-line, 400)/40).feature())
		marks := r.dateMarks(d, line)
		for k := range 14 {
			if marks>>k&1 == 1 {
				add('M', k)
			}
		}
		made := int(marks & 1)
		fs = append(fs, start('W', int(marks&0xff)).strong(), start('W', 300+int(marks&7)).word(hash(bin)).strong())
		for k := range claims {
			if r.claims>>k&1 == 1 {
				fs = append(fs, start('X', k).word(hash(made)).strong())
				if i < 2 {
					fs = append(fs, start('X', 50+k).word(hash(made)).strong())
				}
				if d.Date != "" && d.Date == lastSigned {
					fs = append(fs, start('X', 70+k).word(hash(made)).strong())
				}
			}
		}
		fs = append(fs, start('X', 40+called).word(hash(made)).word(hash(int(marks>>1&7))).strong(), start('X', 42+called).word(hash(made)).word(hash(r.claims>>8&7)).strong())
		for k, bar := range []int{5, 9} {
			if r.hasTerm() >= bar {
				fs = append(fs, start('X', 30+k).word(hash(made)).strong())
			}
		}
		c.features = fs
		c.lastHand = c.value.Date != "" && c.value.Date == lastSigned && signs >= 0 && d.Start >= signs
		c.made = marks&1 == 1 && (d.Start < r.starts+500 || r.starts == 0 && d.Start < 3000)
		c.stated = marks&statedMarks != 0 || calledStart.MatchString(r.lower[d.End:min(len(r.lower), d.End+90)])
		out = append(out, c)
	}
	return out
}

// datesCalled is 1 where a date near the head is called the effective one, or stands after words of beginning; otherwise 0.
func (r *reading) datesCalled() int {
	r.scan()
	if r.facts.called == nil {
		called := 0
		for _, d := range r.facts.dates {
			if d.Start >= 15000 || called == 1 {
				break
			}
			if !d.Blank && r.dateMarks(d, strings.LastIndexByte(r.s[:d.Start], '\n')+1)&startMarks != 0 {
				called = 1
			}
		}
		r.facts.called = &called
	}
	return *r.facts.called
}

// startMarks are the marks of a day that is called the effective one, or stands after words of beginning.
const startMarks = 0x4e | 1<<11 | 1<<12

// statedMarks are those of a day that the contract states in so many words to be the one on which it begins.
const statedMarks = 1<<11 | 1<<12

var (
	// "The Appointment will begin on", "this letter agreement will be effective as of"
	selfStarts = expression.MustCompile(`\b(?:this (?:\w+ ){0,4}(?:agreement|contract|amendment|addendum|lease|licen[cs]e|order|arrangement|statement of work)|the (?:initial |original |contract |joint )?(?:agreement|contract|amendment|term|appointment|engagement|employment|lease|venture)|it)\b[^.;:]{0,60}\b(?:(?:is|be|are|made|becomes?) effective|takes? effect|effective(?: date)?|commenc(?:es?|ing)|begin(?:s|ning)?|starts?|starting|(?:enters?|comes?) into (?:force|effect))(?: (?:as of|on|from|as from|at|of|this))*(?: the)? $|\b(?:effective|commencement|start) date"?(?: (?:of|for) (?:this|the) \w+)?(?: ?[:-]|(?: (?:will|shall|is|means?|be|as of|on))+(?: the)?)? $`)
	// "Signed and effective this"
	calledStart = expression.MustCompile(`^[^.;"]{0,30}\((?:the |herein(?:after)? |called |referred to as )*"(?:\w+ )?(?:effective|commencement|start) ?date"`)
	madeStarts  = expression.MustCompile(`\beffective(?: (?:this|the|on|as of))*(?: the)? $`)
)

// dateMarks are the cues of lawyers beside a date, a bit each; the first is that of a contract made on the date.
func (r *reading) dateMarks(d wording.Date, line int) uint {
	before := r.lower[max(0, d.Start-90):d.Start]
	after := r.lower[d.End:min(len(r.lower), d.End+90)]
	inLine := before[max(0, len(before)-(d.Start-line)):]
	if strings.TrimSpace(inLine) == "" {
		inLine = lastLine(before)
	}
	near := before[max(0, len(before)-40):]
	starts, says, ends := false, false, false
	if holds(inLine, "effect", "commenc", "begin", "start", "into force") {
		says = madeStarts.MatchString(near)
		m := selfStarts.FindStringIndex(before)
		starts = m != nil && !holds(before[m[0]:m[1]], "certain", "pursuant", "dated", "amended")
	}
	if endWords.MatchString(before) {
		cue := expireCue.FindStringIndex(before)
		ends = cue != nil && cue[1] == len(before)
	}
	var marks uint
	for k, yes := range []bool{
		holds(before, "made", "entered", "executed", "dated", "concluded", "signed") || strings.HasSuffix(near, "this ") || strings.HasSuffix(near, "as of "),
		holds(inLine, "effective", "commenc", "start date", "begin", "takes effect", "take effect", "into force", "into effect"),
		holds(near, "takes effect", "take effect", "becomes effective", "become effective", "effective as of", "effective on", "commence on", "commences on", "into force on", "effective from"),
		holds(after[:min(len(after), 60)], "effective date", "commencement date"),
		holds(before, "that certain", "pursuant to", "original", "amends", "amended", "filed", "expire", "terminat", "until", "through", "ending", "prior to"),
		holds(before, "this agreement", "this amendment", "the agreement", "this contract"),
		holds(near, "effective date"),
		strings.HasPrefix(strings.TrimLeft(inLine, " "), "date"),
		holds(before, "witness whereof", "executed", "/s/", "by:", "title:"),
		holds(inLine, "as of"),
		holds(before, "amend"),
		says,
		starts,
		ends && !starts,
	} {
		if yes {
			marks |= 1 << k
		}
	}
	return marks
}

// holds tells whether any of the words stands in a text in small letters.
func holds(low string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}

// claims is how many things a contract may say anywhere of the day it takes effect: by a date of that name, by its own date,
// by the last signature.
const claims = 12

const (
	startsAtLastHand = 10   // the claim that it runs from the last signature
	startsAtOwnDate  = 8    // the claim that the contract runs from its own date
	barOwnDate       = 0.30 // the belief that a day needs then
	barUnsaid        = 0.55 // and where nothing of the kind is said
	barStated        = 0.15 // and the belief that a day needs that is stated in so many words
)

// usualClaims are those that speak for or against other fields too.
const usualClaims = 8

// findClaims looks for them.
func findClaims(r *reading) {
	claim := func(k int, yes bool) {
		if yes {
			r.claims |= 1 << k
		}
	}
	for _, h := range r.hits("effective", 200) {
		rest := r.lower[h:min(len(r.lower), h+44)]
		if strings.HasPrefix(rest, "effective date") {
			claim(0, h > 0 && r.lower[h-1] == '"')
			claim(1, strings.HasSuffix(r.lower[:h], "the "))
		}
		claim(4, holds(rest, "execution", "signing", "signature", "on the date", "upon", "closing", "approval"))
	}
	own := r.hitsOf("date hereof", "the date first", "day and year", "the date of this", "date of execution", "date of signing", "date of its execution")
	for _, h := range own {
		before := r.lower[max(0, h-90):h]
		claim(2, holds(before, "effective", "commenc", "begin", "in force", "in effect", "start", "term ", "years", "months", "year "))
	}
	claim(3, len(r.hitsOf("last signature", "latest signature", "last party", "later of the dates", "last date of", "date of the last", "last of the parties")) > 0)
	claim(5, len(r.hits("date hereof", 1)) > 0)
	claim(6, len(r.hitsOf("above written", "written above", "set forth above", "first above")) > 0)
	r.claimsOfStart(claim)
	claim(7, len(r.hitsOf("commencement date", "start date", "closing date", "distribution date", "separation date", "launch date")) > 0)
}

var (
	startsVerb  = expression.MustCompile(`\b(?:effective|commenc\w*|begin\w*|in(?:to)? (?:full )?(?:force|effect)|takes? effect|start\w*)\b[^.;]{0,60}$`)
	runsFrom    = expression.MustCompile(`\b(?:term|period|years?|months?)\b[^.;]{0,40}\bfrom (?:and after )?(?:the )?$`) // "a term of one year from the"
	startsSelf  = expression.MustCompile(`\b(?:agreement|term|contract|amendment|addendum|it|lease|license|services?)\b[^.;]{0,110}$`)
	ownDate     = expression.MustCompile(`^(?:date|day)(?: and (?:year|date))? (?:hereof|first (?:\w+ ){0,2}(?:above|written|set forth|herein)|of (?:this|the|its) (?:agreement|contract|amendment|execution|signing|signature)|of execution|(?:set forth|noted|indicated|stated|written|shown|given|appearing)(?: herein)?,? (?:above|below)|below|above written|written above|stated above|(?:it is |this agreement is )?(?:signed|executed))`)
	signedLast  = expression.MustCompile(`^(?:(?:the )?(?:last|latest|later|final)\b[^.;]{0,40}\b(?:sign\w*|execut\w*|dates?|party|parties)|(?:sign\w*|execut\w*) (?:of this agreement )?(?:by|of) (?:both|all|the last|each|the parties))`)
	startsEvent = expression.MustCompile(`^[^.;]{0,60}\b(?:closing|approval|launch|condition|completion|operational|initial public|merger|delivery|separation|distribution|spin|registration|first order|acceptance)\b`)
)

// claimsOfStart looks, where the contract speaks of taking effect, for its own date, the last signature or an event.
func (r *reading) claimsOfStart(claim func(int, bool)) {
	for _, h := range r.hitsOf("date hereof", "date of", "day and", "date first", "date and", "date set forth", "date above", "date below", "date noted", "date indicated", "date stated", "date written", "date shown", "date it is signed", "date this agreement is", "date signed") {
		if !ownDate.MatchString(r.lower[h:min(len(r.lower), h+90)]) {
			continue
		}
		if own := ownDate.FindStringIndex(r.lower[h:min(len(r.lower), h+90)]); calledStart.MatchString(r.lower[h+own[1] : min(len(r.lower), h+own[1]+80)]) {
			claim(8, true) // "as of the date noted below (the "Effective Date")"
			claim(9, true)
		}
		before := r.lower[max(0, h-70):h]
		m := startsVerb.FindStringIndex(before)
		if m == nil {
			m = runsFrom.FindStringIndex(before)
		}
		if m == nil {
			continue
		}
		claim(8, startsSelf.MatchString(r.lower[max(0, h-190):h-len(before)+m[0]]))
		claim(9, true)
	}
	for _, h := range r.hitsOf("last", "latest", "later of", "final sign", "signature", "signing", "signed", "execution", "executed") {
		if signedLast.MatchString(r.lower[h:min(len(r.lower), h+90)]) && startsVerb.MatchString(r.lower[max(0, h-70):h]) {
			claim(10, true)
		}
	}
	for _, h := range r.hits("effective", 200) {
		claim(11, startsEvent.MatchString(r.lower[h+9:min(len(r.lower), h+110)]) && strings.HasPrefix(r.lower[h:], "effective date\" ") || strings.HasPrefix(r.lower[h:], "effective upon") || strings.HasPrefix(r.lower[h:], "effective on the closing"))
	}
}

// lengthFeatures describes a duration as one that a contract, a renewal or a notice may have.
func (r *reading) lengthFeatures(d wording.Duration, prefix byte, i int) []feature {
	if prefix != 'T' {
		return r.makeLengthFeatures(d, prefix, i)
	}
	if fs, made := r.facts.asTerm[d.Start]; made {
		return fs
	}
	if r.facts.asTerm == nil {
		r.facts.asTerm = map[int][]feature{}
	}
	fs := r.makeLengthFeatures(d, prefix, i)
	r.facts.asTerm[d.Start] = fs
	return fs
}

func (r *reading) makeLengthFeatures(d wording.Duration, prefix byte, i int) []feature {
	fs := r.surroundings(make([]feature, 0, 110), d.Span, prefix)
	unit := firstUnit(d)
	fs = append(fs, start('u', 0).word(wordHash(string(unit))).word(hash(prefix)).feature(),
		start('u', 1).word(wordHash(string(unit))).word(hash(min(d.Duration.Value, 200))).word(hash(prefix)).feature(),
		start('i', min(i, 8)).word(hash(prefix)).feature())
	n := r.sentenceAt(d.Start)
	if n < 0 {
		return fs
	}
	sp := r.sentences[n]
	low := r.lower[max(sp.Start, d.Start-600):max(d.End, min(sp.End, d.End+500))]
	fs = r.cueFeatures(fs, n, low, hash(prefix))
	mark := func(k int, yes bool) {
		if yes {
			fs = append(fs, start('M', k).word(hash(prefix)).strong())
		}
	}
	if prefix == 'T' {
		mark(30+r.termScore(d), true)
		return fs
	}
	auto, known := r.renewsIn(n)
	before, after := r.s[r.safe(max(sp.Start, d.Start-160)):d.Start], r.s[d.End:r.safe(min(max(sp.End, d.End), d.End+100))]
	notice := noticeNear.MatchString(after)
	mark(5, renewAfter.MatchString(after))
	mark(0, auto)
	mark(1, known && !auto)
	mark(2, notice)
	mark(6, auto && notice)
	mark(7, known && !auto && notice)
	if prefix == 'N' {
		if n > 0 && !auto {
			prev, _ := r.renewsIn(n - 1)
			mark(8, prev)
			mark(9, prev && notice)
		}
		mark(3, nonRenewal.MatchString(before))
		mark(4, noticeCure.MatchString(before[max(0, len(before)-90):]))
		mark(10, holds(low, "breach", "default", "cure", "insolven", "bankrupt"))
		return fs
	}
	more := renewPeriod.MatchString(before)
	follows := renewAfter.MatchString(after)
	mark(11, more)
	mark(12, more && !notice)
	mark(13, more && follows)
	mark(14, auto && follows)
	mark(15, holds(low, "this agreement", "the agreement", "the term", "initial term", "this contract"))
	return fs
}

// sentenceCues are words anywhere in the sentence that tell what its durations are about.
var sentenceCues = []string{
	"renew", "extend", "automatic", "unless", "notice", "initial term", "term of this agreement", "this agreement shall", "effective date", "commence", "expire", "surviv",
	"confidential", "warrant", "terminat", "until", "either party", "successive", "option", "payment", "insur", "breach", "cure", "license", "thereafter", "prior to", "expiration", "end of",
	"mutual", "written", "not to renew", "intent", "in force", "in effect", "perpetu", "royalt", "product", "notify", "anniversary", "records", "this amendment", "initial",
}

var cueSet = sync.OnceValue(func() *expression.Words {
	groups := make([][]string, len(sentenceCues))
	for i, w := range sentenceCues {
		groups[i] = []string{w}
	}
	return expression.NewWords(groups...)
})

// cueFeatures adds which of them the sentence holds; of a very long one, the part near is looked at.
func (r *reading) cueFeatures(fs []feature, n int, near string, about hash) []feature {
	var mask uint64
	sp := r.sentences[n]
	if sp.End-sp.Start > 1200 {
		mask = cueSet().In(near)
	} else {
		known := false
		if mask, known = r.facts.cues[n]; !known {
			if r.facts.cues == nil {
				r.facts.cues = map[int]uint64{}
			}
			mask = cueSet().In(r.lower[sp.Start:sp.End])
			r.facts.cues[n] = mask
		}
	}
	for k := range sentenceCues {
		if mask>>k&1 == 1 {
			fs = append(fs, start('w', k).word(about).strong())
		}
	}
	return fs
}

// renewsIn reads once what a sentence says of renewal.
func (r *reading) renewsIn(n int) (auto, known bool) {
	if v, read := r.facts.auto[n]; read {
		return v.auto, v.known
	}
	if r.facts.auto == nil {
		r.facts.auto = map[int]renews{}
	}
	s := r.sentences[n]
	if r.shows(n, signRenew) {
		low, text := r.lower[s.Start:s.End], r.cut(s)
		if len(text) > 900 { // the part that speaks of it
			at := strings.Index(low, "renew")
			if at < 0 {
				at = max(0, strings.Index(low, "exten"))
			}
			text = r.s[r.safe(s.Start+max(0, at-300)):r.safe(min(s.End, s.Start+at+600))]
		}
		auto, known = wording.AutoRenewal(text)
	}
	r.facts.auto[n] = renews{auto, known}
	return auto, known
}

func termUnit(u calendar.Unit) bool {
	switch u {
	case calendar.Day, calendar.Week, calendar.UnitMonth, calendar.Year, calendar.Quarter:
		return true
	}
	return false
}

// termWords stand near a duration that may be the contract's.
var termWords = expression.AnyOf("term", "effect", "force", "period", "continu", "duration", "expire", "valid", "surviv", "commenc", "remain", "agreement", "begin")

// termChoices are how long the contract may run.
func (r *reading) termChoices() []choice {
	r.scan()
	var out []choice
	for i, d := range r.facts.lengths {
		if len(out) >= maxLengths {
			break
		}
		if !termUnit(firstUnit(d)) || !r.near(d.Span, 260, 120, termWords) {
			continue
		}
		c := choice{at: []wording.Span{d.Span}, features: r.lengthFeatures(d, 'T', i)}
		c.lasting(d, "term")
		out = append(out, c)
	}
	return append(out, r.endlessChoices('E')...)
}

func (c *choice) lasting(d wording.Duration, what string) {
	if len(d.Readings) > 0 {
		c.asks = wordsAgainstFigures(what, d)
		c.readings = c.asks.Readings
		return
	}
	v := d.Duration
	c.value = pact.Value{Kind: pact.DurationValue, Duration: &v}
}

// near tells whether one of the words stands around a place, not beyond a line of its own.
func (r *reading) near(at wording.Span, before, after int, words *expression.Expression) bool {
	return words.MatchString(r.lower[max(0, at.Start-before):min(len(r.s), at.End+after)])
}

// endlessChoices are the places that may say that the contract runs until somebody ends it.
func (r *reading) endlessChoices(prefix byte) []choice {
	r.scan()
	var out []choice
	for _, at := range r.facts.open {
		n := r.sentenceAt(at.Start)
		if n < 0 || len(out) >= 80 {
			continue
		}
		sp := r.sentences[n]
		near := wording.Span{Start: r.safe(max(sp.Start, at.Start-250)), End: r.safe(min(max(sp.End, at.End), at.End+200))}
		low := r.lower[near.Start:near.End]
		if !strings.Contains(low, "agreement") && !strings.Contains(low, "term") && !strings.Contains(low, "contract") && !strings.Contains(low, "amendment") {
			continue
		}
		fs := r.surroundings(make([]feature, 0, 110), at, prefix)
		fs = r.cueFeatures(fs, n, low, hash(prefix))
		var room [14]hash
		for i, w := range wordsAfter(r.s, at.Start, 14, room[:0]) {
			fs = append(fs, start('m', 0).word(w).feature())
			if i == 0 {
				fs = append(fs, start('m', 1).word(w).strong())
			}
		}
		mark := func(k int, yes bool) {
			if yes {
				fs = append(fs, start('M', k).word(hash(prefix)).strong())
			}
		}
		before := r.lower[max(near.Start, at.Start-200):at.Start]
		_, said := wording.Evergreen(r.s[near.Start:near.End])
		mark(10, said)
		mark(11, said && termSubject.MatchString(before) && !notContract.MatchString(before[max(0, len(before)-120):]))
		classic := holds(before, "continu", "remain", "in effect", "in force", "valid", "commence") && holds(r.lower[at.Start:at.End], "until", "indefinite", "perpetu", "unless")
		own := holds(before, "this agreement", "the agreement", "term", "this contract", "this amendment")
		mark(0, classic)
		mark(1, own)
		mark(2, classic && own)
		mark(3, len(r.lengthsIn(near)) > 0)
		mark(4, len(r.datesIn(near)) > 0)
		mark(5, classic && own && len(r.lengthsIn(near)) == 0)
		mark(6, r.hasTerm() >= 9)
		mark(7, r.hasTerm() >= 5)
		mark(8, classic && own && r.hasTerm() < 5)
		mark(15, prefix == 'G' && goesOnAfter.MatchString(r.lower[near.Start:min(len(r.lower), at.End)]))
		mark(9, holds(before, "license", "licence", "confiden", "warrant", "obligation"))
		out = append(out, choice{at: []wording.Span{near, at}, features: fs, value: pact.Value{Kind: pact.EvergreenValue}})
	}
	return out
}

// goesOnAfter is a contract that runs on without a new term once its first has ended.
var goesOnAfter = expression.MustCompile(`\b(?:thereafter|after that|afterwards?|following (?:such|the|that) (?:initial |primary )?(?:term|period))\b[^.;]{0,90}\b(?:until|unless|indefinit\w*|perpetu\w*)|\bindefinitely (?:thereafter|after that)\b|\bcontinues? thereafter (?:until|unless)\b`)

// started is a day the contract may run from.
type started struct {
	name string // of the term that gives it; "" for a date in the same sentence
	date calendar.Date
	at   wording.Span
}

// expirationChoices are the dates that may be its last day: said, or computed from a start and a duration.
func (r *reading) expirationChoices(starts []started) []choice {
	r.scan()
	var out []choice
	var first calendar.Date
	if len(starts) > 0 {
		first = starts[0].date
	}
	for i, d := range r.facts.dates {
		if len(out) >= maxDates {
			break
		}
		if d.Blank {
			continue
		}
		c := choice{at: []wording.Span{d.Span}, value: pact.OnDate(d.Date)}
		fs := r.surroundings(make([]feature, 0, 110), d.Span, 'x')
		add := func(t byte, n int) { fs = append(fs, start(t, n).word('x').strong()) }
		if len(d.Readings) > 0 {
			for _, x := range d.Readings {
				c.readings = append(c.readings, pact.OnDate(x))
			}
			r.settle(&c)
		}
		switch {
		case first == "" || d.Date == "":
			add('v', 1)
		case d.Date == first:
			add('v', 2)
		case d.Date < first:
			add('v', 3)
		default:
			add('v', 4)
			years := first.DaysUntil(d.Date)
			add('y', scale(years))
			if back := years % 365; back <= 5 || back >= 360 {
				add('v', 5)
			}
		}
		add('i', min(i, 6))
		if n := r.sentenceAt(d.Start); n >= 0 {
			sp := r.sentences[n]
			low := r.lower[max(sp.Start, d.Start-500):min(sp.End, d.End+200)]
			fs = r.cueFeatures(fs, n, low, 'x')
		}
		own := r.near(d.Span, 200, 60, ownTerm)
		ends := false
		if r.near(wording.Span{Start: d.Start, End: d.Start}, 90, 0, endWords) {
			before := r.s[r.safe(max(0, d.Start-110)):d.Start]
			if cue := expireCue.FindStringIndex(before); cue != nil && cue[1] == len(before) {
				ends = true
				if strings.Contains(strings.ToLower(before[cue[0]:]), "expir") {
					add('M', 5)
				}
			}
			if expireBad.MatchString(before) {
				add('M', 6)
			}
		}
		if ends {
			add('M', 0)
		}
		if own {
			add('M', 1)
		}
		if ends && own {
			add('M', 2)
		}
		c.features = fs
		out = append(out, c)
	}
	lengths := 0
	for i, d := range r.facts.lengths {
		if len(d.Readings) > 0 || !termUnit(d.Duration.Unit) || d.Duration.Value == 0 || !r.near(d.Span, 260, 120, termWords) {
			continue
		}
		if lengths++; lengths > maxLengths {
			break
		}
		fs := r.lengthFeatures(d, 'T', i)
		from := starts
		if n := r.sentenceAt(d.Start); n >= 0 {
			for _, x := range r.datesIn(wording.Span{Start: max(r.sentences[n].Start, d.Start-300), End: min(r.sentences[n].End, d.End+200)}) {
				if x.Date != "" {
					from = append(from[:len(from):len(from)], started{"", x.Date, x.Span})
					break
				}
			}
		}
		for k, s := range from {
			end, ok := d.Duration.After(s.date)
			if !ok || end == "" {
				continue
			}
			own := append(append(make([]feature, 0, len(fs)+3), fs...), start('F', min(k, 3)).word(wordHash(s.name)).strong())
			if s.name == "" {
				own = append(own, start('F', 10+len(starts)).strong())
			}
			rule := s.name
			if rule == "" {
				rule = "start"
			}
			out = append(out, choice{
				value: pact.OnDate(end.AddDays(-1)), at: []wording.Span{d.Span, s.at}, features: own,
				derivation: &pact.Derivation{Rule: rule + " + term - 1 day", Inputs: map[string]string{rule: string(s.date), "term": d.Duration.String()}},
			})
		}
	}
	for _, c := range r.endlessChoices('E') {
		c.derivation = &pact.Derivation{Rule: "term without end", Inputs: map[string]string{"term": "evergreen"}}
		out = append(out, c)
	}
	return out
}

// Words that stand near what is looked for; the narrower lists are for places where "continue" or "additional" say too little.
var (
	renewWords = expression.AnyOf("renew", "extend", "extension", "year to year", "year-to-year", "month to month", "month-to-month", "prolong", "additional", "successive", "continue")
	moreTerm   = expression.AnyOf("renew", "extend", "extension", "year to year", "year-to-year", "month to month", "month-to-month", "prolong", "additional", "successive")
	renewsOnly = expression.AnyOf("renew", "extend", "extension", "year to year", "year-to-year", "month to month", "month-to-month", "prolong")
	ownTerm    = expression.AnyOf("this agreement", "the term", "this contract", "initial term", "expiration date", "termination date", "end date", "this amendment", "contract period", "the agreement")
	endWords   = expression.AnyOf("expir", "terminat", "until", "through", "end", "conclud", " to ", "thru", "laps")
	goesOn     = expression.AnyOf("renew", "extend", "thereafter", "continu")
)

// renewalChoices are how long a renewal may last.
func (r *reading) renewalChoices() []choice {
	r.scan()
	var out []choice
	for i, d := range r.facts.lengths {
		if len(out) >= maxLengths {
			break
		}
		if !termUnit(firstUnit(d)) || !r.near(d.Span, 300, 160, renewWords) {
			continue
		}
		if r.inAll(d) {
			continue
		}
		c := choice{at: []wording.Span{d.Span}, features: r.lengthFeatures(d, 'R', min(i, 1))}
		c.lasting(d, "renewal term")
		out = append(out, c)
	}
	last := -1
	for _, h := range r.hitsOf("year to year", "year-to-year", "month to month", "month-to-month", "annual", "yearly", "monthly basis", "each year", "another year", "additional year", "every year", "another month", "additional month", "more month", "successive months") {
		if h < last {
			continue
		}
		from, to := r.safe(max(0, h-12)), r.safe(min(len(r.s), h+40))
		d, ok := wording.Periodic(r.s[from:to])
		if !ok || !r.near(wording.Span{Start: h, End: h}, 260, 160, moreTerm) {
			continue
		}
		d.Start, d.End = d.Start+from, d.End+from
		last = d.End
		c := choice{at: []wording.Span{d.Span}, features: r.lengthFeatures(d, 'Q', 0)}
		c.lasting(d, "renewal term")
		out = append(out, c)
	}
	if r.near0("renew") || r.near0("extend") || r.near0("thereafter") {
		for _, c := range r.endlessChoices('G') {
			if r.near(c.at[1], 260, 60, goesOn) {
				out = append(out, c)
			}
		}
	}
	return out
}

var (
	upTo     = expression.MustCompile(`\b(?:up to|maximum of|total of|not (?:to )?exceed(?:ing)?|no more than)(?: an?)?(?: (?:another|additional|further|maximum|total|aggregate|of))*[ (]*$`)
	byPeriod = expression.MustCompile(`\b(?:annual|yearly|monthly|quarterly) basis\b|\b(?:year|month) to (?:year|month)\b|\b(?:year|month)-to-(?:year|month)\b`)
)

// inAll tells whether a duration is the sum of renewals and another of the sentence is what one lasts: "renewable on an annual basis
// for up to another ten years".
func (r *reading) inAll(d wording.Duration) bool {
	if !upTo.MatchString(r.lower[max(0, d.Start-40):d.Start]) {
		return false
	}
	n := r.sentenceAt(d.Start)
	if n < 0 {
		return false
	}
	from := max(r.sentences[n].Start, d.Start-160)
	if byPeriod.MatchString(r.lower[from:d.Start]) {
		return true
	}
	for _, x := range r.lengthsIn(wording.Span{Start: from, End: d.Start}) {
		if renewAfter.MatchString(r.s[x.End:min(len(r.s), x.End+40)]) && renewPeriod.MatchString(r.s[r.safe(max(from, x.Start-90)):x.Start]) {
			return true
		}
	}
	return false
}

func (r *reading) near0(word string) bool { return strings.Contains(r.lower, word) }

var noticeWords = expression.AnyOf("notice", "notif", "inform", "advis", "elect", "writ", "terminat", "cancel", "intent", "desire", "non-renew", "nonrenew")

// noticeChoices are the notices that may stop a renewal.
func (r *reading) noticeChoices() []choice {
	r.scan()
	var out []choice
	for i, d := range r.facts.lengths {
		if len(out) >= maxLengths {
			break
		}
		unit := firstUnit(d)
		if !termUnit(unit) && unit != calendar.BusinessDay || !r.near(d.Span, 200, 160, noticeWords) {
			continue
		}
		c := choice{at: []wording.Span{d.Span}, features: r.lengthFeatures(d, 'N', min(i, 1))}
		if r.near(d.Span, 700, 400, renewsOnly) {
			c.features = append(c.features, start('w', 110).strong())
		}
		if r.near(d.Span, 250, 250, renewsOnly) {
			c.features = append(c.features, start('w', 111).strong())
		}
		c.lasting(d, "notice period")
		out = append(out, c)
	}
	return out
}
