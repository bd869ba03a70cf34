package mail

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/richardlehane/mscfb"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/plain"
	"github.com/pactloop/pactloop/internal/pact"
)

// The properties of a message that are read, by their number in [MS-OXPROPS].
const (
	subject        = "0037"
	senderName     = "0C1A"
	senderAddress  = "0C1F"
	senderSMTP     = "5D01"
	displayTo      = "0E04"
	displayCc      = "0E03"
	bodyText       = "1000"
	bodyRTF        = "1009" // packed, in an encoding of its own
	bodyHTML       = "1013"
	attachData     = "3701"
	attachLongName = "3707"
	attachName     = "3704"
	attachID       = "3712"
	submitTime     = 0x0039
	deliveryTime   = 0x0E06
	codePage       = 0x3FFD
)

const maxStreams = 20_000

// store is a folder of a compound file: its streams by name, and its folders.
type store struct {
	streams map[string][]byte
	folders map[string]*store
}

func newStore() *store { return &store{streams: map[string][]byte{}, folders: map[string]*store{}} }

// outlook opens a message as Outlook keeps it.
func outlook(file []byte) (*message, error) {
	doc, err := mscfb.New(bytes.NewReader(file))
	if err != nil {
		return nil, damaged()
	}
	root := newStore()
	read, count := 0, 0
	for f, err := doc.Next(); err == nil; f, err = doc.Next() {
		if count++; count > maxStreams || len(f.Path) > 20 {
			return nil, document.Failed(pact.DocumentRejected, "The Outlook message holds more parts than a mail has. Save its attachments and upload those.")
		}
		at := root
		for _, p := range f.Path {
			if at.folders[p] == nil {
				at.folders[p] = newStore()
			}
			at = at.folders[p]
		}
		if f.FileInfo().IsDir() {
			if at.folders[f.Name] == nil {
				at.folders[f.Name] = newStore()
			}
			continue
		}
		size := min(f.Size, int64(len(file))) // what a file says of itself is no size
		content, err := io.ReadAll(io.LimitReader(f, size))
		if err != nil && len(content) == 0 {
			continue
		}
		if read += len(content); read > 2*len(file)+1<<20 {
			return nil, document.Failed(pact.DocumentRejected, "The Outlook message unpacks to more than its size, as files do that are made to stop a computer. Save its attachments and upload those.")
		}
		at.streams[f.Name] = content
	}
	return root.message(32, 0, "")
}

// message reads a folder that holds a message. head is the size of what stands before its properties.
func (s *store) message(head, depth int, page string) (*message, error) {
	props := s.properties(head)
	if v, ok := props[codePage]; ok {
		page = labelOf(binary.LittleEndian.Uint32(v))
	}
	m := &message{subject: s.text(subject, page), to: s.text(displayTo, page), cc: s.text(displayCc, page), text: s.text(bodyText, page)}
	m.from = s.text(senderName, page)
	for _, p := range []string{senderSMTP, senderAddress} {
		if a := s.text(p, page); strings.Contains(a, "@") {
			if !strings.Contains(m.from, a) {
				m.from = strings.TrimSpace(m.from + " <" + a + ">")
			}
			break
		}
	}
	for _, id := range []uint32{submitTime, deliveryTime} {
		if v, ok := props[id]; ok && m.date == "" {
			m.date = fileTime(binary.LittleEndian.Uint64(v))
		}
	}
	if b, ok := s.streams["__substg1.0_"+bodyHTML+"0102"]; ok {
		if text, err := plain.Decode(b, page); err == nil {
			m.html = text
		}
	} else {
		m.html = s.text(bodyHTML, page)
	}
	if b, ok := s.streams["__substg1.0_"+bodyRTF+"0102"]; ok && strings.TrimSpace(m.html) == "" {
		m.readRTF(b)
	}
	if m.subject == "" && m.from == "" && m.text == "" && m.html == "" && len(s.folders) == 0 {
		return nil, damaged()
	}
	for _, name := range slices.Sorted(maps.Keys(s.folders)) {
		if strings.HasPrefix(name, "__attach_version1.0_") {
			s.folders[name].attachment(m, depth, page)
		}
	}
	return m, nil
}

func (s *store) attachment(m *message, depth int, page string) {
	if inner := s.folders["__substg1.0_"+attachData+"000D"]; inner != nil {
		if inner.streams["__properties_version1.0"] == nil || depth+1 >= maxDepth+1 {
			m.warnings = append(m.warnings, fmt.Sprintf("The attachment “%s” is an object of another program and was not taken.", Filename(s.text(attachLongName, page))))
			return
		}
		if mail, err := inner.message(24, depth+1, page); err == nil {
			m.files = append(m.files, attached{filename: s.text(attachLongName, page), mail: mail})
		}
		return
	}
	content, ok := s.streams["__substg1.0_"+attachData+"0102"]
	if !ok {
		return
	}
	id := s.text(attachID, page)
	if id != "" && strings.Contains(m.html, "cid:"+id) {
		return // a logo in the words
	}
	filename := s.text(attachLongName, page)
	if filename == "" {
		filename = s.text(attachName, page)
	}
	m.files = append(m.files, attached{filename: filename, content: content})
}

// text gives a property of letters, in two bytes each or in the message's own set.
func (s *store) text(property, page string) string {
	if b, ok := s.streams["__substg1.0_"+property+"001F"]; ok {
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder().Bytes(b[:len(b)&^1])
		if err == nil {
			return strings.TrimRight(string(out), "\x00")
		}
	}
	b, ok := s.streams["__substg1.0_"+property+"001E"]
	if !ok {
		return ""
	}
	b = bytes.TrimRight(b, "\x00")
	text, err := plain.Decode(b, page)
	if err != nil {
		return ""
	}
	return text
}

// properties gives those of a fixed size: sixteen bytes each, of which eight are the value.
func (s *store) properties(head int) map[uint32][]byte {
	out := map[uint32][]byte{}
	b := s.streams["__properties_version1.0"]
	for at := head; at+16 <= len(b); at += 16 {
		out[binary.LittleEndian.Uint32(b[at:])>>16] = b[at+8 : at+16]
	}
	return out
}

// fileTime shows a time that is counted in steps of 100 ns from the year 1601.
func fileTime(v uint64) string {
	const toUnix = 11_644_473_600
	seconds := int64(v/10_000_000) - toUnix
	if seconds <= 0 || seconds > 32_503_680_000 {
		return ""
	}
	return time.Unix(seconds, 0).UTC().Format(time.RFC1123Z)
}

func labelOf(page uint32) string {
	switch page {
	case 65001:
		return "utf-8"
	case 932:
		return "shift_jis"
	case 936:
		return "gbk"
	case 949:
		return "euc-kr"
	case 950:
		return "big5"
	case 20127:
		return "us-ascii"
	case 28591:
		return "iso-8859-1"
	case 20866:
		return "koi8-r"
	}
	label := fmt.Sprintf("windows-%d", page)
	if e, _ := charset.Lookup(label); e == nil {
		return ""
	}
	return label
}
