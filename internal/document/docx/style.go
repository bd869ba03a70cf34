package docx

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
)

// look is what character formatting says, where it says something: nil and "" are inherited.
type look struct {
	bold, vanish, tiny, struck, narrow *bool
	raised, away                       *bool
	colour, fill, highlight            string // six figures, "auto", or of a highlight "none"
	style                              string
}

func (l look) over(base look) look {
	pick := func(a, b *bool) *bool {
		if a != nil {
			return a
		}
		return b
	}
	return look{
		bold: pick(l.bold, base.bold), vanish: pick(l.vanish, base.vanish), tiny: pick(l.tiny, base.tiny), struck: pick(l.struck, base.struck), narrow: pick(l.narrow, base.narrow),
		raised: pick(l.raised, base.raised), away: pick(l.away, base.away),
		colour: cmp.Or(l.colour, base.colour), fill: cmp.Or(l.fill, base.fill), highlight: cmp.Or(l.highlight, base.highlight), style: l.style,
	}
}

const (
	automatic = "auto" // letters: black, or white on what is dark; fills: none
	paper     = "FFFFFF"
)

// unseen says why a person does not see letters of this look; empty when they do. grounds are the fills behind them, the
// nearest first: of the paragraph, of the cell.
func (l look) unseen(grounds ...string) string {
	switch {
	case is(l.vanish):
		return "hidden letters"
	case is(l.tiny):
		return "letters of two points or less"
	case is(l.narrow):
		return "letters without width"
	case is(l.away):
		return offPage
	}
	ground, marked := paper, l.highlight != "" && l.highlight != "none"
	if marked {
		ground = l.highlight
	} else {
		for _, g := range append([]string{l.fill}, grounds...) {
			if g != "" && g != automatic {
				ground = g
				break
			}
		}
	}
	letters := l.colour
	if letters == "" || letters == automatic {
		if !marked { // Word makes them white on a dark fill, but they stay black under a highlight
			return ""
		}
		letters = "000000"
	}
	switch {
	case !document.Alike(letters, ground):
		return ""
	case document.Alike(ground, paper):
		return "white letters"
	}
	return "letters in the colour of the paper"
}

func is(b *bool) bool { return b != nil && *b }

type style struct {
	name    string
	based   string
	look    look
	fill    string // of the paragraphs, or of the cells of a table
	low     *bool  // see paragraphProps
	off     string
	left    float64
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
			st.numID, st.level, st.outline, st.fill = pr.numID, pr.level, pr.outline, cmp.Or(pr.fill, st.fill)
			st.low, st.off, st.left = pr.low, pr.off, pr.left
		case "tcPr", "tblPr": // of a table style; what it says about single rows is not followed
			return p.children(func(e element) error {
				if e.local == "shd" {
					st.fill = cmp.Or(fillOf(e), st.fill)
				}
				return nil
			})
		}
		return err
	})
	return st, err
}

// resolved is a paragraph style with what it is based on, and with the defaults of the document.
func (s *styles) resolved(id string) style {
	if id == "" {
		id = s.standard
	}
	out := s.stated(id)
	out.look = out.look.over(s.defaults)
	return out
}

