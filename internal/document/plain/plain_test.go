package plain_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/plain"
	"github.com/pactloop/pactloop/internal/pact"
)

func read(t testing.TB, file []byte) *document.Document {
	t.Helper()
	return documenttest.Read(t, plain.New(plain.Config{}), file)
}

func want(t *testing.T, d *document.Document, wanted ...string) {
	t.Helper()
	if d.Text != strings.Join(wanted, "\n") {
		t.Errorf("got\n%s\nwant\n%s", d.Text, strings.Join(wanted, "\n"))
	}
}

func TestTheSuite(t *testing.T) {
	t.Parallel()
	documenttest.Reader(t, plain.New(plain.Config{}), []byte(strings.Join(documenttest.Contract, "\n\n")))
}

func TestWrappedLinesAreJoinedAndFieldsAreNot(t *testing.T) {
	t.Parallel()
	want(t, read(t, []byte("Order date: March 3, 2026\nCustomer: Quarrel Stone Works, Inc., a Maine corporation\n\n1. TERM\n\nThe term is one year, and it renews for one more year unless a\nparty says otherwise at least thirty days before its end.\n(a) The first renewal is free of charge; the second one costs what\nthe price list says.\n(b) No more renewals follow.\n")),
		"Order date: March 3, 2026", "Customer: Quarrel Stone Works, Inc., a Maine corporation", "1. TERM",
		"The term is one year, and it renews for one more year unless a party says otherwise at least thirty days before its end.",
		"(a) The first renewal is free of charge; the second one costs what the price list says.", "(b) No more renewals follow.")
}

func TestOneLinePerParagraphStays(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("A long paragraph on one line goes on. ", 8)
	want(t, read(t, []byte(long+"\nShort one.\n"+long+"\nAnother.\n"+long)), strings.TrimSpace(long), "Short one.", strings.TrimSpace(long), "Another.", strings.TrimSpace(long))
}

func TestOfMarkdownTheWordsAreRead(t *testing.T) {
	t.Parallel()
	d := read(t, []byte("# Service Level Agreement\nBetween **Quarrel Stone Works** and Harbour Mills* LLC.\n\n## 1. Uptime ##\n\nProvider keeps <span class=\"coverpage_link\">99.9%</span> up.<br/>\nLess than < 4 hours, <Customer> says.\n\n#### Note\n\n#5 stays.\n"))
	want(t, d, "Service Level Agreement", "Between Quarrel Stone Works and Harbour Mills* LLC.", "1. Uptime", "Provider keeps 99.9% up.", "Less than < 4 hours, <Customer> says.", "Note", "#5 stays.")
	for i, kind := range []document.BlockKind{document.Heading, document.Paragraph, document.Heading} {
		if d.Blocks[i].Kind != kind {
			t.Errorf("block %d is a %v", i, d.Blocks[i].Kind)
		}
	}
	// What is no Markdown stays as it was typed.
	for _, text := range []string{"Price list\n# of units: 5\n**) as <b>agreed</b>", "### a small mark\n**) <b>agreed</b>"} {
		want(t, read(t, []byte(text)), strings.Split(text, "\n")...)
	}
}

func TestTables(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"bars":   "| Priority | Time |\n|---|---|\n| P1 | 4 hours |\n",
		"tabs":   "Priority\tTime\nP1\t4 hours\n",
		"spaces": "Priority      Time\n--------      -------\nP1            4 hours\nP2            8 hours\n",
	} {
		d := read(t, []byte(text))
		if len(d.Blocks) < 4 || d.Blocks[3].Kind != document.Cell || d.Blocks[3].Row != 1 || d.Blocks[3].Col != 1 || d.Slice(d.Blocks[3].Start, d.Blocks[3].End) != "4 hours" {
			t.Errorf("%s: %+v %q", name, d.Blocks, d.Text)
		}
	}
}

func TestCharacterSets(t *testing.T) {
	t.Parallel()
	text := "Müller & Söhne GmbH liefert die Geräte für zwölf Monate. Die Vergütung beträgt 500 € je Stück und ist binnen 30 Tagen fällig."
	latin, err := charmap.Windows1252.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	unmarked, err := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{"UTF-8": []byte(text), "UTF-8 with mark": []byte("\ufeff" + text), "Windows-1252": latin, "UTF-16": wide, "UTF-16 without mark": unmarked} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want(t, read(t, file), text)
		})
	}
}

func TestControlAndZeroWidthCharactersVanish(t *testing.T) {
	t.Parallel()
	want(t, read(t, []byte("The fee\u00a0is\u200b ten\u202e dollars\u2060.\x1b A longer sentence follows here.")), "The fee is ten dollars. A longer sentence follows here.")
}

