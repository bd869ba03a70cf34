package exchange_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/exchange"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

const invoices = `Invoice;Date;Pos;Part;Qty;Price;Agreement
INV-1;02.03.2026;1;HG-4;1.200;212,00;P-1
INV-1;02.03.2026;2;HG-4-M;10;9,40;P-1
INV-2;31.02.2026;1;HG-4;5;212,00;P-1
INV-3;03.03.2026;1;HG-4;five;212,00;P-1
INV-3;03.03.2026;2;HG-4-P;1;21,75;P-1

INV-4;04.03.2026;1;HG-4;1;"1.198,50";P-9
INV-4;05.03.2026;2;HG-4;1;212,00;P-9
INV-5;05.03.2026;1;HG-4;1;212,00;P-9
`

func invoiceMapping() pact.EventMapping {
	return pact.EventMapping{
		Kind: "invoice", Dates: "dmy", Decimal: "comma", Zone: "America/New_York",
		Columns: []pact.MappedColumn{
			{Column: "Invoice", Field: "external_id"},
			{Column: "Invoice", Field: "subject"},
			{Column: "Date", Field: "occurred_at"},
			{Column: "Pos", Field: "data.lines.line"},
			{Column: "Part", Field: "data.lines.item"},
			{Column: "Qty", Field: "data.lines.quantity"},
			{Column: "Price", Field: "data.lines.price.value"},
			{Column: "Agreement", Field: "data.contract"},
		},
		Fixed: []pact.MappedFixture{{Field: "data.lines.price.currency", Value: "usd"}, {Field: "external_id", Value: "invoice"}},
	}
}

func TestATableOfInvoicesIsTakenLineByLine(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		con := contract(t, h, "north", "P-1", "assisted")
		ctx := storetest.As(t, pact.Connector, "north")
		table := exchange.EventTable{BusinessUnit: "north", Name: "march.csv", CSV: invoices, Mapping: invoiceMapping(), DryRun: true}
		dry, err := h.Exchange.ImportEvents(ctx, table)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(apitest.All(t, h.Store.Reads().Events)) + len(apitest.All(t, h.Store.Reads().Imports)); n != 0 || !dry.DryRun || dry.Import.ID != "" {
			t.Errorf("a dry run kept %d rows", n)
		}
		if p := dry.Preview; len(p) != 2 || p[0].Line != 2 || p[0].ContractID != con.ID || p[1].ContractID != "" || p[1].MatchedBy == "" {
			t.Errorf("preview: %+v", p)
		}
		if c := dry.Columns[4]; c.Column != "Qty" || c.Suggested != "data.lines.quantity" || !slices.Equal(c.Samples, []string{"1.200", "10", "5", "five", "1"}) {
			t.Errorf("column: %+v", c)
		}
		table.DryRun = false
		out, err := h.Exchange.ImportEvents(ctx, table)
		if err != nil {
			t.Fatal(err)
		}
		i := out.Import
		if i.Lines != 8 || i.New != 2 || i.Events != 2 || i.Unmatched != 1 || i.Rejected != 5 || i.Repeated != 0 {
			t.Errorf("%+v", i)
		}
		e := apitest.One(t, h.Store.Reads().Events, store.Eq("external_id", "invoice/INV-1"))
		if e.ContractID != con.ID || e.Data.Date != "2026-03-02" || e.OccurredAt.Format("2006-01-02T15:04Z07:00") != "2026-03-02T05:00Z" || len(e.Data.Lines) != 2 ||
			e.Data.Lines[0].Quantity.String() != "1200" || e.Data.Lines[1].Price.String() != "9.40 USD" {
			t.Errorf("%+v", e)
		}
		kept := apitest.One(t, h.Store.Reads().Imports)
		var said []string
		for _, r := range kept.Rejections {
			said = append(said, fmt.Sprint(r.Line, " ", r.Text, ": ", strings.Join(r.Problems, " ")))
		}
		for k, want := range []string{
			`4 INV-2,31.02.2026,1,HG-4,5,"212,00",P-1: occurred at: "31.02.2026" is no date such as 31.3.2026`,
			`5 INV-3,03.03.2026,1,HG-4,five,"212,00",P-1: lines: quantity: "five" is no number with a decimal comma.`,
			`6 INV-3,03.03.2026,2,HG-4-P,1,"21,75",P-1: Another line of the same event can not be used.`,
			`8 INV-4,04.03.2026,1,HG-4,1,"1.198,50",P-9: Another line of the same event can not be used.`,
			`9 INV-4,05.03.2026,2,HG-4,1,"212,00",P-9: Line 8 has the same external id and says something else. Where both happened, map another column to external id, too`,
		} {
			if k >= len(said) || !strings.HasPrefix(said[k], want) {
				t.Errorf("rejected are\n%s\nwant %s", strings.Join(said, "\n"), want)
			}
		}
		again, err := h.Exchange.ImportEvents(ctx, table)
		if err != nil || again.Import.New != 0 || again.Import.Repeated != 2 || again.Import.Rejected != 5 {
			t.Errorf("brought again: %+v %v", again.Import, err)
		}
		table.CSV = strings.Replace(invoices, "1.200", "1.300", 1)
		other, err := h.Exchange.ImportEvents(ctx, table)
		if err != nil || other.Import.New != 0 || other.Import.Repeated != 1 || other.Import.Rejected != 7 || !strings.Contains(other.Import.Rejections[6].Problems[0], "replaces_external") {
			t.Errorf("the same number with other content: %+v %v", other.Import, err)
		}
		if n := len(apitest.All(t, h.Store.Reads().Events)); n != 2 {
			t.Errorf("%d events are kept", n)
		}
	})
}

