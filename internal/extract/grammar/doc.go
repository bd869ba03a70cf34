// Package grammar finds terms and obligations in contracts by rules: cues that lawyers write, and typed values beside them.
//
// It owns where a value is looked for and how sure a find is. It does not own how words become values (wording), the
// check of what was found (extract) or any model. Invariants: the same text gives the same candidates; every candidate
// has a passage cut from the text; running headers and footers give no values; a field whose precision was never
// measured on labelled contracts is never above 0.84; where the text leaves a question open the candidate has an
// ambiguity and, if no reading is safe, no value.
//
// Extract (grammar.go) makes a reading of a document and lets one finder after the other add to it. Where to look:
//
//   - The text that is read: flow.go (normal form, sentences, spans), cue.go and sign.go (the words that finders start from,
//     looked up in one pass), grid.go (tables), figure.go (a value with the words that govern it, in a cell or behind a label),
//     blank.go (what was never filled in), note_ask.go (notes), contradiction.go (two sentences that differ).
//   - What paper it is, and who signs it: heading.go (title, type, number), preamble.go and the files party*.go (names, roles, aliases),
//     acts.go (who acts in a sentence), law.go, dollar.go (whose dollar).
//   - Which of several readings is given: choice*.go offers readings with their features, rank.go weighs them, answer.go and decide.go
//     give one, confidence.go and calibrate.go say how sure it is. learn.go and fit.go learn the weights, shipped.go holds those that ship.
//   - When it begins, ends and renews: term.go, stated.go, stated_term.go, shift.go (days given by another day), renewal.go, and
//     other_end.go (ends that are not its own).
//   - Clauses as terms: clause.go, precedence.go (which document governs).
//   - Money: price.go (payment terms, total value, currency, liability cap), unit_price*.go, tier*.go and rebate.go (bands of volume),
//     commitment*.go (what must be bought), escalator*.go (how prices move), instalment.go, delay.go (damages and milestones),
//     own_period.go (years of the contract).
//   - Levels of a service: service.go (hours, availability), level*.go (response, resolution, shares), maintenance.go, credit_*.go,
//     bonus.go.
//   - Insurance: cover.go (what must be held), certificate.go (what is held).
//   - Duties, sentence by sentence: duty.go, and a file for each part of the question, duty_*.go: who, whom, verb, time, event, table.
//   - Amendments: operation.go (what the paper does to another), amendment.go (from which day).
//
// A word that a finder asks for stands in a list (cue.go), which a test watches: one that is in none costs a pass over the whole text.
// Whoever changes a feature of a reading learns the ranking again (learn.go); whoever changes what is found raises the version (source).
package grammar
