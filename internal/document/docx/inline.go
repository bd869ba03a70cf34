package docx

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
)

// inline walks what stands in a line.
func (s *scope) inline(g *paragraph, e element) error {
	into := func(s *scope) error {
		return s.p.children(func(e element) error { return s.inline(g, e) })
	}
	switch e.local {
	case "bdo":
		if e.attr("val") == "rtl" {
			s.w.b.Turned()
		}
		return into(s)
	case "r":
		return s.run(g)
	case "hyperlink", "smartTag", "sdtContent", "fldSimple", "customXml", "dir", "oMath", "oMathPara", "rubyBase", "ruby":
		return into(s)
	case "sdt":
		return s.control(func(s *scope, _ element) error { return into(s) })
	case "ins", "moveTo":
		s.w.inserted++
		inner := *s
		inner.inserted = true
		return into(&inner)
	case "del":
		s.w.removed(e)
		return into(s.without(changeOf(document.Deleted, e)))
	case "moveFrom":
		s.w.removed(e)
		return into(s.without(changeOf(document.Moved, e)))
	case "commentRangeStart":
		g.spans = append(g.spans, span{sign: commentStart, id: e.attr("id")})
	case "commentRangeEnd":
		g.spans = append(g.spans, span{sign: commentEnd, id: e.attr("id")})
	case "AlternateContent":
		return s.choice(into)
	case "f", "num", "den", "e", "sup", "sub", "sSup", "sSub", "rad", "d", "nary": // parts of formulas
		if e.prefix == "m" {
			return into(s)
		}
	}
	return nil
}

func (s *scope) run(g *paragraph) error {
	var l look
	return s.p.children(func(e element) error {
		switch e.local {
		case "rPr":
			if e.prefix == "m" {
				return nil
			}
			var err error
			l, err = readLook(s.p)
			return err
		case "t", "delText":
			text, err := s.p.text()
			if err != nil {
				return err
			}
			s.add(g, l, text)
		case "tab", "ptab":
			s.place(g, l, tabStop)
		case "br", "cr":
			s.place(g, l, lineEnd)
		case "noBreakHyphen":
			s.add(g, l, "-")
		case "sym":
			s.add(g, l, symbol(e.attr("font"), e.attr("char")))
		case "fldChar":
			s.field(e.attr("fldCharType"))
			return s.form(g, l)
		case "footnoteReference", "endnoteReference":
			if s.gone == nil {
				g.spans = append(g.spans, span{sign: noteHere, id: e.attr("id"), mark: e.local})
			}
		case "commentReference":
			g.spans = append(g.spans, span{sign: commentEnd, id: e.attr("id"), mark: "point"})
		case "drawing", "pict", "object", "AlternateContent":
			drawn := *s
			drawn.frame = &frame{}
			return drawn.boxes(g, e)
		}
		return nil
	})
}

func (s *scope) field(kind string) {
	f := *s.fields
	switch {
	case kind == "begin" && len(f) < 100:
		f = append(f, true)
	case kind == "separate" && len(f) > 0:
		f[len(f)-1] = false
	case kind == "end" && len(f) > 0:
		f = f[:len(f)-1]
	}
	*s.fields = f
}

// form reads the field of an old form: a box that is checked or not, a choice of a list. Its text is the field's result.
func (s *scope) form(g *paragraph, l look) error {
	return s.p.children(func(e element) error {
		if e.local != "ffData" {
			return nil
		}
		return s.p.children(func(e element) error {
			var chosen int
			var entries []string
			box, checked := e.local == "checkBox", false
			if !box && e.local != "ddList" {
				return nil
			}
			err := s.p.children(func(e element) error {
				switch e.local {
				case "default", "checked":
					checked = e.on()
				case "result":
					chosen = atoi(e.attr("val"), 0)
				case "listEntry":
					entries = append(entries, e.attr("val"))
				}
				return nil
			})
			fields := *s.fields
			*s.fields = nil // the box itself is seen, though it stands in the code of the field
			switch {
			case box && checked:
				s.add(g, l, "☒")
			case box:
				s.add(g, l, "☐")
			case chosen >= 0 && chosen < len(entries):
				s.add(g, l, entries[chosen])
			}
			*s.fields = fields
			return err
		})
	})
}

// signs are those of the font Symbol that change what a clause says.
var signs = map[string]string{"F0B0": "°", "F0B1": "±", "F0A3": "≤", "F0B3": "≥", "F0B4": "×", "F0B8": "÷", "F0B9": "≠", "F0BB": "≈", "F0A5": "∞", "F06D": "µ", "F02D": "−", "F0A2": "′", "F0B2": "″", "F03C": "<", "F03E": ">", "F03D": "=", "F02B": "+", "F025": "%"}

