package wording

import "regexp"

type paper struct {
	kind string
	re   *regexp.Regexp
}

// The kinds of paper, the more telling first: an amendment to a lease is an amendment.
var papers = []paper{
	{"amendment", regexp.MustCompile(`(?i)\bamendment\b|\bamending\b|\bchange order\b`)},
	{"sow", regexp.MustCompile(`(?i)\bstatement of work\b|\bwork order\b|^SOW\b`)},
	{"order_form", regexp.MustCompile(`(?i)\border form\b|\bpurchase order\b|\bsubscription order\b|\bservice order\b`)},
	{"nda", regexp.MustCompile(`(?i)\bnon-? ?disclosure\b|\bconfidentiality\b|\bsecrecy\b|\bNDA\b`)},
	{"dpa", regexp.MustCompile(`(?i)\bdata (?:processing|protection)\b|\bDPA\b`)},
	{"sla", regexp.MustCompile(`(?i)\bservice[- ]level\b|\bSLA\b`)},
	{"support", regexp.MustCompile(`(?i)\b(?:support|maintenance)\b`)},
	{"employment", regexp.MustCompile(`(?i)\bemployment\b|\bseverance\b`)},
	{"consulting", regexp.MustCompile(`(?i)\bconsult(?:ing|ancy|ant)\b`)},
	{"reseller", regexp.MustCompile(`(?i)\b(?:re-?seller|reselling|value added)\b`)},
	{"distribution", regexp.MustCompile(`(?i)\bdistribut(?:or|ion|orship)\b`)},
	{"supply", regexp.MustCompile(`(?i)\bsuppl(?:y|ier)\b|\bpurchas(?:e|ing)\b`)},
	{"manufacturing", regexp.MustCompile(`(?i)\bmanufactur`)},
	{"lease", regexp.MustCompile(`(?i)\blease\b`)},
	{"msa", regexp.MustCompile(`(?i)\bmaster (?:\w+ ){0,3}(?:service|subscription|agreement)|\bsubscription agreement\b|\bcloud service|\bsoftware[- ]as[- ]a[- ]service|\bSaaS\b|\bMSA\b`)},
	{"license", regexp.MustCompile(`(?i)\blicen[sc]`)},
	{"franchise", regexp.MustCompile(`(?i)\bfranchis`)},
	{"outsourcing", regexp.MustCompile(`(?i)\boutsourcing\b`)},
	{"hosting", regexp.MustCompile(`(?i)\bhosting\b`)},
	{"joint_venture", regexp.MustCompile(`(?i)\bjoint venture\b`)},
	{"services", regexp.MustCompile(`(?i)\bservices?\b`)},
	{"agency", regexp.MustCompile(`(?i)\bagency\b`)},
	{"agreement", regexp.MustCompile(`(?i)\b(?:agreement|contract|terms)\b`)},
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
	master = regexp.MustCompile(`(?i)\bmaster\b`)
	supply = regexp.MustCompile(`(?i)\bsupply|purchase\b`)
	amends = regexp.MustCompile(`(?i)\bamend|\bstatement of work|\border\b|\bwork order|\bexhibit|\bschedule`)
)
