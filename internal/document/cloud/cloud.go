// Package cloud recognises pictures with a document service of a cloud: Azure Document Intelligence or AWS Textract.
//
// It owns the two protocols: asking, waiting, and making our words and table lines of the answer. It does not own the choice
// to send anything: no adapter of this package is made unless the settings name a service and its key. Invariants: a page
// leaves as one picture, without the file, its name or its other pages; the key goes to the configured address only; an
// answer is bounded in size and checked, and what is malformed is an error, never a text; the engine's name stands in the
// reading, so that the trail tells who read it.
package cloud

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// Limits of one picture. Zero values take what their comment says.
type Limits struct {
	Patience time.Duration // from the first request to the words, retries included; 3 minutes
	Pause    time.Duration // before asking again where the service names none; 1 s
}

func (l Limits) filled() Limits {
	if l.Patience == 0 {
		l.Patience = 3 * time.Minute
	}
	if l.Pause == 0 {
		l.Pause = time.Second
	}
	return l
}

const (
	maxAnswer = 32 << 20
	maxUpload = 4 << 20 // larger pictures are sent as JPEG
	maxWait   = 30 * time.Second
)

// encoded is the picture as a file that both services take.
func encoded(p document.Picture) (body []byte, media string, err error) {
	if p.Width < 1 || p.Height < 1 || len(p.Gray) != p.Width*p.Height {
		return nil, "", errors.New("the size of the picture is not that of its points")
	}
	img := &image.Gray{Pix: p.Gray, Stride: p.Width, Rect: image.Rect(0, 0, p.Width, p.Height)}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img); err != nil {
		return nil, "", err
	}
	if b.Len() <= maxUpload {
		return b.Bytes(), "image/png", nil
	}
	b.Reset()
	err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 80})
	return b.Bytes(), "image/jpeg", err
}

// reply is an answer of a service with its body, bounded.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// errAway is a service that does not answer, answers "later", or breaks off: asking again is worth while.
type errAway struct{ err error }

func (e errAway) Error() string { return e.err.Error() }
func (e errAway) Unwrap() error { return e.err }

func ask(client *http.Client, req *http.Request) (reply, error) {
	res, err := client.Do(req)
	if err != nil {
		return reply{}, errAway{err}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return reply{}, errAway{fmt.Errorf("reading the answer: %w", err)}
	}
	if len(body) > maxAnswer {
		return reply{}, fmt.Errorf("the answer has more than %d MB", maxAnswer>>20)
	}
	r := reply{status: res.StatusCode, header: res.Header, body: body}
	if r.status == http.StatusTooManyRequests || r.status == http.StatusRequestTimeout || r.status >= 500 {
		return r, errAway{fmt.Errorf("it answered %s", res.Status)}
	}
	return r, nil
}

// wait is how long the service asks to be left alone, or the pause.
func wait(h http.Header, pause time.Duration) time.Duration {
	if n, err := strconv.Atoi(h.Get("Retry-After")); err == nil && n >= 0 {
		return min(time.Duration(n)*time.Second, maxWait)
	}
	if at, err := http.ParseTime(h.Get("Retry-After")); err == nil {
		return max(0, min(time.Until(at), maxWait))
	}
	return pause
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// persistent asks until there is an answer, the patience ends, or the answer is no.
func persistent(ctx context.Context, l Limits, client *http.Client, request func(context.Context) (*http.Request, error)) (reply, error) {
	pause := l.Pause
	for {
		req, err := request(ctx)
		if err != nil {
			return reply{}, err
		}
		r, err := ask(client, req)
		var away errAway
		if err == nil || !errors.As(err, &away) {
			return r, err
		}
		if sleep(ctx, wait(r.header, pause)) != nil {
			return r, err // what the service said says more than that the time is over
		}
		pause = min(2*pause, maxWait)
	}
}

// unavailable is the error after which the document waits.
func unavailable(service string, err error) error {
	return fault.Wrap(fault.Unavailable, err, "The text recognition service %s does not answer. The document waits for it.", service)
}

// strange is the error of an answer that is none of the service's: a proxy's page, half an answer. The document is not to blame, and
// waits as it does for a service that does not answer.
func strange(service string, err error) error {
	return fault.Wrap(fault.Unavailable, err, "The text recognition service %s gave an answer that is not understood: %v. The document waits for it; check ocr_endpoint.", service, err)
}

// refused is the state where the service does not let us in.
func refused(service string) error {
	return document.Failed(pact.DocumentNeedsOCR, "The text recognition service "+service+" refused our key. Check ocr_key and ocr_endpoint, then press Retry.")
}

// unreadable is the state of a picture that the service does not take.
func unreadable(service string) error {
	return document.Failed(pact.DocumentRejected, "The text recognition service "+service+" could not read the picture. Scan the page again at 300 dpi, or send the original file.")
}

func decode(body []byte, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("the answer has an unknown form: %w", err)
	}
	return nil
}

// frame gives the four sides of a table cell.
func frame(b pact.Box) []pact.Box {
	return []pact.Box{
		{Left: b.Left, Right: b.Right, Top: b.Top, Bottom: b.Top},
		{Left: b.Left, Right: b.Right, Top: b.Bottom, Bottom: b.Bottom},
		{Left: b.Left, Right: b.Left, Top: b.Top, Bottom: b.Bottom},
		{Left: b.Right, Right: b.Right, Top: b.Top, Bottom: b.Bottom},
	}
}

// inside keeps a box within the picture: services round to beyond its sides.
func inside(b pact.Box, p document.Picture) pact.Box {
	w, h := float64(p.Width), float64(p.Height)
	return pact.Box{Left: max(0, min(b.Left, w)), Right: max(0, min(b.Right, w)), Top: max(0, min(b.Top, h)), Bottom: max(0, min(b.Bottom, h))}
}
