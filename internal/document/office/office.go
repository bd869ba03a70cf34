// Package office reads documents of other word processors (RTF, DOC, ODT and their templates) through LibreOffice.
//
// It owns what is known of these files before a program opens them (passwords, macros, bombs), the run of LibreOffice, and
// the way from its DOCX to a document. It does not own that reading (document/docx), and LibreOffice is not shipped: where it
// is missing, a file ends in a state that says how to install it. Invariants: every run has a profile, a folder, a process
// group and limits of time and memory of its own, no macros, no links, and no network where the system lets it be taken
// away; a run that is stopped leaves no process behind; the worker that reads dies with the server, and LibreOffice with it.
package office

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/richardlehane/mscfb"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/docx"
	"github.com/pactloop/pactloop/internal/document/usage"
	"github.com/pactloop/pactloop/internal/pact"
)

const (
	name    = "office"
	version = "3"
)

// Config of the reader. Zero values take what their comment says.
type Config struct {
	Program string        // soffice.bin; where distributions put it
	Limit   time.Duration // processor time for one file; 60 s (the pool of workers has its own, for all formats)
	Memory  int64         // resident bytes of LibreOffice; 1 GiB

	// Engine recognises large pictures in the documents; see docx.Config.
	Engine document.Recogniser
}

// Reader reads through LibreOffice. It may be used by several goroutines.
type Reader struct {
	config Config
	docx   *docx.Reader
}

var _ document.Reader = (*Reader)(nil)

// New makes a reader.
func New(c Config) *Reader {
	if c.Program == "" {
		c.Program = found()
	}
	if c.Limit == 0 {
		c.Limit = 60 * time.Second
	}
	if c.Memory == 0 {
		c.Memory = 1 << 30
	}
	return &Reader{config: c, docx: docx.New(docx.Config{Engine: c.Engine})}
}

// Without makes a reader for a machine that has no LibreOffice: it names files, and says how to have them read.
func Without() *Reader { return &Reader{docx: docx.New(docx.Config{})} }

// found looks for LibreOffice where distributions put it. The worker has no PATH, and the program itself is wanted, not the
// script around it.
func found() string {
	for _, pattern := range []string{
		"/usr/lib/libreoffice/program/soffice.bin", "/usr/lib64/libreoffice/program/soffice.bin", "/opt/libreoffice*/program/soffice.bin", "/usr/local/lib/libreoffice/program/soffice.bin",
		"/snap/libreoffice/current/lib/libreoffice/program/soffice.bin", "/Applications/LibreOffice.app/Contents/MacOS/soffice",
	} {
		list, err := filepath.Glob(pattern)
		if err != nil {
			continue
		}
		for _, path := range list {
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				return path
			}
		}
	}
	return ""
}

// Installed tells whether LibreOffice was found.
func (r *Reader) Installed() bool { return r.config.Program != "" }

// Name is "office".
func (r *Reader) Name() string { return name }

// Version changes with the text or the offsets; they come from the reader of DOCX.
func (r *Reader) Version() string { return version + "." + r.docx.Version() }

// kind is a format that LibreOffice opens.
type kind struct {
	extension string
	what      string // "an RTF document"
	filter    string // how LibreOffice opens it; "" where it can tell
}

