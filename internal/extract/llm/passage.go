package llm

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/privacy"
)

// source is a document as it may leave: masked, cut into passages.
type source struct {
	d        *document.Document // the original
	masked   *privacy.Masked
	sent     *document.Document // the masked text, to look quotes up in
	passages []passage
	mark     string   // parts passages from instructions; nobody who writes a contract can know it
	distrust [][2]int // code points of the original: paragraphs that speak to a machine
	text     []rune   // of the original
	built    []duty   // obligations that the rules read
}

// duty is an obligation that the rules read, with the kind that it is judged as.
type duty struct {
	pact.Candidate
	kind       string
	start, end int // of the original
}

// passage is a run of blocks that belong together: [start, end) of the masked text.
type passage struct {
	number     int
	start, end int
	clause     string
	text       string
	lower      string
}

// passageTokens is the size up to which blocks of one section are one passage.
const passageTokens = 700

// open masks a document and cuts it.
func (x *Extractor) open(ctx context.Context, d *document.Document) (*source, error) {
	found, err := x.Derive.Extract(ctx, d, extract.Schema{})
	if err != nil {
		return nil, fmt.Errorf("reading by rules what is asked about: %w", err)
	}
	s := &source{d: d, text: []rune(d.Text), built: judged(found)}
	parties := partiesIn(found)
	if x.Privacy.Action(privacy.Party) != privacy.Keep {
		parties = append(shortNames(parties, d.Text), calledIn(found)...)
	}
	hits, err := privacy.Find(ctx, d.Text, parties, x.Privacy)
	if err != nil {
		return nil, err
	}
	if s.masked, err = x.PrivacyKey.Mask(ctx, d.Text, hits, x.Privacy); err != nil {
		return nil, err
	}
	s.sent = &document.Document{Hash: d.Hash, Text: s.masked.Text}
	mac := hmac.New(sha256.New, x.PrivacyKey)
	mac.Write([]byte("passages\x00" + s.masked.Text))
	s.mark = hex.EncodeToString(mac.Sum(nil)[:6])
	s.doubt()
	s.cut()
	return s, nil
}

// partiesIn are the names that the policy may keep: as rules find them, before anything leaves.
func partiesIn(found []pact.Candidate) []string {
	var names []string
	for _, c := range found {
		if c.Name != "parties" || c.Value == nil {
			continue
		}
		for _, p := range c.Value.Parties {
			names = append(names, p.Name)
		}
	}
	return names
}

// calledIn are the names by which a contract says that it calls its parties, without those that say what somebody does in it.
func calledIn(found []pact.Candidate) []string {
	var names []string
	for _, c := range found {
		if c.Name != "parties" || c.Value == nil {
			continue
		}
		for _, p := range c.Value.Parties {
			for _, alias := range p.Aliases {
				if slices.ContainsFunc(strings.Fields(alias), func(w string) bool { return !roles[bare(w)] && !calls[bare(w)] }) {
					names = append(names, alias)
				}
			}
		}
	}
	return names
}

// judged are the obligations among candidates, each with the kind that it is judged as. The reading itself stays as it is, so that it is told
// as the same beside that of the built-in engine.
func judged(found []pact.Candidate) []duty {
	var all []pact.Obligation
	for _, c := range found {
		if c.Obligation != nil {
			all = append(all, *c.Obligation)
		}
	}
	var out []duty
	for _, c := range found {
		if c.Subject != "obligation" || c.Obligation == nil {
			continue
		}
		is := duty{Candidate: c, kind: c.Obligation.Kind}
		if o, ok := obligation.AsJudged(*c.Obligation, all); ok {
			is.kind = o.Kind
		}
		for _, e := range c.Evidence {
			if e.Passage != nil {
				is.start, is.end = e.Passage.Start, e.Passage.End
				break
			}
		}
		out = append(out, is)
	}
	return out
}

