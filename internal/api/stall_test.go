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
	one := "GET /api/openapi.json HTTP/1.1\r\nHost: " + host + "\r\n\r\n"
	if _, err := io.WriteString(conn, strings.Repeat(one, requests)); err != nil {
		t.Fatal(err)
	}
	return conn
}

const asked = 200

func TestAReaderThatTakesNothingIsLetGo(t *testing.T) {
	t.Parallel()
	gone := make(chan struct{}, 1)
	h := apitest.Build(t, apitest.Options{StallTime: 200 * time.Millisecond, Closed: func() {
		select {
		case gone <- struct{}{}:
		default:
		}
	}})
	conn := pipeline(t, h, asked)
	// The server gives up while nothing is read, however long it took to fill what the system holds; what comes then is that,
	// and the end.
	select {
	case <-gone:
	case <-time.After(5 * time.Minute):
		t.Fatal("the server holds on to a reader that takes nothing")
	}
	if got := answers(t, conn); got == asked {
		t.Errorf("all %d answers came to a reader that took nothing", got)
	}
}

func TestASlowReaderThatGoesOnIsServedToTheEnd(t *testing.T) {
	t.Parallel()
	h := apitest.Build(t, apitest.Options{StallTime: time.Minute})
	if got := answers(t, pipeline(t, h, asked)); got != asked {
		t.Errorf("%d of %d answers came", got, asked)
	}
}

// answers reads all answers and counts those that are whole.
func answers(t *testing.T, conn net.Conn) int {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(5 * time.Minute)); err != nil {
		t.Fatal(err)
	}
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
