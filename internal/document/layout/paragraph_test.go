package layout_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/layout"
	"github.com/pactloop/pactloop/internal/pact"
)

// typed sets lines as a typewriter does: six points a letter, from the left margin, twelve points a line.
func typed(lines ...string) *layout.Page {
	p := &layout.Page{Number: 1, Width: 612, Height: 792}
	for i, l := range lines {
		at := 0
		for _, w := range strings.Split(l, " ") {
			if w != "" {
				left, top := 72+6*float64(at), 100+12*float64(i)
				p.Words = append(p.Words, layout.Word{Text: w, Box: pact.Box{Left: left, Right: left + 6*float64(len(w)), Top: top, Bottom: top + 10}})
			}
			at += len(w) + 1
		}
	}
	return p
}

func blocks(d *document.Document) []string {
	var out []string
	text := []rune(d.Text)
	for _, b := range d.Blocks {
		if b.Kind == document.Paragraph || b.Kind == document.Heading || b.Kind == document.ListItem {
			out = append(out, string(text[b.Start:b.End]))
		}
	}
	return out
}

// One line that reaches far beyond the others makes all others look short.
const wide = "------------------------------------------------------------------------------------------"

func TestALineWithoutRoomForTheNextWordGoesOn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lines []string
		want  int // blocks beside the wide line
	}{
		"a name begins the next line":    {[]string{"the licence covers the mark and all of the text that describes", "LeadersOnline and the address of the site for use by the others."}, 1},
		"a capital word begins it":       {[]string{"nothing in this document shall limit what was agreed between the", "Publishers and the contractor of the replacement."}, 1},
		"the next word had room":         {[]string{"the licence covers the mark and all text", "Licensor keeps the rest of what it owns and of what it will own."}, 2},
		"a sentence ended":               {[]string{"the licence covers the mark and all of the text that describes.", "LeadersOnline and the address of the site for use by the others."}, 2},
		"an address":                     {[]string{"Halden Systems, Inc., Attention: General Counsel, 12 Kestrel Street", "Wilmington, Delaware 19801, United States of America, Building Four"}, 2},
		"a list with remarks":            {[]string{"Cisco Systems (only with respect to some of the firewall products)", "Security Dynamics and others that are named here and there below it"}, 2},
		"a note with an asterisk":        {[]string{"vehicles of the list that was approved in advance by both parties", "*Background music as it is chosen by the customer for its own use."}, 2},
		"a preposition waits for a name": {[]string{"For and on behalf of", "Halden Systems, Inc."}, 1},
		"a field follows a preposition":  {[]string{"For and on behalf of", "By: Mara Lindqvist"}, 2},
		"a title before its parties":     {[]string{"SUPPLY AGREEMENT by and between", "Halden Systems, Inc."}, 2},
		"a rule drawn below a few words": {[]string{"this section sets forth the sole and exclusive liability and what", "---------", "EXCLUSIVE LIABILITY of the Company for infringement by the others."}, 1},
	} {
		d := layout.Assemble([]byte(name), "layout/test", []*layout.Page{typed(append([]string{wide, "", ""}, c.lines...)...)})
		got := blocks(d)
		if len(got) != c.want+1 {
			t.Errorf("%s: %d blocks: %q", name, len(got)-1, got)
		}
	}
}
