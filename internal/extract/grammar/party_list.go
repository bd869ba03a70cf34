package grammar

import (
	"strings"

	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// listedChance is what a name at the head of an item of the list of parties is worth: as much as one behind its role.
const listedChance = 0.9

var (
	partiesLead = expression.MustCompile(`(?i)(?:^|\b)(?:between|by and among|among|parties)(?: the (?:following|undersigned)(?: parties)?)?[ :.-]*$`)
	itemNumber  = expression.MustCompile(`^\(?(?:\d{1,2}|[a-hA-H]|[ivIV]{1,3})[.)]\)? `)
	itemCalled  = expression.MustCompile(`["(](?:the |hereinafter |hereafter |referred to as |called |together )*"?[A-Z][A-Za-z' -]{1,34}"?\)?(?:,? of the (?:one|other|first|second) part)?[;,.]*(?: and)?$`)
)

// listed are the names at the heads of a numbered list of the parties, and the items that they stand in: lines below a bare "BETWEEN" or
// "Parties" of which each says who a party is, where, and how it is called. What stands behind the name in its item describes it. There are
// none unless two items follow each other that name a company, a public body, or somebody with a short name.
func (r *reading) listed() (heads []wording.Name, items []wording.Span) {
	limit := r.safe(min(len(r.s), 8000))
	open := false // in a list, or right behind what leads to one
	for from := 0; from < limit; {
		end := from + strings.IndexByte(r.s[from:]+"\n", '\n')
		line := strings.TrimRight(r.s[from:end], " \t")
		mark := itemNumber.FindString(line)
		switch {
		case mark == "" && len(heads) < 2:
			if !(open && len(heads) == 1 && (joins(line) || itemCalled.MatchString(line))) {
				open, heads, items = len(line) < 200 && partiesLead.MatchString(line), nil, nil
			} else {
				items[0].End = end // a short name, or "and", in a line of its own
			}
		case mark == "" && (joins(line) || len(line) < 90 && itemCalled.MatchString(line)):
			items[len(items)-1].End = end
		case mark == "" || !open:
			if len(heads) > 1 {
				return heads, items
			}
		default:
			n, ok := wording.HeadName(r.s[:end], from+len(mark))
			if !ok || !n.Form && !wording.Public(n.Text) && !itemCalled.MatchString(line) {
				if len(heads) > 1 {
					return heads, items
				}
				open, heads, items = false, nil, nil
				break
			}
			heads, items = append(heads, n), append(items, wording.Span{Start: from, End: end})
		}
		from = end + 1
	}
	if len(heads) < 2 {
		return nil, nil
	}
	return heads, items
}

// joins tells whether a line only leads from one item to the next.
func joins(line string) bool {
	switch strings.ToLower(strings.Trim(line, " -–:,;")) {
	case "and", "":
		return true
	}
	return false
}

// byList marks the names that the list of parties begins its items with, adds those that are no choice yet, and sets aside what stands behind
// them as an address: "Town Hall", "High Street".
func (r *reading) byList(choices []nameChoice, between []int) []nameChoice {
	heads, items := r.listed()
	for i, head := range heads {
		at := -1
		for k := range choices {
			c := &choices[k]
			switch {
			case c.plain == plainName(head.Text):
				at = k
			case c.name.Start >= items[i].Start && c.name.End <= items[i].End && !c.name.Form && !strings.HasSuffix(r.lower[:c.name.Start], " and "):
				c.aside = true
			}
		}
		if at < 0 {
			fs, speaks := r.nameFeatures(head, between, false, 1)
			choices = append(choices, nameChoice{plain: plainName(head.Text), features: fs, speaks: speaks})
			at = len(choices) - 1
		}
		choices[at].name, choices[at].listed, choices[at].aside = head, true, false
	}
	return choices
}
