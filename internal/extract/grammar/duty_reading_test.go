package grammar_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/obligation"
)

// dutyLines tells the duties of a text a line each: kind, bearer and title, then how often, from when and what starts it.
func dutyLines(t *testing.T, text string) []string {
	t.Helper()
	var out []string
	for _, o := range duties(t, text) {
		var p obligation.DutyParams
		decode(t, o.Params, &p)
		line := fmt.Sprintf("%s %s: %s", o.Kind, o.Bearer, o.Title)
		if o.Frequency != "" {
			line += " (" + o.Frequency + ")"
		}
		if p.Due != nil {
			line += fmt.Sprintf(" in %d %s", p.Due.Value, p.Due.Unit)
		}
		if p.Anchor != "" {
			line += " from " + p.Anchor
		}
		if p.ByDate != "" {
			line += " by " + string(p.ByDate)
		}
		if p.ByMonth != 0 {
			line += fmt.Sprintf(" by %d-%d", p.ByMonth, p.ByDay)
		}
		if o.Trigger != "" {
			line += " when " + o.Trigger
		}
		out = append(out, line)
	}
	return out
}

type dutyCase struct {
	text string
	want []string
}

func readDuties(t *testing.T, cases []dutyCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.text, func(t *testing.T) {
			t.Parallel()
			if got := dutyLines(t, c.text); strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(c.want, "\n\t"))
			}
		})
	}
}

// A condition says when something holds, and a relative clause which thing is meant. Neither is owed.
func TestConditionsAndRelativeClausesAreNoDuties(t *testing.T) {
	t.Parallel()
	readDuties(t, []dutyCase{
		{"It is then renewed for one year at a time, unless either party gives written notice at least four months before the end of the running term.", nil},
		{"The order runs on for a year, provided a party gives notice of its wish each year.", nil},
		{"If a ticket is opened again within five (5) Business Days because the fault has come back, the time goes on from where it stood.", nil},
		{"The Supplier may not use the premises until the Customer reports every month that they are free.", nil},
		{"The goods that Customer orders each month are described in Annex 1.", nil},
		{
			"Before the weeks of high sales that Customer announces (at most six in a year), Supplier shall test the platform under load.",
			[]string{"performance supplier: Test the platform under load (on event) when Before the weeks of high sales that Customer announces (at most six in a year)"},
		},
		{
			"Supplier shall announce changes that users can notice at least seven days ahead.",
			[]string{"notice supplier: Announce changes that users can notice at least seven days ahead (on event) in 7 day"},
		},
		{
			"Supplier shall pay the difference within thirty (30) days after the statement is delivered.",
			[]string{"payment supplier: Pay the difference (on event) in 30 day from the statement is delivered"},
		},
		// a duty within the clause that leads into a sentence
		{
			"If the goods may be late and the Supplier shall replace the goods within five days, the fee is less.",
			[]string{"remedy supplier: Replace the goods (on event) in 5 day when If the goods may be late and the Supplier shall replace the goods within five days"},
		},
		// a condition with a term of its own is one to keep
		{
			"The Supplier holds the Customer harmless, provided that the Customer tells the Supplier of the claim within ten days.",
			[]string{"notice customer: Tells the Supplier of the claim (on event) in 10 day when the claim"},
		},
		// what is agreed in a clause with that is owed
		{"It is agreed that Supplier delivers a report each month.", []string{"reporting supplier: Delivers a report each month (monthly)"}},
	})
}

