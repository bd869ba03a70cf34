//go:build demo

package e2e

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/pactloop/pactloop/demo"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/samples"
)

// Bad input through the real door: each gets a clear answer or a named state, the server stays small, others are served.
func TestHostileInput(t *testing.T) {
	t.Parallel()
	ctx := long(t)
	d := town(ctx, t, demo.Config{})
	reviewer := as(ctx, t, d, demo.ReviewerEmail)

	t.Run("an empty file", func(t *testing.T) {
		doc, err := upload(ctx, d, reviewer, "empty.pdf", "Empty", strings.NewReader(""))
		if err == nil {
			doc = final(ctx, t, d, doc.ID)
			if doc.State == pact.DocumentRead || doc.Reason == "" {
				t.Errorf("an empty file is %s: %q", doc.State, doc.Reason)
			}
		} else if s := refusal(err); s < 400 || s >= 500 || !strings.Contains(err.Error(), "empty") {
			t.Errorf("an empty file is answered with %v", err)
		}
	})
	t.Run("a file of 200 MB", func(t *testing.T) {
		before := peak(t, d)
		_, err := upload(ctx, d, reviewer, "large.pdf", "Large", io.LimitReader(zeros{}, 200<<20))
		if refusal(err) != http.StatusRequestEntityTooLarge {
			t.Errorf("200 MB are answered with %v, want 413", err)
		}
		if grown := peak(t, d) - before; grown > 256<<10 {
			t.Errorf("the server grew by %d KiB for a file it refused", grown)
		}
	})
	t.Run("a zip bomb", func(t *testing.T) {
		named(ctx, t, d, reviewer, "bomb.docx", docx(t, func(w io.Writer) error {
			if _, err := io.WriteString(w, `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>`); err != nil {
				return err
			}
			_, err := io.Copy(w, io.LimitReader(zeros{}, 600<<20))
			return err
		}))
	})
	t.Run("entities and addresses in a DOCX", func(t *testing.T) {
		canary := listen(ctx, t)
		doc, err := upload(ctx, d, reviewer, "xxe.docx", "XXE", bytes.NewReader(docx(t, func(w io.Writer) error {
			_, err := fmt.Fprintf(w, `<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "http://%s/a"><!ENTITY b SYSTEM "file:///etc/passwd">]><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Agreement &a; &b;</w:t></w:r></w:p></w:body></w:document>`, canary.addr)
			return err
		})))
		if err != nil {
			t.Fatal(err)
		}
		doc = final(ctx, t, d, doc.ID)
		if n := canary.hits.Load(); n != 0 {
			t.Errorf("the document made the server connect %d times", n)
		}
		if doc.State == pact.DocumentRead {
			reading := string(raw(ctx, t, d, "/documents/"+string(doc.ID)+"/reading"))
			if strings.Contains(reading, "root:") {
				t.Error("the document read /etc/passwd")
			}
		} else if doc.Reason == "" {
			t.Errorf("%s without a reason", doc.State)
		}
	})
	t.Run("a PDF that goes in circles", func(t *testing.T) { named(ctx, t, d, reviewer, "circle.pdf", circle()) })
	t.Run("HTML in a title comes back as it was", func(t *testing.T) {
		const title = `<img src=x onerror="alert(1)"><script>alert(2)</script>`
		doc, err := upload(ctx, d, reviewer, "title.txt", title, strings.NewReader("SERVICES AGREEMENT\n\nThis Agreement is made as of March 1, 2026 between Halden Systems, Inc. and Marlow LLC.\n"))
		if err != nil {
			t.Fatal(err)
		}
		con := get[struct {
			Contract pact.Contract `json:"contract"`
		}](ctx, t, d.Admin, "/contracts/"+string(doc.ContractID)).Contract
		if con.Title != title {
			t.Errorf("the title came back as %q", con.Title)
		}
	})
	t.Run("a webhook of 10 MiB and one byte", func(t *testing.T) {
		before := peak(t, d)
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.Base+"/hooks/"+d.State.Connections["ironclad"], io.LimitReader(zeros{}, 10<<20+1))
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("answered with %s, want 413", res.Status)
		}
		if grown := peak(t, d) - before; grown > 128<<10 {
			t.Errorf("the server grew by %d KiB", grown)
		}
	})
	t.Run("others are served", func(t *testing.T) { readsWell(ctx, t, d, reviewer) })
	verified(ctx, t, d)
}

// A document on which the reader dies each time is set aside after at most three attempts, and the next one is read.
func TestPoisonDocument(t *testing.T) {
	t.Parallel()
	ctx := long(t)
	d := town(ctx, t, demo.Config{})
	reviewer := as(ctx, t, d, demo.ReviewerEmail)
	settled(ctx, t, d)
	hunting, done := context.WithCancel(ctx)
	hunted := make(chan int)
	go func() { hunted <- hunt(hunting, d.PID()) }()
	raw, err := samples.Files.ReadFile("contracts/pinecrest-professional-services-agreement.pdf")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := upload(ctx, d, reviewer, "poison.pdf", "Poison", bytes.NewReader(append(raw, "\n% another file\n"...)))
	if err != nil {
		t.Fatal(err)
	}
	doc = final(ctx, t, d, doc.ID)
	done()
	killed := <-hunted
	if doc.State != pact.DocumentQuarantined || doc.Attempts > 3 || doc.Reason == "" {
		t.Errorf("after %d dead readers the document is %s with %d attempts: %q; want quarantined after at most 3", killed, doc.State, doc.Attempts, doc.Reason)
	}
	readsWell(ctx, t, d, reviewer)
}

