package cloud_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/cloud"
	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

const key = "key-of-the-resource-0123456789"

func picture() document.Picture {
	p := document.Picture{Width: 850, Height: 1100, DPI: 100, Gray: bytes.Repeat([]byte{255}, 850*1100), Page: 1, Total: 1}
	for x := 100; x < 300; x++ {
		p.Gray[500*850+x] = 0
	}
	return p
}

// service is a local server that speaks one of the protocols; each test says what differs.
type service struct {
	*httptest.Server
	mu       sync.Mutex
	requests []string // method and path
}

func serve(t *testing.T, handle func(s *service, n int, w http.ResponseWriter, r *http.Request)) *service {
	t.Helper()
	s := &service{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r.Method+" "+r.URL.Path)
		n := len(s.requests)
		s.mu.Unlock()
		handle(s, n, w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *service) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.requests...)
}

var quick = cloud.Limits{Patience: 20 * time.Second, Pause: time.Millisecond}

func azure(t *testing.T, s *service, l cloud.Limits) *cloud.Azure {
	t.Helper()
	a, err := cloud.NewAzure(cloud.AzureConfig{Endpoint: s.URL + "/", Key: key, HTTP: s.Client(), Limits: l})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

const analyze, result = "/documentintelligence/documentModels/prebuilt-layout:analyze", "/documentintelligence/documentModels/prebuilt-layout/analyzeResults/r-1"

// azureAnswer is an analysis in the form of version 2024-11-30, with what is not used left in.
const azureAnswer = `{"status":"succeeded","createdDateTime":"2026-03-02T10:00:00Z","lastUpdatedDateTime":"2026-03-02T10:00:03Z","analyzeResult":{
"apiVersion":"2024-11-30","modelId":"prebuilt-layout","stringIndexType":"unicodeCodePoint","contentFormat":"text","content":"Notice period\nninety (90) days\nUptime",
"pages":[{"pageNumber":1,"angle":0.1,"width":1700,"height":2200,"unit":"pixel","spans":[{"offset":0,"length":37}],
"words":[{"content":"Notice","polygon":[200,400,320,400,320,430,200,430],"confidence":0.995,"span":{"offset":0,"length":6}},
{"content":"period","polygon":[330,400,440,400,440,430,330,430],"confidence":0.42,"span":{"offset":7,"length":6}},
{"content":"ninety","polygon":[200,460,320,460,320,490,200,490],"confidence":0.99,"span":{"offset":14,"length":6}},
{"content":"Uptime","polygon":[200,1000,320,1000,320,1030,200,1030],"confidence":0.99,"span":{"offset":31,"length":6}}],
"lines":[{"content":"Notice period","polygon":[200,400,440,400,440,430,200,430],"spans":[{"offset":0,"length":13}]},
{"content":"ninety (90) days","polygon":[200,460,500,460,500,490,200,490],"spans":[{"offset":14,"length":16}]},
{"content":"Uptime","polygon":[200,1000,320,1000,320,1030,200,1030],"spans":[{"offset":31,"length":6}]}]}],
"tables":[{"rowCount":1,"columnCount":1,"cells":[{"rowIndex":0,"columnIndex":0,"content":"Uptime","boundingRegions":[{"pageNumber":1,"polygon":[190,990,600,990,600,1040,190,1040]}],"spans":[{"offset":31,"length":6}]}]}],
"paragraphs":[],"styles":[]}}`

func TestAzureGivesWordsWithPlacesAndForgetsTheResult(t *testing.T) {
	t.Parallel()
	polls := 0
	s := serve(t, func(s *service, _ int, w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Ocp-Apim-Subscription-Key") != key || r.URL.Query().Get("api-version") != "2024-11-30" && r.Method == http.MethodPost {
			t.Errorf("%s %s with the headers %v", r.Method, r.URL, r.Header)
		}
		switch {
		case r.Method == http.MethodPost && r.URL.Path == analyze:
			img, kind, err := image.Decode(r.Body)
			if err != nil || kind != "png" || img.Bounds().Dx() != 850 || r.Header.Get("Content-Type") != "image/png" {
				t.Errorf("what was sent is %s: %v", kind, err)
			}
			w.Header().Set("Operation-Location", s.URL+result+"?api-version=2024-11-30")
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusAccepted)
		case r.Method == http.MethodGet && r.URL.Path == result:
			if polls++; polls < 3 {
				_, _ = io.WriteString(w, `{"status":"running"}`)
				return
			}
			_, _ = io.WriteString(w, azureAnswer)
		case r.Method == http.MethodDelete && r.URL.Path == result:
			w.WriteHeader(http.StatusNoContent)
		default:
			t.Errorf("unexpected: %s %s", r.Method, r.URL)
		}
	})
	seen, err := azure(t, s, quick).Recognise(t.Context(), picture())
	if err != nil {
		t.Fatal(err)
	}
	if seen.Engine != "azure-layout/2024-11-30" || len(seen.Words) != 4 || len(seen.Rules) != 4 {
		t.Fatalf("got %+v", seen)
	}
	if w := seen.Words[1]; w.Text != "period" || w.Confidence != 0.42 || w.Line != 1 || w.Box != (pact.Box{Left: 165, Top: 200, Right: 220, Bottom: 215}) {
		t.Errorf("word %+v: points of the answer are to become points of the picture", w)
	}
	if seen.Words[2].Line == seen.Words[1].Line {
		t.Error("two lines are one")
	}
	if got := s.asked(); got[len(got)-1] != "DELETE "+result {
		t.Errorf("the result was left at the service: %v", got)
	}
}

