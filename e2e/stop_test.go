//go:build demo

package e2e

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pactloop/pactloop/demo"
	"github.com/pactloop/pactloop/internal/pact"
)

// A server that is asked to stop ends live streams, lets in nobody new, answers what it is at, and leaves no work half done:
// what it was reading is read, once, after the next start.
func TestAGracefulStop(t *testing.T) {
	t.Parallel()
	ctx := long(t)
	folder := t.TempDir()
	s := serve(ctx, t, binary, folder)
	m := regexp.MustCompile(`^First start: sign in as (\S+) with the password (\S+) \(`).FindStringSubmatch(s.line())
	if m == nil {
		t.Fatalf("it printed no administrator: %q", s.answer.Text())
	}
	c := demo.NewClient(s.base, "")
	if err := c.SignIn(ctx, m[1], m[2]); err != nil {
		t.Fatal(err)
	}
	var made struct {
		Key string `json:"key"`
	}
	if err := c.Do(ctx, http.MethodPost, "/keys", map[string]any{"name": "hand", "role": "admin", "units": []string{"*"}}, &made); err != nil {
		t.Fatal(err)
	}
	host := strings.TrimPrefix(s.base, "http://")

	streamEnds := make(chan error, 1)
	stream := following(ctx, t, s.base, made.Key)
	go func() {
		_, err := io.Copy(io.Discard, stream)
		streamEnds <- err
	}()

	const uploads = 6
	for i := range uploads { // reading them is under way, or waits, when the stop comes
		body, kind := contractFile(t, fmt.Sprintf("waiting %d", i))
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+"/api/v1/contracts", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", kind)
		req.Header.Set("Authorization", "Bearer "+made.Key)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusCreated {
			t.Fatalf("upload %d: %s", i, res.Status)
		}
	}

	// A request in the middle of its body: 100 Continue says that the handler reads it.
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	body, kind := contractFile(t, "under way")
	if _, err := fmt.Fprintf(conn, "POST /api/v1/contracts HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", host, made.Key, kind, len(body)); err != nil {
		t.Fatal(err)
	}
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			t.Fatal(err)
		}
	}
	answer := bufio.NewReader(conn)
	for _, want := range []string{"HTTP/1.1 100 Continue\r\n", "\r\n"} {
		if line, err := answer.ReadString('\n'); err != nil || line != want {
			t.Fatalf("before the body the server says %q, %v", line, err)
		}
	}
	half := len(body) / 2
	if _, err := conn.Write(body[:half]); err != nil {
		t.Fatal(err)
	}

	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-streamEnds:
		if err != nil {
			t.Errorf("the live stream ends with %v", err)
		}
	case <-ctx.Done():
		t.Fatal("the live stream does not end")
	}
	// Streams end after the door is closed. The kernel may still take a connection: a child that is between fork and exec holds the listening
	// socket a moment longer, and another program may have the port by now. But nobody who knocks is answered with anything of this server.
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+"/api/v1/contracts", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+made.Key)
	stranger := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	if late, err := stranger.Do(req); err == nil {
		_ = late.Body.Close()
		if late.StatusCode == http.StatusOK {
			t.Error("somebody new is let in")
		}
	}
	if _, err := conn.Write(body[half:]); err != nil {
		t.Fatalf("the rest of a request that was under way: %v", err)
	}
	res, err := http.ReadResponse(answer, nil)
	if err != nil {
		t.Fatalf("a request that was under way is not answered: %v", err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusCreated {
		t.Errorf("a request that was under way: %s", res.Status)
	}
	s.ends(ctx, t)

	s = serve(ctx, t, binary, folder)
	c = demo.NewClient(s.base, "")
	if err := c.SignIn(ctx, m[1], m[2]); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for read := 0; read < uploads+1; {
		docs := all[pact.Document](ctx, t, c, "/documents")
		if len(docs) != uploads+1 {
			t.Fatalf("%d documents, want %d", len(docs), uploads+1)
		}
		read = 0
		for _, d := range docs {
			switch d.State {
			case pact.DocumentRead:
				read++
			case pact.DocumentDamaged, pact.DocumentRejected:
				t.Fatalf("%s is %s: %s", d.Filename, d.State, d.Reason)
			}
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%d of %d are read; %v\n%s", read, uploads+1, ctx.Err(), s.log)
		case <-tick.C:
		}
	}
	reviews := map[pact.DocumentID]int{}
	for len(reviews) < uploads+1 {
		clear(reviews)
		for _, r := range all[struct {
			Review pact.Review `json:"review"`
		}](ctx, t, c, "/reviews") {
			reviews[r.Review.DocumentID]++
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%d of %d have a review", len(reviews), uploads+1)
		case <-tick.C:
		}
	}
	for id, n := range reviews {
		if n != 1 {
			t.Errorf("the document %s has %d reviews", id, n)
		}
	}
	var verdict struct {
		OK bool `json:"ok"`
	}
	if err := c.Do(ctx, http.MethodGet, "/audit/verify", nil, &verdict); err != nil || !verdict.OK {
		t.Errorf("the trail: %+v %v", verdict, err)
	}
	s.stop(t)
}

// ends waits until the process is over, which it is by itself and without an error.
func (s *served) ends(ctx context.Context, t *testing.T) {
	t.Helper()
	go func() {
		for s.answer.Scan() {
			continue
		}
		s.ended <- s.cmd.Wait()
	}()
	select {
	case err := <-s.ended:
		if err != nil {
			t.Errorf("it stopped with %v\n%s", err, s.log)
		}
	case <-ctx.Done():
		t.Fatalf("it does not stop\n%s", s.log)
	}
}

// following opens the stream of changes and waits for its first event.
func following(ctx context.Context, t *testing.T, base, key string) io.Reader {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/api/v1/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	r := bufio.NewReader(res.Body)
	if line, err := r.ReadString('\n'); err != nil && !errors.Is(err, io.EOF) || line == "" {
		t.Fatalf("the live stream begins with %q, %v", line, err)
	}
	return r
}

// contractFile is an upload of a small contract of its own.
func contractFile(t *testing.T, title string) (body []byte, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", strings.ReplaceAll(title, " ", "-")+".txt")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = fmt.Fprintf(part, "SERVICES AGREEMENT\n\nThis Services Agreement (%s) is entered into as of March 1, 2026 by Halden Systems, Inc. and Acme Corp.\n\nThis Agreement is governed by the laws of the State of New York.\n", title)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), w.FormDataContentType()
}
