package sandbox_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/sandbox"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// The test binary is its own worker: with "parse-worker" it is the real one, with "hostile-worker" its reader does what a
// hostile file might make a parser do.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		var err error
		switch os.Args[1] {
		case "parse-worker":
			err = sandbox.Main(context.Background(), os.Stdin, os.Stdout)
		case "hostile-worker":
			err = sandbox.Serve(context.Background(), func(s sandbox.Settings, _ document.Recogniser) []document.Reader {
				return []document.Reader{hostile{s}}
			}, os.Stdin, os.Stdout)
		default:
			os.Exit(m.Run())
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// hostile does what the file says.
type hostile struct{ settings sandbox.Settings }

func (hostile) Name() string                { return "hostile" }
func (hostile) Version() string             { return "1" }
func (hostile) Accepts([]byte, string) bool { return true }

func (h hostile) Read(_ context.Context, file []byte) (*document.Document, error) {
	switch verb, rest, _ := strings.Cut(string(file), " "); verb {
	case "loop":
		for { //nolint:staticcheck // a parser that never ends is what is tested
		}
	case "sleep":
		select {}
	case "wait": // for somebody who opens the other end of the pipe; it computes nothing
		pipe, err := os.Open(rest)
		if err != nil {
			return nil, err
		}
		_ = pipe.Close()
	case "eat":
		var kept [][]byte
		for {
			b := make([]byte, 8<<20)
			for i := range b {
				b[i] = byte(i)
			}
			kept = append(kept, b)
			if len(kept) > 1000 {
				return nil, errors.New("was not stopped")
			}
		}
	case "exit":
		os.Exit(3)
	case "panic":
		panic("a reader's mistake")
	case "once": // dies at the first attempt, and leaves a note
		if _, err := os.Stat(rest); err != nil {
			_ = os.WriteFile(rest, nil, 0o600)
			os.Exit(4)
		}
	case "limits":
		var b document.Builder
		b.Start(document.Block{Kind: document.Paragraph})
		b.Write(fmt.Sprintf("%d bytes, %s", h.settings.Memory, h.settings.Limit))
		return b.Document(file, "hostile/1"), nil
	case "env":
		var b document.Builder
		b.Start(document.Block{Kind: document.Paragraph})
		b.Write(fmt.Sprintf("%d variables", len(os.Environ())))
		return b.Document(file, "hostile/1"), nil
	}
	var b document.Builder
	b.Start(document.Block{Kind: document.Paragraph})
	b.Write(fmt.Sprintf("pid %d", os.Getpid()))
	return b.Document(file, "hostile/1"), nil
}

func pool(t *testing.T, command string, change func(*sandbox.Config)) *sandbox.Pool {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := sandbox.Config{Executable: exe, Args: []string{command}, Workers: 1, CacheDir: cacheDir(t)}
	if change != nil {
		change(&c)
	}
	p, err := sandbox.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func cacheDir(t *testing.T) string {
	t.Helper()
	return filepath.Join(os.TempDir(), "pactloop-test-cache")
}

// The workers live in another folder than the product, whose data folder is "data" unless a setting says otherwise.
func TestACacheFolderNamedFromHereIsHere(t *testing.T) {
	t.Chdir(t.TempDir())
	p := pool(t, "parse-worker", func(c *sandbox.Config) { c.CacheDir = filepath.Join("data", "cache") })
	if _, err := p.Read(t.Context(), documenttest.PDF(documenttest.Page("A contract.")), "a.pdf"); err != nil {
		t.Fatal(err)
	}
	if kept, err := os.ReadDir(filepath.Join("data", "cache")); err != nil || len(kept) == 0 {
		t.Errorf("nothing was kept in the cache: %v", err)
	}
}

func TestAFileThatLoopsIsStoppedAndTheNextOneIsRead(t *testing.T) {
	t.Parallel()
	p := pool(t, "hostile-worker", func(c *sandbox.Config) { c.Limit = 300 * time.Millisecond })
	_, err := p.Read(t.Context(), []byte("loop"), "loop.pdf")
	documenttest.WantState(t, err, pact.DocumentQuarantined)
	if _, err := p.Read(t.Context(), []byte("fine"), "fine.pdf"); err != nil {
		t.Errorf("the file after it: %v", err)
	}
}

func TestAFileThatWaitsForEverIsStopped(t *testing.T) {
	t.Parallel()
	p := pool(t, "hostile-worker", func(c *sandbox.Config) { c.Limit = 100 * time.Millisecond })
	_, err := p.Read(t.Context(), []byte("sleep"), "sleep.pdf")
	documenttest.WantState(t, err, pact.DocumentQuarantined)
	if !strings.Contains(err.Error(), "longer than 100ms") {
		t.Errorf("got %v", err)
	}
}

// A machine that does much else lets a file wait for its turn; only what it computes counts.
func TestAFileThatWaitsLongerThanItsProcessorTimeIsRead(t *testing.T) {
	t.Parallel()
	const limit = 2 * time.Second
	p := pool(t, "hostile-worker", func(c *sandbox.Config) { c.Limit = limit })
	if _, err := p.Read(t.Context(), []byte("fine"), "fine.pdf"); err != nil { // the worker is up
		t.Fatal(err)
	}
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(limit+time.Second, func() {
		if f, err := os.OpenFile(pipe, os.O_WRONLY, 0); err == nil {
			_ = f.Close()
		}
	})
	if _, err := p.Read(t.Context(), []byte("wait "+pipe), "x.pdf"); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestAFileThatEatsMemoryIsStopped(t *testing.T) {
	t.Parallel()
	p := pool(t, "hostile-worker", func(c *sandbox.Config) { c.Memory = 128 << 20 })
	_, err := p.Read(t.Context(), []byte("eat"), "eat.pdf")
	documenttest.WantState(t, err, pact.DocumentQuarantined)
	if _, err := p.Read(t.Context(), []byte("fine"), "fine.pdf"); err != nil {
		t.Errorf("the file after it: %v", err)
	}
}

func TestAFileOnWhichTheWorkerDiesTwiceIsQuarantined(t *testing.T) {
	t.Parallel()
	p := pool(t, "hostile-worker", nil)
	for _, verb := range []string{"exit", "panic"} {
		_, err := p.Read(t.Context(), []byte(verb), verb)
		documenttest.WantState(t, err, pact.DocumentQuarantined)
	}
}

func TestAFileOnWhichTheWorkerDiesOnceIsRead(t *testing.T) {
	t.Parallel()
	p := pool(t, "hostile-worker", nil)
	note := filepath.Join(t.TempDir(), "note")
	if _, err := p.Read(t.Context(), []byte("once "+note), "x"); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestWhoAsksForOneWorkerIsToldOfItsDeath(t *testing.T) {
	t.Parallel()
	p := pool(t, "hostile-worker", func(c *sandbox.Config) { c.Tries = 1 })
	note := filepath.Join(t.TempDir(), "note")
	_, err := p.Read(t.Context(), []byte("once "+note), "x")
	var named *document.Error
	if !errors.As(err, &named) || !named.Died || named.State.State != pact.DocumentQuarantined {
		t.Fatalf("got %v, want the death of the worker", err)
	}
	if _, err := p.Read(t.Context(), []byte("once "+note), "x"); err != nil {
		t.Errorf("asked again: %v", err)
	}
}

func TestTheWorkerHasNoEnvironmentAndIsReplaced(t *testing.T) {
	t.Parallel()
	p := pool(t, "hostile-worker", func(c *sandbox.Config) { c.RecycleAfter = 2 })
	d, err := p.Read(t.Context(), []byte("env"), "x")
	if err != nil || d.Text != "0 variables" {
		t.Fatalf("got %v, %v", d, err)
	}
	pids := map[string]bool{}
	for range 5 {
		d, err := p.Read(t.Context(), []byte("pid"), "x")
		if err != nil {
			t.Fatal(err)
		}
		pids[d.Text] = true
	}
	if len(pids) < 3 {
		t.Errorf("5 files were read by %d workers, and each may read 2", len(pids))
	}
}

func TestProgramsThatAReaderRunsAreToldTheLimitsOfTheirWorker(t *testing.T) {
	t.Parallel()
	p := pool(t, "hostile-worker", func(c *sandbox.Config) { c.Memory, c.Limit = 300<<20, 7*time.Minute })
	d, err := p.Read(t.Context(), []byte("limits"), "x")
	if err != nil || d.Text != "314572800 bytes, 7m0s" {
		t.Fatalf("got %v, %v", d, err)
	}
}

func TestALargeFileIsRefusedBeforeItIsSent(t *testing.T) {
	t.Parallel()
	p := pool(t, "no-such-command", nil)
	documenttest.WantState(t, p.CheckSize(200<<20), pact.DocumentRejected)
	_, err := p.Read(t.Context(), make([]byte, 101<<20), "large.pdf")
	documenttest.WantState(t, err, pact.DocumentRejected)
	_, err = p.Read(t.Context(), nil, "empty.pdf")
	documenttest.WantState(t, err, pact.DocumentDamaged)
}

func TestTheEndOfTheContextEndsTheReading(t *testing.T) {
	t.Parallel()
	p := pool(t, "hostile-worker", nil)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err := p.Read(ctx, []byte("loop"), "x")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestAClosedPoolSaysSo(t *testing.T) {
	t.Parallel()
	p := pool(t, "hostile-worker", nil)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Read(t.Context(), []byte("x"), "x"); !errors.Is(err, sandbox.ErrClosed) {
		t.Errorf("got %v", err)
	}
}

func TestTheRealWorkerReadsEveryFormat(t *testing.T) {
	t.Parallel()
	p := pool(t, "parse-worker", nil)
	for name, file := range documenttest.Files() {
		d, err := p.Read(t.Context(), file, name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		documenttest.Check(t, d)
	}
}

// slowly recognises a fixed word after the others were sent, and tells what it was asked.
type slowly struct {
	asked atomic.Int32
	err   error
}

func (s *slowly) Recognise(ctx context.Context, p document.Picture) (document.Recognised, error) {
	s.asked.Add(1)
	if s.err != nil {
		return document.Recognised{}, s.err
	}
	select {
	case <-time.After(50 * time.Millisecond):
	case <-ctx.Done():
		return document.Recognised{}, ctx.Err()
	}
	return document.Recognised{Engine: "test/1", Words: []document.SeenWord{
		{Text: "Agreement", Box: pact.Box{Left: 200, Top: 200, Right: 500, Bottom: 240}, Confidence: 0.95},
		{Text: fmt.Sprintf("page%d", p.Page), Box: pact.Box{Left: 520, Top: 200, Right: 700, Bottom: 240}, Confidence: 0.3},
	}}, nil
}

// scanOf is a file whose pages are one picture each.
func scanOf(pages int) []byte {
	contents := make([]string, pages)
	for i := range contents {
		contents[i] = "q 612 0 0 792 0 0 cm BI /W 4 /H 4 /CS /G /BPC 8 ID \xfe\xfe\xfe\xfe\xfe\x01\xfe\xfe\xfe\xfe\xfe\xfe\xfe\xfe\xfe\xfe EI Q"
	}
	return documenttest.PDF(contents...)
}

func TestPicturesAreRecognisedOutsideTheWorkerWhichCanStartNothing(t *testing.T) {
	t.Parallel()
	engine := &slowly{}
	p := pool(t, "parse-worker", func(c *sandbox.Config) { c.Recogniser = engine })
	var mu sync.Mutex
	var told []document.Progress
	ctx := document.WithProgress(t.Context(), func(p document.Progress) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, p)
	})
	d, err := p.Read(ctx, scanOf(3), "scan.pdf")
	if err != nil {
		t.Fatal(err)
	}
	documenttest.Check(t, d)
	for i := range 3 {
		if want := fmt.Sprintf("page%d", i+1); !strings.Contains(d.Text, want) {
			t.Errorf("%q is not in %q", want, d.Text)
		}
	}
	if !strings.HasSuffix(d.Reader, "+test/1") || d.TextID != document.MakeTextID(d.Hash, d.Reader) {
		t.Errorf("the reading does not name the engine: %s", d.Reader)
	}
	at := strings.Index(d.Text, "page2")
	if !d.Unsure(at, at+5) || d.Unsure(0, 9) {
		t.Error("what was recognised with low confidence is not told from the rest")
	}
	mu.Lock()
	defer mu.Unlock()
	if len(told) < 3 || told[0].Total != 3 {
		t.Errorf("progress %v", told)
	}
}

func TestPicturesOfPagesAreMadeWithoutRecognisingThem(t *testing.T) {
	t.Parallel()
	engine := &slowly{}
	p := pool(t, "parse-worker", func(c *sandbox.Config) { c.Recogniser, c.Workers = engine, 1 })
	images, err := p.Images(t.Context(), scanOf(4), "scan.pdf", []int{2, 4})
	if err != nil || len(images) != 2 || images[0].Page != 2 || images[1].Page != 4 {
		t.Fatalf("%d pictures, %v", len(images), err)
	}
	made, err := png.Decode(bytes.NewReader(images[1].PNG))
	if err != nil || made.Bounds().Dx() != images[1].Width || made.Bounds().Dy() != 1568 || images[1].Height != 1568 {
		t.Fatalf("%v, %v, said to be %d by %d", made.Bounds(), err, images[1].Width, images[1].Height)
	}
	if dark, _, _, _ := made.At(images[1].Width*3/8, 1568*3/8).RGBA(); dark > 0x8000 {
		t.Error("the dark spot of the page is not on its picture")
	}
	if engine.asked.Load() != 0 {
		t.Error("something was recognised")
	}
	for name, file := range map[string][]byte{"a text": documenttest.Files()["contract.pdf"], "none": []byte("%PDF-1.7 broken")} {
		if images, err := p.Images(t.Context(), file, "x.pdf", []int{1}); err != nil || len(images) != 0 {
			t.Errorf("%s: %d pictures, %v", name, len(images), err)
		}
	}
	if _, err := p.Read(t.Context(), scanOf(1), "scan.pdf"); err != nil || engine.asked.Load() == 0 {
		t.Errorf("the worker reads no more: %v", err)
	}
}

func TestAScanWaitsForAServiceThatIsAwayAndNeedsOCRWhereNothingIsSetUp(t *testing.T) {
	t.Parallel()
	away := pool(t, "parse-worker", func(c *sandbox.Config) {
		c.Recogniser = &slowly{err: fault.New(fault.Unavailable, "The service does not answer.")}
	})
	if _, err := away.Read(t.Context(), scanOf(2), "scan.pdf"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v", err)
	}
	if _, err := away.Read(t.Context(), documenttest.Files()["contract.pdf"], "contract.pdf"); err != nil {
		t.Errorf("a file with text after it: %v", err)
	}
	for _, file := range map[string][]byte{"a scan": scanOf(1), "a picture": []byte("\xff\xd8\xff\xe0 no picture")} {
		_, err := pool(t, "parse-worker", nil).Read(t.Context(), file, "scan")
		var e *document.Error
		if !errors.As(err, &e) || e.State.State != pact.DocumentNeedsOCR && e.State.State != pact.DocumentDamaged {
			t.Errorf("got %v", err)
		}
	}
	_, err := pool(t, "parse-worker", nil).Read(t.Context(), scanOf(1), "scan.pdf")
	documenttest.WantState(t, err, pact.DocumentNeedsOCR)
	if err == nil || !strings.Contains(err.Error(), "apt-get install tesseract-ocr") {
		t.Errorf("the way forward is missing: %v", err)
	}
}

// imagePage is a page that shows one image, given as a stream object.
func imagePage(image string) []byte {
	return documenttest.PDFObjects("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /XObject << /Im 5 0 R >> >> >>",
		documenttest.Stream("", "q 612 0 0 792 0 0 cm /Im Do Q"), image)
}

func TestHostilePicturesEndInAStateAndTheNextScanIsRead(t *testing.T) {
	t.Parallel()
	const image = "/Type /XObject /Subtype /Image /BitsPerComponent 1 /ColorSpace /DeviceGray "
	var zeros bytes.Buffer
	z := zlib.NewWriter(&zeros)
	for range 50_000 * 50_000 / 8 >> 20 {
		if _, err := z.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	p := pool(t, "parse-worker", func(c *sandbox.Config) { c.Recogniser, c.Limit, c.Memory = &slowly{}, 20*time.Second, 768<<20 })
	for name, file := range map[string][]byte{
		"an image of 50,000 by 50,000 points": imagePage(documenttest.Stream(image+"/Width 50000 /Height 50000 /Filter /FlateDecode", zeros.String())),
		"more pictures than are recognised":   scanOf(600),
		"JBIG2 that is none":                  imagePage(documenttest.Stream(image+"/Width 2000 /Height 2000 /Filter /JBIG2Decode", strings.Repeat("\x00\x01\xff", 900))),
		"JPEG 2000 that is none":              imagePage(documenttest.Stream(image+"/Width 2000 /Height 2000 /Filter /JPXDecode", "\x00\x00\x00\x0cjP  \r\n\x87\n"+strings.Repeat("\xff\x4f\xff\x51", 99))),
		"fax that is none":                    imagePage(documenttest.Stream(image+"/Width 60000 /Height 60000 /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 60000 >>", strings.Repeat("\x26\xa0", 99))),
		"a page of one by a million points":   documenttest.PDFObjects("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1 1000000] /Contents 4 0 R /Resources << /XObject << /Im 5 0 R >> >> >>", documenttest.Stream("", "q 1 0 0 1000000 0 0 cm /Im Do Q"), documenttest.Stream(image+"/Width 8 /Height 1", "\x55")),
	} {
		started := time.Now()
		d, err := p.Read(t.Context(), file, name)
		var e *document.Error
		switch {
		case err == nil:
			documenttest.Check(t, d)
			t.Logf("%s: read, %q", name, d.Warnings)
		case !errors.As(err, &e):
			t.Errorf("%s: an error without a state: %v", name, err)
		default:
			t.Logf("%s: %v after %s", name, err, time.Since(started))
		}
	}
	if _, err := p.Read(t.Context(), scanOf(1), "scan.pdf"); err != nil {
		t.Errorf("the scan after them: %v", err)
	}
}

// deflated is a stream that unpacks to so many megabytes.
func deflated(t *testing.T, text string, megabytes int) string {
	t.Helper()
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	chunk := []byte(strings.Repeat(text, 1<<20/len(text)))
	for range megabytes {
		if _, err := z.Write(chunk); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return documenttest.Stream("/Filter /FlateDecode", b.String())
}

func TestHostileFilesNeverStallTheServer(t *testing.T) {
	t.Parallel()
	const head, pages = "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
	page := func(more string) string {
		return "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R " + more + " >>"
	}
	font := "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> /XObject << /X 5 0 R >> >>"
	p := pool(t, "parse-worker", func(c *sandbox.Config) { c.Limit, c.Memory = 3*time.Second, 300<<20 })
	for name, file := range map[string][]byte{
		"a form that draws itself":         documenttest.PDFObjects(head, pages, page(font), documenttest.Stream("", "/X Do"), documenttest.Stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9] "+font, "/X Do /X Do")),
		"a page tree that holds itself":    documenttest.PDFObjects(head, "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 100000 >>"),
		"a million pages that are not":     documenttest.PDFObjects(head, "<< /Type /Pages /Kids [3 0 R] /Count 1000000 >>", page("")),
		"a page of 20,000 inches":          documenttest.PDFObjects(head, pages, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1440000 1440000] /Contents 4 0 R "+font+" >>", documenttest.Stream("", "BT /F1 20 Tf 72 72 Td (A small word.) Tj ET"), documenttest.Stream("", "")),
		"a stream of a gigabyte":           documenttest.PDFObjects(head, pages, page(font), deflated(t, "q 1 0 0 1 0 0 cm Q\n", 400), documenttest.Stream("", "")),
		"a million letters":                documenttest.PDFObjects(head, pages, page(font), deflated(t, "BT /F1 9 Tf 9 9 Td (word word word) Tj ET\n", 10), documenttest.Stream("", "")),
		"deep arrays":                      documenttest.PDFObjects(head, pages, page("/A "+strings.Repeat("[", 100_000)), documenttest.Stream("", "")),
		"a text of many brackets":          []byte(strings.Repeat("((((((1.1.1.1.1.1", 200_000)),
		"a thin archive":                   documenttest.Archive([][2]string{{"word/document.xml", "<w:document><w:body><w:p><w:r><w:t>" + strings.Repeat("a", 60<<20)}}),
		"a page of deep tables":            []byte("<html>" + strings.Repeat("<table><tr><td>a<td>", 20_000)),
		"a page of open letters":           []byte("<html>" + strings.Repeat("<b id=1><i id=2><u id=3>", 120) + strings.Repeat("<p>a", 20_000)),
		"a mail of many parts":             []byte("From: a@b.c\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n" + strings.Repeat("--x\nContent-Disposition: attachment; filename=a.pdf\n\n%PDF-\n", 30_000)),
		"a message without an end":         documenttest.MSG("x", strings.Repeat("words ", 2000))[:9000],
		"a document with a foreign entity": documenttest.Archive([][2]string{{"word/document.xml", `<!DOCTYPE a [<!ENTITY b SYSTEM "http://127.0.0.1:1/">]><a>&b;</a>`}}),
	} {
		started := time.Now()
		d, err := p.Read(t.Context(), file, name)
		var e *document.Error
		switch {
		case err == nil:
			documenttest.Check(t, d)
		case !errors.As(err, &e):
			t.Errorf("%s: an error without a state: %v", name, err)
		default:
			t.Logf("%s: %v", name, err)
		}
		if took := time.Since(started); took > 3*time.Minute {
			t.Errorf("%s took %s", name, took)
		}
	}
	if _, err := p.Read(t.Context(), documenttest.Files()["contract.pdf"], "contract.pdf"); err != nil {
		t.Errorf("the contract after them: %v", err)
	}
}
