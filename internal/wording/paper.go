package wording

import "github.com/pactloop/pactloop/internal/wording/expression"

type paper struct {
	kind string
	re   *expression.Expression
}

// The kinds of paper, the more telling first: an amendment to a lease is an amendment.
var papers = []paper{
	{"amendment", expression.MustCompile(`(?i)\bamendment\b|\bamending\b|\bchange order\b|\b(?:deed|deeds|agreement|letter|notice|contract|instrument|memorandum) of variation\b|\bvariation (?:agreement|deed|letter|notice|order)\b|^variation\b|\bvariation (?:no|nr|number)\b`)},
	{"sow", expression.MustCompile(`(?i)\bstatement of work\b|\bwork order\b|^SOW\b`)},
	{"order_form", expression.MustCompile(`(?i)\border form\b|\bpurchase order\b|\bsubscription order\b|\bservice order\b`)},
	{"nda", expression.MustCompile(`(?i)\bnon-? ?disclosure\b|\bconfidentiality\b|\bsecrecy\b|\bNDA\b`)},
	{"dpa", expression.MustCompile(`(?i)\bdata (?:processing|protection)\b|\bDPA\b`)},
	{"sla", expression.MustCompile(`(?i)\bservice[- ]level\b|\bSLA\b`)},
	{"support", expression.MustCompile(`(?i)\b(?:support|maintenance)\b`)},
	{"employment", expression.MustCompile(`(?i)\bemployment\b|\bseverance\b`)},
	{"consulting", expression.MustCompile(`(?i)\bconsult(?:ing|ancy|ant)\b`)},
	{"reseller", expression.MustCompile(`(?i)\b(?:re-?seller|reselling|value added)\b`)},
	{"distribution", expression.MustCompile(`(?i)\bdistribut(?:or|ion|orship)\b`)},
	{"supply", expression.MustCompile(`(?i)\bsuppl(?:y|ier)\b|\bpurchas(?:e|ing)\b`)},
	{"manufacturing", expression.MustCompile(`(?i)\bmanufactur`)},
	{"lease", expression.MustCompile(`(?i)\blease\b`)},
	{"msa", expression.MustCompile(`(?i)\bmaster (?:\w+ ){0,3}(?:service|subscription|agreement)|\bsubscription agreement\b|\bcloud service|\bsoftware[- ]as[- ]a[- ]service|\bSaaS\b|\bMSA\b`)},
	{"license", expression.MustCompile(`(?i)\blicen[sc]`)},
	{"franchise", expression.MustCompile(`(?i)\bfranchis`)},
	{"outsourcing", expression.MustCompile(`(?i)\boutsourcing\b`)},
	{"hosting", expression.MustCompile(`(?i)\bhosting\b`)},
	{"joint_venture", expression.MustCompile(`(?i)\bjoint venture\b`)},
	{"services", expression.MustCompile(`(?i)\bservices?\b`)},
	{"agency", expression.MustCompile(`(?i)\bagency\b`)},
	{"agreement", expression.MustCompile(`(?i)\b(?:agreement|contract|terms)\b`)},
}

// ContractType tells the type of a contract from its title, "" where the title does not tell.
func ContractType(title string) string {
	if master.MatchString(title) && !amends.MatchString(title) {
		if supply.MatchString(title) {
			return "supply"
		}
		return "msa"
	}
	for _, p := range papers {
		if p.re.MatchString(title) {
			return p.kind
		}
	}
	return ""
}

var (
	master = expression.MustCompile(`(?i)\bmaster\b`)
	supply = expression.MustCompile(`(?i)\bsupply|purchase\b`)
	amends = expression.MustCompile(`(?i)\bamend|\bstatement of work|\border\b|\bwork order|\bexhibit|\bschedule`)
)
