package pdf

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/document/layout"
	"github.com/pactloop/pactloop/internal/document/scan"
	"github.com/pactloop/pactloop/internal/pact"
)

// page is what stands on a page before any layout.
type page struct {
	layout.Page
	images    int
	imageArea float64 // share of the page
	hidden    map[string]string
	lost      []lost // the same words with their place
	unchecked bool   // whether words are seen could not be looked at
	unmapped  int    // characters whose font does not say what they are
	visible   int
	invisible int // characters drawn with mode 3 over an image: a text layer made by OCR
	drawings  int // paths
	need      need
	pictures  []pact.Box
	lie       lie // which way its lines run
	mixed     bool
	struck    int      // notes that draw a line through words
	comments  []string // of readers, beside the text
	unread    bool     // a field may have a value that was not read
	replaced  bool     // the file gives other words for what is drawn
}

// lost is words that nobody sees.
type lost struct {
	why, text string
	box       pact.Box
}

// style is what the characters of one text object share.
type style struct {
	object uint64
	bold   bool
	mode   int
	white  bool
	opaque bool
	told   bool      // the colour is known; a pattern is not
	shade  float64   // 0 black to 255 white
	size   float64   // of the letters, the smaller of height and width, where it was asked for
	boxes  int       // which boxes of its characters are used
	clip   *pact.Box // what its clipping paths leave, around; nil: all
}

const (
	unknownBoxes = iota
	looseBoxes
	inkBoxes
)

const (
	maxObjects  = 20_000 // per page; beyond it rules and covers are not looked at, but the page is drawn
	maxForms    = 12     // in one another
	maxChars    = 400_000
	maxPoints   = 600 // corners of one path
	smallHeight = 2.0 // points: nobody reads smaller letters
)

// pageReader reads one page through the library.
type pageReader struct {
	l       *library
	to      affine
	styles  map[uint64]*style
	bolds   map[uint64]bool
	covers  []pact.Box // images and dark areas, on which white letters are seen
	grounds []ground
	beyond  bool // there is more on the page than was looked at
	out     *page
	objects int
	lids    []lid             // what may cover letters that were drawn before
	depths  map[uint64]int    // when a text object was drawn
	around  map[uint64]affine // of text objects in forms
	veil    string            // what may keep the form that is being read from being drawn
	veils   map[uint64]string // the same of text objects
}

// ground is a filled area or, where its shade is not known, a picture.
type ground struct {
	box     pact.Box
	shade   float64
	picture bool
}

// suspect is a word of which only the drawn page shows whether it is seen, and why it would not be.
type suspect struct {
	word int
	why  string
}

// suspicious tells whether letters may have the colour of what lies behind them.
func (r *pageReader) suspicious(s *style, b pact.Box) bool {
	if s == nil || s.object == 0 || s.mode == 3 || s.mode == 7 {
		return r.beyond && (s == nil || s.object == 0)
	}
	if r.beyond || !s.told || s.mode == 1 || s.mode == 5 || s.shade >= 215 {
		return true
	}
	x, y := (b.Left+b.Right)/2, (b.Top+b.Bottom)/2
	for _, g := range r.grounds {
		if g.box.Left <= x && x <= g.box.Right && g.box.Top <= y && y <= g.box.Bottom && (g.picture || math.Abs(g.shade-s.shade) < 60) {
			return true
		}
	}
	return false
}

// lid is a picture or a filled area, and when it was drawn.
type lid struct {
	box   pact.Box
	depth int
}

// lidded tells whether something was drawn over the place after the letter.
func (r *pageReader) lidded(object uint64, b pact.Box) bool {
	depth, known := r.depths[object]
	if !known {
		return false
	}
	x, y := (b.Left+b.Right)/2, (b.Top+b.Bottom)/2
	for _, l := range r.lids {
		if l.depth > depth && l.box.Left <= x && x <= l.box.Right && l.box.Top <= y && y <= l.box.Bottom {
			return true
		}
	}
	return false
}

