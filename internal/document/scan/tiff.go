package scan

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/draw"
	"image/jpeg"
	"io"

	"golang.org/x/image/tiff"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

// A TIFF file holds a chain of pages. The library decodes the first; here the chain is walked, and each page is shown to the
// library as the first. It does not know pages packed as JPEG, which many scanners write; those are put together here.

const (
	tagWidth        = 256
	tagHeight       = 257
	tagCompression  = 259
	tagOffsets      = 273
	tagOrientation  = 274
	tagRowsPerStrip = 278
	tagCounts       = 279
	tagTables       = 347

	compressedJPEG = 7
	maxEntries     = 400
	maxStrips      = 20_000
)

var errTIFF = errors.New("no TIFF")

// directory is the header of one page.
type directory struct {
	offset uint32
	values map[uint16][]uint32
	raw    map[uint16][]byte
}

func (d directory) one(tag uint16) uint32 {
	if v := d.values[tag]; len(v) > 0 {
		return v[0]
	}
	return 0
}

// parseTIFF walks the chain of pages; a chain that bites its tail ends there.
func parseTIFF(file []byte, most int) ([]directory, error) {
	if len(file) < 8 {
		return nil, errTIFF
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(file[:4]) {
	case "II*\x00":
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return nil, errTIFF
	}
	var out []directory
	seen := map[uint32]bool{}
	for at := order.Uint32(file[4:]); at != 0 && !seen[at] && len(out) < most; {
		seen[at] = true
		d, next, ok := parseDirectory(file, order, at)
		if !ok {
			break
		}
		out = append(out, d)
		at = next
	}
	if len(out) == 0 {
		return nil, errTIFF
	}
	return out, nil
}

func parseDirectory(file []byte, order binary.ByteOrder, at uint32) (d directory, next uint32, ok bool) {
	size := uint64(len(file))
	if uint64(at)+2 > size {
		return d, 0, false
	}
	n := uint64(order.Uint16(file[at:]))
	end := uint64(at) + 2 + 12*n
	if n == 0 || n > maxEntries || end+4 > size {
		return d, 0, false
	}
	d = directory{offset: at, values: map[uint16][]uint32{}, raw: map[uint16][]byte{}}
	for i := range n {
		e := file[uint64(at)+2+12*i:]
		tag, typ, count := order.Uint16(e), order.Uint16(e[2:]), uint64(order.Uint32(e[4:]))
		width := map[uint16]uint64{1: 1, 3: 2, 4: 4, 7: 1}[typ]
		if width == 0 || count == 0 || count > maxStrips && typ != 7 && typ != 1 {
			continue
		}
		data := e[8:12]
		if width*count > 4 {
			from := uint64(order.Uint32(e[8:]))
			if from+width*count > size {
				continue
			}
			data = file[from : from+width*count]
		}
		switch typ {
		case 1, 7:
			d.raw[tag] = data[:width*count]
		case 3:
			for j := range count {
				d.values[tag] = append(d.values[tag], uint32(order.Uint16(data[2*j:])))
			}
		case 4:
			for j := range count {
				d.values[tag] = append(d.values[tag], order.Uint32(data[4*j:]))
			}
		}
	}
	return d, order.Uint32(file[end:]), true
}

// paged shows one page of the file as its first.
type paged struct {
	*bytes.Reader
	head [8]byte
}

func (p *paged) ReadAt(b []byte, off int64) (int, error) {
	n, err := p.Reader.ReadAt(b, off)
	for i := off; i < 8 && int(i-off) < n; i++ {
		b[i-off] = p.head[i]
	}
	return n, err
}

func (p *paged) Read(b []byte) (int, error) {
	at := p.Size() - int64(p.Len())
	n, err := p.ReadAt(b, at)
	if n > 0 {
		_, _ = p.Seek(at+int64(n), io.SeekStart)
		return n, nil
	}
	return n, err
}

func pageOf(file []byte, offset uint32) *paged {
	p := &paged{Reader: bytes.NewReader(file)}
	copy(p.head[:], file)
	if file[0] == 'I' {
		binary.LittleEndian.PutUint32(p.head[4:], offset)
	} else {
		binary.BigEndian.PutUint32(p.head[4:], offset)
	}
	return p
}

// tiffPage decodes one page.
func tiffPage(file []byte, d directory) (Raster, error) {
	if err := sized("TIFF", int(d.one(tagWidth)), int(d.one(tagHeight))); err != nil {
		return Raster{}, err
	}
	if d.one(tagCompression) == compressedJPEG {
		img, err := jpegStrips(file, d)
		if err != nil {
			return Raster{}, damaged("TIFF")
		}
		return rasterOf(img).oriented(int(d.one(tagOrientation))).asPage(), nil
	}
	c, err := tiff.DecodeConfig(pageOf(file, d.offset))
	if err == nil {
		if err := sized("TIFF", c.Width, c.Height); err != nil {
			return Raster{}, err
		}
	}
	img, err := tiff.Decode(pageOf(file, d.offset))
	var unknown tiff.UnsupportedError
	switch {
	case errors.As(err, &unknown):
		return Raster{}, document.Failed(pact.DocumentUnsupported, "The TIFF picture is packed in a way that is not read here. Save it as PDF or PNG and upload that.")
	case err != nil:
		return Raster{}, damaged("TIFF")
	}
	return rasterOf(img).oriented(int(d.one(tagOrientation))).asPage(), nil
}

// jpegStrips joins the strips of a page, each a JPEG file that leaves its tables to a shared tag.
func jpegStrips(file []byte, d directory) (image.Image, error) {
	offsets, counts := d.values[tagOffsets], d.values[tagCounts]
	if len(offsets) == 0 || len(offsets) != len(counts) {
		return nil, errTIFF
	}
	width, height := int(d.one(tagWidth)), int(d.one(tagHeight))
	rows := int(d.one(tagRowsPerStrip))
	if rows <= 0 || rows > height {
		rows = height
	}
	tables := d.raw[tagTables]
	if len(tables) > 4 {
		tables = tables[2 : len(tables)-2] // without the marks of start and end
	} else {
		tables = nil
	}
	out := image.NewGray(image.Rect(0, 0, width, height))
	for i, from := range offsets {
		end := uint64(from) + uint64(counts[i])
		if counts[i] < 4 || end > uint64(len(file)) || i*rows >= height {
			return nil, errTIFF
		}
		strip := append([]byte{0xff, 0xd8}, tables...)
		strip = append(strip, file[from+2:end]...)
		c, err := jpeg.DecodeConfig(bytes.NewReader(strip))
		if err != nil || c.Width*c.Height > MaxPoints {
			return nil, errTIFF
		}
		img, err := jpeg.Decode(bytes.NewReader(strip))
		if err != nil {
			return nil, err
		}
		draw.Draw(out, image.Rect(0, i*rows, width, min(height, (i+1)*rows)), img, img.Bounds().Min, draw.Src)
	}
	return out, nil
}
