package docx

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

// Limits of an archive, on the bytes that really come out of it.
const (
	maxPart  = 64 << 20
	maxTotal = 256 << 20
	maxRatio = 200
	maxParts = 5000
)

type archive struct {
	parts map[string]*zip.File
	read  int64
}

// openArchive looks at the list of parts; an archive with too many is refused before the list is taken into memory.
func openArchive(file []byte) (*archive, error) {
	if n, size := directory(file); n > maxParts || size > maxParts*1024 {
		return nil, rejected(fmt.Sprintf("it has more than %d parts", maxParts))
	}
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, document.Failed(pact.DocumentDamaged, "The file is damaged or was cut off: its archive can not be opened. Ask the sender for a new copy.")
	}
	if len(z.File) > maxParts {
		return nil, rejected(fmt.Sprintf("it has more than %d parts", maxParts))
	}
	a := &archive{parts: make(map[string]*zip.File, len(z.File))}
	for _, f := range z.File {
		name := strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(f.Name, `\`, "/")), "/")
		if _, twice := a.parts[name]; twice {
			return nil, rejected("it has two parts with one name, so two programs may read two different texts from it")
		}
		a.parts[name] = f
	}
	return a, nil
}

// Examine puts an archive of another format through the limits of this one, and gives the named parts where they are.
func Examine(file []byte, names ...string) (map[string][]byte, error) {
	a, err := openArchive(file)
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for _, name := range names {
		b, err := a.bytes(name)
		if err != nil {
			return nil, stated(err)
		}
		if b != nil {
			out[name] = b
		}
	}
	return out, nil
}

// directory reads what the end of the archive says about its list: the number of parts and the size of the list.
func directory(file []byte) (parts, size int) {
	tail := file[max(0, len(file)-66000):]
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || at+22 > len(tail) {
		return 0, 0
	}
	return int(binary.LittleEndian.Uint16(tail[at+10:])), int(binary.LittleEndian.Uint32(tail[at+12:]))
}

func rejected(why string) error {
	return document.Failed(pact.DocumentRejected, "The file is over a limit: "+why+". Open it in Word, save it again, and upload that copy.")
}

func (a *archive) has(prefix string) bool {
	for n := range a.parts {
		if strings.HasPrefix(n, prefix) {
			return true
		}
	}
	return false
}

// bytes reads a part through the limits. A part that does not exist is nil.
func (a *archive) bytes(part string) ([]byte, error) {
	f := a.parts[part]
	if f == nil {
		return nil, nil
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", part, err)
	}
	defer r.Close()
	var out bytes.Buffer
	n, err := io.Copy(&out, io.LimitReader(r, maxPart+1))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("unpacking %s: %w", part, err)
	}
	a.read += n
	packed := max(int64(f.CompressedSize64), 1)
	switch {
	case n > maxPart:
		return nil, rejected(fmt.Sprintf("a part of it is larger than %d MB", maxPart>>20))
	case a.read > maxTotal:
		return nil, rejected(fmt.Sprintf("it unpacks to more than %d MB", maxTotal>>20))
	case n > 1<<20 && n/packed > maxRatio:
		return nil, rejected("it unpacks to many times its size, as files do that are made to stop a computer")
	}
	return out.Bytes(), nil
}

// mainPart finds the document's text by the archive's own table, or by its usual name.
func (a *archive) mainPart() string {
	rels, err := a.relations("")
	if err == nil {
		if p := rels.byType("officeDocument"); p != "" && a.parts[p] != nil && strings.HasSuffix(p, ".xml") && !strings.HasPrefix(p, "xl/") && !strings.HasPrefix(p, "ppt/") && !strings.HasPrefix(p, "visio/") {
			return p
		}
	}
	if a.parts["word/document.xml"] != nil {
		return "word/document.xml"
	}
	return ""
}

// otherFormat says what the archive is when it is no Word document.
func (a *archive) otherFormat() error {
	what := "a ZIP archive. Unpack it and upload the documents in it"
	mime, _ := a.bytes("mimetype")
	switch {
	case a.has("xl/"):
		what = "an Excel workbook. Save the contract as PDF or DOCX and upload that"
	case a.has("ppt/"):
		what = "a PowerPoint presentation. Save it as PDF and upload that"
	case bytes.Contains(mime, []byte("opendocument")):
		what = "an OpenDocument file. Save it as DOCX or PDF and upload that"
	case bytes.Contains(mime, []byte("epub")):
		what = "an e-book. Save it as PDF and upload that"
	case a.has("Index/Document.iwa") || a.has("Index.zip"):
		what = "a Pages document. Export it as PDF or DOCX and upload that"
	}
	return document.Failed(pact.DocumentUnsupported, "The file is "+what+".")
}

// relation is a line of a part's table of relations. The target of an external one is not kept: nothing is fetched.
type relation struct {
	id, kind, target string
	external         bool
}

type relations []relation

// outside counts what a part wants from outside of the file. Links that a person may click are no such thing.
func (r relations) outside() int {
	n := 0
	for _, x := range r {
		if x.external && x.kind != "hyperlink" {
			n++
		}
	}
	return n
}

func (r relations) byType(kind string) string {
	for _, x := range r {
		if x.kind == kind && !x.external {
			return x.target
		}
	}
	return ""
}

func (r relations) target(id string) string {
	for _, x := range r {
		if x.id == id && !x.external {
			return x.target
		}
	}
	return ""
}

func (a *archive) relations(part string) (relations, error) {
	table := "_rels/.rels"
	if part != "" {
		table = path.Join(path.Dir(part), "_rels", path.Base(part)+".rels")
	}
	b, err := a.bytes(table)
	if err != nil || b == nil {
		return nil, err
	}
	var out relations
	p := newParser(b)
	err = p.root(func(element) error {
		return p.children(func(e element) error {
			if e.local != "Relationship" {
				return nil
			}
			kind := e.attr("Type")
			if e.attr("TargetMode") == "External" {
				out = append(out, relation{kind: kind[strings.LastIndex(kind, "/")+1:], external: true})
				return nil
			}
			out = append(out, relation{id: e.attr("Id"), kind: kind[strings.LastIndex(kind, "/")+1:], target: resolve(part, e.attr("Target"))})
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", table, err)
	}
	return out, nil
}
