package grammar

import "github.com/pactloop/pactloop/internal/wording/expression"

var (
	bonusWord = expression.MustCompile(`(?i)\b(?:bonus(?:es)?|rewards?|incentives?|success fees?|earn[- ]?back|gain[- ]?share)\b`)
	bonusCase = expression.MustCompile(`(?i)(?:^[\d.()a-z]{0,8} ?|[,;:] ?|\b(?:but|and) )(?:if|where|when|whenever|should|provided|to the extent)\b|\bfor (?:each|every|any)\b|\b(?:if|where|provided that|whenever) (?:it|he|she|they|the|all|no)\b|\b(?:earns?|entitled to|receives?|qualif\w+ for)\b`)
)

// forBonus tells whether a sentence says what earns a bonus: what is done then is rewarded, and owed by nobody.
func forBonus(s string) bool { return bonusWord.MatchString(s) && bonusCase.MatchString(s) }