func TestAServiceThatIsBusyIsAskedAgainAsItSays(t *testing.T) {
	t.Parallel()
	var first, second time.Time
	s := serve(t, func(s *service, n int, w http.ResponseWriter, r *http.Request) {
		switch {
		case n == 1:
			first = time.Now()
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
		case n == 2:
			second = time.Now()
			w.WriteHeader(http.StatusServiceUnavailable)
		case r.Method == http.MethodPost:
			w.Header().Set("Operation-Location", s.URL+result)
			w.WriteHeader(http.StatusAccepted)
		default:
			_, _ = io.WriteString(w, azureAnswer)
		}
	})
	if _, err := azure(t, s, quick).Recognise(t.Context(), picture()); err != nil {
		t.Fatal(err)
	}
	if waited := second.Sub(first); waited < time.Second {
		t.Errorf("it asked to be left alone for a second, and was asked again after %s", waited)
	}
}

func TestAnswersOfAzureThatAreWrongAreNeverTextAndTheDocumentWaits(t *testing.T) {
	t.Parallel()
	answer := func(body string) func(*service, int, http.ResponseWriter, *http.Request) {
		return func(s *service, _ int, w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				w.Header().Set("Operation-Location", s.URL+result)
				w.WriteHeader(http.StatusAccepted)
				return
			}
			_, _ = io.WriteString(w, body)
		}
	}
	for name, handle := range map[string]func(*service, int, http.ResponseWriter, *http.Request){
		"no JSON":               answer("<html>"),
		"cut off":               answer(azureAnswer[:len(azureAnswer)/2]),
		"an unknown status":     answer(`{"status":"thinking"}`),
		"no page":               answer(`{"status":"succeeded","analyzeResult":{"pages":[]}}`),
		"a page without size":   answer(`{"status":"succeeded","analyzeResult":{"pages":[{"width":0,"height":0}]}}`),
		"a word without place":  answer(`{"status":"succeeded","analyzeResult":{"pages":[{"width":10,"height":10,"words":[{"content":"x","polygon":[1,2,3]}]}]}}`),
		"a place beyond reason": answer(`{"status":"succeeded","analyzeResult":{"pages":[{"width":10,"height":10,"words":[{"content":"x","polygon":[1e30,2,3,4]}]}]}}`),
		"a result elsewhere": func(_ *service, _ int, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Operation-Location", "https://elsewhere.example"+result)
			w.WriteHeader(http.StatusAccepted)
		},
		"a page of a proxy": func(_ *service, _ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) },
		"no quota left": func(_ *service, _ int, w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `{"error":{"code":"403","message":"Out of call volume quota. Quota will be replenished in 3 days."}}`)
		},
		"no result named": func(_ *service, _ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) },
		"an answer of 40 MB": func(s *service, n int, w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				answer("")(s, n, w, r)
				return
			}
			for range 40 {
				_, _ = w.Write(bytes.Repeat([]byte{' '}, 1<<20))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, handle)
			seen, err := azure(t, s, quick).Recognise(t.Context(), picture())
			var state *document.Error
			if err == nil || errors.As(err, &state) || !fault.Is(err, fault.Unavailable) || len(seen.Words) > 0 {
				t.Errorf("got %+v, %v; want that the document waits", seen, err)
			}
			if err != nil && strings.Contains(err.Error(), key) {
				t.Errorf("the error shows the key: %v", err)
			}
		})
	}
}

