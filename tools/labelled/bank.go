package main

// bank gives the wordings of each section. Marks «kind.name:words» become labels, {names} are filled from the deal. Blocks are
// parted by blank lines; a block that begins with "(", "|", "•" or "@" keeps its own form, any other is a numbered clause.
//
//	c.KIND clause   v.NAME[/flags] value   l.KIND.N service level   k.KIND credit   o.NAME obligation   f.NAME fact   a.ABOUT ambiguity
//
// {S} and {C} are supplier and customer within a sentence, {S^} and {C^} at its beginning.
func bank() map[string][]string {
	all := map[string][]string{}
	for _, part := range []map[string][]string{serviceBank(), moneyBank(), dutyBank(), usualBank(), goodsBank(), fillers()} {
		for k, v := range part {
			all[k] = append(all[k], v...)
		}
	}
	return all
}

// serviceBank: levels of service and what follows when they are missed.
func serviceBank() map[string][]string {
	return map[string][]string{
		"availability": {
			`«c.service_level:«l.availability.1:{S^} shall ensure that {service} is available at least «v.uptime_target:{uptime}%» of the time in each calendar month», measured at the point where it meets the public Internet.»`,
			`«c.service_level:{S^} warrants a monthly uptime of «v.uptime_target:«l.availability.1:not less than {uptime}%»» for {service}. Uptime is the number of minutes in the month less Downtime, divided by the number of minutes in the month.»`,
			`«c.service_level:In no calendar month may {service} be out of use for so long that «l.availability.1:its availability falls under «v.uptime_target:{uptime} %»». Announced maintenance of up to four hours a month is left out of the reckoning.»`,
			`«c.service_level:Availability target. «l.availability.1:«v.uptime_target:{uptime}%» per calendar month», counted around the clock, for the production environment of {service}.»`,
			`«c.service_level:{C^} can count on {service}: «l.availability.1:over any calendar month it will be up «v.uptime_target:{uptime} per cent» of the time or more». Minutes lost to a Planned Outage do not count against {S}.»`,
			`«c.service_level:The percentage of successful probes in a calendar month (the "Availability Rate") «l.availability.1:must reach «v.uptime_target:{uptime}%»». Probes are sent every sixty seconds from two places that have nothing to do with each other.»`,
			`«c.service_level:«l.availability.1:{service^} has a guaranteed availability of «v.uptime_target:{uptime} %» on monthly average». {S^} bears the burden of proving that the value was kept.»`,
			`«c.service_level:Throughout the Term {S} will maintain «l.availability.1:an availability level for {service} equal to or better than «v.uptime_target:{uptime}%», assessed month by month», excluding Scheduled Maintenance and events beyond its reasonable control.»`,
			`| Measure | Commitment | Period |
| «c.service_level:«l.availability.1:Availability of {service} | «v.uptime_target:{uptime}%» | calendar month»» |`,
		},
		"response": {
			`«c.service_level:{S^} shall respond to and resolve incidents within the times in the following table, which run {hours}.»

| Priority | Response | Resolution |
| «c.service_level:«l.response_time.1:«l.resolution_time.1:1 – Critical | {r1} | {f1}»» |
| «l.response_time.2:«l.resolution_time.2:2 – High | {r2} | {f2}»» |
| «l.response_time.3:«l.resolution_time.3:3 – Normal | {r3} | {f3}»»» |`,
			`«c.service_level:For a Priority 1 incident {S} will «l.response_time.1:respond within {r1}» and «l.resolution_time.1:resolve it within {f1}»; for Priority 2 the times are «l.response_time.2:{r2} to respond» and «l.resolution_time.2:{f2} to resolve»; for Priority 3, «l.response_time.3:{r3}» and «l.resolution_time.3:{f3}» respectively. All times run {hours}.»`,
			`«c.service_level:Incidents are handled as follows, the clock running {hours}:

(a) Severity 1: «l.response_time.1:first reply in {r1}», «l.resolution_time.1:service restored in {f1}»;

(b) Severity 2: «l.response_time.2:first reply in {r2}», «l.resolution_time.2:service restored in {f2}»; and

(c) Severity 3: «l.response_time.3:first reply in {r3}», «l.resolution_time.3:service restored in {f3}».»`,
			`«c.service_level:The period from report to qualified answer (reaction) and from report to recovery shall not be longer than: class 1 – «l.response_time.1:reaction {r1}», «l.resolution_time.1:recovery {f1}»; class 2 – «l.response_time.2:reaction {r2}», «l.resolution_time.2:recovery {f2}»; class 3 – «l.response_time.3:reaction {r3}», «l.resolution_time.3:recovery {f3}». The periods run {hours}.»`,
			`| Level | Target to answer | Target to fix | When counted |
| «c.service_level:«l.response_time.1:«l.resolution_time.1:P1 | {r1} | {f1} | {hours}»» |
| «l.response_time.2:«l.resolution_time.2:P2 | {r2} | {f2} | {hours}»» |
| «l.response_time.3:«l.resolution_time.3:P3 | {r3} | {f3} | {hours}»»» |`,
			`«c.service_level:When {C} reports a fault as Urgent, «l.response_time.1:an engineer calls back inside {r1}» and «l.resolution_time.1:the fault is cured inside {f1}». A fault reported as Serious gets «l.response_time.2:a call inside {r2}» and «l.resolution_time.2:a cure inside {f2}»; any other, «l.response_time.3:a call inside {r3}» and «l.resolution_time.3:a cure inside {f3}». We count these times {hours}.»`,
			`«c.service_level:Response Time means the time from the logging of a ticket to the first substantive reply of a qualified person. {hours^}, «l.response_time.1:it must not exceed {r1} for tickets of Priority 1», «l.response_time.2:{r2} for Priority 2» and «l.response_time.3:{r3} for Priority 3».»

«c.service_level:Counted in the same way, the time until the ticket is closed or a workaround accepted must not exceed «l.resolution_time.1:{f1} for Priority 1», «l.resolution_time.2:{f2} for Priority 2» and «l.resolution_time.3:{f3} for Priority 3».»`,
			`«c.service_level:Priority 1 tickets shall be «l.response_time.1:acknowledged no later than {r1}» and «l.resolution_time.1:closed no later than {f1}» after they are opened.»

«c.service_level:Priority 2 tickets shall be «l.response_time.2:acknowledged no later than {r2}» and «l.resolution_time.2:closed no later than {f2}» after they are opened.»

«c.service_level:Priority 3 tickets shall be «l.response_time.3:acknowledged no later than {r3}» and «l.resolution_time.3:closed no later than {f3}» after they are opened. For all priorities time runs {hours}.»`,
		},
		"credits": {
			`«c.service_credit:If availability in a month is below the target {S} shall credit {C} with a part of that month's charges:

| Availability | Credit |
| «k.availability:«v.service_credits:below {uptime}% but at least {b1}% | {c1}% |
| below {b1}% but at least {b2}% | {c2}% |
| below {b2}% | {c3}%»»» |

«c.service_credit:{C^} must claim within «v.claim_window:{claim}» after the end of the month.»`,
			`«c.service_credit:«k.availability:«v.service_credits:Should availability fall below {uptime}% but not below {b1}%, {C} receives a service credit of {c1}% of the monthly fee; should it fall below {b1}% but not below {b2}%, the credit is {c2}%; and should it fall below {b2}%, the credit is {c3}%.»» A credit is lost unless requested within «v.claim_window:{claim}» of the month's end.»`,
			`«c.service_credit:The monthly fee is reduced where availability misses the target:

(a) «k.availability:«v.service_credits:by {c1}% where it is at least {b1}% and less than {uptime}%;

(b) by {c2}% where it is at least {b2}% and less than {b1}%;

(c) by {c3}% where it is less than {b2}%.»»

The reduction is shown on the next invoice. Claims reach {S} within «v.claim_window:{claim}» from the end of the month concerned.»`,
			`«c.service_credit:Service Credits accrue automatically and are set off against the next invoice. «k.availability:«v.service_credits:Their rate is {c1} per cent of the charges for the month when availability is under {uptime} and not under {b1} per cent, {c2} per cent when it is under {b1} and not under {b2} per cent, and {c3} per cent when it is under {b2} per cent.»»»`,
			`| Monthly uptime | Percentage credited |
| «c.service_credit:«k.availability:«v.service_credits:≥ {b1}% and < {uptime}% | {c1} |
| ≥ {b2}% and < {b1}% | {c2} |
| < {b2}% | {c3}»»» |

«c.service_credit:The percentage is taken of the fees paid for the month. To have it, {C} writes to {S} not later than «v.claim_window:{claim}» after that month, naming the dates and times of the outages.»`,
			`«c.service_credit:For a month in which the guaranteed availability is not reached {C} may deduct from the remuneration «k.availability:«v.service_credits:{c1} % (availability from {b1} % to below {uptime} %), {c2} % (from {b2} % to below {b1} %) or {c3} % (below {b2} %)»». The deduction excludes further damages for the same outage.»`,
			`«c.service_credit:We pay for poor service. «k.availability:«v.service_credits:Under {uptime}% but not under {b1}%: {c1}% of the month's fee back. Under {b1}% but not under {b2}%: {c2}% back. Under {b2}%: {c3}% back.»» Ask us in writing in the «v.claim_window:{claim}» that follow the month, or the credit is gone. These credits are all that {C} can ask for when the service is down.»`,
			`«c.service_credit:«k.capped:Credits: «v.service_credits:{c1}% of the monthly service fee (availability < {uptime}% and ≥ {b1}%) / {c2}% (< {b1}% and ≥ {b2}%) / {c3}% (< {b2}%)». Credits in any one month are capped at {c3}% of the fee for that month» and are not paid out in cash.»`,
			`«c.service_credit:«a.service_credits:Credit bands (per month): {uptime_gap}% to {b1}%: {c1}%; {b1_gap}% to {b2}%: {c2}%; {b2_gap}% and lower: {c3}%.» They are granted on written request made within «v.claim_window:{claim}» after the month.»`,
			`«c.service_credit:«a.service_credits:Availability from {b1}% up to {uptime_gap}% – credit {c1}%. Availability from {b2}% up to {b1_gap}% – credit {c2}%. Availability up to {b2_gap}% – credit {c3}%.» Each credit is a share of the month's charge for {service}.»`,
		},
	}
}

