package grammar

import (
	"slices"
	"sort"
	"strings"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// roleLine gives the role of a name that stands alone after it on a line: "Customer: Acme Ltd". Order forms name their
// parties so, and nothing else in them tells.
func (r *reading) roleLine(n wording.Name) string {
	line := strings.LastIndexByte(r.s[:n.Start], '\n') + 1
	label := roleLabel(r.lower[line:n.Start])
	if k := strings.LastIndexAny(strings.TrimRight(r.s[line:n.Start], " :"), ".;"); k >= 0 && strings.HasSuffix(strings.TrimRight(r.s[:n.Start], " "), ":") {
		label = roleLabel(r.lower[line+k+1 : n.Start]) // "Parties. Provider: Acme B.V., Canal 1, Delft. Customer: Bolt N.V."
	}
	if n.Start > 4000 || len(label) > 24 {
		return ""
	}
	rest := r.s[n.End:min(len(r.s), n.End+3)]
	if rest != "" && rest[0] != '\n' && rest[0] != ',' && rest[0] != '.' && !strings.HasPrefix(rest, " (") && !strings.HasPrefix(rest, ";") {
		return ""
	}
	if label == "" && line > 1 { // "CUSTOMER" in a line of its own, the name in the next
		above := strings.LastIndexByte(r.s[:line-1], '\n') + 1
		if label = roleLabel(r.lower[above : line-1]); len(label) > 24 {
			return ""
		}
	}
	return wording.RoleOf(label)
}

// calledByRole tells whether the head of the paper gives a company, a public body, or a person, a role for a short name.
func (r *reading) calledByRole(n wording.Name) bool {
	public := !n.Form && wording.Public(n.Text)
	if n.Start > 4000 || n.Text[0] >= '0' && n.Text[0] <= '9' || !n.Form && !public && (!personal(n) || inAddress.MatchString(n.Text)) {
		return false
	}
	m := shortNameIn(r.s[n.End:r.safe(min(len(r.s), n.End+170))])
	return m != nil && (wording.RoleOf(m[1]) != "" || public && ownCalling(n.Text, m[1])) && !strings.Contains(m[0], ";") && !strings.Contains(m[0], ". ") && !strings.Contains(m[0], " and ")
}

// saidAside tells whether somebody is named only to say something of another one: it signs for it, owns it, is a name that it trades or
// traded under, or the state by whose laws it exists.
func (r *reading) saidAside(n wording.Name) bool {
	before := r.s[r.safe(max(0, n.Start-40)):n.Start]
	if !n.Form && (ofPlace.MatchString(before) && statehood.MatchString(n.Text) || actsBy.MatchString(before)) {
		return true
	}
	return otherOf.MatchString(before) || signsBy.MatchString(before) && inCapacity.MatchString(r.s[n.End:r.safe(min(len(r.s), n.End+50))])
}

// personal tells whether a name without a legal form may be that of a person.
func personal(n wording.Name) bool {
	return n.Words >= 2 && n.Words <= 4 && (person(n.Text) || n.Caps) && !strings.ContainsAny(n.Text, "0123456789&/")
}

// roleLabel is what stands before a name, without what only leads to it.
func roleLabel(s string) string {
	s = strings.Trim(s, " \t:")
	s = strings.TrimLeft(s, "0123456789.() ")
	for _, lead := range []string{"signed ", "for ", "and ", "on behalf of ", "the ", "(1) ", "(2) ", "name of "} {
		s = strings.TrimPrefix(s, lead)
	}
	for _, tail := range []string{" name", " details", " (name)", " company"} {
		s = strings.TrimSuffix(s, tail)
	}
	return s
}

// rolesByDeeds gives the parties of a contract between two, where the text names no role, the role of who sells and who buys by
// what they are to do. It needs deeds of one kind alone, or mostly.
func (r *reading) rolesByDeeds(list []pact.Party) {
	if len(list) != 2 || r.paper == "nda" {
		return
	}
	pairRoles(list)
	if list[0].Role != "" && list[1].Role != "" {
		return
	}
	other := map[string]string{"supplier": "customer", "customer": "supplier"}
	for i := range list {
		if list[i].Role == "" && other[list[1-i].Role] != "" {
			list[i].Role = other[list[1-i].Role]
			return
		}
	}
	if list[0].Role != "" || list[1].Role != "" {
		return
	}
	var sold, bought [2]int
	for i := range list {
		for _, name := range callings(list[i]) {
			for k, n := 0, 0; n < 300; n++ {
				j := strings.Index(r.lower[k:], name)
				if j < 0 {
					break
				}
				at := k + j
				k = at + len(name)
				if at > 0 && wordByte(r.s[at-1]) {
					continue
				}
				after := r.lower[k:min(len(r.lower), k+60)]
				switch {
				case sells.MatchString(after):
					sold[i]++
				case buys.MatchString(after):
					bought[i]++
				}
			}
		}
	}
	lead := sold[0] - bought[0] - sold[1] + bought[1] // who sells more than the other
	if lead < 0 {
		lead = -lead
		list[1].Role, list[0].Role = "supplier", "customer"
	} else {
		list[0].Role, list[1].Role = "supplier", "customer"
	}
	if lead < 2 {
		list[0].Role, list[1].Role = "", ""
	}
}

// pairRoles names the one who orders a customer beside a supplier, and the one who works a supplier beside a customer, whatever the
// trade calls them: an employer of works, a principal of a contractor, a carrier of goods.
func pairRoles(list []pact.Party) {
	for i := range list {
		mine, yours := &list[i].Role, list[1-i].Role
		switch {
		case yours == "supplier":
			switch *mine {
			case "principal", "employer", "owner", "sponsor", "operator", "user", "shipper":
				*mine = "customer"
			}
		case yours == "customer":
			switch *mine {
			case "consultant", "manufacturer", "subcontractor", "transporter", "operator", "developer", "adviser", "advisor", "agent", "servicer":
				*mine = "supplier"
			}
		}
	}
}

// callings are how the text may call a party, in small letters.
func callings(p pact.Party) []string {
	var out []string
	for _, a := range p.Aliases {
		a = strings.TrimPrefix(lowerASCII(a), "the ")
		if len(a) > 2 && a != "we" && a != "you" {
			out = append(out, a)
		}
	}
	name := lowerASCII(p.Name)
	out = append(out, name)
	if first := strings.Trim(firstWord(name), ",."); len(first) > 4 && first != name {
		out = append(out, first)
	}
	sort.Strings(out)
	return slices.Compact(out)
}

var (
	otherOf    = expression.MustCompile(`(?i)\b(?:an? (?:unincorporated |operating |wholly[- ]owned |majority[- ]owned |direct |indirect )*(?:division|subsidiary|affiliate|unit) of|subsidiary of|d/?b/?a/?|doing business as|trading as|f/?k/?a/?|a/?k/?a/?|formerly(?: known as)?|successor (?:in interest )?to)(?: the)?:? "?$`)
	inAddress  = expression.MustCompile(`(?i) (?:hall|house|street|st\.?|road|rd\.?|square|lane|park|avenue|ave\.?|court|place|quay|building|centre|center|floor|drive|way|terrace|boulevard|blvd\.?|highway|gardens|estate)$`)
	ofPlace    = expression.MustCompile(`(?i)\b(?:of|in|under)(?: the)? $`)
	statehood  = expression.MustCompile(`(?i)^(?:the )?(?:state|province|commonwealth|republic|kingdom|territory|federal republic|people's republic|united kingdom|united states) of `)
	actsBy     = expression.MustCompile(`(?i)\b(?:represented|acting)(?: herein| in this matter)? (?:by|through)(?: its| his| her| the)?(?: [A-Z][a-z]+)*,?(?: m(?:r|s|rs|x)\.?)? $`)
	signsBy    = expression.MustCompile(`(?i)\bby: ?$`)
	inCapacity = expression.MustCompile(`^,? ?(?:[Ii]ts?(?:: ?| )(?:sole |managing |general |duly )?(?:general|managing|manager|member|partner|trustee|agent|advis|attorney|investment)|(?:solely )?as (?:its |the )?(?:general|manag|trustee|agent|attorney|investment)|not in its)`)
)

var (
	sells = expression.MustCompile(`^(?:'s)?,? (?:(?:shall|will|must|agrees to|undertakes to|is to|has agreed to|also|hereby|then) )*(?:provides?|supply|supplies|delivers?|performs?|hosts?|maintains? the|sells?|manufactures?|carr(?:y|ies) out|invoices?|renders?|prints|ships?|repairs?|installs?|develops?|makes? available|operates? the|keeps the service|grants?|remed(?:y|ies)|attends?|answers?|cleans?|collects?|transports?|trains?|advises?|designs?|builds?|tests?|monitors?|produces?|services|fixes|prepares?|hands? over|keeps? (?:the|spare|stock)|replaces?|assigns? (?:staff|personnel|engineers))\b|^'s (?:invoices?|charges|prices|rates|warrant\w+|staff|personnel|technicians?|engineers?|employees|consultants|workshop|depot|quotation|offer|proposal|bid|tender)\b`)
	buys  = expression.MustCompile(`^(?:'s)?,? (?:(?:shall|will|must|agrees to|undertakes to|is to|has agreed to|also|hereby|may|then) )*(?:pays?|purchases?|buys?|orders?|procures?|places? orders?|settles?|calls? off|engages?|appoints?|commissions?|subscribes?|accepts? (?:or|the (?:deliver|work|goods))|uses? the service|retains? the|inspects?|reimburses?|takes? delivery|receives? (?:the|an?|each) (?:service|deliver|invoice|goods|credit)|may (?:inspect|reject|deduct|set off|withhold))\b|^'s (?:purchase orders?|orders|premises|sites?|use of|requirements|purchases|warehouse|plant|users|data)\b`)
)