// TestTheHeadingsOfATableAreLookedAtBeforeTheyAreMapped asks as the browser does: what every event needs is fixed, no column is mapped.
func TestTheHeadingsOfATableAreLookedAtBeforeTheyAreMapped(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	m := pact.EventMapping{Kind: "sample", Columns: []pact.MappedColumn{}, Fixed: []pact.MappedFixture{{Field: "external_id", Value: "headings"}, {Field: "occurred_at", Value: "2026-01-01"}, {Field: "data.state", Value: "up"}}}
	out, err := h.Exchange.ImportEvents(storetest.As(t, pact.Connector, "north"), exchange.EventTable{BusinessUnit: "north", CSV: invoices, Mapping: m, DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	if c := out.Columns[4]; c.Column != "Qty" || c.Suggested != "data.lines.quantity" || len(c.Samples) == 0 {
		t.Errorf("column: %+v", c)
	}
}

func TestATableThatCanNotBeUsedIsRefusedWhole(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	ctx := storetest.As(t, pact.Connector, "north")
	good := pact.EventMapping{Kind: "payment", Columns: []pact.MappedColumn{{Column: "id", Field: "external_id"}, {Column: "when", Field: "occurred_at"}}}
	with := func(change func(*pact.EventMapping)) pact.EventMapping {
		m := good
		m.Columns = slices.Clone(good.Columns)
		change(&m)
		return m
	}
	for name, x := range map[string]struct {
		csv     string
		mapping pact.EventMapping
		want    string
	}{
		"nothing":            {"", good, "no headings"},
		"two columns alike":  {"id,id\n1,2\n", good, "heading of its own"},
		"a column not there": {"id,date\n1,2026-03-01\n", good, `no column "when"`},
		"an unknown field":   {"id,when\n", with(func(m *pact.EventMapping) { m.Columns[0].Field = "data.colour" }), "no field"},
		"a field of others":  {"id,when\n", with(func(m *pact.EventMapping) { m.Columns[0].Field = "data.certificate.kind" }), "no field of the kind payment"},
		"no number":          {"id,when\n", with(func(m *pact.EventMapping) { m.Columns = m.Columns[1:] }), "external id"},
		"no instant":         {"id,when\n", with(func(m *pact.EventMapping) { m.Columns = m.Columns[:1] }), "occurred at"},
		"a kind nobody has":  {"id,when\n", with(func(m *pact.EventMapping) { m.Kind = "earthquake" }), "no kind of event"},
		"a zone of nowhere":  {"id,when\n", with(func(m *pact.EventMapping) { m.Zone = "Mars/Olympus" }), "time zone"},
		"another encoding":   {"id,when\n\xff,1\n", good, "UTF-8"},
		"too many lines":     {"id,when\n" + strings.Repeat("1,2026-03-01\n", 2001), good, "in parts"},
	} {
		for _, dry := range []bool{true, false} {
			_, err := h.Exchange.ImportEvents(ctx, exchange.EventTable{BusinessUnit: "north", CSV: x.csv, Mapping: x.mapping, DryRun: dry})
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), x.want) && !strings.Contains(fmt.Sprint(fault.Of(err).Details), x.want) {
				t.Errorf("%s: %v, want %q", name, err, x.want)
			}
		}
	}
	for name, c := range map[string]struct {
		role pact.Role
		unit string
	}{"a reviewer": {pact.Reviewer, "north"}, "another unit": {pact.Connector, "south"}} {
		for _, dry := range []bool{true, false} {
			_, err := h.Exchange.ImportEvents(storetest.As(t, c.role, c.unit), exchange.EventTable{BusinessUnit: "north", CSV: "id,when\n1,2026-03-01\n", Mapping: good, DryRun: dry})
			if !fault.Is(err, fault.Denied) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// Every kind of event can be brought by a table: each field takes what its type says.
func TestEveryFieldOfEveryKindCanBeMapped(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{})
	samples := map[string]string{"text": "words", "number": "1.5", "whole": "30", "date": "2026-03-01", "instant": "2026-03-02T09:00:00Z", "flag": "yes", "currency": "EUR", "list": "Acme; Globex"}
	for i, k := range pact.EventKinds() {
		m := pact.EventMapping{Kind: k.Kind}
		var heads, cells []string
		for j, f := range k.Columns() {
			value := samples[f.Type]
			switch f.Path {
			case "external_id":
				value = fmt.Sprint("row-", i)
			case "replaces_external":
				value = "unknown"
			case "subject":
				value = "2026-09-01"
			case "data.month":
				value = "2026-03"
			case "data.end_at", "data.announced_at":
				value = "2026-03-02T10:00:00Z"
			}
			heads, cells = append(heads, fmt.Sprint("c", j)), append(cells, value)
			m.Columns = append(m.Columns, pact.MappedColumn{Column: fmt.Sprint("c", j), Field: f.Path})
		}
		out, err := h.Exchange.ImportEvents(storetest.System(t), exchange.EventTable{BusinessUnit: "north", CSV: strings.Join(heads, ",") + "\n" + strings.Join(cells, ",") + "\n", Mapping: m})
		if err != nil || out.Import.New != 1 {
			t.Errorf("%s: %+v %v", k.Kind, out.Import, err)
		}
	}
}

func FuzzTable(f *testing.F) {
	f.Add(invoices, "dmy", "comma", "invoice")
	f.Add("a,b\n1,2\n", "iso", "point", "")
	f.Fuzz(func(t *testing.T, csv, dates, decimals, kind string) {
		m := invoiceMapping()
		m.Dates, m.Decimal, m.Kind = dates, decimals, kind
		out, err := exchange.ReadTable(csv, m)
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Fatalf("%v", err)
		}
		for _, r := range out {
			if len(r.Problems) == 0 {
				t.Errorf("line %d is rejected without a reason", r.Line)
			}
		}
	})
}
