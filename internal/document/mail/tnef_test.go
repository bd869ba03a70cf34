package mail_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/mail"
)

// winmail packs attributes as Outlook does.
func winmail(attributes ...[]byte) []byte {
	out := binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint32(nil, 0x223E9F78), 1)
	for _, a := range attributes {
		out = append(out, a...)
	}
	return out
}

func attribute(level byte, id uint32, value []byte) []byte {
	out := append([]byte{level}, binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, id), uint32(len(value)))...)
	sum := uint16(0)
	for _, b := range value {
		sum += uint16(b)
	}
	return binary.LittleEndian.AppendUint16(append(out, value...), sum)
}

// property is one of a variable size; head is what stands in the list before it.
func property(kind, id uint16, value []byte) []byte {
	out := binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, kind), id)
	if id >= 0x8000 {
		out = append(append(out, make([]byte, 16)...), 0, 0, 0, 0, 7, 0, 0, 0)
	}
	if kind == 0x0003 {
		return append(out, value...)
	}
	out = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(out, 1), uint32(len(value)))
	return append(append(out, value...), make([]byte, (4-len(value)%4)%4)...)
}

func properties(list ...[]byte) []byte {
	out := binary.LittleEndian.AppendUint32(nil, uint32(len(list)))
	for _, p := range list {
		out = append(out, p...)
	}
	return out
}

func wideText(s string) []byte {
	var out []byte
	for _, c := range utf16.Encode([]rune(s + "\x00")) {
		out = binary.LittleEndian.AppendUint16(out, c)
	}
	return out
}

func TestWhatOutlookPackedIsTakenAsAttached(t *testing.T) {
	t.Parallel()
	pdf, docx := documenttest.Files()["contract.pdf"], documenttest.Files()["contract.docx"]
	inner := winmail(attribute(1, 0x00018004, []byte("Older mail\x00")), attribute(1, 0x0002800C, []byte("The fee was ten dollars.\x00")),
		attribute(2, 0x00069002, make([]byte, 14)), attribute(2, 0x00018010, []byte("older.pdf\x00")), attribute(2, 0x0006800F, pdf))
	file := winmail(
		attribute(1, 0x00069007, []byte{0xe4, 0x04, 0, 0, 0, 0, 0, 0}), // windows-1252
		attribute(1, 0x00018004, []byte("Signed\x00")),
		attribute(1, 0x00069003, properties(property(0x0003, 0x8005, []byte{1, 0, 0, 0}), property(0x001F, 0x1000, wideText("Grüße, here it is.")))),
		attribute(2, 0x00069002, make([]byte, 14)), attribute(2, 0x00018010, []byte("SUPPLY~1.PDF\x00")), attribute(2, 0x0006800F, pdf),
		attribute(2, 0x00069005, properties(property(0x0003, 0x0E20, []byte{9, 0, 0, 0}), property(0x001F, 0x3707, wideText("Supply Agreement é.pdf")))),
		attribute(2, 0x00069002, make([]byte, 14)), attribute(2, 0x00018010, []byte("Preis\xfcbersicht.docx\x00")), attribute(2, 0x0006800F, docx),
		attribute(2, 0x00069002, make([]byte, 14)), attribute(2, 0x00069005, properties(property(0x000D, 0x3701, append(make([]byte, 16), inner...)))),
	)
	for _, kind := range []string{"application/ms-tnef", "application/octet-stream"} {
		d := read(t, documenttest.EML("Signed agreement", "", documenttest.Attached{Filename: "winmail.dat", Type: kind, Content: file}))
		documenttest.Lines(t, files(d), fmt.Sprintf("Supply Agreement é.pdf %d", len(pdf)), fmt.Sprintf("Preisübersicht.docx %d", len(docx)), fmt.Sprintf("older.pdf %d", len(pdf)))
		if len(d.Warnings) != 0 || !strings.Contains(d.Text, "Grüße, here it is.") || !strings.Contains(d.Text, "Attached mail: Older mail\nSubject: Older mail\nThe fee was ten dollars.") {
			t.Errorf("%q, warnings %q", d.Text, d.Warnings)
		}
	}
	d := read(t, documenttest.EML("Signed agreement", "The words.", documenttest.Attached{Filename: "winmail.dat", Type: "application/ms-tnef", Content: file[:len(file)-3]}))
	if len(d.Enclosures) != 2 || len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "broken") || strings.Contains(d.Text, "Grüße") {
		t.Errorf("cut off: %q, %q, warnings %q", files(d), d.Text, d.Warnings)
	}
}