// uncover looks at the drawn page for words that may not be seen: pictures may be transparent, areas may mark words instead
// of hiding them, letters may have the colour of what lies behind. Where nothing is seen the word is hidden. Where the page can
// not be drawn well enough the words stay, and the document says so.
func (l *library) uncover(ctx context.Context, doc uint64, index int, p *page, suspects []suspect) error {
	if len(suspects) == 0 {
		return nil
	}
	dpi := 100.0
	if area := p.Width * p.Height / (72 * 72) * dpi * dpi; area > mostPoints {
		dpi *= math.Sqrt(mostPoints / area)
	}
	if dpi < 10 {
		p.unchecked = true
		return nil
	}
	drawn, err := l.draw(ctx, doc, index, p, int(dpi))
	switch {
	case err != nil && stated(err):
		p.unchecked = true
		return nil
	case err != nil:
		return err
	}
	gone := map[int]bool{}
	for _, s := range suspects {
		w := p.Words[s.word]
		if min(w.Box.Bottom-w.Box.Top, w.Box.Right-w.Box.Left)*float64(drawn.DPI)/72 < 2 {
			p.unchecked = true // too small a picture of it to tell
			continue
		}
		if s.why == switchedOff && overlaid(p, s.word) {
			p.unchecked = true
			continue
		}
		if flat(drawn, w.Box) {
			gone[s.word] = true
			p.hide(s.why, w.Text, w.Box)
		}
	}
	kept := p.Words[:0]
	for i, w := range p.Words {
		if !gone[i] {
			kept = append(kept, w)
		}
	}
	p.Words = kept
	return nil
}

// flat tells whether nothing is seen in the box: hardly any difference between its lightest and its darkest point. A margin
// is left out, because boxes are higher than letters and may touch what stands beside them.
func flat(r scan.Raster, b pact.Box) bool {
	scale := float64(r.DPI) / 72
	margin := (b.Bottom - b.Top) * 0.2
	x0, x1 := max(0, int(b.Left*scale)+1), min(r.Width-1, int(b.Right*scale)-1)
	y0, y1 := max(0, int((b.Top+margin)*scale)), min(r.Height-1, int((b.Bottom-margin)*scale))
	if x1 < x0 {
		x0, x1 = max(0, x0-1), min(r.Width-1, x1+1)
	}
	lo, hi := byte(255), byte(0)
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			v := r.Gray[y*r.Width+x]
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	return hi < lo || hi-lo < 24
}

func (p *page) hide(why, text string, box pact.Box) {
	n := len(p.lost)
	switch {
	case n > 0 && p.lost[n-1].why == why && len(p.lost[n-1].text) < 1000 && math.Abs(p.lost[n-1].box.Bottom-box.Bottom) < 30:
		p.lost[n-1].text += " " + text
		p.lost[n-1].box = layout.Union(p.lost[n-1].box, box)
	case n < 1000:
		p.lost = append(p.lost, lost{why, text, box})
	}
	if s := p.hidden[why]; len(s) < 400 {
		p.hidden[why] = strings.TrimSpace(s + " " + text)
	}
}

func (l *library) readPage(ctx context.Context, doc uint64, index int) (*page, error) {
	handle, notes, err := l.loadPage(ctx, doc, index)
	if err != nil {
		return nil, err
	}
	if handle == 0 {
		return nil, fmt.Errorf("page %d can not be opened", index+1)
	}
	defer func() { _, _ = l.call(ctx, "FPDF_ClosePage", handle) }()
	w, err := l.call(ctx, "FPDF_GetPageWidthF", handle)
	if err != nil {
		return nil, err
	}
	h, err := l.call(ctx, "FPDF_GetPageHeightF", handle)
	if err != nil {
		return nil, err
	}
	width, height := float64(math.Float32frombits(uint32(w))), float64(math.Float32frombits(uint32(h)))
	p, suspects, err := l.readTurned(ctx, handle, index, width, height, 0, notes.typed)
	if err != nil {
		return nil, err
	}
	if quarters := p.lie.quarters(); quarters != 0 {
		if p, suspects, err = l.readTurned(ctx, handle, index, width, height, quarters, notes.typed); err != nil {
			return nil, err
		}
	}
	p.mixed, p.struck, p.comments, p.unread = p.lie.mixed(), notes.struck, notes.comments, notes.unread
	return p, l.uncover(ctx, doc, index, p, suspects)
}

