package clause

import (
	"cmp"
	"slices"
	"strings"
)

// candidate is a stretch that may be a clause of a category.
type candidate struct {
	category   uint8
	shape      shape
	unit       int // the unit it stands for
	start, end int // bytes
	features   [featureCount]float32
	score      float32 // of the trees
}

// shape is how a candidate was cut.
type shape uint8

const (
	shapeUnit  shape = iota
	shapeNext        // joined with the unit after it
	shapeLead        // joined with the words that lead in the list
	shapeDate        // a date inside the unit
	shapeTitle       // a title inside the unit
)

// The features of a candidate that the trees look at.
const (
	fCategory = iota
	fShape
	fOwn       // score of its unit
	fPartner   // score of the unit it was joined with
	fBefore    // scores of its neighbours
	fAfter     //
	fNear      // best of five around
	fSection   // best under its heading
	fHeading   // of the heading itself
	fLead      // of what leads in the list
	fBest      // in the document
	fGap       // to the best
	fRank      // in the document
	fSecond    // second best of the document
	fHigh      // how many units of the document are above 0
	fMiddle    // above -2
	fOther     // best other category of the unit
	fMass      // sum of all categories' chances in the unit
	fCount     // categories above -2 in the unit
	fKin       // best of the categories that go with this one, in the unit
	fKinNear   // and around it
	fKinBest   // and in the document
	fLength    // bytes
	fShare     // of the unit
	fTokens    //
	fPosition  // in the document, 0 to 1
	fIndex     // of the unit
	fUnits     // in the document
	fBlock     // units in the block
	fInBlock   // place in it
	fFlags     //
	fTitle     //
	fHeaded    //
	fRedacted  // redactions
	fNumbers   //
	fMoney     //
	fUpper     // share of capitals
	fRepeats   // how often its words stand among the candidates
	fCueBefore // what stands before a date or title
	fCueAfter  //
	fForm      // how complete a date is; how a title ends
	fPresent   // categories that the document seems to have
	fRate      // how many marks of the category a contract has on average
	fHold      // how far stage one can be trusted in the category
	fSize      // usual length of marks of the category against this one
	fApart     // how far the two opinions of stage one lie apart
	featureCount
)

// Usual values of a category, learned with the weights.
type usual struct {
	rate   float32 // marks in a contract
	hold   float32 // share of right ones where stage one says more likely than not
	length float32 // logarithm of the bytes of a mark
	kin    [3]uint8
}

// board is the scores of stage one on a layout: units by categories.
type board struct {
	n     int // categories
	score []float32
	apart []float32 // how far the two opinions of stage one lie apart
}

func (b *board) at(unit, category int) float32 {
	if unit < 0 || category >= b.n || unit*b.n >= len(b.score) {
		return noScore
	}
	return b.score[unit*b.n+category]
}

const noScore = -9

// Limits of what becomes a candidate.
const (
	leastScore  = -5.8
	mostUnits   = 40 // of a category in a document
	joinScore   = -3
	mostDates   = 40
	earlyUnits  = 60
	mostTitles  = 24
	shortTitles = 160
)

// The categories whose marks are parts of sentences.
const (
	categoryDocumentName  = 0
	categoryParties       = 1
	categoryAgreementDate = 2
	categoryEffectiveDate = 3
)

// propose lists the candidates of a layout with their features.
func propose(l *layout, b *board, habits []usual) []candidate {
	p := proposer{l: l, b: b, habits: habits}
	p.prepare()
	for c := range b.n {
		p.category(c)
	}
	return p.out
}

type proposer struct {
	l       *layout
	b       *board
	habits  []usual
	mass    []float32 // by unit: sum of chances
	count   []float32 // by unit: categories above -2
	best    []float32 // by category
	present float32
	section []int32 // by unit: first unit under its heading
	blockAt []int32 // by unit: first unit of its block
	blockN  []int32
	dates   []span
	titles  []span
	out     []candidate
}

type span struct {
	unit       int
	start, end int
	shape      shape
	before     float32
	after      float32
	form       float32
	repeats    float32
}

