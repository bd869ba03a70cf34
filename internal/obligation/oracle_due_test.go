package obligation_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// The cases of oracle_due.py, in its words. Each has what the engine is asked, beside it.
type (
	officeHours struct {
		Zone     string          `json:"zone"`
		Days     []string        `json:"days"`
		Windows  [][2]string     `json:"windows"`
		Holidays []calendar.Date `json:"holidays"`
	}
	dueTime struct {
		Days   int    `json:"days"`
		Time   string `json:"time"`
		Cutoff string `json:"cutoff,omitempty"`
	}
	ticketCase struct {
		Kind      string      `json:"kind"`
		Hours     officeHours `json:"hours"`
		Response  bool        `json:"response"`
		By        *dueTime    `json:"by,omitempty"`
		ByHolds   string      `json:"by_holds"`
		Target    int         `json:"target"`
		OnReopen  string      `json:"on_reopen"`
		Log       [][2]string `json:"log"`
		Responded string      `json:"responded,omitempty"`
		At        string      `json:"at"`
	}
	lateCase struct {
		Method      string      `json:"method"`
		Percent     string      `json:"percent"`
		Basis       string      `json:"basis"`
		Compounding string      `json:"compounding"`
		Rates       [][2]string `json:"rates"`
	}
	paymentCase struct {
		Kind            string          `json:"kind"`
		Terms           string          `json:"terms"`
		Base            string          `json:"base"`
		Days            int             `json:"days"`
		Day             int             `json:"day"`
		Cutoff          int             `json:"cutoff"`
		Start           string          `json:"start"`
		Roll            string          `json:"roll"`
		Holidays        []calendar.Date `json:"holidays"`
		Invoice         calendar.Date   `json:"invoice"`
		Received        calendar.Date   `json:"received,omitempty"`
		Today           calendar.Date   `json:"today"`
		Amount          string          `json:"amount"`
		DiscountPercent string          `json:"discount_percent"`
		DiscountDays    int             `json:"discount_days"`
		DiscountProx    bool            `json:"discount_prox"`
		DiscountEOM     bool            `json:"discount_from_month_end"`
		Partial         bool            `json:"partial"`
		Payments        [][2]string     `json:"payments"`
		Rate            string          `json:"rate,omitempty"` // of another currency the payments are in
		Late            lateCase        `json:"late"`
	}
	noticeCase struct {
		Kind                 string          `json:"kind"`
		Anchor               calendar.Date   `json:"anchor"`
		Value                int             `json:"value"`
		Unit                 string          `json:"unit"`
		Clear                bool            `json:"clear"`
		Roll                 string          `json:"roll"`
		DeliveryDays         int             `json:"delivery_days"`
		DeliveryBusinessDays int             `json:"delivery_business_days"`
		OnBusinessDay        bool            `json:"on_business_day"`
		Holidays             []calendar.Date `json:"holidays"`
	}
	tierRow struct {
		From  string `json:"from"`
		To    string `json:"to,omitempty"`
		Price string `json:"price"`
		Flat  string `json:"flat,omitempty"`
	}
	tiersCase struct {
		Kind       string    `json:"kind"`
		Mode       string    `json:"mode"`
		Bounds     string    `json:"bounds"`
		Tiers      []tierRow `json:"tiers"`
		Quantities []string  `json:"quantities"`
	}
	creditRule struct {
		Kind         string `json:"kind"`
		Tiers        []any  `json:"tiers"`
		PerPoint     string `json:"per_point"`
		Step         string `json:"step"`
		Each         string `json:"each"`
		Count        string `json:"count"`
		Repeat       any    `json:"repeat"`
		CapPercent   string `json:"cap_percent"`
		Rolling      any    `json:"rolling"`
		Minimum      string `json:"minimum"`
		Liability    string `json:"liability"`
		Already      string `json:"already"`
		CarryPercent string `json:"carry_percent"`
		CarryMonths  int    `json:"carry_months"`
		credit       creditsObject
	}
	creditsObject map[string]any
	creditsCase   struct {
		Kind     string     `json:"kind"`
		Target   string     `json:"target"`
		Measured []string   `json:"measured"`
		Fees     []string   `json:"fees"`
		Rule     creditRule `json:"rule"`
	}
)

