package formats_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/document/documenttest"
	"github.com/pactloop/pactloop/internal/document/formats"
	"github.com/pactloop/pactloop/internal/pact"
)

func all() []document.Reader {
	return formats.All(formats.Config{CacheDir: filepath.Join(os.TempDir(), "pactloop-test-cache")})
}

func TestAFileIsRecognisedByItsContentAndNotByItsName(t *testing.T) {
	t.Parallel()
	readers := all()
	for name, want := range map[string]string{"contract.pdf": "pdf", "contract.docx": "docx", "contract.txt": "plain"} {
		if got := formats.Detect(readers, documenttest.Files()[name], "misleading.exe").Name(); got != want {
			t.Errorf("%s is read by %s", name, got)
		}
	}
}

func TestEveryFileIsReadOrNamed(t *testing.T) {
	t.Parallel()
	readers := all()
	for name, file := range documenttest.Files() {
		d, err := formats.Read(t.Context(), readers, file, name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		documenttest.Check(t, d)
	}
	_, err := formats.Read(t.Context(), readers, nil, "empty.pdf")
	documenttest.WantState(t, err, pact.DocumentDamaged)
}

type failing struct{}

func (failing) Name() string                { return "failing" }
func (failing) Version() string             { return "1" }
func (failing) Accepts([]byte, string) bool { return true }

func (failing) Read(context.Context, []byte) (*document.Document, error) { panic("a reader's mistake") }

func TestAReaderThatPanicsSetsTheFileAside(t *testing.T) {
	t.Parallel()
	_, err := formats.Read(t.Context(), []document.Reader{failing{}}, []byte("x"), "x")
	documenttest.WantState(t, err, pact.DocumentQuarantined)
}