// readTurned reads what stands on a page whose lines run as on an upright page that is shown after so many quarter turns to
// the right. width and height are those of the page as displayed.
func (l *library) readTurned(ctx context.Context, handle uint64, index int, width, height float64, quarters int, typed []entry) (*page, []suspect, error) {
	p := &page{Page: layout.Page{Number: index + 1, Width: width, Height: height}, hidden: map[string]string{}}
	r := &pageReader{l: l, styles: map[uint64]*style{}, bolds: map[uint64]bool{}, depths: map[uint64]int{}, around: map[uint64]affine{}, veils: map[uint64]string{}, out: p}
	var err error
	if r.to, err = l.displayed(ctx, handle, width, height); err != nil {
		return nil, nil, err
	}
	for range quarters {
		r.to = r.to.back(p.Width)
		p.Width, p.Height = p.Height, p.Width
	}
	if quarters != 0 {
		p.Shown = &layout.Turn{Quarters: quarters}
	}
	if err := r.readObjects(ctx, handle); err != nil {
		return nil, nil, err
	}
	suspects, err := r.readText(ctx, handle)
	for _, e := range typed {
		r.place(e)
	}
	return p, suspects, err
}

// gluedLabel is a number that some files put against the first word of its paragraph, without a space: "15.1This".
var gluedLabel = regexp.MustCompile(`^([0-9]{1,3}(?:\.[0-9]{1,3}){1,5}\.?|[0-9]{1,2}\.|\([a-z]{1,4}\))(\p{Lu}\p{Ll}[\p{Ll}’',]*|\p{Lu}{3,}[,:]?|“\p{Lu}.*)$`)

// unglued parts such a number from the word; the box is cut in proportion.
func (r *pageReader) unglued(w layout.Word) []layout.Word {
	if w.Text[0] != '(' && (w.Text[0] < '0' || w.Text[0] > '9') {
		return []layout.Word{w}
	}
	if n := len(r.out.Words); n > 0 && layout.SameLine(r.out.Words[n-1].Box, w.Box) && r.out.Words[n-1].Box.Right <= w.Box.Left {
		return []layout.Word{w} // inside a line it is "3.5Kg"
	}
	m := gluedLabel.FindStringSubmatch(w.Text)
	if m == nil {
		return []layout.Word{w}
	}
	label, rest := w, w
	label.Text, rest.Text = m[1], m[2]
	n := float64(utf8.RuneCountInString(m[1]))
	cut := w.Box.Left + (w.Box.Right-w.Box.Left)*n/(n+float64(utf8.RuneCountInString(m[2])))
	label.Box.Right, rest.Box.Left = cut, cut
	label.Box, rest.Box = layout.Rounded(label.Box), layout.Rounded(rest.Box)
	label.Hyphen, rest.Glue = false, false
	return []layout.Word{label, rest}
}

// symbol is the letter shown for a character of a symbol font; unknown ones are counted, because a page full of them
// can not be read.
func (r *pageReader) symbol(c rune) rune {
	switch c {
	case 0xf0b7, 0xf0a7, 0xf0d8, 0xf076, 0xf06e, 0xf0fc, 0xf02d:
		return '•'
	case 0xf0d3:
		return '©'
	case 0xf0d2:
		return '®'
	case 0xf0d4:
		return '™'
	case 0:
		return 0 // dropped by document.Clean; a gap on the page still ends the word
	}
	r.out.unmapped++
	return c
}

