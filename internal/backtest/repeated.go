package backtest

import (
	"bytes"
	"encoding/json"

	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/strict"
)

// byteOrderMark stands before the text in what some editors write.
var byteOrderMark = []byte("\xef\xbb\xbf")

// repeated finds the first member that an object names twice: encoding/json takes the last one and says nothing. The JSON is
// valid. It also tells whether something in it is odd, so that a slow look is due: a member with a capital, since encoding/json takes "Kind"
// for "kind", or what may be a number of another form than files give it (members.Value).
func repeated(raw []byte) (pointer string, twice, odd bool) {
	var open []level
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '-':
			odd = true // outside of a text
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
				odd = odd || bytes.ContainsAny(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ\u017f\u212a")
				top := &open[len(open)-1]
				known := top.has(name)
				top.add(name)
				if known {
					return pointerOf(open), true, odd
				}
			} else {
				odd = odd || loose(raw[i+1:end])
			}
			i = end
		}
	}
	return "", false, odd
}

// loose tells whether a text may be a number of another form than files give it: "+5", ".5", "5." or "1e3". One with an escape
// in it does not fit at all.
func loose(text []byte) bool {
	if len(text) == 0 || bytes.IndexByte([]byte("+-.0123456789"), text[0]) < 0 {
		return false
	}
	for i, c := range text {
		switch {
		case c >= '0' && c <= '9' || c == '.' || c == 'e' || c == 'E':
		case (c == '-' || c == '+') && (i == 0 || text[i-1] == 'e' || text[i-1] == 'E'):
		default:
			return false // a date, an instant, a number with letters
		}
	}
	return !money.Plain(string(text))
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
