package backtest

import (
	"bytes"
	"encoding/json"

	"github.com/pactloop/pactloop/internal/strict"
)

// byteOrderMark stands before the text in what some editors write.
var byteOrderMark = []byte("\xef\xbb\xbf")

// repeated finds the first member that an object names twice: encoding/json takes the last one and says nothing. The JSON is
// valid. It also tells whether a member is written with a capital, since encoding/json takes "Kind" for "kind".
func repeated(raw []byte) (pointer string, twice, capital bool) {
	var open []level
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '{', '[':
			open = append(open, level{list: raw[i] == '['})
		case '}', ']':
			open = open[:len(open)-1]
		case ',':
			if top := &open[len(open)-1]; top.list {
				top.index++
			}
		case '"':
			end := i + 1
			for ; raw[end] != '"'; end++ {
				if raw[end] == '\\' {
					end++
				}
			}
			if next := bytes.TrimLeft(raw[end+1:], " \t\r\n"); len(next) > 0 && next[0] == ':' {
				name := nameOf(raw[i : end+1])
				capital = capital || bytes.ContainsAny(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ\u017f\u212a")
				top := &open[len(open)-1]
				known := top.has(name)
				top.add(name)
				if known {
					return pointerOf(open), true, capital
				}
			}
			i = end
		}
	}
	return "", false, capital
}

// level is an object or a list that is open while reading.
type level struct {
	list  bool
	index int
	names [][]byte
	many  map[string]bool // of an object with many members
}

func (l *level) has(name []byte) bool {
	if l.many != nil {
		return l.many[string(name)]
	}
	for _, n := range l.names {
		if bytes.Equal(n, name) {
			return true
		}
	}
	return false
}

func (l *level) add(name []byte) {
	l.names = append(l.names, name)
	switch {
	case l.many != nil:
		l.many[string(name)] = true
	case len(l.names) > 40:
		l.many = make(map[string]bool, 2*len(l.names))
		for _, n := range l.names {
			l.many[string(n)] = true
		}
	}
}

// nameOf reads the text of a member's name.
func nameOf(quoted []byte) []byte {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1]
	}
	var s string
	if json.Unmarshal(quoted, &s) != nil {
		return quoted
	}
	return []byte(s)
}

func pointerOf(open []level) string {
	var at strict.Place
	for i := range open {
		if open[i].list {
			at = append(at, open[i].index)
			continue
		}
		at = append(at, string(open[i].names[len(open[i].names)-1]))
	}
	return at.Pointer()
}