// charBox asks for the loose box (the font's own height), which makes even highlights. Whether a font's loose boxes make
// sense is looked at once per text object, against the box of the letter's ink.
func (r *pageReader) charBox(ctx context.Context, text uint64, i int, s *style) (pact.Box, bool, error) {
	l := r.l
	var left, top, right, bottom float64
	if s.boxes != inkBoxes {
		ok, err := l.call(ctx, "FPDFText_GetLooseCharBox", text, uint64(i), uint64(l.scratch))
		if err != nil {
			return pact.Box{}, false, err
		}
		left, top, right, bottom = l.float(0), l.float(4), l.float(8), l.float(12)
		if uint32(ok) == 0 {
			s.boxes = inkBoxes
		}
	}
	if s.boxes != looseBoxes {
		ok, err := l.call(ctx, "FPDFText_GetCharBox", text, uint64(i), uint64(l.scratch+32), uint64(l.scratch+40), uint64(l.scratch+48), uint64(l.scratch+56))
		if err != nil || uint32(ok) == 0 {
			return pact.Box{}, false, err
		}
		if s.boxes == unknownBoxes {
			s.boxes = inkBoxes
			if plausible(left, top, right, bottom, l.double(32), l.double(56), l.double(40), l.double(48)) {
				s.boxes = looseBoxes
			}
		}
		if s.boxes == inkBoxes {
			left, right, bottom, top = l.double(32), l.double(40), l.double(48), l.double(56)
		}
	}
	x0, y0 := r.to.apply(left, top)
	x1, y1 := r.to.apply(right, bottom)
	b := pact.Box{Left: min(x0, x1), Right: max(x0, x1), Top: min(y0, y1), Bottom: max(y0, y1)}
	if math.IsNaN(b.Left+b.Top+b.Right+b.Bottom) || math.IsInf(b.Left+b.Top+b.Right+b.Bottom, 0) {
		return pact.Box{}, false, nil
	}
	return b, true, nil
}

// plausible tells whether the loose box (the font's own height) can be used; some fonts state a nonsense height.
func plausible(left, top, right, bottom, tl, tt, tr, tb float64) bool {
	h, th := math.Abs(top-bottom), math.Abs(tt-tb)
	w, tw := math.Abs(right-left), math.Abs(tr-tl)
	if h == 0 || w == 0 {
		return false
	}
	return h >= th*0.8 && h <= max(th*8, 40) && w <= max(tw*6, h*2)
}

func (r *pageReader) styleOf(ctx context.Context, text uint64, i int) (*style, error) {
	object, err := r.l.call(ctx, "FPDFText_GetTextObject", text, uint64(i))
	if err != nil {
		return nil, err
	}
	object = uint64(uint32(object))
	if s, ok := r.styles[object]; ok {
		return s, nil
	}
	s := &style{object: object, opaque: true}
	r.styles[object] = s
	if object == 0 {
		return s, nil
	}
	mode, err := r.l.call(ctx, "FPDFTextObj_GetTextRenderMode", object)
	if err != nil {
		return nil, err
	}
	s.mode = int(int32(mode))
	i1, err := r.ink(ctx, "FPDFPageObj_GetFillColor", object)
	if err != nil {
		return nil, err
	}
	switch s.mode {
	case 1, 2, 5, 6: // with lines around the letters
		stroke, err := r.ink(ctx, "FPDFPageObj_GetStrokeColor", object)
		if err != nil {
			return nil, err
		}
		if s.mode == 1 || s.mode == 5 || !i1.told || i1.alpha <= 12 || stroke.told && stroke.alpha > 12 && stroke.darkest < i1.darkest {
			i1 = stroke
		}
	}
	s.told, s.shade = i1.told, i1.shade
	if i1.told {
		s.white, s.opaque = i1.darkest >= 245, i1.alpha > 12
	}
	if s.clip, err = r.clipOf(ctx, object); err != nil {
		return nil, err
	}
	s.bold, err = r.isBold(ctx, object)
	return s, err
}

// Limits of what is looked at of the clipping of a text object: paths that are left out clip nothing.
const (
	maxClips   = 4
	maxCorners = 16
)

// clipOf is the box around what the clipping paths of a text object leave of the page.
func (r *pageReader) clipOf(ctx context.Context, object uint64) (*pact.Box, error) {
	path, err := r.l.call(ctx, "FPDFPageObj_GetClipPath", object)
	if err != nil || uint32(path) == 0 {
		return nil, err
	}
	path = uint64(uint32(path))
	paths, err := r.l.call(ctx, "FPDFClipPath_CountPaths", path)
	if err != nil {
		return nil, err
	}
	var clip *pact.Box
	for k := range min(int(int32(paths)), maxClips) {
		b, err := r.corners(ctx, path, k, r.around[object])
		if err != nil {
			return nil, err
		}
		switch {
		case b == nil:
		case clip == nil:
			clip = b
		default:
			*clip = pact.Box{Left: max(clip.Left, b.Left), Top: max(clip.Top, b.Top), Right: min(clip.Right, b.Right), Bottom: min(clip.Bottom, b.Bottom)}
		}
	}
	return clip, nil
}

