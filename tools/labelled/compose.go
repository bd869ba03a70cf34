package main

import (
	"fmt"
	"strings"
	"time"
)

// section is a part of a document: key of the bank, headings it may have, and how likely it is there (in percent).
type section struct {
	key      string
	headings []string
	likely   int
}

func part(key string, likely int, headings ...string) section {
	return section{key, headings, likely}
}

// outline gives the sections of a kind. Their order is shuffled between the first and the last.
func outline(kind string) (title []string, sections []section) {
	pay := part("payment_terms", 90, "Payment", "Invoices and payment", "Payment Terms", "Terms of payment", "Invoicing", "Money matters")
	price := part("price", 80, "Charges", "Fees", "Prices", "Remuneration", "Fees and rates")
	term := part("term", 100, "Term", "Duration", "Commencement and term", "Term of agreement", "Entry into force")
	renewal := part("renewal", 70, "Renewal", "Extension", "Renewal and non-renewal", "Prolongation", "Continuation")
	end := part("termination", 75, "Termination", "Early termination", "Ending the agreement", "Cancellation")
	law := part("governing_law", 80, "Governing law", "Applicable law", "Law", "Law and disputes", "Choice of law")
	report := part("report", 85, "Reports", "Reporting", "Information", "Records and reports", "Service reviews")
	data := part("data_protection", 75, "Data protection", "Personal data", "Privacy", "Protection of data")
	attest := part("attestation", 60, "Security", "Attestations", "Information security", "Evidence of security")
	audit := part("audit", 60, "Audit", "Records and audit", "Inspection of records", "Verification")
	insurance := part("insurance", 60, "Insurance", "Insurances", "Required cover")
	liability := part("liability_cap", 75, "Limitation of liability", "Liability", "Limits of liability", "Cap")
	available := part("availability", 100, "Availability", "Uptime", "Service availability", "Availability commitment")
	response := part("response", 100, "Response and resolution", "Support times", "Incident handling", "Faults", "Service times")
	credits := part("credits", 90, "Service credits", "Credits", "Reduction of fees", "Remedies for missed levels", "Abatement")
	accept := part("acceptance", 85, "Acceptance", "Testing and acceptance", "Taking over", "Review of deliverables")
	milestones := part("milestones", 100, "Milestones", "Schedule and payments", "Time plan", "Stages", "Project plan")
	tiers := part("price_tiers", 100, "Prices", "Price list", "Unit prices", "Volume prices")
	delivery := part("delivery", 100, "Delivery", "Orders and delivery", "Delivery terms", "Shipping")
	inspect := part("inspection", 80, "Inspection", "Quality", "Inspection and rejection")
	services := part("services", 90, "Services", "Subject matter", "Scope", "Appointment")
	secret := part("confidentiality", 60, "Confidentiality", "Secrecy")
	notices := part("notices", 50, "Notices", "Communications")
	force := part("force_majeure", 40, "Force majeure", "Events beyond control")
	assign := part("assignment", 40, "Assignment", "Transfer and subcontracting")
	staff := part("staff", 50, "Personnel", "Co-operation")
	warranty := part("warranty", 60, "Warranty", "Defects", "Warranties")
	property := part("property", 55, "Intellectual property", "Ownership and use", "Rights in the work")
	indemnity := part("indemnity", 50, "Indemnity", "Indemnification", "Third-party claims")
	solicit := part("non_solicitation", 45, "Non-solicitation", "Staff of the other party")
	disputes := part("disputes", 50, "Disputes", "Settlement of disputes", "Escalation and disputes")
	comply := part("compliance", 50, "Compliance", "Laws and licences", "Ethics")
	whole := part("whole", 80, "Entire agreement", "Closing provisions", "Interpretation", "Whole agreement")
	decoys := part("decoys", 70, "Miscellaneous", "General", "Other provisions", "Final provisions")
	switch kind {
	case "sla":
		return []string{"Service Level Agreement", "Service Level Schedule", "Agreement on Service Levels", "Service Level Addendum"},
			[]section{services, available, response, credits, report, data, end, renewal, notices, whole, disputes, decoys, law, term}
	case "msa":
		return []string{"Master Services Agreement", "Framework Services Agreement", "Master Agreement", "General Services Agreement"},
			[]section{services, term, price, pay, renewal, end, data, attest, audit, insurance, liability, secret, notices, force, assign, report, accept, warranty, property, indemnity, solicit, disputes, comply, whole, decoys, law}
	case "sow":
		return []string{"Statement of Work", "Work Order", "Project Agreement", "Statement of Work No. 2"},
			[]section{services, milestones, accept, price, pay, report, staff, data, insurance, liability, secret, warranty, property, solicit, whole, decoys, law, term}
	case "support":
		return []string{"Support Agreement", "Maintenance and Support Agreement", "Software Maintenance Agreement"},
			[]section{services, response, available, credits, price, pay, term, renewal, end, report, data, attest, liability, notices, warranty, property, indemnity, whole, decoys, law}
	case "supply":
		return []string{"Supply Agreement", "Purchase Agreement", "Framework Supply Contract"},
			[]section{tiers, delivery, inspect, pay, term, renewal, end, audit, insurance, liability, force, assign, warranty, indemnity, comply, disputes, whole, decoys, law}
	case "price_schedule":
		return []string{"Price Schedule", "Order Form", "Schedule of Prices"},
			[]section{tiers, price, pay, term, renewal, delivery, warranty, whole, decoys}
	}
	return nil, nil
}