// moneyBank: payment and prices.
func moneyBank() map[string][]string {
	return map[string][]string{
		"payment_terms": {
			`«c.payment_terms:{S^} shall invoice monthly in arrears. {C^} shall pay each undisputed invoice «v.payment_terms/r:within {net} after receipt».»`,
			`«c.payment_terms:All invoices are due and payable «v.payment_terms/i:{net} from the date of invoice».» «c.payment_terms:«f.late:Overdue amounts bear interest at {late}% per month» until paid, or the highest lawful rate if lower.»`,
			`«c.payment_terms:Payment terms: «v.payment_terms/id:{disc}/{discdays_n}, net {net_n}», counted from the invoice date. The discount may be taken on the net price only, not on tax or freight.»`,
			`«c.payment_terms:Invoices are payable without deduction «v.payment_terms/i:within {net} from their date»; «v.payment_terms/id:if paid within {discdays} a cash discount of {disc} % is allowed».»`,
			`«c.payment_terms:{C^} will pay what it owes «v.payment_terms/i:not later than {net} following the date on the invoice». «o.disputed:If it disputes an item in good faith it tells {S} within ten days» and pays the rest. «f.late_base:Late payments carry interest at {late_base}% a year above the base rate of the central bank.»»`,
			`«c.payment_terms:{S^} sends its invoice after acceptance of the work. The amount falls due «v.payment_terms/a:{net} after acceptance». VAT is added at the rate of the day.»`,
			`«c.payment_terms:Fees are billed annually in advance and «v.payment_terms/i:due net {net_n} days from invoice date». Amounts not paid when due accrue a charge of «f.late:{late}% for each month» they are outstanding.»`,
			`«c.payment_terms:«v.payment_terms/r:The due date of an invoice is the last day of the period of {net} that begins on the day {C} receives it.» An invoice without a purchase order number may be returned and is then deemed not received.»`,
			`«c.payment_terms:{C^} shall settle invoices «a.payment_terms:net {net_n} days end of month». No discount is granted for earlier payment.»`,
			`«c.payment_terms:Payment is to be made «a.payment_terms:{net_n} days EOM» by bank transfer to the account named on the invoice.»`,
			`«c.payment_terms:Subject to receipt of a proper invoice, {C} shall make payment «v.payment_terms/rd:within {net} of receiving it, and may deduct {disc}% if it pays within {discdays} of receipt».»`,
		},
		"price": {
			`«c.price_and_tiers:The charges for each year are fixed at «f.fee:{fee}». They include everything that is needed for the performance of the services save travel, which is reimbursed at cost.»`,
			`«c.price_and_tiers:Work outside the agreed scope is charged by time: «f.rate1:{rate1} per hour for a consultant», «f.rate2:{rate2} per hour for a senior consultant». Part hours are rounded to the quarter.»`,
			`«c.price_and_tiers:«f.escalator:On each anniversary of the commencement {S} may raise the charges by the percentage increase of {index} over the past year, but by no more than {esc}%, on {escnotice}' notice.»»`,
			`«c.price_and_tiers:Prices are firm for the first twelve months. «f.escalator:Thereafter they may be adjusted once a year in line with {index}; an increase may not exceed {esc} per cent and takes effect {escnotice} after it is notified.»»`,
			`«c.price_and_tiers:In return for the services {C} pays «f.fee:{fee} for each year of the term». The rates for extra work are «f.rate1:{rate1} (consultant)» and «f.rate2:{rate2} (senior consultant) an hour».»`,
			`«c.price_and_tiers:«f.rebate:If {C} spends more than {threshold} in a calendar year, {S} grants a rebate of {rebate}% on the part above», «o.rebate:by credit note in the first quarter of the following year».»`,
			`«c.price_and_tiers:«f.minimum:{C^} commits to fees of at least {minimum} in each contract year.» «o.shortfall:If it orders less, it pays the difference within thirty days after the end of that year.»»`,
			`| Role | Rate |
| «c.price_and_tiers:«f.rate1:Consultant | {rate1} per hour» |
| «f.rate2:Senior consultant | {rate2} per hour»» |

«c.price_and_tiers:These rates apply for the whole term. «f.rebate:Fees above {threshold} in a calendar year attract a rebate of {rebate} %.»»`,
			`«c.price_and_tiers:«f.escalator:The fee follows {index}, up or down, once a year; a rise of more than {esc} % is not passed on. {S^} announces the new fee {escnotice} ahead.»»`,
		},
		"price_tiers": {
			`«c.price_and_tiers:The unit price of {item} depends on the quantity ordered in the contract year; each price applies only to the units within its band.»

| Units | Price |
| «c.price_and_tiers:«f.tier1:1 – {q1} | {p1}» |
| «f.tier2:{q1n} – {q2} | {p2}» |
| «f.tier3:over {q2} | {p3}»» |`,
			`«c.price_and_tiers:{item^} costs «f.tier1:{p1} for the first {q1} units of a year», «f.tier2:{p2} for those from {q1n} to {q2}» and «f.tier3:{p3} for every unit beyond».»`,
			`«c.price_and_tiers:Graduated prices of {item}:

• «f.tier1:units 1 to {q1}: {p1} each»
• «f.tier2:units {q1n} to {q2}: {p2} each»
• «f.tier3:units over {q2}: {p3} each»

A unit already bought keeps its price when a further band is reached.»`,
			`| From | To | {item^}, each |
| «c.price_and_tiers:«f.tier1:1 | {q1} | {p1}» |
| «f.tier2:{q1n} | {q2} | {p2}» |
| «f.tier3:{q2n} | – | {p3}»» |

«c.price_and_tiers:Prices are net of tax. Quantities of affiliates count together; each band has its own price.»`,
			`«c.price_and_tiers:For {item} {C} pays as follows. (i) «f.tier1:Up to {q1} units: {p1}.» (ii) «f.tier2:More than {q1} and up to {q2} units: {p2} for those units.» (iii) «f.tier3:More than {q2} units: {p3} for the excess.»»`,
			`«c.price_and_tiers:List price of {item}: «f.tier1:{p1}». From unit {q1n} of a calendar year the price of further units is «f.tier2:{p2}», from unit {q2n} it is «f.tier3:{p3}».»`,
			`«c.price_and_tiers:«f.minimum:{C^} shall buy not less than {minimum} worth of goods in each year.» «f.tier1:The first {q1} pieces of {item} are priced at {p1}», «f.tier2:the next ones up to {q2} at {p2}», «f.tier3:the rest at {p3}».»`,
			`«c.price_and_tiers:Band A («f.tier1:not more than {q1} units»: {p1} each), Band B («f.tier2:{q1n} to {q2} units: {p2} each») and Band C («f.tier3:{q2n} units and more: {p3} each») are applied one after the other to the purchases of {item} in a year.»`,
		},
	}
}