// corners is the box around one path, nil where it was not looked at. Of four or five corners two are enough: nearly all are
// rectangles, and what is taken for cut away is looked for on the drawn page.
func (r *pageReader) corners(ctx context.Context, path uint64, k int, outer affine) (*pact.Box, error) {
	count, err := r.l.call(ctx, "FPDFClipPath_CountPathSegments", path, uint64(k))
	n := int(int32(count))
	if err != nil || n < 3 || n > maxCorners {
		return nil, err
	}
	step := 1
	if n == 4 || n == 5 {
		n, step = 3, 2
	}
	if outer == (affine{}) {
		outer = affine{a: 1, d: 1}
	}
	var box *pact.Box
	for i := 0; i < n; i += step {
		segment, err := r.l.call(ctx, "FPDFClipPath_GetPathSegment", path, uint64(k), uint64(i))
		if err != nil || uint32(segment) == 0 {
			return nil, err
		}
		ok, err := r.l.call(ctx, "FPDFPathSegment_GetPoint", uint64(uint32(segment)), uint64(r.l.scratch), uint64(r.l.scratch+4))
		if err != nil || uint32(ok) == 0 {
			return nil, err
		}
		x, y := r.to.apply(outer.apply(r.l.float(0), r.l.float(4)))
		if box == nil {
			box = &pact.Box{Left: x, Top: y, Right: x, Bottom: y}
		}
		*box = pact.Box{Left: min(box.Left, x), Top: min(box.Top, y), Right: max(box.Right, x), Bottom: max(box.Bottom, y)}
	}
	return box, nil
}

// cutAway tells whether a letter stands outside of what clipping leaves.
func (s *style) cutAway(b pact.Box) bool {
	return s != nil && s.clip != nil && !within([]pact.Box{*s.clip}, (b.Left+b.Right)/2, (b.Top+b.Bottom)/2)
}

// ink is a colour of an object: its darkest part, how light it is, and its alpha.
type ink struct {
	darkest, alpha uint32
	shade          float64
	told           bool
}

func (r *pageReader) ink(ctx context.Context, function string, object uint64) (ink, error) {
	l := r.l
	done, err := l.call(ctx, function, object, uint64(l.scratch), uint64(l.scratch+4), uint64(l.scratch+8), uint64(l.scratch+12))
	if err != nil || uint32(done) == 0 {
		return ink{}, err
	}
	red, green, blue := l.word(0), l.word(4), l.word(8)
	return ink{min(red, green, blue), l.word(12), 0.299*float64(red) + 0.587*float64(green) + 0.114*float64(blue), true}, nil
}

// measure asks for the size of the letters of a text object, where their boxes are suspiciously small: the box of a dash is
// low, and that of a letter of one point may be wide.
func (r *pageReader) measure(ctx context.Context, s *style, b pact.Box) error {
	if s.size > 0 || s.object == 0 || min(b.Bottom-b.Top, b.Right-b.Left) >= smallHeight {
		return nil
	}
	ok, err := r.l.call(ctx, "FPDFTextObj_GetFontSize", s.object, uint64(r.l.scratch))
	if err != nil || uint32(ok) == 0 {
		return err
	}
	font := math.Abs(r.l.float(0))
	outer, known := r.around[s.object]
	if !known {
		outer = affine{a: 1, d: 1}
	}
	m, err := r.matrix(ctx, s.object, outer)
	if err != nil {
		return err
	}
	shown := math.Sqrt(math.Abs(r.to.a*r.to.d - r.to.b*r.to.c))
	s.size = max(1e-6, font*shown*min(math.Hypot(m.a, m.b), math.Hypot(m.c, m.d)))
	return nil
}

func (r *pageReader) isBold(ctx context.Context, object uint64) (bool, error) {
	font, err := r.l.call(ctx, "FPDFTextObj_GetFont", object)
	if err != nil || uint32(font) == 0 {
		return false, err
	}
	font = uint64(uint32(font))
	if b, ok := r.bolds[font]; ok {
		return b, nil
	}
	n, err := r.l.call(ctx, "FPDFFont_GetBaseFontName", font, uint64(r.l.scratch), 256)
	if err != nil {
		return false, err
	}
	bold := false
	if b, ok := r.l.memory.Read(r.l.scratch, min(uint32(n), 256)); ok {
		name := strings.ToLower(string(b))
		bold = strings.Contains(name, "bold") || strings.Contains(name, "black") || strings.Contains(name, "heavy") || strings.Contains(name, "-bd")
	}
	r.bolds[font] = bold
	return bold, nil
}

