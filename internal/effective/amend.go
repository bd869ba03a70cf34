package effective

// Amendable tells whether an amendment's reading of a term is about the contract it amends. What identifies the amendment
// itself (its title, type, number, date, parties) never replaces the contract's own.
func Amendable(term string) bool {
	switch term {
	case "title", "contract_type", "contract_number", "agreement_date", "effective_date", "parties":
		return false
	}
	return true
}