// dutyBank: reports, acceptance, data, attestations, audits.
func dutyBank() map[string][]string {
	return map[string][]string{
		"report": {
			`«c.reporting_duty:«o.report:Within {reportdays} after the end of each {reportperiod} {S} shall deliver to {C} a {reportname}.»»`,
			`«c.reporting_duty:«o.report:{S^} provides a {reportname}, in writing, not later than {reportdays} following each {reportperiod}.» The form is agreed between the parties' representatives.»`,
			`«c.reporting_duty:Every {reportperiod} closes with a report: «o.report:{S} sends {C} its {reportname} in the {reportdays} that follow.»»`,
			`«c.reporting_duty:«o.report:A {reportname} shall reach {C} {reportdays} after the close of the {reportperiod}» and shall show actual against agreed figures.»`,
			`«c.reporting_duty:{C^} is kept informed. «o.report:{S^} draws up a {reportname} for every {reportperiod} and hands it over within {reportdays} from its end.» A nil report is due as well.»`,
			`«c.reporting_duty:«o.report:{reportname^} – one for each {reportperiod}, due {reportdays} after it ends, by e-mail to the contract manager.»»`,
			`«c.reporting_duty:«o.report:For each {reportperiod} {S} must prepare a {reportname} and submit it no more than {reportdays} after that {reportperiod} has ended.» «o.rca:After every critical incident it also submits an analysis of the cause, within {rcadays}.»»`,
			`«c.reporting_duty:Not later than {reportdays} after the {reportperiod} has ended, «o.report:{C} shall have received from {S} the {reportname}», failing which {C} may withhold payment of invoices for that {reportperiod} until it arrives.»`,
			`«c.reporting_duty:«o.rca:{S^} shall give {C} a written root cause analysis of each Priority 1 incident within {rcadays} of its resolution.» «o.report:It shall furthermore deliver, within {reportdays} of the end of every {reportperiod}, a {reportname}.»»`,
		},
		"acceptance": {
			`«c.acceptance_and_milestones:«o.review:{C^} shall test each deliverable within {review} after delivery» against the acceptance criteria. «o.fix:If it fails, {S} shall correct and redeliver it within {fix}.»»`,
			`«c.acceptance_and_milestones:A deliverable counts as accepted when {C} says so in writing, or when {review} have passed since its delivery without a written list of defects. «o.fix:Defects are removed within {fix} of the list.»»`,
			`«c.acceptance_and_milestones:Acceptance takes place by protocol. «o.review:{C^} examines the deliverable in the {review} following hand-over.» Minor defects do not stand in the way of acceptance; «o.fix:they are cured within {fix}.»»`,
			`«c.acceptance_and_milestones:«o.review:{C^} has {review} from delivery in which to accept or reject.» A rejection must give reasons. «o.fix:{S^} then has {fix} in which to put matters right», and the process starts again.»`,
			`«c.acceptance_and_milestones:Deliverables are accepted if they meet the specification in all material respects. «o.review:{C}'s tests are to be completed within {review} of delivery.» After two rejections {C} may cancel the deliverable.»`,
			`«c.acceptance_and_milestones:The acceptance test runs for five consecutive working days under real load. It is passed when no error of class 1 and no more than three of class 2 occur. «o.fix:Otherwise {S} repairs within {fix}» and the test is repeated at its cost.»`,
			`«c.acceptance_and_milestones:«o.review:Within {review} of receiving a deliverable {C} will tell {S} whether it conforms.» Silence is not acceptance. «o.fix:{S^} corrects what does not conform within {fix}.»»`,
			`«c.acceptance_and_milestones:On completion of a stage {S} gives notice that it is ready for inspection. «o.review:{C}'s engineer inspects within {review}» and signs the certificate or lists what is wanting.»`,
		},
		"milestones": {
			`«c.acceptance_and_milestones:The milestones are:»

| Milestone | Date | Payment |
| «c.acceptance_and_milestones:«f.ms1:«o.ms1:{ms1} | {md1}» | {ma1}» |
| «f.ms2:«o.ms2:{ms2} | {md2}» | {ma2}» |
| «f.ms3:«o.ms3:{ms3} | {md3}» | {ma3}»» |`,
			`«c.acceptance_and_milestones:«f.ms1:«o.ms1:{ms1^} is to be completed by {md1}» and earns {ma1}.» «f.ms2:«o.ms2:{ms2^} follows by {md2}» and earns {ma2}.» «f.ms3:«o.ms3:{ms3^} is due on {md3}» and earns {ma3}.»»`,
			`«c.acceptance_and_milestones:{S^} shall reach these milestones:

(a) «f.ms1:«o.ms1:{ms1}, no later than {md1}» ({ma1})»;

(b) «f.ms2:«o.ms2:{ms2}, no later than {md2}» ({ma2})»;

(c) «f.ms3:«o.ms3:{ms3}, no later than {md3}» ({ma3})».»`,
			`| No. | What | By | Instalment on acceptance |
| «c.acceptance_and_milestones:«f.ms1:«o.ms1:1 | {ms1} | {md1}» | {ma1}» |
| «f.ms2:«o.ms2:2 | {ms2} | {md2}» | {ma2}» |
| «f.ms3:«o.ms3:3 | {ms3} | {md3}» | {ma3}»» |`,
			`«c.acceptance_and_milestones:The sum is paid in three parts: «f.ms1:{ma1} when {ms1} is accepted (planned for {md1})», «f.ms2:{ma2} when {ms2} is accepted (planned for {md2})» and «f.ms3:{ma3} when {ms3} is accepted (planned for {md3})».»`,
			`«c.acceptance_and_milestones:Stage 1 – «f.ms1:«o.ms1:{ms1}: {md1}»; {ma1}». Stage 2 – «f.ms2:«o.ms2:{ms2}: {md2}»; {ma2}». Stage 3 – «f.ms3:«o.ms3:{ms3}: {md3}»; {ma3}».»`,
			`«c.acceptance_and_milestones:Time plan and instalments. «f.ms1:«o.ms1:On {md1} {S} hands over {ms1}»; thereupon {ma1} fall due.» «f.ms2:«o.ms2:On {md2} it hands over {ms2}»; thereupon {ma2} fall due.» «f.ms3:«o.ms3:On {md3} it hands over {ms3}»; thereupon {ma3} fall due.»»`,
			`• «c.acceptance_and_milestones:«f.ms1:«o.ms1:{md1}: {ms1}», invoice of {ma1}»
• «f.ms2:«o.ms2:{md2}: {ms2}», invoice of {ma2}»
• «f.ms3:«o.ms3:{md3}: {ms3}», invoice of {ma3}»»`,
		},
		"data_protection": {
			`«c.data_protection:{S^} shall process personal data only on the documented instructions of {C} and «o.breach:shall notify {C} of any personal data breach within {breach} of becoming aware of it».»`,
			`«c.data_protection:Where {S} handles personal data for {C} it does so as processor. «o.breach:It reports a breach without delay and at the latest after {breach}.» «o.erase:On termination it returns or erases the data within {erase}.»»`,
			`«c.data_protection:{S^} will not disclose personal information to sub-processors without {C}'s prior written consent. «o.breach:If personal information is lost or accessed without authority {S} tells {C} within {breach}.»»`,
			`«c.data_protection:The parties have concluded a processing agreement under Article 28 of the GDPR, which is attached. «o.erase:At the end of the contract all personal data are deleted within {erase} and the deletion is confirmed in writing.»»`,
			`«c.data_protection:Customer Data that relates to individuals stays in the country where it was collected and is encrypted in transit and at rest. «o.breach:{S^} shall inform {C} of each security incident affecting it not later than {breach} after discovery.»»`,
			`«c.data_protection:«o.erase:Within {erase} after this contract ends {S} shall destroy every copy of personal data that it holds for {C}, and certify that it has done so.» Until then it keeps them confidential and secure.»`,
			`«c.data_protection:{S^} shall maintain technical and organisational measures appropriate to the risk, assist {C} in answering requests of data subjects, and «o.breach:give notice of any breach of personal data no later than {breach} after it becomes known».»`,
			`«c.data_protection:We look after personal data as the law demands: only for {C}'s purposes, only by trained staff. «o.breach:Should something go wrong we tell {C} within {breach}», with what we know and what we do about it.»`,
		},
		"attestation": {
			`«c.security_attestation:«o.attest:{S^} shall provide to {C} each year a current {attest} within {attestdays} of its issue.»»`,
			`«c.security_attestation:During the term {S} holds a valid {attest}. «o.attest:It hands over a copy every year, {attestdays} after it was issued at the latest.»»`,
			`«c.security_attestation:«o.attest:An independent firm examines {S}'s controls once a year; the resulting {attest} is sent to {C} within {attestdays}.» Exceptions noted in it are remedied promptly.»`,
			`«c.security_attestation:{S^} represents that it has, and will keep, a {attest}. «o.attest:Yearly, and within {attestdays} of receiving it from the auditor, it makes the document available to {C}.»»`,
			`«c.security_attestation:Evidence of security: {attest}. «o.attest:Due to {C} every twelve months, not more than {attestdays} after issue.»»`,
			`«c.security_attestation:«o.pentest:{S^} has {service} tested for weaknesses by an outside specialist at least once a year and shares a summary with {C} within {attestdays} of the test.»»`,
			`«c.security_attestation:«o.lapse:If the {attest} of {S} lapses or is qualified, {S} says so within {attestdays}.» «o.attest:Otherwise it sends the new one yearly without being asked, in the same time.»»`,
			`«c.security_attestation:«o.attest:{S^} shall annually undergo an assessment leading to a {attest} and shall furnish the result to {C}, {attestdays} after completion at the latest.» {C^} treats it as confidential.»`,
		},
		"audit": {
			`«c.audit_duty:{C^} may, on {auditnotice}' notice and not more than once a year, audit the records of {S} that relate to this contract.» «c.audit_duty:{S^} keeps them for {keep}.»`,
			`«c.audit_duty:{S^} shall keep true and complete books and records for {keep} after the last payment and shall let {C} or its accountants inspect them during business hours on {auditnotice}' notice.»`,
			`«c.audit_duty:An audit may be held once in each calendar year. {C^} announces it {auditnotice} before. «o.refund:If it shows an overcharge of more than five per cent {S} refunds the overcharge and bears the cost within thirty days.»»`,
			`«c.audit_duty:{S^} grants {C}, its auditors and any competent authority access to premises, systems and documents as far as needed to verify performance. {auditnotice^}' notice is given except in urgent cases.»`,
			`«c.audit_duty:Right of audit: {auditnotice}' notice, normal hours, once per contract year, own cost. «o.refund:Overcharges found are repaid within thirty days.»»`,
			`«c.audit_duty:So that {C} can check the invoices, {S} stores time sheets and receipts for {keep} and opens them to inspection when asked {auditnotice} ahead.»`,
			`«c.audit_duty:{C^} is entitled to have compliance with this contract examined by a chartered accountant bound to secrecy. The examination is notified {auditnotice} in advance; {S} supports it without charge for up to two days a year.»`,
			`«c.audit_duty:Books, vouchers and logs are retained for {keep}. Upon {auditnotice}' written notice {S} must produce them to {C}'s internal audit department.»`,
		},
	}
}

