package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// style is a way of drafting: how dates, numbers and parties are written, and how clauses are numbered.
type style struct {
	name      string
	date      func(time.Time) string
	counted   func(n int, unit string) string
	roles     [][2]string // supplier, customer
	workday   string
	article   bool // "the Supplier" rather than "Supplier"
	paper     string
	laws      [][2]string // the law of X; X law
	currency  string
	money     func(amount, currency string) string
	suppliers []string
	customers []string
}

func styles() []style {
	words := []string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}
	tens := map[int]string{14: "fourteen", 15: "fifteen", 18: "eighteen", 20: "twenty", 21: "twenty-one", 24: "twenty-four", 28: "twenty-eight", 30: "thirty", 36: "thirty-six", 42: "forty-two", 45: "forty-five", 48: "forty-eight", 60: "sixty", 72: "seventy-two", 75: "seventy-five", 90: "ninety", 120: "one hundred twenty"}
	word := func(n int) string {
		if n < len(words) {
			return words[n]
		}
		return tens[n]
	}
	plain := func(n int, unit string) string { return fmt.Sprintf("%d %s", n, plural(n, unit)) }
	both := func(n int, unit string) string {
		if w := word(n); w != "" {
			return fmt.Sprintf("%s (%d) %s", w, n, plural(n, unit))
		}
		return plain(n, unit)
	}
	spelled := func(n int, unit string) string {
		if w := word(n); w != "" {
			return w + " " + plural(n, unit)
		}
		return plain(n, unit)
	}
	reversed := func(n int, unit string) string {
		if w := word(n); w != "" {
			return fmt.Sprintf("%d (%s) %s", n, w, plural(n, unit))
		}
		return plain(n, unit)
	}
	dollar := func(a, _ string) string { return "$" + grouped(a, ",", ".") }
	pound := func(a, _ string) string { return "£" + grouped(a, ",", ".") }
	euro := func(a, c string) string { return c + " " + grouped(a, ".", ",") }
	code := func(a, c string) string { return grouped(a, " ", ".") + " " + c }
	us := []string{"Arbutus Freight Systems, Inc.", "Bluestem Data Works, LLC", "Calloway Instrument Corp.", "Dovetail Field Services, Inc.", "Ember Ridge Software, Inc.", "Fallow Creek Networks, LLC"}
	uscust := []string{"Graymarsh Regional Hospital Authority", "Hollis & Tamarack Foods, Inc.", "Inverness Paper Company", "Juniper Flats School District", "Kittredge Outdoor Group, LLC", "Loblolly Bancorp, Inc."}
	uk := []string{"Marlpit Technology Limited", "Northam Cable Works Ltd", "Osprey Loch Systems Limited", "Pikestaff Facilities Ltd", "Quernmore Labs Limited", "Ravensgill Print Ltd"}
	ukcust := []string{"Saltby Housing Association", "Thorncombe Dairies plc", "Uppermill Leisure Trust", "Vauxley Insurance Services Limited", "Wharfside Theatre Company Limited", "Yarlet Borough Council"}
	eu := []string{"Alpenbach Antriebstechnik GmbH", "Brisolle Informatique SAS", "Cantarelli Imballaggi S.r.l.", "Duinzicht Software B.V.", "Ekeberget Data AS", "Fuchsgraben Medizintechnik AG"}
	eucust := []string{"Grünwerder Stadtwerke GmbH", "Huis ter Veen Zorg B.V.", "Imprimerie Lacombe SARL", "Jakobsgård Møbler A/S", "Kostelec Pivovar a.s.", "Lindholmen Varv AB"}
	return []style{
		{"US, words and figures", func(t time.Time) string { return t.Format("January 2, 2006") }, both, [][2]string{{"Provider", "Customer"}, {"Vendor", "Client"}, {"Contractor", "Company"}}, "business day", false, "Letter", [][2]string{{"the State of Oregon", "Oregon"}, {"the State of Ohio", "Ohio"}, {"the Commonwealth of Massachusetts", "Massachusetts"}, {"the State of Georgia", "Georgia"}}, "USD", dollar, us, uscust},
		{"US, figures, numeric dates", func(t time.Time) string { return t.Format("01/02/2006") }, plain, [][2]string{{"Seller", "Buyer"}, {"Licensor", "Licensee"}, {"Supplier", "Purchaser"}}, "business day", false, "Letter", [][2]string{{"the State of Texas", "Texas"}, {"the State of New York", "New York"}, {"the State of Colorado", "Colorado"}}, "USD", dollar, us, uscust},
		{"UK, figures", func(t time.Time) string { return t.Format("2 January 2006") }, plain, [][2]string{{"Supplier", "Customer"}, {"Contractor", "Authority"}, {"Service Provider", "Client"}}, "Working Day", true, "A4", [][2]string{{"England and Wales", "English"}, {"Scotland", "Scots"}}, "GBP", pound, uk, ukcust},
		{"UK, numbers in words", func(t time.Time) string { return "the " + ordinal(t.Day()) + " day of " + t.Format("January 2006") }, spelled, [][2]string{{"Company", "Customer"}, {"Seller", "Buyer"}}, "working day", true, "A4", [][2]string{{"England and Wales", "English"}, {"Northern Ireland", "Northern Irish"}}, "GBP", pound, uk, ukcust},
		{"continental English, figures before words", func(t time.Time) string { return t.Format("2 January 2006") }, reversed, [][2]string{{"Contractor", "Principal"}, {"Supplier", "Client"}}, "working day", true, "A4", [][2]string{{"the Netherlands", "Dutch"}, {"France", "French"}, {"Denmark", "Danish"}}, "EUR", euro, eu, eucust},
		{"continental English, dotted dates", func(t time.Time) string { return t.Format("02.01.2006") }, plain, [][2]string{{"Provider", "Customer"}, {"Seller", "Purchaser"}}, "business day", true, "A4", [][2]string{{"the Federal Republic of Germany", "German"}, {"Austria", "Austrian"}, {"Norway", "Norwegian"}}, "EUR", code, eu, eucust},
	}
}