// The second oracle agrees on due times and ticket states, payments, notices, tiers and credits.
func TestTicketsAgreeWithTheDueOracle(t *testing.T) {
	t.Parallel()
	set := emptySet(t)
	agree(t, cases(120), 31, randomTicket, []string{"met", "breached", "open", "on_track", "at_risk", "excused"}, func(t *testing.T, c ticketCase) map[string]string {
		a, err := obligation.Assess(c.input(set))
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{"status": string(a.Status), "elapsed": a.Elapsed}
		if c.By != nil && (a.Status == pact.OnTrack || a.Status == pact.AtRisk) {
			out["status"] = "open"
		}
		if !a.DueAt.IsZero() {
			out["due"] = a.DueAt.Format(time.RFC3339)
		}
		return out
	}, func(want map[string]any) map[string]string {
		out := map[string]string{"status": fmt.Sprint(want["status"])}
		if due := fmt.Sprint(want["due"]); due != "" {
			out["due"] = due
		}
		if n, ok := want["elapsed"].(float64); ok {
			out["elapsed"] = (time.Duration(n) * time.Minute).String()
		}
		return out
	})
}

func TestPaymentsAgreeWithTheDueOracle(t *testing.T) {
	t.Parallel()
	set := emptySet(t)
	agree(t, cases(400), 32, randomPayment, []string{"met", "breached", "on_track"}, func(t *testing.T, c paymentCase) map[string]string {
		a, err := obligation.Assess(c.input(t, set))
		if err != nil {
			t.Fatal(err)
		}
		return map[string]string{
			"status": string(a.Status), "due": a.Measured, "interest": lines(a, "late interest"), "fixed": lines(a, "fixed compensation"), "discount": lines(a, "discount taken"),
		}
	}, told)
}

func TestNoticesAgreeWithTheDueOracle(t *testing.T) {
	t.Parallel()
	set := emptySet(t)
	agree(t, cases(400), 33, randomNotice, nil, func(t *testing.T, c noticeCase) map[string]string {
		yes := true
		hours := calendar.Weekdays("UTC", "00:00", "24:00")
		hours.Holidays = c.Holidays
		p := obligation.RenewalParams{
			ExpirationDate: c.Anchor, Notice: &calendar.Duration{Value: c.Value, Unit: calendar.Unit(c.Unit)}, ClearDays: c.Clear, Roll: calendar.Roll(c.Roll), Hours: hours, AutoRenewal: &yes,
			RenewalTerm: &calendar.Duration{Value: 1, Unit: calendar.Year}, Delivery: calendar.Delivery{Days: c.DeliveryDays, BusinessDays: c.DeliveryBusinessDays, OnBusinessDay: c.OnBusinessDay},
		}
		list, err := p.Renewals(set, calendar.Period{From: c.Anchor})
		if err != nil || len(list) == 0 || list[0].Notice == nil {
			t.Fatal(list, err)
		}
		n := list[0].Notice
		return map[string]string{"last": string(n.LastDay), "receive": string(n.ReceiveBy), "send": string(n.SendBy)}
	}, told)
}

func TestTiersAgreeWithTheDueOracle(t *testing.T) {
	t.Parallel()
	set := emptySet(t)
	agree(t, cases(400), 34, randomTiers, nil, func(t *testing.T, c tiersCase) map[string]string {
		a, err := obligation.Assess(c.input(t, set))
		if err != nil {
			t.Fatal(err)
		}
		return map[string]string{"total": amountOf(a)}
	}, told)
}