func compose(d *deal, cards *deck, kind string) (head, body string) {
	titles, sections := outline(kind)
	switch kind {
	case "insurance_certificate":
		return certificate(d)
	case "amendment":
		return amendment(d, cards)
	}
	title := d.pick(titles...)
	d.values["title"] = object{"kind": "text", "text": title}
	d.say("doc", d.pick("Agreement", "Contract", "agreement"))
	head = d.head(title)
	blocks := d.opening(title)
	blocks = append(blocks, d.definitions()...)
	numbers := d.numbering()
	d.random.Shuffle(len(sections), func(i, j int) { sections[i], sections[j] = sections[j], sections[i] })
	n := 0
	for _, s := range sections {
		if d.random.IntN(100) >= s.likely {
			continue
		}
		n++
		blocks = append(blocks, numbers.heading(n, d.pick(s.headings...)))
		wordings := []string{cards.draw(s.key)}
		if (s.key == "price" || s.key == "decoys") && d.random.IntN(2) == 0 {
			wordings = append(wordings, cards.draw(s.key))
		}
		clause := 0
		for _, w := range wordings {
			for _, block := range strings.Split(w, "\n\n") {
				if own(block) {
					blocks = append(blocks, strings.Split(bullets(block), "\n\n")...)
					continue
				}
				clause++
				blocks = append(blocks, numbers.clause(n, clause)+block)
			}
		}
	}
	blocks = append(blocks, d.signatures())
	return head, strings.Join(blocks, "\n\n") + "\n"
}

// own tells whether a block keeps its form: a table, a point, a bullet.
func own(block string) bool {
	clean, _ := strip(block)
	return strings.HasPrefix(clean, "(a)") || strings.HasPrefix(clean, "(b)") || strings.HasPrefix(clean, "(c)") || strings.HasPrefix(clean, "|") || strings.HasPrefix(clean, "•")
}

// bullets parts a list of bullets into blocks, as a list of paragraphs.
func bullets(block string) string {
	if clean, _ := strip(block); strings.HasPrefix(clean, "•") {
		return strings.ReplaceAll(block, "\n", "\n\n")
	}
	return block
}

func (d *deal) head(title string) string {
	lines := []string{"title: " + title, "created: " + d.signed.Format(time.DateOnly), "paper: " + d.style.paper, "font: " + d.pick("serif", "sans", "dejavu"), "size: " + d.pick("9.5pt", "10pt", "10.5pt", "11pt")}
	if d.random.IntN(2) == 0 {
		lines = append(lines, "quotes: curly")
	}
	if d.random.IntN(2) == 0 {
		lines = append(lines, "head_left: "+d.supplier+" / "+d.customer, "foot_left: "+d.pick("Confidential", "Execution copy", "Template 4.2"))
	}
	lines = append(lines, "tables: "+d.pick("tabs", "columns", "pipes"))
	if d.random.IntN(3) == 0 {
		lines = append(lines, "wrap: 78")
	}
	if d.random.IntN(8) == 0 {
		lines = append(lines, "columns: 2")
	}
	if d.random.IntN(3) == 0 {
		lines = append(lines, "numbers: typed")
	}
	return strings.Join(lines, "\n") + "\n"
}