// TestWhatOutlookPackedAndIsNotReadIsAWarning: words that are kept as compressed RTF alone, and a mail in the package that breaks off.
func TestWhatOutlookPackedAndIsNotReadIsAWarning(t *testing.T) {
	t.Parallel()
	const broken, unread = "the package is broken", "kept in a way that is not read here"
	pdf := documenttest.Files()["contract.pdf"]
	begins, title, data := attribute(2, 0x00069002, make([]byte, 14)), attribute(2, 0x00018010, []byte("older.pdf\x00")), attribute(2, 0x0006800F, pdf)
	rtf := attribute(1, 0x00069003, properties(property(0x0102, 0x1009, []byte("{\\rtf1 The term is extended.}"))))
	subject := attribute(1, 0x00018004, []byte("Older mail\x00"))
	holding := func(inner []byte) []byte {
		return winmail(begins, attribute(2, 0x00069005, properties(property(0x000D, 0x3701, append(make([]byte, 16), inner...)))))
	}
	inner := winmail(subject, rtf, begins, title, data)
	for name, c := range map[string]struct {
		words string
		file  []byte
		files int
		want  []string
	}{
		"words as RTF":                {"", winmail(rtf, begins, title, data), 1, []string{unread}},
		"words as RTF and as text":    {"The words.", winmail(rtf, begins, title, data), 1, nil},
		"inner words as RTF":          {"The words.", holding(inner), 1, []string{unread}},
		"the inner package is broken": {"The words.", holding(inner[:len(inner)-3]), 0, []string{unread, broken}},
	} {
		d := read(t, documenttest.EML("Signed", c.words, documenttest.Attached{Filename: "winmail.dat", Type: "application/ms-tnef", Content: c.file}))
		ok := len(d.Warnings) == len(c.want) && len(d.Enclosures) == c.files
		for i := range c.want {
			ok = ok && strings.Contains(d.Warnings[i], c.want[i])
		}
		if !ok {
			t.Errorf("%s: %q, warnings %q", name, files(d), d.Warnings)
		}
	}
}

// TestAPackageHoldsAsManyFilesAsAMail: attachments without anything are none, and those beyond the limit are counted.
func TestAPackageHoldsAsManyFilesAsAMail(t *testing.T) {
	t.Parallel()
	begins, empty := attribute(2, 0x00069002, make([]byte, 14)), attribute(2, 0x00018010, nil)
	named := append(append([]byte{}, begins...), attribute(2, 0x00018010, []byte("a.pdf\x00"))...)
	named = append(named, attribute(2, 0x0006800F, documenttest.Files()["contract.pdf"])...)
	for name, c := range map[string]struct {
		file  []byte
		files int
		want  string
	}{
		"nothing in them": {winmail(bytes.Repeat(begins, 100), begins, empty), 0, ""},
		"53 files":        {winmail(bytes.Repeat(begins, 100), bytes.Repeat(named, 53)), 50, "3 attachments were not taken"},
	} {
		d := read(t, documenttest.EML("Signed", "The words.", documenttest.Attached{Filename: "winmail.dat", Type: "application/ms-tnef", Content: c.file}))
		if len(d.Enclosures) != c.files || (c.want == "") != (len(d.Warnings) == 0) || c.want != "" && (len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], c.want)) {
			t.Errorf("%s: %d files, %d warnings %.200q", name, len(d.Enclosures), len(d.Warnings), d.Warnings)
		}
	}
}

func FuzzTNEF(f *testing.F) {
	f.Add(winmail(attribute(1, 0x00069003, properties(property(0x0003, 0x8005, []byte{1, 0, 0, 0}), property(0x001F, 0x1000, wideText("Words")))),
		attribute(2, 0x00069002, nil), attribute(2, 0x00069005, properties(property(0x000D, 0x3701, append(make([]byte, 16), winmail()...))))))
	r := mail.New(mail.Config{})
	f.Fuzz(func(t *testing.T, file []byte) {
		documenttest.Survives(t, r, documenttest.EML("A contract", "Words", documenttest.Attached{Filename: "winmail.dat", Type: "application/ms-tnef", Content: file}))
	})
}
