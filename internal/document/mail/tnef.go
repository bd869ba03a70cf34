package mail

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/document/plain"
)

// The attributes of a winmail.dat that are read, by their number in [MS-OXTNEF].
const (
	tnefSignature  = 0x223E9F78
	tnefSubject    = 0x00018004
	tnefBody       = 0x0002800C
	tnefProperties = 0x00069003 // of the message
	tnefCodePage   = 0x00069007
	tnefAttachment = 0x00069002 // how the next attachment is shown: it begins here
	tnefTitle      = 0x00018010
	tnefData       = 0x0006800F
	tnefAttached   = 0x00069005 // properties of the attachment
)

// The types of properties that are longer than their place, and a bit for lists.
const (
	typeText    = 0x001E
	typeUnicode = 0x001F
	typeObject  = 0x000D
	typeBinary  = 0x0102
	typeMany    = 0x1000
)

func isTNEF(file []byte) bool {
	return len(file) > 6 && binary.LittleEndian.Uint32(file) == tnefSignature
}

// unpacked opens what Outlook packs into winmail.dat. What was read before the file breaks off is kept, with a warning.
func unpacked(file []byte, depth int) *message {
	m, whole := tnef(file, depth)
	if !whole {
		m.files = slices.DeleteFunc(m.files, func(f attached) bool { return f.mail == nil && len(f.content) == 0 }) // what was broken off
		m.warnings = append(m.warnings, "The attachments were packed by Outlook (winmail.dat), and the package is broken: some of them may be missing. Ask the sender to send the mail as HTML or plain text.")
	}
	return m
}

// tnef reads attribute by attribute; whole tells whether the file does not break off.
func tnef(file []byte, depth int) (m *message, whole bool) {
	m = &message{}
	if !isTNEF(file) {
		return m, false
	}
	page := ""
	var last *attached // nil before the first, and of one that is not taken
	begun := false     // it has no name, no content and no properties yet: some have none
	for file = file[6:]; len(file) > 0; {
		if len(file) < 9 {
			return m, false
		}
		id, size := binary.LittleEndian.Uint32(file[1:]), uint64(binary.LittleEndian.Uint32(file[5:]))
		if uint64(len(file)) < 9+size+2 { // a sum of the bytes ends each
			return m, false
		}
		value := file[9 : 9+size]
		file = file[9+size+2:]
		if begun && len(value) > 0 && (id == tnefTitle || id == tnefData || id == tnefAttached) {
			begun = false
			if len(m.files) < maxFiles {
				m.files = append(m.files, attached{})
				last = &m.files[len(m.files)-1]
			} else {
				m.refused++
			}
		}
		switch id {
		case tnefCodePage:
			if len(value) >= 4 {
				page = labelOf(binary.LittleEndian.Uint32(value))
			}
		case tnefSubject:
			m.subject = lettersOf(value, page)
		case tnefBody:
			m.text = lettersOf(value, page)
		case tnefProperties:
			s := newStore()
			s.unpack(value)
			if text := s.text(bodyText, page); text != "" {
				m.text = text
			}
			if b, ok := s.streams["__substg1.0_"+bodyHTML+"0102"]; ok {
				m.html, _ = plain.Decode(b, page)
			}
			if b, ok := s.streams["__substg1.0_"+bodyRTF+"0102"]; ok && strings.TrimSpace(m.html) == "" {
				m.readRTF(b)
			}
		case tnefAttachment:
			last, begun = nil, true
		case tnefTitle:
			if last != nil && last.filename == "" {
				last.filename = lettersOf(value, page)
			}
		case tnefData:
			if last != nil && last.content == nil {
				last.content = value
			}
		case tnefAttached:
			if last != nil {
				last.described(value, page, depth)
			}
		}
	}
	return m, true
}

// described takes what the properties of an attachment say: its long name, and a mail that it holds.
func (f *attached) described(value []byte, page string, depth int) {
	s := newStore()
	s.unpack(value)
	if name := s.text(attachLongName, page); name != "" {
		f.filename = name
	}
	object := s.streams["__substg1.0_"+attachData+"000D"]
	if len(object) < 16 { // what kind of object it is stands before it
		return
	}
	if inner := object[16:]; isTNEF(inner) && depth <= maxDepth {
		m := unpacked(inner, depth+1)
		if m.subject == "" {
			m.subject = f.filename
		}
		f.mail = m
	}
}

// unpack reads a list of properties into streams, named as in an Outlook message. It stops where the list breaks off.
func (s *store) unpack(b []byte) {
	take := func(n uint64) []byte { // n bytes of what is left, and what fills up the last four
		if uint64(len(b)) < n {
			b = nil
			return nil
		}
		v := b[:n]
		b = b[min(uint64(len(b)), (n+3)&^3):]
		return v
	}
	number := func() (uint64, bool) {
		v := take(4)
		if v == nil {
			return 0, false
		}
		return uint64(binary.LittleEndian.Uint32(v)), true
	}
	count, ok := number()
	for ; ok && count > 0; count-- {
		head := take(4)
		if head == nil {
			return
		}
		kind, id := binary.LittleEndian.Uint16(head), binary.LittleEndian.Uint16(head[2:])
		if id >= 0x8000 { // named by a set and a number, or a text
			take(16)
			if named, more := number(); named == 0 && more {
				take(4)
			} else if size, more := number(); more {
				take(size)
			}
		}
		values := uint64(1)
		long := kind&^typeMany == typeText || kind&^typeMany == typeUnicode || kind == typeObject || kind&^typeMany == typeBinary
		if long || kind&typeMany != 0 {
			if values, ok = number(); !ok {
				return
			}
		}
		for ; values > 0 && len(b) > 0; values-- {
			size := sizeOf(kind &^ typeMany)
			if long {
				if size, ok = number(); !ok {
					return
				}
			}
			if size == 0 {
				return // of a type that is not known: what follows can not be found
			}
			v := take(size)
			if name := "__substg1.0_" + hex4(id) + hex4(kind); long && s.streams[name] == nil {
				s.streams[name] = v
			}
		}
	}
}

// sizeOf is how many bytes a property of a fixed size takes; 0 for one that is not known.
func sizeOf(kind uint16) uint64 {
	switch kind {
	case 0x0002, 0x0003, 0x0004, 0x000A, 0x000B:
		return 4
	case 0x0005, 0x0006, 0x0007, 0x0014, 0x0040:
		return 8
	case 0x0048:
		return 16
	}
	return 0
}

func hex4(n uint16) string {
	const digits = "0123456789ABCDEF"
	return string([]byte{digits[n>>12], digits[n>>8&15], digits[n>>4&15], digits[n&15]})
}

// lettersOf reads a text of one byte a letter, in the file's own set.
func lettersOf(b []byte, page string) string {
	b, _, _ = bytes.Cut(b, []byte{0})
	text, err := plain.Decode(b, page)
	if err != nil {
		return ""
	}
	return strings.TrimRight(text, "\x00")
}