func (p *proposer) prepare() {
	n, units := p.b.n, len(p.l.units)
	p.mass, p.count, p.best = make([]float32, units), make([]float32, units), make([]float32, n)
	for c := range p.best {
		p.best[c] = noScore
	}
	for i := range units {
		for c, z := range p.b.score[i*n : i*n+n] {
			if z > -4 {
				p.mass[i] += chance(z)
				if z > -2 {
					p.count[i]++
				}
			}
			p.best[c] = max(p.best[c], z)
		}
	}
	for _, z := range p.best {
		if z > 0 {
			p.present++
		}
	}
	p.section, p.blockAt, p.blockN = make([]int32, units), make([]int32, units), make([]int32, units)
	for i := range p.l.units {
		p.section[i], p.blockAt[i] = int32(i), int32(i)
		if i > 0 {
			if p.l.units[i].heading == p.l.units[i-1].heading {
				p.section[i] = p.section[i-1]
			}
			if p.l.units[i].block == p.l.units[i-1].block {
				p.blockAt[i] = p.blockAt[i-1]
			}
		}
		p.blockN[p.blockAt[i]]++
	}
	p.dates = dates(p.l, p.b)
	p.titles = titles(p.l)
}

func (p *proposer) category(c int) {
	units := len(p.l.units)
	var order []int32
	for i := range units {
		if p.b.at(i, c) > leastScore {
			order = append(order, int32(i))
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(p.b.at(int(b), c), p.b.at(int(a), c)) })
	high, middle := 0, 0
	second := float32(noScore)
	for k, i := range order {
		z := p.b.at(int(i), c)
		if z > 0 {
			high++
		}
		if z > -2 {
			middle++
		}
		if k == 1 {
			second = z
		}
	}
	doc := [3]float32{second, float32(high), float32(middle)}
	rank := map[int]int{}
	for k, i := range order {
		if k >= mostUnits {
			break
		}
		rank[int(i)] = k
		p.unit(c, int(i), k, doc)
	}
	spans := p.dates
	switch c {
	case categoryDocumentName:
		spans = p.titles
	case categoryAgreementDate, categoryEffectiveDate:
	default:
		return
	}
	for _, s := range spans {
		k, ok := rank[s.unit]
		if !ok {
			k = mostUnits
		}
		x := p.describe(c, s.unit, k, doc, s.shape, s.start, s.end)
		x.features[fCueBefore], x.features[fCueAfter], x.features[fForm], x.features[fRepeats] = s.before, s.after, s.form, s.repeats
		p.out = append(p.out, x)
	}
}

// unit proposes a unit and what it may be joined with.
func (p *proposer) unit(c, i, rank int, doc [3]float32) {
	u := &p.l.units[i]
	if c == categoryAgreementDate || c == categoryDocumentName && u.end-u.start > shortTitles {
		return
	}
	p.out = append(p.out, p.describe(c, i, rank, doc, shapeUnit, u.start, u.end))
	z := p.b.at(i, c)
	if z < joinScore || c <= categoryEffectiveDate {
		return
	}
	if i+1 < len(p.l.units) {
		v := &p.l.units[i+1]
		same := v.block == u.block
		if !v.title && (same || u.flags&flagEnds == 0 || v.lead == int32(i)) {
			x := p.describe(c, i, rank, doc, shapeNext, u.start, v.end)
			x.features[fPartner] = p.b.at(i+1, c)
			p.out = append(p.out, x)
		}
	}
	if lead := int(u.lead); lead >= 0 && i-lead <= 3 && i-lead > 1 {
		x := p.describe(c, i, rank, doc, shapeLead, p.l.units[lead].start, u.end)
		x.features[fPartner] = p.b.at(lead, c)
		p.out = append(p.out, x)
	}
}

