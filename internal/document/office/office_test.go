package office_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/docx"
	"github.com/pactloop/pactloop/internal/document/office"
	"github.com/pactloop/pactloop/internal/pact"
)

func reader() *office.Reader { return office.New(office.Config{Limit: 5 * time.Minute}) } // other tests share the processors

func read(t testing.TB, file []byte) *document.Document {
	t.Helper()
	r := reader()
	if !r.Installed() {
		t.Fatal("LibreOffice is missing: install it (apt-get install libreoffice-writer-nogui), or run make setup")
	}
	if !r.Accepts(file, "") {
		t.Error("the file is not taken")
	}
	d := documenttest.Read(t, r, file)
	if d.Hash != document.Hash(file) || d.Reader != r.Name()+"/"+r.Version() {
		t.Errorf("hash %s, reader %s", d.Hash, d.Reader)
	}
	return d
}

// saved gives a DOCX as LibreOffice saves it in another format.
func saved(t *testing.T, file []byte, as string) []byte {
	t.Helper()
	program, err := exec.LookPath("soffice")
	if err != nil {
		t.Fatal("LibreOffice is missing: install it (apt-get install libreoffice-writer-nogui), or run make setup")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "in.docx"), file, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", as, "--outdir", filepath.Join(dir, "out"), filepath.Join(dir, "in.docx")) //nolint:gosec // LibreOffice
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	b, err := os.ReadFile(filepath.Join(dir, "out", "in."+strings.SplitN(as, ":", 2)[0]))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTheSuite(t *testing.T) {
	t.Parallel()
	documenttest.SlowReader(t, reader(), documenttest.RTF(documenttest.Contract...))
}

const source = `<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>Term</w:t></w:r></w:p>
<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t xml:space="preserve">The term is </w:t></w:r><w:del w:id="1" w:author="A" w:date="2026-01-01T00:00:00Z"><w:r><w:delText>one year</w:delText></w:r></w:del><w:ins w:id="2" w:author="A" w:date="2026-01-01T00:00:00Z"><w:r><w:t>two years</w:t></w:r></w:ins><w:r><w:t>.</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>
<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>The fee is one dollar.</w:t></w:r><w:r><w:t>The fee is ten dollars.</w:t></w:r></w:p>
<w:tbl><w:tblGrid><w:gridCol w:w="2000"/><w:gridCol w:w="2000"/></w:tblGrid><w:tr><w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr><w:p><w:r><w:t>P1</w:t></w:r></w:p></w:tc><w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr><w:p><w:r><w:t>4 hours</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/>`

func original() []byte {
	return documenttest.DOCXWith(source, map[string]string{
		"numbering": `<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>`,
		"footnotes": `<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:type="continuationSeparator" w:id="1"><w:p/></w:footnote><w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>Without renewal.</w:t></w:r></w:p></w:footnote>`,
	})
}

func TestOtherWordProcessorsFilesSayWhatTheirDOCXSays(t *testing.T) {
	t.Parallel()
	want, err := docx.New(docx.Config{}).Read(t.Context(), original())
	if err != nil {
		t.Fatal(err)
	}
	if want.Text != "1. Term\n1.1 The term is two years.\nThe fee is ten dollars.\nP1\n4 hours\nWithout renewal." || len(want.Warnings) != 2 {
		t.Fatalf("the DOCX says %q, warnings %q", want.Text, want.Warnings)
	}
	for _, as := range []string{"odt", "ott", "rtf", "doc:MS Word 97", "fodt"} {
		t.Run(as, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			file := saved(t, original(), as)
			t.Logf("saved in %s", time.Since(began).Round(time.Millisecond))
			began = time.Now()
			d := read(t, file)
			t.Logf("read in %s", time.Since(began).Round(time.Millisecond))
			if d.Text != want.Text {
				t.Errorf("text\n%s\nwant\n%s", d.Text, want.Text)
			}
			var cells, notes int
			for _, b := range d.Blocks {
				switch b.Kind {
				case document.Cell:
					cells++
				case document.Note:
					notes++
				}
			}
			if cells != 2 || notes != 1 {
				t.Errorf("%d cells, %d notes", cells, notes)
			}
			if all := strings.Join(d.Warnings, "\n"); !strings.Contains(all, "tracked changes") || !strings.Contains(all, "one dollar") {
				t.Errorf("warnings %q", all)
			}
		})
	}
}

