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

// BenchmarkBesidePoison measures documents taken in, read and put in review per second, alone and with one among them that
// kills its reader each time: it costs two readers and is set aside. Both are measured in turns in one process, each of them
// first as often as the other. Reliability 10 wants at most 5 % lost.
func BenchmarkBesidePoison(b *testing.B) {
	const batch, turns = 48, 4
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
	read := func() time.Duration {
		began := time.Now()
		var ids []string
		for range batch {
			ids = append(ids, h.upload(b, fresh("")))
		}
		for _, id := range ids {
			if state := h.ended(b, id); state != "read" {
				b.Fatalf("a good document is %s", state)
			}
		}
		return time.Since(began)
	}
	read() // warm
	var alone, beside time.Duration
	for b.Loop() {
		for turn := range turns {
			if turn%2 == 0 {
				alone += read()
			}
			bad := h.upload(b, fresh(poison))
			beside += read()
			if state := h.ended(b, bad); state != "quarantined" {
				b.Fatalf("the poison is %s, want quarantined", state)
			}
			if turn%2 == 1 {
				alone += read()
			}
		}
	}
	documents := float64(b.N * turns * batch)
	b.ReportMetric(documents/alone.Seconds(), "alone-documents/s")
	b.ReportMetric(documents/beside.Seconds(), "beside-documents/s")
	b.ReportMetric(100*(1-alone.Seconds()/beside.Seconds()), "%-lost")
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
		var doc struct {
			State string `json:"state"`
		}
		h.do(b, http.MethodGet, "/documents/"+id, "", nil, &doc)
		if doc.State != "received" && doc.State != "reading" {
			return doc.State
		}
		select {
		case <-b.Context().Done():
			b.Fatalf("the document is still %s", doc.State)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
