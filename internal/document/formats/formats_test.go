package formats_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/formats"
	"github.com/pactloop/pactloop/internal/pact"
)

func all() []document.Reader {
	return formats.All(formats.Config{CacheDir: filepath.Join(os.TempDir(), "pactloop-test-cache")})
}

func TestAFileIsRecognisedByItsContentAndNotByItsName(t *testing.T) {
	t.Parallel()
	readers := all()
	for name, want := range map[string]string{"contract.pdf": "pdf", "contract.docx": "docx", "contract.txt": "plain", "contract.html": "html", "contract.rtf": "office", "contract.eml": "mail", "contract.msg": "mail"} {
		if got := formats.Detect(readers, documenttest.Files()[name], "misleading.exe").Name(); got != want {
			t.Errorf("%s is read by %s", name, got)
		}
	}
}

func TestTheListOfTypesAndTheReadersSpeakOfTheSame(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, r := range all() {
		known[r.Name()] = true
	}
	listed := map[string]bool{}
	for _, kind := range document.FileTypes() {
		listed[kind.Reader] = true
		if !known[kind.Reader] {
			t.Errorf("%s is read by %q, which is no reader", kind.Name, kind.Reader)
		}
		for _, ending := range kind.Extensions {
			if got, ok := document.TypeNamed("A File" + strings.ToUpper(ending)); !ok || got.Name != kind.Name {
				t.Errorf("%s names %s", ending, got.Name)
			}
		}
	}
	for name := range known {
		if !listed[name] {
			t.Errorf("no type is read by %s", name)
		}
	}
	wide := func(s string) string { return strings.Join(strings.Split(s, ""), "\x00") + "\x00" }
	const compound = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	files := map[string]string{
		"PNG": "\x89PNG\r\n\x1a\n", "JPEG": "\xff\xd8\xff\xe0", "GIF": "GIF89a", "WebP": "RIFF\x00\x00\x00\x00WEBPVP8 ", "TIFF": "II*\x00", "BMP": "BM" + "1234" + strings.Repeat("\x00", 8) + "(\x00\x00\x00    ",
		"MSG": compound + wide("__substg1.0_"), "DOC": compound + wide("WordDocument"),
	}
	for name, file := range documenttest.Files() {
		files[map[string]string{"pdf": "PDF", "docx": "DOCX", "rtf": "RTF", "msg": "MSG"}[name[strings.LastIndex(name, ".")+1:]]] = string(file)
	}
	delete(files, "") // those without a mark of their own
	for want, file := range files {
		kind, ok := document.TypeOf([]byte(file))
		if !ok || kind.Name != want {
			t.Errorf("a %s is taken for %q", want, kind.Name)
		}
		reader := formats.Detect(all(), []byte(file), "misleading.exe").Name()
		if got := document.MediaType(reader+"/1", []byte(file)); reader != kind.Reader || got != kind.Media {
			t.Errorf("a %s is read by %s and kept as %s", want, reader, got)
		}
	}
	for what, file := range map[string]string{"an archive": "PK\x03\x04 of pictures", "a compound file": compound + "of figures", "a text that begins with BM": "BM of the company"} {
		if kind, ok := document.TypeOf([]byte(file)); ok {
			t.Errorf("%s is taken for %s", what, kind.Name)
		}
	}
	if got := document.MediaType("", []byte("PK")); got != "application/octet-stream" {
		t.Errorf("what nobody recognised is kept as %s", got)
	}
}

