package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// packed is a stream as it stands in a file.
func packed(tb testing.TB, head, body string) string {
	tb.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write([]byte(body)); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return fmt.Sprintf("5 0 obj\n<< /Filter /FlateDecode /Length %d %s >>\nstream\n%s\nendstream\nendobj\n", b.Len(), head, b.String())
}

func TestWhatAFileSpeaksOfNowhereIsNotAskedFor(t *testing.T) {
	t.Parallel()
	const usual = "<< /Type /ExtGState /ca 1/BM/Normal /SMask /None /CA .5 >>\n"
	table := "/Type /XRef /W [1 1 1] /DecodeParms << /Predictor 12 /Columns 3 >>"
	for name, c := range map[string]struct {
		file        string
		mark, clear bool
	}{
		"nothing":                     {file: "%PDF-1.7\n" + usual + packed(t, "", "/P <</MCID 0>> BDC BT (a) Tj ET EMC")},
		"a table of places":           {file: packed(t, table, "\x02\x01\x10\x00\x02\x00\x05\x00")},
		"a name that needs its sign":  {file: "<< /BaseFont /Arial#20Bold /OCProperties 3 0 R /ca0 1 >>" + packed(t, "", "BT (Suite #400) Tj ET")},
		"a font of that name":         {file: "<< /BaseFont /BitstreamVera /Title (streams) >>" + packed(t, "", "BT ET")},
		"a layer":                     {file: "<< /L << /OC 8 0 R >> >>", mark: true},
		"a packed layer":              {file: packed(t, "", "/OC /L BDC"), mark: true},
		"other words":                 {file: packed(t, "", "/Span<</ActualText(ninety)>> BDC /Span<</ActualText(thirty-)>> BDC"), mark: true},
		"other words in figures":      {file: packed(t, "", "/Span<</ActualText<FEFF0061006200630064006500660067>>> BDC"), mark: true},
		"other words elsewhere":       {file: packed(t, "", "/Span<</ActualText 9 0 R>> BDC"), mark: true},
		"a ligature":                  {file: packed(t, "", "/Span<</ActualText (ff) >> BDC /Span<</ActualText<FEFF00AD>>> BDC /Span<</ActualText(\\376\\377\\000f\\000i)>> BDC")},
		"other words in a table":      {file: packed(t, table, "\x02/Ac\x00tua\x00lTe\x00xt("), mark: true},
		"letters that shine":          {file: packed(t, "/Type /ObjStm", "<</ca 0.5>>"), clear: true},
		"a number of another object":  {file: "<</ca 1 0 R>>", clear: true},
		"mixed":                       {file: "<</BM/Multiply>>", clear: true},
		"one of several":              {file: "<</BM[/Normal/Multiply]>>", clear: true},
		"masked letters":              {file: "<</SMask 5 0 R>>", clear: true},
		"a masked name":               {file: packed(t, "", "/Span<</Actual#54ext(x)>> BDC"), mark: true, clear: true},
		"packed in another way":       {file: "<< /Filter /LZWDecode >>\nstream\nabc\nendstream", mark: true, clear: true},
		"masked in figures":           {file: packed(t, "", "/A#385"), mark: true, clear: true},
		"told in a packed object":     {file: packed(t, "/Type /ObjStm", "[/ASCII85Decode]"), mark: true, clear: true},
		"packed twice":                {file: packed(t, "", packed(t, "", "/OC /L BDC")[len("5 0 obj\n<< /Filter /FlateDecode /Length 18  >>\nstream\n"):]), mark: true, clear: true},
		"rows of something else":      {file: packed(t, "/DecodeParms << /Predictor 12 /Columns 3 >>", "\x02BT "), mark: true, clear: true},
		"a stream that is cut":        {file: packed(t, "", strings.Repeat("BT ET ", 99))[:70], mark: true, clear: true},
		"a stream on the line's rest": {file: "<< >> stream  \n/", mark: true, clear: true},
		"more than is unpacked":       {file: packed(t, "", strings.Repeat(" ", maxUnpacked+1)), mark: true, clear: true},
	} {
		var got traits
		if !got.plain([]byte(c.file)) {
			got.mark, got.clear = true, true
		}
		if got.mark != c.mark || got.clear != c.clear {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// An ordinary contract costs no call for each piece of its text.
func TestSamplesSpeakOfNoMarks(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("../../../samples/contracts/*.pdf")
	if err != nil || len(names) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	for _, n := range names {
		file, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		var got traits
		if !strings.Contains(n, "damaged") && (!got.plain(file) || got.mark || got.clear) {
			t.Errorf("%s: %+v", n, got)
		}
	}
}
