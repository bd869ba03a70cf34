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