func TestEveryFileIsReadOrNamed(t *testing.T) {
	t.Parallel()
	readers := all()
	for name, file := range documenttest.Files() {
		d, err := formats.Read(t.Context(), readers, file, name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		documenttest.Check(t, d)
	}
	_, err := formats.Read(t.Context(), readers, nil, "empty.pdf")
	documenttest.WantState(t, err, pact.DocumentDamaged)
}

// The bytes of what is attached stand in a compound file wherever there is room, and that may be right behind its header.
func TestAMessageThatBeginsWithItsPDFIsAMessage(t *testing.T) {
	t.Parallel()
	pdf := append(bytes.Clone(documenttest.Files()["contract.pdf"]), bytes.Repeat([]byte("% \n"), 2000)...)
	file := documenttest.MSG("Two contracts", "Here they are.", documenttest.Attached{Filename: "first.pdf", Type: "application/pdf", Content: pdf},
		documenttest.Attached{Filename: "second.docx", Type: "application/octet-stream", Content: documenttest.Files()["contract.docx"]})
	if !bytes.Contains(file[:1024], []byte("%PDF-")) {
		t.Fatal("the PDF does not stand at the front of this message")
	}
	d, err := formats.Read(t.Context(), all(), file, "two.msg")
	if err != nil {
		t.Fatal(err)
	}
	if files := d.Files(); len(files) != 2 || files[0].Filename != "first.pdf" || files[1].Filename != "second.docx" {
		t.Errorf("a message with two contracts was read as one with %d, pages %d", len(files), len(d.Pages))
	}
}

type failing struct{}

func (failing) Name() string                { return "failing" }
func (failing) Version() string             { return "1" }
func (failing) Accepts([]byte, string) bool { return true }

func (failing) Read(context.Context, []byte) (*document.Document, error) { panic("a reader's mistake") }

func TestAReaderThatPanicsSetsTheFileAside(t *testing.T) {
	t.Parallel()
	_, err := formats.Read(t.Context(), []document.Reader{failing{}}, []byte("x"), "x")
	documenttest.WantState(t, err, pact.DocumentQuarantined)
}

// Types by content: whatever the name says, and whatever else the file tries to be.
func TestHostileFilesEndInTheirState(t *testing.T) {
	t.Parallel()
	readers := all()
	pdf, docx := documenttest.Files()["contract.pdf"], documenttest.Files()["contract.docx"]
	main := func(xml string) []byte { return documenttest.Archive([][2]string{{"word/document.xml", xml}}) }
	laughs := `<!DOCTYPE a [<!ENTITY b "ha">`
	for c := 'b'; c < 'k'; c++ {
		laughs += fmt.Sprintf(`<!ENTITY %c "%s">`, c+1, strings.Repeat(fmt.Sprintf("&%c;", c), 10))
	}
	laughs += "]>"
	for name, c := range map[string]struct {
		file []byte
		want pact.DocumentState
	}{
		"a DOCX called .pdf":                {docx, pact.DocumentRead},
		"a PDF called .docx":                {pdf, pact.DocumentRead},
		"macros in a DOCX":                  {documenttest.Archive([][2]string{{"word/document.xml", `<w:document xmlns:w="x"><w:body>` + documenttest.Paragraphs("The fee.") + `</w:body></w:document>`}, {"word/vbaProject.bin", "x"}}), pact.DocumentRead},
		"a PDF with an archive behind it":   {append(bytes.Clone(pdf), docx...), pact.DocumentRejected},
		"an archive with a PDF in its head": {documenttest.Stored([][2]string{{"a.pdf", string(pdf)}, {"word/document.xml", "<a/>"}}), pact.DocumentRejected},
		"an archive that is no document":    {documenttest.Archive([][2]string{{"a.txt", "x"}}), pact.DocumentUnsupported},
		"a thin archive":                    {main("<w:document><w:body>" + strings.Repeat(" ", 60<<20)), pact.DocumentRejected},
		"an archive in an archive":          {documenttest.Archive([][2]string{{"inner.zip", string(documenttest.Archive([][2]string{{"inner.zip", "x"}}))}}), pact.DocumentUnsupported},
		"a billion laughs in a DOCX":        {main(laughs + "<w:document>&k;</w:document>"), pact.DocumentRejected},
		"a billion laughs in an ODT":        {documenttest.Stored([][2]string{{"mimetype", "application/vnd.oasis.opendocument.text"}, {"content.xml", laughs + "<a>&k;</a>"}}), pact.DocumentRejected},
		"a file of this machine in a DOCX":  {main(`<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><w:document>&b;</w:document>`), pact.DocumentRejected},
		"an Office file with a password":    {documenttest.Compound([][2]string{{"EncryptedPackage", "x"}, {"EncryptionInfo", "x"}}), pact.DocumentEncrypted},
		"a workbook of the old kind":        {documenttest.Compound([][2]string{{"Workbook", "x"}}), pact.DocumentUnsupported},
		"an ODT with a password":            {documenttest.Stored([][2]string{{"mimetype", "application/vnd.oasis.opendocument.text"}, {"META-INF/manifest.xml", "<manifest:encryption-data/>"}}), pact.DocumentEncrypted},
		"a spreadsheet of OpenDocument":     {documenttest.Stored([][2]string{{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {"content.xml", "<a/>"}}), pact.DocumentUnsupported},
		"a page nested without end":         {[]byte("<html>" + strings.Repeat("<div>", 100_000)), pact.DocumentRejected},
		"the test file of virus scanners":   {[]byte(`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`), pact.DocumentRead},
		"a program":                         {append([]byte("\x7fELF\x02\x01\x01"), make([]byte, 500)...), pact.DocumentRejected},
		"bytes of chance":                   {[]byte("\x00\x13\x37\xfe\x00\x01\x02\x03"), pact.DocumentUnsupported},
		"a mail without an end":             {documenttest.EML("x", "y", documenttest.Attached{Filename: "a.pdf", Type: "application/pdf", Content: pdf})[:700], pact.DocumentRead},
		"a compound file that was cut off":  {documenttest.Files()["contract.msg"][:1000], pact.DocumentUnsupported},
		"an archive that was cut off":       {docx[:len(docx)/2], pact.DocumentDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := formats.Read(t.Context(), readers, c.file, "contract.pdf")
			if c.want != pact.DocumentRead {
				documenttest.WantState(t, err, c.want)
				return
			}
			if err != nil {
				t.Fatalf("got %v", err)
			}
			documenttest.Check(t, d)
			if name == "macros in a DOCX" && len(d.Warnings) != 1 {
				t.Errorf("warnings %q", d.Warnings)
			}
		})
	}
}
