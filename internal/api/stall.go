package api

import (
	"net/http"
	"time"
)

// stallTime is how long one write of an answer may wait for a reader that takes nothing.
const stallTime = 30 * time.Second

// stalling lets go of readers that take nothing. Every write has its time, so a slow reader that goes on is served to the end,
// whatever the size, and one that stopped does not hold its connection, and the answer, for ever.
func (s *Server) stalling(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		timed := &timedWriter{ResponseWriter: w, control: http.NewResponseController(w), stall: s.StallTime}
		next.ServeHTTP(timed, r)
		timed.extend() // for what is still in the buffer
	})
}

type timedWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	stall   time.Duration
}

// extend: not every writer of a test has deadlines.
func (w *timedWriter) extend() { _ = w.control.SetWriteDeadline(time.Now().Add(w.stall)) }

func (w *timedWriter) Write(p []byte) (int, error) {
	const piece = 256 << 10 // each has its time: a large answer is not one write
	total := 0
	for {
		w.extend()
		n, err := w.ResponseWriter.Write(p[:min(len(p), piece)])
		total += n
		if p = p[n:]; err != nil || len(p) == 0 {
			return total, err
		}
	}
}

// FlushError is what http.ResponseController calls.
func (w *timedWriter) FlushError() error {
	w.extend()
	return w.control.Flush()
}

// Flush lets live streams through.
func (w *timedWriter) Flush() { _ = w.FlushError() }

// Unwrap shows the writer below, for deadlines.
func (w *timedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