// command is how a text speaks to a machine that reads it. Contracts do not; a paragraph that does is not believed.
var command = regexp.MustCompile(`(?i)\b(?:ignore|disregard|forget|override|bypass)\b[^.\n]{0,60}\b(?:instructions?|prompts?|previous|above|prior|earlier|guidelines|everything)\b` +
	`|\b(?:you are|act as|pretend to be|respond as)\b[^.\n]{0,40}\b(?:an? )?(?:ai|assistant|language model|llm|chatbot|gpt|claude)\b` +
	`|\b(?:system|developer|assistant|admin(?:istrator)?|operator) ?(?:prompt|message|note|override|instructions?)\b ?:?` +
	`|(?m:^\s*(?:system|assistant|user|developer) ?:)|<\|?/?(?:im_start|im_end|system|assistant|endoftext|instructions?)\|?>|\[/?INST\]|###? ?(?:instruction|system)` +
	`|\b(?:ai|llm|language model|model|assistant|extractor|parser|reader of this document)s?\b[^.\n]{0,20}\b(?:must|should|shall|is to|are to|please)\b[^.\n]{0,20}\b(?:report|answer|output|return|extract|respond|state|say|omit|classify|fill)\b` +
	`|\b(?:report|answer|output|return|extract|respond with)\b[^.\n]{0,60}\b(?:as the (?:value|answer)|regardless of (?:the|what)|instead of the (?:real|true|actual))\b` +
	`|\breport (?:the )?[\w ]{1,40} as (?:an? |the )?["“”'‘$€£\d]|\bnew instructions?\b|\bend of (?:the )?(?:contract|document|passages?|data)\b[^.\n]{0,30}\b(?:instructions?|now)\b`)

// doubt marks what readings are not believed from.
func (s *source) doubt() {
	for _, b := range s.d.Blocks {
		if b.Start >= 0 && b.End <= len(s.text) && b.Start < b.End && command.MatchString(string(s.text[b.Start:b.End])) {
			s.distrust = append(s.distrust, [2]int{b.Start, b.End})
		}
	}
	if len(s.d.Blocks) == 0 && command.MatchString(s.d.Text) {
		s.distrust = append(s.distrust, [2]int{0, len(s.text)})
	}
}

// doubtful tells whether a span of the original touches something that is not believed.
func (s *source) doubtful(start, end int) bool {
	for _, d := range s.distrust {
		if start < d[1] && d[0] < end {
			return true
		}
	}
	return false
}

// cut makes passages of the blocks. Running headers and footers are left out.
func (s *source) cut() {
	runes := []rune(s.masked.Text)
	add := func(start, end int, clause string) {
		for start < end { // a block longer than a passage is cut at a space
			to := end
			if end-start > 4*passageTokens*3 {
				to = start + 2*passageTokens*3
				for i := to; i > start+passageTokens; i-- {
					if runes[i] == ' ' || runes[i] == '\n' {
						to = i
						break
					}
				}
			}
			text := strings.TrimSpace(string(runes[start:to]))
			if text != "" {
				s.passages = append(s.passages, passage{number: len(s.passages) + 1, start: start, end: to, clause: clause, text: text, lower: strings.ToLower(text)})
			}
			start = to
		}
	}
	if len(s.d.Blocks) == 0 {
		add(0, len(runes), "")
		return
	}
	start, end, size := -1, -1, 0
	var section *document.Section
	flush := func() {
		if start >= 0 {
			clause := ""
			if section != nil {
				clause = section.Number
			}
			add(start, end, clause)
		}
		start, size = -1, 0
	}
	for _, b := range s.d.Blocks {
		if b.Kind == document.Header || b.Kind == document.Footer || b.Start >= b.End || b.Start < 0 || b.End > len(s.text) {
			flush()
			continue
		}
		from, to := s.masked.FromSource(b.Start, b.End)
		in := s.d.SectionAt(b.Start)
		n := tokens(len(string(runes[from:to])))
		if start >= 0 && (in != section && size > passageTokens/3 || size+n > passageTokens) {
			flush()
		}
		if start < 0 {
			start, section = from, in
		}
		end = to
		size += n
	}
	flush()
}

// batch is one request: fields, and the passages that may speak of them.
type batch struct {
	fields   []field
	passages []passage
	open     []unfilled // duties whose parameters are asked for; otherwise the answer has none
}

func (b batch) names() []string {
	out := make([]string, len(b.fields))
	for i, f := range b.fields {
		out[i] = f.name
	}
	return out
}

func (b batch) halves() (left, right batch) {
	n := len(b.fields) / 2
	return batch{b.fields[:n], b.passages, b.open}, batch{b.fields[n:], b.passages, b.open}
}

// kindsAtOnce is how many kinds of obligation a request asks for where a document does not fit whole: each needs its passages.
const kindsAtOnce = 7

