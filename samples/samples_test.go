package samples

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/pact"
)

const (
	maxFile  = 400 << 10
	maxTotal = 4 << 20
)

func expected(t *testing.T) []Expected {
	t.Helper()
	all, err := LoadExpected()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func content(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := Files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestEveryContractHasAnExpectationAndIsSmall(t *testing.T) {
	t.Parallel()
	named := map[string]bool{}
	for _, e := range expected(t) {
		named[e.File] = true
	}
	files, err := fs.Glob(Files, "contracts/*")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 13 || len(files) != len(named) {
		t.Fatalf("%d contracts and %d expectations", len(files), len(named))
	}
	total := 0
	for _, f := range files {
		size := len(content(t, f))
		total += size
		if !named[f] {
			t.Errorf("%s has no expectation", f)
		}
		if size == 0 || size > maxFile {
			t.Errorf("%s has %d bytes", f, size)
		}
	}
	if total > maxTotal {
		t.Errorf("contracts have %d bytes together", total)
	}
}

func TestContractsAreOfTheKindTheySeem(t *testing.T) {
	t.Parallel()
	for _, e := range expected(t) {
		t.Run(e.Source, func(t *testing.T) {
			t.Parallel()
			raw := content(t, e.File)
			switch path.Ext(e.File) {
			case ".pdf":
				checkPDF(t, raw, e.State)
			case ".docx":
				checkDOCX(t, raw, e.State)
			case ".txt":
				if !bytes.Contains(raw, []byte("ORDER FORM")) {
					t.Error("not the order form")
				}
			default:
				t.Errorf("unexpected kind of file")
			}
		})
	}
}

func checkPDF(t *testing.T, raw []byte, state string) {
	t.Helper()
	if !bytes.HasPrefix(raw, []byte("%PDF-1.")) {
		t.Fatal("no PDF header")
	}
	has := func(s string) bool { return bytes.Contains(raw, []byte(s)) }
	whole := bytes.HasSuffix(bytes.TrimSpace(raw), []byte("%%EOF"))
	if whole == (state == "damaged") {
		t.Errorf("ends with %%%%EOF: %v, state %s", whole, state)
	}
	switch state {
	case "scan":
		if has("/Font") || !has("/DCTDecode") || bytes.Count(raw, []byte("/Subtype /Image")) < 2 {
			t.Error("a scan has pictures of its pages and no fonts")
		}
	case "encrypted":
		if !has("/Encrypt") || has("Quillon") {
			t.Error("must be encrypted, and its words must not be readable")
		}
	case "read":
		if !has("/Font") || has("/Encrypt") {
			t.Error("must have text and no password")
		}
	}
}

func checkDOCX(t *testing.T, raw []byte, state string) {
	t.Helper()
	parts := map[string]string{}
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := xml.Unmarshal(data, new(struct{})); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		parts[f.Name] = string(data)
	}
	for _, name := range []string{"[Content_Types].xml", "word/document.xml", "word/numbering.xml", "word/header1.xml", "word/footer1.xml"} {
		if parts[name] == "" {
			t.Errorf("no part %s", name)
		}
	}
	body := parts["word/document.xml"]
	if !strings.Contains(body, `w:val="Heading1"`) || !strings.Contains(body, "<w:tbl>") {
		t.Error("must have automatic headings and a table")
	}
	open := strings.Contains(body, "<w:ins ") && strings.Contains(body, "<w:del ")
	if open != (state == "tracked_changes") {
		t.Errorf("open changes: %v, state %s", open, state)
	}
}

func TestTheMasterAgreementIsFullLength(t *testing.T) {
	t.Parallel()
	raw := content(t, "contracts/acme-master-subscription-agreement.pdf")
	if pages := len(regexp.MustCompile(`/Type /Page\b[^s]`).FindAll(raw, -1)); pages < 8 {
		t.Errorf("%d pages", pages)
	}
}

var (
	deleted  = regexp.MustCompile(`\{-.*?-\}`)
	inserted = regexp.MustCompile(`\{\+(.*?)\+\}`)
	tidy     = strings.NewReplacer("**", "", "|", " ", "\u201c", `"`, "\u201d", `"`, "\u2019", "'")
)

// plain is the text as a reader sees it: changes accepted, no marks, one space between words.
func plain(s string) string {
	s = inserted.ReplaceAllString(deleted.ReplaceAllString(s, ""), "$1")
	return strings.Join(strings.Fields(tidy.Replace(s)), " ")
}

func TestEveryQuoteStandsInItsContract(t *testing.T) {
	t.Parallel()
	for _, e := range expected(t) {
		t.Run(e.Source, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(path.Join("generate", "text", e.Source+".txt"))
			if err != nil {
				t.Fatal(err)
			}
			_, body, ok := strings.Cut(string(raw), "\n---\n")
			if !ok {
				t.Fatal("no head")
			}
			text := plain(body)
			quotes := map[string]string{}
			for _, term := range e.Terms {
				quotes[term.Quote] = "term " + term.Name
			}
			for _, o := range e.Obligations {
				quotes[o.Quote] = "obligation " + o.Key
				for _, q := range o.Also {
					quotes[q] = "another clause of obligation " + o.Key
				}
			}
			for _, a := range e.Ambiguities {
				for _, q := range a.Quotes {
					quotes[q] = "ambiguity about " + a.About
				}
			}
			for q, what := range quotes {
				if q == "" || !strings.Contains(text, q) {
					t.Errorf("%s: %q does not stand in the text", what, q)
				}
			}
			if (e.State == "read" || e.State == "tracked_changes" || e.State == "scan") != (len(e.Terms) > 0) {
				t.Errorf("state %s with %d terms", e.State, len(e.Terms))
			}
		})
	}
}

