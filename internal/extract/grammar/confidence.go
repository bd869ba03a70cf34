package grammar

// How sure a find is. The figures for title, parties, dates, law, renewal term and notice are the share of right values
// among all that the rule gave on 408 labelled contracts (a value given where the label is empty counts as wrong), rounded
// down; `pactloop evaluate` prints them again, by confidence. The rules were written while four fifths of these contracts
// were in sight, so the figures are somewhat hopeful; a rule with fewer than thirty samples stays at 0.84. All other fields have no labelled data and
// stay at 0.84 or below, whatever we believe of them, so that a person looks at each.
const (
	confidenceTitle           = "0.82"
	confidenceParties         = "0.74"
	confidencePartiesWeak     = "0.10"
	confidenceLaw             = "0.98"
	confidenceLawWeak         = "0.80"
	confidenceEffectiveByDate = "0.27" // nothing says so; right in two of three where the label has a date at all
	confidenceExpirationSaid  = "0.84"
	confidenceExpirationWeak  = "0.74"
	confidenceExpirationFrom  = "0.58"
	confidenceRenewal         = "0.84"
	confidenceRenewalWeak     = "0.70"
	confidenceNotice          = "0.86"
	confidenceNoticeWeak      = "0.32"
)

func confidenceDate(name, class string) string {
	if name == "agreement_date" {
		switch class {
		case "made":
			return "0.88"
		case "head":
			return "0.77"
		}
		return "0.66"
	}
	switch class {
	case "effective":
		return "0.95"
	case "commences", "defined":
		return "0.84"
	}
	return "0.70"
}
