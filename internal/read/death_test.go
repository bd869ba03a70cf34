package read_test

import (
	"context"
	"errors"
	"testing"

	"github.com/riverqueue/river"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/job"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store/sqlstore"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

// The reader of a file died. The file is read once more, later, so that the others go on meanwhile; a second death sets it
// aside.
func TestAFileWhoseReaderDiedIsReadOnceMoreLater(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		deaths int
		want   pact.DocumentState
	}{"another file did it": {1, pact.DocumentRead}, "the file did it": {2, pact.DocumentQuarantined}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *sqlstore.Store) {
				runs := 0
				r, doc := waiting(t, s, func(context.Context) (*document.Document, error) {
					if runs++; runs <= c.deaths {
						died := document.Failed(pact.DocumentQuarantined, "The reader died.")
						died.Died = true
						return nil, died
					}
					return recognised(0.9), nil
				})
				var later *river.JobSnoozeError
				if err := r.ReadDocument(storetest.System(t), job.ReadDocument{DocumentID: doc.ID}); !errors.As(err, &later) {
					t.Fatalf("after the first death: %v, want a later try", err)
				}
				if d := document1(t, s); d.State != pact.DocumentReading || d.Attempts != 1 || d.Progress == "" {
					t.Errorf("after the first death the document is %s with %d attempts: %q", d.State, d.Attempts, d.Progress)
				}
				if err := r.ReadDocument(storetest.System(t), job.ReadDocument{DocumentID: doc.ID}); err != nil {
					t.Fatal(err)
				}
				if d := document1(t, s); d.State != c.want || d.Attempts != 2 || d.Progress != "" {
					t.Errorf("after %d deaths the document is %s with %d attempts (%s), want %s", c.deaths, d.State, d.Attempts, d.Reason, c.want)
				}
			})
		})
	}
}
