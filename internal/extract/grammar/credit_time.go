package grammar

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Credits for the time that something was down, and what limits them over another time than the one they are given for.

var (
	// eachTime is a step of time; its groups: full or started, the unit, a part of it that counts, what follows.
	eachTime = expression.MustCompile(`(?i)\b(?:for each|for every|per|each|every) (full |complete |whole |started |commenced |begun )?(hours?|half[- ]hours?|minutes?|days?|\d{1,3} minutes)\b( or part\b(?: thereof| of an? \w+)?)?([^.;%]{0,70})`)
	ofDown   = expression.MustCompile(`(?i)^ (?:of|for|in|during|on) (?:the |any |such |its )?(?:downtime|down time|unavailability|non-?availability|outage|which (?:the|it)\b[^,]{0,40}\b(?:down|unavailable|not available))`)
	beyondIt = expression.MustCompile(`(?i)\b(?:below|beyond|over|above|in excess|more than|exceed\w*|short|under)\b`)
	// onlyBeyond is the time from which a credit is given at all.
	onlyBeyond = expression.MustCompile(`(?i)\b(?:exceed\w*|more than|longer than|over|above|beyond|in excess of)\b[^.;%]{0,40}\b(?:hours?|minutes?|days?)\b`)
	knockOff   = expression.MustCompile(`(?i)\b(?:knock|take)s?\b[^.;]{0,60}\boff\b`)
	// partOfFee is a fraction of a fee: "1/30 of the monthly charge".
	partOfFee = expression.MustCompile(`(?i)\b1/\d{1,3}(?:th)? of (?:the |its |that )?(?:[\w-]+ ){0,3}(?:fees?|charges?|price|rent)\b`)
	halfCap   = expression.MustCompile(`(?i)\b(?:capped at|up to|at most|limited to|(?:no|not) more than|not exceed|maximum of) (?:one[- ])?half (?:of )?(?:the|your|that|its)\b`)
	otherSpan = expression.MustCompile(`(?i)\b(?:in|over|during|within|per|for) (?:any |each |a |every |one |the )?(?:given |single |calendar |contract )?(quarter|half[- ]year|year|month)\b`)
	// otherPart ends what is said of a limit: the next one begins there.
	otherPart = expression.MustCompile(`(?i),? and (?:in|over|during|within|per|for)\b|\d[\d.,]* ?(?:%|per ?cent)`)
	earnsBack = expression.MustCompile(`(?i)\bearn(?:s|ed|ing)?[- ](?:(?:it|them|that credit|the credits?|credits?) )?back\b|\bearnback\b`)
	notEarned = expression.MustCompile(`(?i)\b(?:not|never|no|nor|cannot)\b[^.;,]{0,30}$`)
	aboutTime = expression.MustCompile(`(?i)\b(?:respon\w+|resol\w+|restor\w+|repair\w*|deliver\w*|late)\b`)
)

// stepOfTime reads a credit for each step of the time that something was down, from a sentence on credits. What counts only beyond the
// promise, or is a fraction of a fee, has no form and is asked.
func stepOfTime(s string) (*obligation.StepCredit, *pact.Ambiguity) {
	m := eachTime.FindStringSubmatchIndex(s)
	if m == nil || !creditWord.MatchString(s) && !takesOff.MatchString(s) && !knockOff.MatchString(s) || aboutTime.MatchString(s) {
		return nil, nil
	}
	var share *decimal.Decimal
	for _, p := range wording.Percents(s) {
		if len(p.Readings) == 0 && !capCredit.MatchString(s[max(0, p.Start-60):p.Start]) && p.Value.LessThan(decimal.NewFromInt(90)) {
			share = &p.Value
			break
		}
	}
	fraction := partOfFee.MatchString(s)
	if share == nil && !fraction {
		return nil, nil
	}
	tail := s[m[8]:m[9]]
	if share == nil || !ofDown.MatchString(tail) || beyondIt.MatchString(tail) || onlyBeyond.MatchString(s[:m[0]]) {
		return nil, &pact.Ambiguity{Code: "per_step", Question: "The credit is given for each step of time in a way for which there is no form: “" + short110(strings.TrimSpace(s)) + "”. How is it computed?"}
	}
	step := &obligation.StepCredit{Of: "downtime_minutes", Percent: share}
	switch unit := strings.ToLower(s[m[4]:m[5]]); {
	case strings.HasPrefix(unit, "hour"):
		step.Step = decimal.NewFromInt(60)
	case strings.HasPrefix(unit, "half"):
		step.Step = decimal.NewFromInt(30)
	case strings.HasPrefix(unit, "day"):
		step.Step = decimal.NewFromInt(1440)
	case strings.HasPrefix(unit, "minute"):
		step.Step = decimal.NewFromInt(1)
	default:
		n, err := strconv.Atoi(strings.Fields(unit)[0])
		if err != nil || n == 0 {
			return nil, nil
		}
		step.Step = decimal.NewFromInt(int64(n))
	}
	if m[6] >= 0 || m[2] >= 0 && holds(strings.ToLower(s[m[2]:m[3]]), "started", "commenced", "begun") {
		step.Count = "started"
	}
	return step, nil
}

// limitOver tells whether a limit of credits is one over another time than a month, and over which: "15 % of the charges in any quarter".
func limitOver(s string, limit wording.Percent) string {
	behind := s[limit.End:min(len(s), limit.End+70)]
	if at := otherPart.FindStringIndex(behind); at != nil {
		behind = behind[:at[0]]
	}
	ahead := s[max(0, limit.Start-90):limit.Start]
	m := otherSpan.FindStringSubmatch(behind)
	if all := otherSpan.FindAllStringSubmatch(ahead[strings.LastIndexByte(ahead, '%')+1:], -1); m == nil && len(all) > 0 {
		m = all[len(all)-1]
	}
	if m == nil || strings.EqualFold(m[1], "month") {
		return ""
	}
	return strings.ReplaceAll(strings.ToLower(m[1]), " ", "-")
}

// limitOf reads a limit of credits over a quarter or a year: that of the time the level is measured over, or an open one.
func limitOf(s, period string) (*decimal.Decimal, *pact.Ambiguity) {
	for _, p := range wording.Percents(s) {
		if len(p.Readings) > 0 || !capCredit.MatchString(s[max(0, p.Start-110):p.Start]) || !creditWord.MatchString(s[:p.Start]) || overRun.MatchString(s[p.End:]) {
			continue
		}
		switch over := limitOver(s, p); over {
		case "":
		case strings.ReplaceAll(period, "_", "-"):
			return &p.Value, nil
		default:
			return nil, &pact.Ambiguity{Code: "cap_percent", Question: "Credits are limited to " + p.Value.String() + " % over a " + over + ", another time than the one they are given for. What is the most for each time that the level is measured over?"}
		}
	}
	return nil, nil
}
