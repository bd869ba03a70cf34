package cloud

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

// TextractConfig is how the service is reached. All fields but Endpoint and Limits are required.
type TextractConfig struct {
	Region   string // eu-central-1
	KeyID    string
	Secret   string
	Endpoint string // where it is not the region's own: a private endpoint
	HTTP     *http.Client
	Now      func() time.Time // of the signature
	Limits
}

// Textract is AWS Textract, asked page by page (AnalyzeDocument): that needs no bucket in which documents would lie.
type Textract struct {
	config TextractConfig
	to     *url.URL
	signer *v4.Signer
}

var _ document.Recogniser = (*Textract)(nil)

// NewTextract makes the adapter; nothing is sent before the first picture.
func NewTextract(c TextractConfig) (*Textract, error) {
	if !regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-\d$`).MatchString(c.Region) {
		return nil, fmt.Errorf("the region of AWS is written as eu-central-1, not %q", c.Region)
	}
	if c.Endpoint == "" {
		c.Endpoint = "https://textract." + c.Region + ".amazonaws.com"
	}
	to, err := url.Parse(strings.TrimRight(c.Endpoint, "/") + "/")
	if err != nil || to.Host == "" {
		return nil, fmt.Errorf("the address of Textract is written as https://HOST, not %q", c.Endpoint)
	}
	c.Limits = c.filled()
	return &Textract{config: c, to: to, signer: v4.NewSigner()}, nil
}

// Status names the service; whether it answers is seen with the first picture.
func (t *Textract) Status(context.Context) document.EngineStatus {
	return document.EngineStatus{Engine: "textract", Where: t.to.Host}
}

const textractName = "AWS Textract"

// Recognise sends the picture and waits for its words.
func (t *Textract) Recognise(ctx context.Context, p document.Picture) (document.Recognised, error) {
	picture, _, err := encoded(p)
	if err != nil {
		return document.Recognised{}, fmt.Errorf("encoding a picture: %w", err)
	}
	body, err := json.Marshal(map[string]any{"Document": map[string]any{"Bytes": picture}, "FeatureTypes": []string{"TABLES"}})
	if err != nil {
		return document.Recognised{}, err
	}
	patient, cancel := context.WithTimeout(ctx, t.config.Patience)
	defer cancel()
	seen, err := t.analyze(patient, body, p)
	var away errAway
	var state *document.Error
	switch {
	case ctx.Err() != nil:
		return document.Recognised{}, fmt.Errorf("recognising with %s: %w", textractName, ctx.Err())
	case errors.As(err, &away), err != nil && patient.Err() != nil:
		return document.Recognised{}, unavailable(textractName, err)
	case errors.As(err, &state):
		return document.Recognised{}, fmt.Errorf("recognising with %s: %w", textractName, err)
	case err != nil:
		return document.Recognised{}, strange(textractName, err)
	}
	return seen, nil
}

func (t *Textract) analyze(ctx context.Context, body []byte, p document.Picture) (document.Recognised, error) {
	pause := t.config.Pause
	for {
		r, err := persistent(ctx, t.config.Limits, t.config.HTTP, func(ctx context.Context) (*http.Request, error) { return t.signed(ctx, body) })
		if err != nil {
			return document.Recognised{}, err
		}
		if r.status == http.StatusOK {
			var a textractAnswer
			if err := decode(r.body, &a); err != nil {
				return document.Recognised{}, err
			}
			return a.recognised(p)
		}
		if err := refusal(r); err != nil {
			return document.Recognised{}, err
		}
		if sleep(ctx, wait(r.header, pause)) != nil {
			return document.Recognised{}, errAway{errors.New("it is throttled")}
		}
		pause = min(2*pause, maxWait)
	}
}

// refusal reads why the service said no; nil where it asks to come again, which it says with status 400.
func refusal(r reply) error {
	var e struct {
		Type string `json:"__type"`
	}
	_ = json.Unmarshal(r.body, &e) // without a type the status has to do
	kind := e.Type[strings.LastIndexByte(e.Type, '#')+1:]
	switch kind {
	case "ProvisionedThroughputExceededException", "ThrottlingException", "LimitExceededException", "InternalServerError":
		return nil
	case "AccessDeniedException", "UnrecognizedClientException", "InvalidSignatureException", "MissingAuthenticationTokenException", "ExpiredTokenException", "IncompleteSignatureException", "SubscriptionRequiredException":
		return refused(textractName)
	case "UnsupportedDocumentException", "BadDocumentException", "DocumentTooLargeException":
		return unreadable(textractName)
	}
	if r.status == http.StatusUnauthorized || r.status == http.StatusForbidden {
		return refused(textractName)
	}
	return fmt.Errorf("it answered %d %s", r.status, kind)
}

// signed makes the request anew for every attempt, because a signature is for its minute.
func (t *Textract) signed(ctx context.Context, body []byte) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.to.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "Textract.AnalyzeDocument")
	sum := sha256.Sum256(body)
	credentials := aws.Credentials{AccessKeyID: t.config.KeyID, SecretAccessKey: t.config.Secret}
	if err := t.signer.SignHTTP(ctx, credentials, req, hex.EncodeToString(sum[:]), "textract", t.config.Region, t.config.Now()); err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	return req, nil
}

// textractAnswer is the part of the answer that is used.
type textractAnswer struct {
	Version string          `json:"AnalyzeDocumentModelVersion"`
	Blocks  []textractBlock `json:"Blocks"`
}

type textractBlock struct {
	BlockType  string  `json:"BlockType"`
	ID         string  `json:"Id"`
	Text       string  `json:"Text"`
	Confidence float64 `json:"Confidence"`
	Geometry   struct {
		BoundingBox struct {
			Left, Top, Width, Height float64
		} `json:"BoundingBox"`
	} `json:"Geometry"`
	Relationships []struct {
		Type string   `json:"Type"`
		IDs  []string `json:"Ids"`
	} `json:"Relationships"`
}

func (a textractAnswer) recognised(p document.Picture) (document.Recognised, error) {
	version := a.Version
	if !regexp.MustCompile(`^[0-9A-Za-z.-]{1,20}$`).MatchString(version) {
		version = "1"
	}
	out := document.Recognised{Engine: "aws-textract/" + version}
	if a.Blocks == nil {
		return out, errors.New("the answer has no blocks")
	}
	words := map[string]*textractBlock{}
	for i := range a.Blocks {
		if b := &a.Blocks[i]; b.BlockType == "WORD" {
			words[b.ID] = b
		}
	}
	line := 0
	for i := range a.Blocks {
		b := &a.Blocks[i]
		switch b.BlockType {
		case "LINE":
			line++
			for _, rel := range b.Relationships {
				if rel.Type != "CHILD" {
					continue
				}
				for _, id := range rel.IDs {
					w := words[id]
					if w == nil {
						continue
					}
					delete(words, id) // a word is in one line only, whatever the answer says
					box, ok := w.box(p)
					if !ok {
						return out, errors.New("a word of the answer has no place")
					}
					out.Words = append(out.Words, document.SeenWord{Text: w.Text, Box: box, Confidence: max(0, min(1, w.Confidence/100)), Line: line})
				}
			}
		case "CELL", "MERGED_CELL":
			if box, ok := b.box(p); ok {
				out.Rules = append(out.Rules, frame(box)...)
			}
		}
	}
	return out, nil
}

func (b *textractBlock) box(p document.Picture) (pact.Box, bool) {
	g := b.Geometry.BoundingBox
	for _, v := range []float64{g.Left, g.Top, g.Width, g.Height} {
		if math.IsNaN(v) || v < -0.1 || v > 1.1 {
			return pact.Box{}, false
		}
	}
	if g.Width <= 0 || g.Height <= 0 {
		return pact.Box{}, false
	}
	w, h := float64(p.Width), float64(p.Height)
	return inside(pact.Box{Left: g.Left * w, Right: (g.Left + g.Width) * w, Top: g.Top * h, Bottom: (g.Top + g.Height) * h}, p), true
}
