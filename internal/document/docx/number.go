package docx

import (
	"strconv"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
)

const levels = 9

// level is one level of a list definition.
type level struct {
	start   int
	format  string
	text    string // "%1.%2"
	style   string // the paragraph style bound to this level
	restart int    // -1: after any higher level; 0: never; n: after level n
	legal   bool   // all numbers in digits
}

type abstract struct {
	levels [levels]level
	link   string // the list is defined by the numbering style of this name
	owner  string // this is the definition of the numbering style of this name
}

type number struct {
	abstract string
	starts   map[int]int
	levels   map[int]level
}

// numbering counts the automatic numbers in the order of the document, as Word prints them.
type numbering struct {
	abstracts map[string]*abstract
	numbers   map[string]*number
	counts    map[string]*[levels]int // by abstract list: numbers of one list go on counting
	started   map[string]bool         // overrides of a start that have been used
}

func readNumbering(a *archive, part string) (*numbering, error) {
	n := &numbering{abstracts: map[string]*abstract{}, numbers: map[string]*number{}, counts: map[string]*[levels]int{}, started: map[string]bool{}}
	b, err := a.bytes(part)
	if err != nil || b == nil {
		return n, err
	}
	p := newParser(b)
	return n, p.root(func(element) error {
		return p.children(func(e element) error {
			switch e.local {
			case "abstractNum":
				return n.readAbstract(p, e.attr("abstractNumId"))
			case "num":
				return n.readNumber(p, e.attr("numId"))
			}
			return nil
		})
	})
}

func (n *numbering) readAbstract(p *parser, id string) error {
	a := &abstract{}
	for i := range a.levels {
		a.levels[i] = level{start: 1, format: "decimal", restart: -1}
	}
	n.abstracts[id] = a
	return p.children(func(e element) error {
		switch e.local {
		case "numStyleLink":
			a.link = e.attr("val")
		case "styleLink":
			a.owner = e.attr("val")
		case "lvl":
			i, l, err := readLevel(p, e)
			if err == nil && i >= 0 && i < levels {
				a.levels[i] = l
			}
			return err
		}
		return nil
	})
}

func readLevel(p *parser, e element) (int, level, error) {
	l := level{start: 0, format: "decimal", restart: -1}
	i := atoi(e.attr("ilvl"), -1)
	err := p.children(func(e element) error {
		switch e.local {
		case "start":
			l.start = atoi(e.attr("val"), 1)
		case "numFmt":
			l.format = e.attr("val")
		case "lvlText":
			l.text = e.attr("val")
		case "pStyle":
			l.style = e.attr("val")
		case "lvlRestart":
			l.restart = atoi(e.attr("val"), -1)
		case "isLgl":
			l.legal = e.on()
		case "AlternateContent":
			return p.children(func(e element) error {
				if e.local != "Choice" {
					return nil
				}
				return p.children(func(e element) error {
					if e.local == "numFmt" && e.attr("val") != "custom" {
						l.format = e.attr("val")
					}
					return nil
				})
			})
		}
		return nil
	})
	return i, l, err
}

func (n *numbering) readNumber(p *parser, id string) error {
	num := &number{starts: map[int]int{}, levels: map[int]level{}}
	n.numbers[id] = num
	return p.children(func(e element) error {
		switch e.local {
		case "abstractNumId":
			num.abstract = e.attr("val")
		case "lvlOverride":
			at := atoi(e.attr("ilvl"), -1)
			return p.children(func(e element) error {
				switch e.local {
				case "startOverride":
					num.starts[at] = atoi(e.attr("val"), 1)
				case "lvl":
					_, l, err := readLevel(p, e)
					num.levels[at] = l
					return err
				}
				return nil
			})
		}
		return nil
	})
}

func atoi(s string, otherwise int) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < -1 || n > 1_000_000 {
		return otherwise
	}
	return n
}

// definition finds the list behind a number, through a numbering style where one is named.
func (n *numbering) definition(num *number) (string, *abstract) {
	id := num.abstract
	a := n.abstracts[id]
	if a == nil || a.link == "" {
		return id, a
	}
	found := ""
	for other, b := range n.abstracts {
		if b.owner == a.link && (found == "" || other < found) {
			found = other
		}
	}
	if found == "" {
		return id, a
	}
	return found, n.abstracts[found]
}

