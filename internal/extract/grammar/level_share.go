package grammar

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Levels that are shares: so many of a hundred calls, tickets, deliveries, pieces.

// shareKind is a measure by the words that name it.
type shareKind struct {
	kind   string
	title  string
	words  *expression.Expression
	atMost bool
}

var shareKinds = []shareKind{
	{"first_call_resolution", "First-contact resolution", expression.MustCompile(`(?i)\bfirst[- ](?:call|contact|time|line|level|visit|point of contact)[- ](?:resol\w+|fix\w*|solution)|\b(?:solved?|resolved?|fix(?:ed)?|closed?|answer(?:ed)?|settled?)\b[^.;]{0,60}\b(?:in|at|on|during|with) (?:the |their )?(?:very )?first (?:reply|call|contact|visit|response|conversation)\b|\bFCR\b`), false},
	{"error_rate", "Error rate", expression.MustCompile(`(?i)\b(?:error|defect|failure|rejection|abandon(?:ed|ment)?|drop(?:ped)?|damage|fault|lost call|call drop|mis-?pick|complaint)s? (?:calls? )?(?:rate|ratio|percentage|quota)\b|\b(?:quality )?errors\b|\b(?:calls|contacts) (?:abandoned|lost)\b|\babandon(?:ed|ment)\b|\bpacket loss\b|\bwrongly (?:picked|processed|delivered|sorted)\b|\bmay be (?:wrong|dropped|lost|late|rejected|defective|incorrect|damaged|missed)\b|\b(?:dropped|lost) calls?\b|\bcalls? dropped\b`), true},
	{"satisfaction", "Satisfaction", expression.MustCompile(`(?i)\b(?:customer|user|client) satisfaction\b|\bCSAT\b|\bsatisfied\b`), false},
	{"within_target", "Done in time", expression.MustCompile(`(?i)\b(?:answered|responded to|resolved|restored|closed|delivered|mailed|posted|completed|processed|despatched|dispatched|shipped|picked up|handled|acknowledged|fulfilled|repaired|attended|collected|arrive[sd]?|reached|issued|transcribed|translated|transmitted|executed|made|entered|carried out|performed|provided|returned|cleared|settled|paid)\b[^.;%]{0,80}\b(?:within|in (?:that|due|the agreed|good) time|on time|in time|by|inside|before|on the (?:agreed|same|promised|due)|without (?:error|defect))\b|(?:%|per ?cent)\)? of (?:all |the |any |its )?[\w' -]{3,60}? (?:within|in time|on time)\b|(?:%|per ?cent)\)? of (?:all |the |any |its )?[\w' -]{3,50}? (?:are|is|shall be|must be|will be|to be) [\w -]{3,40}|\bsucce(?:ss|eds?)\w*|\b(?:on[- ]time|in[- ]time|punctual\w*|OTIF|delivery performance|service level|timeliness|accuracy|completeness|correctly|compliance|delivered in full)\b`), false},
}

var (
	shareMust  = expression.MustCompile(`(?i)(?:\b(?:at least|not less than|no less than|not fewer than|no fewer than|minimum(?: of)?|target(?: of| is|:)?|shall (?:be|reach|achieve)|must (?:be|reach|achieve)|will (?:be|reach|achieve)|achieves?|reaches|to reach|(?:less|fewer) than|below|under|of|is|are|that|rate|amounts? to|exceeds?|at|resolve|restore|close|answer|respond to|acknowledge|fix|repair|complete|handle)|>=|>|\x{2265}|:|\t|^|\()(?: an? )? ?$`)
	shareMost  = expression.MustCompile(`(?i)(?:\b(?:at most|not (?:to )?(?:exceed|be more than)|no more than|not more than|maximum(?: of)?|below|less than|under|up to|stays? under|must not exceed|shall not exceed|limit(?: of| is|:)?)|<=|<|\x{2264}|:|\t|^)(?: an? )? ?$`)
	shareNot   = expression.MustCompile(`(?i)^ ?(?:of|off|from|on)? ?(?:the |that |its |his |their |our |your |each |any )?(?:\w+['s]* ){0,2}(?:fees?|charges?|price|invoice|prices|rent|remuneration|credit|discount|rebate|value|amount|payment|royalt\w+|interest|per (?:annum|month|year))\b`)
	shareOther = expression.MustCompile(`(?i)\b(?:discount|rebate|interest|increase|uplift|margin|royalt\w+|commission|ownership|shares?|vat|tax|deposit|retention|liquidated|tolerance|skonto)\b`)
	shareOf    = expression.MustCompile(`(?i)^ ?(?:\)|or (?:more|better|less|fewer|above)|and (?:above|more))? ?(?:of|$|[.,;:)]|in (?:any|each|a|the)|each|every|per|over|for|within|on|are|is|or|and|during|\t|measured)`)
	acceptTest = expression.MustCompile(`(?i)\b(?:is|are|be|deemed) (?:accepted|passed)\b|\bbefore acceptance\b|\btest cases\b`)
)