func plural(n int, unit string) string {
	if n == 1 {
		return unit
	}
	return unit + "s"
}

func ordinal(n int) string {
	end := "th"
	switch {
	case n%100 >= 11 && n%100 <= 13:
	case n%10 == 1:
		end = "st"
	case n%10 == 2:
		end = "nd"
	case n%10 == 3:
		end = "rd"
	}
	return fmt.Sprintf("%d%s", n, end)
}

// grouped writes "1234567.50" with marks between thousands and before the decimals.
func grouped(amount, thousand, point string) string {
	whole, rest, _ := strings.Cut(amount, ".")
	var b strings.Builder
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(thousand)
		}
		b.WriteRune(r)
	}
	if rest != "" {
		b.WriteString(point + rest)
	}
	return b.String()
}

// deal is what two parties agreed: the words for the wordings, and the labels that follow from them.
type deal struct {
	style              style
	random             *rand.Rand
	words              map[string]string
	values             map[string]any
	levels, facts      map[string]any
	credit             map[string]any
	duties             map[string]duty
	supplier, customer string
	roles              [2]string
	start, signed      time.Time
}

type duty struct{ bearer, beneficiary, deliverable, frequency, due, trigger string }

func (d *deal) pick(list ...string) string { return list[d.random.IntN(len(list))] }
func (d *deal) num(list ...int) int        { return list[d.random.IntN(len(list))] }

type object = map[string]any

func newDeal(s style, random *rand.Rand) *deal {
	d := &deal{style: s, random: random, words: map[string]string{}, values: object{}, levels: object{}, facts: object{}, credit: object{}, duties: map[string]duty{}}
	d.parties()
	d.time()
	d.service()
	d.money()
	d.duty()
	return d
}

func (d *deal) money1(amount string) string { return d.style.money(amount, d.style.currency) }

func (d *deal) say(key, words string) { d.words[key] = words }

func (d *deal) span(key string, n int, unit string) {
	if unit == "business_day" {
		unit = d.style.workday
	}
	d.say(key, d.style.counted(n, unit))
}

func lasting(n int, unit string) object {
	return object{"kind": "duration", "duration": object{"value": n, "unit": unit}}
}

func (d *deal) parties() {
	d.roles = d.style.roles[d.random.IntN(len(d.style.roles))]
	d.supplier, d.customer = d.pick(d.style.suppliers...), d.pick(d.style.customers...)
	low, high := "", ""
	if d.style.article {
		low, high = "the ", "The "
	}
	d.say("S", low+d.roles[0])
	d.say("S^", high+d.roles[0])
	d.say("C", low+d.roles[1])
	d.say("C^", high+d.roles[1])
	d.say("supplier", d.supplier)
	d.say("customer", d.customer)
	d.say("Srole", d.roles[0])
	d.say("Crole", d.roles[1])
	d.values["parties"] = object{"kind": "parties", "parties": []any{
		object{"name": d.supplier, "role": "supplier", "aliases": []any{d.roles[0]}}, object{"name": d.customer, "role": "customer", "aliases": []any{d.roles[1]}},
	}}
	law := d.style.laws[d.random.IntN(len(d.style.laws))]
	d.say("law", law[0])
	d.say("lawadj", law[1])
	d.values["governing_law"] = object{"kind": "text", "text": lawName(law[0])}
}

