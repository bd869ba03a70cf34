package grammar

import (
	"sort"
	"strings"

	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

var (
	betweenCue = expression.MustCompile(`(?i)\b(?:by and (?:between|among|amongst)|between or among|between|among|amongst|(?:made|entered into|executed|agreed|signed)[^.;"]{0,90}? by|(?:in favor|for the benefit) of|PARTIES:?|CONTRACTING PARTIES:?)(?: and (?:between|among))?[,:]?(?: the (?:following|undersigned)(?: parties)?:?)?[ \n:]`)
	aliasCue   = expression.MustCompile(`[(\[,] ?(?:together with[^"()]{0,60}|collectively,? |hereinafter (?:referred to as |called |known as )?(?:the )?|referred to (?:herein )?as |herein(?:after)?(?: called)? |the |"?)+"([^"\n]{1,50})"`)
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
	for _, m := range r.betweenCues(len(head)) {
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
	r.parsed, r.parsedAt = best.parties, best.at
	start, end := best.at+best.parties[0].NameSpan.Start, best.at
	for _, p := range best.parties {
		end = max(end, best.at+p.End)
	}
	r.starts, r.partiesAt = end, start
}

// betweenCues are the places after which a preamble may name the parties.
func (r *reading) betweenCues(limit int) [][]int {
	var out [][]int
	end := 0
	for _, h := range r.hitsOf("between", "among", "parties", "in favor of", "for the benefit of", "contracting parties", "made", "entered", "executed", "agreed", "signed") {
		if h >= limit {
			break
		}
		from := max(end, h-7) // "by and between"
		if from > h {
			continue
		}
		to := r.safe(min(len(r.s), h+170))
		m := betweenCue.FindStringIndex(r.s[r.safe(from):to])
		if m == nil || r.safe(from)+m[1] > limit {
			continue
		}
		end = r.safe(from) + m[1]
		out = append(out, []int{r.safe(from) + m[0], end})
	}
	return out
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

var nameTail = expression.MustCompile(`(?:^|[\n.;:"(]|\band |\bby |\bbetween |\bwith |\bof |\bthat |, )((?:[A-Z0-9&][\w&'./-]*,? (?:of |and |the |for |de )?){0,7}[A-Z0-9&][\w&'./-]*,? ?(?:Inc|INC|LLC|L\.L\.C|Ltd|LTD|Limited|LIMITED|Corp|CORP|Corporation|CORPORATION|Company|COMPANY|Co|L\.P|LP|LLP|PLC|plc|GmbH|AG|S\.A|N\.V|B\.V|AB|Trust|TRUST|Bank|BANK|N\.A|University)\b\.?)(?:,? (?:an?|the|organized|incorporated|having|with|whose|located)\b[^"]{0,160})?,?$`)

func nameBefore(s string) (string, wording.Span, bool) {
	m := nameTail.FindStringSubmatchIndex(strings.TrimRight(s, " ("))
	if m == nil {
		return "", wording.Span{}, false
	}
	return s[m[2]:m[3]], wording.Span{Start: m[2], End: m[3]}, true
}

var salutation = expression.MustCompile(`(?i)\b(?:dear |gentlemen|ladies and gentlemen|re: )`)

func lastLine(s string) string {
	s = strings.TrimRight(s, "\n ")
	return s[strings.LastIndexByte(s, '\n')+1:]
}

var termSubject = expression.MustCompile(`(?i)\b(?:this (?:agreement|amendment|contract|lease|sow|statement of work|order|addendum|license)|the (?:initial )?(?:term|agreement|contract)|term of this|initial term|contract period|subscription (?:term|period)|"?term"?)\b`)

// findSignatures finds where the contract is signed.
func findSignatures(r *reading) {
	r.signs = strings.Index(r.lower, "witness whereof")
	if r.signs >= 0 && r.signs < len(r.s)/5 {
		if next := strings.Index(r.lower[r.signs+10:], "witness whereof"); next >= 0 {
			r.signs += 10 + next
		}
	}
}

// signedWithout finds signatures that no "in witness whereof" announces: three of the words of a signature block close together in
// the last part of the text, one of them where a hand signs.
func (r *reading) signedWithout() int {
	from := len(r.lower) * 3 / 5
	type mark struct {
		at         int
		sure, hand bool
	}
	var all []mark
	for i, w := range []string{"by:", "/s/", "signed by", "signed for", "accepted and agreed", "agreed and accepted", "on behalf of", "signature:", "title:", "name:"} {
		for k, n := from, 0; n < 40; n++ {
			j := strings.Index(r.lower[k:], w)
			if j < 0 {
				break
			}
			all = append(all, mark{k + j, i < 6, i == 2 || i == 3})
			k += j + len(w)
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].at < all[j].at })
	for i := 0; i+1 < len(all); i++ { // "Signed for the Customer: A. Marlow  Date: 22 April 2024", and the same for the Provider
		if all[i].hand && all[i+1].hand && all[i+1].at-all[i].at < 200 && all[i].at > len(r.lower)*4/5 {
			return all[i].at
		}
	}
	for i := 0; i+2 < len(all); i++ {
		if all[i+2].at-all[i].at < 300 && (all[i].sure || all[i+1].sure || all[i+2].sure) {
			return all[i].at
		}
	}
	return -1
}
