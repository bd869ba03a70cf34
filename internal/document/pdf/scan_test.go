package pdf_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/pdf"
	"github.com/pactloop/pactloop/internal/document/scan"
	"github.com/pactloop/pactloop/internal/document/tesseract"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/grammar"
	"github.com/pactloop/pactloop/internal/pact"
	contracts "github.com/pactloop/pactloop/samples"
)

// seer is a reader that recognises pictures with the tesseract of this machine; setup installs it.
func seer(t testing.TB) *pdf.Reader {
	t.Helper()
	engine, err := tesseract.New(tesseract.Config{Limit: 10 * time.Minute}) // other tests run beside it
	if err != nil {
		t.Fatal(err)
	}
	if s := engine.Status(t.Context()); s.Missing != "" {
		t.Fatal(s.Missing)
	}
	r := pdf.New(pdf.Config{CacheDir: filepath.Join(os.TempDir(), "pactloop-test-cache"), Engine: engine})
	t.Cleanup(func() { _ = r.Close() })
	return r
}

// copier makes scanned copies of pages.
type copier struct {
	dpi      int
	degrees  float64 // by which lines fall to the right
	quarters int     // turned to the right
	noise    int     // how far greys are off at most
}

// scanned draws pages of a PDF and makes a file that holds only the pictures, as a copying machine would.
func (c copier) scanned(t testing.TB, r *pdf.Reader, file []byte, pages ...int) []byte {
	t.Helper()
	random := rand.New(rand.NewPCG(5, 6))
	var objects []string
	kids := ""
	for i, n := range pages {
		p, err := r.Draw(t.Context(), file, n, c.dpi)
		if err != nil {
			t.Fatal(err)
		}
		p = c.worn(p, random)
		kids += fmt.Sprintf("%d 0 R ", 3+3*i)
		w, h := float64(p.Width)*72/float64(p.DPI), float64(p.Height)*72/float64(p.DPI)
		objects = append(objects,
			fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %g %g] /Resources << /XObject << /Im %d 0 R >> >> /Contents %d 0 R >>", w, h, 4+3*i, 5+3*i),
			documenttest.Stream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode", p.Width, p.Height), string(jpegOf(t, p))),
			documenttest.Stream("", fmt.Sprintf("q %g 0 0 %g 0 0 cm /Im Do Q", w, h)))
	}
	return documenttest.PDFObjects(append([]string{"<< /Type /Catalog /Pages 2 0 R >>", fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", kids, len(pages))}, objects...)...)
}

func jpegOf(t testing.TB, p scan.Raster) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, &image.Gray{Pix: p.Gray, Stride: p.Width, Rect: image.Rect(0, 0, p.Width, p.Height)}, &jpeg.Options{Quality: 70}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// worn turns, skews and spoils a picture.
func (c copier) worn(p scan.Raster, random *rand.Rand) scan.Raster {
	out := scan.Raster{Width: p.Width, Height: p.Height, DPI: p.DPI, Gray: make([]byte, len(p.Gray))}
	sin, cos := math.Sincos(c.degrees * math.Pi / 180)
	cx, cy := float64(p.Width)/2, float64(p.Height)/2
	for y := range p.Height {
		for x := range p.Width {
			dx, dy := float64(x)-cx, float64(y)-cy
			sx, sy := int(cx+dx*cos+dy*sin), int(cy-dx*sin+dy*cos)
			v := 250
			if sx >= 0 && sy >= 0 && sx < p.Width && sy < p.Height {
				v = int(p.Gray[sy*p.Width+sx])*9/10 + 20
			}
			if c.noise > 0 {
				v += random.IntN(2*c.noise+1) - c.noise
			}
			out.Gray[y*p.Width+x] = byte(max(0, min(255, v)))
		}
	}
	for range c.quarters {
		turned := scan.Raster{Width: out.Height, Height: out.Width, DPI: out.DPI, Gray: make([]byte, len(out.Gray))}
		for y := range out.Height {
			for x := range out.Width {
				turned.Gray[x*turned.Width+out.Height-1-y] = out.Gray[y*out.Width+x]
			}
		}
		out = turned
	}
	return out
}

func terms(t *testing.T, d *document.Document) map[string]pact.Candidate {
	t.Helper()
	found, err := grammar.New().Extract(t.Context(), d, extract.FullSchema())
	if err != nil {
		t.Fatal(err)
	}
	for i := range found {
		extract.Verify(&found[i], d)
	}
	out := map[string]pact.Candidate{}
	for _, c := range extract.Combine(found) {
		if c.Subject == "term" && c.Value != nil {
			out[c.Name] = c
		}
	}
	return out
}

func TestAScannedCopyOfASampleGivesTheSameKeyTermsAsItsTextCopy(t *testing.T) {
	t.Parallel()
	file := samples(t)["brightwater-nda.pdf"]
	r := seer(t)
	text := readWith(t, r, file)
	var all []int
	for i := range text.Pages {
		all = append(all, i)
	}
	copied := copier{dpi: 200, degrees: 1.2, noise: 18}.scanned(t, r, file, all...)
	d := readWith(t, r, copied)
	if !strings.Contains(d.Reader, "tesseract/") || len(d.Warnings) == 0 {
		t.Errorf("reader %s, warnings %q", d.Reader, d.Warnings)
	}
	want, got := terms(t, text), terms(t, d)
	if len(want) < 5 {
		t.Fatalf("the text copy has only %d terms", len(want))
	}
	for _, name := range []string{"parties", "agreement_date", "effective_date", "expiration_date", "initial_term", "renewal_term", "notice_period", "governing_law"} {
		w, ok := want[name]
		if !ok {
			continue
		}
		g, ok := got[name]
		if !ok || fmt.Sprint(*g.Value) != fmt.Sprint(*w.Value) {
			t.Errorf("%s: the scan says %v, the text %v", name, g.Value, w.Value)
		}
	}
	if p := agreement(text.Text, d.Text); p < 0.97 {
		t.Errorf("only %.3f of the words of the text are in the scan", p)
	}
	if len(d.Pages) != len(text.Pages) || math.Abs(d.Pages[0].Width-text.Pages[0].Width) > 1 {
		t.Errorf("pages %+v, %+v", d.Pages[0], text.Pages[0])
	}
}

func TestTheScanOfTheSamplesIsReadAsAPersonReadsIt(t *testing.T) {
	t.Parallel()
	d := readWith(t, seer(t), samples(t)["riverbend-network-services-scan.pdf"])
	all, err := contracts.LoadExpected()
	if err != nil {
		t.Fatal(err)
	}
	tidy := strings.NewReplacer("\u201c", `"`, "\u201d", `"`, "\u2019", "'")
	text, got := tidy.Replace(d.Text), terms(t, d)
	found := 0
	for _, e := range all {
		if e.Source != "riverbend-scan" {
			continue
		}
		for _, want := range e.Terms {
			found++
			if !strings.Contains(text, want.Quote) {
				t.Errorf("%s: %q does not stand in %q", want.Name, want.Quote, text)
			}
			var v pact.Value
			if err := json.Unmarshal(want.Value, &v); err != nil {
				t.Fatal(err)
			}
			if c, ok := got[want.Name]; ok && fmt.Sprint(*c.Value) != fmt.Sprint(v) {
				t.Errorf("%s is %v, want %v", want.Name, c.Value, v)
			}
		}
	}
	for _, name := range []string{"agreement_date", "governing_law", "notice_period"} {
		if _, ok := got[name]; !ok {
			t.Errorf("%s was not found", name)
		}
	}
	if found < 5 {
		t.Errorf("only %d terms are expected of the scan", found)
	}
}

// agreement is the share of the words of a text that another has, too.
func agreement(a, b string) float64 {
	have := map[string]int{}
	for _, w := range strings.Fields(b) {
		have[w]++
	}
	hit, all := 0, 0
	for _, w := range strings.Fields(a) {
		all++
		if have[w] > 0 {
			have[w]--
			hit++
		}
	}
	return float64(hit) / float64(max(1, all))
}

func readWith(t testing.TB, r *pdf.Reader, file []byte) *document.Document {
	t.Helper()
	d, err := r.Read(t.Context(), file)
	if err != nil {
		t.Fatalf("reading: %v", err)
	}
	documenttest.Check(t, d)
	return d
}

func TestAScanIsReadWhicheverWayItLies(t *testing.T) {
	t.Parallel()
	r := seer(t)
	whole := documenttest.PDF(documenttest.Page(documenttest.Contract...))
	upright := readWith(t, r, whole)
	at := strings.Index(upright.Text, "twelve")
	for quarters := range 4 {
		d := readWith(t, r, copier{dpi: 200, quarters: quarters, degrees: 0.8, noise: 8}.scanned(t, r, whole, 0))
		if p := agreement(upright.Text, d.Text); p < 0.97 {
			t.Errorf("%d quarters: %.2f of the words: %q", quarters, p, d.Text)
			continue
		}
		i := strings.Index(d.Text, "twelve")
		if s := d.SectionAt(i); s == nil || s.Number != "1.2" {
			t.Errorf("%d quarters: section %+v", quarters, s)
		}
		// The word is where it is shown: as on the upright page, turned.
		want, got := upright.Places(at, at+6)[0].Box, d.Places(i, i+6)[0].Box
		x, y := (want.Left+want.Right)/2, (want.Top+want.Bottom)/2
		w, h := 612.0, 792.0
		for range quarters {
			x, y = h-y, x
			w, h = h, w
		}
		if d.Pages[0].Width != math.Round(w) || math.Abs((got.Left+got.Right)/2-x) > 9 || math.Abs((got.Top+got.Bottom)/2-y) > 9 {
			t.Errorf("%d quarters: the word is shown at %+v of %+v, want about %.0f, %.0f", quarters, got, d.Pages[0], x, y)
		}
	}
}

func TestPagesOfTextAndPagesOfPicturesAreOneDocument(t *testing.T) {
	t.Parallel()
	r := seer(t)
	first := "1. Delivery. The supplier delivers the goods to the mill in the quantities that the customer orders, and keeps a stock for two months."
	file := documenttest.PDF(documenttest.Page(first), documenttest.Page("2. Law. This agreement is governed by the laws of the State of Maine."))
	p, err := r.Draw(t.Context(), file, 1, 200)
	if err != nil {
		t.Fatal(err)
	}
	picture := string(jpegOf(t, p))
	mixed := documenttest.PDFObjects("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R 5 0 R] /Count 2 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> /Contents 4 0 R >>",
		documenttest.Stream("", documenttest.Page(first)),
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /XObject << /Im 6 0 R >> >> /Contents 7 0 R >>",
		documenttest.Stream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode", p.Width, p.Height), picture),
		documenttest.Stream("", "q 612 0 0 792 0 0 cm /Im Do Q"))
	d := readWith(t, r, mixed)
	documenttest.Lines(t, body(d), first, "2. Law. This agreement is governed by the laws of the State of Maine.")
	if s := d.SectionAt(strings.Index(d.Text, "Maine")); s == nil || s.Number != "2" {
		t.Errorf("section %+v", s)
	}
	if l := d.Lines[len(d.Lines)-1]; l.Page != 2 || l.Words[0].Confidence == 0 {
		t.Errorf("last line %+v", l)
	}
	if len(d.Warnings) == 0 || !strings.Contains(d.Warnings[0], "Page 2 was read by text recognition") {
		t.Errorf("warnings %q", d.Warnings)
	}
	// Without an engine the text is read, and the document says what it lacks.
	d, err = reader(t).Read(t.Context(), mixed)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(d.Text, "Delivery") || len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "Install tesseract") {
		t.Errorf("text %q, warnings %q", d.Text, d.Warnings)
	}
}

func TestATableOfAScanHasRowsAndCells(t *testing.T) {
	t.Parallel()
	s := "0.8 w\n"
	for _, y := range []int{700, 670, 640, 610} {
		s += fmt.Sprintf("72 %d m 500 %d l S\n", y, y)
	}
	for _, x := range []int{72, 250, 500} {
		s += fmt.Sprintf("%d 610 m %d 700 l S\n", x, x)
	}
	s += at(80, 680, "Monthly uptime") + at(260, 680, "Service credit") + at(80, 650, "below 99.9%") + at(260, 650, "10 percent") + at(80, 620, "below 99.0%") + at(260, 620, "25 percent")
	r := seer(t)
	file := documenttest.PDF(at(72, 740, "2.2 The customer gets the following credits for a month of poor service:") + s + at(72, 560, "They are counted from the report of the customer."))
	d := readWith(t, r, copier{dpi: 250, degrees: 0.6, noise: 10}.scanned(t, r, file, 0))
	var got []string
	for _, b := range d.Blocks {
		if b.Kind == document.Cell {
			got = append(got, fmt.Sprintf("%d/%d %s", b.Row, b.Col, d.Slice(b.Start, b.End)))
		}
	}
	documenttest.Lines(t, got, "0/0 Monthly uptime", "0/1 Service credit", "1/0 below 99.9%", "1/1 10 percent", "2/0 below 99.0%", "2/1 25 percent")
}

func TestATextLayerOfOtherLettersThanAreShownIsRecognisedFromThePicture(t *testing.T) {
	t.Parallel()
	shown := "The customer may end this agreement with a notice of ninety days to the end of a calendar quarter, and not otherwise than in writing."
	// The text layer says each letter three further on; a layer behind a picture is taken for legitimate otherwise.
	garbled := strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' {
			return 'a' + (c-'a'+3)%26
		}
		return c
	}, shown)
	r := seer(t)
	p, err := r.Draw(t.Context(), documenttest.PDF(documenttest.Page(shown)), 0, 200)
	if err != nil {
		t.Fatal(err)
	}
	file := documenttest.PDFObjects("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> /XObject << /Im 4 0 R >> >> /Contents 5 0 R >>",
		documenttest.Stream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode", p.Width, p.Height), string(jpegOf(t, p))),
		documenttest.Stream("", "q 612 0 0 792 0 0 cm /Im Do Q 3 Tr "+documenttest.Page(garbled)))
	d := readWith(t, r, file)
	if !strings.Contains(d.Text, "notice of ninety days") || strings.Contains(d.Text, "qrwlfh") {
		t.Errorf("text %q", d.Text)
	}
}