// opening is the title and who the parties are.
func (d *deal) opening(title string) []string {
	if d.random.IntN(2) == 0 {
		title = strings.ToUpper(title)
	}
	top := "# «v.title:" + title + "»"
	forms := []string{
		`This ` + d.words["doc"] + ` is made on «v.agreement_date:{signed}» between «v.parties:**{supplier}** ("**{Srole}**") and **{customer}** ("**{Crole}**")».`,
		`THIS ` + strings.ToUpper(d.words["doc"]) + ` is entered into as of «v.agreement_date:{signed}» by and between «v.parties:{supplier} (hereinafter "{Srole}") and {customer} (hereinafter "{Crole}")», who agree as follows.`,
		"@lines\n«v.parties:{Srole}: **{supplier}**\n{Crole}: **{customer}**»\nDate: «v.agreement_date:{signed}»",
		"between\n\n«v.parties:**{supplier}** – hereinafter called \"{Srole}\" –\n\nand\n\n**{customer}** – hereinafter called \"{Crole}\" –»\n\nthe following is agreed on «v.agreement_date:{signed}»:",
		"Dated «v.agreement_date:{signed}»\n\nPARTIES\n\n«v.parties:(1) **{supplier}** (the \"**{Srole}**\"); and\n\n(2) **{customer}** (the \"**{Crole}**\").»",
	}
	return []string{top, d.pick(forms...)}
}

func (d *deal) definitions() []string {
	all := []string{
		`"Working Day" means any day other than Saturday, Sunday and a public holiday at the seat of {S}.`,
		`"Downtime" means the minutes in which {service} does not answer, announced maintenance left out.`,
		`"Deliverable" means anything that {S} has to hand over under this {doc}.`,
		`"Affiliate" means a company that controls, is controlled by or is under common control with a party.`,
		`"Priority 1" means that {service} cannot be used at all; "Priority 2", that a main function fails; "Priority 3", anything else.`,
	}
	if d.random.IntN(2) == 0 {
		return nil
	}
	out := []string{d.pick("## Definitions", "In this {doc}:", "Words with capital letters have these meanings.")}
	for _, s := range all {
		if d.random.IntN(2) == 0 {
			out = append(out, s)
		}
	}
	return out
}

// numbering is a way to number headings and clauses.
type numbering struct {
	heading func(n int, words string) string
	clause  func(n, m int) string
}

func (d *deal) numbering() numbering {
	roman := []string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII", "XVIII", "XIX", "XX", "XXI", "XXII", "XXIII", "XXIV", "XXV", "XXVI", "XXVII", "XXVIII", "XXIX", "XXX"}
	decimal := func(n, m int) string { return fmt.Sprintf("%d.%d ", n, m) }
	bracketed := func(_, m int) string { return fmt.Sprintf("(%d) ", m) }
	bare := func(int, int) string { return "" }
	all := []numbering{
		{func(n int, w string) string { return fmt.Sprintf("## %d. %s", n, w) }, decimal},
		{func(n int, w string) string { return fmt.Sprintf("## %d. %s", n, strings.ToUpper(w)) }, decimal},
		{func(n int, w string) string { return fmt.Sprintf("## Article %s. %s", roman[n], w) }, decimal},
		{func(n int, w string) string { return fmt.Sprintf("## § %d %s", n, w) }, bracketed},
		{func(n int, w string) string { return fmt.Sprintf("## %c. %s", 'A'+n-1, w) }, bare},
		{func(_ int, w string) string { return "## " + w }, bare},
		{func(n int, w string) string { return fmt.Sprintf("**%d %s**", n, w) }, decimal},
		{func(n int, w string) string { return fmt.Sprintf("## Section %d. %s", n, w) }, bracketed},
	}
	return all[d.random.IntN(len(all))]
}

