package grammar

import (
	"strings"
	"sync"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

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
		c := choice{at: []wording.Span{d.Span}, features: r.lengthFeatures(d, 'T', i), ofOther: r.outlasts(d)}
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

// showsNear tells whether one of the sentences around a place shows a sign: where none does, no word of the sign stands there.
func (r *reading) showsNear(at wording.Span, before, after int, any sign) bool {
	for n := max(0, r.sentenceAt(max(0, at.Start-before))); n < len(r.sentences) && r.sentences[n].Start < at.End+after; n++ {
		if r.shows(n, any) {
			return true
		}
	}
	return false
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
		mark(15, prefix == 'G' && goesOnAfter.MatchString(r.lower[near.Start:min(len(r.lower), at.End+len(" thereafter"))]))
		mark(9, holds(before, "license", "licence", "confiden", "warrant", "obligation"))
		other := r.endlessOther(n, at) || prefix == 'E' && r.endsOtherwise(n, at)
		out = append(out, choice{at: []wording.Span{near, at}, features: fs, value: pact.Value{Kind: pact.EvergreenValue}, ofOther: other})
	}
	return out
}

// rightToEnd tells words that give a right to terminate, and say nothing of the term.
func (r *reading) rightToEnd(at wording.Span) bool {
	words := r.lower[at.Start:at.End]
	return strings.HasPrefix(words, "may ") || strings.HasPrefix(words, "right to ") || strings.HasPrefix(words, "entitled to ")
}

// goesOnAfter is a contract that runs on without a new term once its first has ended.
var goesOnAfter = expression.MustCompile(`\b(?:thereafter|after that|afterwards?|following (?:such|the|that) (?:initial |primary )?(?:term|period))\b[^.;]{0,90}\b(?:until|unless|indefinit\w*|perpetu\w*)|\bindefinitely (?:thereafter|after that)\b|\bcontinues? thereafter (?:until|unless)\b`)

// started is a day the contract may run from.
type started struct {
	name string // of the term that gives it; "" for a date in the same sentence
	date calendar.Date
	at   wording.Span
	by   wording.Span // words that count from a day; none where it is the day itself
}

// expirationChoices are the dates that may be its last day: said, or computed from a start and a duration.
func (r *reading) expirationChoices(starts []started) []choice {
	r.scan()
	var first calendar.Date
	if len(starts) > 0 {
		first = starts[0].date
	}
	out := append(r.endDates(first), r.endsByLength(starts)...)
	for _, c := range r.endlessChoices('E') {
		c.derivation = &pact.Derivation{Rule: "term without end", Inputs: map[string]string{"term": "evergreen"}}
		out = append(out, c)
	}
	return out
}

// endDates are the dates of the text, each as the last day of a contract that begins on the first one; that is "" where no day is known.
func (r *reading) endDates(first calendar.Date) []choice {
	var out []choice
	for i, d := range r.facts.dates {
		if len(out) >= maxDates {
			break
		}
		if d.Blank {
			continue
		}
		c := choice{at: []wording.Span{d.Span}, value: pact.OnDate(d.Date), ofOther: d.Date != "" && d.Date <= first || r.ofOther(d)}
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
	return out
}

// endsByLength are the last days that follow from the lengths of the text, each counted from each day on which the contract may begin.
func (r *reading) endsByLength(starts []started) []choice {
	var out []choice
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
				if x.Date != "" && !lastDay.MatchString(r.s[r.safe(max(0, x.Start-60)):x.Start]) {
					from = append(from[:len(from):len(from)], started{date: x.Date, at: x.Span})
					break
				}
			}
		}
		event, outlasts := r.fromEvent(d), r.outlasts(d)
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
			c := choice{
				value: pact.OnDate(end.AddDays(-1)), at: []wording.Span{d.Span, s.at}, features: own, ofOther: outlasts,
				derivation: &pact.Derivation{Rule: rule + " + term - 1 day", Inputs: map[string]string{rule: string(s.date), "term": d.Duration.String()}},
			}
			if s.by.End > 0 {
				c.at = append(c.at, s.by)
			}
			if event && s.name != "" {
				if last, ok := r.notLater(d); ok {
					c.value, c.at, c.derivation = pact.OnDate(last.Date), []wording.Span{last.Span, d.Span}, nil
				} else {
					c.asks = countedFromEvent(c.value)
				}
			}
			out = append(out, c)
		}
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
		c := choice{at: []wording.Span{d.Span}, features: r.lengthFeatures(d, 'R', min(i, 1)), ofOther: r.notOfRenewal(d)}
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
		c := choice{at: []wording.Span{d.Span}, features: r.lengthFeatures(d, 'Q', 0), ofOther: r.notOfRenewal(d)}
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

// near0 tells whether a word stands anywhere; most stand where a word begins, and that is known.
func (r *reading) near0(word string) bool {
	if id, known := cueTableOf().ids[word]; known && len(r.cueAt[id]) > 0 {
		return true
	}
	return strings.Contains(r.lower, word)
}

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
		c := choice{at: []wording.Span{d.Span}, features: r.lengthFeatures(d, 'N', min(i, 1)), ofOther: r.notOfNotice(d)}
		if r.showsNear(d.Span, 700, 400, signRenew) && r.near(d.Span, 700, 400, renewsOnly) {
			c.features = append(c.features, start('w', 110).strong())
			if r.near(d.Span, 250, 250, renewsOnly) {
				c.features = append(c.features, start('w', 111).strong())
			}
		}
		c.lasting(d, "notice period")
		c.renews = r.renewsNear(d.Start)
		out = append(out, c)
	}
	return out
}

// renewsNear tells whether the contract renews by itself in the sentence of a place, or in one beside it.
func (r *reading) renewsNear(at int) bool {
	n := r.sentenceAt(at)
	for k := max(0, n-1); n >= 0 && k <= min(n+1, len(r.sentences)-1); k++ {
		if auto, _ := r.renewsIn(k); auto {
			return true
		}
	}
	return false
}