func lawName(s string) string {
	for _, p := range []string{"the State of ", "the Commonwealth of ", "the Federal Republic of ", "the "} {
		s = strings.TrimPrefix(s, p)
	}
	return s
}

func (d *deal) time() {
	d.start = time.Date(2023+d.random.IntN(4), time.Month(1+d.random.IntN(12)), d.num(1, 1, 1, 15), 0, 0, 0, 0, time.UTC)
	d.signed = d.start.AddDate(0, 0, -d.num(0, 3, 9, 21))
	years := d.num(1, 2, 3, 5)
	n, unit := years, "year"
	if d.random.IntN(2) == 0 && years < 4 {
		n, unit = years*12, "month"
	}
	d.span("term", n, unit)
	d.values["term"] = lasting(n, unit)
	d.values["term/e"] = object{"kind": "evergreen"}
	expiry := d.start.AddDate(years, 0, -1)
	d.say("effective", d.style.date(d.start))
	d.say("expiry", d.style.date(expiry))
	d.say("signed", d.style.date(d.signed))
	d.values["effective_date"] = object{"kind": "date", "date": d.start.Format(time.DateOnly)}
	d.values["agreement_date"] = object{"kind": "date", "date": d.signed.Format(time.DateOnly)}
	d.values["expiration_date"] = object{"kind": "date", "date": expiry.Format(time.DateOnly)}
	renewal := d.num(1, 1, 2)
	d.span("renewal", renewal, "year")
	d.values["renewal_term"] = lasting(renewal, "year")
	d.values["auto_renewal"] = object{"kind": "flag", "flag": true}
	d.values["auto_renewal/n"] = object{"kind": "flag", "flag": false}
	if d.random.IntN(3) == 0 {
		months := d.num(2, 3, 6)
		d.span("notice", months, "month")
		d.values["notice_period"] = lasting(months, "month")
	} else {
		days := d.num(30, 45, 60, 75, 90, 120)
		d.span("notice", days, "day")
		d.values["notice_period"] = lasting(days, "day")
	}
	d.say("notice_conflict", d.pick("ninety (60) days", "thirty (45) days", "sixty (90) days", "three (6) months"))
	d.span("cure", d.num(10, 14, 20, 30), "day")
	d.span("convenience", d.num(30, 45, 60, 90), "day")
}

// expiry is the last day of the term, as a date.
func (d *deal) expiry() string {
	value, _ := d.values["expiration_date"].(object)
	day, _ := value["date"].(string)
	return day
}