// Each thing with a time of its own is a duty of its own, and a part of a service that comes again does not make the service come again.
func TestThingsWithTimesOfTheirOwnAreDutiesOfTheirOwn(t *testing.T) {
	t.Parallel()
	readDuties(t, []dutyCase{
		{
			"Supplier shall deliver an estimate by December 1 of each year and a reconciliation statement within one hundred twenty (120) days after the end of each calendar year.",
			[]string{"reporting supplier: Deliver an estimate (yearly) by 12-1", "reporting supplier: Deliver a reconciliation statement (yearly) in 120 day from the end of each calendar year"},
		},
		{
			"Supplier shall deliver audited financial statements within 120 days after the close of each fiscal year and unaudited statements within 45 days after the end of each fiscal quarter.",
			[]string{"reporting supplier: Deliver audited financial statements (yearly) in 120 day from the close of each fiscal year", "reporting supplier: Deliver unaudited statements (quarterly) in 45 day from the end of each fiscal quarter"},
		},
		{
			"Supplier shall deliver drawings and spare parts within ten days after each order.",
			[]string{"delivery supplier: Deliver drawings and spare parts (on event) in 10 day from each order"},
		},
		{
			"Within three (3) days after an accident Supplier shall deliver a first report, and within ten (10) days the full report.",
			[]string{"reporting supplier: Deliver a first report (on event) in 3 day from an accident", "reporting supplier: Deliver the full report (on event) in 10 day"},
		},
		{
			"Supplier shall deliver the report within ten days after the beginning and the end of each year.",
			[]string{"reporting supplier: Deliver the report (yearly) in 10 day from the beginning and the end of each year"},
		},
		{
			"Supplier shall provide remote monitoring of the lines, including alarms, weekly reports and a quarterly review with an engineer.",
			[]string{"reporting supplier: Weekly reports (weekly)", "meeting supplier: Quarterly review with an engineer (quarterly)"},
		},
		{
			"Supplier shall provide reports, including figures of each line, within five days after each month.",
			[]string{"reporting supplier: Provide reports, including figures of each line (monthly) in 5 day from each month"},
		},
		{
			"Supplier shall keep records of tickets for six years and show them to Customer on request.",
			[]string{"record_keeping supplier: Keep records of tickets for six years", "delivery supplier: Show records of tickets to Customer on request (on event) when on request"},
		},
	})
}

// What starts a duty to tell or to answer is what is told or answered; a pronoun stands for what the words before name.
func TestWhatStartsADuty(t *testing.T) {
	t.Parallel()
	readDuties(t, []dutyCase{
		{
			"Where Supplier processes data for Customer, the agreement in Annex 3 applies; Supplier tells Customer of an outage within thirty-six hours.",
			[]string{"notice supplier: Tells Customer of an outage (on event) in 36 hour when an outage"},
		},
		{
			"Supplier shall report any unauthorized access within three (3) days of learning of it.",
			[]string{"breach_notification supplier: Report any unauthorized access (on event) in 3 day from learning of any unauthorized access"},
		},
		{
			"Supplier shall notify the Customer, no later than seventy-two (72) hours after becoming aware of it, of any unauthorized access to the system.",
			[]string{"breach_notification supplier: Notify the Customer, no later than seventy-two (72) hours after becoming aware of it, of any unauthorized… (on event) in 72 hour from becoming aware of any unauthorized access to the system"},
		},
		{
			"Supplier shall inform Customer of a breach of security within forty-eight (48) hours of its discovery.",
			[]string{"breach_notification supplier: Inform Customer of a breach of security (on event) in 48 hour from discovery of a breach of security"},
		},
		{
			"Supplier accepts or refuses an order within three working days.",
			[]string{"acceptance supplier: Accepts or refuses an order (on event) in 3 business_day when an order"},
		},
		{
			"On termination Supplier shall hand over all keys and destroy its own copies within thirty days.",
			[]string{"delivery supplier: Hand over all keys (on event) when On termination", "return_of_data supplier: Destroy its own copies (on event) in 30 day when On termination"},
		},
		{
			"When this Agreement ends, Supplier shall switch off the line, remove its gateways within thirty (30) days after it, and give Customer a copy of its measurements.",
			[]string{"performance supplier: Remove its gateways (on event) in 30 day when When this Agreement ends", "return_of_data supplier: Give Customer a copy of its measurements when When this Agreement ends"},
		},
		{
			"When this Agreement ends, Customer may export its data for thirty days. After that Supplier shall delete it.",
			[]string{"return_of_data supplier: Delete the data (on event) when thirty days after this Agreement ends"},
		},
		{
			"Supplier answers reports of failure within one hour, day and night, and by the end of the next working day at other places.",
			[]string{"response supplier: Answers reports of failure (on event) in 1 hour when reports of failure"},
		},
	})
}

