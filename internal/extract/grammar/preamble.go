package grammar

import (
	"regexp"
	"strings"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
)

var (
	betweenCue = regexp.MustCompile(`(?i)\b(?:by and (?:between|among|amongst)|between or among|between|among|amongst|(?:made|entered into|executed|agreed|signed)[^.;"]{0,90}? by|(?:in favor|for the benefit) of|PARTIES:?|CONTRACTING PARTIES:?)(?: and (?:between|among))?[,:]?(?: the (?:following|undersigned)(?: parties)?:?)?[ \n:]`)
	aliasCue   = regexp.MustCompile(`[(\[,] ?(?:together with[^"()]{0,60}|collectively,? |hereinafter (?:referred to as |called |known as )?(?:the )?|referred to (?:herein )?as |herein(?:after)?(?: called)? |the |"?)+"([^"\n]{1,50})"`)
)

// findParties tries each place where a preamble may name the parties and keeps the one that reads best.
func findParties(r *reading) {
	head := r.s[:r.safe(min(len(r.s), 12000))]
	type attempt struct {
		parties []wording.Party
		at      int
		score   int
	}
	var best attempt
	tries := 0
	for _, m := range betweenCue.FindAllStringIndex(head, -1) {
		if tries++; tries > 14 {
			break
		}
		got := wording.Parties(head[m[1]:min(len(head), m[1]+4000)])
		a := attempt{parties: got, at: m[1], score: scoreParties(got)}
		if m[0] > 5000 {
			a.score -= 2
		}
		if a.score > best.score {
			best = a
		}
	}
	if len(best.parties) < 2 || best.score < 4 {
		if got, at := byAlias(head); scoreParties(got) > best.score {
			best = attempt{got, at, scoreParties(got)}
		}
	}
	if len(best.parties) == 0 {
		return
	}
	r.addParties(best.parties, best.at)
}

func scoreParties(parties []wording.Party) int {
	score := 0
	names := 0
	for _, p := range parties {
		if p.Party.Name == "" {
			continue
		}
		names++
		if p.Strong {
			score += 2
		}
		if len(p.Party.Aliases) > 0 {
			score++
		}
	}
	if names >= 2 {
		score += 2
	}
	return score
}

func (r *reading) addParties(parties []wording.Party, at int) {
	var list []pact.Party
	seen := map[string]bool{}
	end := at
	strong := 0
	for _, p := range parties {
		key := strings.ToLower(p.Party.Name)
		if p.Party.Name == "" || seen[key] || !p.Strong && len(parties) > 2 {
			continue
		}
		seen[key] = true
		list = append(list, p.Party)
		end = max(end, at+p.End)
		if p.Strong {
			strong++
		}
	}
	if len(list) == 0 {
		return
	}
	start := at + parties[0].NameSpan.Start
	r.starts = end
	if end-start > 1800 {
		end = r.safe(start + 1800)
	}
	confidence := confidencePartiesWeak
	if len(list) >= 2 && strong == len(list) {
		confidence = confidenceParties
	}
	r.term("parties", &pact.Value{Kind: pact.PartiesValue, Parties: list}, confidence, wording.Span{Start: start, End: end})
}

// byAlias finds names in front of a quoted short name: `JSC NOC KazakhOil, hereinafter referred to as the "Company"`.
func byAlias(head string) ([]wording.Party, int) {
	head = head[:min(len(head), 5000)]
	var found []wording.Party
	base := -1
	for _, m := range aliasCue.FindAllStringSubmatchIndex(head, 12) {
		from := max(0, m[0]-220)
		for from < m[0] && head[from]&0xc0 == 0x80 {
			from++
		}
		name, span, ok := nameBefore(head[from:m[0]])
		if !ok {
			continue
		}
		if base < 0 {
			base = from + span.Start
		}
		alias := head[m[2]:m[3]]
		p := wording.NamedParty(name, alias)
		if p.Party.Name == "" {
			continue
		}
		p.Span = wording.Span{Start: from + span.Start - base, End: m[1] - base}
		p.NameSpan = wording.Span{Start: from + span.Start - base, End: from + span.End - base}
		if p.Span.Start < 0 {
			continue
		}
		found = append(found, p)
	}
	if base < 0 {
		base = 0
	}
	return found, base
}

