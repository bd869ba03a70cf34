package main

import (
	"context"
	"time"
)

func scanPDF(ctx context.Context, t text, created time.Time) ([]byte, error)  { return nil, nil }
func encryptedPDF(t text, created time.Time, password string) ([]byte, error) { return nil, nil }
