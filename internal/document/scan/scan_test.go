package scan

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/bmp"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/tiff"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/layout"
	"github.com/pactloop/pactloop/internal/document/tesseract"
	"github.com/pactloop/pactloop/internal/pact"
)

func engine(t testing.TB) document.Recogniser {
	t.Helper()
	e, err := tesseract.New(tesseract.Config{Limit: 10 * time.Minute}) // other tests run beside it
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// drawn is a page of letter size at 150 dpi with lines of text.
func drawn(t testing.TB, lines ...string) *image.Gray {
	t.Helper()
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 12, DPI: 150})
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewGray(image.Rect(0, 0, 1275, 1650))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	d := font.Drawer{Dst: img, Src: image.Black, Face: face}
	for i, l := range lines {
		d.Dot = fixed.P(150, 200+40*i)
		d.DrawString(l)
	}
	return img
}

var contract = []string{"SUPPLY AGREEMENT", "This Agreement is made on March 2, 2026 between Quarrel Stone Works, Inc.", "and Harbour Mills LLC. It continues for twenty-four (24) months and is", "governed by the laws of the State of Maine."}

func encode(t testing.TB, img image.Image, with func(*bytes.Buffer, image.Image) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := with(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pages joins TIFF files of one page each to one of several: the directories follow one another.
func pages(t testing.TB, files ...[]byte) []byte {
	t.Helper()
	out := append([]byte(nil), "II*\x00\x00\x00\x00\x00"...)
	at := 4 // where the offset of the next directory has to be written
	for _, f := range files {
		base := uint32(len(out))
		body := append([]byte(nil), f...)
		d := binary.LittleEndian.Uint32(f[4:])
		n := int(binary.LittleEndian.Uint16(f[d:]))
		size := map[uint16]uint32{1: 1, 2: 1, 3: 2, 4: 4, 5: 8}
		for i := range n {
			e := body[int(d)+2+12*i:]
			tag, typ, count := binary.LittleEndian.Uint16(e), binary.LittleEndian.Uint16(e[2:]), binary.LittleEndian.Uint32(e[4:])
			value := binary.LittleEndian.Uint32(e[8:])
			if size[typ]*count > 4 || tag == tagOffsets {
				binary.LittleEndian.PutUint32(e[8:], value+base)
			}
			if tag == tagOffsets && size[typ]*count > 4 {
				for j := range count {
					p := body[value+4*j:]
					binary.LittleEndian.PutUint32(p, binary.LittleEndian.Uint32(p)+base)
				}
			}
		}
		out = append(out, body...)
		binary.LittleEndian.PutUint32(out[at:], base+d)
		at = int(base+d) + 2 + 12*n
	}
	return out
}

func TestPicturesOfEveryFormatAreReadAsDocuments(t *testing.T) {
	t.Parallel()
	img := drawn(t, contract...)
	one := encode(t, img, func(b *bytes.Buffer, m image.Image) error {
		return tiff.Encode(b, m, &tiff.Options{Compression: tiff.Deflate})
	})
	second := encode(t, drawn(t, "Schedule 1. The price is USD 12,500.00 per month."), func(b *bytes.Buffer, m image.Image) error { return tiff.Encode(b, m, nil) })
	for name, file := range map[string][]byte{
		"PNG":             encode(t, img, func(b *bytes.Buffer, m image.Image) error { return png.Encode(b, m) }),
		"JPEG":            encode(t, img, func(b *bytes.Buffer, m image.Image) error { return jpeg.Encode(b, m, nil) }),
		"GIF":             encode(t, img, func(b *bytes.Buffer, m image.Image) error { return gif.Encode(b, m, nil) }),
		"BMP":             encode(t, img, func(b *bytes.Buffer, m image.Image) error { return bmp.Encode(b, m) }),
		"TIFF":            one,
		"TIFF, two pages": pages(t, one, second),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := documenttest.Read(t, New(Config{Engine: engine(t)}), file)
			for _, s := range []string{"SUPPLY AGREEMENT", "March 2, 2026", "twenty-four (24) months", "State of Maine."} {
				if !strings.Contains(d.Text, s) {
					t.Errorf("%q is not in %q", s, d.Text)
				}
			}
			if name == "TIFF, two pages" && (len(d.Pages) != 2 || !strings.Contains(d.Text, "USD 12,500.00")) {
				t.Errorf("pages %+v of %q", d.Pages, d.Text)
			}
			if !strings.HasPrefix(d.Reader, "scan/4+tesseract/") || len(d.Warnings) == 0 || math.Abs(d.Pages[0].Width-612) > 8 {
				t.Errorf("reader %s, warnings %q, page %+v", d.Reader, d.Warnings, d.Pages[0])
			}
			at := strings.Index(d.Text, "Quarrel")
			box := d.Places(at, at+7)[0].Box // drawn with its baseline 240 points of the picture from the top
			if x := box.Bottom / d.Pages[0].Height * 1650; x < 235 || x > 255 {
				t.Errorf("the word is shown at %+v", box)
			}
		})
	}
}