// usualBank: the clauses that most contracts have.
func usualBank() map[string][]string {
	return map[string][]string{
		"term": {
			`«c.term:This {doc} begins on «v.effective_date:{effective}» and continues for «v.term:{term}».»`,
			`«c.term:The term of this {doc} is «v.term:{term}», starting on «v.effective_date:{effective}» and ending on «v.expiration_date:{expiry}».»`,
			`«c.term:This {doc} takes effect on «v.effective_date:{effective}» and remains in force «v.expiration_date:until {expiry}», unless it is ended earlier.»`,
			`«c.term:It comes into force on «v.effective_date:{effective}» and has a fixed duration of «v.term:{term}».»`,
			`«c.term:Commencement: «v.effective_date:{effective}». Initial term: «v.term:{term}».»`,
			`«c.term:Unless terminated as provided below, this {doc}, which becomes effective on «v.effective_date:{effective}», shall expire on «v.expiration_date:{expiry}».»`,
			`«c.term:The parties are bound from «v.effective_date:{effective}» for an initial period of «v.term:{term}» (the "Initial Term").»`,
			`«c.term:We start on «v.effective_date:{effective}» and work together for «v.term:{term}», that is to say to the end of «v.expiration_date:{expiry}».»`,
			`«c.term:This {doc} is made for an indefinite period «v.term/e:and runs until either party ends it». It starts on «v.effective_date:{effective}».»`,
		},
		"renewal": {
			`«c.renewal:At the end of the term it shall «v.auto_renewal:renew automatically» for successive periods of «v.renewal_term:{renewal}» each, «c.notice:unless either party gives written notice of non-renewal at least «v.notice_period:{notice}» before the end of the then-current period».»`,
			`«c.renewal:Upon expiry it «v.auto_renewal:is extended by «v.renewal_term:{renewal}» at a time» «c.notice:if neither party has given notice «v.notice_period:{notice}» before the end».»`,
			`«c.renewal:«v.auto_renewal:The term rolls over» for a further «v.renewal_term:{renewal}» whenever it would end.» «c.notice:A party that does not want this tells the other in writing no later than «v.notice_period:{notice}» before the end of the term.»`,
			`«c.renewal:«v.auto_renewal/n:This {doc} does not renew automatically.» The parties may extend it by written agreement.»`,
			`«c.renewal:{C^} may extend the term once by «v.renewal_term:{renewal}».» «c.notice:To do so it gives notice in writing not less than «v.notice_period:{notice}» before the term expires.»`,
			`«c.renewal:«v.auto_renewal:Automatic renewal» applies: each renewal lasts «v.renewal_term:{renewal}».» «c.notice:Notice to prevent renewal must be received not later than «v.notice_period:{notice}» before the renewal date.»`,
			`«c.notice:Not later than «v.notice_period:{notice}» prior to expiration either party may notify the other that it does not intend to renew.» «c.renewal:Absent such notice, the {doc} «v.auto_renewal:shall be deemed renewed» for an additional term of «v.renewal_term:{renewal}».»`,
			`«c.renewal:«v.auto_renewal:It is tacitly prolonged» by periods of «v.renewal_term:{renewal}».» «c.notice:The prolongation is prevented by registered letter received «v.notice_period:{notice}» before the end of the running period.»`,
			`«c.renewal:After that «v.auto_renewal:it keeps going» for «v.renewal_term:{renewal}» at a time» «c.notice:until one of us writes to the other, «v.notice_period:{notice}» or more ahead of the next anniversary, to say that it should stop.»`,
			`«c.renewal:The {doc} «v.auto_renewal:renews itself» for terms of «v.renewal_term:{renewal}»,» «c.notice:save where a party has objected «a.notice_period:at least {notice_conflict} before» the current term runs out.»`,
		},
		"termination": {
			`«c.termination:Either party may terminate this {doc} if the other commits a material breach and does not cure it within {cure} of written notice.»`,
			`«c.termination:{C^} may terminate for convenience on {convenience}' written notice, paying for the services performed until then.»`,
			`«c.termination:The right of each party to terminate for good cause without notice remains unaffected. Good cause is in particular default in payment for more than {cure} and insolvency.»`,
			`«c.termination:If a party is in serious breach the other may require it to put matters right; if {cure} pass without that, the other may end this {doc} at once.»`,
			`«c.termination:This {doc} may be cancelled (a) by {C} at any time on {convenience}' notice; (b) by either party forthwith if the other becomes insolvent or has a receiver appointed.»`,
			`«c.termination:{C^} can walk away by telling {S} {convenience} ahead. {S^} can do so only if it has not been paid for more than {cure}.»`,
			`«c.termination:Early termination is allowed: for breach not remedied in {cure}; for a change of control of {S}; and for loss of a licence that is needed.»`,
			`«c.termination:Upon {convenience}' prior notice {C} shall have the right to terminate this {doc}, in whole or in part, without cause and without penalty.»`,
		},
		"liability_cap": {
			`«c.liability_cap:Except for wilful misconduct, the total liability of either party under this {doc} shall not exceed «v.liability_cap/a:{cap}».»`,
			`«c.liability_cap:NEITHER PARTY'S AGGREGATE LIABILITY SHALL EXCEED «v.liability_cap/m:{times} THE FEES PAID IN THE TWELVE MONTHS BEFORE THE CLAIM AROSE».»`,
			`«c.liability_cap:{S^} is liable for slight negligence only up to «v.liability_cap/a:{cap}» per contract year. Liability for injury to life or health is unlimited.»`,
			`«c.liability_cap:The most that {S} can be made to pay, for all claims together, is «v.liability_cap/a:{cap}». Nothing here limits liability for fraud, death or personal injury.»`,
			`«c.liability_cap:Liability is limited to «v.liability_cap/m:{times} the fees paid during the twelve months preceding the event».»`,
			`«c.liability_cap:In no event will damages recoverable by a party under this {doc} be more than «v.liability_cap/a:{cap}» in the aggregate, whether in contract, tort or otherwise.»`,
			`«c.liability_cap:Cap on liability: «v.liability_cap/a:{cap}» for each party and for the whole term. Claims for infringement of third-party rights are outside the cap.»`,
			`«c.liability_cap:Subject to what cannot be limited by law, {S}'s liability arising from or in connection with this {doc} is restricted to «v.liability_cap/m:{times} the fees paid in the twelve months before the damage occurred».»`,
		},
		"insurance": {
			`«c.insurance:{S^} shall maintain «f.gl:commercial general liability insurance of not less than {gl} per occurrence» and «f.pi:professional liability insurance of not less than {pi} per claim». «o.cert:It shall furnish certificates annually.»»`,
			`«c.insurance:Throughout the term {S} is insured against «f.gl:public liability for at least {gl} any one event» and «f.pi:professional indemnity for at least {pi} any one claim».»`,
			`«c.insurance:{S^} takes out and keeps up liability insurance («f.gl:{gl} per occurrence») with an insurer of good standing. «o.cert:Proof is given by a certificate each year.»»`,
			`«c.insurance:Required cover: «f.gl:general liability {gl} each occurrence»; «f.pi:errors and omissions {pi} each claim». {C^} is named as additional insured on the former.»`,
			`«c.insurance:«f.pi:Professional indemnity cover of {pi} for each claim» must be in place when work starts and for six years after it ends. «o.cert:{S^} shows the certificate at every renewal.»»`,
			`«c.insurance:Before it begins, «o.cert:{S} gives {C} certificates that show» «f.gl:general liability limits of {gl} per occurrence» and statutory workers' compensation; they are renewed yearly.»`,
			`«c.insurance:{S^} carries, at its own cost, «f.gl:third-party liability insurance up to {gl} per event» and «o.cancelled:shall tell {C} thirty days before it is cancelled or reduced».»`,
			`«c.insurance:The insurances of {S} shall be no lower than: «f.gl:{gl} any one occurrence for public and products liability»; «f.pi:{pi} any one claim for professional negligence».»`,
		},
		"governing_law": {
			`«c.governing_law:This {doc} is governed by «v.governing_law:the laws of {law}».»`,
			`«c.governing_law:«v.governing_law:{lawadj} law» applies to the exclusion of its conflict rules.» The courts at the seat of {S} have jurisdiction.`,
			`«c.governing_law:This {doc} and any dispute arising out of it shall be governed by and construed in accordance with «v.governing_law:the law of {law}».»`,
			`«c.governing_law:The parties choose «v.governing_law:the law of {law}» as the law of this {doc}; the UN Convention on Contracts for the International Sale of Goods does not apply.»`,
			`«c.governing_law:Governing law: «v.governing_law:{law}».»`,
			`«c.governing_law:The validity, interpretation and performance of this {doc} shall be controlled by «v.governing_law:the laws of {law}», without regard to choice of law principles.»`,
			`«c.governing_law:All questions about this {doc} are decided under «v.governing_law:the law of {law}».» Before going to court the parties try mediation for thirty days.`,
			`«c.governing_law:It is subject to «v.governing_law:{lawadj} law».»`,
		},
	}
}