// findShares reads them from tables of indicators, then from sentences.
func findShares(r *reading) {
	seen := map[string]bool{}
	for i := range r.grids {
		r.sharesInGrid(&r.grids[i], seen)
	}
	for _, n := range r.sentencesWith(200, "at least", "not less than", "no less than", "less than", "minimum", "target", "first c", "first reply", "on time", "on-time", "in time", "abandon", "error", "accuracy", "satisfaction", "within", "fewer than", "punctual", "exceed", "at most", "no more than", "not more than", "first-call", "first-contact", "first-time", "% of ", "per cent of", "stays", "higher than", "below") {
		sp := r.sentences[n]
		if sp.End-sp.Start < 900 && !r.inTable(sp.Start) && r.shareOfCases(sp, seen) {
			continue
		}
		if sp.End-sp.Start > 1500 || r.inTable(sp.Start) || !holds(r.lower[sp.Start:sp.End], "%", "per cent", "percent") {
			continue
		}
		if acceptTest.MatchString(r.cut(sp)) || forBonus(r.cut(sp)) {
			continue
		}
		from := sp.Start
		for _, part := range splitShares(r.cut(sp)) {
			r.shareIn(wording.Span{Start: from, End: from + len(part)}, seen)
			from += len(part)
		}
	}
}

var (
	inCases   = expression.MustCompile(`(?i)\b((?:resolve|restore|repair|fix|clear|close|answer|respond|react|acknowledge)[sd]?(?:ed)?\b[^.;%]{0,90}\bwithin\b[^.;%]{0,70}?),? (?:in|for) (?:at least |not less than |no less than |a minimum of )?(?:(\d{1,3}(?:\.\d{1,3})?) ?(?:%|per ?cent)(?: \(\d[^)]*\))?|` + outOfHundred + `)(?: of (?:all |the |such |those )?)? ?(?:cases|incidents|tickets|calls|requests|instances|faults|occasions)\b`)
	casesOf   = expression.MustCompile(`(?i)\b` + outOfHundred + ` (?:of )?(?:all |the )?((?:[\w-]+ ){0,4}?(?:cases|incidents|tickets|calls|requests|faults)\b[^.;%]{0,60}\b(?:resolved|restored|repaired|fixed|cleared|closed|answered|responded to|acknowledged)\b[^.;%]{0,30}\bwithin\b[^.;%]{0,40})`)
	shareDone = expression.MustCompile(`(?i)\b(?:credit|fee|charge|price|penalt)`)
)

const outOfHundred = `(\d{1,3}) (?:out of|of|in) (?:every |each )?(?:100|(?:one |a )?hundred)\b`

// shareOfCases reads a time that is promised for a share of the cases: "resolve Priority 1 incidents within 4 hours in 95% of cases",
// "90 out of 100 tickets shall be answered within one hour".
func (r *reading) shareOfCases(sp wording.Span, seen map[string]bool) bool {
	s := r.cut(sp)
	if levelSoft.MatchString(s) || acceptTest.MatchString(s) || supposed.MatchString(s) || forBonus(s) || shareDone.MatchString(s) {
		return false
	}
	share, measure := "", ""
	if m := inCases.FindStringSubmatch(s); m != nil {
		share, measure = m[2]+m[3], m[1]
	} else if m := casesOf.FindStringSubmatch(s); m != nil {
		share, measure = m[1], m[2]
	}
	if share == "" {
		return false
	}
	k := shareKinds[len(shareKinds)-1] // within_target
	if !fitsShare(k, sure(share)) {
		return false
	}
	name := ""
	if l := wording.LevelLabels(s); len(l) == 1 {
		name = l[0].Name
	}
	r.addShare(k, name, sure(share), measure, s, sp, "0.72", seen)
	return true
}

// splitShares cuts a sentence where another share may begin.
func splitShares(s string) []string {
	var out []string
	for _, part := range strings.SplitAfter(s, "; ") {
		out = append(out, strings.SplitAfter(part, ", and ")...)
	}
	return out
}