func TestPicturesWithoutAnEngineNeedOCR(t *testing.T) {
	t.Parallel()
	file := encode(t, drawn(t, contract...), func(b *bytes.Buffer, m image.Image) error { return png.Encode(b, m) })
	_, err := New(Config{}).Read(t.Context(), file)
	documenttest.WantState(t, err, pact.DocumentNeedsOCR)
	if err == nil || !strings.Contains(err.Error(), "apt-get install tesseract-ocr") {
		t.Errorf("the way forward is missing: %v", err)
	}
}

// huge is a PNG that states a size and holds next to nothing.
func huge(width, height uint32) []byte {
	chunk := func(kind string, data []byte) []byte {
		b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
		b = append(append(b, kind...), data...)
		return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	out := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(head, 8, 0, 0, 0, 0))...)
	return append(out, chunk("IDAT", []byte{0x78, 0x9c, 3, 0, 0, 0, 0, 1})...)
}

// tinyWebP is a picture of one point.
const tinyWebP = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="

func TestPicturesThatAreTooLargeDamagedOrEmptyEndInAState(t *testing.T) {
	t.Parallel()
	whole := encode(t, drawn(t, contract...), func(b *bytes.Buffer, m image.Image) error { return png.Encode(b, m) })
	page := encode(t, drawn(t, contract...), func(b *bytes.Buffer, m image.Image) error { return tiff.Encode(b, m, nil) })
	loop := append([]byte(nil), page...)
	d := binary.LittleEndian.Uint32(loop[4:])
	n := uint32(binary.LittleEndian.Uint16(loop[d:]))
	webp, err := base64.StdEncoding.DecodeString(tinyWebP)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file []byte
		want pact.DocumentState
	}{
		"50,000 by 50,000 points":   {huge(50_000, 50_000), pact.DocumentRejected},
		"a line of 70,000 points":   {huge(70_000, 1), pact.DocumentRejected},
		"half of a picture":         {whole[:len(whole)/2], pact.DocumentDamaged},
		"a head without a picture":  {whole[:40], pact.DocumentDamaged},
		"a page without words":      {encode(t, drawn(t), func(b *bytes.Buffer, m image.Image) error { return png.Encode(b, m) }), pact.DocumentRejected},
		"one point":                 {webp, pact.DocumentRejected},
		"a TIFF cut off":            {page[:100], pact.DocumentDamaged},
		"a TIFF of nothing":         {[]byte("II*\x00\x08\x00\x00\x00"), pact.DocumentDamaged},
		"a TIFF beyond its own end": {[]byte("MM\x00*\xff\xff\xff\xf0"), pact.DocumentDamaged},
	} {
		_, err := New(Config{Engine: engine(t)}).Read(t.Context(), c.file)
		if err == nil {
			t.Errorf("%s was read", name)
			continue
		}
		documenttest.WantState(t, err, c.want)
	}
	// A chain of pages that bites its tail ends where it began.
	binary.LittleEndian.PutUint32(loop[d+2+12*n:], d)
	if list, err := parseTIFF(loop, 1000); err != nil || len(list) != 1 {
		t.Errorf("%d pages, %v", len(list), err)
	}
}

// once answers with the same words for every picture, and counts.
type once struct{ err error }

func (o once) Recognise(_ context.Context, p document.Picture) (document.Recognised, error) {
	box := pact.Box{Right: float64(min(p.Width, 60)), Bottom: float64(min(p.Height, 30))}
	return document.Recognised{Engine: "test/1", Words: []document.SeenWord{{Text: "word", Box: box, Confidence: 0.9}}}, o.err
}

