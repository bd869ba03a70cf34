package documenttest

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/pactloop/pactloop/internal/document"
)

// Files gives one small contract in every format, by file name.
func Files() map[string][]byte {
	return map[string][]byte{
		"contract.pdf": PDF(Page(Contract...)), "contract.docx": DOCX(Paragraphs(Contract...)), "contract.txt": []byte(strings.Join(Contract, "\n\n")), "contract.html": HTML(Contract...),
		"contract.rtf": RTF(Contract...),
		"contract.eml": EML("A contract", strings.Join(Contract, "\n\n")), "contract.msg": MSG("A contract", strings.Join(Contract, "\r\n\r\n")),
	}
}

// Contract is a small contract, a line per paragraph.
var Contract = []string{
	"SUPPLY AGREEMENT",
	"This Supply Agreement is made on March 2, 2026 between Quarrel Stone Works, Inc. and Harbour Mills LLC.",
	"1. Term",
	"1.1 Initial term. This Agreement starts on April 1, 2026 and continues for twenty-four (24) months.",
	"1.2 Renewal. It renews for twelve (12) months unless a party gives ninety (90) days notice.",
	"2. Price",
	"2.1 The price is USD 12,500.00 per month, payable within thirty (30) days of the invoice.",
	"3. Law",
	"This Agreement is governed by the laws of the State of Maine.",
}

// HTML is a page with a paragraph for each text.
func HTML(texts ...string) []byte {
	var s strings.Builder
	s.WriteString("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>A page</title></head><body>\n")
	for _, t := range texts {
		fmt.Fprintf(&s, "<p>%s</p>\n", strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(t))
	}
	s.WriteString("</body></html>\n")
	return []byte(s.String())
}