// hunt kills every reader process of a server until ctx ends, and tells how many.
func hunt(ctx context.Context, server int) int {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	seen := map[int]bool{}
	for {
		select {
		case <-ctx.Done():
			return len(seen)
		case <-tick.C:
		}
		tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", server))
		if err != nil {
			continue
		}
		for _, task := range tasks {
			list, err := os.ReadFile(task)
			if err != nil {
				continue
			}
			for _, f := range strings.Fields(string(list)) {
				pid, err := strconv.Atoi(f)
				if err == nil && syscall.Kill(pid, syscall.SIGKILL) == nil {
					seen[pid] = true
				}
			}
		}
	}
}

// readsWell uploads a good file and wants it read.
func readsWell(ctx context.Context, t *testing.T, d *demo.Demo, c *demo.Client) {
	t.Helper()
	good, err := samples.Files.ReadFile("contracts/acme-statement-of-work-1.pdf")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := upload(ctx, d, c, "good.pdf", "Good", bytes.NewReader(good))
	if err != nil {
		t.Fatal(err)
	}
	if doc = final(ctx, t, d, doc.ID); doc.State != pact.DocumentRead {
		t.Errorf("a good file is %s: %s", doc.State, doc.Reason)
	}
}

// named uploads a bad file and wants a named state with a reason, within the limits.
func named(ctx context.Context, t *testing.T, d *demo.Demo, c *demo.Client, name string, body []byte) {
	t.Helper()
	before := peak(t, d)
	doc, err := upload(ctx, d, c, name, name, bytes.NewReader(body))
	if err != nil {
		if s := refusal(err); s < 400 || s >= 500 {
			t.Errorf("%s is answered with %v", name, err)
		}
		return
	}
	doc = final(ctx, t, d, doc.ID)
	if doc.State == pact.DocumentRead || doc.Reason == "" {
		t.Errorf("%s is %s: %q", name, doc.State, doc.Reason)
	}
	if grown := peak(t, d) - before; grown > 256<<10 {
		t.Errorf("the server grew by %d KiB for %s", grown, name)
	}
}

// upload streams a file as the form does.
func upload(ctx context.Context, d *demo.Demo, c *demo.Client, name, title string, body io.Reader) (pact.Document, error) {
	return uploadAs(ctx, d, c, name, map[string]string{"title": title}, body)
}

// uploadAs brings a file with what the form says of it.
func uploadAs(ctx context.Context, d *demo.Demo, c *demo.Client, name string, fields map[string]string, body io.Reader) (pact.Document, error) {
	r, w := io.Pipe()
	form := multipart.NewWriter(w)
	go func() {
		var err error
		for key, value := range fields {
			err = errors.Join(err, form.WriteField(key, value))
		}
		if err == nil {
			var part io.Writer
			if part, err = form.CreateFormFile("file", name); err == nil {
				_, err = io.Copy(part, body)
			}
		}
		if err == nil {
			err = form.Close()
		}
		w.CloseWithError(err)
	}()
	var out struct {
		Document pact.Document `json:"document"`
	}
	err := c.Raw(ctx, http.MethodPost, d.Base+"/api/v1/contracts", r, form.FormDataContentType(), &out)
	_ = r.CloseWithError(io.ErrClosedPipe) // where the server answered before it had everything
	return out.Document, err
}

// final waits until a document is in a state that lasts.
func final(ctx context.Context, t *testing.T, d *demo.Demo, id pact.DocumentID) pact.Document {
	t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		doc := get[pact.Document](ctx, t, d.Admin, "/documents/"+string(id))
		if doc.State != pact.DocumentReceived && doc.State != pact.DocumentReading {
			return doc
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the document is still %s after %d attempts: %v", doc.State, doc.Attempts, ctx.Err())
		case <-tick.C:
		}
	}
}

func raw(ctx context.Context, t *testing.T, d *demo.Demo, path string) []byte {
	t.Helper()
	var out rawJSON
	if err := d.Admin.Do(ctx, http.MethodGet, path, nil, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

type rawJSON []byte

func (r *rawJSON) UnmarshalJSON(b []byte) error { *r = append((*r)[:0], b...); return nil }

// peak is the most memory the server ever had, in KiB.
func peak(t *testing.T, d *demo.Demo) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", d.PID()))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "VmHWM:" {
			n, err := strconv.Atoi(f[1])
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatal("the process has no VmHWM")
	return 0
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// docx wraps a main part as a word processor would.
func docx(t *testing.T, main func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	part := func(name string, write func(io.Writer) error) {
		w, err := z.Create(name)
		if err == nil {
			err = write(w)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	text := func(s string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
	}
	part("[Content_Types].xml", text(`<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`))
	part("_rels/.rels", text(`<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`))
	part("word/document.xml", main)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// circle is a PDF whose page tree is its own child.
func circle() []byte {
	var b bytes.Buffer
	var at []int
	b.WriteString("%PDF-1.7\n")
	for i, o := range []string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1000000 >>", "<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 1000000 >>"} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}

type canary struct {
	addr string
	hits atomic.Int64
}

// listen waits for a connection that nobody should make.
func listen(ctx context.Context, t *testing.T) *canary {
	t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	c := &canary{addr: l.Addr().String()}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			c.hits.Add(1)
			_ = conn.Close()
		}
	}()
	return c
}
