package grammar

import (
	"slices"
	"sync"

	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// sign is what a sentence shows at first sight: that one of some words stands in it. Most sentences of a contract show nothing
// of what a finder looks for, and all signs are told in one pass.
type sign uint64

const (
	signTime     sign       = 1 << iota // of a time or an event
	signActs                            // of somebody who does something
	signSoft                            // of a service level that is none: where levelSoft may match
	signUnit                            // of a unit of time
	signMeans                           // of a definition: where defines may match
	signLead                            // of a lead time: where leadTimes may match
	signStage                           // of milestones: where milestoneLine may match
	signRenew                           // of a renewal
	signSpan                            // of a length of time that signUnit does not name
	signDefined                         // of a definition without a quotation mark in front
	signRhythm                          // of what comes again
	signMonth                           // of a month by its name
	signOrdinal                         // of a day or a part by its number
	signWeekday                         // of a day of the week
	signNoNotice                        // of an end: where noNotice may match
	signWithin                          // of the word within
	signLevel                           // of service levels: a paper without one has none
	signParts                           // of what is paid, and may be in parts
	signBlank                           // of a blank: where wording.Blank may match
	signAll      = ^sign(0)             // of everything: for what is no sentence
)

var signWords = sync.OnceValue(func() *expression.Words {
	return expression.NewWords(
		[]string{"within", "later than", "each", "every", "monthly", "quarterly", "annual", "daily", "weekly", "yearly", "upon", "promptly", "prior to", "at least", "insurance", "by the", "on or before", "following", "after", "before", " by ", "latest", "day", "month", "week", "once ", "twice", "on request", "without delay", "without undue", "immediately", "hour", "night", " years", "agreement ends", "contract ends", "term ends", "on activation", "on shipment", "on dispatch", "with the ", "january", "february", "march", "april", "june", "july", "august", "september", "october", "november", "december", "until", "at hand", "at the end", "notice"},
		[]string{" shall ", " must ", " will ", " to ", " is ", " are ", "s ", " has ", " have ", "we ", "you ", " be ", "parties "},
		[]string{"aim to", "aims to", "aiming to", "endeavo", "tries to", "try to", "strive", "\u017f", "is a goal", "no service level", "not binding", "non-binding", "for guidance", "indicative"},
		[]string{"minute", "hour", "day", "min", " hr", "nbd", "week", "half an", " h"},
		[]string{`"`, "mean", "is defined as", "refers to"},
		[]string{"lead time", "lead-time", "delivery"},
		[]string{"milestone", "deliverable", "stage", "phase", "following date", "following schedule", "time table", "timetable", "project plan", "project programme", "project schedule", "delivery plan", "delivery programme", "delivery schedule"},
		[]string{"renew", "exten", "automatic", "to-year", "to year", "to month", "to-month", "roll", "prolong", "keeps going", " on for", "continues for", "without notice", "tacit", "carries on", "stays in force", "new term", "new period", "further term", "further period", "evergreen", "successive", "consecutive"},
		[]string{"month", "quarter", "year", "yr", "half", "hrs", "bd", "bh", "wd", "wh", "0m", "1m", "2m", "3m", "4m", "5m", "6m", "7m", "8m", "9m", "0h", "1h", "2h", "3h", "4h", "5h", "6h", "7h", "8h", "9h"},
		[]string{"means", "shall mean", "has the meaning", "have the meaning", "is defined as", "refers to", "\u017f"},
		[]string{"daily", "week", "month", "quarter", "annual", "year", "day", "spring", "autumn", "summer", "winter", "fortnight", "night", "hours", "\u212a"},
		[]string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"},
		ordinalSigns(),
		[]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "\u017f"},
		[]string{"renew", "extend", "prolong", "intention not", "to terminate", "may terminate", "of termination", "to end th", "not want this", "\u017f"},
		[]string{"within"},
		[]string{"priorit", "severit", "incident", "ticket", "service level", "response time", "reaction", "outage", "help desk", "helpdesk", "service desk", "fault", "breakdown", "call-out", "complaint", "alarm", "resolution time", "first reply", "first response", "failed", "out of order", "out of action", "attendance", "stands still", "on site", "on-site"},
		[]string{"pay", "paid", "instalment", "installment", "milestone", "invoice", "price", "due", "advance", "fee"},
		[]string{"__", "[", "***", ".....", "\u25cf"},
	)
})

// ordinalSigns are the words that number a day, and the ends of such numbers in figures: "first", "5th".
func ordinalSigns() []string {
	words := []string{"\u017f"}
	for w := range ordinalDays {
		words = append(words, w)
	}
	for d := '0'; d <= '9'; d++ {
		for _, end := range []string{"st", "nd", "rd", "th"} {
			words = append(words, string(d)+end)
		}
	}
	return words
}

// anyWord makes the automaton of words of which one must stand in a text for it to be read further: all are looked for in one pass.
func anyWord(words ...string) func() *expression.Words {
	return sync.OnceValue(func() *expression.Words { return expression.NewWords(words) })
}

// says tells whether a stretch has one of some words, in small letters.
func (f *flow) says(words *expression.Words, sp wording.Span) bool {
	return words.In(f.lower[sp.Start:sp.End]) != 0
}

// shows tells whether sentence n has one of the signs.
func (f *flow) shows(n int, any sign) bool { return f.signs[n]&any != 0 }

// showsAnywhere tells whether some sentence has one of the signs.
func (f *flow) showsAnywhere(any sign) bool {
	return slices.ContainsFunc(f.signs, func(s sign) bool { return s&any != 0 })
}

func (f *flow) readSigns() {
	words := signWords()
	f.signs = make([]sign, len(f.sentences))
	for n, sp := range f.sentences {
		f.signs[n] = sign(words.In(f.lower[sp.Start:sp.End]))
	}
}
