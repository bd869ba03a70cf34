package documenttest

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf16"
)

const (
	sector     = 512
	miniSector = 64
	endOfChain = 0xfffffffe
	freeSector = 0xffffffff
	noEntry    = 0xffffffff
)

// entry is a line of a compound file's directory.
type entry struct {
	name     string
	content  string
	folder   bool
	children []*entry
	id       uint32
	next     uint32 // the sibling to the right
	start    uint32
}

// Compound makes an OLE compound file, the frame of old Office documents and of Outlook messages, of named streams. A name
// with slashes stands in folders.
func Compound(streams [][2]string) []byte {
	root := &entry{name: "Root Entry", folder: true}
	for _, s := range streams {
		at := root
		parts := strings.Split(s[0], "/")
		for _, p := range parts[:len(parts)-1] {
			at = at.child(p, true)
		}
		at.child(parts[len(parts)-1], false).content = s[1]
	}
	var all []*entry
	number(root, &all)

	var mini, big bytes.Buffer // small streams share the stream of the root
	var miniFAT, fat []uint32
	for _, e := range all {
		if e.folder {
			continue
		}
		if len(e.content) < 4096 {
			e.start = chain(&mini, &miniFAT, e.content, miniSector)
			continue
		}
		e.start = chain(&big, &fat, e.content, sector)
	}
	root.content = mini.String()
	root.start = chain(&big, &fat, root.content, sector)
	var table bytes.Buffer
	for _, v := range miniFAT {
		_ = binary.Write(&table, binary.LittleEndian, v)
	}
	for table.Len()%sector != 0 {
		table.WriteByte(0xff)
	}
	miniStart := chain(&big, &fat, table.String(), sector)
	var directory bytes.Buffer
	for _, e := range all {
		e.write(&directory, e == root)
	}
	for directory.Len()%sector != 0 {
		directory.Write(blankEntry())
	}
	directoryStart := chain(&big, &fat, directory.String(), sector)
	sectors := 1
	for sectors*sector/4 < len(fat)+sectors {
		sectors++
	}
	if sectors > 109 {
		panic("a compound file for tests is this small")
	}
	first := uint32(len(fat))
	for range sectors {
		fat = append(fat, 0xfffffffd)
	}
	for len(fat)%(sector/4) != 0 {
		fat = append(fat, freeSector)
	}

	var out bytes.Buffer
	le := func(v any) { _ = binary.Write(&out, binary.LittleEndian, v) }
	out.WriteString("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 16))
	for _, v := range []uint16{0x3e, 3, 0xfffe, 9, 6, 0, 0, 0} {
		le(v)
	}
	for _, v := range []uint32{0, uint32(sectors), directoryStart, 0, 4096, miniStart, uint32(table.Len() / sector), endOfChain, 0} {
		le(v)
	}
	for i := range 109 {
		if i < sectors {
			le(first + uint32(i))
			continue
		}
		le(uint32(freeSector))
	}
	out.Write(big.Bytes())
	for _, v := range fat {
		le(v)
	}
	return out.Bytes()
}

func (e *entry) child(name string, folder bool) *entry {
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	c := &entry{name: name, folder: folder}
	e.children = append(e.children, c)
	return c
}

func number(e *entry, all *[]*entry) {
	e.id, e.next = uint32(len(*all)), noEntry
	*all = append(*all, e)
	slices.SortFunc(e.children, func(a, b *entry) int {
		if len(a.name) != len(b.name) {
			return len(a.name) - len(b.name)
		}
		return strings.Compare(strings.ToUpper(a.name), strings.ToUpper(b.name))
	})
	for i, c := range e.children {
		number(c, all)
		if i > 0 {
			e.children[i-1].next = c.id
		}
	}
}

// chain appends content in sectors of a size and gives the first.
func chain(to *bytes.Buffer, fat *[]uint32, content string, size int) uint32 {
	if content == "" {
		return endOfChain
	}
	start := uint32(len(*fat))
	to.WriteString(content)
	for to.Len()%size != 0 {
		to.WriteByte(0)
	}
	n := (len(content) + size - 1) / size
	for i := range n {
		if i == n-1 {
			*fat = append(*fat, endOfChain)
			continue
		}
		*fat = append(*fat, start+uint32(i)+1)
	}
	return start
}

func blankEntry() []byte {
	b := make([]byte, 128)
	for _, at := range []int{68, 72, 76} {
		binary.LittleEndian.PutUint32(b[at:], noEntry)
	}
	return b
}

func (e *entry) write(to *bytes.Buffer, root bool) {
	b := blankEntry()
	name := utf16.Encode([]rune(e.name))
	for i, c := range name {
		binary.LittleEndian.PutUint16(b[2*i:], c)
	}
	binary.LittleEndian.PutUint16(b[64:], uint16(2*len(name)+2))
	b[66], b[67] = 2, 1
	switch {
	case root:
		b[66] = 5
	case e.folder:
		b[66] = 1
	}
	binary.LittleEndian.PutUint32(b[72:], e.next)
	if len(e.children) > 0 {
		binary.LittleEndian.PutUint32(b[76:], e.children[0].id)
	}
	if !e.folder || root {
		binary.LittleEndian.PutUint32(b[116:], e.start)
		binary.LittleEndian.PutUint32(b[120:], uint32(len(e.content)))
	}
	to.Write(b)
}