// A title names its thing, and ends where its words do.
func TestTitlesNameTheirThing(t *testing.T) {
	t.Parallel()
	readDuties(t, []dutyCase{
		{
			"On termination Supplier shall return member information in a form that Customer can use and destroy its own copies within thirty days.",
			[]string{"return_of_data supplier: Return member information in a form that Customer can use (on event) when On termination", "return_of_data supplier: Destroy its own copies (on event) in 30 day when On termination"},
		},
		{
			"3.5 Security deposit. Customer has deposited $124,250.00. Supplier shall return it within thirty (30) days after the term ends.",
			[]string{"payment supplier: Security deposit: return it within thirty (30) days after the term ends (once) in 30 day from the term ends"},
		},
		{
			"The gateways remain the property of Supplier. Customer shall return them when this Agreement ends.",
			[]string{"delivery customer: Return the gateways when this Agreement ends (on event) when when this Agreement ends"},
		},
		{
			"Supplier shall check the background of staff who see the data, train them yearly, and remove their access.",
			[]string{"training supplier: Train staff yearly (yearly)"},
		},
		{
			"If the Service falls short of the description, Supplier shall correct it at its own cost without delay.",
			[]string{"remedy supplier: Correct the Service at its own cost without delay (on event) when If the Service falls short of the description"},
		},
		{
			"Each Party shall tell the other promptly when it learns of misuse.",
			[]string{"notice each party: Tell the other promptly when it learns of misuse (on event) when when it learns of misuse"},
		},
		{
			"Customer shall not assign this lease without Supplier's consent, which Supplier shall not withhold unreasonably and shall give or refuse within twenty (20) days.",
			[]string{"response supplier: Give or refuse Supplier's consent (on event) in 20 day"},
		},
		{
			"3.3 First-level support. Supplier provides support to end customers. It answers within four working hours.",
			[]string{"response supplier: First-level support: answers within four working hours (on event) in 4 business_hour"},
		},
	})
}

// What is paid on days of its own, kept for a time, done by others or every night is owed like a report.
func TestDutiesThatWereNotRead(t *testing.T) {
	t.Parallel()
	readDuties(t, []dutyCase{
		{"Customer shall pay Base Rent in advance on the first day of each month, without demand.", []string{"payment customer: Pay Base Rent in advance on the first day of each month, without demand (monthly)"}},
		{"Customer shall pay a fee of $18,750.00 per month.", nil}, // on the days of its invoices
		{"Supplier shall have its controls examined yearly by an auditor.", []string{"audit supplier: Have its controls examined yearly by an auditor (yearly)"}},
		{"Supplier has delivered the report each month.", nil},
		{
			"Supplier shall host the portal, back up its data every night, keep the copies for ninety days and prove once a year that it can be restored.",
			[]string{"performance supplier: Back up its data every night (daily)", "record_keeping supplier: Keep the copies for ninety days", "confirmation supplier: Prove once a year that it can be restored (yearly)"},
		},
		{"Supplier shall keep member information confidential for three years.", nil},
		{"Invoices are issued quarterly in advance and are payable within 30 days of the date of invoice.", []string{"invoicing supplier: Invoices are issued quarterly in advance (quarterly)"}},
		{"Customer stops using the marks within thirty days after the term.", []string{"performance customer: Stops using the marks (on event) in 30 day from the term"}},
		{"Supplier shall apply security corrections to the platform within seven days of their publication.", []string{"performance supplier: Apply security corrections to the platform (on event) in 7 day from publication of security corrections"}},
		{"The work shall be completed by August 31, 2026.", []string{"delivery supplier: The work shall be completed (once) by 2026-08-31"}},
		{"The work begins on March 2, 2026 and shall be completed by August 31, 2026.", []string{"delivery supplier: The work shall be completed (once) by 2026-08-31"}},
		{"Supplier shall provide onboarding of up to six days, remotely, within the first ten weeks.", []string{"delivery supplier: Provide onboarding of up to six days, remotely (on event) in 10 week from the Effective Date"}},
		{
			"The project managers meet every week, and the sponsors once in every month. Minutes are sent within two days.",
			[]string{"meeting each party: Meet every week (weekly)", "meeting each party: The sponsors once in every month (monthly)", "reporting supplier: Minutes are sent (on event) in 2 day when the meeting"},
		},
		{"9. After the end\n\nCustomer stops using the marks within thirty days.", []string{"performance customer: Stops using the marks (on event) in 30 day when the end of the agreement"}},
		{"Supplier shall hold a review meeting with Customer in every calendar quarter.", []string{"meeting supplier: Hold a review meeting with Customer in every calendar quarter (quarterly)"}},
		{"To receive a service credit the Customer must submit a claim in writing within thirty (30) days after the end of the month.", []string{"notice customer: Submit a claim in writing (monthly) in 30 day from the end of the month"}},
	})
}

