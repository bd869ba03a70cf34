package cloud

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

const azureVersion = "2024-11-30"

// AzureConfig is how the resource is reached. Endpoint, Key and HTTP are required.
type AzureConfig struct {
	Endpoint string // https://NAME.cognitiveservices.azure.com
	Key      string
	HTTP     *http.Client
	Limits
}

// Azure is the layout model of Azure Document Intelligence.
type Azure struct {
	config AzureConfig
	base   *url.URL
}

var _ document.Recogniser = (*Azure)(nil)

// NewAzure makes the adapter; nothing is sent before the first picture.
func NewAzure(c AzureConfig) (*Azure, error) {
	base, err := url.Parse(strings.TrimRight(c.Endpoint, "/"))
	if err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" {
		return nil, fmt.Errorf("the address of Azure Document Intelligence is written as https://NAME.cognitiveservices.azure.com, not %q", c.Endpoint)
	}
	c.Limits = c.filled()
	return &Azure{config: c, base: base}, nil
}

// Status names the service; whether it answers is seen with the first picture.
func (a *Azure) Status(context.Context) document.EngineStatus {
	return document.EngineStatus{Engine: "azure", Version: azureVersion, Where: a.base.Host}
}

const azureName = "Azure Document Intelligence"

// Recognise sends the picture, waits for the analysis, and has the service forget it.
func (a *Azure) Recognise(ctx context.Context, p document.Picture) (document.Recognised, error) {
	body, media, err := encoded(p)
	if err != nil {
		return document.Recognised{}, fmt.Errorf("encoding a picture: %w", err)
	}
	patient, cancel := context.WithTimeout(ctx, a.config.Patience)
	defer cancel()
	seen, err := a.analyze(patient, body, media, p)
	var away errAway
	var state *document.Error
	switch {
	case ctx.Err() != nil:
		return document.Recognised{}, fmt.Errorf("recognising with %s: %w", azureName, ctx.Err())
	case errors.As(err, &away), err != nil && patient.Err() != nil:
		return document.Recognised{}, unavailable(azureName, err)
	case errors.As(err, &state):
		return document.Recognised{}, fmt.Errorf("recognising with %s: %w", azureName, err)
	case err != nil:
		return document.Recognised{}, strange(azureName, err)
	}
	return seen, nil
}

func (a *Azure) analyze(ctx context.Context, body []byte, media string, p document.Picture) (document.Recognised, error) {
	to := a.base.JoinPath("documentintelligence/documentModels/prebuilt-layout:analyze")
	to.RawQuery = url.Values{"api-version": {azureVersion}, "stringIndexType": {"unicodeCodePoint"}}.Encode()
	r, err := persistent(ctx, a.config.Limits, a.config.HTTP, func(ctx context.Context) (*http.Request, error) {
		return a.request(ctx, http.MethodPost, to.String(), media, body)
	})
	if err != nil {
		return document.Recognised{}, err
	}
	if err := a.checkStatus(r, http.StatusAccepted); err != nil {
		return document.Recognised{}, err
	}
	result, err := a.operation(r.header.Get("Operation-Location"))
	if err != nil {
		return document.Recognised{}, err
	}
	for {
		if err := sleep(ctx, wait(r.header, a.config.Pause)); err != nil {
			return document.Recognised{}, err
		}
		if r, err = persistent(ctx, a.config.Limits, a.config.HTTP, func(ctx context.Context) (*http.Request, error) {
			return a.request(ctx, http.MethodGet, result, "", nil)
		}); err != nil {
			return document.Recognised{}, err
		}
		if err := a.checkStatus(r, http.StatusOK); err != nil {
			return document.Recognised{}, err
		}
		var o azureOperation
		if err := decode(r.body, &o); err != nil {
			return document.Recognised{}, err
		}
		switch o.Status {
		case "notStarted", "running":
		case "succeeded":
			a.forget(ctx, result)
			return o.AnalyzeResult.recognised(p)
		case "failed", "canceled":
			return document.Recognised{}, unreadable(azureName)
		default:
			return document.Recognised{}, fmt.Errorf("the analysis has the unknown status %q", o.Status)
		}
	}
}

// operation checks where the result is said to be: the key goes nowhere else than to the configured address.
func (a *Azure) operation(location string) (string, error) {
	u, err := url.Parse(location)
	if err != nil || u.Scheme != a.base.Scheme || u.Host != a.base.Host {
		return "", errors.New("the result is said to be at another address than the service")
	}
	return u.String(), nil
}

