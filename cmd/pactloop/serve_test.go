package main

import (
	"bytes"
	"net"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/fault"
)

// A first start on a port that is taken says what to do, and makes no password that is shown once: the next start does.
func TestAPortThatIsTakenIsNamedWithWhatToDo(t *testing.T) {
	t.Parallel()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c := root()
	var out bytes.Buffer
	c.SetOut(&out)
	c.SetArgs([]string{"serve", "--data", t.TempDir(), "--address", l.Addr().String(), "--ocr", "none", "--log-level", "error"})
	err = c.ExecuteContext(t.Context())
	if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "The address "+l.Addr().String()+" is taken by another program") || !strings.Contains(err.Error(), "--address") {
		t.Errorf("it ends with %v", err)
	}
	if said := out.String(); said != "" {
		t.Errorf("it says %q", said)
	}
}
