package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"time"
)

// Client speaks to an installation the way everybody does: the HTTP API, signed in as a person or by a key.
type Client struct {
	Base string
	Key  string // "" = the session of SignIn
	http *http.Client
}

// NewClient makes a client with a cookie jar of its own.
func NewClient(base, key string) *Client {
	jar, _ := cookiejar.New(nil) // never fails without options
	return &Client{Base: base, Key: key, http: &http.Client{Jar: jar, Timeout: 2 * time.Minute}}
}

// SignIn begins a session.
func (c *Client) SignIn(ctx context.Context, email, password string) error {
	return c.Do(ctx, http.MethodPost, "/session", map[string]string{"email": email, "password": password}, nil)
}

// Problem is a refused request.
type Problem struct {
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Kind   string `json:"kind"`
}

func (p *Problem) Error() string { return fmt.Sprintf("%d: %s", p.Status, p.Detail) }

// Do sends JSON to /api/v1 + path and reads JSON. A refusal is a *Problem.
func (c *Client) Do(ctx context.Context, method, path string, body, into any) error {
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return err
		}
		r = bytes.NewReader(b)
	}
	return c.Raw(ctx, method, c.Base+"/api/v1"+path, r, "application/json", into)
}

// Raw sends any body to a full address.
func (c *Client) Raw(ctx context.Context, method, address string, body io.Reader, contentType string, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return err
	}
	if body != nil {
		req.Header.Set("Content-Type", contentType)
	}
	if c.Key != "" {
		req.Header.Set("Authorization", "Bearer "+c.Key)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode >= 300 {
		p := &Problem{Status: res.StatusCode}
		_ = json.Unmarshal(answer, p)
		if p.Detail == "" {
			p.Detail = strings.TrimSpace(string(answer))
		}
		p.Status = res.StatusCode
		return fmt.Errorf("%s %s: %w", method, address, p)
	}
	if into == nil || len(answer) == 0 {
		return nil
	}
	return json.Unmarshal(answer, into)
}

// Status is what /system tells.
type Status struct {
	Now     time.Time `json:"now"`
	Ready   bool      `json:"ready"`
	Backlog struct {
		JobsAvailable int `json:"jobs_available"`
		JobsRetrying  int `json:"jobs_retrying"`
		JobsDiscarded int `json:"jobs_discarded"`
		Unsealed      int `json:"unsealed"`
	} `json:"backlog"`
	NextTransition *time.Time `json:"next_transition"`
	NextDue        *time.Time `json:"next_due"`
}

// Settled waits until nothing is left to do as of the product's clock: no job ready, running or waiting for a retry, no
// timer due. It asks, with growing pauses, until ctx ends.
func (c *Client) Settled(ctx context.Context, clock time.Time) (Status, error) {
	var s Status
	quiet := 0
	for pause := 10 * time.Millisecond; ; pause = min(pause*3/2, 200*time.Millisecond) {
		err := c.Do(ctx, http.MethodGet, "/system", nil, &s)
		var refused *Problem
		if errors.As(err, &refused) && refused.Status < 500 {
			return s, err
		}
		idle := err == nil && s.Backlog.JobsAvailable == 0 && s.Backlog.JobsRetrying == 0 && !s.Now.Before(clock.Truncate(time.Microsecond)) && (s.NextDue == nil || s.NextDue.After(s.Now))
		if idle {
			if quiet++; quiet == 2 {
				return s, nil
			}
			pause = 5 * time.Millisecond
		} else {
			quiet = 0
		}
		select {
		case <-ctx.Done():
			return s, fmt.Errorf("waiting until nothing is left to do (%+v): %w", s, errors.Join(err, ctx.Err()))
		case <-time.After(pause):
		}
	}
}