// symbol gives the usual meaning of a letter of a symbol font.
func symbol(font, code string) string {
	code = strings.ToUpper(code)
	if len(code) == 4 && strings.HasPrefix(code, "00") { // the same letter without the offset of such fonts
		code = "F0" + code[2:]
	}
	if sign := signs[code]; sign != "" && strings.EqualFold(font, "Symbol") {
		return sign
	}
	switch code {
	case "F0A7", "F0B7", "F0D8", "F0FC":
		return "•"
	case "F0A8", "F06F", "F071", "2610":
		return "☐"
	case "F0FE", "F078", "F0FD", "F052", "2611", "2612":
		return "☒"
	case "F0E3", "F0D2":
		return "®"
	case "F0D3":
		return "©"
	case "F0D4":
		return "™"
	}
	return ""
}

// place keeps where a line ends or a tab stands. Whether it shows in the text is decided when the paragraph is whole.
func (s *scope) place(g *paragraph, l look, at sign) {
	if s.gone != nil || slices.Contains(*s.fields, true) {
		s.add(g, l, " ")
		return
	}
	g.spans = append(g.spans, span{sign: at})
}

// add puts text into the paragraph, unless it is a field's code or hidden.
func (s *scope) add(g *paragraph, l look, text string) {
	for _, code := range *s.fields {
		if code {
			return
		}
	}
	if s.gone != nil {
		g.leave(document.Aside{Kind: s.gone.kind, Text: text, Why: s.gone.why, Author: s.gone.author, Date: s.gone.date})
		if s.gone.kind == document.Hidden {
			s.w.hide(text)
		}
		return
	}
	full := l
	if l.style != "" {
		full = full.over(s.w.styles.stated(l.style).look)
	}
	full = full.over(g.style.look).over(s.letters)
	why := full.unseen(g.props.fill, g.style.fill, s.fill)
	switch {
	case why != "":
	case is(cmp.Or(g.props.low, g.style.low)):
		why = "lines of two points or less"
	case cmp.Or(g.props.left, g.style.left) > s.w.width:
		why = offPage
	default:
		why = cmp.Or(g.props.off, g.style.off)
	}
	if why != "" {
		s.w.hide(text)
		g.leave(document.Aside{Kind: document.Hidden, Text: text, Why: why})
		return
	}
	if is(full.struck) {
		if strings.TrimSpace(text) != "" {
			s.w.struck++
		}
		g.leave(document.Aside{Kind: document.Deleted, Text: text, Why: "struck through"})
		return
	}
	if is(full.raised) {
		before := ""
		if n := len(g.spans); n > 0 && g.spans[n-1].sign == words {
			before = g.spans[n-1].text
		}
		text = document.Raised(before, text)
	}
	mark := ""
	switch {
	case s.inserted:
		mark = "inserted"
	case is(full.bold):
		mark = "bold"
	}
	if n := len(g.spans); n > 0 && g.spans[n-1].mark == mark && g.spans[n-1].sign == words {
		g.spans[n-1].text += text
		return
	}
	g.spans = append(g.spans, span{text: text, mark: mark})
}

// leave keeps words that do not stand in the text; neighbours with one reason are one notice.
func (g *paragraph) leave(n document.Aside) {
	if k := len(g.spans); k > 0 && g.spans[k-1].sign == leftOut {
		last := &g.spans[k-1].note
		if last.Kind == n.Kind && last.Author == n.Author && last.Why == n.Why {
			last.Text += n.Text
			return
		}
	}
	g.spans = append(g.spans, span{sign: leftOut, note: n})
}

// boxes looks for text boxes in a drawing; they follow the paragraph they are anchored in.
func (s *scope) boxes(g *paragraph, e element) error {
	if e.local == "txbxContent" {
		inner := *s
		inner.fields, inner.carry, inner.frame = &[]bool{}, new(*paragraph), nil
		inner.emit = func(i item) error {
			g.boxes = append(g.boxes, i)
			return nil
		}
		return inner.container()
	}
	s.pictured(g, e)
	if why := styled(e.attr("style")); why != "" {
		s = s.without(gone{kind: document.Hidden, why: why})
	}
	into := func(s *scope) error {
		var o spot
		return s.p.children(func(e element) error {
			why, err := o.at(s.p, e)
			if err != nil || e.local == "positionH" || e.local == "positionV" {
				return err
			}
			if why != "" {
				s = s.without(gone{kind: document.Hidden, why: why})
			}
			if e.local == "docPr" && (e.attr("hidden") == "1" || e.attr("hidden") == "true") {
				s = s.without(gone{kind: document.Hidden, why: "a hidden box"}) // what follows it is the box
			}
			return s.boxes(g, e)
		})
	}
	if e.local == "AlternateContent" {
		return s.choice(into)
	}
	return into(s)
}
