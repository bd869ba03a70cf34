package scan

import (
	"bytes"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/webp"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

// kind is a format of pictures.
type kind struct {
	name   string
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

// kindOf tells the format by the first bytes; TIFF has functions of its own.
func kindOf(head []byte) (kind, bool) {
	t, ok := document.TypeOf(head)
	if !ok || !t.Picture {
		return kind{}, false
	}
	k := kind{name: t.Name}
	switch t.Name {
	case "PNG":
		k.config, k.decode = png.DecodeConfig, png.Decode
	case "JPEG":
		k.config, k.decode = jpeg.DecodeConfig, jpeg.Decode
	case "GIF":
		k.config, k.decode = gif.DecodeConfig, gif.Decode
	case "BMP":
		k.config, k.decode = bmp.DecodeConfig, bmp.Decode
	case "WebP":
		k.config, k.decode = webp.DecodeConfig, webp.Decode
	}
	return k, true
}

func damaged(name string) error {
	return document.Failed(pact.DocumentDamaged, fmt.Sprintf("The %s picture is damaged or was cut off, and can not be opened. Ask the sender for a new copy.", name))
}

// sized refuses a picture by its stated size, before any of it is decoded.
func sized(name string, width, height int) error {
	if width < 1 || height < 1 {
		return damaged(name)
	}
	if width > 60_000 || height > 60_000 || width*height > MaxPoints {
		return document.Failed(pact.DocumentRejected, fmt.Sprintf("The picture has %d × %d points, and %d million are the limit. Scan the page at 300 dpi and upload that.", width, height, MaxPoints/1_000_000))
	}
	return nil
}

// picture decodes a file with one picture as a page.
func (k kind) picture(file []byte) (Raster, error) {
	r, err := k.points(file)
	if err != nil {
		return Raster{}, err
	}
	return r.asPage(), nil
}

// points decodes a file with one picture.
func (k kind) points(file []byte) (Raster, error) {
	c, err := k.config(bytes.NewReader(file))
	if err != nil {
		return Raster{}, damaged(k.name)
	}
	if err := sized(k.name, c.Width, c.Height); err != nil {
		return Raster{}, err
	}
	img, err := k.decode(bytes.NewReader(file))
	if err != nil {
		return Raster{}, damaged(k.name)
	}
	r := rasterOf(img)
	if k.name == "JPEG" {
		r = r.oriented(orientation(file))
	}
	return r, nil
}

// rasterOf takes the greys of a picture; what is transparent is paper.
func rasterOf(img image.Image) Raster {
	b := img.Bounds()
	r := Raster{Width: b.Dx(), Height: b.Dy(), Gray: make([]byte, b.Dx()*b.Dy())}
	switch m := img.(type) {
	case *image.Gray:
		for y := range r.Height {
			copy(r.Gray[y*r.Width:(y+1)*r.Width], m.Pix[y*m.Stride:])
		}
	case *image.YCbCr:
		for y := range r.Height {
			copy(r.Gray[y*r.Width:(y+1)*r.Width], m.Y[y*m.YStride:])
		}
	default:
		for y := range r.Height {
			for x := range r.Width {
				cr, cg, cb, ca := img.At(b.Min.X+x, b.Min.Y+y).RGBA()
				l := (19595*cr + 38470*cg + 7471*cb + 1<<15) >> 24
				r.Gray[y*r.Width+x] = byte(min(255, l+(0xffff-ca)>>8))
			}
		}
	}
	return r
}

// asPage gives the picture the resolution of a page of common size, and makes it legible.
func (r Raster) asPage() Raster {
	long, short := max(r.Width, r.Height), min(r.Width, r.Height)
	r.DPI = long / 11
	if long > 2*short+short/5 { // a strip, such as a receipt or a screen of a phone
		r.DPI = short * 2 / 17
	}
	r.DPI = max(r.DPI, 30)
	return r.legible()
}

// legible scales a picture to what recognition likes.
func (r Raster) legible() Raster {
	if r.DPI < 200 || r.DPI > 330 {
		dpi := min(DPI, 3*r.DPI)
		for r.Width*dpi/r.DPI*(r.Height*dpi/r.DPI) > MaxPoints/2 && dpi > r.DPI/4 {
			dpi = dpi * 3 / 4
		}
		return r.scaled(dpi)
	}
	return r
}

// oriented applies the orientation that a camera noted (EXIF), as every viewer does.
func (r Raster) oriented(o int) Raster {
	switch o {
	case 3, 4:
		return r.turned(2)
	case 6, 5:
		return r.turned(1)
	case 8, 7:
		return r.turned(3)
	}
	return r
}

// orientation reads the tag from the APP1 segment of a JPEG file; 1 where there is none.
func orientation(file []byte) int {
	at := 2
	for at+4 < len(file) && file[at] == 0xff && file[at+1] != 0xda {
		size := int(file[at+2])<<8 | int(file[at+3])
		if size < 2 || at+2+size > len(file) {
			return 1
		}
		if body := file[at+4 : at+2+size]; file[at+1] == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			t, err := parseTIFF(body[6:], 1)
			if err != nil || len(t) == 0 {
				return 1
			}
			if v := t[0].one(tagOrientation); v >= 1 && v <= 8 {
				return int(v)
			}
			return 1
		}
		at += 2 + size
	}
	return 1
}