func (d *deal) service() {
	service := d.pick("the Platform", "the Hosted Service", "the Portal", "the Network", "the Data Exchange", "the Dispatch System")
	d.say("service", service)
	d.say("service^", "T"+service[1:])
	up := d.pick("99.5", "99.9", "99.95", "99.8", "99.7")
	b1, b2 := d.pick("99", "98.5", "99.2"), d.pick("97", "95", "96.5")
	c := [][3]string{{"5", "10", "25"}, {"10", "25", "50"}, {"4", "8", "15"}, {"3", "7.5", "20"}}[d.random.IntN(4)]
	for k, v := range map[string]string{"uptime": up, "b1": b1, "b2": b2, "c1": c[0], "c2": c[1], "c3": c[2]} {
		d.say(k, v)
	}
	d.say("uptime_gap", gap(up))
	d.say("b1_gap", gap(b1))
	d.say("b2_gap", gap(b2))
	d.values["uptime_target"] = object{"kind": "percentage", "percentage": up}
	d.levels["availability.1"] = object{"kind": "availability", "params": object{"target": up, "service": service, "period": "calendar month"}}
	tiers := []any{object{"from": b1, "below": up, "credit": c[0]}, object{"from": b2, "below": b1, "credit": c[1]}, object{"below": b2, "credit": c[2]}}
	d.values["service_credits"] = object{"kind": "tiers", "tiers": tiers}
	d.credit["capped"] = object{"about": "availability", "params": object{"tiers": tiers, "cap_percent": c[2]}}
	claim := d.num(30, 45, 60)
	d.span("claim", claim, "day")
	d.values["claim_window"] = lasting(claim, "day")
	d.credit["availability"] = object{"about": "availability", "params": object{"tiers": tiers}}
	always := d.random.IntN(2) == 0
	hours, short := d.pick("from 9:00 to 17:00 on working days", "between 08:00 and 18:00, Monday to Friday", "only in business hours (8 a.m. to 6 p.m., weekdays)"), "business"
	if always {
		hours, short = d.pick("24 hours a day, seven days a week", "around the clock, every day of the year", "24x7"), "24x7"
	}
	d.say("hours", hours)
	d.say("hours^", strings.ToUpper(hours[:1])+hours[1:])
	response := [][2]any{{d.num(15, 30, 45), "minute"}, {d.num(1, 2), "hour"}, {d.num(4, 8), "hour"}}
	fix := [][2]any{{d.num(2, 4, 6), "hour"}, {d.num(8, 12, 16), "hour"}, {d.num(24, 48, 72), "hour"}}
	for i := range 3 {
		for kind, t := range map[string][2]any{"response_time": response[i], "resolution_time": fix[i]} {
			n, _ := t[0].(int)
			unit, _ := t[1].(string)
			d.span(map[string]string{"response_time": "r", "resolution_time": "f"}[kind]+fmt.Sprint(i+1), n, unit)
			d.levels[fmt.Sprintf("%s.%d", kind, i+1)] = object{"kind": kind, "params": object{"priority": fmt.Sprint(i + 1), "target": object{"value": n, "unit": unit}, "hours": short}}
		}
	}
}

// gap is the highest value of two decimals under a bound: 99.9 gives 99.89. Tables written so leave values without a band.
func gap(bound string) string {
	whole, rest, _ := strings.Cut(bound, ".")
	n := 0
	_, _ = fmt.Sscanf(whole+(rest + "00")[:2], "%d", &n)
	n--
	return fmt.Sprintf("%d.%02d", n/100, n%100)
}