func TestWhatTheServicesRefuseIsNamed(t *testing.T) {
	t.Parallel()
	status := func(code int, body string) *service {
		return serve(t, func(_ *service, _ int, w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			_, _ = io.WriteString(w, body)
		})
	}
	_, err := azure(t, status(http.StatusUnauthorized, ""), quick).Recognise(t.Context(), picture())
	documenttest.WantState(t, err, pact.DocumentNeedsOCR)
	_, err = azure(t, status(http.StatusBadRequest, `{"error":{"code":"InvalidRequest"}}`), quick).Recognise(t.Context(), picture())
	documenttest.WantState(t, err, pact.DocumentRejected)
	_, err = textract(t, status(http.StatusBadRequest, `{"__type":"com.amazonaws.textract#BadDocumentException"}`), quick).Recognise(t.Context(), picture())
	documenttest.WantState(t, err, pact.DocumentRejected)
	_, err = textract(t, status(http.StatusBadRequest, `{"__type":"UnrecognizedClientException","message":"The security token included in the request is invalid."}`), quick).Recognise(t.Context(), picture())
	documenttest.WantState(t, err, pact.DocumentNeedsOCR)
	failed := serve(t, func(s *service, _ int, w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			w.Header().Set("Operation-Location", s.URL+result)
			w.WriteHeader(http.StatusAccepted)
			return
		}
		_, _ = io.WriteString(w, `{"status":"failed","error":{"code":"InternalServerError"}}`)
	})
	_, err = azure(t, failed, quick).Recognise(t.Context(), picture())
	documenttest.WantState(t, err, pact.DocumentRejected)
}

func TestAServiceThatDoesNotAnswerLetsTheDocumentWait(t *testing.T) {
	t.Parallel()
	short := cloud.Limits{Patience: 300 * time.Millisecond, Pause: 10 * time.Millisecond}
	away := func(_ *service, _ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }
	slow := func(_ *service, _ int, _ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // the server sees the caller go away only once the body is read
		<-r.Context().Done()
	}
	never := func(s *service, _ int, w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			w.Header().Set("Operation-Location", s.URL+result)
			w.WriteHeader(http.StatusAccepted)
			return
		}
		_, _ = io.WriteString(w, `{"status":"running"}`)
	}
	throttled := func(_ *service, _ int, w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"__type":"ProvisionedThroughputExceededException"}`)
	}
	for name, recognise := range map[string]func() (document.Recognised, error){
		"azure away": func() (document.Recognised, error) {
			return azure(t, serve(t, away), short).Recognise(t.Context(), picture())
		},
		"azure slow": func() (document.Recognised, error) {
			return azure(t, serve(t, slow), short).Recognise(t.Context(), picture())
		},
		"azure never ready": func() (document.Recognised, error) {
			return azure(t, serve(t, never), short).Recognise(t.Context(), picture())
		},
		"textract away": func() (document.Recognised, error) {
			return textract(t, serve(t, away), short).Recognise(t.Context(), picture())
		},
		"textract throttled": func() (document.Recognised, error) {
			return textract(t, serve(t, throttled), short).Recognise(t.Context(), picture())
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := recognise(); !fault.Is(err, fault.Unavailable) {
				t.Errorf("got %v", err)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := azure(t, serve(t, never), quick).Recognise(ctx, picture()); !errors.Is(err, context.Canceled) || fault.Is(err, fault.Unavailable) {
		t.Errorf("the end of the caller's context: %v", err)
	}
}

func textract(t *testing.T, s *service, l cloud.Limits) *cloud.Textract {
	t.Helper()
	x, err := cloud.NewTextract(cloud.TextractConfig{
		Region: "eu-central-1", KeyID: "AKIDEXAMPLE", Secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", Endpoint: s.URL, HTTP: s.Client(), Limits: l,
		Now: func() time.Time { return time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func textractBlocks() string {
	block := func(kind, id, text string, confidence, left, top, width, height float64, children ...string) map[string]any {
		b := map[string]any{
			"BlockType": kind, "Id": id, "Confidence": confidence, "Page": 1,
			"Geometry": map[string]any{"BoundingBox": map[string]any{"Left": left, "Top": top, "Width": width, "Height": height}, "Polygon": []any{}},
		}
		if text != "" {
			b["Text"] = text
		}
		if len(children) > 0 {
			b["Relationships"] = []any{map[string]any{"Type": "CHILD", "Ids": children}}
		}
		return b
	}
	b, err := json.Marshal(map[string]any{
		"AnalyzeDocumentModelVersion": "1.0", "DocumentMetadata": map[string]any{"Pages": 1},
		"Blocks": []any{
			block("PAGE", "p", "", 0, 0, 0, 1, 1, "l1", "l2"),
			block("LINE", "l1", "Notice period", 99, 0.1, 0.2, 0.3, 0.02, "w1", "w2"),
			block("LINE", "l2", "Uptime", 99, 0.1, 0.5, 0.1, 0.02, "w3", "w1"), // a word named twice stays where it was first
			block("WORD", "w1", "Notice", 99.5, 0.1, 0.2, 0.1, 0.02),
			block("WORD", "w2", "period", 41, 0.22, 0.2, 0.1, 0.02),
			block("WORD", "w3", "Uptime", 99, 0.1, 0.5, 0.1, 0.02),
			block("TABLE", "t", "", 98, 0.05, 0.45, 0.5, 0.1, "c"),
			block("CELL", "c", "", 98, 0.05, 0.45, 0.5, 0.1, "w3"),
		},
	})
	if err != nil {
		panic(err) // of plain maps
	}
	return string(b)
}

func TestTextractGivesWordsWithPlacesToASignedRequest(t *testing.T) {
	t.Parallel()
	s := serve(t, func(_ *service, n int, w http.ResponseWriter, r *http.Request) {
		if n == 1 {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"__type":"ThrottlingException","message":"Rate exceeded"}`)
			return
		}
		auth := r.Header.Get("Authorization")
		if !strings.HasPrefix(auth, "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260302/eu-central-1/textract/aws4_request, SignedHeaders=") || !strings.Contains(auth, "x-amz-target") ||
			r.Header.Get("X-Amz-Date") != "20260302T100000Z" || r.Header.Get("X-Amz-Target") != "Textract.AnalyzeDocument" || r.Header.Get("Content-Type") != "application/x-amz-json-1.1" {
			t.Errorf("headers %v", r.Header)
		}
		var in struct {
			Document     struct{ Bytes []byte }
			FeatureTypes []string
		}
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || len(in.FeatureTypes) != 1 {
			t.Errorf("body %v: %v", in.FeatureTypes, err)
		}
		if img, _, err := image.Decode(bytes.NewReader(in.Document.Bytes)); err != nil || img.Bounds().Dy() != 1100 {
			t.Errorf("what was sent is no picture: %v", err)
		}
		_, _ = io.WriteString(w, textractBlocks())
	})
	seen, err := textract(t, s, quick).Recognise(t.Context(), picture())
	if err != nil {
		t.Fatal(err)
	}
	if seen.Engine != "aws-textract/1.0" || len(seen.Words) != 3 || len(seen.Rules) != 4 {
		t.Fatalf("got %+v", seen)
	}
	if w := seen.Words[1]; w.Text != "period" || w.Confidence != 0.41 || w.Line != 1 || fmt.Sprintf("%.0f %.0f", w.Box.Left, w.Box.Top) != "187 220" {
		t.Errorf("word %+v", w)
	}
}

