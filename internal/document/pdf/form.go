package pdf

import (
	"context"
	"errors"
	"math"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/document/layout"
	"github.com/pactloop/pactloop/internal/pact"
)

// Kinds of annotations (fpdf_annot.h). Fields and free text hold words of the document itself.
const (
	noteText      = 1
	noteFreeText  = 3
	noteHighlight = 9
	noteUnderline = 10
	noteSquiggly  = 11
	noteStrikeOut = 12
	noteCaret     = 14
	noteWidget    = 20
)

const (
	maxNotes     = 1000 // that are looked at on a page
	maxFieldText = 4000 // bytes of what was filled into a field; longer values are told in a warning
	flattened    = 1    // FLATTEN_SUCCESS (fpdf_flatten.h)
)

// Flags of annotations.
const (
	invisible = 1
	hidden    = 2
	noView    = 32
)

// entry is what was filled into a field of a form that has no picture of it. The corners are in the page's own space.
type entry struct {
	x0, y0, x1, y1 float64
	text           string
}

// notes is what the annotations of a page hold.
type notes struct {
	found    bool    // fields or typed words
	typed    []entry // those that no program has drawn yet
	struck   int     // lines through words
	unread   bool    // there may be a value that was not read
	comments []string
}

// loadPage opens a page as a person sees it: what was filled into a form and what was typed on the page are annotations, which
// PDFium's text does not have. They are made part of the page first; fields that no program has drawn yet come back as entries.
func (l *library) loadPage(ctx context.Context, doc uint64, index int) (handle uint64, n notes, err error) {
	handle, err = l.call(ctx, "FPDF_LoadPage", doc, uint64(index))
	if err != nil || handle == 0 {
		return handle, n, err
	}
	if n, err = l.notes(ctx, handle); err != nil || !n.found {
		return handle, n, err
	}
	done, err := l.call(ctx, "FPDFPage_Flatten", handle, 0)
	if err != nil || int32(done) != flattened {
		return handle, n, err
	}
	if _, err = l.call(ctx, "FPDF_ClosePage", handle); err != nil {
		return 0, n, err
	}
	handle, err = l.call(ctx, "FPDF_LoadPage", doc, uint64(index))
	return handle, n, err
}

// notes looks at the annotations of a page.
func (l *library) notes(ctx context.Context, page uint64) (notes, error) {
	var out notes
	n, err := l.call(ctx, "FPDFPage_GetAnnotCount", page)
	if err != nil {
		return out, err
	}
	for i := range min(int(int32(n)), maxNotes) {
		note, err := l.call(ctx, "FPDFPage_GetAnnot", page, uint64(i))
		if err != nil {
			return out, err
		}
		if uint32(note) == 0 {
			continue
		}
		switch err := l.note(ctx, note, &out); {
		case errors.Is(err, errUnread):
			out.unread = true
		case err != nil:
			return out, err
		}
		if _, err := l.call(ctx, "FPDFPage_CloseAnnot", note); err != nil {
			return out, err
		}
	}
	return out, nil
}

func (l *library) note(ctx context.Context, note uint64, out *notes) error {
	kind, err := l.call(ctx, "FPDFAnnot_GetSubtype", note)
	if err != nil {
		return err
	}
	key := "V"
	switch int32(kind) {
	case noteStrikeOut:
		out.struck++
		return nil
	case noteText, noteHighlight, noteUnderline, noteSquiggly, noteCaret:
		said, err := l.noteText(ctx, note, "Contents")
		if said = strings.TrimSpace(said); err == nil && said != "" {
			out.comments = append(out.comments, said)
		}
		return err
	case noteFreeText:
		key = "Contents"
	case noteWidget:
	default:
		return nil
	}
	out.found = true
	if err := l.unseen(ctx, note, out); err != nil {
		return err
	}
	e, ok, err := l.entry(ctx, note, key)
	if ok {
		out.typed = append(out.typed, e)
	}
	return err
}

// unseen marks an annotation as hidden that is printed at most, or that belongs to a layer: made part of the page, it would be seen.
func (l *library) unseen(ctx context.Context, note uint64, out *notes) error {
	if !l.memory.Write(l.scratch, []byte("OC\x00")) {
		return errMemory
	}
	layer, err := l.call(ctx, "FPDFAnnot_HasKey", note, uint64(l.scratch))
	if err != nil {
		return err
	}
	flags, err := l.call(ctx, "FPDFAnnot_GetFlags", note)
	if err != nil || uint32(layer) == 0 && uint32(flags)&noView == 0 {
		return err
	}
	out.unread = out.unread || uint32(layer) != 0 // the layer may be switched on
	_, err = l.call(ctx, "FPDFAnnot_SetFlags", note, flags|hidden)
	return err
}

// errUnread says that a field may have a value which is no text of its own, or is too long.
var errUnread = errors.New("the value of a field is not read")