// batches plans the requests. A document that fits goes whole, with all fields in one; otherwise each group of terms, and some kinds of
// obligation at a time, go with the passages whose words speak of them, as many as fit. Kinds that no passage speaks of are not asked for.
func (s *source) batches(fields []field, limit int, _ Prompt) []batch {
	if len(fields) == 0 || len(s.passages) == 0 {
		return nil
	}
	fields = slices.DeleteFunc(fields, func(f field) bool { return f.obligation && len(s.rank(f)) == 0 })
	whole := 0
	for _, p := range s.passages {
		whole += cost(p)
	}
	if whole <= limit {
		return []batch{{fields: fields, passages: s.passages}}
	}
	var groups []string
	byGroup := map[string][]field{}
	kinds := 0
	for _, f := range fields {
		group := f.group
		if f.obligation {
			group = fmt.Sprint(f.group, kinds/kindsAtOnce)
			kinds++
		}
		if byGroup[group] == nil {
			groups = append(groups, group)
		}
		byGroup[group] = append(byGroup[group], f)
	}
	var out []batch
	for _, g := range groups {
		if chosen := s.choose(byGroup[g], limit); len(chosen) > 0 {
			out = append(out, batch{fields: byGroup[g], passages: chosen})
		}
	}
	return out
}

// cost of a passage with its mark.
func cost(p passage) int { return tokens(len(p.text)) + 16 }

// choose takes passages in turns for each field, the best first, until the limit is reached. The opening of the document
// is the best there is for what stands at the top.
func (s *source) choose(fields []field, limit int) []passage {
	rankings := make([][]int, len(fields))
	for i, f := range fields {
		rankings[i] = s.rank(f)
	}
	taken := map[int]bool{}
	left := limit
	for turn := 0; ; turn++ {
		any := false
		for i := range fields {
			if turn >= len(rankings[i]) {
				continue
			}
			any = true
			p := rankings[i][turn]
			if c := cost(s.passages[p]); !taken[p] && c <= left {
				taken[p] = true
				left -= c
			}
		}
		if !any {
			break
		}
	}
	var out []passage
	for i := range s.passages {
		if taken[i] {
			out = append(out, s.passages[i])
		}
	}
	return out
}

// rank orders the passages that have a cue of a field. A rare cue says more than one that stands everywhere.
func (s *source) rank(f field) []int {
	type scored struct {
		passage int
		score   int
	}
	cues, read := cuesOf(f), s.passagesOf(f)
	weights := make([]int, len(cues))
	for i, c := range cues {
		n := 0
		for _, p := range s.passages {
			if strings.Contains(p.lower, c) {
				n++
			}
		}
		if n > 0 {
			weights[i] = 1 + 1000*len(s.passages)/(n*(n+1))
		}
	}
	var list []scored
	for i, p := range s.passages {
		score := 0
		for j, c := range cues {
			if weights[j] > 0 && strings.Contains(p.lower, c) {
				score += weights[j]
			}
		}
		if opens(f) && i < 2 {
			score += 1_000_000 // the preamble
		}
		if read[i] {
			score += 1_000_000 // the rules read one there
		}
		if score > 0 {
			list = append(list, scored{i, score})
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].score > list[j].score })
	if f.obligation && len(list) > mostPassages+len(read) {
		list = list[:mostPassages+len(read)] // of a long contract half may have a word of it
	}
	out := make([]int, len(list))
	for i, l := range list {
		out[i] = l.passage
	}
	return out
}

// mostPassages is how many passages a kind of obligation is looked for in, beside those where the rules read one.
const mostPassages = 8

// passagesOf are the passages in which the rules read a kind of obligation.
func (s *source) passagesOf(f field) map[int]bool {
	out := map[int]bool{}
	for _, d := range s.built {
		if !f.obligation || d.kind != f.name || d.end <= d.start {
			continue
		}
		start, end := s.masked.FromSource(d.start, d.end)
		for i, p := range s.passages {
			if start < p.end && p.start < end {
				out[i] = true
			}
		}
	}
	return out
}

// opens tells of fields that stand at the top of a contract.
func opens(f field) bool {
	return f.group == "Contract" && f.name != "governing_law" || f.name == "agreement_date" || f.name == "effective_date"
}

// cuesOf gives the words that passages about a field have; those of its label, where it has none of its own.
func cuesOf(f field) []string {
	known := cues
	if f.obligation {
		known = kindCues
	}
	if c, ok := known[f.name]; ok {
		return c
	}
	var out []string
	for _, w := range strings.Fields(strings.ToLower(f.spec.Label + " " + strings.ReplaceAll(f.name, "_", " "))) {
		if len(w) > 3 && !has(out, w) {
			out = append(out, w)
		}
	}
	return out
}

