package clause

// Category is a kind of clause that contracts are searched for.
type Category struct {
	Name     string // "governing_law"
	Label    string // "Governing law"
	Question string // what a reader wants to know of it
	CUAD     string // its name in CUAD; empty for the kinds that CUAD lacks
}

// Categories is every kind of clause, in the order of the weights: the 41 of CUAD, then those learned from our own set. A
// new kind goes at the end, and the weights are made again.
func Categories() []Category { return append([]Category(nil), categories[:]...) }

// CategoryOf gives a category by its name or by its name in CUAD.
func CategoryOf(name string) (Category, bool) {
	for _, c := range categories {
		if c.Name == name || c.CUAD != "" && c.CUAD == name {
			return c, true
		}
	}
	return Category{}, false
}

var categories = [...]Category{
	{"document_name", "Document name", "What does the document call itself?", "Document Name"},
	{"parties", "Parties", "Who signs, and what is each called in the text?", "Parties"},
	{"agreement_date", "Agreement date", "What date does the document bear?", "Agreement Date"},
	{"effective_date", "Effective date", "From when does it apply?", "Effective Date"},
	{"expiration_date", "Expiration date", "When does the first term end?", "Expiration Date"},
	{"renewal_term", "Renewal term", "For how long does it go on after the first term?", "Renewal Term"},
	{"notice_to_terminate_renewal", "Notice against renewal", "How long before the end must somebody say that it shall not renew?", "Notice Period To Terminate Renewal"},
	{"governing_law", "Governing law", "Which law governs it?", "Governing Law"},
	{"most_favored_nation", "Most favoured customer", "Must one side be given terms as good as anybody else's?", "Most Favored Nation"},
	{"non_compete", "Non-compete", "Is one side kept from competing, in a field, a place or a time?", "Non-Compete"},
	{"exclusivity", "Exclusivity", "Does one side promise to deal with the other alone?", "Exclusivity"},
	{"no_solicit_customers", "No solicitation of customers", "May one side not court the other's customers?", "No-Solicit Of Customers"},
	{"competitive_restriction_exception", "Exception to a restriction", "What is allowed in spite of a non-compete, exclusivity or no-solicitation?", "Competitive Restriction Exception"},
	{"no_solicit_employees", "No solicitation of employees", "May one side not hire or court the other's people?", "No-Solicit Of Employees"},
	{"non_disparagement", "Non-disparagement", "May one side not speak ill of the other?", "Non-Disparagement"},
	{"termination_for_convenience", "Termination for convenience", "May a side end it without a reason?", "Termination For Convenience"},
	{"right_of_first_refusal", "Right of first refusal, offer or negotiation", "Must something be offered to a side before others?", "Rofr/Rofo/Rofn"},
	{"change_of_control", "Change of control", "What follows when a side is sold, merged or taken over?", "Change Of Control"},
	{"anti_assignment", "Assignment", "Is consent or notice needed to assign it?", "Anti-Assignment"},
	{"revenue_sharing", "Revenue or profit sharing", "Is revenue or profit shared with the other side?", "Revenue/Profit Sharing"},
	{"price_restrictions", "Price restrictions", "May prices be raised or lowered only within limits?", "Price Restrictions"},
	{"minimum_commitment", "Minimum commitment", "Is there a least amount, quantity or number that one side must take or give?", "Minimum Commitment"},
	{"volume_restriction", "Volume restriction", "Does something follow when use passes a limit?", "Volume Restriction"},
	{"ip_ownership_assignment", "Assignment of intellectual property", "Does what one side makes become the other's?", "Ip Ownership Assignment"},
	{"joint_ip_ownership", "Joint intellectual property", "Do both sides own something together?", "Joint Ip Ownership"},
	{"license_grant", "Licence grant", "Does one side give the other a licence?", "License Grant"},
	{"non_transferable_license", "Non-transferable licence", "May the licence not be passed on?", "Non-Transferable License"},
	{"affiliate_license_licensor", "Licence by affiliates", "Does the licence cover what affiliates of the licensor own?", "Affiliate License-Licensor"},
	{"affiliate_license_licensee", "Licence to affiliates", "May affiliates of the licensee use the licence?", "Affiliate License-Licensee"},
	{"unlimited_license", "Unlimited licence", "Is use without a limit licensed, for a site or an enterprise?", "Unlimited/All-You-Can-Eat-License"},
	{"perpetual_license", "Irrevocable or perpetual licence", "Can a licence not be taken back, or does it never end?", "Irrevocable Or Perpetual License"},
	{"source_code_escrow", "Source code escrow", "Is source code kept by a third party and released on an event?", "Source Code Escrow"},
	{"post_termination_services", "Duties after the end", "What must still be done after it ends?", "Post-Termination Services"},
	{"audit_rights", "Audit rights", "May a side look into the other's books, places or work?", "Audit Rights"},
	{"uncapped_liability", "Uncapped liability", "For what is liability without a limit?", "Uncapped Liability"},
	{"cap_on_liability", "Cap on liability", "Is liability limited in amount, kind or time?", "Cap On Liability"},
	{"liquidated_damages", "Liquidated damages", "Is a sum fixed for a breach or for ending early?", "Liquidated Damages"},
	{"warranty_duration", "Warranty period", "For how long is something warranted?", "Warranty Duration"},
	{"insurance", "Insurance", "Must a side keep insurance?", "Insurance"},
	{"covenant_not_to_sue", "Covenant not to sue", "May a side not contest the other's rights, or not sue?", "Covenant Not To Sue"},
	{"third_party_beneficiary", "Third-party beneficiary", "Can somebody who is no party enforce it?", "Third Party Beneficiary"},

	// Kinds that CUAD lacks.
	{"service_level", "Service level", "What quality of service is promised, and how is it measured?", ""},
	{"service_credit", "Service credit", "What is credited when the service falls short?", ""},
	{"payment_terms", "Payment terms", "When is what to be paid, and what follows when it is late?", ""},
	{"price_and_tiers", "Prices and tiers", "What does it cost, and how does the price change with quantity or time?", ""},
	{"delivery", "Delivery", "What is delivered when, where and on which terms?", ""},
	{"reporting_duty", "Reporting duty", "What must be reported, by whom and how often?", ""},
	{"acceptance_and_milestones", "Acceptance and milestones", "How is work accepted, and by which steps?", ""},
	{"data_protection", "Data protection", "How must personal data be handled?", ""},
	{"security_attestation", "Security attestation", "Which proof of security must be given?", ""},
	{"audit_duty", "Audit duty", "Which audit must a side undergo or have made?", ""},
}