// A claim and a notice that are parameters of another obligation are not told twice.
func TestWhatAnotherObligationTellsIsNoDutyOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Supplier shall carry cyber liability insurance of at least $3,000,000 per claim and shall give Customer thirty days' notice of its cancellation.",
		"4.1 The Service shall be available at least 99.9% of each calendar month.\n\n4.2 If availability falls below it, Customer receives a service credit:\n\nAvailability\tCredit\n99.0% or more, but less than 99.9%\t10%\nless than 99.0%\t25%\n\n4.3 To receive a service credit the Customer must submit a claim in writing within thirty (30) days after the end of the month.",
	} {
		list := proposed(t, extracttest.Plain(dutiesHead+text))
		for _, c := range list {
			if c.Obligation != nil && c.Obligation.Kind == "notice" {
				t.Errorf("%q is told twice: %s", c.Obligation.Title, text)
			}
		}
	}
}

// Duties that are said by their necessity, by whose task they are, by a paper that is due, or behind what is said of who owes them.
func TestDutiesSaidByTheirNecessity(t *testing.T) {
	t.Parallel()
	readDuties(t, []dutyCase{
		{"The Supplier is required to deliver a usage report within ten days after the end of each month.", []string{"reporting supplier: Deliver a usage report (monthly) in 10 day from the end of each month"}},
		{"The Customer is obliged to return the keys within five days after the end of the Term.", []string{"delivery customer: Return the keys (once) in 5 day from the end of the Term"}},
		{"The Supplier shall be obligated to notify the Customer of any defect within two days.", []string{"notice supplier: Notify the Customer of any defect (on event) in 2 day when any defect"}},
		{"The Supplier is under an obligation to submit a work schedule by the 25th of each month.", []string{"delivery supplier: Submit a work schedule (monthly)"}},
		{"The Customer has to confirm each order within three days.", []string{"confirmation customer: Confirm each order (on event) in 3 day when each order"}},
		{"It is the responsibility of the Customer to inspect the goods within three days after delivery.", []string{"acceptance customer: Inspect the goods (on event) in 3 day from delivery"}},
		{
			"The Customer shall pay the fee each month, and it shall be the obligation of the Supplier to prepare a report and submit it within five days.",
			[]string{"reporting supplier: Prepare a report and submit it (on event) in 5 day"},
		},
		{"The Supplier may lose the duty of Supplier to prepare a report and submit it within ten days.", nil},
		{"If the Customer is required to replace a part within ten days, the price stays.", nil},
		{"Reports shall be due on the last Business Day of each month.", []string{"reporting supplier: Reports shall be due on the last Business Day of each month (monthly)"}},
		{"The monthly fee is due on the first day of each month.", nil},
		{"The Customer, which remains the controller, shall review the logs once a year.", []string{"meeting customer: Review the logs once a year (yearly)"}},
		{"The Supplier shall keep the audit logs for twelve months and shall deliver them to the Customer on request within five Business Days.", []string{"record_keeping supplier: Keep the audit logs for twelve months", "delivery supplier: Deliver the audit logs to the Customer on request (on event) in 5 business_day when on request"}},
		{"Any pump that the Customer must replace within ten days is listed in Schedule 2.", nil},
		{"The rates are fixed until 31 December 2027.", nil},
		{"This Order is made and entered into by the parties on 3 May 2026.", nil},
		{"The Supplier shall provide two weeks of initial training.", nil},
		{"The Supplier shall verify the license of each guard before the first shift.", []string{"confirmation supplier: Verify the license of each guard before the first shift (on event) when before the first shift"}},
		{"The Customer covenants with the Supplier:\n\n(a) to return the samples within seven days after each test; and\n\n(b) to clean the rooms once a week.", []string{"delivery customer: Return the samples (on event) in 7 day from each test", "performance customer: Clean the rooms once a week (weekly)"}},
		{"Fitters are provided at $96.00 per hour on each Sunday.", nil},
		{"The Supplier covenants and agrees to send a forecast by the 20th of each month.", []string{"reporting supplier: Send a forecast (monthly)"}},
		{"1. Milestones.\n\n2. The Supplier shall deliver status summaries every month.", []string{"delivery supplier: Deliver status summaries every month (monthly)"}},
	})
}