func (d *deal) money() {
	net := d.num(14, 30, 45, 60)
	discDays := d.num(7, 10)
	disc, late, base := d.pick("1", "2", "3"), d.pick("1", "1.5", "2"), d.pick("4", "5", "8")
	d.span("net", net, "day")
	d.span("discdays", discDays, "day")
	for k, v := range map[string]string{"net_n": fmt.Sprint(net), "discdays_n": fmt.Sprint(discDays), "disc": disc, "late": late, "late_base": base} {
		d.say(k, v)
	}
	for flags, basis := range map[string]string{"i": "invoice_date", "r": "receipt_of_invoice", "a": "acceptance"} {
		d.values["payment_terms/"+flags] = object{"kind": "payment_terms", "payment_terms": object{"text": fmt.Sprintf("net %d", net), "net_days": net, "basis": basis}}
		d.values["payment_terms/"+flags+"d"] = object{"kind": "payment_terms", "payment_terms": object{"text": fmt.Sprintf("%s/%d net %d", disc, discDays, net), "net_days": net, "basis": basis, "discounts": []any{object{"percent": disc, "days": discDays}}}}
	}
	d.facts["late"] = fact("late_interest", "percent", late, "per", "month")
	d.facts["late_base"] = fact("late_interest", "percent", base, "per", "year", "over", "base rate of the central bank")
	c := d.style.currency
	amount := func(key, a string) string { d.say(key, d.money1(a)); return a + " " + c }
	d.facts["fee"] = fact("price", "item", "services", "price", amount("fee", d.pick("48000.00", "120000.00", "86500.00", "240000.00")), "unit", "year")
	d.facts["rate1"] = fact("price", "item", "consultant", "price", amount("rate1", d.pick("95.00", "110.00", "125.00")), "unit", "hour")
	d.facts["rate2"] = fact("price", "item", "senior consultant", "price", amount("rate2", d.pick("140.00", "165.00", "180.00")), "unit", "hour")
	esc, escNotice, index := d.pick("2.5", "3", "4"), d.num(30, 60, 90), d.pick("the consumer price index", "the index of producer prices", "the CPI")
	d.say("esc", esc)
	d.say("index", index)
	d.span("escnotice", escNotice, "day")
	d.facts["escalator"] = fact("escalator", "index", strings.TrimPrefix(index, "the "), "cap", esc, "notice", fmt.Sprintf("%d day", escNotice))
	threshold, rebate := d.pick("100000", "250000", "500000"), d.pick("2", "3", "5")
	amount("threshold", threshold)
	d.say("rebate", rebate)
	d.facts["rebate"] = fact("rebate", "from", threshold, "percent", rebate, "per", "calendar year")
	d.facts["minimum"] = fact("minimum_commitment", "amount", amount("minimum", d.pick("60000", "90000", "150000")), "per", "year")
	item := d.pick("valve V-12", "sensor head S4", "filter cartridge FC-9", "gateway unit G2", "printed label L-80")
	d.say("item", item)
	d.say("item^", strings.ToUpper(item[:1])+item[1:])
	q1, q2 := d.num(100, 250, 499), d.num(1000, 1999, 2500)
	d.say("q1", fmt.Sprint(q1))
	d.say("q1n", fmt.Sprint(q1+1))
	d.say("q2", fmt.Sprint(q2))
	d.say("q2n", fmt.Sprint(q2+1))
	p := [][3]string{{"12.40", "11.75", "10.90"}, {"210.00", "198.50", "186.00"}, {"3.15", "2.95", "2.60"}}[d.random.IntN(3)]
	d.facts["tier1"] = fact("price_tier", "item", item, "from", "1", "until", fmt.Sprint(q1), "price", amount("p1", p[0]), "method", "graduated")
	d.facts["tier2"] = fact("price_tier", "item", item, "from", fmt.Sprint(q1+1), "until", fmt.Sprint(q2), "price", amount("p2", p[1]), "method", "graduated")
	d.facts["tier3"] = fact("price_tier", "item", item, "from", fmt.Sprint(q2+1), "price", amount("p3", p[2]), "method", "graduated")
	capAmount := d.pick("250000", "500000", "1000000", "2000000")
	amount("cap", capAmount)
	d.values["liability_cap/a"] = object{"kind": "cap", "cap": object{"amount": object{"value": capAmount, "currency": c}}}
	times := d.random.IntN(3)
	d.say("times", []string{"the amount of", "twice", "three times"}[times])
	d.values["liability_cap/m"] = object{"kind": "cap", "cap": object{"multiple": fmt.Sprint(times + 1), "window": object{"value": 12, "unit": "month"}, "basis": "fees_paid"}}
	d.facts["gl"] = fact("insurance", "cover", "general liability", "per_occurrence", amount("gl", d.pick("1000000", "2000000", "5000000")))
	d.facts["pi"] = fact("insurance", "cover", "professional liability", "per_occurrence", amount("pi", d.pick("1000000", "3000000")))
	delay, delayCap := d.pick("0.5", "1", "2"), d.pick("5", "8", "10")
	d.say("delay", delay)
	d.say("delaycap", delayCap)
	d.facts["delay"] = fact("delay_damages", "percent", delay, "per", "week", "cap", delayCap+" percent")
	d.say("incoterm", d.pick("FCA works", "DAP the warehouse of "+d.words["C"], "CPT Rotterdam", "EXW"))
}

func fact(kind string, pairs ...string) object {
	fields := object{}
	for i := 0; i+1 < len(pairs); i += 2 {
		fields[pairs[i]] = pairs[i+1]
	}
	return object{"kind": kind, "fields": fields}
}

