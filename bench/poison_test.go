package bench_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// poison in a file makes our reader process die, each time.
const poison = "%poison of the benchmark%"

// mortal is the input of a reader process that dies of poison.
type mortal struct {
	from io.Reader
	tail []byte // of what came before: poison may be cut in two
}

func (m *mortal) Read(p []byte) (int, error) {
	n, err := m.from.Read(p)
	seen := append(m.tail, p[:n]...)
	if bytes.Contains(seen, []byte(poison)) {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
	m.tail = bytes.Clone(seen[max(0, len(seen)-len(poison)):])
	return n, err
}

// BenchmarkBesidePoison measures documents taken in, read and put in review per second, alone and while one among them kills
// its reader each time, from its arrival until it is set aside. Both are measured in turns in one process, for the same time,
// each of them first as often as the other. Reliability 10 wants at most 5 % lost.
func BenchmarkBesidePoison(b *testing.B) {
	const turns = 2
	cfg := settings(b, "")
	cfg.Roles = "api,worker,scheduler"
	h := start(b, cfg)
	contract, err := os.ReadFile(filepath.Join("..", "samples", "contracts", "pinecrest-professional-services-agreement.pdf"))
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	fresh := func(tail string) []byte {
		n++
		return fmt.Appendf(bytes.Clone(contract), "\n%% copy %d %s\n", n, tail)
	}
	read := func(enough func(time.Duration) bool) (documents int, took time.Duration) {
		began := time.Now()
		var waiting []string
		for !enough(time.Since(began)) || len(waiting) > 0 {
			for len(waiting) < 8 && !enough(time.Since(began)) { // never a pause between two, never a long queue
				waiting = append(waiting, h.upload(b, fresh("")))
			}
			if state := h.ended(b, waiting[0]); state != "read" {
				b.Fatalf("a good document is %s", state)
			}
			waiting = waiting[1:]
			documents++
		}
		return documents, time.Since(began)
	}
	life := 20 * time.Second
	passed := func(d time.Duration) bool { return d > life }
	read(func(d time.Duration) bool { return d > 2*time.Second }) // warm
	var documents [2]int
	var took [2]time.Duration
	for b.Loop() {
		for turn := range 2 * turns {
			beside := (turn + turn/2) % 2 // alone, beside, beside, alone
			enough, bad := passed, ""
			if beside == 1 {
				bad = h.upload(b, fresh(poison))
				enough = func(d time.Duration) bool { return d > life/2 && h.state(b, bad) == "quarantined" }
			}
			count, time := read(enough)
			documents[beside] += count
			took[beside] += time
		}
	}
	alone, beside := float64(documents[0])/took[0].Seconds(), float64(documents[1])/took[1].Seconds()
	b.ReportMetric(alone, "alone-documents/s")
	b.ReportMetric(beside, "beside-documents/s")
	b.ReportMetric(100*(1-beside/alone), "%-lost")
	b.ReportMetric(0, "ns/op")
}

// upload brings a file, as the form does, and gives the id of its document.
func (h house) upload(b *testing.B, file []byte) string {
	b.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "contract.pdf")
	if err != nil {
		b.Fatal(err)
	}
	if _, err := part.Write(file); err != nil {
		b.Fatal(err)
	}
	if err := form.Close(); err != nil {
		b.Fatal(err)
	}
	var out struct {
		Document struct {
			ID string `json:"id"`
		} `json:"document"`
	}
	h.do(b, http.MethodPost, "/contracts", form.FormDataContentType(), body.Bytes(), &out)
	return out.Document.ID
}

// ended waits until a document is in a state that lasts.
func (h house) ended(b *testing.B, id string) string {
	b.Helper()
	for {
		state := h.state(b, id)
		if state != "received" && state != "reading" {
			return state
		}
		select {
		case <-b.Context().Done():
			b.Fatalf("the document is still %s", state)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (h house) state(b *testing.B, id string) string {
	b.Helper()
	var doc struct {
		State string `json:"state"`
	}
	h.do(b, http.MethodGet, "/documents/"+id, "", nil, &doc)
	return doc.State
}
