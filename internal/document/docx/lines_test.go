package docx_test

import (
	"fmt"
	"testing"

	"github.com/pactloop/pactloop/internal/document/documenttest"
)

const (
	br  = `<w:r><w:br/></w:r>`
	cr  = `<w:r><w:cr/></w:r>`
	tab = `<w:r><w:tab/></w:r>`
)

func TestLinesAndTabsInsideOfAParagraph(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, body string
		want       []string
	}{
		{"lines of a form", par(run("Customer: Aster Foods Ltd") + br + run("Start date: 3 May 2026") + cr + run("Term: two years")), []string{"Customer: Aster Foods Ltd", "Start date: 3 May 2026", "Term: two years"}},
		{"an address", par(run("Aster Foods Ltd") + br + run("12 Mill Lane") + br + run("Leeds")), []string{"Aster Foods Ltd", "12 Mill Lane", "Leeds"}},
		{"a sentence that was wrapped by hand", par(run("The Supplier delivers the goods to the place that the order names") + br + run("Monday to Friday, and invoices them at the end of the month.")), []string{"The Supplier delivers the goods to the place that the order names Monday to Friday, and invoices them at the end of the month."}},
		{"a line that goes on small", par(run("This agreement is made between") + br + run("Aster Foods Ltd") + br + run("of Leeds")), []string{"This agreement is made between Aster Foods Ltd of Leeds"}},
		{"an empty line", par(run("the Customer") + br + br + run("and the Supplier")), []string{"the Customer", "and the Supplier"}},
		{"a title of two lines", par(run("MASTER SUPPLY") + br + run("AGREEMENT")), []string{"MASTER SUPPLY AGREEMENT"}},
		{"a name and what it names", par(run("Start date") + tab + run("3 May 2026")), []string{"Start date\t3 May 2026"}},
		{"a typed number", par(run("2.1") + tab + run("The term is one year.")), []string{"2.1 The term is one year."}},
		{"a tab behind a sentence", par(run("The term is one year.") + tab + run("It renews.")), []string{"The term is one year. It renews."}},
		{"columns set with spaces", par(run("Start date     3 May 2026")), []string{"Start date\t3 May 2026"}},
		{"two tabs", par(run("Start date") + tab + tab + run("3 May 2026")), []string{"Start date\t3 May 2026"}},
		{"a break at the end", par(run("The term is one year.") + br), []string{"The term is one year."}},
		{"a break alone", par(br) + par(run("Text.")), []string{"Text."}},
		{"a line that is being deleted", par(run("Price: ten euros") + `<w:del><w:r><w:br/><w:delText>Old: yes</w:delText></w:r></w:del>` + br + run("Term: one year")), []string{"Price: ten euros", "Term: one year"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			documenttest.Lines(t, documenttest.Blocks(read(t, documenttest.DOCX(c.body))), c.want...)
		})
	}
}

func TestRowsSetWithTabsAreATable(t *testing.T) {
	t.Parallel()
	d := read(t, documenttest.DOCX(par(run("Prices:")+br+run("Volume")+tab+run("Price")+br+run("1 - 99")+tab+run("$12.00")+br+run("100 - 499")+tab+run("$11.00")+br+run("Freight is extra."))))
	var got []string
	for _, b := range d.Blocks {
		got = append(got, fmt.Sprintf("%s %d/%d/%d %s", b.Kind, b.Table, b.Row, b.Col, d.Slice(b.Start, b.End)))
	}
	documenttest.Lines(t, got, "paragraph 0/0/0 Prices:", "cell 1/0/0 Volume", "cell 1/0/1 Price", "cell 1/1/0 1 - 99", "cell 1/1/1 $12.00", "cell 1/2/0 100 - 499", "cell 1/2/1 $11.00", "paragraph 0/0/0 Freight is extra.")
}

func TestACellKeepsItsLinesTogether(t *testing.T) {
	t.Parallel()
	cell := func(inside string) string { return `<w:tc>` + par(inside) + `</w:tc>` }
	d := read(t, documenttest.DOCX(`<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr>`+cell(run("Times"))+cell(run("Monday")+br+run("Friday"))+`</w:tr></w:tbl>`))
	documenttest.Lines(t, documenttest.Blocks(d), "Times", "Monday Friday")
}