var cues = map[string][]string{
	"title":                 {"agreement", "contract", "order form", "statement of work", "addendum"},
	"contract_type":         {"agreement", "statement of work", "order form", "amendment", "license", "lease"},
	"contract_number":       {"contract no", "contract number", "agreement no", "agreement number", "reference no", "contract id"},
	"parties":               {"by and between", "between", "hereinafter", "party of the first"},
	"governing_law":         {"governed by", "governing law", "laws of", "applicable law", "construed in accordance"},
	"agreement_date":        {"dated as of", "made as of", "entered into as of", "made and entered", "date first"},
	"effective_date":        {"effective date", "effective as of", "shall become effective", "commencement date", "takes effect"},
	"expiration_date":       {"expir", "shall end on", "terminates on", "until", "remain in force", "continue in effect"},
	"term":                  {"initial term", "term of this agreement", "shall continue", "for a period of", "term:"},
	"renewal_term":          {"renew", "extend", "successive", "additional term", "year to year"},
	"auto_renewal":          {"automatically renew", "automatic renewal", "renewed automatically", "renew", "automatically extend"},
	"notice_period":         {"notice of non-renewal", "not to renew", "intention not", "prior written notice", "renew", "notice"},
	"payment_terms":         {"net ", "invoice", "payment", "payable within", "due within", "discount", "late"},
	"total_contract_value":  {"total contract", "total fees", "aggregate fees", "contract price", "total price", "total value", "purchase price"},
	"annual_contract_value": {"annual fee", "per year", "per annum", "annually", "yearly fee"},
	"currency":              {"u.s. dollars", "united states dollars", "currency", "euro", "usd", "gbp", "$", "€"},
	"liability_cap":         {"aggregate liability", "liability", "exceed", "liable"},
	"zone":                  {"time zone", "eastern time", "pacific time", "utc", "gmt", "business hours", "central european"},
	"uptime_target":         {"uptime", "availab", "99."},
	"service_credits":       {"service credit", "credit", "availability"},
	"claim_window":          {"claim", "credit request", "request a credit", "within"},
	"response_time":         {"response time", "respond", "initial response", "priority", "severity"},
	"resolution_time":       {"resolution time", "resolve", "resolution", "priority", "severity", "workaround"},
}

// kindCues are the same for kinds of obligation.
var kindCues = map[string][]string{
	"availability":       {"uptime", "availab", "downtime"},
	"certificate":        {"certificate of insurance", "insurance", "certificate", "attestation", "soc 2", "iso 27001", "coverage"},
	"conditional_duty":   {"within", "upon", "promptly", "in the event", "after receipt", "immediately"},
	"credit_pool":        {"at-risk", "at risk", "credit pool", "service credit", "credits"},
	"delivery_schedule":  {"deliver", "shipment", "liquidated damages", "delay", "lead time"},
	"invoice_payment":    {"invoice", "payment", "net ", "payable", "late", "retention"},
	"milestone":          {"milestone", "acceptance", "no later than", "on or before", "deliverable", "completion"},
	"minimum_commitment": {"minimum", "commit", "take or pay", "at least", "shortfall"},
	"price_escalator":    {"consumer price index", "cpi", "index", "escalat", "price increase", "increase the fees", "adjust"},
	"rebate":             {"rebate", "refund", "volume bonus", "discount"},
	"recurring_duty":     {"each month", "monthly", "quarter", "annually", "annual", "weekly", "every", "each year", "per year", "daily"},
	"renewal_notice":     {"renew", "non-renewal", "notice"},
	"resolution_time":    {"resolution", "resolve", "restor", "priority", "severity"},
	"response_time":      {"response time", "respond", "initial response", "priority", "severity"},
	"revenue_schedule":   {"performance obligation", "transaction price", "revenue", "subscription fee", "licence fee", "license fee"},
	"service_level":      {"service level", "% of", "percent of", "first call", "first contact", "error rate", "within target"},
	"spend_ceiling":      {"not to exceed", "not exceed", "ceiling", "maximum", "cap on", "budget"},
	"unit_price":         {"unit price", "per hour", "per unit", "each", "rate", "price", "fee"},
	"volume_price":       {"tier", "volume", "from 1", "and above", "more than", "units"},
}
