package mail_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/mail"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/pact"
)

func read(t testing.TB, file []byte) *document.Document {
	t.Helper()
	r := mail.New(mail.Config{})
	if !r.Accepts(file, "") {
		t.Error("the mail is not taken for one")
	}
	return documenttest.Read(t, r, file)
}

func files(d *document.Document) []string {
	var out []string
	for _, e := range d.Enclosures {
		out = append(out, fmt.Sprintf("%s %d", e.Filename, e.Size))
	}
	return out
}

func TestTheSuite(t *testing.T) {
	t.Parallel()
	pdf := documenttest.Attached{Filename: "contract.pdf", Type: "application/pdf", Content: documenttest.Files()["contract.pdf"]}
	for name, file := range map[string][]byte{"EML": documenttest.EML("A contract", strings.Join(documenttest.Contract, "\r\n\r\n"), pdf), "MSG": documenttest.MSG("A contract", strings.Join(documenttest.Contract, "\r\n\r\n"), pdf)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			documenttest.Reader(t, mail.New(mail.Config{}), file)
		})
	}
}

func TestAMailIsACoverAndItsFilesAreDocumentsOfTheirOwn(t *testing.T) {
	t.Parallel()
	attached := []documenttest.Attached{
		{Filename: "Supply Agreement.pdf", Type: "application/pdf", Content: documenttest.Files()["contract.pdf"]},
		{Filename: `..\..\etc/passwd` + "\u202e.docx", Type: "application/octet-stream", Content: documenttest.Files()["contract.docx"]},
	}
	for name, file := range map[string][]byte{"EML": documenttest.EML("Signed agreement", "Dear all,\r\n\r\nhere it is.", attached...), "MSG": documenttest.MSG("Signed agreement", "Dear all,\r\n\r\nhere it is.", attached...)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := read(t, file)
			from := "From: Ada Moss <ada@quarrel.example>"
			documenttest.Lines(t, documenttest.Blocks(d), "Subject: Signed agreement", from, "To: contracts@halden.example", "Date: Mon, "+map[string]string{"EML": "2 Mar 2026 10:00:00 +0000", "MSG": "02 Mar 2026 10:00:00 +0000"}[name], "Dear all,", "here it is.")
			documenttest.Lines(t, files(d), fmt.Sprintf("Supply Agreement.pdf %d", len(attached[0].Content)), fmt.Sprintf("passwd.docx %d", len(attached[1].Content)))
			if !bytes.Equal(d.Enclosures[0].Content, attached[0].Content) || !bytes.Equal(d.Enclosures[1].Content, attached[1].Content) {
				t.Error("the content of a file changed")
			}
		})
	}
}

func TestAMailInAMailIsOpenedToASmallDepth(t *testing.T) {
	t.Parallel()
	pdf := documenttest.Attached{Filename: "a.pdf", Type: "application/pdf", Content: []byte("%PDF-1.4 x")}
	inner := documenttest.EML("Level 5", "Five", pdf)
	for n := 4; n >= 1; n-- {
		inner = documenttest.EML(fmt.Sprintf("Level %d", n), "Words", documenttest.Attached{Filename: "mail.eml", Type: "message/rfc822", Content: inner}, documenttest.Attached{Filename: fmt.Sprintf("%d.pdf", n), Type: "application/pdf", Content: []byte("%PDF-1.4 x")})
	}
	d := read(t, inner)
	documenttest.Lines(t, files(d), "3.pdf 10", "2.pdf 10", "1.pdf 10")
	if !strings.Contains(d.Text, "Attached mail: Level 2") || strings.Contains(d.Text, "Level 4") || len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "1 attachments were not taken") {
		t.Errorf("%q, warnings %q", d.Text, d.Warnings)
	}
	d = read(t, documenttest.MSG("Outer", "Words", documenttest.Attached{Filename: "Inner", Type: "message/rfc822", Content: []byte("The inner words.")}))
	if !strings.Contains(d.Text, "Attached mail: Inner") || !strings.Contains(d.Text, "The inner words.") {
		t.Errorf("%q", d.Text)
	}
}

func TestTheLimitsOfWhatIsAttached(t *testing.T) {
	t.Parallel()
	var many []documenttest.Attached
	for i := range 60 {
		many = append(many, documenttest.Attached{Filename: fmt.Sprintf("%d.txt", i), Type: "text/plain", Content: []byte("The fee.")})
	}
	many = append(many, documenttest.Attached{Filename: "empty.pdf", Type: "application/pdf"}, documenttest.Attached{Filename: "prices.xlsx", Type: "application/octet-stream", Content: documenttest.Archive([][2]string{{"xl/workbook.xml", "<a/>"}})})
	d := read(t, documenttest.EML("Many", "Words", many...))
	if len(d.Enclosures) != 50 || len(d.Warnings) != 2 || !strings.Contains(d.Warnings[0], "empty.pdf") || !strings.Contains(d.Warnings[1], "11 attachments") {
		t.Errorf("%d files, warnings %q", len(d.Enclosures), d.Warnings)
	}
}

func TestThePageOfAMailIsReadAsAPersonSeesIt(t *testing.T) {
	t.Parallel()
	mixed := "From: a@b.example\r\nTo: c@d.example\r\nSubject: =?iso-8859-1?Q?Gr=FC=DFe?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nThe plain words differ.\r\n--x\r\nContent-Type: text/html; charset=windows-1252\r\n\r\n<p>The fee is 10 \x80.</p><p style='display:none'>One dollar.</p><img src='cid:logo'>\r\n--x--\r\n"
	d := read(t, []byte(mixed))
	documenttest.Lines(t, documenttest.Blocks(d), "Subject: Grüße", "From: a@b.example", "To: c@d.example", "The fee is 10 €.")
	if len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "One dollar") {
		t.Errorf("warnings %q", d.Warnings)
	}
}