var nameTail = regexp.MustCompile(`(?:^|[\n.;:"(]|\band |\bby |\bbetween |\bwith |\bof |\bthat |, )((?:[A-Z0-9&][\w&'./-]*,? (?:of |and |the |for |de )?){0,7}[A-Z0-9&][\w&'./-]*,? ?(?:Inc|INC|LLC|L\.L\.C|Ltd|LTD|Limited|LIMITED|Corp|CORP|Corporation|CORPORATION|Company|COMPANY|Co|L\.P|LP|LLP|PLC|plc|GmbH|AG|S\.A|N\.V|B\.V|AB|Trust|TRUST|Bank|BANK|N\.A|University)\b\.?)(?:,? (?:an?|the|organized|incorporated|having|with|whose|located)\b[^"]{0,160})?,?$`)

func nameBefore(s string) (string, wording.Span, bool) {
	m := nameTail.FindStringSubmatchIndex(strings.TrimRight(s, " ("))
	if m == nil {
		return "", wording.Span{}, false
	}
	return s[m[2]:m[3]], wording.Span{Start: m[2], End: m[3]}, true
}

var (
	madeCue     = regexp.MustCompile(`(?i)(?:\b(?:made|entered(?: into)?|executed|dated|concluded|signed|effective|agreed|date|datum|as)\b[^.;\n]{0,70}|\bthis |\bon |\bas of )$`)
	effectiveIs = regexp.MustCompile(`(?i)(?:effective(?: date)?|commencement date|start date|commence[sd]?|commencing|takes? effect|come into (?:force|effect)|becomes? effective|in effect|beginning|begins?|start(?:s|ing)?)\b[^.;\n]{0,60}$`)
	effectiveIn = regexp.MustCompile(`(?i)^[ ,)]*(?:\(?(?:this date|such date)?,? ?)?\(? ?(?:hereinafter |herein |referred to as |called |being |each |collectively )*(?:the |such date,? |this )?"? ?(?:the )?(?:amendment |agreement |contract |sow |order )?(?:effective date|commencement date|date of this agreement)`)
	dateWord    = regexp.MustCompile(`(?i)^(?:date|dated|effective date|agreement date|contract date|date of agreement|date signed)\b`)
	notOwnDate  = regexp.MustCompile(`(?i)(?:\b(?:that certain|those certain|pursuant to|amends|amended by|(?:original|existing|prior|previous|certain|master|purchase|merger|employment|standstill|confidentiality|license|stock|credit) (?:\w+ ){0,4}agreement,? dated|power of attorney|reference is made|as you know)\b[^.]{0,100}|\b(?:filed?|revised|rev|expires?|form|incorporated|organized|source:[^\n]{0,80}|s-1/?a?,? ?|8-k[^\n]{0,60}|10-[kq][^\n]{0,60}|chapter|u\.s\.c|act of|terminat\w+|until|through|ending|end(?:s|ed)? on|expir\w+|no later than|prior to|before|born)\b[^.;\n]{0,24})$`)
	ownPaper    = regexp.MustCompile(`(?i)\b(?:this|the) (?:[\w&-]+ ){0,8}(?:agreement|amendment|contract|letter|lease|sow|addendum)\b[^.]{0,60}$`)
	salutation  = regexp.MustCompile(`(?i)\b(?:dear |gentlemen|ladies and gentlemen|re: )`)
	dueDate     = regexp.MustCompile(`(?i)\b(?:effective date|commencement date)"?(?: of this (?:agreement|amendment|sow|contract))?[,"]*(?: (?:means|shall mean|is|shall be|will be)|:)? ?[^.;\n]{0,40}$`)
)

type datedFind struct {
	date      wording.Date
	at        wording.Span // in the flow
	class     string       // how it was found
	effective bool
	score     int
}