func (d *deal) duty() {
	set := func(key string, n int, unit string) string { d.span(key, n, unit); return d.words[key] }
	period := d.random.IntN(2)
	name := d.pick("performance report", "service report", "statement of fees and usage", "summary of incidents and actions")
	d.say("reportperiod", []string{"month", "quarter"}[period])
	d.say("reportname", name)
	d.say("reportname^", strings.ToUpper(name[:1])+name[1:])
	d.duties["report"] = duty{"supplier", "customer", name, []string{"monthly", "quarterly"}[period], "within " + set("reportdays", d.num(5, 10, 15), "day"), ""}
	d.duties["rca"] = duty{"supplier", "customer", "root cause analysis", "on_event", "within " + set("rcadays", d.num(5, 10), "business_day"), "critical incident"}
	d.duties["review"] = duty{"customer", "supplier", "test of a deliverable", "on_event", "within " + set("review", d.num(5, 10, 15), "business_day"), "delivery"}
	d.duties["fix"] = duty{"supplier", "customer", "correction of a rejected deliverable", "on_event", "within " + set("fix", d.num(5, 7, 10), "day"), "rejection"}
	d.duties["breach"] = duty{"supplier", "customer", "notice of a personal data breach", "on_event", "within " + set("breach", d.num(24, 48, 72), "hour"), "personal data breach"}
	d.duties["erase"] = duty{"supplier", "customer", "erasure of personal data", "once", "within " + set("erase", d.num(14, 30, 60), "day"), "end of the contract"}
	attest := d.pick("SOC 2 Type II report", "ISO/IEC 27001 certificate", "ISAE 3402 report", "PCI DSS attestation of compliance")
	d.say("attest", attest)
	d.duties["attest"] = duty{"supplier", "customer", attest, "yearly", "within " + set("attestdays", d.num(14, 30), "day"), ""}
	d.duties["pentest"] = duty{"supplier", "customer", "summary of the penetration test", "yearly", "within " + d.words["attestdays"], "test"}
	set("auditnotice", d.num(10, 14, 30), "day")
	d.say("auditnotice^", strings.ToUpper(d.words["auditnotice"][:1])+d.words["auditnotice"][1:])
	set("keep", d.num(3, 5, 7), "year")
	d.duties["refund"] = duty{"supplier", "customer", "refund of an overcharge", "on_event", "within thirty days", "overcharge found by an audit"}
	d.duties["cert"] = duty{"supplier", "customer", "insurance certificates", "yearly", "", ""}
	d.duties["deliver"] = duty{"supplier", "customer", "delivery of goods ordered", "on_event", "within " + set("lead", d.num(14, 21, 28, 42), "day"), "order"}
	d.duties["confirm"] = duty{"supplier", "customer", "confirmation of an order", "on_event", "within " + set("confirm", d.num(2, 3, 5), "business_day"), "order"}
	d.duties["forecast"] = duty{"customer", "supplier", "forecast of needs", "quarterly", "at the beginning of each quarter", ""}
	d.duties["inspect"] = duty{"customer", "supplier", "inspection of goods", "on_event", "within " + set("inspect", d.num(7, 10, 14, 20), "day"), "arrival of goods"}
	for name, o := range map[string]duty{
		"copies":    {"both", "", "return of copies of confidential information", "on_event", "within fourteen days", "request"},
		"hindered":  {"both", "", "notice of force majeure", "on_event", "within three days", "force majeure"},
		"claim":     {"customer", "supplier", "notice of a third-party claim", "on_event", "within ten days", "claim of a third party"},
		"heads":     {"both", "", "meeting of the heads of both parties", "on_event", "within fifteen days", "dispute"},
		"disputed":  {"customer", "supplier", "notice of a disputed invoice item", "on_event", "within ten days", "disputed item"},
		"cancelled": {"supplier", "customer", "notice of cancellation or reduction of insurance", "on_event", "thirty days before", "cancellation or reduction"},
		"lapse":     {"supplier", "customer", "notice that the attestation lapsed or is qualified", "on_event", "within " + d.words["attestdays"], "lapse or qualification"},
		"rebate":    {"supplier", "customer", "credit note for the rebate", "yearly", "in the first quarter of the following year", ""},
		"shortfall": {"customer", "supplier", "payment of the shortfall", "yearly", "within thirty days after the end of the year", "fees below the minimum"},
		"cure":      {"supplier", "customer", "cure of defects under warranty", "on_event", "", "defect within the warranty period"},
	} {
		d.duties[name] = o
	}
	names := [][3]string{{"the design document", "the test system", "the production release"}, {"the survey of sites", "the pilot installation", "the complete roll-out"}, {"the migration plan", "the trial migration", "the final migration"}}[d.random.IntN(3)]
	at := d.start
	for i, n := range names {
		at = at.AddDate(0, 1+d.random.IntN(3), d.random.IntN(20))
		a := d.pick("12500.00", "24000.00", "38000.00", "51500.00")
		k := fmt.Sprint(i + 1)
		d.say("ms"+k, n)
		d.say("ms"+k+"^", "T"+n[1:])
		d.say("md"+k, d.style.date(at))
		d.say("ma"+k, d.money1(a))
		d.facts["ms"+k] = fact("milestone", "name", strings.TrimPrefix(n, "the "), "date", at.Format(time.DateOnly), "amount", a+" "+d.style.currency)
		d.duties["ms"+k] = duty{"supplier", "customer", strings.TrimPrefix(n, "the "), "once", d.words["md"+k], ""}
	}
}