func TestExpectedValuesAreValuesOfKnownTerms(t *testing.T) {
	t.Parallel()
	for _, e := range expected(t) {
		open := map[string]bool{}
		for _, a := range e.Ambiguities {
			open[a.About] = true
		}
		for _, term := range e.Terms {
			if _, known := pact.TermSpecOf(term.Name); !known {
				t.Errorf("%s: unknown term %s", e.Source, term.Name)
			}
			if open[term.Name] {
				t.Errorf("%s: %s is open and must have no value", e.Source, term.Name)
			}
			var v pact.Value
			in := json.NewDecoder(bytes.NewReader(term.Value))
			in.DisallowUnknownFields()
			if err := in.Decode(&v); err != nil {
				t.Errorf("%s: %s: %v", e.Source, term.Name, err)
				continue
			}
			if err := v.Check(); err != nil {
				t.Errorf("%s: %s: %v", e.Source, term.Name, err)
			}
		}
	}
}

func TestJudgedObligationsHaveParameters(t *testing.T) {
	t.Parallel()
	judged := map[string]bool{"response_time": true, "resolution_time": true, "availability": true, "renewal_notice": true}
	entered := map[string]bool{"invoice_payment": true, "unit_price": true, "certificate": true, "milestone": true, "delivery_schedule": true, "service_level": true} // by the reviewer, where the story needs them
	for _, e := range expected(t) {
		seen := map[string]bool{}
		for _, o := range e.Obligations {
			if seen[o.Key] {
				t.Errorf("%s: %s stands twice", e.Source, o.Key)
			}
			seen[o.Key] = true
			if judged[o.Kind] != (len(o.Params) > 0) && !entered[o.Kind] {
				t.Errorf("%s: %s of kind %s: parameters %s", e.Source, o.Key, o.Kind, o.Params)
			}
			if o.SendBy > o.LastDayOfNotice {
				t.Errorf("%s: send by %s, last day %s", e.Source, o.SendBy, o.LastDayOfNotice)
			}
		}
	}
}

func TestDOCXTextHoldsTheQuotes(t *testing.T) {
	t.Parallel()
	for _, e := range expected(t) {
		if path.Ext(e.File) != ".docx" {
			continue
		}
		raw := content(t, e.File)
		archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			t.Fatal(err)
		}
		body, err := fs.ReadFile(archive, "word/document.xml")
		if err != nil {
			t.Fatal(err)
		}
		text := plain(documentText(t, body))
		for _, term := range e.Terms {
			if !strings.Contains(text, term.Quote) {
				t.Errorf("%s: %s: %q is not in the file", e.File, term.Name, term.Quote)
			}
		}
	}
}

// documentText joins the w:t of a document, without deleted text, a space after each paragraph.
func documentText(t *testing.T, raw []byte) string {
	t.Helper()
	var b strings.Builder
	in := xml.NewDecoder(bytes.NewReader(raw))
	inside := false
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			inside = token.Name.Local == "t"
		case xml.EndElement:
			inside = false
			if token.Name.Local == "p" {
				b.WriteByte(' ')
			}
		case xml.CharData:
			if inside {
				b.Write(token)
			}
		}
	}
}
