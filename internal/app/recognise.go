package app

import (
	"context"
	"net/http"
	"time"

	"github.com/pactloop/pactloop/internal/config"
	"github.com/pactloop/pactloop/internal/connector/outbound"
	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/cloud"
	"github.com/pactloop/pactloop/internal/document/tesseract"
)

// Recogniser reads pictures, and says what it is.
type Recogniser interface {
	document.Recogniser
	Status(ctx context.Context) document.EngineStatus
}

// NewRecogniser makes what the settings name: tesseract on this machine, or a service that pages are sent to; nil for none.
func NewRecogniser(cfg config.Config) (Recogniser, error) {
	limits := cloud.Limits{Patience: max(cfg.OCRTimeout, time.Minute)}
	switch cfg.OCR {
	case "none":
		return nil, nil //nolint:nilnil // that nothing recognises is a setting
	case "azure":
		client, err := recognitionClient(cfg)
		if err != nil {
			return nil, err
		}
		return cloud.NewAzure(cloud.AzureConfig{Endpoint: cfg.OCREndpoint, Key: cfg.OCRKey, HTTP: client, Limits: limits})
	case "textract":
		client, err := recognitionClient(cfg)
		if err != nil {
			return nil, err
		}
		return cloud.NewTextract(cloud.TextractConfig{
			Region: cfg.OCRRegion, KeyID: cfg.OCRKeyID, Secret: cfg.OCRKey, Endpoint: cfg.OCREndpoint, HTTP: client, Limits: limits,
			Now: time.Now, // a signature is for the service's clock, not the product's
		})
	}
	return tesseract.New(tesseract.Config{
		Program: cfg.OCRTesseract, Languages: cfg.OCRLanguages, Limit: cfg.OCRTimeout, Memory: int64(cfg.OCRMemoryMiB) << 20, Processes: cfg.OCRWorkers,
	})
}

func recognitionClient(cfg config.Config) (*http.Client, error) {
	return outbound.NewClient(outbound.Config{Name: "ocr", AllowHosts: words(cfg.OCRAllow, ",")})
}

// recognition is what the page of the system's state shows.
func (a *App) recognition(ctx context.Context) document.EngineStatus {
	if a.seer == nil {
		return document.EngineStatus{Engine: "none", Missing: "Text recognition is switched off (ocr: none); scans are not read."}
	}
	return a.seer.Status(ctx)
}