func TestOtherFormatsAreNamed(t *testing.T) {
	t.Parallel()
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)
	wide := func(s string) string { return strings.Join(strings.Split(s, ""), "\x00") + "\x00" }
	for name, c := range map[string]struct {
		file string
		want pact.DocumentState
		says string
	}{
		"HTML":             {"<!DOCTYPE html><html><body>The fee</body></html>", pact.DocumentUnsupported, "HTML"},
		"HTML fragment":    {"\n <div>The fee</div>", pact.DocumentUnsupported, "HTML"},
		"RTF":              {`{\rtf1 The fee}`, pact.DocumentUnsupported, "RTF"},
		"XML":              {"<?xml version=\"1.0\"?><a/>", pact.DocumentUnsupported, "XML"},
		"mail":             {"From: a@b.c\nTo: d@e.f\nSubject: x\nMIME-Version: 1.0\n\nhello", pact.DocumentUnsupported, "mail"},
		"an old Word file": {ole + wide("WordDocument"), pact.DocumentUnsupported, ".doc"},
		"with a password":  {ole + wide("EncryptedPackage"), pact.DocumentEncrypted, "password"},
		"Outlook":          {ole + wide("__substg1.0_0037001F"), pact.DocumentUnsupported, "Outlook"},
		"PNG":              {"\x89PNG\r\n\x1a\n", pact.DocumentNeedsOCR, "OCR"},
		"JPEG":             {"\xff\xd8\xff\xe0", pact.DocumentNeedsOCR, "OCR"},
		"TIFF":             {"II*\x00", pact.DocumentNeedsOCR, "OCR"},
		"gzip":             {"\x1f\x8b\x08", pact.DocumentUnsupported, "archive"},
		"a program":        {"\x7fELF\x02", pact.DocumentRejected, "program"},
		"bytes":            {"\x00\x01\x02\x03\x04", pact.DocumentUnsupported, "no text"},
		"white space":      {" \n\t\n", pact.DocumentDamaged, "white space"},
		"too large":        {strings.Repeat("a ", 11<<20), pact.DocumentRejected, "20 MB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := plain.New(plain.Config{}).Read(t.Context(), []byte(c.file))
			documenttest.WantState(t, err, c.want)
			if err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q does not say %q", err, c.says)
			}
		})
	}
}

// Texts made to take time: each must be read in the time of its size.
func TestHostileTextsTakeNoLongerThanOthers(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"rules":        strings.Repeat("|-|-|\n", 60_000),
		"dashes":       strings.Repeat("---\n", 100_000),
		"wide columns": strings.Repeat(strings.Repeat("a   ", 50_000)+"\n", 5),
		"bars":         strings.Repeat("|", 500_000),
		"labels":       strings.Repeat("1.1.1 (a) ", 200_000),
		"lines":        strings.Repeat("a\n", 100_000),
		"columns":      strings.Repeat("a     b\n\n", 100_000),
		"headings":     strings.Repeat("(a) A\n\n(i) B\n\n1. C\n\n", 20_000),
		"contents":     strings.Repeat(". . . . ", 200_000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			started := time.Now()
			documenttest.Survives(t, plain.New(plain.Config{}), []byte(text))
			if took := time.Since(started); took > 2*time.Minute {
				t.Errorf("took %s", took)
			}
		})
	}
}

func TestTheSampleOrderForm(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../../samples/contracts/tidewater-order-form.txt")
	if err != nil {
		t.Fatal(err)
	}
	d := read(t, b)
	if s := d.SectionAt(strings.Index(d.Text, "at least 30 days before")); s == nil || s.Number != "2" || s.Title != "TERM" {
		t.Errorf("section %+v", s)
	}
}

func FuzzPlain(f *testing.F) {
	for _, s := range []string{strings.Join(documenttest.Contract, "\n"), "a   b\nc   d\ne   f\n", "| a | b |\n|---|\n| c |", "\xff\xfea\x00", "(i) a\n(ii) b\n(a) c", "Exhibit A\n1. B\nSchedule 2"} {
		f.Add([]byte(s))
	}
	r := plain.New(plain.Config{})
	f.Fuzz(func(t *testing.T, file []byte) { documenttest.Survives(t, r, file) })
}

// A sign that is not seen makes a page show "USD 100" for what the file says.
func TestLettersThatAreTurnedAroundHoldTheDocument(t *testing.T) {
	t.Parallel()
	for text, warned := range map[string]bool{"The fee is \u202eUSD 001\u202c a month.": true, "The fee is \u202dUSD 100\u202c a month.": true, "The fee is \u200eUSD 100\u200f a month.": false} {
		d, err := plain.New(plain.Config{}).Read(t.Context(), []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if (len(d.Warnings) == 1 && strings.Contains(d.Warnings[0], "turn letters around")) != warned {
			t.Errorf("%q: warnings %q", text, d.Warnings)
		}
	}
}
