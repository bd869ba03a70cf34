package grammar_test

import (
	"strings"
	"testing"
)

const (
	formCertificate = "CERTIFICATE OF LIABILITY INSURANCE                                DATE (MM/DD/YYYY) 04/05/2026\n\nPRODUCER\nSallow Creek Agency, Inc.\n19 Depot Street, Bangor, ME 04401\n\nINSURED\nLedgeway Roofing & Sheet Metal, Inc.\n402 Quarry Road, Orono, ME 04473\n\nINSURER A: Pine Tree Casualty Company\nINSURER B: Mutual of Merrimack Insurance Co.\n\nCOVERAGES\n\n" +
		"INSR LTR\tTYPE OF INSURANCE\tPOLICY NUMBER\tPOLICY EFF\tPOLICY EXP\tLIMITS\nA\tCOMMERCIAL GENERAL LIABILITY\tPTC-GL-20931\t05/01/2026\t05/01/2027\tEACH OCCURRENCE $1,000,000; MED EXP $5,000; GENERAL AGGREGATE $2,000,000; PRODUCTS AGGREGATE $3,000,000\nB\tUMBRELLA LIAB\tMM-UX-7781\t05/01/2026\t05/01/2027\tEACH OCCURRENCE $5,000,000; AGGREGATE $6,000,000\nB\tWORKERS COMPENSATION\tMM-WC-4410\t07/01/2025\t07/01/2026\tE.L. EACH ACCIDENT $500,000\n\n" +
		"DESCRIPTION OF OPERATIONS\nRoof replacement. Certificate holder is included as additional insured on general liability.\n\nCERTIFICATE HOLDER\nPenobscot Cold Storage LLC\n1 Harbor Way, Bucksport, ME 04416\n\nCANCELLATION\nShould any of the above described policies be cancelled before the expiration date thereof, notice will be delivered in accordance with the policy provisions."
	linesCertificate = "CERTIFICATE OF INSURANCE            DATE (MM/DD/YYYY) 02/03/2026\n\nPRODUCER: Corvane Risk Partners LLC, 88 Elm Ave, Hartford CT\nINSURED: Doverly Elevator Corp., 1200 Foundry Rd, Toledo OH 43604\nCERTIFICATE HOLDER: Saint Brannoc Hospital Group LLC, 400 E Broad St, Columbus OH 43215\n\nINSURER A: Old Chatham Casualty Company   24988\n\n" +
		"INSR  TYPE OF INSURANCE               POLICY NUMBER     POLICY EFF   POLICY EXP   LIMITS\nA     COMMERCIAL GENERAL LIABILITY    CGL-77341         03/01/2026   03/01/2027   EACH OCCURRENCE $ 1,000,000\n      [X] OCCUR                                                                   MED EXP (Any one person) $ 10,000\n                                                                                  GENERAL AGGREGATE $ 2,000,000\nA     AUTOMOBILE LIABILITY            BAP-1188          03/01/2026   03/01/2027   COMBINED SINGLE LIMIT $ 1,000,000"
	letterCertificate = "CONFIRMATION OF INSURANCE\n\nIssued to: Abbotsmoor Water plc\nDate: 2 April 2026\n\nWe act as insurance brokers to Cressing Drainage Limited and confirm that the following insurances are in force.\n\nEmployers' liability, Northgate General Insurance plc, policy no. EL-44120, 1 April 2026 to 31 March 2027, limit £10,000,000 any one occurrence\n\nProfessional indemnity, Calder Specialty SE, policy no. PI-90017, 1 October 2025 to 30 September 2026, limit £2,000,000 in the aggregate\n\nHartwell Broking Ltd"
)

