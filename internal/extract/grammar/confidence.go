package grammar

// How sure a find is that no ranking decides. The figures for title and law are the share of right values among all that
// the rule gave on 408 labelled contracts (a value given where the label is empty counts as wrong), rounded down;
// `pactloop evaluate` prints the calibration again. Fields without labelled data stay at 0.84 or below, whatever we believe
// of them, so that a person looks at each.
const (
	confidenceTitle           = "0.82"
	confidenceLaw             = "0.98"
	confidenceLawWeak         = "0.80"
	confidenceAsked           = "0.84" // the most where the contract states another value too, so that a person looks
	confidenceEffectiveByDate = "0.27" // nothing says so
)