func TestOnePageThatFailsLeavesTheOthers(t *testing.T) {
	t.Parallel()
	r := Raster{Width: 400, Height: 300, DPI: 100, Gray: make([]byte, 120_000)}
	picture := func(i int) (Raster, error) {
		if i == 1 {
			return Raster{}, document.Failed(pact.DocumentDamaged, "This page can not be opened at all.")
		}
		return r, nil
	}
	seen, failed, err := All(t.Context(), once{}, []int{0, 1, 2}, picture)
	if err != nil || len(seen) != 2 || failed[1] == nil {
		t.Fatalf("%d pages, %v, %v", len(seen), failed, err)
	}
	engine, warnings := Report(seen, failed)
	if engine != "test/1" || len(warnings) != 2 || !strings.HasPrefix(warnings[0], "Pages 1, 3 were read") || !strings.HasPrefix(warnings[1], "Page 2 was not recognised") {
		t.Errorf("%s, %q", engine, warnings)
	}
	broken := errors.New("the service is away")
	if _, _, err := All(t.Context(), once{err: broken}, []int{0, 1}, picture); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestSkewIsFoundAndUndone(t *testing.T) {
	t.Parallel()
	img := drawn(t, append(contract, contract...)...)
	flat := Raster{Width: 1275, Height: 1650, DPI: 150, Gray: img.Pix}
	for _, want := range []float64{-4, -1.3, 0, 0.4, 2.5} {
		tilted := flat.straightened(-want * math.Pi / 180) // the other way round
		sideways, got := tilted.lie()
		if sideways || math.Abs(got-want) > 0.12 {
			t.Errorf("lines that fall by %.1f degrees were measured as %.2f, sideways %v", want, got, sideways)
		}
		for _, quarters := range []int{1, 3} {
			if sideways, _ := tilted.turned(quarters).lie(); !sideways {
				t.Errorf("a page turned by %d quarters was taken for upright", quarters)
			}
		}
	}
}

func TestACapitalITakenForASmallLIsPutBack(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"lowa": "Iowa", "lowa.": "Iowa.", "lnc.": "Inc.", "(lf": "(If", "ln": "In", "lts": "Its", "lllinois": "Illinois", "lnvoice": "Invoice", "lreland,": "Ireland,",
		"low": "low", "lbs": "lbs", "ltd.": "ltd.", "law": "law", "late": "late", "licence": "licence", "Liability": "Liability", "12": "12", "": "",
	} {
		if got := capitalI(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestASmallLTakenForAnIIsPutBackInTheWordsThatDutiesHangOn(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"shail": "shall", "Shail,": "Shall,", "shali": "shall", "(untii": "(until", "wili.": "will.", "shall": "shall", "snail": "snail", "wiling": "wiling", "": ""} {
		words := pageWords([]document.SeenWord{{Text: in, Confidence: 0.9, Box: pact.Box{Right: 60, Bottom: 30}}}, DPI)
		if got := strings.Join(texts(words), " "); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestASpeckBeforeTheFirstWordIsNoQuotationMark(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"2.3 ‘Traffic above 40 terabytes is charged": "2.3 Traffic above 40 terabytes is charged", "‘Fees are due monthly": "Fees are due monthly",
		"‘Services’ means the work": "‘Services’ means the work", "the ‘Services and": "the ‘Services and", "‘tis so": "‘tis so",
	} {
		var seen []document.SeenWord
		for i, word := range strings.Fields(in) {
			seen = append(seen, document.SeenWord{Text: word, Confidence: 0.9, Box: pact.Box{Left: float64(100 * i), Right: float64(100*i + 80), Bottom: 30}})
		}
		if got := strings.Join(texts(pageWords(seen, DPI)), " "); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func texts(words []layout.Word) (out []string) {
	for _, w := range words {
		out = append(out, w.Text)
	}
	return out
}

func FuzzPicture(f *testing.F) {
	small := image.NewGray(image.Rect(0, 0, 20, 10))
	for _, with := range []func(*bytes.Buffer, image.Image) error{
		func(b *bytes.Buffer, m image.Image) error { return png.Encode(b, m) },
		func(b *bytes.Buffer, m image.Image) error { return jpeg.Encode(b, m, nil) },
		func(b *bytes.Buffer, m image.Image) error { return bmp.Encode(b, m) },
		func(b *bytes.Buffer, m image.Image) error { return tiff.Encode(b, m, nil) },
	} {
		f.Add(encode(f, small, with))
	}
	f.Add(huge(50_000, 50_000))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x20Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, file []byte) {
		_ = orientation(append([]byte(nil), file...))
		if k, ok := kindOf(file); ok && k.config != nil {
			if c, err := k.config(bytes.NewReader(file)); err == nil && c.Width*c.Height > 1<<20 {
				return // decoding large ones is slow, not unsafe
			}
		}
		if list, err := parseTIFF(file, 9); err == nil && (len(list) > 8 || list[0].one(tagWidth)*list[0].one(tagHeight) > 1<<20) {
			return
		}
		d, err := New(Config{Engine: once{}}).Read(t.Context(), file)
		if err == nil {
			documenttest.Check(t, d)
			return
		}
		var state *document.Error
		if !errors.As(err, &state) {
			t.Errorf("an error without a state: %v", err)
		}
	})
}