// entry reads the value of an annotation that is shown and has no appearance of its own.
func (l *library) entry(ctx context.Context, note uint64, key string) (e entry, ok bool, err error) {
	flags, err := l.call(ctx, "FPDFAnnot_GetFlags", note)
	if err != nil || uint32(flags)&(invisible|hidden|noView) != 0 {
		return e, false, err
	}
	drawn, err := l.call(ctx, "FPDFAnnot_GetAP", note, 0, 0, 0)
	if err != nil || uint32(drawn) > 2 { // an empty one is its end alone
		return e, false, err
	}
	if state, err := l.noteText(ctx, note, "AS"); err != nil || state != "" { // a button
		return e, false, err
	}
	if key == "V" {
		if wordless, err := l.wordless(ctx, note); err != nil || wordless {
			return e, false, err
		}
	}
	if e.text, err = l.noteText(ctx, note, key); err != nil {
		return e, false, err
	}
	if strings.TrimSpace(e.text) == "" {
		return e, false, l.elsewhere(ctx, note, key)
	}
	placed, err := l.call(ctx, "FPDFAnnot_GetRect", note, uint64(l.scratch))
	e.x0, e.y0, e.x1, e.y1 = l.float(0), l.float(4), l.float(8), l.float(12)
	return e, uint32(placed) != 0, err
}

// wordless tells whether the value of a field is no word of the page: that of a button is its state, and nobody sees a password.
func (l *library) wordless(ctx context.Context, note uint64) (bool, error) {
	const password = 1 << 13
	kind, err := l.noteText(ctx, note, "FT")
	if err != nil || kind == "Btn" {
		return true, err
	}
	if !l.memory.Write(l.scratch, []byte("Ff\x00")) {
		return false, errMemory
	}
	stated, err := l.call(ctx, "FPDFAnnot_GetNumberValue", note, uint64(l.scratch), uint64(l.scratch)+8)
	return uint32(stated) != 0 && uint32(l.float(8))&password != 0, err
}

// elsewhere gives errUnread where an annotation without a text has a list of texts, or is one of the places of a field, which keeps
// the value for all of them.
func (l *library) elsewhere(ctx context.Context, note uint64, key string) error {
	const list = 5 // FPDF_OBJECT_ARRAY (fpdfview.h)
	if !l.memory.Write(l.scratch, []byte(key+"\x00")) {
		return errMemory
	}
	kind, err := l.call(ctx, "FPDFAnnot_GetValueType", note, uint64(l.scratch))
	if err != nil {
		return err
	}
	if uint32(kind) == list {
		return errUnread
	}
	has := map[string]bool{}
	for _, key := range []string{"V", "Parent", "T"} {
		if !l.memory.Write(l.scratch, []byte(key+"\x00")) {
			return errMemory
		}
		found, err := l.call(ctx, "FPDFAnnot_HasKey", note, uint64(l.scratch))
		if err != nil {
			return err
		}
		has[key] = uint32(found) != 0
	}
	if key == "V" && has["Parent"] && !has["V"] && !has["T"] {
		return errUnread
	}
	return nil
}

// noteText reads a text of an annotation, two bytes a letter.
func (l *library) noteText(ctx context.Context, note uint64, key string) (string, error) {
	at, err := l.call(ctx, "malloc", maxFieldText+16)
	if err != nil || at == 0 {
		return "", err
	}
	defer func() { _, _ = l.call(ctx, "free", at) }()
	if !l.memory.Write(uint32(at), append([]byte(key), 0)) {
		return "", errMemory
	}
	n, err := l.call(ctx, "FPDFAnnot_GetStringValue", note, at, at+16, maxFieldText)
	if err != nil || uint32(n) < 2 {
		return "", err
	}
	if uint32(n) > maxFieldText {
		return "", errUnread
	}
	b, ok := l.memory.Read(uint32(at)+16, uint32(n)-2)
	if !ok {
		return "", errMemory
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = uint16(b[2*i]) | uint16(b[2*i+1])<<8
	}
	return string(utf16.Decode(units)), nil
}

// place sets the words of an entry into its field, line under line from the top. What nobody sees there is hidden text.
func (r *pageReader) place(e entry) {
	x0, y0 := r.to.apply(e.x0, e.y0)
	x1, y1 := r.to.apply(e.x1, e.y1)
	field := pact.Box{Left: min(x0, x1), Right: max(x0, x1), Top: min(y0, y1), Bottom: max(y0, y1)}
	for _, v := range []float64{field.Left, field.Right, field.Top, field.Bottom} {
		if math.IsNaN(v) || math.Abs(v) > 1e6 {
			r.out.hide("outside the page", e.text, pact.Box{})
			return
		}
	}
	switch {
	case field.Right-field.Left < smallHeight || field.Bottom-field.Top < smallHeight:
		r.out.hide("smaller than 2 points", e.text, layout.Rounded(field))
		return
	case field.Right <= 0 || field.Left >= r.out.Width || field.Bottom <= 0 || field.Top >= r.out.Height:
		r.out.hide("outside the page", e.text, layout.Rounded(field))
		return
	}
	lines := strings.FieldsFunc(e.text, func(c rune) bool { return c == '\n' || c == '\r' })
	longest := 1
	for _, l := range lines {
		longest = max(longest, utf8.RuneCountInString(l))
	}
	height := min(12, (field.Bottom-field.Top)/float64(max(1, len(lines))))
	letter := min(height/2, (field.Right-field.Left)/float64(longest))
	top := field.Top
	if len(lines) == 1 {
		top = (field.Top+field.Bottom)/2 - height/2
	}
	for _, l := range lines {
		left := field.Left
		for _, w := range strings.Fields(l) {
			wide := letter * float64(utf8.RuneCountInString(w))
			r.out.Words = append(r.out.Words, layout.Word{Text: w, Box: layout.Rounded(pact.Box{Left: left, Right: left + wide, Top: top, Bottom: top + height})})
			left += wide + letter
		}
		top += height
	}
}