func TestWithoutLibreOfficeAFileSaysHowToInstallIt(t *testing.T) {
	t.Parallel()
	var state *document.Error
	if _, err := office.New(office.Config{Program: "/no/such/soffice.bin"}).Read(t.Context(), documenttest.RTF("The fee.")); err == nil || errors.As(err, &state) {
		t.Errorf("a program that does not start is no state of the file: %v", err)
	}
	missing := office.Without()
	_, err := missing.Read(t.Context(), documenttest.RTF("The fee."))
	documenttest.WantState(t, err, pact.DocumentUnsupported)
	if err != nil && !strings.Contains(err.Error(), "apt-get install libreoffice-writer-nogui") {
		t.Errorf("got %v", err)
	}
}

func TestWhatCanBeKnownBeforeAProgramOpensTheFile(t *testing.T) {
	t.Parallel()
	odt := func(files ...[2]string) []byte {
		return documenttest.Stored(append([][2]string{{"mimetype", "application/vnd.oasis.opendocument.text"}}, files...))
	}
	fib := func(flags byte) string {
		return strings.Repeat("\x00", 11) + string([]byte{flags}) + strings.Repeat("\x00", 5000)
	}
	for name, c := range map[string]struct {
		file []byte
		want pact.DocumentState
	}{
		"ODT with a password": {odt([2]string{"META-INF/manifest.xml", `<manifest:encryption-data/>`}, [2]string{"content.xml", "x"}), pact.DocumentEncrypted},
		"DOC with a password": {documenttest.Compound([][2]string{{"WordDocument", fib(1)}, {"1Table", "x"}}), pact.DocumentEncrypted},
		"a bomb":              {odt([2]string{"content.xml", "<a>" + strings.Repeat("a", 30<<20)}), pact.DocumentRejected},
		"entities":            {odt([2]string{"content.xml", `<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`}), pact.DocumentRejected},
		"a flat file's":       {[]byte(`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><office:document office:mimetype="application/vnd.oasis.opendocument.text">&b;</office:document>`), pact.DocumentRejected},
		"nothing":             {nil, pact.DocumentDamaged},
		"something else":      {[]byte("a text"), pact.DocumentUnsupported},
	} {
		_, err := office.Without().Read(t.Context(), c.file)
		t.Log(name)
		documenttest.WantState(t, err, c.want)
	}
}

// What is known of a file before a program opens it, from bytes of chance.
func FuzzBeforeAProgram(f *testing.F) {
	f.Add(documenttest.RTF("The fee."))
	f.Add(documenttest.Compound([][2]string{{"WordDocument", strings.Repeat("\x00", 600)}}))
	f.Add(documenttest.Stored([][2]string{{"mimetype", "application/vnd.oasis.opendocument.text"}, {"content.xml", "<a/>"}}))
	r := office.Without()
	f.Fuzz(func(t *testing.T, file []byte) {
		if d, err := r.Read(t.Context(), file); err == nil {
			t.Errorf("was read: %q", d.Text)
		}
		documenttest.Survives(t, r, file)
	})
}