// shareIn reads one sentence: the first percentage that is a share of what is measured.
func (r *reading) shareIn(sp wording.Span, seen map[string]bool) {
	s := r.cut(sp)
	if levelSoft.MatchString(s) || acceptTest.MatchString(s) {
		return
	}
	if uptimeWord.MatchString(s) {
		if k, ok := shareKindOf(s); !ok || k.kind != "first_call_resolution" {
			return
		}
	}
	for _, p := range wording.Percents(s) {
		k, ok := shareKindFor(s, p.Value)
		if !ok {
			k, ok = shareOfWork(s, p)
		}
		if !ok {
			continue
		}
		before, after := s[max(0, p.Start-40):p.Start], s[p.End:min(len(s), p.End+60)]
		if k.kind == "within_target" && !workDone.MatchString(s[p.End:]) && (levelPays.MatchString(s) || !doneInTime.MatchString(s) || shareOther.MatchString(after[:min(len(after), 30)])) {
			continue
		}
		if len(p.Readings) > 0 || !fitsShare(k, p.Value) || shareNot.MatchString(after) || !shareOf.MatchString(after) || shareOther.MatchString(s[max(0, p.Start-60):p.Start]) {
			continue
		}
		if k.atMost && !shareMost.MatchString(before) && !mostBefore.MatchString(s[max(0, p.Start-60):p.Start]) || !k.atMost && !shareMust.MatchString(before) {
			continue
		}
		name := ""
		if l := wording.LevelLabels(s); len(l) == 1 && (l[0].Strong || thingOf.MatchString(s[l[0].Start:l[0].End])) {
			name = l[0].Name
		}
		measure := withVerb(strings.TrimSpace(shareMeasure(s, k)), s[:p.Start], s[p.Start:p.End])
		r.addShare(k, name, p.Value, measure, s, sp, "0.72", seen)
		return
	}
}

// shareKindFor is the first kind that words name and a value fits.
func shareKindFor(s string, v decimal.Decimal) (shareKind, bool) {
	for _, k := range shareKinds {
		if k.words.MatchString(s) && fitsShare(k, v) {
			return k, true
		}
	}
	return shareKind{}, false
}

var (
	workDone   = expression.MustCompile(`(?i)^\)? ?of (?:all |the |any |its |such )?(?:[\w'-]+ ){0,3}?(?:calls|orders?|order lines|lines|tickets|incidents|deliver\w+|consignments|parcels|pieces|items|documents|requests|enquiries|queries|tasks|jobs|visits|shipments|transactions|e-?mails|contacts|cases|faults|payslips|payments|backups|tests|trips|departures|trains|buses|appointments|complaints|collections|journeys|files|records)\b`)
	rateNoun   = expression.MustCompile(`(?i)\b(?:rate|share|ratio|proportion|percentage|errors)\b[^.;%]{0,70}$`)
	supposed   = expression.MustCompile(`(?i)^[\d.() ]*(?:if|where|when|should|in case|for (?:each|every))\b`)
	doneInTime = expression.MustCompile(`(?i)\b(?:within|in time|on time|on-time|inside|punctual\w*|OTIF|accura\w+|timeliness|completeness|without (?:error|defect)|correctly|delivered in full|by \d|succe\w+|service level|compliance|same day)\b`)
	mostBefore = expression.MustCompile(`(?i)\b(?:(?:not|never|no)(?: be)? (?:exceed|more than|higher than|greater than)|below|under|at most|maximum|limited to)\b[^.;%]{0,40}$`)
)

// shareOfWork takes a share of what a supplier handles: so much of what goes wrong at most, so much of the rest at least.
func shareOfWork(s string, p wording.Percent) (shareKind, bool) {
	most := mostBefore.MatchString(s[:p.Start])
	for _, k := range shareKinds {
		switch {
		case k.kind == "error_rate" && most && goesWrong.MatchString(s) && fitsShare(k, p.Value) && !supposed.MatchString(s) && (workDone.MatchString(s[p.End:]) || rateNoun.MatchString(s[:p.Start])):
			return k, true
		case k.kind == "within_target" && !most && workDone.MatchString(s[p.End:]) && fitsShare(k, p.Value):
			return k, true
		}
	}
	return shareKind{}, false
}

func shareKindOf(s string) (shareKind, bool) {
	for _, k := range shareKinds {
		if k.words.MatchString(s) {
			return k, true
		}
	}
	return shareKind{}, false
}

// fitsShare keeps shares of what goes wrong small and shares of what goes right large.
func fitsShare(k shareKind, v decimal.Decimal) bool {
	if k.atMost {
		return v.LessThanOrEqual(decimal.NewFromInt(25))
	}
	return v.GreaterThanOrEqual(decimal.NewFromInt(50)) && v.LessThanOrEqual(decimal.NewFromInt(100))
}

