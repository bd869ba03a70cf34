package grammar

import (
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// dateChoices are the dates that may be the contract's own: those of its head, of its end, and those called effective.
func (r *reading) dateChoices() []choice {
	if r.facts.choices == nil {
		r.facts.choices = r.makeDateChoices()
	}
	return r.facts.choices
}

// startChoices are the same dates as those on which the contract may take effect.
func (r *reading) startChoices() []choice {
	out := slices.Clone(r.dateChoices())
	for i := range out {
		out[i].features = slices.Concat(out[i].features, out[i].begins)
	}
	return out
}

// calledEnd tells whether a date stands in a line that calls it an end: "Ends: 28 February 2028".
func (r *reading) calledEnd(at int) bool {
	line := strings.LastIndexByte(r.s[:at], '\n') + 1
	label := strings.TrimSpace(r.lower[line+strings.LastIndexAny(r.lower[line:at], "0123456789\t|")+1 : at]) // of several in a line the last
	return len(label) < 40 && strings.HasSuffix(label, ":") && endLabel.MatchString(label)
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
		if d.Blank && d.End-d.Start < 5 || r.calledEnd(d.Start) {
			continue
		}
		c := choice{at: []wording.Span{d.Span}, value: pact.OnDate(d.Date), ofOther: untilThen.MatchString(r.lower[max(0, d.Start-60):d.Start])}
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
		var begins []feature
		for k := range claims {
			if r.claims>>k&1 == 0 {
				continue
			}
			said := []feature{start('X', k).word(hash(made)).strong()}
			if i < 2 {
				said = append(said, start('X', 50+k).word(hash(made)).strong())
			}
			if d.Date != "" && d.Date == lastSigned {
				said = append(said, start('X', 70+k).word(hash(made)).strong())
			}
			if k < nearClaims {
				fs = append(fs, said...)
			} else {
				begins = append(begins, said...)
			}
		}
		fs = append(fs, start('X', 40+called).word(hash(made)).word(hash(int(marks>>1&7))).strong(), start('X', 42+called).word(hash(made)).word(hash(r.claims>>8&7)).strong())
		for k, bar := range []int{5, 9} {
			if r.hasTerm() >= bar {
				fs = append(fs, start('X', 30+k).word(hash(made)).strong())
			}
		}
		c.features, c.begins = fs, begins
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
	selfStarts = expression.MustCompile(`\b(?:this (?:\w+ ){0,4}(?:agreement|contract|amendment|addendum|lease|licen[cs]e|order|arrangement|statement of work)|(?:the|\w+'s) (?:initial |original |contract |joint |services? )?(?:agreement|contract|amendment|term|appointment|engagement|employment|lease|venture|framework|subscription|rental|hire|deed)|it)\b[^.;:]{0,60}\b(?:(?:is|be|are|made|becomes?) effective|takes? effect|effective(?: date)?|commenc(?:es?|ed|ing)|begin(?:s|ning)?|began|starts?|started|starting|(?:enters?|comes?) into (?:force|effect))(?: (?:as of|on|from|as from|at|of|this))*(?: the)? $|\b(?:effective|commencement|start) date"?(?: (?:of|for) (?:this|the) \w+)?(?: ?[:-]|(?: (?:will|shall|is|means?|be|as of|on))+(?: the)?)? $`)
	// "Signed and effective this"
	calledStart = expression.MustCompile(`^[^.;"]{0,30}\((?:the |herein(?:after)? |called |referred to as )*"(?:\w+ )?(?:effective|commencement|start) ?date"`)
	madeStarts  = expression.MustCompile(`\beffective(?: (?:this|the|on|as of))*(?: the)? $`)
)

// untilThen is a day on which something ends: "until the earlier of (i) December 31, 2027".
var untilThen = expression.MustCompile(`\b(?:until|through|ending on|expir\w+ on|end on)(?: and including)?(?: the)?(?: (?:earlier|earliest|later|latest)(?: to occur)? of:?)?(?: ?(?:\([a-z0-9]{1,3}\)|[a-z0-9]\)))? $`)

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
const claims = 15

// nearClaims are those of them that describe a day as one on which the contract may be made, too.
const nearClaims = 12

const (
	startsAtLastHand = 10 // the claim that it runs from the last signature
	startsAtOwnDate  = 8  // the claim that the contract runs from its own date
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
	r.claimsOfDay(claim)
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
