package read

import (
	"context"
	"fmt"
	"time"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

// progressEvery keeps the pages of a fast recognition from becoming a write each.
const progressEvery = time.Second

// progress gives a context under which the reading tells how far it is, and shows that at the document until stop. What is
// shown is no fact of the contract: it is not in the trail, and losing it is harmless.
func (r *Reader) progress(ctx context.Context, id pact.DocumentID) (watched context.Context, stop func()) {
	latest := make(chan document.Progress, 1)
	watched = document.WithProgress(ctx, func(p document.Progress) {
		for {
			select {
			case latest <- p:
				return
			default:
			}
			select {
			case <-latest: // older
			default:
			}
		}
	})
	showing, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-showing.Done():
				return
			case p := <-latest:
				if err := r.show(showing, id, p); err != nil && showing.Err() == nil {
					r.Log.WarnContext(ctx, "showing how far a reading is", "document", id, "error", err)
				}
			}
			pause := time.NewTimer(progressEvery)
			select {
			case <-showing.Done():
				pause.Stop()
				return
			case <-pause.C:
			}
		}
	}()
	return watched, func() { cancel(); <-done }
}

func (r *Reader) show(ctx context.Context, id pact.DocumentID, p document.Progress) error {
	return r.Store.Change(ctx, store.Act{Name: "document.progress", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		now, err := tx.Documents.Lock(ctx, string(id))
		if err != nil || now.State != pact.DocumentReading {
			return err
		}
		now.Progress = fmt.Sprintf("page %d of %d", min(p.Done+1, p.Total), p.Total)
		return tx.Documents.Update(ctx, &now)
	})
}

// await notes that a document waits for the recognition service. The attempt does not count: it was not the document's fault.
func (r *Reader) await(ctx context.Context, id pact.DocumentID) error {
	return r.Store.Change(ctx, store.Act{Name: "document.wait", Subject: string(id)}, func(ctx context.Context, tx store.Tx) error {
		now, err := tx.Documents.Lock(ctx, string(id))
		if err != nil || now.State != pact.DocumentReading {
			return err
		}
		now.Attempts, now.Progress = max(0, now.Attempts-1), "waiting for the text recognition service"
		return tx.Documents.Update(ctx, &now)
	})
}