func shareMeasure(s string, k shareKind) string {
	m := k.words.FindString(s)
	if len(m) > 100 {
		return m[:strings.LastIndexByte(m[:100], ' ')]
	}
	return m
}

// addShare adds a share once, and tells whether it was new.
func (r *reading) addShare(k shareKind, name string, target decimal.Decimal, measure, s string, at wording.Span, confidence string, seen map[string]bool) bool {
	about := name
	if about == "" {
		about = slug(strings.Join(firstWords(measure, 4), " "))
	}
	key := k.kind + "/" + about
	if seen[key] {
		return false
	}
	seen[key] = true
	p := obligation.ShareParams{Priority: name, Target: target, Measure: measure}
	p.Period = sharePeriodOf(s, target.String())
	if n := r.sentenceAt(at.Start); n >= 0 && !k.atMost && !r.inTable(at.Start) {
		start, end := r.sentences[n].Start, max(at.End, r.sentences[n].End)
		for m := n + 1; m <= n+2 && m < len(r.sentences); m++ { // what is credited where it is missed, said right after
			if low := r.lower[r.sentences[m].Start:r.sentences[m].End]; holds(low, "credit", "deduct", "reduc", "malus", "penalt") && r.sentences[m].End-start < 1200 {
				end = r.sentences[m].End
			}
		}
		if t, ok := tiersIn(r.s[start:end]); ok && !t.Unpicked && len(t.Tiers) > 1 {
			p.Tiers, at = t.Tiers, wording.Span{Start: start, End: end}
		}
	}
	bound := " of at least "
	if k.atMost {
		bound = " of at most "
	}
	o := pact.Obligation{Kind: k.kind, Key: key, Title: k.title + bound + target.String() + " %", Bearer: r.roleName("supplier"), Beneficiary: r.roleName("customer"), Frequency: rhythmOf(p.Period)}
	r.obligation(o, p, confidence, at)
	return true
}

// sharePeriodOf is over which time a share is counted, as words name it; "" where they do not.
func sharePeriodOf(s, target string) string {
	var m measuring
	m.of(s, max(0, strings.Index(s, target)))
	switch {
	case m.period == "rolling_year" || m.period == "term":
		return m.period
	case m.word != "":
		return m.word
	}
	return strings.ReplaceAll(m.period, "_", "-")
}

func rhythmOf(period string) string {
	switch period {
	case "month":
		return "monthly"
	case "quarter":
		return "quarterly"
	case "year", "annual":
		return "yearly"
	case "week":
		return "weekly"
	}
	return ""
}

var (
	percentCell = expression.MustCompile(`(?i)^(?:\x{2265}|>=?|at least|min(?:imum|\.)?|not less than|at most|max(?:imum|\.)?|\x{2264}|<=?|no more than|not more than|target:?)? ?\d{1,3}(?:[.,]\d{1,3})? ?(?:%|per cent|percent)(?: or (?:more|better|less)| minimum| maximum)?(?: (?:in|within) [\w ]{3,30})?$`)
	creditHead  = expression.MustCompile(`(?i)\b(?:credit|fee|charge|price|discount|rebate|weight|deduction|penalt|share of|remuneration|allowance|malus)`)
	indicatorID = expression.MustCompile(`^(?:(?:KPI|SL|SLA|PI|K|S|Q)[- .]?\d{1,2}(?:\.\d{1,2})?|\d{1,2}(?:\.\d{1,2})?\.?|[A-Z]{1,3}\d{1,2})$`)
)

// clockShare tells whether a share stands beside the one time of its row, and of which level: "Priority | Resolution time | Target".
func (r *reading) clockShare(g *grid, f figure, beside string, v decimal.Decimal) (string, bool) {
	labels := wording.LevelLabels(beside)
	if len(labels) != 1 || len(f.heads) == 0 || !shareHead.MatchString(f.heads[0]) || !fitsShare(shareKinds[len(shareKinds)-1], v) || uptimeWord.MatchString(beside) {
		return "", false
	}
	return labels[0].Name, len(clockHead.FindAllStringIndex(rowText(g.rows[0]), -1)) == 1
}