// findDates reads the agreement date and the effective date.
func findDates(r *reading) {
	head := r.s[:r.safe(min(len(r.s), 14000))]
	all := wording.Dates(head)
	agreement, effective := r.rankDates(head, all)
	later := r.effectiveElsewhere()
	if effective == nil || later != nil && later.score > effective.score {
		effective = later
	}
	if agreement == nil {
		agreement = r.signatureDate()
	}
	r.addDate("agreement_date", agreement)
	if effective != nil {
		r.addDate("effective_date", effective)
		return
	}
	if agreement != nil && agreement.date.Date != "" {
		v := pact.OnDate(agreement.date.Date)
		// Nothing else said, a contract takes effect on its date; low, because nothing says so.
		confidence := confidenceEffectiveByDate
		if agreement.class == "signature" {
			confidence = "0.25"
		}
		c := r.term("effective_date", &v, confidence, r.clauseSpan(agreement.at.Start, agreement.at.End))
		c.Derivation = &pact.Derivation{Rule: "agreement_date", Inputs: map[string]string{"agreement_date": string(agreement.date.Date)}}
	}
}

// rankDates gives the best agreement date and the best effective date of the preamble.
func (r *reading) rankDates(head string, all []wording.Date) (agreement, effective *datedFind) {
	for i, d := range all {
		before := head[max(0, d.Start-130):d.Start]
		after := head[d.End:min(len(head), d.End+110)]
		if notOwnDate.MatchString(before) && !ownPaper.MatchString(before[max(0, len(before)-90):]) && !strings.Contains(strings.ToLower(before[max(0, len(before)-30):]), "effective") || d.Blank && d.End-d.Start < 5 {
			continue
		}
		f := datedFind{date: d, at: d.Span, class: "head"}
		line := before[strings.LastIndexByte(before, '\n')+1:]
		if strings.TrimSpace(line) == "" && dateWord.MatchString(strings.TrimSpace(lastLine(before))) {
			line = lastLine(before)
		}
		made := madeCue.MatchString(before)
		eff := effectiveIs.MatchString(line) && !strings.Contains(strings.ToLower(line), "made effective")
		called := effectiveIn.MatchString(after)
		switch {
		case dueDate.MatchString(line):
			eff = true
		case strings.Contains(strings.ToLower(after[:min(len(after), 90)]), "execution date"), strings.Contains(strings.ToLower(after[:min(len(after), 60)]), "signing date"):
			called = false
		}
		base := 0
		if r.starts > 0 && d.Start < r.starts+500 {
			base = 2
		}
		if i == 0 {
			base++
		}
		if eff || called {
			g := f
			g.class, g.effective, g.score = "effective", true, base+6
			if called && made || dueDate.MatchString(line) {
				g.score += 3
			}
			if d.Start < 6000 && (effective == nil || g.score > effective.score) {
				effective = &g
			}
		}
		switch {
		case d.Start < 2500 && strings.TrimSpace(line) == "" && salutation.MatchString(head[d.End:min(len(head), d.End+600)]):
			f.class, f.score = "letter", base+6 // the date line of a letter
		case made && d.Start < 9000:
			f.class, f.score = "made", base+5
		case d.Start < 1500 && !eff:
			f.class, f.score = "head", base+1
		case called && d.Start < 6000:
			f.class, f.score = "made", base+4
		default:
			continue
		}
		if eff && !called && !made {
			f.score -= 2
		}
		if agreement == nil || f.score > agreement.score {
			agreement = &f
		}
	}
	return agreement, effective
}

func lastLine(s string) string {
	s = strings.TrimRight(s, "\n ")
	return s[strings.LastIndexByte(s, '\n')+1:]
}

var (
	effectiveDef = regexp.MustCompile(`(?i)"?effective date"?(?: of this (?:agreement|amendment|contract|sow))?(?: (?:means|shall mean|is|shall be|will be|of)|,|:| -)? ?(?:defined as |the date |on |as of |hereof |this )*`)
	takesEffect  = regexp.MustCompile(`(?i)\b(?:takes? effect|becomes? effective|(?:shall|will) (?:be|become) effective|is effective|are effective|(?:comes?|enters?) into (?:force|effect)|commenc(?:e|es|ing)|shall begin|begins?|beginning|effective|start(?:s|ing)?)(?: (?:on|as of|from|at|upon|and continue from))?,? ?(?:the |12:01 a\.m\. on )?$`)
)