func (d *deal) signatures() string {
	names := []string{"A. Thornquist", "Miriam Okafor", "J. van der Plas", "Lucía Herrero", "Tomasz Wilk", "Greta Sandoval", "P. O'Hanlon", "Nadia Rahmani"}
	titles := []string{"Director", "Chief Executive", "Head of Procurement", "General Counsel", "Vice President"}
	return "@sign\n" + d.supplier + " | " + d.pick(names...) + " | " + d.pick(titles...) + " | " + d.words["signed"] + "\n" +
		d.customer + " | " + d.pick(names...) + " | " + d.pick(titles...) + " | " + d.words["signed"]
}

// amendment changes a contract by operations; the clauses that it replaces or inserts come from the bank.
func amendment(d *deal, cards *deck) (head, body string) {
	title := d.pick("First Amendment", "Amendment Agreement", "Addendum No. 1", "Deed of Variation", "Supplementary Agreement")
	d.values["title"] = object{"kind": "text", "text": title}
	d.values["contract_type"] = object{"kind": "text", "text": "amendment"}
	d.say("doc", "Agreement")
	old := d.style.date(d.start.AddDate(-d.num(1, 2, 3), -d.num(1, 2, 5), 0))
	from := d.start.Format(time.DateOnly)
	d.say("old", old)
	blocks := append([]string{}, d.opening(title)...)
	blocks = append(blocks, d.pick(
		"The parties made a contract on {old} (the \"Original Agreement\") and wish to change it with effect from «v.effective_date:{effective}».",
		"With effect from «v.effective_date:{effective}» the agreement between the parties of {old} is changed as set out below.",
		"WHEREAS the parties are bound by an agreement dated {old}; and WHEREAS they desire to amend it as of «v.effective_date:{effective}»; they now agree:",
	))
	type op struct{ section, at string }
	ops := []op{{"payment_terms", "6.2"}, {"credits", "5.4"}, {"availability", "5.1"}, {"liability_cap", "12.3"}, {"report", "8.1"}, {"price", "7"}, {"renewal", "2.2"}, {"data_protection", "14"}}
	d.random.Shuffle(len(ops), func(i, j int) { ops[i], ops[j] = ops[j], ops[i] })
	words := d.pick("Section", "Clause", "Article", "§")
	n := 0
	next := func() string { n++; return fmt.Sprintf("%d. ", n) }
	for i, o := range ops[:4] {
		target := words + " " + o.at
		key := fmt.Sprintf("change%d", i)
		operation := "replace"
		lead := d.pick(target+" is replaced by the following:", "For "+target+" there is substituted:", target+" shall henceforth read:")
		if i == 3 {
			operation = "insert"
			lead = d.pick("After "+target+" the following is inserted:", "A new "+target+"a is added:")
		}
		d.facts[key] = fact("change", "operation", operation, "target", target, "effective", from)
		blocks = append(blocks, next()+"«f."+key+":"+lead+"»")
		for _, block := range strings.Split(cards.draw(o.section), "\n\n") {
			blocks = append(blocks, strings.Split(bullets(block), "\n\n")...)
		}
	}
	d.facts["changed"] = fact("change", "operation", "delete", "target", words+" 9.3", "effective", from)
	blocks = append(blocks, next()+"«f.changed:"+d.pick(words+" 9.3 is deleted.", words+" 9.3 is deleted without replacement.", "The text of "+words+" 9.3 is struck out.")+"»")
	if d.random.IntN(3) > 0 {
		d.facts["extend"] = fact("change", "operation", "extend", "to", d.expiry(), "effective", from)
		blocks = append(blocks, next()+"«c.term:«f.extend:"+d.pick("The term of the Original Agreement is extended «v.expiration_date:to {expiry}».", "The agreement now ends «v.expiration_date:on {expiry}».", "«v.expiration_date:{expiry}» takes the place of the former date of expiry.")+"»»")
	}
	blocks = append(blocks, next()+d.pick("In all other respects the Original Agreement stays as it is.", "Everything else remains unchanged and in force. If the two differ, this document prevails."))
	blocks = append(blocks, d.signatures())
	return d.head(title), strings.Join(blocks, "\n\n") + "\n"
}

