package paper

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/rc4"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"time"
	"unicode/utf8"
)

// pdfFile writes numbered objects, a cross-reference table and a trailer: enough for pictures and plain lines.
type pdfFile struct {
	out     bytes.Buffer
	offsets []int
}

func newPDF() *pdfFile {
	f := &pdfFile{}
	f.out.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	return f
}

// add writes the next object; objects are numbered from 1 in the order of the calls.
func (f *pdfFile) add(body string) int {
	f.offsets = append(f.offsets, f.out.Len())
	fmt.Fprintf(&f.out, "%d 0 obj\n%s\nendobj\n", len(f.offsets), body)
	return len(f.offsets)
}

func (f *pdfFile) finish(trailer string) []byte {
	at := f.out.Len()
	fmt.Fprintf(&f.out, "xref\n0 %d\n0000000000 65535 f \n", len(f.offsets)+1)
	for _, o := range f.offsets {
		fmt.Fprintf(&f.out, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&f.out, "trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n", len(f.offsets)+1, trailer, at)
	return f.out.Bytes()
}

func stream(dict, data string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(data), data)
}

// scanPDF prints the text, photographs each page a little askew, and keeps only the pictures.
func scanPDF(ctx context.Context, t Text, created time.Time) ([]byte, error) {
	printed, err := printPDF(ctx, t, created)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "pactloop-scan-")
	if err != nil {
		return nil, fmt.Errorf("making a work folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	in := filepath.Join(dir, "in.pdf")
	if err := os.WriteFile(in, printed, 0o600); err != nil {
		return nil, fmt.Errorf("writing the print: %w", err)
	}
	if report, err := exec.CommandContext(ctx, "pdftoppm", "-gray", "-png", "-r", or(t.head["scan_dpi"], "200"), in, filepath.Join(dir, "page")).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("picturing pages with pdftoppm: %w: %s", err, bytes.TrimSpace(report))
	}
	pages, err := filepath.Glob(filepath.Join(dir, "page*.png"))
	if err != nil {
		return nil, fmt.Errorf("listing pages: %w", err)
	}
	sort.Strings(pages)
	f := newPDF()
	f.add("<< /Type /Catalog /Pages 2 0 R >>")
	var kids []string
	for i := range pages {
		kids = append(kids, fmt.Sprintf("%d 0 R", 3+3*i))
	}
	f.add(fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Join(kids, " "), len(kids)))
	width, height := 612, 792
	if t.head["paper"] == "A4" {
		width, height = 595, 842
	}
	for i, path := range pages {
		picture, size, err := photograph(path, 0.7-float64(i%3)*1.1, uint64(i)+7)
		if err != nil {
			return nil, err
		}
		f.add(fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R /Resources << /XObject << /Scan %d 0 R >> >> >>", width, height, 4+3*i, 5+3*i))
		f.add(stream("", fmt.Sprintf("q %d 0 0 %d 0 0 cm /Scan Do Q", width, height)))
		f.add(stream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode", size.X, size.Y), string(picture)))
	}
	info := f.add(fmt.Sprintf("<< /Producer (Office scanner) /CreationDate (D:%s090000Z) >>", created.Format("20060102")))
	return f.finish(fmt.Sprintf("/Root 1 0 R /Info %d 0 R", info)), nil
}

// photograph turns a page by some degrees, greys the paper and adds a little noise, always the same for a seed.
func photograph(path string, degrees float64, seed uint64) ([]byte, image.Point, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, image.Point{}, fmt.Errorf("opening page: %w", err)
	}
	defer func() { _ = file.Close() }()
	page, err := png.Decode(file)
	if err != nil {
		return nil, image.Point{}, fmt.Errorf("reading page: %w", err)
	}
	noise := rand.New(rand.NewPCG(seed, 1))
	box := page.Bounds()
	out := image.NewGray(box)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	midX, midY := float64(box.Dx())/2, float64(box.Dy())/2
	for y := range box.Dy() {
		for x := range box.Dx() {
			dx, dy := float64(x)-midX, float64(y)-midY
			shade := blend(page, midX+dx*cos-dy*sin, midY+dx*sin+dy*cos)
			shade = 18 + shade*0.9 + float64(noise.IntN(7))
			out.SetGray(x, y, color.Gray{Y: uint8(min(shade, 255))})
		}
	}
	var picture bytes.Buffer
	if err := jpeg.Encode(&picture, out, &jpeg.Options{Quality: 38}); err != nil {
		return nil, image.Point{}, fmt.Errorf("writing picture: %w", err)
	}
	return picture.Bytes(), box.Size(), nil
}

// blend reads between the four nearest points; outside the page there is white paper.
func blend(page image.Image, x, y float64) float64 {
	x0, y0 := math.Floor(x), math.Floor(y)
	fx, fy := x-x0, y-y0
	at := func(x, y float64) float64 {
		p := image.Pt(int(x), int(y))
		if !p.In(page.Bounds()) {
			return 240
		}
		grey, _ := color.GrayModel.Convert(page.At(p.X, p.Y)).(color.Gray)
		return float64(grey.Y)
	}
	return at(x0, y0)*(1-fx)*(1-fy) + at(x0+1, y0)*fx*(1-fy) + at(x0, y0+1)*(1-fx)*fy + at(x0+1, y0+1)*fx*fy
}

