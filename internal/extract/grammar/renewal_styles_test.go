package grammar_test

import (
	"testing"
)

// Renewals and notices in many styles of drafting, with what is right worked by hand: "" is none, "-" is not asked.
func TestRenewalsInManyStyles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ words, term, renews, renewal, notice string }{
		{"3. Term. This Agreement begins on April 1, 2026 and continues for one (1) year. Thereafter it shall continue on a month-to-month basis until terminated by either party upon thirty (30) days' prior written notice.", "1 year", "-", "1 month", "30 days"},
		{"3. Term. The initial term is three years from April 1, 2026. Upon its expiration this Agreement shall automatically roll over for additional one-year periods unless either party notifies the other in writing of its intention not to renew not less than ninety (90) nor more than one hundred eighty (180) days before the end of the then-current term.", "-", "yes", "1 year", "90 days"},
		{"3. Term. This Agreement commences on April 1, 2026 and shall remain in effect until terminated by either party on sixty (60) days' written notice.", "until terminated", "-", "-", "60 days"},
		{"3. Renewal. This Agreement may be renewed only by mutual written agreement of the parties for a further period of one year.", "-", "-", "", ""},
		{"3. Term. The term is two (2) years from April 1, 2026. Customer may, at its sole option, extend the term for one additional period of twelve (12) months by giving Supplier written notice at least sixty (60) days before the expiry of the initial term.", "-", "-", "12 months", "-"},
		{"3. Term and renewal. The Initial Term is five (5) years commencing April 1, 2026. At the end of the Initial Term and of each Renewal Term, this Agreement renews for a further period of two (2) years (each a \"Renewal Term\"), save where either party has served notice of non-renewal no later than six (6) months prior to the end of the current term.", "-", "yes", "2 years", "6 months"},
		{"3. Duration. This Agreement shall commence on 1 April 2026 and shall continue for an initial period of 12 months and thereafter for successive periods of 12 months each, unless determined by either party giving to the other not less than three months' notice in writing expiring on the last day of any such period.", "12 months", "yes", "12 months", "3 months"},
		{"3. Duration. This Agreement shall commence on 1 April 2026 and, unless terminated earlier in accordance with its terms, shall continue for two years and thereafter from year to year until terminated by either party on not less than 6 months' written notice to expire on any anniversary of that date.", "2 years", "-", "1 year", "6 months"},
		{"3. Term. The Contract runs from 1 April 2026 to 31 March 2028 (the \"Initial Term\"). Following the Initial Term the Contract rolls over for rolling periods of one month, each party being free to stop it by 30 days' written notice before the end of a month.", "-", "-", "1 month", "30 days"},
		{"§ 3 Term. The contract is concluded for a period of 24 months as of 1 April 2026. It shall be prolonged by a further 12 months in each case if it is not terminated with a notice period of three months to the end of the respective term.", "24 months", "yes", "12 months", "3 months"},
		{"§ 3 Term. The contract begins on 1 April 2026 and has a fixed term of three years. It extends itself by one year at a time unless it is cancelled by one of the parties in text form at the latest six months before expiry.", "3 years", "yes", "1 year", "6 months"},
		{"§ 3 Term. The contract begins on 1 April 2026 and is concluded for an indefinite period. It can be terminated by either party by giving three months' notice to the end of a calendar quarter.", "until terminated", "-", "-", "3 months"},
		{"3. Tenure. This Agreement shall be valid for a period of 3 (three) years w.e.f. 01 April 2026 and shall stand automatically renewed for further periods of 1 (one) year each on the same terms and conditions unless either Party intimates the other Party in writing of its intention not to renew at least 60 (sixty) days prior to the date of expiry.", "3 years", "yes", "1 year", "60 days"},
		{"3. Validity. The contract shall be valid for one year from 1 April 2026 and may be extended for a further period of one year at the sole discretion of the Customer by giving one month's prior notice before expiry.", "1 year", "-", "1 year", "-"},
		{"3. Key terms\n\nInitial term | 36 months\nRenewal | Automatic, 12 months at a time\nNon-renewal notice | 90 days before the end of the term", "36 months", "-", "12 months", "90 days"},
		{"3. Commercial terms\n\nStart date: 1 April 2026\nInitial Term: 24 months\nRenewal Term: 12 months\nNotice of non-renewal: 60 days\nRenewal: automatic", "24 months", "-", "12 months", "60 days"},
		{"3. Term. This Agreement starts on April 1, 2026, has a term of one year and renews automatically for periods of one year each, unless a party gives the other written notice of non-renewal at least twenty (20) business days before the end of the current period.", "-", "-", "1 year", "20 business days"},
		{"3. Renewal. After the first year, which begins on April 1, 2026, this Agreement renews for another year each, unless notice of non-renewal is given not more than 120 days and not less than 45 days prior to the anniversary of that date.", "-", "-", "1 year", "45 days"},
		{"3. Term. Unless either party gives notice to the contrary thirty days before the end of the initial two-year term, which begins on April 1, 2026, or of any extension, this Agreement will be extended each time by a period of six (6) months.", "-", "yes", "6 months", "30 days"},
		{"3. Term. This Agreement is for a term of one (1) year from April 1, 2026 and shall be deemed renewed for like periods of one (1) year unless written notice of termination is given by either party at least 30 days prior to expiration.", "-", "yes", "1 year", "30 days"},
		{"3. Term. Subject to earlier termination, this Agreement remains in force for four years from April 1, 2026, continuing thereafter for consecutive twelve month terms unless cancelled by written notice received sixty days ahead of the end of the then-running term.", "4 years", "-", "12 months", "60 days"},
		{"3. Term. This Agreement expires on March 31, 2027 and does not renew automatically. Supplier shall remind Customer of the expiry ninety (90) days before it.", "-", "no", "", ""},
		{"3. Term. The initial subscription term is twelve (12) months from April 1, 2026. It will automatically renew for additional periods equal to the expiring subscription term or one year (whichever is shorter), unless either party gives the other notice of non-renewal at least 30 days before the end of the relevant subscription term.", "-", "yes", "-", "30 days"},
		{"3. Term. The initial term is two years from April 1, 2026. The term renews automatically for successive terms of equal length unless a party opts out by written notice delivered no fewer than seventy-five (75) days before the current term runs out.", "-", "yes", "2 years", "75 days"},
		{"3. Option. Tenant shall have two options to renew this Lease for a further term of five (5) years each by written notice to Landlord not less than nine (9) months before the expiry of the then current term, which begins on April 1, 2026 and lasts for ten years.", "-", "-", "5 years", "-"},
		{"3. Term. This Agreement has an initial term of one year from April 1, 2026 and shall thereafter continue indefinitely until terminated by either party with ninety days' notice.", "1 year", "-", "until terminated", "90 days"},
		{"3. Renewal. The Agreement, which begins on April 1, 2026, renews each year for one year unless either party gives 60 days' notice of non-renewal. The Supplier may raise prices for a renewal term on 90 days' notice.", "-", "-", "1 year", "60 days"},
		{"3. Term. The retainer starts on 1 April 2026 and is renewed for successive periods of thirteen (13) weeks unless either side tells the other at least four weeks before a period is up that it wants to stop.", "-", "-", "13 weeks", "4 weeks"},
		// the first term of a contract that then runs on is no renewal
		{"4. This contract shall be for a term of one year commencing on the date first above written; thereafter, it shall automatically continue until terminated by either party upon not less than thirty (30) days prior written notice to the other party.", "-", "-", "until terminated", "30 days"},
		// what would have to be agreed, or is no renewal of the contract
		{"2. Term. The term is two years from April 1, 2026. After the Initial Term, this Agreement may only be renewed if authorized officers of both companies agree in writing at least thirty (30) days before the expiration of the Initial Term.", "-", "-", "", ""},
		{"2. Term. The term is two years from April 1, 2026.\n\n3. Fees. The Minimum Payment consists of the access fee and a second component that increases from year to year.", "-", "-", "", ""},
		{"2. Term. The term is two years from April 1, 2026.\n\n3. Reports. Supplier shows statistics on its portal (maintained for an additional one (1) month period).", "-", "-", "", ""},
	} {
		list := readText(t, madeBetween+c.words+"\n\nIN WITNESS WHEREOF the parties have signed.\n\nAlpha Robotics, Inc.\nBy: John Doe\nBeta Hosting LLC\nBy: Jane Roe\n")
		for name, want := range map[string]string{"term": c.term, "auto_renewal": c.renews, "renewal_term": c.renewal, "notice_period": c.notice} {
			got := ""
			if x := named(list, name); x != nil && x.Value != nil {
				got = x.Value.String()
			}
			if want != "-" && got != want {
				t.Errorf("%s\n  %s is %q, want %q", c.words, name, got, want)
			}
		}
	}
}
