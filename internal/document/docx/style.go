package docx

import (
	"cmp"
	"strconv"
	"strings"
)

// look is what character formatting says, where it says something: nil is inherited.
type look struct {
	bold, vanish, white, tiny, shaded, struck, narrow *bool
	colour, fill                                      string // of the letters and of what is behind them, where stated in figures
	style                                             string
}

func (l look) over(base look) look {
	pick := func(a, b *bool) *bool {
		if a != nil {
			return a
		}
		return b
	}
	return look{
		bold: pick(l.bold, base.bold), vanish: pick(l.vanish, base.vanish), white: pick(l.white, base.white), tiny: pick(l.tiny, base.tiny), shaded: pick(l.shaded, base.shaded),
		struck: pick(l.struck, base.struck), narrow: pick(l.narrow, base.narrow), colour: cmp.Or(l.colour, base.colour), fill: cmp.Or(l.fill, base.fill), style: l.style,
	}
}

// unseen says why a person does not see letters of this look; empty when they do. shaded tells that something behind them
// has a colour.
func (l look) unseen(shaded bool) string {
	shaded = shaded || is(l.shaded)
	switch {
	case is(l.vanish):
		return "hidden letters"
	case is(l.tiny):
		return "letters of two points or less"
	case is(l.narrow):
		return "letters without width"
	case is(l.white) && !shaded:
		return "white letters"
	case l.fill != "" && l.fill == l.colour:
		return "letters in the colour of the paper"
	}
	return ""
}

func is(b *bool) bool { return b != nil && *b }

type style struct {
	name    string
	based   string
	look    look
	numID   string
	level   int // -1: not stated
	outline int // heading level from 0; -1: none
}

type styles struct {
	byID     map[string]style
	standard string // the default paragraph style
	defaults look
}

func readStyles(a *archive, part string) (*styles, error) {
	s := &styles{byID: map[string]style{}}
	b, err := a.bytes(part)
	if err != nil || b == nil {
		return s, err
	}
	p := newParser(b)
	return s, p.root(func(element) error {
		return p.children(func(e element) error {
			switch e.local {
			case "docDefaults":
				return p.children(func(e element) error { // rPrDefault, pPrDefault
					return p.children(func(e element) error {
						if e.local != "rPr" {
							return nil
						}
						var err error
						s.defaults, err = readLook(p)
						return err
					})
				})
			case "style":
				id := e.attr("styleId")
				if e.attr("type") == "paragraph" && (e.attr("default") == "1" || e.attr("default") == "true") {
					s.standard = id
				}
				st, err := readStyle(p)
				if err != nil {
					return err
				}
				s.byID[id] = st
			}
			return nil
		})
	})
}

func readStyle(p *parser) (style, error) {
	st := style{level: -1, outline: -1}
	err := p.children(func(e element) error {
		var err error
		switch e.local {
		case "name":
			st.name = strings.ToLower(e.attr("val"))
		case "basedOn":
			st.based = e.attr("val")
		case "rPr":
			st.look, err = readLook(p)
		case "pPr":
			var pr paragraphProps
			pr, err = readParagraphProps(p)
			st.numID, st.level, st.outline = pr.numID, pr.level, pr.outline
		}
		return err
	})
	return st, err
}

// resolved follows basedOn; a circle ends after a few steps.
func (s *styles) resolved(id string) style {
	if id == "" {
		id = s.standard
	}
	out := style{level: -1, outline: -1}
	for step := 0; id != "" && step < 20; step++ {
		st, ok := s.byID[id]
		if !ok {
			break
		}
		if out.name == "" {
			out.name = st.name
		}
		out.look = out.look.over(st.look)
		if out.numID == "" {
			out.numID = st.numID
		}
		if out.level < 0 {
			out.level = st.level
		}
		if out.outline < 0 {
			out.outline = st.outline
		}
		id = st.based
	}
	out.look = out.look.over(s.defaults)
	return out
}

func readLook(p *parser) (look, error) {
	var l look
	set := func(v bool) *bool { return &v }
	err := p.children(func(e element) error {
		switch e.local {
		case "b":
			l.bold = set(e.on())
		case "vanish":
			l.vanish = set(e.on())
		case "rStyle":
			l.style = e.attr("val")
		case "color":
			v := strings.ToUpper(e.attr("val"))
			theme := e.attr("themeColor")
			l.white = set(nearWhite(v) && theme == "" || (strings.HasPrefix(theme, "background1") || theme == "light1") && e.attr("themeShade") == "")
			if len(v) == 6 && theme == "" {
				l.colour = v
			}
		case "sz":
			n, err := strconv.ParseFloat(e.attr("val"), 64)
			l.tiny = set(err == nil && n <= 4) // half points
		case "w":
			n, err := strconv.ParseFloat(strings.TrimSuffix(e.attr("val"), "%"), 64)
			l.narrow = set(err == nil && n < 10) // per cent of the usual width
		case "strike", "dstrike":
			if e.on() || l.struck == nil {
				l.struck = set(e.on())
			}
		case "shd":
			l.shaded = set(isShade(e))
			if f := strings.ToUpper(e.attr("fill")); len(f) == 6 && e.attr("themeFill") == "" {
				l.fill = f
			}
		case "highlight":
			l.shaded = set(e.attr("val") != "none" && e.attr("val") != "white")
		}
		return nil
	})
	return l, err
}

// nearWhite tells whether a colour can not be told from white paper.
func nearWhite(hex string) bool {
	n, err := strconv.ParseUint(hex, 16, 32)
	return err == nil && len(hex) == 6 && n>>16 >= 0xf4 && n>>8&0xff >= 0xf4 && n&0xff >= 0xf4
}

// isShade tells whether an area has a colour on which white letters are seen.
func isShade(e element) bool {
	fill := strings.ToUpper(e.attr("fill"))
	if fill == "" || fill == "AUTO" || fill == "FFFFFF" {
		return e.attr("themeFill") != "" && !strings.HasPrefix(e.attr("themeFill"), "background1") || e.attr("val") == "solid"
	}
	return true
}