// kindOf tells the format by content.
func kindOf(file []byte) (kind, bool) {
	switch {
	case bytes.HasPrefix(file, []byte(`{\rtf`)):
		return kind{"rtf", "an RTF document", ""}, true
	case bytes.HasPrefix(file, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		if bytes.Contains(file, wide("WordDocument")) && !bytes.Contains(file, wide("EncryptedPackage")) {
			return kind{"doc", "an old Word document (DOC)", ""}, true
		}
	case bytes.HasPrefix(file, []byte("PK\x03\x04")):
		if bytes.Contains(file[:min(len(file), 200)], []byte("mimetypeapplication/vnd.oasis.opendocument.text-web")) {
			return kind{"odt", "an OpenDocument text for the web", "writer8"}, true
		}
		if bytes.Contains(file[:min(len(file), 200)], []byte("mimetypeapplication/vnd.oasis.opendocument.text")) || bytes.Contains(file[:min(len(file), 200)], []byte("mimetypeapplication/vnd.sun.xml.writer")) {
			return kind{"odt", "an OpenDocument text (ODT)", ""}, true
		}
	default:
		head := file[:min(len(file), 4096)]
		if bytes.Contains(head, []byte("<office:document")) && bytes.Contains(head, []byte("application/vnd.oasis.opendocument.text")) {
			return kind{"fodt", "an OpenDocument text (FODT)", ""}, true
		}
	}
	return kind{}, false
}

func wide(s string) []byte {
	out := make([]byte, 0, 2*len(s))
	for _, c := range []byte(s) {
		out = append(out, c, 0)
	}
	return out
}

// Accepts looks for the marks of the formats.
func (r *Reader) Accepts(file []byte, _ string) bool {
	_, ok := kindOf(file)
	return ok
}

// Read gives the document, or *document.Error with the state of a file that has no text to give.
func (r *Reader) Read(ctx context.Context, file []byte) (*document.Document, error) {
	if len(file) == 0 {
		return nil, document.Failed(pact.DocumentDamaged, "The file is empty. Send the document again.")
	}
	k, ok := kindOf(file)
	if !ok {
		return nil, document.Failed(pact.DocumentUnsupported, "The file is none of the formats that LibreOffice is asked to open. Save the document as PDF or DOCX and upload that.")
	}
	warnings, err := examine(k, file)
	if err != nil {
		return nil, err
	}
	if !r.Installed() {
		return nil, document.Failed(pact.DocumentUnsupported, fmt.Sprintf("The file is %s. It is read with LibreOffice, which this machine does not have: install it (apt-get install libreoffice-writer-nogui) and read the document again, or save it as DOCX or PDF and upload that.", k.what))
	}
	converted, err := r.convert(ctx, k, file)
	if err != nil {
		return nil, err
	}
	d, err := r.docx.Read(ctx, converted)
	var state *document.Error
	if errors.As(err, &state) && state.State.State == pact.DocumentDamaged {
		return nil, document.Failed(pact.DocumentDamaged, fmt.Sprintf("The file is %s with no text in it, or it is damaged. Check that the right file was sent.", k.what))
	}
	if err != nil {
		return nil, err
	}
	d.Hash = document.Hash(file)
	_, seer, recognised := strings.Cut(d.Reader, "+")
	d.Reader = name + "/" + r.Version()
	if recognised {
		d.Reader += "+" + seer
	}
	d.TextID = document.MakeTextID(d.Hash, d.Reader)
	d.Warnings = append(warnings, d.Warnings...)
	return d, nil
}

// examine looks at what can be known without a program: passwords, macros, and archives that are made to stop a computer.
func examine(k kind, file []byte) (warnings []string, err error) {
	macros := false
	switch k.extension {
	case "odt":
		parts, err := docx.Examine(file, "META-INF/manifest.xml", "content.xml", "styles.xml", "mimetype")
		if err != nil {
			return nil, err
		}
		if bytes.Contains(parts["META-INF/manifest.xml"], []byte("encryption-data")) {
			return nil, document.Failed(pact.DocumentEncrypted, "The OpenDocument text opens only with a password. Save a copy without the password and upload that.")
		}
		for _, part := range []string{"content.xml", "styles.xml"} {
			if err := plainXML(parts[part]); err != nil {
				return nil, err
			}
		}
		macros = bytes.Contains(parts["META-INF/manifest.xml"], []byte(`"Basic/`)) || bytes.Contains(parts["META-INF/manifest.xml"], []byte(`"Scripts/`))
	case "fodt":
		if err := plainXML(file); err != nil {
			return nil, err
		}
		macros = bytes.Contains(file, []byte("<script:"))
	case "doc":
		if locked(file) {
			return nil, document.Failed(pact.DocumentEncrypted, "The Word document opens only with a password. Save a copy without the password and upload that.")
		}
		macros = bytes.Contains(file, wide("_VBA_PROJECT"))
	}
	if macros {
		warnings = append(warnings, "The document carries macros. They were not run.")
	}
	return warnings, nil
}

// plainXML refuses declarations that real documents of this kind do not have and attacks do.
func plainXML(b []byte) error {
	if bytes.Contains(b, []byte("<!ENTITY")) || bytes.Contains(b, []byte("SYSTEM")) && bytes.Contains(b, []byte("<!DOCTYPE")) {
		return document.Failed(pact.DocumentRejected, "The OpenDocument text declares entities, which real ones never do and attacks often do. Open it, save it again, and upload that copy.")
	}
	return nil
}

// locked reads the flag of an old Word document that tells that its text is ciphered.
func locked(file []byte) (yes bool) {
	defer func() {
		if p := recover(); p != nil {
			yes = false
		}
	}()
	doc, err := mscfb.New(bytes.NewReader(file))
	if err != nil {
		return false
	}
	for f, err := doc.Next(); err == nil; f, err = doc.Next() {
		if f.Name != "WordDocument" || len(f.Path) > 0 {
			continue
		}
		head := make([]byte, 12)
		if _, err := io.ReadFull(f, head); err != nil {
			return false
		}
		return binary.LittleEndian.Uint16(head[10:])&0x0100 != 0
	}
	return false
}

// settings are written into the profile of every run.
const settings = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop></item>
<item oor:path="/org.openoffice.Office.Jobs/Jobs/org.openoffice.Office.Jobs:Job['UpdateCheck']/Arguments"><prop oor:name="AutoCheckEnabled" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
`

const folderPrefix = "pactloop-office-"

// convert runs LibreOffice over a file in a folder of its own and gives the DOCX it wrote.
func (r *Reader) convert(ctx context.Context, k kind, file []byte) ([]byte, error) {
	sweep(os.TempDir())
	dir, err := os.MkdirTemp("", folderPrefix)
	if err != nil {
		return nil, fmt.Errorf("making a folder for LibreOffice: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // what stays is swept away later
	in, profile, out := filepath.Join(dir, "in."+k.extension), filepath.Join(dir, "profile", "user"), filepath.Join(dir, "out")
	if err := os.MkdirAll(profile, 0o700); err != nil {
		return nil, fmt.Errorf("making a profile for LibreOffice: %w", err)
	}
	if err := os.WriteFile(filepath.Join(profile, "registrymodifications.xcu"), []byte(settings), 0o600); err != nil {
		return nil, fmt.Errorf("making a profile for LibreOffice: %w", err)
	}
	if err := os.WriteFile(in, file, 0o600); err != nil {
		return nil, fmt.Errorf("handing the file to LibreOffice: %w", err)
	}
	run := run{program: r.config.Program, dir: dir, memory: r.config.Memory, processor: r.config.Limit, args: []string{
		"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--convert-to", "docx", "--outdir", out, in,
	}}
	if k.filter != "" {
		run.args = append([]string{"--infilter=" + k.filter}, run.args...)
	}
	within, cancel := context.WithTimeout(ctx, usage.Wall(r.config.Limit))
	defer cancel()
	for range 3 { // a new profile makes LibreOffice ask to be started again
		again, err := run.once(within)
		switch {
		case ctx.Err() != nil:
			return nil, fmt.Errorf("reading with LibreOffice: %w", ctx.Err())
		case errors.Is(err, errStart):
			return nil, err // not the file's doing
		case errors.Is(err, errMemory):
			return nil, document.Failed(pact.DocumentQuarantined, fmt.Sprintf("Reading the file with LibreOffice took more than %d MB of memory, so it was stopped and set aside. Send a smaller or simpler copy.", r.config.Memory>>20))
		case errors.Is(err, errTime), within.Err() != nil:
			return nil, document.Failed(pact.DocumentQuarantined, fmt.Sprintf("Reading the file with LibreOffice took longer than %s, so it was stopped and set aside. Send a simpler copy, such as the original printed to PDF.", r.config.Limit))
		case err != nil && !again:
			return nil, document.Failed(pact.DocumentDamaged, fmt.Sprintf("The file is %s that LibreOffice could not open. Open it in the program it was made with, save it as DOCX or PDF, and upload that.", k.what))
		}
		if !again {
			break
		}
	}
	info, err := os.Stat(filepath.Join(out, "in.docx"))
	if err != nil {
		return nil, document.Failed(pact.DocumentDamaged, fmt.Sprintf("The file is %s that LibreOffice could not open. Open it in the program it was made with, save it as DOCX or PDF, and upload that.", k.what))
	}
	if info.Size() > 256<<20 {
		return nil, document.Failed(pact.DocumentRejected, "The document becomes larger than 256 MB when it is opened. Split it, or send only the contract.")
	}
	b, err := os.ReadFile(filepath.Join(out, "in.docx"))
	if err != nil {
		return nil, fmt.Errorf("taking the file from LibreOffice: %w", err)
	}
	return b, nil
}

// sweep removes what runs left whose worker was killed.
func sweep(temp string) {
	list, err := filepath.Glob(filepath.Join(temp, folderPrefix+"*"))
	if err != nil {
		return
	}
	for _, dir := range list {
		if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > time.Hour {
			_ = os.RemoveAll(dir)
		}
	}
}

var (
	errMemory = errors.New("over the limit of memory")
	errTime   = errors.New("over the limit of processor time")
	errStart  = errors.New("LibreOffice could not be started")
)

// run is how LibreOffice is started.
type run struct {
	program string
	args    []string
	dir     string
	memory  int64

	processor time.Duration
}

// environment is all that LibreOffice gets to know of the machine.
func (r run) environment() []string {
	return []string{"HOME=" + r.dir, "TMPDIR=" + r.dir, "PATH=/usr/bin:/bin", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "SAL_USE_VCLPLUGIN=svp", "SAL_DISABLE_SYNCHRONOUS_PRINTER_DETECTION=1"}
}

// restart is how LibreOffice asks to be started again.
const restart = 81

// said is the last of what a program says, for the log.
func said(b []byte) string {
	if len(b) > 400 {
		b = b[len(b)-400:]
	}
	return strings.Join(strings.Fields(string(b)), " ")
}
