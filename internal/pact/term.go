package pact

import (
	"github.com/shopspring/decimal"
)

// Term is a value a clause fixes, with what supports it. Terms of a published version are reviewed.
type Term struct {
	Name         string          `json:"name"`
	Value        Value           `json:"value"`
	Evidence     []Evidence      `json:"evidence,omitempty"`
	Derivation   *Derivation     `json:"derivation,omitempty"`
	Confidence   decimal.Decimal `json:"confidence"`
	Verification Verification    `json:"verification"`
	Extractor    string          `json:"extractor,omitempty"` // "grammar/1"; "person" where entered by hand
	DecidedBy    string          `json:"decided_by,omitempty"`
	DecisionID   DecisionID      `json:"decision_id,omitempty"`
	DocumentID   DocumentID      `json:"document_id,omitempty"` // the governing document
}

// TermSpec describes a term the product knows: its kind, label, and whether a wrong value is costly.
type TermSpec struct {
	Name       string      `json:"name"`
	Label      string      `json:"label"`
	Kind       ValueKind   `json:"kind"`
	Also       []ValueKind `json:"also,omitempty"` // other kinds the value may have
	Group      string      `json:"group"`
	HighStakes bool        `json:"high_stakes"`
	Required   bool        `json:"required"` // shown as "not found" when absent
}

// PrecedenceTerm is the term that says which of the documents of a contract governs where they differ: "Order Form > Schedules > this
// Agreement", the one that governs first.
const PrecedenceTerm = "order_of_precedence"

// TermSpecs is every term the product reads, in the order of display.
func TermSpecs() []TermSpec {
	return []TermSpec{
		{Name: "title", Label: "Title", Kind: TextValue, Group: "Contract", Required: true},
		{Name: "contract_type", Label: "Type", Kind: TextValue, Group: "Contract", Required: true},
		{Name: "contract_number", Label: "Contract number", Kind: TextValue, Group: "Contract"},
		{Name: "parties", Label: "Parties", Kind: PartiesValue, Group: "Contract", Required: true},
		{Name: "key_contacts", Label: "Key contacts", Kind: TextValue, Group: "Contract"},
		{Name: "products_services", Label: "Products and services", Kind: TextValue, Group: "Contract"},
		{Name: "governing_law", Label: "Governing law", Kind: TextValue, Group: "Contract"},
		{Name: PrecedenceTerm, Label: "Order of precedence", Kind: TextValue, Group: "Contract", HighStakes: true},
		{Name: "agreement_date", Label: "Agreement date", Kind: DateValue, Group: "Dates"},
		{Name: "effective_date", Label: "Effective date", Kind: DateValue, Group: "Dates", Required: true},
		{Name: "expiration_date", Label: "Expiration date", Kind: DateValue, Also: []ValueKind{EvergreenValue}, Group: "Dates", HighStakes: true},
		{Name: "term", Label: "Term", Kind: DurationValue, Also: []ValueKind{EvergreenValue}, Group: "Dates"},
		{Name: "renewal_term", Label: "Renewal term", Kind: DurationValue, Also: []ValueKind{EvergreenValue}, Group: "Renewal"},
		{Name: "auto_renewal", Label: "Auto-renewal", Kind: FlagValue, Group: "Renewal", HighStakes: true},
		{Name: "notice_period", Label: "Notice period", Kind: DurationValue, Group: "Renewal", HighStakes: true},
		{Name: "termination_rights", Label: "Rights to terminate", Kind: TextValue, Group: "Renewal"},
		{Name: "renewal_date", Label: "Renewal date", Kind: DateValue, Group: "Renewal"},     // derived
		{Name: "notice_send_by", Label: "Send notice by", Kind: DateValue, Group: "Renewal"}, // derived
		{Name: "payment_terms", Label: "Payment terms", Kind: PaymentValue, Group: "Money"},
		{Name: "total_contract_value", Label: "Total contract value", Kind: MoneyValue, Group: "Money", HighStakes: true},
		{Name: "annual_contract_value", Label: "Annual contract value", Kind: MoneyValue, Group: "Money", HighStakes: true},
		{Name: "price_escalator", Label: "Price escalator", Kind: TextValue, Group: "Money"},
		{Name: "minimum_commitment", Label: "Minimum commitment", Kind: TextValue, Also: []ValueKind{MoneyValue}, Group: "Money"},
		{Name: "currency", Label: "Currency", Kind: TextValue, Group: "Money"},
		{Name: "liability_cap", Label: "Liability cap", Kind: CapValue, Also: []ValueKind{MoneyValue, TextValue}, Group: "Risk", HighStakes: true},
		{Name: "insurance_limits", Label: "Insurance", Kind: TextValue, Group: "Risk"},
		{Name: "assignment", Label: "Assignment", Kind: TextValue, Group: "Risk"},
		{Name: "exclusivity", Label: "Exclusivity", Kind: TextValue, Group: "Risk"},
		{Name: "zone", Label: "Time zone", Kind: TextValue, Group: "Service level"},
		{Name: "uptime_target", Label: "Uptime target", Kind: PercentageValue, Group: "Service level", HighStakes: true},
		{Name: "service_credits", Label: "Service credits", Kind: TiersValue, Group: "Service level", HighStakes: true},
		{Name: "claim_window", Label: "Claim window", Kind: DurationValue, Group: "Service level"},
	}
}

// TermSpecOf finds the description of a term.
func TermSpecOf(name string) (TermSpec, bool) {
	for _, s := range TermSpecs() {
		if s.Name == name {
			return s, true
		}
	}
	return TermSpec{}, false
}