// goodsBank: delivery and what surrounds it.
func goodsBank() map[string][]string {
	return map[string][]string{
		"delivery": {
			`«c.delivery:«o.deliver:{S^} shall deliver within {lead} after confirming an order.» «f.delay:For each week of delay it shall credit {delay}% of the price of the late goods, up to {delaycap}%.»»`,
			`«c.delivery:«o.confirm:Orders are confirmed within {confirm}.» «o.deliver:Goods leave the works within {lead} of confirmation.» Delivery is {incoterm}.»`,
			`«c.delivery:Delivery: {incoterm}. «o.deliver:Lead time {lead} from order.» «f.delay:Liquidated damages {delay} % per week, at most {delaycap} % of the late part.»»`,
			`«c.delivery:Time of delivery is of the essence. «o.deliver:Every order is to be delivered not later than {lead} from its date.» «f.delay:If it is late {C} may deduct {delay} per cent of its price for each week begun, but no more than {delaycap} per cent in all.»»`,
			`«c.delivery:«o.deliver:The goods are handed over {incoterm} in {lead} from the call-off.» Part deliveries are allowed. Over-deliveries of up to 3 % are taken.»`,
			`«c.delivery:«o.forecast:{C^} sends a forecast of its needs at the beginning of each quarter.» «o.deliver:Against each release {S} ships within {lead}», {incoterm}.»`,
			`«c.delivery:We ship {incoterm}. «o.deliver:You can expect your order {lead} after we confirm it», «o.confirm:which we do within {confirm}». «f.delay:If we are late we take {delay}% a week off the price of what is late, up to {delaycap}%.»»`,
			`«c.delivery:«f.delay:Should {S} exceed the delivery period, a penalty of {delay} % of the value of the delayed goods is due per week, limited to {delaycap} %.» «o.deliver:The delivery period is {lead} from the order.»»`,
		},
		"inspection": {
			`«c.acceptance_and_milestones:«o.inspect:{C^} inspects the goods within {inspect} after arrival» and may refuse a lot of which more than 1% is defective.»`,
			`«c.acceptance_and_milestones:Goods not rejected in writing within {inspect} of delivery are accepted; hidden defects remain reserved.»`,
			`«c.acceptance_and_milestones:«o.inspect:Apparent defects are to be notified within {inspect}.» {S^} replaces defective goods or refunds their price.»`,
			`«c.acceptance_and_milestones:{C^} has {inspect} from receipt to test samples according to the quality plan and to accept or refuse the consignment.»`,
		},
	}
}