func TestAnswersOfTextractThatAreWrongAreNeverTextAndTheDocumentWaits(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"no JSON": "<html>", "cut off": textractBlocks()[:300], "no blocks": `{}`,
		"a word without place": `{"Blocks":[{"BlockType":"LINE","Id":"l","Relationships":[{"Type":"CHILD","Ids":["w"]}]},{"BlockType":"WORD","Id":"w","Text":"x"}]}`,
	} {
		s := serve(t, func(_ *service, _ int, w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
		if seen, err := textract(t, s, quick).Recognise(t.Context(), picture()); !fault.Is(err, fault.Unavailable) || len(seen.Words) > 0 {
			t.Errorf("%s: got %+v", name, seen)
		}
	}
}

func TestSettingsThatCanNotWorkAreRefused(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{"", "resource", "ftp://x", "://"} {
		if _, err := cloud.NewAzure(cloud.AzureConfig{Endpoint: endpoint}); err == nil {
			t.Errorf("%q was taken", endpoint)
		}
	}
	for _, region := range []string{"", "Frankfurt", "eu-central-1.evil.example/"} {
		if _, err := cloud.NewTextract(cloud.TextractConfig{Region: region}); err == nil {
			t.Errorf("%q was taken", region)
		}
	}
}

func TestALargePictureIsSentSmaller(t *testing.T) {
	t.Parallel()
	p := document.Picture{Width: 2550, Height: 3300, DPI: 300, Gray: make([]byte, 2550*3300)}
	for i := range p.Gray { // noise, which PNG can not pack
		p.Gray[i] = byte(i*2654435761>>13) ^ byte(i>>7)
	}
	s := serve(t, func(_ *service, _ int, w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Header.Get("Content-Type") != "image/jpeg" || len(body) == 0 {
			t.Errorf("%s of %d bytes", r.Header.Get("Content-Type"), len(body))
		}
		w.WriteHeader(http.StatusBadRequest)
	})
	_, err := azure(t, s, quick).Recognise(t.Context(), p)
	documenttest.WantState(t, err, pact.DocumentRejected)
}