// broken is an engine that answers as it is told.
type broken struct {
	words document.Recognised
	err   error
}

func (b broken) Recognise(context.Context, document.Picture) (document.Recognised, error) {
	return b.words, b.err
}

func TestWhatEnginesMayAnswerEndsInAStateOrAnError(t *testing.T) {
	t.Parallel()
	file := samples(t)["riverbend-network-services-scan.pdf"]
	read := func(e document.Recogniser) (*document.Document, error) {
		r := pdf.New(pdf.Config{CacheDir: filepath.Join(os.TempDir(), "pactloop-test-cache"), Engine: e})
		defer r.Close()
		return r.Read(t.Context(), file)
	}
	_, err := read(broken{err: document.Failed(pact.DocumentNeedsOCR, "Nothing is set up here, so install it.")})
	documenttest.WantState(t, err, pact.DocumentNeedsOCR)
	_, err = read(broken{err: document.Failed(pact.DocumentRejected, "The page took too long, so it was stopped.")})
	documenttest.WantState(t, err, pact.DocumentRejected)
	_, err = read(broken{})
	documenttest.WantState(t, err, pact.DocumentRejected)
	if d, err := read(broken{words: document.Recognised{Words: []document.SeenWord{{Text: "outside", Box: pact.Box{Left: 1e6, Right: 2e6, Bottom: 9}}}}}); err == nil {
		t.Errorf("a word outside the picture was taken: %q", d.Text)
	}
}