// sharesInGrid reads the shares of a table: those whose labels name a measure, and whatever stands under a target in a table of
// indicators.
func (r *reading) sharesInGrid(g *grid, seen map[string]bool) {
	if len(g.rows) < 2 || !holds(r.lower[g.Start:g.End], "%", "per cent", "percent") {
		return
	}
	list := slices.DeleteFunc(r.figuresIn(g), func(f figure) bool {
		return !percentCell.MatchString(f.text) || len(f.heads) > 0 && creditHead.MatchString(f.heads[0])
	})
	inRow := map[int]int{}
	for _, f := range list {
		inRow[f.row]++
	}
	for _, f := range list {
		p := wording.Percents(f.text)
		if inRow[f.row] > 1 || len(p) != 1 || len(p[0].Readings) > 0 || len(f.sides) == 0 {
			continue
		}
		name, text := "", ""
		for _, s := range f.sides {
			switch {
			case indicatorID.MatchString(s.text) && name == "":
				name = s.text
			case len(s.text) < 200:
				text += " " + s.text
			}
		}
		if x, ok := r.clockShare(g, f, name+text, p[0].Value); ok {
			r.markShared(x, f.quote)
			r.addShare(shareKinds[len(shareKinds)-1], x, p[0].Value, clockHead.FindString(rowText(g.rows[0]))+" "+x, text, f.quote, "0.74", seen)
			continue
		}
		if text == "" || uptimeWord.MatchString(text) || boundWord.MatchString(text) {
			continue
		}
		k, ok := shareKindFor(text, p[0].Value)
		if !ok && len(f.heads) > 0 && targetHead.MatchString(f.heads[0]) && indicatorSet.MatchString(rowText(g.rows[0])+f.lead) {
			k, ok = anyIndicator(text, p[0].Value)
		}
		if !ok {
			continue
		}
		if name == "" {
			if l := wording.LevelLabels(text); len(l) == 1 && l[0].Strong {
				name = l[0].Name
			}
		}
		measure := strings.TrimSpace(shareMeasure(text, k))
		if measure == "" {
			measure = strings.TrimSpace(text)
		}
		if r.addShare(k, name, p[0].Value, measure, text, f.quote, "0.76", seen) {
			r.creditBeside(g, f)
		}
	}
}

// creditBeside asks of the share just added what a miss costs, where the row of a share has a cell for it, which the share has no form for: "£250 per missed
// call-out".
func (r *reading) creditBeside(g *grid, f figure) {
	c := &r.found[len(r.found)-1]
	for col, cell := range g.rows[f.row] {
		if col == f.col || !creditHead.MatchString(g.headOver(g.headRows(), col)) || len(wording.Sums(cell.text))+len(wording.Percents(cell.text)) != 1 {
			continue
		}
		a := pact.Ambiguity{Code: "tiers", Question: "A miss costs “" + strings.TrimSpace(cell.text) + "”, which is not taken over as it was read. What is credited where the target is missed?"}
		c.Ambiguities = append(c.Ambiguities, a)
		c.Obligation.Ambiguities = c.Ambiguities
		c.Confidence, c.Obligation.Confidence = sure("0.50"), sure("0.50")
		return
	}
}

var (
	boundWord    = expression.MustCompile(`(?i)\b(?:less than|below|under|greater than|above|or more|or less)\b|[<>\x{2264}\x{2265}]`)
	targetHead   = expression.MustCompile(`(?i)\b(?:targets?|thresholds?|standard|level|minimum|commitment|required|acceptable)\b`)
	indicatorSet = expression.MustCompile(`(?i)\b(?:kpis?|indicators?|service levels?|measures?|performance|metrics?)\b`)
	shareHead    = expression.MustCompile(`(?i)\b(?:targets?|service level|compliance|achieve\w*|attainment|met|share|percentage|kept)\b|%`)
	clockHead    = expression.MustCompile(`(?i)\b(?:response|reaction|resolution|restoration|repair|fix)(?: time)?\b`)
	boundMost    = expression.MustCompile(`(?i)\b(?:at most|maximum|no more than|not more than)\b`)
	goesWrong    = expression.MustCompile(`(?i)\b(?:reject\w*|errors?|defect\w*|abandon\w*|fail\w*|late|missed|lost|dropped|complaints?|mis\w+|wrong\w*|incorrect\w*|mistakes?|damaged?|faulty|unanswered)\b`)
)

// anyIndicator takes a share under a target for what it says: of what goes wrong so much at most, of anything else so much at least.
func anyIndicator(text string, v decimal.Decimal) (shareKind, bool) {
	for _, k := range shareKinds {
		if (k.kind == "error_rate" && (goesWrong.MatchString(text) || boundMost.MatchString(text)) || k.kind == "within_target") && fitsShare(k, v) {
			return k, true
		}
	}
	return shareKind{}, false
}
