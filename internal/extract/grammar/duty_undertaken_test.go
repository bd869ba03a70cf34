package grammar_test

import "testing"

// Duties as deeds, agreements on data and on security word them.
func TestDutiesThatAreUndertaken(t *testing.T) {
	t.Parallel()
	readDuties(t, []dutyCase{
		{"The Supplier agrees to submit a SOC 2 Type 2 report annually and to conduct a penetration test of the application once every year.", []string{"security_attestation supplier: Submit a SOC 2 Type 2 report annually (yearly)", "audit supplier: Conduct a penetration test of the application once every year (yearly)"}},
		{"The Supplier undertakes to return all documents within thirty (30) days of the Customer's written request and to confirm in writing within five (5) days after that date that it has done so.", []string{"return_of_data supplier: Return all documents (on event) in 30 day from the Customer's written request", "confirmation supplier: Confirm in writing (on event) in 5 day from that date that it has done so"}},
		{"The Supplier undertakes to return or destroy all documents within thirty (30) days of the Customer's written request and to confirm in writing within five (5) days after that date that it has done so.", []string{"return_of_data supplier: Return or destroy all documents (on event) in 30 day from the Customer's written request", "confirmation supplier: Confirm in writing (on event) in 5 day from that date that it has done so"}},
		{"A Supplier that becomes aware of a suspected disclosure must tell the Customer immediately and in any event within two Business Days.", []string{"notice supplier: Tell the Customer immediately and in any event within two Business Days (on event) in 2 business_day when when the Supplier becomes aware of a suspected disclosure"}},
		{"The Supplier shall procure that an independent penetration test of the Portal is carried out once in each Contract Year.", []string{"audit supplier: An independent penetration test of the Portal is carried out once in each Contract Year (yearly)"}},
		{"The Supplier shall procure that its subcontractors return the Customer's documents within 15 days of the end of their work.", []string{"return_of_data supplier: Return the Customer's documents (on event) in 15 day from the end of their work"}},
		{"The Supplier shall procure that its subcontractors comply with this Agreement and report incidents within 24 hours.", []string{"reporting supplier: Report incidents (on event) in 24 hour"}},
		{"On termination the Supplier agrees to return or securely delete all Customer Data within 45 days.", []string{"return_of_data supplier: Return or securely delete all Customer Data (once) in 45 day when On termination"}},
		{"The Supplier shall allow audit upon 5 business days' notice, not more than twice a year.", []string{"audit supplier: Allow audit upon 5 business days' notice, not more than twice a year (on event) in 5 business_day when upon 5 business days' notice"}},
		{"Data breach: the Supplier shall inform the Customer within 36 hours after discovery.", []string{"breach_notification supplier: Inform the Customer within 36 hours after discovery (on event) in 36 hour from discovery"}},
		{"The Supplier shall furnish certificates of insurance within ten (10) days of the date hereof and on each renewal of coverage.", []string{"insurance_certificate supplier: Furnish certificates of insurance (on event) in 10 day from the date hereof", "insurance_certificate supplier: Furnish certificates of insurance (on event) when on each renewal of coverage"}},
		{"The Supplier shall maintain ISO/IEC 27001 certification and shall provide the Customer with the current certificate within 10 days of each audit.", []string{"security_attestation supplier: Maintain ISO/IEC 27001 certification", "security_attestation supplier: Provide the Customer with the current certificate (on event) in 10 day from each audit"}},
		{"The Supplier shall renew its liability insurance every year and shall transmit the certificate to the Customer before 31 January.", []string{"performance supplier: Renew its liability insurance every year (yearly)", "insurance_certificate supplier: Transmit the certificate to the Customer before 31 January (yearly) by 1-31"}},
		{"When the agreement ends the Supplier shall hand the Customer's data back within 30 days.", []string{"return_of_data supplier: Hand the Customer's data back (once) in 30 day when When the agreement ends"}},
		{"Upon termination the Supplier shall return all data within 30 days and thereafter purge its copies within 15 days.", []string{"return_of_data supplier: Return all data (once) in 30 day when on termination", "return_of_data supplier: Purge its copies (on event) in 15 day when on termination"}},
	})
}

// An amendment gives a clause new words in quotation marks; a definition begins with them, too.
func TestDutiesInWordsThatAreQuoted(t *testing.T) {
	t.Parallel()
	readDuties(t, []dutyCase{
		{"\"The Supplier shall send the Customer a written report within five (5) days after the end of each month.\"", []string{"reporting supplier: Send the Customer a written report (monthly) in 5 day from the end of each month"}},
		{"\"Report\" is the report that the Supplier shall send the Customer within five (5) days after the end of each month.", nil},
		{"\"Report\" (in the plural \"Reports\") is what the Supplier shall send the Customer within five (5) days after the end of each month.", nil},
	})
}