// forget asks the service to delete the result at once instead of after a day. That it did not is no reason to fail.
func (a *Azure) forget(ctx context.Context, result string) {
	if req, err := a.request(ctx, http.MethodDelete, result, "", nil); err == nil {
		_, _ = ask(a.config.HTTP, req)
	}
}

func (a *Azure) request(ctx context.Context, method, to, media string, body []byte) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, to, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Ocp-Apim-Subscription-Key", a.config.Key)
	if media != "" {
		req.Header.Set("Content-Type", media)
	}
	return req, nil
}

func (a *Azure) checkStatus(r reply, want int) error {
	switch r.status {
	case want:
		return nil
	case http.StatusUnauthorized, http.StatusForbidden:
		if bytes.Contains(bytes.ToLower(r.body), []byte("quota")) { // "Out of call volume quota. Quota will be replenished in …"
			return errAway{errors.New("its quota is used up")}
		}
		return refused(azureName)
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType:
		return unreadable(azureName)
	}
	return fmt.Errorf("it answered %d", r.status)
}

// azureOperation is the part of the answer that is used.
type azureOperation struct {
	Status        string      `json:"status"`
	AnalyzeResult azureResult `json:"analyzeResult"`
}

type azureSpan struct {
	Offset int `json:"offset"`
	Length int `json:"length"`
}

type azureResult struct {
	Pages []struct {
		Width  float64 `json:"width"`
		Height float64 `json:"height"`
		Unit   string  `json:"unit"`
		Words  []struct {
			Content    string    `json:"content"`
			Polygon    []float64 `json:"polygon"`
			Confidence float64   `json:"confidence"`
			Span       azureSpan `json:"span"`
		} `json:"words"`
		Lines []struct {
			Spans []azureSpan `json:"spans"`
		} `json:"lines"`
	} `json:"pages"`
	Tables []struct {
		Cells []struct {
			BoundingRegions []struct {
				PageNumber int       `json:"pageNumber"`
				Polygon    []float64 `json:"polygon"`
			} `json:"boundingRegions"`
		} `json:"cells"`
	} `json:"tables"`
}

func (r azureResult) recognised(p document.Picture) (document.Recognised, error) {
	out := document.Recognised{Engine: "azure-layout/" + azureVersion}
	if len(r.Pages) == 0 {
		return out, errors.New("the answer has no page")
	}
	page := r.Pages[0]
	if page.Width <= 0 || page.Height <= 0 {
		return out, errors.New("the page of the answer has no size")
	}
	x, y := float64(p.Width)/page.Width, float64(p.Height)/page.Height
	for _, w := range page.Words {
		box, ok := polygon(w.Polygon, x, y)
		if !ok {
			return out, fmt.Errorf("a word of the answer has no place: %v", w.Polygon)
		}
		word := document.SeenWord{Text: w.Content, Box: inside(box, p), Confidence: max(0, min(1, w.Confidence))}
		for i, l := range page.Lines {
			if len(l.Spans) > 0 && l.Spans[0].Offset <= w.Span.Offset && w.Span.Offset < l.Spans[0].Offset+l.Spans[0].Length {
				word.Line = i + 1
				break
			}
		}
		out.Words = append(out.Words, word)
	}
	for _, t := range r.Tables {
		for _, c := range t.Cells {
			for _, b := range c.BoundingRegions {
				if box, ok := polygon(b.Polygon, x, y); ok && b.PageNumber <= 1 {
					out.Rules = append(out.Rules, frame(inside(box, p))...)
				}
			}
		}
	}
	return out, nil
}

// polygon is the box around x, y pairs.
func polygon(v []float64, x, y float64) (pact.Box, bool) {
	if len(v) < 4 || len(v)%2 != 0 {
		return pact.Box{}, false
	}
	b := pact.Box{Left: math.Inf(1), Top: math.Inf(1), Right: math.Inf(-1), Bottom: math.Inf(-1)}
	for i := 0; i < len(v); i += 2 {
		if math.IsNaN(v[i]) || math.IsNaN(v[i+1]) || math.Abs(v[i]) > 1e6 || math.Abs(v[i+1]) > 1e6 {
			return pact.Box{}, false
		}
		b = pact.Box{Left: min(b.Left, v[i]*x), Right: max(b.Right, v[i]*x), Top: min(b.Top, v[i+1]*y), Bottom: max(b.Bottom, v[i+1]*y)}
	}
	return b, true
}