func (p *proposer) describe(c, i, rank int, doc [3]float32, how shape, start, end int) candidate {
	l, b, u := p.l, p.b, &p.l.units[i]
	x := candidate{category: uint8(c), shape: how, unit: i, start: start, end: end}
	f := &x.features
	z := b.at(i, c)
	f[fCategory], f[fShape], f[fOwn], f[fPartner] = float32(c), float32(how), z, noScore
	f[fBefore], f[fAfter] = b.at(i-1, c), b.at(i+1, c)
	near, kin, kinNear, kinBest := float32(noScore), float32(noScore), float32(noScore), float32(noScore)
	for j := i - 2; j <= i+2; j++ {
		if j != i {
			near = max(near, b.at(j, c))
		}
		for _, k := range p.habits[c].kin {
			if j == i {
				kin = max(kin, b.at(j, int(k)))
			} else {
				kinNear = max(kinNear, b.at(j, int(k)))
			}
		}
	}
	for _, k := range p.habits[c].kin {
		kinBest = max(kinBest, p.best[k])
	}
	f[fNear], f[fKin], f[fKinNear], f[fKinBest] = near, kin, kinNear, kinBest
	section := float32(noScore)
	for j := max(int(p.section[i]), i-12); j < len(l.units) && j <= i+12 && p.section[j] == p.section[i]; j++ {
		if j != i {
			section = max(section, b.at(j, c))
		}
	}
	f[fSection], f[fLead] = section, b.at(int(u.lead), c)
	f[fHeading] = noScore
	if s := int(p.section[i]); s >= 0 && s < len(l.units) && l.units[s].title {
		f[fHeading] = b.at(s, c)
	}
	f[fBest], f[fGap], f[fRank], f[fSecond], f[fHigh], f[fMiddle] = p.best[c], p.best[c]-z, float32(rank), doc[0], doc[1], doc[2]
	other := float32(noScore)
	for k, v := range b.score[i*b.n : i*b.n+b.n] {
		if k != c {
			other = max(other, v)
		}
	}
	f[fOther], f[fMass], f[fCount] = other, p.mass[i], p.count[i]
	n := end - start
	f[fLength], f[fShare], f[fTokens] = float32(n), float32(n)/float32(max(1, u.end-u.start)), float32(u.last-u.first)
	f[fPosition], f[fIndex], f[fUnits] = float32(i)/float32(len(l.units)), float32(i), float32(len(l.units))
	f[fBlock], f[fInBlock] = float32(p.blockN[p.blockAt[i]]), float32(i-int(p.blockAt[i]))
	f[fFlags] = float32(u.flags)
	if u.title {
		f[fTitle] = 1
	}
	if u.heading >= 0 {
		f[fHeaded] = 1
	}
	upper := 0
	for _, t := range l.tokens[u.first:u.last] {
		switch {
		case t.hash == formRedacted:
			f[fRedacted]++
		case t.hash == formMoney:
			f[fMoney]++
		case t.kind == numberToken:
			f[fNumbers]++
		}
		if t.upper {
			upper++
		}
	}
	f[fUpper] = float32(upper) / float32(max(1, u.last-u.first))
	f[fPresent] = p.present
	if b.apart != nil {
		f[fApart] = b.apart[i*b.n+c]
	}
	h := p.habits[c]
	f[fRate], f[fHold], f[fSize] = h.rate, h.hold, logOf(n)-h.length
	return x
}

// dates finds dates in units that may state one of the contract's own.
func dates(l *layout, b *board) []span {
	var list []span
	said := map[string]int{}
	for i := range l.units {
		u := &l.units[i]
		z := max(b.at(i, categoryAgreementDate), b.at(i, categoryEffectiveDate))
		if z < leastScore && i > 12 {
			continue
		}
		for t := u.first; t < u.last; t++ {
			from, to, form := dateAt(l, t, u)
			if to == t {
				continue
			}
			s := span{unit: i, start: l.tokens[from].start, end: l.tokens[to-1].end, shape: shapeDate, form: form}
			s.before, s.after = cues(l, u, from, to)
			said[l.text[s.start:s.end]]++
			list = append(list, s)
			t = to - 1
			if len(list) >= mostDates {
				break
			}
		}
		if len(list) >= mostDates {
			break
		}
	}
	for k := range list {
		list[k].repeats = float32(said[l.text[list[k].start:list[k].end]])
	}
	return list
}

var (
	months = hashSet("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
		"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec")
	hashDay  = hashWord("day")
	hashOf   = hashWord("of")
	hashThis = hashWord("this")
	hashThe  = hashWord("the")
)

func hashSet(words ...string) map[uint32]uint8 {
	m := make(map[uint32]uint8, len(words))
	for i, w := range words {
		m[hashWord(w)] = uint8(i + 1)
	}
	return m
}