func TestCreditsAgreeWithTheDueOracle(t *testing.T) {
	t.Parallel()
	set := emptySet(t)
	agree(t, cases(150), 35, randomCredits, nil, func(t *testing.T, c creditsCase) map[string]string {
		out := map[string]string{}
		for month := range c.Measured {
			a, err := obligation.Assess(c.input(t, set, month))
			if err != nil {
				t.Fatal(err)
			}
			out[strconv.Itoa(month)] = strings.Join([]string{amountOf(a), lines(a, "set off "), lines(a, "carried forward"), lines(a, "lapsed")}, " ")
		}
		return out
	}, func(want map[string]any) map[string]string {
		out := map[string]string{}
		for month, one := range want["months"].([]any) {
			m := one.(map[string]any)
			out[strconv.Itoa(month)] = strings.Join([]string{m["amount"].(string), m["set_off"].(string), m["left"].(string), m["lapsed"].(string)}, " ")
		}
		return out
	})
}

func emptySet(t *testing.T) calendar.Set {
	t.Helper()
	set, err := calendar.NewSet()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// agree draws cases and compares what the engine says with what the oracle says, member by member of the latter. statuses must all
// occur, or the cases are too tame.
func agree[C any](t *testing.T, n int, seed uint64, draw func(*rand.Rand) C, statuses []string, engine func(*testing.T, C) map[string]string, read func(map[string]any) map[string]string) {
	t.Helper()
	r := rand.New(rand.NewPCG(20261128, seed))
	given := make([]any, n)
	for i := range given {
		given[i] = draw(r)
	}
	seen, wrong := map[string]int{}, 0
	for i, line := range ask(t, "oracle_due.py", given) {
		var raw map[string]any
		if err := json.Unmarshal(line, &raw); err != nil {
			t.Fatal(err)
		}
		want, got := read(raw), engine(t, given[i].(C))
		seen[want["status"]]++
		for member, value := range want {
			if got[member] != value {
				text, _ := json.Marshal(given[i])
				t.Errorf("case %d: %s is %q, the oracle says %q\n%v\n%v\n%s", i, member, got[member], value, got, want, text)
				wrong++
				break
			}
		}
		if wrong == 10 {
			t.Fatal("and more")
		}
	}
	for _, s := range statuses {
		if seen[s] == 0 {
			t.Errorf("no case was %s: the cases are too tame: %v", s, seen)
		}
	}
	t.Logf("%d cases, %d disagreements, %v", n, wrong, seen)
}

func told(want map[string]any) map[string]string {
	out := map[string]string{}
	for k, v := range want {
		if s := fmt.Sprint(v); s != "" {
			out[k] = s
		}
	}
	return out
}

func lines(a pact.Assessment, prefix string) string {
	sum := decimal.Zero
	for _, l := range a.Amounts {
		if strings.HasPrefix(l.Name, prefix) {
			sum = sum.Add(l.Amount.Value)
		}
	}
	return sum.StringFixed(2)
}

func amountOf(a pact.Assessment) string {
	if a.Amount == nil {
		return ""
	}
	return a.Amount.Value.StringFixed(2)
}

func randomOffice(r *rand.Rand, near time.Time) officeHours {
	h := officeHours{
		Zone:    pick(r, "America/New_York", "Europe/Berlin", "UTC", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns"),
		Days:    pick(r, []string{"mon", "tue", "wed", "thu", "fri"}, []string{"mon", "tue", "wed", "thu", "fri", "sat"}, []string{"sun", "mon", "tue", "wed", "thu"}),
		Windows: pick(r, [][2]string{{"09:00", "17:00"}}, [][2]string{{"08:00", "12:00"}, {"13:00", "18:00"}}, [][2]string{{"06:30", "20:15"}}, [][2]string{{"10:00", "12:30"}, {"13:30", "16:00"}, {"17:00", "19:00"}}),
	}
	h.Holidays = randomDays(r, calendar.DateIn(near, time.UTC), 12)
	return h
}

func randomDays(r *rand.Rand, from calendar.Date, within int) []calendar.Date {
	out := []calendar.Date{}
	for range r.IntN(4) {
		out = append(out, from.AddDays(r.IntN(within)))
	}
	return out
}

func randomTicket(r *rand.Rand) ticketCase {
	near, _ := time.Parse(time.RFC3339, pick(r, "2026-03-05T00:00:00Z", "2026-03-26T00:00:00Z", "2026-10-22T00:00:00Z", "2026-10-30T00:00:00Z", "2026-04-02T00:00:00Z", "2026-06-10T00:00:00Z"))
	c := ticketCase{Kind: "ticket", Hours: randomOffice(r, near), Response: r.IntN(3) == 0, Target: 1 + r.IntN(1500), OnReopen: pick(r, "resume", "restart", "total", "first_cycle_final")}
	at := near.Add(time.Duration(r.IntN(3000)) * time.Minute)
	add := func(state string) {
		c.Log = append(c.Log, [2]string{at.Format(time.RFC3339), state})
		at = at.Add(time.Duration(1+r.IntN(1300)) * time.Minute)
	}
	add(pick(r, "new", "new", "new", "queued", "waiting"))
	if r.IntN(3) == 0 {
		c.By = &dueTime{Days: r.IntN(4), Time: pick(r, "09:00", "12:30", "16:00", "17:30", "21:00")}
		if c.By.Days == 0 { // a due time on the day itself must not be over already
			c.By.Cutoff, c.By.Time = "00:00", "21:00"
		} else if r.IntN(2) == 0 {
			c.By.Cutoff = pick(r, "12:00", "15:00", "17:00")
		}
		c.ByHolds = pick(r, "ignore", "shift")
	}
	stopped := false
	for range r.IntN(7) {
		if stopped && (c.By != nil || r.IntN(2) == 0) {
			break
		}
		state := pick(r, "work", "waiting", "waiting", "work", "other", "solved")
		add(state)
		stopped = state == "solved"
	}
	if r.IntN(8) == 0 && !stopped {
		add("void")
	}
	start, last := c.Log[0][0], c.Log[len(c.Log)-1][0]
	if c.Response && r.IntN(2) == 0 {
		began, _ := time.Parse(time.RFC3339, start)
		c.Responded = began.Add(time.Duration(1+r.IntN(2000)) * time.Minute).Format(time.RFC3339)
	}
	c.At = at.Add(time.Duration(r.IntN(2500)) * time.Minute).Format(time.RFC3339)
	c.At = max(c.At, last, c.Responded)
	return c
}

func (c ticketCase) input(set calendar.Set) obligation.Input {
	h := calendar.Hours{Name: "Office", Zone: c.Hours.Zone, Holidays: c.Hours.Holidays}
	for _, w := range c.Hours.Windows {
		h.Week = append(h.Week, calendar.Window{Days: c.Hours.Days, From: w[0], Until: w[1]})
	}
	p := obligation.ClockParams{Hours: h, Pauses: true, OnReopen: c.OnReopen, Conditions: &obligation.ClockConditions{
		Start: []string{"new", "work", "waiting"}, Stop: []string{"solved"}, Pause: []string{"waiting"}, Cancel: []string{"void"},
	}}
	if c.By != nil {
		p.By, p.ByHolds = &obligation.RelativeTarget{BusinessDays: c.By.Days, Time: c.By.Time, Cutoff: c.By.Cutoff}, c.ByHolds
	} else {
		p.Target = calendar.Duration{Value: c.Target, Unit: calendar.Minute}
	}
	raw, err := json.Marshal(p)
	if err != nil {
		panic(err)
	}
	o := pact.Obligation{Key: "clock", Kind: "resolution_time", Params: raw}
	if c.Response {
		o.Kind = "response_time"
	}
	in := obligation.Input{Obligation: o, Timeline: effective.New([]effective.Entry{{Source: effective.Source{Title: "Contract"}, Obligation: &o}}), Occurrence: pact.Occurrence{Key: "INC1"}, Calendars: set}
	in.At, _ = time.Parse(time.RFC3339, c.At)
	for i, l := range c.Log {
		e := pact.Event{ID: pact.EventID(fmt.Sprintf("evt_%02d", i)), Kind: "ticket_state", Subject: "INC1", Data: pact.EventData{State: l[1]}}
		if i == 0 {
			e.Kind = "ticket_opened"
		}
		e.OccurredAt, _ = time.Parse(time.RFC3339, l[0])
		in.Events = append(in.Events, e)
	}
	if c.Responded != "" {
		e := pact.Event{ID: "evt_99", Kind: "ticket_responded", Subject: "INC1"}
		e.OccurredAt, _ = time.Parse(time.RFC3339, c.Responded)
		in.Events = append(in.Events, e)
	}
	return in
}

func centsOf(n int64) string { return decimal.New(n, -2).StringFixed(2) }

func randomPayment(r *rand.Rand) paymentCase {
	c := paymentCase{
		Kind: "payment", Invoice: calendar.Date("2025-10-01").AddDays(r.IntN(500)), Start: pick(r, "invoice_date", "invoice_date", "receipt", "month_end"), Roll: pick(r, "", "none", "following", "preceding", "modified_following"),
		Amount: centsOf(10_000 + r.Int64N(3_000_000)), DiscountPercent: "0", Partial: r.IntN(3) == 0, Payments: [][2]string{},
	}
	if c.Start == "receipt" && r.IntN(4) > 0 {
		c.Received = c.Invoice.AddDays(r.IntN(20))
	}
	c.Days = pick(r, 15, 28, 30, 31, 45, 60, 90)
	suffix := ""
	switch c.Base = pick(r, "net", "net", "eom", "end_of_due_month", "after_month_end", "prox", "net_prox", "monthly"); c.Base {
	case "net":
		suffix = fmt.Sprintf("net %d", c.Days)
	case "eom":
		suffix = fmt.Sprintf("EOM + %d", c.Days)
	case "end_of_due_month", "after_month_end":
		suffix = fmt.Sprintf("net %d EOM", c.Days)
	case "prox":
		c.Days = 15 + r.IntN(17)
		suffix = pick(r, fmt.Sprintf("%dth prox", c.Days), fmt.Sprintf("net %dth", c.Days), fmt.Sprintf("%d MFI", c.Days))
	case "net_prox":
		c.Day = 1 + r.IntN(31)
		suffix = fmt.Sprintf("net %d, %dth prox", c.Days, c.Day)
	case "monthly":
		suffix = "net monthly"
	}
	if r.IntN(3) == 0 {
		c.Cutoff = 20 + r.IntN(8)
	}
	if r.IntN(2) == 0 {
		c.DiscountPercent, c.DiscountDays = pick(r, "1", "2", "2.5", "0.75"), 1+r.IntN(9)
		c.DiscountProx = c.Base == "prox" && r.IntN(2) == 0
		c.DiscountEOM = (c.Base == "eom" || c.Base == "after_month_end" || c.Base == "end_of_due_month") && r.IntN(2) == 0
		if c.DiscountProx {
			c.Terms = fmt.Sprintf("%s%% %dth prox, ", c.DiscountPercent, c.DiscountDays)
		} else {
			c.Terms = fmt.Sprintf("%s/%d ", c.DiscountPercent, c.DiscountDays)
		}
	}
	c.Terms += suffix
	if c.Base == "after_month_end" {
		c.Base = "eom"
	}
	c.Holidays = randomDays(r, c.Invoice, 120)
	c.Today = c.Invoice.AddDays(r.IntN(600))
	left := decimal.RequireFromString(c.Amount)
	day := c.Invoice.AddDays(r.IntN(40))
	for range r.IntN(4) {
		part := left
		switch r.IntN(4) {
		case 0:
			part = left.Mul(decimal.New(int64(1+r.IntN(99)), -2)).Round(2)
		case 1:
			part = left.Sub(left.Mul(decimal.RequireFromString(cmp.Or(c.DiscountPercent, "0"))).Div(decimal.NewFromInt(100))).Round(2)
		}
		if part.IsPositive() {
			c.Payments = append(c.Payments, [2]string{string(day), part.StringFixed(2)})
		}
		left = left.Sub(part)
		day = day.AddDays(1 + r.IntN(60))
	}
	if r.IntN(4) == 0 {
		c.Rate = pick(r, "0.9", "1.1", "0.8437", "1.06995")
		for i, pay := range c.Payments {
			c.Payments[i][1] = decimal.RequireFromString(pay[1]).DivRound(decimal.RequireFromString(c.Rate), 2).StringFixed(2)
		}
	}
	c.Late = lateCase{Method: pick(r, "contract", "contract", "uk", "us"), Percent: pick(r, "8", "12", "9.25", "18"), Basis: pick(r, "365", "360"), Compounding: pick(r, "", "", "month", "quarter", "year"), Rates: [][2]string{}}
	for day := calendar.Date("2024-12-01"); day < "2027-06-01"; day = day.AddDays(20 + r.IntN(70)) {
		c.Late.Rates = append(c.Late.Rates, [2]string{string(day), decimal.New(int64(r.IntN(600)), -2).String()})
	}
	return c
}

func (c paymentCase) input(t *testing.T, set calendar.Set) obligation.Input {
	t.Helper()
	currency := map[string]string{"uk": "GBP"}[c.Late.Method]
	currency = cmp.Or(currency, "USD")
	hours := calendar.Weekdays("UTC", "00:00", "24:00")
	hours.Holidays = c.Holidays
	p := obligation.InvoicePaymentParams{Terms: c.Terms, Start: c.Start, CutoffDay: c.Cutoff, Roll: calendar.Roll(c.Roll), Hours: hours, PartialDiscount: c.Partial, NetReading: "days"}
	p.EOMReading, p.DiscountStart = "after_month_end", "start"
	if c.DiscountEOM {
		p.DiscountStart = "month_end"
	}
	if c.Base == "end_of_due_month" {
		p.EOMReading = c.Base
	}
	item := ""
	switch c.Late.Method {
	case "uk":
		p.Late, item = &obligation.LateInterest{Method: "uk_statute"}, "boe_bank_rate"
	case "us":
		p.Late, item = &obligation.LateInterest{Method: "us_prompt_payment"}, "prompt_payment_rate"
	default:
		percent := decimal.RequireFromString(c.Late.Percent)
		p.Late = &obligation.LateInterest{Method: "contract", Percent: &percent, Per: "year", DayCount: c.Late.Basis, Compounding: c.Late.Compounding}
	}
	raw, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	in := obligation.Input{Obligation: pact.Obligation{Key: "payment", Kind: "invoice_payment", Params: raw}, Occurrence: pact.Occurrence{Key: "INV-1"}, Calendars: set, At: c.Today.Time().Add(12 * time.Hour)}
	add := func(kind, subject string, on calendar.Date, d pact.EventData) {
		in.Events = append(in.Events, pact.Event{ID: pact.EventID(fmt.Sprintf("evt_%03d", len(in.Events))), Kind: kind, Subject: subject, OccurredAt: on.Time(), Data: d})
	}
	sum := func(s string) *money.Amount {
		a := money.New(decimal.RequireFromString(s), currency)
		return &a
	}
	add("invoice", "INV-1", c.Invoice, pact.EventData{Amount: sum(c.Amount)})
	if c.Received != "" {
		add("invoice_received", "INV-1", c.Received, pact.EventData{})
	}
	paid := sum
	if c.Rate != "" {
		value := decimal.RequireFromString(c.Rate)
		add("rate", "rates", "2024-01-01", pact.EventData{Item: "CHF/" + currency, Value: &value})
		paid = func(s string) *money.Amount {
			a := money.New(decimal.RequireFromString(s), "CHF")
			return &a
		}
	}
	for _, pay := range c.Payments {
		add("payment", "INV-1", calendar.Date(pay[0]), pact.EventData{Amount: paid(pay[1])})
	}
	for _, rate := range c.Late.Rates {
		value := decimal.RequireFromString(rate[1])
		add("rate", "rates", calendar.Date(rate[0]), pact.EventData{Item: item, Value: &value})
	}
	return in
}

func randomNotice(r *rand.Rand) noticeCase {
	c := noticeCase{
		Kind: "notice", Anchor: calendar.Date("2026-01-01").AddDays(r.IntN(1500)), Value: 1 + r.IntN(120), Unit: pick(r, "day", "day", "week", "month", "quarter", "business_day"), Clear: r.IntN(3) == 0,
		Roll: pick(r, "", "preceding", "following", "modified_following", "none"), OnBusinessDay: r.IntN(3) == 0,
	}
	switch c.Unit {
	case "week", "month":
		c.Value = 1 + r.IntN(18)
	case "quarter":
		c.Value = 1 + r.IntN(5)
	}
	if r.IntN(2) == 0 {
		c.DeliveryDays = r.IntN(5)
	}
	if r.IntN(2) == 0 {
		c.DeliveryBusinessDays = r.IntN(5)
	}
	c.Holidays = randomDays(r, c.Anchor.AddDays(-c.Value-20), c.Value+20)
	return c
}

func randomTiers(r *rand.Rand) tiersCase {
	c := tiersCase{Kind: "tiers", Mode: pick(r, "graduated", "all_units"), Bounds: pick(r, "upper_inclusive", "lower_inclusive")}
	gap, low := r.IntN(2) == 0, int64(0)
	n := 1 + r.IntN(5)
	var bounds []int64
	for i := range n {
		row := tierRow{From: strconv.FormatInt(low, 10), Price: decimal.New(r.Int64N(20_000), -4).String()}
		if r.IntN(3) == 0 {
			row.Flat = centsOf(r.Int64N(5000))
		}
		high := low + 1 + r.Int64N(400)
		if i < n-1 {
			row.To = strconv.FormatInt(high, 10)
			bounds = append(bounds, high)
		}
		c.Tiers = append(c.Tiers, row)
		low = high
		if gap {
			low++
		}
	}
	for range 1 + r.IntN(4) {
		c.Quantities = append(c.Quantities, centsOf(1+r.Int64N(40_000)))
	}
	if len(bounds) > 0 && r.IntN(2) == 0 { // on a bound, or just beside it
		c.Quantities = []string{decimal.NewFromInt(pick(r, bounds...)).Add(pick(r, decimal.Zero, decimal.New(5, -1), decimal.New(1, -2), decimal.NewFromInt(1))).String()}
	}
	return c
}

func (c tiersCase) input(t *testing.T, set calendar.Set) obligation.Input {
	t.Helper()
	usd := func(s string) *money.Amount {
		if s == "" {
			return nil
		}
		a := money.New(decimal.RequireFromString(s), "USD")
		return &a
	}
	p := obligation.TieredParams{Mode: c.Mode, Bounds: c.Bounds, Currency: "USD"}
	for _, row := range c.Tiers {
		tier := obligation.VolumeTier{From: decimal.RequireFromString(row.From), Price: usd(row.Price), Flat: usd(row.Flat)}
		if row.To != "" {
			to := decimal.RequireFromString(row.To)
			tier.To = &to
		}
		p.Tiers = append(p.Tiers, tier)
	}
	raw, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	in := obligation.Input{Obligation: pact.Obligation{Key: "price", Kind: "volume_price", Params: raw}, Occurrence: pact.Occurrence{Key: "2026-03"}, Calendars: set, At: calendar.Date("2026-04-02").Time()}
	for i, q := range c.Quantities {
		v := decimal.RequireFromString(q)
		in.Events = append(in.Events, pact.Event{ID: pact.EventID(fmt.Sprintf("evt_%03d", i)), Kind: "usage", Subject: "calls", OccurredAt: calendar.Date("2026-03-02").AddDays(i).Time(), Data: pact.EventData{Quantity: &v}})
	}
	return in
}

func randomCredits(r *rand.Rand) creditsCase {
	c := creditsCase{Kind: "credits", Target: "99"}
	for range 6 {
		c.Measured = append(c.Measured, pick(r, "99", "99.5", decimal.New(9000+r.Int64N(900), -2).String(), decimal.New(980_000+r.Int64N(10_000), -4).String()))
		c.Fees = append(c.Fees, pick(r, "0.00", centsOf(r.Int64N(2_000_000)), centsOf(r.Int64N(500_000)), centsOf(r.Int64N(500_000))))
	}
	usd := func(s string) creditsObject { return creditsObject{"value": s, "currency": "USD"} }
	rule, o := &c.Rule, creditsObject{}
	switch rule.Kind = pick(r, "tiers", "linear", "per_step"); rule.Kind {
	case "tiers":
		rule.Tiers = []any{
			creditsObject{"from": "98", "below": "99", "percent": decimal.New(r.Int64N(2000), -2).String()},
			creditsObject{"from": "95", "below": "98", "percent": pick(r, "25", "33.333")},
			creditsObject{"from": "-1", "below": "95", "percent": "100"},
		}
		o["tiers"] = []any{rule.Tiers[0], rule.Tiers[1], creditsObject{"below": "95", "percent": "100"}}
	case "linear":
		rule.PerPoint = decimal.New(1+r.Int64N(1000), -2).String()
		o["linear"] = creditsObject{"percent_per_point": rule.PerPoint}
	case "per_step":
		rule.Step, rule.Each, rule.Count = pick(r, "0.5", "1", "0.3"), centsOf(1+r.Int64N(20_000)), pick(r, "full", "started")
		o["per_step"] = creditsObject{"of": "shortfall", "step": rule.Step, "count": rule.Count, "amount": usd(rule.Each)}
	}
	if r.IntN(3) == 0 {
		rule.Repeat = creditsObject{"misses": 1 + r.IntN(3), "factor": pick(r, "1.5", "2")}
		o["repeat"] = rule.Repeat
	}
	if r.IntN(2) == 0 {
		rule.CapPercent = pick(r, "10", "15.5", "100")
		o["cap_percent"] = rule.CapPercent
	}
	if r.IntN(3) == 0 {
		months, amount := 1+r.IntN(4), centsOf(r.Int64N(200_000))
		rule.Rolling = creditsObject{"months": months, "amount": amount}
		o["rolling_cap"] = creditsObject{"months": months, "amount": usd(amount)}
	}
	if r.IntN(3) == 0 {
		rule.Minimum = pick(r, "1.00", "100.00", "250.55")
		o["minimum_payable"] = usd(rule.Minimum)
	}
	if r.IntN(2) == 0 {
		rule.Liability = centsOf(r.Int64N(600_000))
		cap := creditsObject{"amount": usd(rule.Liability)}
		if r.IntN(2) == 0 {
			rule.Already = centsOf(r.Int64N(100_000))
			cap["already"] = usd(rule.Already)
		}
		o["liability_cap"] = cap
	}
	rule.CarryPercent, rule.CarryMonths = pick(r, "100", "50", "12.5"), r.IntN(4)
	carry := creditsObject{"percent": rule.CarryPercent, "months": rule.CarryMonths}
	if rule.CarryMonths > 0 {
		carry["then"] = "lapses"
	}
	o["carry_forward"] = carry
	rule.credit = o
	return c
}

func (c creditsCase) input(t *testing.T, set calendar.Set, month int) obligation.Input {
	t.Helper()
	raw, err := json.Marshal(creditsObject{"measure": "reported", "target": c.Target, "zone": "UTC", "credit": c.Rule.credit})
	if err != nil {
		t.Fatal(err)
	}
	first := calendar.Date("2026-01-01")
	in := obligation.Input{
		Obligation: pact.Obligation{Key: "level", Kind: "service_level", Params: raw, InForce: calendar.Period{From: first}}, Occurrence: pact.Occurrence{Key: string(first.AddMonths(month)[:7])},
		Calendars: set, At: calendar.Date("2026-07-01").Time(),
	}
	for i := range c.Measured {
		key := string(first.AddMonths(i)[:7])
		value, fee := decimal.RequireFromString(c.Measured[i]), money.New(decimal.RequireFromString(c.Fees[i]), "USD")
		in.Events = append(in.Events,
			pact.Event{ID: pact.EventID(fmt.Sprintf("evt_m%d", i)), Kind: "measurement", Subject: "report", OccurredAt: first.AddMonths(i + 1).AddDays(-1).Time(), Data: pact.EventData{Month: key, Value: &value}},
			pact.Event{ID: pact.EventID(fmt.Sprintf("evt_c%d", i)), Kind: "charge", Subject: "Desk", OccurredAt: first.AddMonths(i + 1).AddDays(-1).Time(), Data: pact.EventData{Service: "Desk", Month: key, Amount: &fee}})
	}
	return in
}