// A text that wants other files: one of this machine, one of a server.
func TestLinksAreNotFollowed(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("fetched words")) }))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			asked.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	near := filepath.Join(t.TempDir(), "secret.txt")
	if err := os.WriteFile(near, []byte("words of this machine"), 0o600); err != nil {
		t.Fatal(err)
	}
	section := func(name, href string) string {
		return `<text:section text:name="` + name + `"><text:section-source xlink:href="` + href + `" xlink:type="simple"/><text:p>Kept words.</text:p></text:section>`
	}
	d := read(t, []byte(`<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text><text:p>The fee is ten dollars.<draw:frame><draw:image xlink:href="`+server.URL+`/p.png" xlink:type="simple"/></draw:frame></text:p>`+
		section("a", "file://"+near)+section("b", server.URL+"/x.txt")+`</office:text></office:body></office:document>`))
	if strings.Contains(d.Text, "words of this machine") || strings.Contains(d.Text, "fetched") || asked.Load() != 0 {
		t.Errorf("%q, %d connections", d.Text, asked.Load())
	}
	if !strings.Contains(d.Text, "The fee is ten dollars.") {
		t.Errorf("%q", d.Text)
	}
}

// program writes a script that stands in for LibreOffice.
func program(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "soffice.bin")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700); err != nil { //nolint:gosec // it is run
		t.Fatal(err)
	}
	return path
}

func TestARunThatDoesNotEndIsStopped(t *testing.T) {
	t.Parallel()
	r := office.New(office.Config{Program: program(t, "sleep 100000\n"), Limit: 200 * time.Millisecond})
	_, err := r.Read(t.Context(), documenttest.RTF("The fee."))
	documenttest.WantState(t, err, pact.DocumentQuarantined)
}

// A process that was killed is for a moment still to be seen, and a busy machine makes that moment long: what it held tells that it is
// gone. The pipe ends when nobody is left who could write into it.
func TestARunThatIsStoppedLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	r := office.New(office.Config{Program: program(t, "sh -c 'echo started; exec sleep 100000' >"+pipe+" &\nsleep 100000\n"), Limit: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() {
		_, err := r.Read(ctx, documenttest.RTF("The fee."))
		done <- err
		if f, err := os.OpenFile(pipe, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil { // a run that never started holds up nobody
			_ = f.Close()
		}
	}()
	held, err := os.Open(pipe) // waits for the process that the run starts
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	in := bufio.NewReader(held)
	if line, err := in.ReadString('\n'); line != "started\n" {
		t.Fatalf("the run began with %q, %v: %v", line, err, <-done)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if rest, err := io.ReadAll(in); err != nil || len(rest) > 0 {
		t.Errorf("%q, %v", rest, err)
	}
}

func TestARunThatEatsMemoryIsStopped(t *testing.T) {
	t.Parallel()
	r := office.New(office.Config{Program: program(t, `a=xxxxxxxxxxxxxxxx; while :; do a="$a$a"; done`), Limit: time.Minute, Memory: 64 << 20})
	_, err := r.Read(t.Context(), documenttest.RTF("The fee."))
	documenttest.WantState(t, err, pact.DocumentQuarantined)
	if err != nil && !strings.Contains(err.Error(), "64 MB") {
		t.Errorf("got %v", err)
	}
}

func TestAProgramThatFailsOrWritesNothingMakesTheFileDamaged(t *testing.T) {
	t.Parallel()
	for _, script := range []string{"exit 3", "exit 0", "exit 81"} {
		_, err := office.New(office.Config{Program: program(t, script)}).Read(t.Context(), documenttest.RTF("The fee."))
		documenttest.WantState(t, err, pact.DocumentDamaged)
	}
}

func TestTheEndOfTheContextEndsTheRun(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err := office.New(office.Config{Program: program(t, "sleep 300")}).Read(ctx, documenttest.RTF("The fee."))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// LibreOffice opens it as a page of the web, for which it has no way to DOCX.
func TestATextForTheWebIsReadAsText(t *testing.T) {
	t.Parallel()
	const kind = "application/vnd.oasis.opendocument.text-web"
	d := read(t, documenttest.Stored([][2]string{
		{"mimetype", kind},
		{"content.xml", `<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:text><text:p>The fee is ten dollars.</text:p></office:text></office:body></office:document-content>`},
		{"META-INF/manifest.xml", `<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="` + kind + `"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`},
	}))
	if d.Text != "The fee is ten dollars." {
		t.Errorf("%q", d.Text)
	}
}