// TestACertificateTellsWhatIsHeld reads who is insured and for whom, each policy, and the day of issue, in forms and in letters.
func TestACertificateTellsWhatIsHeld(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want map[string]string
	}{
		"a form in boxes with a table": {formCertificate, map[string]string{
			"title": "CERTIFICATE OF LIABILITY INSURANCE", "agreement_date": "2026-04-05", "expiration_date": "", "effective_date": "", "term": "",
			"parties":          "Ledgeway Roofing & Sheet Metal, Inc. (insured); Penobscot Cold Storage LLC (certificate holder)",
			"insurance_limits": "COMMERCIAL GENERAL LIABILITY: 1000000.00 USD each occurrence, 2000000.00 USD in the aggregate, 2026-05-01 to 2027-05-01, policy PTC-GL-20931; UMBRELLA: 5000000.00 USD each occurrence, 6000000.00 USD in the aggregate, 2026-05-01 to 2027-05-01, policy MM-UX-7781; WORKERS COMPENSATION: 500000.00 USD each occurrence, 2025-07-01 to 2026-07-01, policy MM-WC-4410",
		}},
		"a form in lines, limits below each other": {linesCertificate, map[string]string{
			"title": "CERTIFICATE OF INSURANCE", "agreement_date": "2026-02-03", "expiration_date": "",
			"parties":          "Doverly Elevator Corp. (insured); Saint Brannoc Hospital Group LLC (certificate holder)",
			"insurance_limits": "COMMERCIAL GENERAL LIABILITY: 1000000.00 USD each occurrence, 2000000.00 USD in the aggregate, 2026-03-01 to 2027-03-01, policy CGL-77341; AUTOMOBILE LIABILITY: 1000000.00 USD each occurrence, 2026-03-01 to 2027-03-01, policy BAP-1188",
		}},
		"a letter of a broker": {letterCertificate, map[string]string{
			"agreement_date": "2026-04-02", "expiration_date": "",
			"parties":          "Cressing Drainage Limited (insured); Abbotsmoor Water plc (certificate holder)",
			"insurance_limits": "Employers' liability: 10000000.00 GBP each occurrence, 2026-04-01 to 2027-03-31, policy EL-44120; Professional indemnity: 2000000.00 GBP in the aggregate, 2025-10-01 to 2026-09-30, policy PI-90017",
		}},
	} {
		for term, want := range c.want {
			if got := termIn(t, term, c.text); got != want {
				t.Errorf("%s: %s is %q, want %q", name, term, got, want)
			}
		}
	}
}

// TestACertificateIsAskedForByAContract leaves contracts that require certificates to their own parties and days.
func TestACertificateIsAskedForByAContract(t *testing.T) {
	t.Parallel()
	text := "SERVICES AGREEMENT\n\nThis Agreement is made on 3 May 2026 between Marlow Pumps Limited (\"Provider\") and Harbour Mills Limited (\"Customer\").\n\n1. Evidence of Insurance. The Provider shall hold public liability insurance of £5,000,000 each occurrence from 3 May 2026 to 2 May 2027 and send a certificate of insurance.\n\nInsured: Other Works Limited"
	for term, want := range map[string]string{"parties": "Marlow Pumps Limited (supplier); Harbour Mills Limited (customer)", "agreement_date": "2026-05-03"} {
		if got := termIn(t, term, text); got != want {
			t.Errorf("%s is %q, want %q", term, got, want)
		}
	}
}

// TestWhatTheSumsOfAPolicyAreFor reads for each case, for all together, or for neither, ahead of a sum, behind it or in the cell before.
func TestWhatTheSumsOfAPolicyAreFor(t *testing.T) {
	t.Parallel()
	const (
		head  = "CERTIFICATE OF INSURANCE\n\nIssue Date: 3 April 2026\n\nInsured: Marlow Pumps Limited\nCertificate Holder: Harbour Mills Limited\n\n"
		row   = "Type of Insurance\tPolicy Number\tEffective\tExpiration\tLimits\nCommercial General Liability\tCGL-448812\t15 January 2026\t15 January 2027\t"
		ofRow = ", 2026-01-15 to 2027-01-15, policy CGL-448812"
		days  = ", 1 January 2026 to 31 December 2026, "
		told  = ", 2026-01-01 to 2026-12-31, policy "
		three = "Public Liability, policy number PL-77123" + days + "limit of indemnity GBP 5,000,000 any one occurrence, excess GBP 10,000%sProfessional Indemnity, policy number PI-77124" + days + "GBP 2,000,000 each claim and GBP 4,000,000 in the aggregate%sEmployers' Liability, policy number EL-77125" + days + "limit GBP 10,000,000"
		read  = "Public Liability: 5000000.00 GBP each occurrence" + told + "PL-77123; Professional Indemnity: 2000000.00 GBP each occurrence, 4000000.00 GBP in the aggregate" + told + "PI-77124; Employers' Liability: 10000000.00 GBP" + told + "EL-77125"
		both  = "Commercial General Liability: 1000000.00 USD each occurrence, 2000000.00 USD in the aggregate" + ofRow
	)
	for words, want := range map[string]string{
		row + "General Aggregate\t$2,000,000\n\t\t\tEach Occurrence\t$1,000,000": both,
		row + "$1,000,000 each occurrence / $2,000,000 general aggregate":        both,
		row + "Each Occurrence\t$1,000,000\tGeneral Aggregate\t$2,000,000":       both,
		row + "Limit $5,000,000 Retention $50,000":                               "Commercial General Liability: 5000000.00 USD" + ofRow,
		strings.ReplaceAll(three, "%s", "\n\n"):                                  read,
		strings.ReplaceAll(three, "%s", "\n"):                                    read,
	} {
		if got := termIn(t, "insurance_limits", head+words); got != want {
			t.Errorf("%s\n gave %q\n want %q", words, got, want)
		}
	}
}