func TestMailsThatOnlyTheirReceiverCanOpenAreNamed(t *testing.T) {
	t.Parallel()
	head := "From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: "
	for kind, state := range map[string]pact.DocumentState{
		"application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m": pact.DocumentEncrypted, "multipart/encrypted; boundary=x; protocol=\"application/pgp-encrypted\"": pact.DocumentEncrypted,
		"application/pkcs7-mime; smime-type=signed-data": pact.DocumentUnsupported,
	} {
		_, err := mail.New(mail.Config{}).Read(t.Context(), []byte(head+kind+"\r\n\r\n--x\r\n\r\nabc\r\n--x--\r\n"))
		documenttest.WantState(t, err, state)
	}
}

func TestOnlyMailsAreTaken(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"From: a@b.c\nTo: d@e.f\nSubject: x\nMIME-Version: 1.0\n\nhello": true, "Return-Path: <a@b.c>\r\nReceived: from x\r\n\tby y\r\nSubject: x\r\n\r\nhello": true,
		"Customer: Quarrel\nDate: March 2\nFrom: Maine\n\nThe term is one year.": false, "A text.": false, "": false, "<html><body>Message-ID: x</body></html>": false,
		string(documenttest.Compound([][2]string{{"WordDocument", "x"}})): false,
	} {
		if got := mail.New(mail.Config{}).Accepts([]byte(text), "x.eml"); got != want {
			t.Errorf("%.40q: %v", text, got)
		}
	}
}

func TestNamesOfFilesLoseTheirPaths(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"a.pdf": "a.pdf", "../../c.pdf": "c.pdf", `C:\x\y.doc`: "y.doc", "..": "attachment", "": "attachment", " . ": "attachment", "a\x00b\u202ecod.pdf": "abcod.pdf", "a:b|c?.pdf": "abc.pdf"} {
		if got := mail.Filename(name); got != want {
			t.Errorf("%q becomes %q", name, got)
		}
	}
	if got := mail.Filename(strings.Repeat("x", 400) + ".pdf"); len(got) != 150 || !strings.HasSuffix(got, ".pdf") {
		t.Errorf("%q", got)
	}
}

func TestHostileMailsEndInAStateAndInTime(t *testing.T) {
	t.Parallel()
	nested := "From: a@b.c\r\nMIME-Version: 1.0\r\n"
	for i := range 3000 {
		nested += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	rfc := strings.Repeat("From: a@b.c\r\nMIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n", 3000)
	for name, file := range map[string]string{
		"nested parts": nested, "nested mails": rfc, "many heads": strings.Repeat("X-A: b\r\n", 200_000) + "MIME-Version: 1.0\r\n\r\nx", "a long head": "From: a\r\nSubject: " + strings.Repeat("=?utf-8?q?a?= ", 100_000) + "\r\n\r\nx",
		"many parts":                 "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + strings.Repeat("--x\r\nContent-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\na\r\n", 20_000),
		"a message without anything": string(documenttest.Compound([][2]string{{"__properties_version1.0", ""}, {"__substg1.0_0", ""}})),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			documenttest.Survives(t, mail.New(mail.Config{}), []byte(file))
			if took := time.Since(began); took > 2*time.Minute {
				t.Errorf("took %s", took)
			}
		})
	}
}

func FuzzEML(f *testing.F) {
	pdf := documenttest.Attached{Filename: "a.pdf", Type: "application/pdf", Content: []byte("%PDF-1.4 x")}
	f.Add(documenttest.EML("A contract", "Words", pdf, documenttest.Attached{Filename: "x.eml", Type: "message/rfc822", Content: documenttest.EML("Inner", "Words", pdf)}))
	f.Add([]byte("From: a@b.c\nContent-Type: text/html\nMIME-Version: 1.0\n\n<p>x"))
	r := mail.New(mail.Config{})
	f.Fuzz(func(t *testing.T, file []byte) { documenttest.Survives(t, r, file) })
}

func FuzzMSG(f *testing.F) {
	pdf := documenttest.Attached{Filename: "a.pdf", Type: "application/pdf", Content: []byte("%PDF-1.4 x")}
	f.Add(documenttest.MSG("A contract", "Words", pdf, documenttest.Attached{Filename: "Inner", Type: "message/rfc822", Content: []byte("x")}))
	r := mail.New(mail.Config{})
	f.Fuzz(func(t *testing.T, file []byte) { documenttest.Survives(t, r, file) })
}

// A mail is sent on some day; the contract is made on another.
func TestTheDayAMailWasSentDatesNoContract(t *testing.T) {
	t.Parallel()
	words := "Please find below what we agreed on. Governed by the laws of Peru.\n\n-----Original Message-----\nFrom: Anna Reyes\nSent: Tuesday, 3 March 2026\nTo: Tom Baker\n\nSupplier shall deliver the goods within ten days."
	for name, file := range map[string][]byte{"EML": documenttest.EML("Signed contract", words), "MSG": documenttest.MSG("Signed contract", strings.ReplaceAll(words, "\n", "\r\n"))} {
		d := read(t, file)
		found, err := grammar.New().Extract(t.Context(), d, extract.FullSchema())
		if err != nil {
			t.Fatal(err)
		}
		laws := 0
		for _, c := range found {
			if c.Name == "agreement_date" || c.Name == "effective_date" {
				t.Errorf("%s: %s is %v", name, c.Name, c.Value)
			}
			if c.Name == "governing_law" {
				laws++
			}
		}
		if laws == 0 || !strings.Contains(d.Text, "Date: Mon") || !strings.Contains(d.Text, "Sent: Tuesday") {
			t.Errorf("%s: %d laws, text %q", name, laws, d.Text)
		}
	}
}