// effectiveElsewhere looks for the effective date in the body: its definition, or "shall commence on".
func (r *reading) effectiveElsewhere() *datedFind {
	var best *datedFind
	consider := func(f datedFind) {
		if best == nil || f.score > best.score {
			best = &f
		}
	}
	for _, h := range r.hits("effective date", 40) {
		window := r.s[max(0, h-1):min(len(r.s), h+160)]
		m := effectiveDef.FindStringIndex(window)
		if m == nil || m[0] > 1 || strings.HasSuffix(r.lower[:h], " an ") || strings.HasSuffix(r.lower[:h], " its ") {
			continue // "a Distributor Agreement with an Effective Date of": another paper's
		}
		dates := wording.Dates(window)
		if len(dates) == 0 || dates[0].Start > m[1]+12 || dates[0].Start < m[1]-1 {
			continue
		}
		from := max(0, h-1)
		d := dates[0]
		d.Start, d.End = d.Start+from, d.End+from
		consider(datedFind{date: d, at: wording.Span{Start: h, End: d.End}, class: "defined", effective: true, score: 12})
	}
	for _, n := range r.sentencesWith(60, "commenc", "take effect", "takes effect", "become effective", "becomes effective", "be effective", "into force", "into effect", "is effective") {
		s := r.cut(r.sentences[n])
		if len(s) > 3000 || !termSubject.MatchString(s) {
			continue
		}
		for _, d := range wording.Dates(s) {
			if takesEffect.MatchString(s[max(0, d.Start-60):d.Start]) {
				at := wording.Span{Start: r.sentences[n].Start + d.Start, End: r.sentences[n].Start + d.End}
				consider(datedFind{date: d, at: at, class: "commences", effective: true, score: 9})
				break
			}
		}
	}
	return best
}

var termSubject = regexp.MustCompile(`(?i)\b(?:this (?:agreement|amendment|contract|lease|sow|statement of work|order|addendum|license)|the (?:initial )?(?:term|agreement|contract)|term of this|initial term|contract period|subscription (?:term|period)|"?term"?)\b`)

var (
	signedOn   = regexp.MustCompile(`(?i)\b(?:dated?|dated as of|on|as of|this)\b[: _]*(?:the )?$|^ ?date[: ]`)
	executedOn = regexp.MustCompile(`(?i)\b(?:witness whereof|executed|agreed|accepted|signed)\b[^\n]{0,260}$`)
)

// signatureDate is the date beside the signatures: "executed this 28th day of March, 2005", otherwise the latest, since
// a contract without a date is made when the last one signs.
func (r *reading) signatureDate() *datedFind {
	from := strings.LastIndex(r.lower, "witness whereof")
	if from < 0 {
		from = max(0, len(r.s)-3000)
	}
	from = r.safe(from)
	tail := r.s[from:r.safe(min(len(r.s), from+4000))]
	var best *datedFind
	for _, d := range wording.Dates(tail) {
		before := tail[max(0, d.Start-300):d.Start]
		if d.Date == "" || !signedOn.MatchString(before[max(0, len(before)-40):]) || notOwnDate.MatchString(before[max(0, len(before)-120):]) {
			continue
		}
		f := datedFind{date: d, class: "signature"}
		if executedOn.MatchString(before) {
			f.score = 2
		}
		f.date.Start, f.date.End = d.Start+from, d.End+from
		f.at = f.date.Span
		if best == nil || f.score > best.score || f.score == best.score && f.date.Date > best.date.Date {
			best = &f
		}
	}
	return best
}

func (r *reading) addDate(name string, f *datedFind) {
	if f == nil || f.date.Blank {
		return
	}
	at := r.clauseSpan(f.at.Start, f.at.End)
	if len(f.date.Readings) > 0 {
		c := r.term(name, nil, "0.40", at)
		a := pact.Ambiguity{Code: "day_or_month", Question: "The date can be read with the day or with the month first. Which is meant?"}
		for _, d := range f.date.Readings {
			a.Readings = append(a.Readings, pact.OnDate(d))
		}
		c.Ambiguities = append(c.Ambiguities, a)
		return
	}
	v := pact.OnDate(f.date.Date)
	r.term(name, &v, confidenceDate(name, f.class), at)
}