// certificate is proof of insurance: a form, or a letter.
func certificate(d *deal) (head, body string) {
	title := d.pick("Certificate of Insurance", "Evidence of Insurance", "Confirmation of Cover")
	d.values["title"] = object{"kind": "text", "text": title}
	broker := d.pick("Harrowgate & Lisle Brokers", "Beacon Quay Insurance Services", "Veldhuis Assuradeuren")
	insurers := []string{"Stonecrop Mutual Insurance Company", "Ravelin Casualty Insurance SE"}
	d.say("broker", broker)
	d.values["parties"] = object{"kind": "parties", "parties": []any{object{"name": d.supplier, "role": "insured"}, object{"name": d.customer, "role": "certificate holder"}}}
	from, until := d.start, d.start.AddDate(1, 0, -1)
	covers := []struct{ name, occurrence, aggregate string }{
		{"commercial general liability", d.pick("1000000", "2000000"), d.pick("2000000", "4000000")},
		{"professional indemnity", d.pick("1000000", "5000000"), ""},
		{"cyber liability", d.pick("1000000", "3000000"), d.pick("3000000", "5000000")},
		{"umbrella liability", d.pick("5000000", "10000000"), ""},
	}
	table := d.random.IntN(2) == 0
	blocks := []string{"# «v.title:" + title + "»", d.pick("This certificate gives information only and does not change the policies.", "Issued for the information of the holder; it confers no rights beyond those of the policies.")}
	blocks = append(blocks, "@lines\n«v.parties:Insured: {supplier}\nCertificate holder: {customer}»\nBroker: {broker}\nDate of issue: «v.agreement_date:{signed}»")
	rows := []string{"| Cover | Insurer | Policy | Period | Limit |"}
	for i, c := range covers[:d.num(2, 3, 4)] {
		key := fmt.Sprintf("cover%d", i)
		policy := fmt.Sprintf("%s-%d", []string{"GL", "PI", "CY", "UM"}[i], 100000+d.random.IntN(800000))
		limit := d.money1(c.occurrence) + " each occurrence"
		fields := []string{"cover", c.name, "policy", policy, "insurer", insurers[i%2], "per_occurrence", c.occurrence + " " + d.style.currency, "from", from.Format(time.DateOnly), "until", until.Format(time.DateOnly)}
		if c.aggregate != "" {
			limit += ", " + d.money1(c.aggregate) + " in the aggregate"
			fields = append(fields, "aggregate", c.aggregate+" "+d.style.currency)
		}
		d.facts[key] = fact("insurance", fields...)
		period := d.style.date(from) + " to " + d.style.date(until)
		name := strings.ToUpper(c.name[:1]) + c.name[1:]
		if table {
			rows = append(rows, fmt.Sprintf("| «c.insurance:«f.%s:%s | %s | %s | %s | %s»» |", key, name, insurers[i%2], policy, period, limit))
			continue
		}
		blocks = append(blocks, fmt.Sprintf("«c.insurance:«f.%s:%s insurance with %s under policy no. %s, in force from %s, limit %s.»»", key, name, insurers[i%2], policy, period, limit))
	}
	if table {
		blocks = append(blocks, strings.Join(rows, "\n"))
	}
	if d.random.IntN(2) == 0 {
		blocks = append(blocks, "«c.insurance:The certificate holder is an additional insured under the general liability policy.»")
	}
	d.duties["cancel"] = duty{"insurer", "certificate holder", "notice of cancellation", "on_event", "thirty days before", "cancellation of a policy"}
	blocks = append(blocks, "«o.cancel:"+d.pick("The insurer will notify the certificate holder thirty days before a policy is cancelled.", "Thirty days' notice of cancellation will be given to the certificate holder.")+"»", "@lines\nFor {broker}\n/s/ "+d.pick("R. Amsel", "Constance Birdsall", "W. Drees"))
	return d.head(title), strings.Join(blocks, "\n\n") + "\n"
}
