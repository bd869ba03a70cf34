package api

import (
	"context"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

type placesView struct {
	Quote  string       `json:"quote"`
	Places []pact.Place `json:"places"`
}

// pageLine is a printed line of a page with its words, for a page that a browser can not read itself: a scan.
type pageLine struct {
	Start int        `json:"start"`
	End   int        `json:"end"`
	Words []pageWord `json:"words"`
}

type pageWord struct {
	Start int      `json:"start"`
	End   int      `json:"end"`
	Text  string   `json:"text"`
	Box   pact.Box `json:"box"`
}

func linesOf(d *document.Document, page int) []pageLine {
	text := []rune(d.Text)
	out := []pageLine{}
	for _, l := range d.Lines {
		if l.Page != page {
			continue
		}
		line := pageLine{Start: l.Start, End: l.End, Words: []pageWord{}}
		for _, w := range l.Words {
			if w.Start >= 0 && w.Start < w.End && w.End <= len(text) {
				line.Words = append(line.Words, pageWord{Start: w.Start, End: w.End, Text: string(text[w.Start:w.End]), Box: w.Box})
			}
		}
		out = append(out, line)
	}
	return out
}

// documentReading is document.Document under a name of its own in the API.
type documentReading document.Document

type fileAnswer struct {
	ContentType        string `header:"Content-Type"`
	ContentDisposition string `header:"Content-Disposition"`
	CSP                string `header:"Content-Security-Policy"`
	Body               []byte
}

func (s *Server) documentRoutes() {
	huma.Register(s.api, op(http.MethodGet, "/documents", "listDocuments", "Documents by state", "Documents", pact.Viewer), func(ctx context.Context, in *struct {
		Paging
		State      []string `query:"state" enum:"received,reading,read,needs_ocr,encrypted,damaged,unsupported,rejected,quarantined" doc:"States, separated by commas."`
		ContractID string   `query:"contract_id"`
	},
	) (*answer[page[pact.Document]], error) {
		p, err := s.Store.Reads().Documents.List(ctx, storeQuery(in.Paging, "-created_at", "state", listed(in.State), "contract_id", in.ContractID))
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return pageOf(p, same[pact.Document]), nil
	})
	huma.Register(s.api, op(http.MethodGet, "/documents/{id}", "getDocument", "A document", "Documents", pact.Viewer), func(ctx context.Context, in *ByID) (*answer[pact.Document], error) {
		d, err := s.Store.Reads().Documents.Get(ctx, in.ID)
		return respondWith(ctx, s, d, err)
	})
	huma.Register(s.api, op(http.MethodGet, "/documents/{id}/file", "getFile", "The original file", "Documents", pact.Viewer), func(ctx context.Context, in *ByID) (*fileAnswer, error) {
		d, err := s.Store.Reads().Documents.Get(ctx, in.ID)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		body, err := s.Blobs.Get(ctx, d.SHA256)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return &fileAnswer{
			ContentType: mediaType(d), Body: body, CSP: "sandbox; default-src 'none'",
			ContentDisposition: mime.FormatMediaType("attachment", map[string]string{"filename": d.Filename}),
		}, nil
	})
	huma.Register(s.api, op(http.MethodGet, "/documents/{id}/reading", "getReading", "The text with blocks, pages and sections", "Documents", pact.Viewer), func(ctx context.Context, in *ByID) (*answer[documentReading], error) {
		d, err := s.reading(ctx, in.ID)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		d.Lines = nil
		return &answer[documentReading]{Body: documentReading(*d)}, nil
	})
	huma.Register(s.api, op(http.MethodGet, "/documents/{id}/places", "getPlaces", "Where a run of the text stands", "Documents", pact.Viewer), func(ctx context.Context, in *struct {
		ByID
		Start int `query:"start" minimum:"0"`
		End   int `query:"end" minimum:"0"`
	},
	) (*answer[placesView], error) {
		d, err := s.reading(ctx, in.ID)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		if in.End <= in.Start || in.End-in.Start > 20_000 {
			return nil, s.fail(ctx, fault.New(fault.Invalid, "end must lie after start, by at most 20,000 characters."))
		}
		return &answer[placesView]{Body: placesView{Quote: d.Slice(in.Start, in.End), Places: d.Places(in.Start, in.End)}}, nil
	})
	huma.Register(s.api, op(http.MethodGet, "/documents/{id}/words", "getWords", "The words of a page with their boxes", "Documents", pact.Viewer), func(ctx context.Context, in *struct {
		ByID
		Page int `query:"page" minimum:"1" default:"1"`
	},
	) (*answer[items[pageLine]], error) {
		d, err := s.reading(ctx, in.ID)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return list(linesOf(d, in.Page)), nil
	})
	huma.Register(s.api, op(http.MethodPost, "/documents/{id}/retry", "retryDocument", "Read a document again", "Documents", pact.Reviewer), func(ctx context.Context, in *ByID) (*answer[pact.Document], error) {
		d, err := s.Intake.Retry(ctx, pact.DocumentID(in.ID))
		return respondWith(ctx, s, d, err)
	})
}

// mediaType is what a browser is told: only types that a reader has recognised by content.
func mediaType(d pact.Document) string {
	switch d.MediaType {
	case "image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp", "image/tiff", "application/pdf", "text/plain; charset=utf-8", "application/vnd.openxmlformats-officedocument.wordprocessingml.document":
		return d.MediaType
	}
	return "application/octet-stream"
}

func (s *Server) reading(ctx context.Context, id string) (*document.Document, error) {
	d, err := s.Store.Reads().Documents.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if d.TextID == "" {
		return nil, fault.New(fault.Conflict, "This document has no text: it is %s. %s", d.State, d.Reason)
	}
	raw, err := s.Blobs.GetNamed(ctx, string(d.TextID))
	if err != nil {
		return nil, err
	}
	var out document.Document
	if err := json.Unmarshal(raw, &out); err != nil {
		return nil, fmt.Errorf("reading the text %s: %w", d.TextID, err)
	}
	return &out, nil
}