// fillers: what contracts say besides, and what looks like a labelled kind and is none.
func fillers() map[string][]string {
	return map[string][]string{
		"services": {
			`{S^} provides the services described in Annex 1 with the care and skill of an experienced firm of its trade.`,
			`{C^} appoints {S} to perform the services set out in the schedule, and {S} accepts the appointment.`,
			`{S^} will provide {service} and the related services that {C} orders from time to time in writing.`,
			`Subject to the terms below, {S} makes {service} available to {C} and its affiliates for their own business.`,
		},
		"confidentiality": {
			`Each party keeps the other's confidential information secret for five years after this {doc} ends and uses it for no other purpose. «o.copies:Copies are returned on request within fourteen days.»`,
			`Information marked as confidential may be disclosed only to employees who need to know it. This does not apply to what is public or was known before.`,
		},
		"notices": {
			`Notices under this {doc} are given in writing to the addresses at its head. A notice sent by courier is deemed delivered two business days after dispatch; one sent by e-mail, on the next business day.`,
			`A notice has effect when it reaches the other party. Each party may change its address on ten days' notice.`,
		},
		"force_majeure": {
			`Neither party answers for failure caused by events beyond its reasonable control, such as flood, war or strike, for as long as they last. If they last more than ninety days either party may withdraw.`,
			`«o.hindered:A party hindered by force majeure tells the other within three days» and resumes performance as soon as it can.`,
		},
		"assignment": {
			`Neither party may assign its rights without the other's consent, which is not to be withheld unreasonably.`,
			`{S^} may subcontract only with the written consent of {C} and answers for its subcontractors.`,
		},
		"staff": {
			`Key personnel are named in Annex 2 and are not replaced without good reason. Meetings of the project leaders take place when needed.`,
			`{C^} provides access, desks and the information that {S} reasonably asks for. Delay for which {C} answers moves the dates accordingly.`,
		},
		"warranty": {
			`{S^} warrants that the services are performed with due care and that its deliverables are free of defects for twelve months from hand-over. «o.cure:Within that time it cures defects at no charge.»`,
			`«o.cure:For ninety days after delivery {S} puts right whatever departs from the specification.» There are no other warranties, express or implied.`,
			`Claims for defects lapse two years after delivery. The statutory rights of {C} are not touched by this.`,
		},
		"property": {
			`What {S} makes for {C} under this {doc} belongs to {C} once it is paid. Tools that {S} had before remain its own; {C} may use them as far as needed, without limit of time.`,
			`All rights in {service}, its documentation and its improvements stay with {S}. {C} receives a right of use that is neither exclusive nor transferable.`,
		},
		"indemnity": {
			`{S^} holds {C} harmless from claims of third parties that the deliverables infringe their rights, provided that «o.claim:{C} tells {S} of the claim within ten days» and leaves it the defence.`,
			`Each party indemnifies the other against third-party claims for bodily injury caused by its negligence, including reasonable attorneys' fees.`,
		},
		"non_solicitation": {
			`During this {doc} and for twelve months after it neither party hires staff of the other with whom it has worked, unless they answered a public advertisement.`,
			`For one year after the end of this {doc} {S} does not approach employees of {C} with offers of work. A breach costs six months' gross salary of the person.`,
		},
		"disputes": {
			`«o.heads:Disputes are first put to the heads of both parties, who meet within fifteen days.» If they find no solution in thirty days, each party may go to court or, if both agree, to mediation.`,
			`Any dispute is settled by three arbitrators. The hearing takes place at the seat of the respondent, in English.`,
		},
		"compliance": {
			`Both parties observe the law against corruption and modern slavery. {S^} passes the same duty on to its subcontractors and trains its staff in it.`,
			`{S^} obtains and renews the licences that its trade requires. Export of deliverables to embargoed countries is forbidden.`,
		},
		"whole": {
			`This {doc} with its annexes contains all that the parties have agreed. Changes need the written form; this is true of this sentence too. If a provision is void the rest stands.`,
			`No terms printed on orders or invoices form part of this {doc}. It may be executed in counterparts, each of which is an original, and by electronic signature.`,
			`In case of contradictions the annexes rank after the body, and an order ranks before both for price and quantity only. Headings are for convenience.`,
		},
		"decoys": {
			`{S^} endeavours to answer general enquiries within two days; this is a goal and no service level.`,
			`The insurance of {C}'s own buildings remains {C}'s affair. Renewal of {S}'s professional licences is {S}'s concern.`,
			`The parties acknowledge that availability of staff may vary during holidays and that credits earned in training count towards certification.`,
			`Each party bears the cost of the annual audit of its own accounts. Delivery of a document by e-mail suffices for the purposes of this section.`,
			`Failure to exercise a right within thirty days is no waiver. Acceptance of a late payment does not cure the default.`,
			`Interest earned on deposits belongs to {C}. A report that a law requires either party to publish is published by that party.`,
		},
	}
}