// stated follows basedOn; a circle ends after a few steps. The defaults are left out: those of the paragraph come before them.
func (s *styles) stated(id string) style {
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
		out.fill = cmp.Or(out.fill, st.fill)
		out.low, out.off, out.left = cmp.Or(out.low, st.low), cmp.Or(out.off, st.off), cmp.Or(out.left, st.left)
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
			l.colour = cmp.Or(themed(e.attr("themeColor"), e.attr("themeShade"), e.attr("themeTint")), figures(e.attr("val")))
		case "textFill": // of later versions of Word; it is drawn instead of the colour
			return p.children(func(e element) error {
				if e.local == "noFill" {
					l.vanish = set(true)
					return nil
				}
				return p.children(func(e element) error {
					if e.local == "srgbClr" {
						l.colour = cmp.Or(figures(e.attr("val")), l.colour)
					}
					return p.children(func(e element) error {
						if e.local == "alpha" && atoi(e.attr("val"), 0) >= 90_000 { // thousandths of a percent that are let through
							l.vanish = set(true)
						}
						return nil
					})
				})
			})
		case "sz":
			n, err := strconv.ParseFloat(e.attr("val"), 64)
			l.tiny = set(err == nil && n <= 4) // half points
		case "w":
			n, err := strconv.ParseFloat(strings.TrimSuffix(e.attr("val"), "%"), 64)
			l.narrow = set(err == nil && n < 10) // per cent of the usual width
		case "spacing":
			if n := twips(e.attr("val")); n <= -160 { // letters lie on one another
				l.narrow = set(true)
			}
		case "position":
			n := atoi(e.attr("val"), 0) // half points
			l.away = set(n > 1000 || n < -1000)
		case "vertAlign":
			l.raised = set(e.attr("val") == "superscript")
		case "strike", "dstrike":
			if e.on() || l.struck == nil {
				l.struck = set(e.on())
			}
		case "shd":
			l.fill = fillOf(e)
		case "highlight":
			l.highlight = highlights[e.attr("val")]
		}
		return nil
	})
	return l, err
}

var highlights = map[string]string{
	"none": "none", "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "green": "00FF00", "magenta": "FF00FF", "red": "FF0000", "yellow": "FFFF00", "white": "FFFFFF", "darkBlue": "000080",
	"darkCyan": "008080", "darkGreen": "008000", "darkMagenta": "800080", "darkRed": "800000", "darkYellow": "808000", "darkGray": "808080", "lightGray": "C0C0C0",
}

// figures is a colour in figures, or "auto".
func figures(v string) string {
	if v == automatic {
		return automatic
	}
	if _, err := strconv.ParseUint(v, 16, 32); err == nil && len(v) == 6 {
		return strings.ToUpper(v)
	}
	return ""
}

// themed gives the black and the white of a theme, made darker or lighter. Of its other colours the file itself gives figures.
func themed(name, shade, tint string) string {
	var v float64
	switch name {
	case "background1", "light1", "bg1":
		v = 255
	case "text1", "dark1", "tx1":
	default:
		return ""
	}
	if n, err := strconv.ParseUint(shade, 16, 8); err == nil {
		v *= float64(n) / 255
	}
	if n, err := strconv.ParseUint(tint, 16, 8); err == nil {
		v = 255 - (255-v)*float64(n)/255
	}
	return strings.Repeat(two(v), 3)
}

func two(v float64) string {
	s := strings.ToUpper(strconv.FormatInt(int64(math.Round(v)), 16))
	return strings.Repeat("0", 2-len(s)) + s
}

// fillOf is the colour of an area: of its fill, or of fill and pattern mixed; "auto" where it has none.
func fillOf(e element) string {
	fill := cmp.Or(themed(e.attr("themeFill"), e.attr("themeFillShade"), e.attr("themeFillTint")), figures(e.attr("fill")), automatic)
	pattern, val := 0.0, e.attr("val")
	percent, isPercent := strings.CutPrefix(val, "pct")
	switch {
	case val == "" || val == "clear" || val == "nil":
		return fill
	case val == "solid":
		pattern = 1
	case isPercent:
		n, err := strconv.ParseFloat(percent, 64)
		if err != nil {
			return fill
		}
		pattern = min(n, 100) / 100
	default: // stripes and crosses
		pattern = 0.4
	}
	front := cmp.Or(themed(e.attr("themeColor"), e.attr("themeShade"), e.attr("themeTint")), figures(e.attr("color")), automatic)
	if front == automatic {
		front = "000000"
	}
	if fill == automatic {
		fill = paper
	}
	a, errA := strconv.ParseUint(front, 16, 32)
	b, errB := strconv.ParseUint(fill, 16, 32)
	if errA != nil || errB != nil {
		return fill
	}
	mixed := ""
	for shift := 16; shift >= 0; shift -= 8 {
		mixed += two(pattern*float64(a>>shift&0xff) + (1-pattern)*float64(b>>shift&0xff))
	}
	return mixed
}