// dateAt gives the tokens of a date around a month or at a number, and how complete it is: 3 for day, month and year.
func dateAt(l *layout, t int, u *unit) (from, to int, form float32) {
	tok := l.tokens
	if tok[t].kind == numberToken && t+2 < u.last && tok[t+1].kind == numberToken && tok[t+2].kind == numberToken {
		a, b := l.text[tok[t].end:tok[t+1].start], l.text[tok[t+1].end:tok[t+2].start]
		if a == b && (a == "/" || a == "." || a == "-") && tok[t].end-tok[t].start <= 2 {
			return t, t + 3, 4
		}
		return t, t, 0
	}
	if tok[t].kind != wordToken || !tok[t].upper || months[tok[t].hash] == 0 {
		return t, t, 0
	}
	from, to = t, t+1
	if t-2 >= u.first && tok[t-1].hash == hashOf && tok[t-2].hash == hashDay {
		from = t - 2
		if t-3 >= u.first && (numeric(l.text, tok[t-3]) || tok[t-3].end-tok[t-3].start <= 2) && tok[t-3].hash != hashThis {
			from = t - 3
			form++
		}
	} else if t-1 >= u.first && numeric(l.text, tok[t-1]) && tok[t-1].end-tok[t-1].start <= 4 && tok[t].start-tok[t-1].end <= 2 {
		from = t - 1
		form++
	}
	for k := 0; k < 2 && to < u.last && (numeric(l.text, tok[to]) || tok[to].hash == formRedacted) && tok[to].start-tok[to-1].end <= 24; k++ {
		to++
		form++
		if tok[to-1].hash == formYear {
			form += 2
			break
		}
	}
	if form == 0 {
		return t, t, 0
	}
	return from, to, form
}

func numeric(s string, t token) bool { return s[t.start] >= '0' && s[t.start] <= '9' }

var (
	cueBefore = hashSet("dated", "made", "entered", "effective", "as", "on", "commencing", "commence", "begin", "executed", "signed", "date", "until", "ending", "expire", "terminate", "amended")
	cueAfter  = hashSet("effective", "date", "by", "between", "and", "the", "agreement", "until", "through", "among", "is", "or", "to")
)

// cues gives a code of the nearest word that says what a date is for, before and after it.
func cues(l *layout, u *unit, from, to int) (before, after float32) {
	for k := from - 1; k >= u.first && k >= from-6; k-- {
		if v := cueBefore[l.tokens[k].hash]; v > 0 {
			before = float32(v)
			if v != 5 && v != 6 { // "as", "on" say little: a word further left may say more
				break
			}
		}
	}
	for k := to; k < u.last && k < to+5; k++ {
		if v := cueAfter[l.tokens[k].hash]; v > 0 {
			after = float32(v)
			if v <= 2 {
				break
			}
		}
	}
	return before, after
}

var titleNouns = hashSet("agreement", "contract", "amendment", "addendum", "lease", "letter", "memorandum", "undertaking", "deed", "terms", "plan", "policy", "statement", "order", "license", "arrangement", "indenture", "protocol", "agreements", "supplement", "exhibit", "form")

// titles finds what a document may call itself: capitalised words up to "agreement" and the like, in its first units.
func titles(l *layout) []span {
	var list []span
	said := map[string]int{}
	for i := range l.units {
		if i >= earlyUnits || len(list) >= mostTitles {
			break
		}
		u := &l.units[i]
		for t := u.first; t < min(u.last, u.first+120) && len(list) < mostTitles; t++ {
			tok := l.tokens[t]
			noun := titleNouns[tok.hash]
			if !tok.upper || noun == 0 || noun > 20 {
				continue
			}
			from := titleStart(l, u, t)
			if from == t {
				continue
			}
			// "Agreement" alone and its defined short form say nothing; "… AGREEMENT FOR THE SALE OF …" goes on.
			to := t + 1
			s := span{unit: i, start: l.tokens[from].start, end: tok.end, shape: shapeTitle, form: float32(noun)}
			s.before = boolean(from > u.first && l.tokens[from-1].hash == hashThis)
			if from == u.first {
				s.before = 2
			}
			s.after = float32(u.last - to)
			key := strings.ToLower(l.text[s.start:s.end])
			said[key]++
			if said[key] == 1 {
				list = append(list, s)
			}
		}
	}
	for k := range list {
		list[k].repeats = float32(said[strings.ToLower(l.text[list[k].start:list[k].end])])
	}
	return list
}

var titleWeak = hashSet("of", "and", "for", "the", "to", "in", "on", "or", "a")

func titleStart(l *layout, u *unit, t int) int {
	from := t
	for k := t - 1; k >= u.first && t-k <= 14; k-- {
		tok := l.tokens[k]
		gap := l.text[tok.end:l.tokens[k+1].start]
		if strings.ContainsAny(gap, ".;:()\"") || tok.hash == hashThis {
			break
		}
		if tok.kind != wordToken && tok.kind != numberToken {
			break
		}
		if tok.upper && tok.hash != hashThe {
			from = k
			continue
		}
		if titleWeak[tok.hash] == 0 {
			break
		}
	}
	return from
}

func boolean(b bool) float32 {
	if b {
		return 1
	}
	return 0
}