// encryptedPDF writes the text as plain lines under the standard security handler (revision 3, RC4 with 128 bits): a
// reader without the password sees that there is a document and nothing of it.
func encryptedPDF(t Text, created time.Time, password string) ([]byte, error) {
	if password == "" {
		return nil, fmt.Errorf("an encrypted text needs `password` in its head")
	}
	id := md5.Sum([]byte(t.head["out"] + created.String()))
	lock, err := newLock(password, id[:])
	if err != nil {
		return nil, err
	}
	pages := plainPages(t)
	f := newPDF()
	f.add("<< /Type /Catalog /Pages 2 0 R >>")
	var kids []string
	for i := range pages {
		kids = append(kids, fmt.Sprintf("%d 0 R", 4+2*i))
	}
	f.add(fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Join(kids, " "), len(kids)))
	f.add("<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>")
	for i, lines := range pages {
		f.add(fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>", 5+2*i))
		sealed, err := lock.seal(5+2*i, []byte(lines))
		if err != nil {
			return nil, err
		}
		f.add(stream("", string(sealed)))
	}
	security := f.add(fmt.Sprintf("<< /Filter /Standard /V 2 /R 3 /Length 128 /P %d /O <%x> /U <%x> >>", int32(lock.rights), lock.owner, lock.user))
	return f.finish(fmt.Sprintf("/Root 1 0 R /Encrypt %d 0 R /ID [<%x> <%x>]", security, id, id)), nil
}

// plainPages sets the words in lines of about ninety characters, fifty to a page, as page content operators.
func plainPages(t Text) []string {
	var lines []string
	for _, b := range t.blocks {
		words := strings.ReplaceAll(strings.TrimSpace(b.number+" "+b.words), "**", "")
		for _, row := range b.rows {
			words += strings.Join(row, "   ") + "\n"
		}
		for _, line := range strings.Split(words, "\n") {
			lines = append(lines, wrap(line, 90)...)
		}
		lines = append(lines, "")
	}
	escape := strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`)
	var pages []string
	for start := 0; start < len(lines); start += 50 {
		var b strings.Builder
		b.WriteString("BT /F1 11 Tf 14 TL 72 730 Td\n")
		for _, line := range lines[start:min(start+50, len(lines))] {
			fmt.Fprintf(&b, "(%s) Tj T*\n", escape.Replace(line))
		}
		b.WriteString("ET")
		pages = append(pages, b.String())
	}
	return pages
}

func wrap(words string, width int) []string {
	var lines []string
	line := ""
	for _, w := range strings.Fields(words) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(w) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + w)
	}
	if line == "" {
		return lines
	}
	return append(lines, line)
}

// lock holds the file key and the two check values of the standard security handler (ISO 32000-1, 7.6.3).
type lock struct {
	key, owner, user []byte
	rights           uint32
}

const padding = "\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A"

func newLock(password string, id []byte) (lock, error) {
	l := lock{rights: 0xFFFFF0C0}
	padded := []byte((password + padding)[:32])
	var err error
	if l.owner, err = twenty(rehash(padded), padded); err != nil {
		return lock{}, err
	}
	seed := append(append(bytes.Clone(padded), l.owner...), byte(l.rights), byte(l.rights>>8), byte(l.rights>>16), byte(l.rights>>24))
	l.key = rehash(append(seed, id...))
	check := md5.Sum(append([]byte(padding), id...))
	if l.user, err = twenty(l.key, check[:]); err != nil {
		return lock{}, err
	}
	l.user = append(l.user, make([]byte, 16)...)
	return l, nil
}

// rehash is MD5 applied fifty-one times, as revision 3 asks.
func rehash(data []byte) []byte {
	sum := md5.Sum(data)
	for range 50 {
		sum = md5.Sum(sum[:])
	}
	return sum[:]
}

// twenty applies RC4 with the key and nineteen keys derived from it.
func twenty(key, data []byte) ([]byte, error) {
	out := bytes.Clone(data)
	for i := range 20 {
		turned := bytes.Clone(key)
		for j := range turned {
			turned[j] ^= byte(i)
		}
		c, err := rc4.NewCipher(turned)
		if err != nil {
			return nil, fmt.Errorf("making the cipher: %w", err)
		}
		c.XORKeyStream(out, out)
	}
	return out, nil
}

// seal encrypts the data of one object (generation 0).
func (l lock) seal(object int, data []byte) ([]byte, error) {
	sum := md5.Sum(append(bytes.Clone(l.key), byte(object), byte(object>>8), byte(object>>16), 0, 0))
	c, err := rc4.NewCipher(sum[:])
	if err != nil {
		return nil, fmt.Errorf("making the cipher: %w", err)
	}
	out := make([]byte, len(data))
	c.XORKeyStream(out, data)
	return out, nil
}
