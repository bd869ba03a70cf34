package docx

// reference is a header or footer that a section names.
type reference struct {
	footer bool
	id     string
}

// paragraphProps is what w:pPr says.
type paragraphProps struct {
	style      string
	numID      string
	level      int  // -1: not stated
	outline    int  // -1: none
	deleted    bool // the paragraph mark is an open deletion
	fill       string
	low        *bool   // its lines have a height in which nobody reads
	off        string  // why nobody sees where it stands
	left       float64 // its indent
	references []reference
}

// readParagraphProps reads w:pPr. Changes of formatting (w:pPrChange) hold the old values and are skipped.
func readParagraphProps(p *parser) (paragraphProps, error) {
	out := paragraphProps{level: -1, outline: -1}
	err := p.children(func(e element) error {
		switch e.local {
		case "pStyle":
			out.style = e.attr("val")
		case "outlineLvl":
			out.outline = atoi(e.attr("val"), -1)
			if out.outline > 8 {
				out.outline = -1
			}
		case "shd":
			out.fill = fillOf(e)
		case "spacing":
			if e.attr("line") != "" {
				low := lowLine(e)
				out.low = &low
			}
		case "ind":
			if out.left = indent(e); out.left < -offMargin*1440*3 {
				out.off = offPage
			}
		case "framePr":
			if framed("x", "y", e) {
				out.off = offPage
			}
		case "numPr":
			return p.children(func(e element) error {
				switch e.local {
				case "ilvl":
					out.level = atoi(e.attr("val"), -1)
				case "numId":
					out.numID = e.attr("val")
				}
				return nil
			})
		case "rPr":
			return p.children(func(e element) error {
				if e.local == "del" || e.local == "moveFrom" {
					out.deleted = true
				}
				return nil
			})
		case "sectPr":
			var err error
			out.references, err = readReferences(p)
			return err
		}
		return nil
	})
	return out, err
}

func readReferences(p *parser) ([]reference, error) {
	var out []reference
	err := p.children(func(e element) error {
		switch e.local {
		case "headerReference":
			out = append(out, reference{id: e.attr("id")})
		case "footerReference":
			out = append(out, reference{footer: true, id: e.attr("id")})
		}
		return nil
	})
	return out, err
}
