package grammar

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Rebates without a threshold: a share of all purchases that is paid back, or set aside as a fund for marketing.

var (
	flatRebate = expression.MustCompile(`(?i)\b(?:rebates?|bonus(?:es)?|kick-?backs?|refund(?:s|ed)?|patronage|loyalty (?:credit|payment)s?|year-end (?:credit|payment)s?)\b`)
	fundOf     = expression.MustCompile(`(?i)\b(?:marketing|advertising|promotion(?:al)?s?|co-?op(?:erative)?|business development|market development|migration|growth|training|innovation|MDF|merchandising|launch)\b[^.;%]{0,40}\b(?:funds?|allowances?|contributions?|support|advertising|budgets?|accruals?|credits?|monies|campaigns?)\b|\bjoint advertising\b|\b(?:contribut\w+|subsid\w+)\b[^.;]{0,90}\b(?:advertising|marketing|promotion)\b`)
	ofBought   = expression.MustCompile(`(?i)^[^.;%]{0,60}?\b(?:of|on) (?:all |the |its |their |your |our |any )*(?:\w+['s]* ){0,4}?(?:purchases|turnover|spend\w*|sales|invoic\w+|orders|fees|volume|bills|amounts? (?:invoiced|paid|billed)|value of (?:\w+ ){0,2}(?:orders|purchases|deliveries))\b`)
	ofAll      = expression.MustCompile(`(?i)\bon (?:all|the total|its total|total|every|the entire) (?:\w+ ){0,3}(?:purchases|turnover|sales|orders|fees|spend|deliveries|invoices)\b`)
	givesBack  = expression.MustCompile(`(?i)\b(?:pays?|credits?|credited|grants?|granted|gives?|allows?|allowed|earns?|receives?|contribut\w+|set aside|sets aside|accrues?|make available|makes available|provides?|refunds?|due|applies|entitled)\b`)
	// Who buys may have to spend on advertising too; that is no rebate.
	buyerGives = expression.MustCompile(`(?i)\b(?:distributor|dealer|reseller|franchisees?|licensee|buyer|customer|purchaser|retailer|tenant|client|operator|agent|you|member)s?\b(?: (?:shall|will|must|agrees? to|is to|also|each|further))* (?:pay|contribute|spend|invest|set aside|remit|expend|deposit|allocate)\b|\b(?:spend|invest|expend)s?\b[^.;]{0,60}%|\broyalt(?:y|ies)\b|\bfranchis\w+\b`)
	// What is given back for a fault or to somebody who earns a commission is no rebate, and a condition has no form here.
	givenIf    = expression.MustCompile(`(?i)\b(?:if|where|when(?:ever)?|unless|should|in case|in the event|once|provided that|as long as|so long as|subject to|upon|for (?:each|every|any) (?:missed|late|failed|unjustified))\b`)
	onlyIf     = expression.MustCompile(`(?i)\b(?:if|unless|where|provided that|as long as|so long as|in the event|in case)\b`)
	forFault   = expression.MustCompile(`(?i)\b(?:miss(?:es|ed)|fail\w*|(?:not|dis)[ -]?satisf\w+|complain\w*|cancel\w*|returned|breach\w*|error|mistake|overpaid|overpayment|unused)\b`)
	earnsShare = expression.MustCompile(`(?i)\b(?:agents?|representatives?|brokers?|employees?|executives?|managers?|consultants?|salespe\w+|affiliates?|referrers?|introducers?|staff)\b[^.;]{0,40}\b(?:receives?|earns?|gets?|is (?:paid|granted|entitled)|(?:shall|will) (?:be (?:paid|granted|entitled)|receive|earn))\b|\b(?:pays?|grants?|credits?|gives?)\b[^.;]{0,16}\b(?:agent|representative|broker|employee|executive|manager|consultant|affiliate|introducer)\b|\bcommissions?\b`)
	flatNot    = expression.MustCompile(`(?i)\b(?:administrative|admin|management) fees?\b|\b(?:exceed\w*|in excess|more than|at least|not less than|over|above|reach\w*|between|up to|from) (?:US ?)?[$€£]?(?:EUR|USD|GBP|CHF)? ?\d|\b(?:if|where|when|provided)\b[^.;]{0,80}\b(?:exceeds?|reach\w*)\b|\b(?:no|not any) (?:rebate|bonus|refund)`)
)

// findFlatRebates reads "Supplier grants a bonus of 2 % on all purchases of a year" and "sets aside 2 % of net purchases as a marketing
// fund". What has a threshold was read as bands.
func findFlatRebates(r *reading) {
	made := 0
	for _, n := range r.sentencesWith(80, "rebate", "bonus", "kickback", "kick-back", "refund", "fund", "allowance", "contribut", "advertising", "patronage", "loyalty", "year-end") {
		sp := r.sentences[n]
		if made >= 4 || sp.End-sp.Start > 600 || sp.End-sp.Start < 30 || r.inTable(sp.Start) {
			continue
		}
		s := r.cut(sp)
		fund := fundOf.MatchString(s)
		if !fund && !flatRebate.MatchString(s) || rebateNot.MatchString(s) || defines.MatchString(s) || buyerGives.MatchString(s) || flatNot.MatchString(s) || forFault.MatchString(s) || earnsShare.MatchString(s) || !givesBack.MatchString(s) {
			continue
		}
		shares := wording.Percents(s)
		if len(shares) != 1 || len(shares[0].Readings) > 0 || len(wording.Sums(s)) > 0 || shares[0].Value.GreaterThan(decimal.NewFromInt(30)) || !ofBought.MatchString(s[shares[0].End:]) && !ofAll.MatchString(s[:shares[0].Start]) {
			continue
		}
		if givenIf.MatchString(s[:shares[0].Start]) || onlyIf.MatchString(s[shares[0].End:]) {
			continue
		}
		period := periodOf(s)
		if period == "" && !fund || r.toldBefore("rebate", sp) || r.bandsFollow(n) {
			continue
		}
		made++
		share := shares[0].Value
		p := obligation.TieredParams{Mode: "all_units", Basis: "amount", Period: period, Tiers: []obligation.VolumeTier{{Percent: &share}}}
		title := "Rebate of " + share.String() + " % on all purchases"
		if fund {
			title = "Fund of " + share.String() + " % of purchases"
		}
		o := pact.Obligation{Kind: "rebate", Key: r.freeKey("rebate"), Title: title, Bearer: r.side("supplier"), Beneficiary: r.side("customer"), Deliverable: r.quoteWords(sp)}
		if period != "" {
			o.Frequency = frequencyWord(period)
		}
		r.obligation(o, p, "0.66", sp)
	}
}

// bandsFollow tells whether a sentence only leads into a list or a table.
func (r *reading) bandsFollow(n int) bool {
	sp := r.sentences[n]
	return strings.HasSuffix(strings.TrimSpace(r.cut(sp)), ":") || n+1 < len(r.sentences) && r.inTable(r.sentences[n+1].Start)
}
