package api_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/apitest"
)

// pipeline asks many times on one connection and reads nothing: more than what the system keeps between the two.
func pipeline(t *testing.T, h *apitest.House, requests int) net.Conn {
	t.Helper()
	host := strings.TrimPrefix(h.URL, "http://")
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	one := "GET /api/openapi.json HTTP/1.1\r\nHost: " + host + "\r\n\r\n"
	if _, err := io.WriteString(conn, strings.Repeat(one, requests)); err != nil {
		t.Fatal(err)
	}
	return conn
}

const asked = 200

func TestAReaderThatTakesNothingIsLetGo(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{StallTime: 200 * time.Millisecond})
	conn := pipeline(t, h, asked)
	// The server gives up while nothing is read; what comes then is what the system still held, and the end.
	if got := answers(t, conn, 2*time.Second); got == asked {
		t.Errorf("all %d answers came to a reader that stopped for ten times the limit", got)
	}
}

func TestASlowReaderThatGoesOnIsServedToTheEnd(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{StallTime: 5 * time.Second})
	if got := answers(t, pipeline(t, h, asked), 0); got != asked {
		t.Errorf("%d of %d answers came", got, asked)
	}
}

// answers reads all answers after a pause and counts those that are whole.
func answers(t *testing.T, conn net.Conn, pause time.Duration) int {
	t.Helper()
	timer := time.NewTimer(pause)
	<-timer.C
	r := bufio.NewReader(conn)
	for n := range asked {
		a, err := http.ReadResponse(r, nil)
		if err == nil {
			_, err = io.Copy(io.Discard, a.Body)
			_ = a.Body.Close()
		}
		if errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal("the server neither answers nor ends the connection")
		}
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, syscall.ECONNRESET) {
				t.Fatal(err)
			}
			return n
		}
	}
	return asked
}
