package grammar

// How sure a find is. The figures for title, parties, dates, law, renewal term and notice are the share of right values
// among all that the rule gave on the labelled contracts of four folds (a value given where the label is empty counts as
// wrong), rounded down; `pactloop evaluate` prints them again, by confidence. All other fields have no labelled data and
// stay at 0.84 or below, whatever we believe of them, so that a person looks at each.
const (
	confidenceTitle           = "0.82"
	confidenceParties         = "0.70"
	confidencePartiesWeak     = "0.30"
	confidenceLaw             = "0.98"
	confidenceLawWeak         = "0.80"
	confidenceEffectiveByDate = "0.50" // nothing says so; right in two of three where the label has a date at all
	confidenceExpirationSaid  = "0.85"
	confidenceExpirationWeak  = "0.75"
	confidenceExpirationFrom  = "0.60"
	confidenceRenewal         = "0.85"
	confidenceRenewalWeak     = "0.55"
	confidenceNotice          = "0.86"
	confidenceNoticeWeak      = "0.35"
)

func confidenceDate(name, class string) string {
	if name == "agreement_date" {
		switch class {
		case "made":
			return "0.88"
		case "head":
			return "0.80"
		}
		return "0.75"
	}
	switch class {
	case "effective":
		return "0.96"
	case "commences":
		return "0.84"
	}
	return "0.70"
}