// RTF is a document of another word processor, with a paragraph for each text.
func RTF(texts ...string) []byte {
	var s strings.Builder
	s.WriteString(`{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}\fs22 `)
	for _, t := range texts {
		s.WriteString(strings.NewReplacer(`\`, `\\`, "{", `\{`, "}", `\}`).Replace(t) + `\par` + "\n")
	}
	s.WriteString("}")
	return []byte(s.String())
}

// Attached is a file in a mail.
type Attached struct {
	Filename, Type string
	Content        []byte
}

// EML is a mail with words and files.
func EML(subject, words string, files ...Attached) []byte {
	var s strings.Builder
	fmt.Fprintf(&s, "From: Ada Moss <ada@quarrel.example>\r\nTo: contracts@halden.example\r\nSubject: %s\r\nDate: Mon, 2 Mar 2026 10:00:00 +0000\r\nMessage-ID: <1@quarrel.example>\r\nMIME-Version: 1.0\r\n", subject)
	if len(files) == 0 {
		fmt.Fprintf(&s, "Content-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", words)
		return []byte(s.String())
	}
	edge := "edge-" + document.Hash([]byte(subject))[:12] // mails in mails need edges of their own
	fmt.Fprintf(&s, "Content-Type: multipart/mixed; boundary=%q\r\n\r\n--%s\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", edge, edge, words)
	for _, f := range files {
		fmt.Fprintf(&s, "--%s\r\nContent-Type: %s\r\nContent-Disposition: attachment; filename=\"%s\"\r\n", edge, f.Type, strings.ReplaceAll(f.Filename, `\`, `\\`))
		if f.Type == "message/rfc822" {
			fmt.Fprintf(&s, "\r\n%s\r\n", f.Content)
			continue
		}
		s.WriteString("Content-Transfer-Encoding: base64\r\n\r\n")
		for coded := base64.StdEncoding.EncodeToString(f.Content); coded != ""; {
			n := min(76, len(coded))
			s.WriteString(coded[:n] + "\r\n")
			coded = coded[n:]
		}
	}
	fmt.Fprintf(&s, "--%s--\r\n", edge)
	return []byte(s.String())
}

// MSG is a mail as Outlook keeps it.
func MSG(subject, words string, files ...Attached) []byte {
	return Compound(outlook("", 32, subject, words, files))
}

// outlook lists the streams of a message below a folder. A file of type message/rfc822 is a mail whose words are its content.
func outlook(under string, head int, subject, words string, files []Attached) [][2]string {
	wide := func(s string) string {
		var b bytes.Buffer
		for _, c := range utf16.Encode([]rune(s)) {
			_ = binary.Write(&b, binary.LittleEndian, c)
		}
		return b.String()
	}
	props := make([]byte, head, head+16)
	props = binary.LittleEndian.AppendUint32(props, 0x00390040)
	props = binary.LittleEndian.AppendUint32(props, 6)
	props = binary.LittleEndian.AppendUint64(props, uint64((1_772_445_600+11_644_473_600)*10_000_000))
	list := [][2]string{
		{under + "__properties_version1.0", string(props)},
		{under + "__substg1.0_0037001F", wide(subject)},
		{under + "__substg1.0_0C1A001F", wide("Ada Moss")},
		{under + "__substg1.0_5D01001F", wide("ada@quarrel.example")},
		{under + "__substg1.0_0E04001F", wide("contracts@halden.example")},
		{under + "__substg1.0_1000001F", wide(words)},
	}
	for i, f := range files {
		at := fmt.Sprintf("%s__attach_version1.0_#%08X/", under, i)
		list = append(list, [2]string{at + "__properties_version1.0", "\x00\x00\x00\x00\x00\x00\x00\x00"}, [2]string{at + "__substg1.0_3707001F", wide(f.Filename)})
		if f.Type == "message/rfc822" {
			list = append(list, outlook(at+"__substg1.0_3701000D/", 24, f.Filename, string(f.Content), nil)...)
			continue
		}
		list = append(list, [2]string{at + "__substg1.0_37010102", string(f.Content)})
	}
	return list
}

// Page is the content stream of a page with one line per text, in a plain font of 11 points.
func Page(lines ...string) string {
	var s strings.Builder
	s.WriteString("BT /F1 11 Tf 14 TL 72 720 Td\n")
	for _, l := range lines {
		for _, part := range wrapped(l, 80) {
			fmt.Fprintf(&s, "(%s) Tj T*\n", Escaped(part))
		}
		s.WriteString("T*\n")
	}
	s.WriteString("ET\n")
	return s.String()
}

// Escaped is a text inside the brackets of a PDF string.
func Escaped(s string) string {
	return strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(s)
}

func wrapped(s string, width int) []string {
	var out []string
	line := ""
	for _, w := range strings.Fields(s) {
		if line != "" && len(line)+1+len(w) > width {
			out = append(out, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += w
	}
	return append(out, line)
}

// PDF makes a file of pages from their content streams, with Helvetica as F1, Helvetica-Bold as F2 and a small picture as
// Im1.
func PDF(pages ...string) []byte { return PDFWith("", pages...) }

// PDFWith also sets entries of every page, such as "/Rotate 90".
func PDFWith(entries string, pages ...string) []byte {
	kids := make([]string, len(pages))
	for i := range pages {
		kids[i] = fmt.Sprintf("%d 0 R", 6+2*i)
	}
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Join(kids, " "), len(pages)),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
		Stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8", "\x80"),
	}
	for i, content := range pages {
		objects = append(objects,
			fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] %s /Resources << /Font << /F1 3 0 R /F2 4 0 R >> /XObject << /Im1 5 0 R >> >> /Contents %d 0 R >>", entries, 7+2*i),
			Stream("", content))
	}
	return PDFObjects(objects...)
}

// Stream is the body of a stream object.
func Stream(entries, content string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", entries, len(content), content)
}

// PDFObjects makes a file of the bodies of its objects, numbered from 1; the first is the catalog.
func PDFObjects(objects ...string) []byte {
	var b bytes.Buffer
	offsets := make([]int, len(objects))
	b.WriteString("%PDF-1.4\n")
	for i, body := range objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, body)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return b.Bytes()
}

const wordSpace = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

// Paragraphs is plain paragraphs in the XML of Word.
func Paragraphs(texts ...string) string {
	var s strings.Builder
	for _, t := range texts {
		fmt.Fprintf(&s, `<w:p><w:r><w:t xml:space="preserve">%s</w:t></w:r></w:p>`, strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(t))
	}
	return s.String()
}

// DOCX makes a Word document with this body.
func DOCX(body string) []byte { return DOCXWith(body, nil) }

// DOCXWith adds parts by name under word/. "styles", "numbering", "footnotes", "endnotes", "comments", "header1" and "footer1"
// are tied to the document; each is the inside of its root element.
func DOCXWith(body string, parts map[string]string) []byte {
	roots := map[string]string{"styles": "styles", "numbering": "numbering", "footnotes": "footnotes", "endnotes": "endnotes", "comments": "comments", "header1": "hdr", "footer1": "ftr"}
	kinds := map[string]string{"styles": "styles", "numbering": "numbering", "footnotes": "footnotes", "endnotes": "endnotes", "comments": "comments", "header1": "header", "footer1": "footer"}
	files := [][2]string{
		{"[Content_Types].xml", ""},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", `<?xml version="1.0" encoding="UTF-8"?><w:document ` + wordSpace + `><w:body>` + body + `</w:body></w:document>`},
	}
	var rels strings.Builder
	types := `<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>`
	for _, name := range []string{"styles", "numbering", "footnotes", "endnotes", "comments", "header1", "footer1"} {
		if inside, ok := parts[name]; ok {
			files = append(files, [2]string{"word/" + name + ".xml", `<w:` + roots[name] + ` ` + wordSpace + `>` + inside + `</w:` + roots[name] + `>`})
			types += fmt.Sprintf(`<Override PartName="/word/%s.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.%s+xml"/>`, name, kinds[name])
			fmt.Fprintf(&rels, `<Relationship Id="%s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s.xml"/>`, name, kinds[name], name)
		}
	}
	files = append(files, [2]string{"word/_rels/document.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + rels.String() + `</Relationships>`})
	files[0][1] = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` + types + `</Types>`
	return Archive(files)
}

// Stored makes a ZIP archive whose first file is not compressed, as OpenDocument wants it.
func Stored(files [][2]string) []byte { return archive(files, 1) }

// Archive makes a ZIP archive of named contents.
func Archive(files [][2]string) []byte { return archive(files, 0) }

func archive(files [][2]string, stored int) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i, f := range files {
		method := zip.Deflate
		if i < stored {
			method = zip.Store
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: f[0], Method: method})
		if err != nil {
			panic(err) // writing to memory does not fail
		}
		if _, err := w.Write([]byte(f[1])); err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}
