package grammar

// How sure a find is. The figures for dates, parties, law, term, renewal and notice are the precision of the rule on
// labelled contracts, rounded down; they are renewed with `pactloop evaluate`. All other fields have no labelled data
// and stay at 0.84 or below, whatever we believe of them, so that a person looks at each.
const (
	confidenceParties         = "0.80"
	confidenceLaw             = "0.93"
	confidenceExpirationSaid  = "0.80"
	confidenceRenewal         = "0.80"
	confidenceNotice          = "0.85"
	confidenceEffectiveByDate = "0.60"
)

func confidenceDate(name, class string) string {
	if name == "agreement_date" {
		switch class {
		case "made":
			return "0.90"
		case "letter":
			return "0.80"
		case "head":
			return "0.70"
		}
		return "0.60"
	}
	switch class {
	case "defined":
		return "0.88"
	case "effective":
		return "0.85"
	}
	return "0.75"
}