// levelOf finds the level a style is bound to, for styles that name a list but no level.
func (n *numbering) levelOf(numID, style string) int {
	num := n.numbers[numID]
	if num == nil {
		return 0
	}
	if _, a := n.definition(num); a != nil {
		for i, l := range a.levels {
			if l.style != "" && l.style == style {
				return i
			}
		}
	}
	return 0
}

// next counts one paragraph and gives its label as printed; ok is false where nothing is printed.
func (n *numbering) next(numID string, at int) (label string, bullet, ok bool) {
	num := n.numbers[numID]
	if num == nil || at < 0 || at >= levels {
		return "", false, false
	}
	id, a := n.definition(num)
	if a == nil {
		return "", false, false
	}
	use := func(i int) level {
		if l, ok := num.levels[i]; ok {
			return l
		}
		return a.levels[i]
	}
	counts := n.counts[id]
	if counts == nil {
		counts = &[levels]int{}
		for i := range counts {
			counts[i] = -1
		}
		n.counts[id] = counts
	}
	for i := 0; i <= at; i++ {
		key := numID + "/" + strconv.Itoa(i)
		if start, ok := num.starts[i]; ok && !n.started[key] {
			n.started[key] = true
			counts[i] = start
			if i == at {
				counts[i]--
				if start == 0 {
					counts[i] = -1
				}
			}
			continue
		}
		if i < at && counts[i] < 0 {
			counts[i] = use(i).start
		}
	}
	if counts[at] < 0 {
		counts[at] = use(at).start
		if start, ok := num.starts[at]; ok {
			counts[at] = start
		}
	} else {
		counts[at]++
	}
	for i := at + 1; i < levels; i++ {
		if r := use(i).restart; r < 0 || r > at {
			counts[i] = -1
		}
	}
	l := use(at)
	if l.format == "bullet" {
		return "•", true, true
	}
	label = l.text
	for i := range levels {
		mark := "%" + strconv.Itoa(i+1)
		if !strings.Contains(label, mark) {
			continue
		}
		format := use(i).format
		if l.legal {
			format = "decimal"
		}
		label = strings.ReplaceAll(label, mark, formatted(max(counts[i], 0), format))
	}
	label = strings.TrimSpace(label)
	return label, false, label != "" && l.format != "none"
}

func formatted(n int, format string) string {
	switch format {
	case "lowerLetter":
		return letters(n)
	case "upperLetter":
		return strings.ToUpper(letters(n))
	case "lowerRoman":
		return document.Roman(n)
	case "upperRoman":
		return strings.ToUpper(document.Roman(n))
	case "decimalZero":
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
	case "ordinal":
		return strconv.Itoa(n) + ending(n)
	case "cardinalText":
		if n > 0 && n < len(cardinals()) {
			return cardinals()[n]
		}
	case "ordinalText":
		if n > 0 && n < len(ordinals()) {
			return ordinals()[n]
		}
	case "none", "bullet":
		return ""
	}
	return strconv.Itoa(n)
}

// letters counts a … z, aa, bb …, as Word does.
func letters(n int) string {
	if n < 1 || n > 26*30 {
		return strconv.Itoa(n)
	}
	return strings.Repeat(string(rune('a'+(n-1)%26)), (n-1)/26+1)
}

func ending(n int) string {
	switch {
	case n%100 >= 11 && n%100 <= 13:
	case n%10 == 1:
		return "st"
	case n%10 == 2:
		return "nd"
	case n%10 == 3:
		return "rd"
	}
	return "th"
}

func cardinals() []string {
	return strings.Split("Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen Fifteen Sixteen Seventeen Eighteen Nineteen Twenty", " ")
}

func ordinals() []string {
	return strings.Split("Zeroth First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth Eleventh Twelfth Thirteenth Fourteenth Fifteenth Sixteenth Seventeenth Eighteenth Nineteenth Twentieth", " ")
}