// hiddenWhy says why a person does not see n characters; empty when they do.
func (r *pageReader) hiddenWhy(s *style, b pact.Box, n int) string {
	x, y := (b.Left+b.Right)/2, (b.Top+b.Bottom)/2
	if x < 0 || y < 0 || x > r.out.Width || y > r.out.Height {
		return "outside the page"
	}
	if s.size > 0 && s.size < smallHeight || s.size == 0 && b.Bottom-b.Top < smallHeight && b.Right-b.Left < smallHeight {
		return "smaller than 2 points"
	}
	if s.mode == 3 || s.mode == 7 {
		if within(r.out.pictures, x, y) {
			r.out.invisible += n
			return ""
		}
		return "drawn invisibly"
	}
	if !s.opaque || s.white && !r.beyond && !within(r.covers, x, y) {
		return "white on white"
	}
	return ""
}

func within(boxes []pact.Box, x, y float64) bool {
	for _, b := range boxes {
		if b.Left-1 <= x && x <= b.Right+1 && b.Top-1 <= y && y <= b.Bottom+1 {
			return true
		}
	}
	return false
}

// wordBuilder collects the characters of a word.
type wordBuilder struct {
	text      strings.Builder
	box       pact.Box
	last      pact.Box
	bold      bool
	hiddenWhy string
	object    uint64 // that drew the last character
}

// isLabel tells whether the word is a number such as "(b)" or "1.2.", which some files put closer to the text than a space.
func (w *wordBuilder) isLabel() bool {
	n := w.text.Len()
	if n < 2 || n > 8 {
		return false
	}
	s := w.text.String()
	return s[0] == '(' && s[n-1] == ')' || s[0] >= '0' && s[0] <= '9' && (s[n-1] == '.' || strings.Trim(s, "0123456789.") == "" && strings.Contains(s, "."))
}

func (w *wordBuilder) empty() bool { return w.text.Len() == 0 }

// fits tells whether a character goes on in the word: PDFium does not always write a space or line end between runs.
func (w *wordBuilder) fits(b pact.Box, why string) bool {
	if w.empty() {
		return true
	}
	if why != w.hiddenWhy {
		return false
	}
	h := max(w.last.Bottom-w.last.Top, 1)
	overlap := min(w.last.Bottom, b.Bottom) - max(w.last.Top, b.Top)
	sideways := min(w.last.Right, b.Right) - max(w.last.Left, b.Left) // for text that runs upwards
	if overlap < 0.3*min(h, b.Bottom-b.Top) && sideways < 0.3*(w.last.Right-w.last.Left) {
		return false
	}
	return b.Left-w.last.Right < 0.28*h
}

// touches tells whether the character stands directly beside the last one, on the same line.
func (w *wordBuilder) touches(b pact.Box) bool {
	h := max(w.last.Bottom-w.last.Top, 1)
	gap := b.Left - w.last.Right
	return layout.SameLine(w.last, b) && gap < 0.07*h && gap > -0.1*h
}

func (w *wordBuilder) add(letters []rune, b, last pact.Box, bold bool, why string) {
	if w.empty() {
		w.box, w.bold, w.hiddenWhy = b, bold, why
	} else {
		w.box = layout.Union(w.box, b)
	}
	w.last = last
	for _, c := range letters {
		w.text.WriteString(spelled(c))
	}
}

func (w *wordBuilder) word() layout.Word {
	return layout.Word{Text: w.text.String(), Box: layout.Rounded(w.box), Bold: w.bold}
}

// spelled writes ligatures as letters, as a person types them in a search.
func spelled(c rune) string {
	switch c {
	case 0xfb00:
		return "ff"
	case 0xfb01:
		return "fi"
	case 0xfb02:
		return "fl"
	case 0xfb03:
		return "ffi"
	case 0xfb04:
		return "ffl"
	case 0xfb05, 0xfb06:
		return "st"
	case 0x132:
		return "IJ"
	case 0x133:
		return "ij"
	}
	return string(c)
}
